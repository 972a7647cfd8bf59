package serve_test

import (
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ses"
	"github.com/aws/aws-sdk-go-v2/service/ses/types"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
)

// TestPeers checks what was wrong here and right in the tests of other stand-ins for SES.
func TestPeers(t *testing.T) {
	r := start(t, scenario)
	client, ctx := r.v1Client("big"), t.Context()
	template := &types.Template{TemplateName: aws.String("hello"), SubjectPart: aws.String("Hi"), TextPart: aws.String("Dear {{name}}")}
	if _, err := client.CreateTemplate(ctx, &ses.CreateTemplateInput{Template: template}); err != nil {
		t.Fatal(err)
	}
	newSet := func() error {
		_, err := client.CreateConfigurationSet(ctx, &ses.CreateConfigurationSetInput{ConfigurationSet: &types.ConfigurationSet{Name: aws.String("news")}})
		return err
	}
	if err := newSet(); err != nil {
		t.Fatal(err)
	}
	const missing = "Attribute 'name' is not present in the rendering data."
	for _, c := range []struct {
		name, code, text string
		call             func() error
	}{
		{"a set twice", "ConfigurationSetAlreadyExists", "Configuration set <news> already exists.", newSet},
		{"a template twice", "AlreadyExists", "Template hello already exists.", func() error {
			_, err := client.CreateTemplate(ctx, &ses.CreateTemplateInput{Template: template})
			return err
		}},
		{"a topic of no identity", "InvalidParameterValue", "Identity none.example is invalid. Must be a verified email address or domain.", func() error {
			_, err := client.SetIdentityNotificationTopic(ctx, &ses.SetIdentityNotificationTopicInput{
				Identity: aws.String("none.example"), NotificationType: types.NotificationTypeBounce,
			})
			return err
		}},
		{"a missing attribute, version 1", "MissingRenderingAttribute", missing, func() error {
			_, err := client.TestRenderTemplate(ctx, &ses.TestRenderTemplateInput{TemplateName: template.TemplateName, TemplateData: aws.String("{}")})
			return err
		}},
		{"a missing attribute, version 2", "BadRequestException", missing, func() error {
			_, err := r.v2("big").TestRenderEmailTemplate(ctx, &sesv2.TestRenderEmailTemplateInput{
				TemplateName: template.TemplateName, TemplateData: aws.String("{}"),
			})
			return err
		}},
	} {
		var refused apiError
		if err := c.call(); !errors.As(err, &refused) || refused.ErrorCode() != c.code || refused.ErrorMessage() != c.text {
			t.Errorf("%s: %v, want %s: %s", c.name, err, c.code, c.text)
		}
	}
}
