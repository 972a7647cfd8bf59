package v1

import "sesim/cmd/internal/serve/api"

// Template is a template.
type Template struct {
	HtmlPart     string `xml:",omitempty"`
	SubjectPart  string `xml:",omitempty"`
	TemplateName string `must:"be"`
	TextPart     string `xml:",omitempty"`
}

func (t *Template) content() *api.EmailTemplateContent {
	return &api.EmailTemplateContent{Html: t.HtmlPart, Subject: t.SubjectPart, Text: t.TextPart}
}

// CreateTemplate stores a template.
type CreateTemplate struct {
	Template *Template `must:"be"`
}

func (a *CreateTemplate) do(c *call) (any, error) {
	return c.only(&api.CreateEmailTemplate{TemplateName: a.Template.TemplateName, TemplateContent: a.Template.content()})
}

// UpdateTemplate replaces a template.
type UpdateTemplate struct {
	Template *Template `must:"be"`
}

func (a *UpdateTemplate) do(c *call) (any, error) {
	return c.only(&api.UpdateEmailTemplate{TemplateName: a.Template.TemplateName, TemplateContent: a.Template.content()})
}

// GetTemplate reads a template.
type GetTemplate struct {
	TemplateName string `must:"be"`
}

func (a *GetTemplate) do(c *call) (any, error) {
	output, err := c.run(&api.GetEmailTemplate{TemplateName: a.TemplateName})
	if err != nil {
		return nil, err
	}
	t := output.(*api.GetEmailTemplateOutput)
	content := t.TemplateContent
	return struct{ Template Template }{Template{content.Html, content.Subject, t.TemplateName, content.Text}}, nil
}

// ListTemplates lists the templates.
type ListTemplates struct {
	MaxItems  int32
	NextToken string
}

type templateMetadata struct {
	CreatedTimestamp stamp
	Name             string
}

func (a *ListTemplates) do(c *call) (any, error) {
	output, err := c.run(&api.ListEmailTemplates{NextToken: a.NextToken, PageSize: a.MaxItems})
	if err != nil {
		return nil, err
	}
	page := output.(*api.ListEmailTemplatesOutput)
	result := struct {
		NextToken         string `xml:",omitempty"`
		TemplatesMetadata list[templateMetadata]
	}{NextToken: page.NextToken}
	for _, t := range page.TemplatesMetadata {
		result.TemplatesMetadata.Member = append(result.TemplatesMetadata.Member,
			templateMetadata{stamp(t.CreatedTimestamp.Time), t.TemplateName})
	}
	return result, nil
}

// DeleteTemplate deletes a template; it is no error if there is none.
type DeleteTemplate struct {
	TemplateName string `must:"be"`
}

func (a *DeleteTemplate) do(c *call) (any, error) {
	_, err := c.run(&api.DeleteEmailTemplate{TemplateName: a.TemplateName})
	if isMissing(err) {
		err = nil
	}
	return nil, err
}

// TestRenderTemplate renders a template.
type TestRenderTemplate struct {
	TemplateData string `must:"be"`
	TemplateName string `must:"be"`
}

func (a *TestRenderTemplate) do(c *call) (any, error) {
	output, err := c.run(&api.TestRenderEmailTemplate{TemplateName: a.TemplateName, TemplateData: a.TemplateData})
	if err != nil {
		return nil, err
	}
	return struct{ RenderedTemplate string }{output.(*api.TestRenderEmailTemplateOutput).RenderedTemplate}, nil
}
