package v2

import (
	"context"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/google/go-cmp/cmp"

	"sesim/cmd/internal/serve/api"
	"sesim/cmd/internal/serve/wire"
	"sesim/cmd/internal/serve/wiretest"
)

// server is the format in front of a recording Backend, and the SDK's client for it.
type server struct {
	backend wiretest.Backend
	notices wire.Notices
	told    []string
	url     string
	client  *sesv2.Client
}

func serve(t testing.TB) *server {
	s := &server{}
	s.notices.Tell = func(text string) { s.told = append(s.told, text) }
	service := &Service{Backend: &s.backend, Notices: &s.notices}
	listener := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := make([]byte, max(0, r.ContentLength))
		if len(body) > 0 {
			if _, err := r.Body.Read(body); err != nil && err.Error() != "EOF" {
				t.Error(err)
			}
		}
		service.Serve(w, r, body, api.Caller{RequestID: "id-of-the-request"})
	}))
	t.Cleanup(listener.Close)
	s.url = listener.URL
	s.client = sesv2.New(sesv2.Options{
		Region: "us-east-1", BaseEndpoint: aws.String(listener.URL), RetryMaxAttempts: 1,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "acme", SecretAccessKey: "secret"}, nil
		}),
	})
	return s
}

// leftIn are the fields of the SDK's inputs that are ignored, and why.
var leftIn = map[string][]string{
	// Validation of addresses before they are mailed is out of the model.
	"PutAccountSuppressionAttributes":       {".ValidationAttributes"},
	"PutConfigurationSetSuppressionOptions": {".SuppressionScope", ".ValidationOptions"},
	"CreateConfigurationSet": {
		".SuppressionOptions.SuppressionScope", ".SuppressionOptions.ValidationOptions", // tenants have a scope
		".ArchivingOptions", // and MessageSecurityOptions, a union: mail has no content
	},
	"ListEmailIdentities":        {".Filter"},
	"ListConfigurationSets":      {".Filter"},
	"PutSuppressedDestination":   {".TenantName"}, // refused; see TestTenant
	"GetSuppressedDestination":   {".TenantName"},
	"ListSuppressedDestinations": {".TenantName"},
	"DeleteSuppressedDestination": {
		".TenantName",
	},
}

// leftOut are the fields of the SDK's outputs that are never there, and why.
var leftOut = map[string][]string{
	"GetAccount": {
		".PricingAttributes", ".VdmAttributes", ".SuppressionAttributes.ValidationAttributes", // out of the model
	},
	"GetEmailIdentity":                      {".VerificationInfo", ".DkimAttributes.SigningHostedZone"},
	"CreateEmailIdentity":                   {".DkimAttributes.SigningHostedZone"},
	"PutEmailIdentityDkimSigningAttributes": {".SigningHostedZone"},
	"GetConfigurationSet": {
		".ArchivingOptions", ".SuppressionOptions.SuppressionScope", ".SuppressionOptions.ValidationOptions",
	},
	"GetSuppressedDestination": {".SuppressedDestination.TenantName"},
	"GetImportJob":             {".FailureInfo.FailedRecordsS3Url"},
}

// outputs are the outputs of the operations that have one.
func outputs() map[string]any {
	return map[string]any{
		"GetAccount":                            &api.GetAccountOutput{},
		"GetSuppressedDestination":              &api.GetSuppressedDestinationOutput{},
		"ListSuppressedDestinations":            &api.ListSuppressedDestinationsOutput{},
		"CreateEmailIdentity":                   &api.CreateEmailIdentityOutput{},
		"GetEmailIdentity":                      &api.GetEmailIdentityOutput{},
		"ListEmailIdentities":                   &api.ListEmailIdentitiesOutput{},
		"PutEmailIdentityDkimSigningAttributes": &api.PutEmailIdentityDkimSigningAttributesOutput{},
		"GetConfigurationSet":                   &api.GetConfigurationSetOutput{},
		"ListConfigurationSets":                 &api.ListConfigurationSetsOutput{},
		"GetConfigurationSetEventDestinations":  &api.GetConfigurationSetEventDestinationsOutput{},
		"GetEmailTemplate":                      &api.GetEmailTemplateOutput{},
		"ListEmailTemplates":                    &api.ListEmailTemplatesOutput{},
		"TestRenderEmailTemplate":               &api.TestRenderEmailTemplateOutput{},
		"CreateImportJob":                       &api.CreateImportJobOutput{},
		"GetImportJob":                          &api.GetImportJobOutput{},
		"ListImportJobs":                        &api.ListImportJobsOutput{},
		"ListTagsForResource":                   &api.ListTagsForResourceOutput{},
	}
}

// TestEveryField has the SDK's client call every operation with every field set, and
// compares what arrives; and the same for what is answered. A field that the SDK has and
// we do not is one of those left out.
func TestEveryField(t *testing.T) {
	for _, o := range operations {
		if o.name == "SendEmail" || o.name == "SendBulkEmail" {
			continue // have types of their own; see TestSend
		}
		t.Run(o.name, func(t *testing.T) {
			s := serve(t)
			method := reflect.ValueOf(s.client).MethodByName(o.name)
			if !method.IsValid() {
				t.Fatal("the SDK has no such operation")
			}
			input := reflect.New(method.Type().In(1).Elem())
			wiretest.Fill(input.Interface())
			if f := input.Elem().FieldByName("TenantName"); f.IsValid() {
				f.SetZero()
			}
			output := outputs()[o.name]
			if output != nil {
				wiretest.Fill(output)
				s.backend.Output = output
			}
			got := method.Call([]reflect.Value{reflect.ValueOf(context.Background()), input})
			if err := got[1].Interface(); err != nil {
				t.Fatal(err)
			}
			calls := s.backend.Take()
			if len(calls) != 1 || reflect.TypeOf(calls[0].Input).Elem().Name() != o.name {
				t.Fatalf("the calls are %v", calls)
			}
			want := wiretest.Leaves(input.Interface())
			absent := wiretest.Without(want, leftIn[o.name])
			if absent = slices.DeleteFunc(absent, func(p string) bool { return p == ".TenantName" }); len(absent) > 0 {
				t.Errorf("the SDK's input has no %v", absent)
			}
			if diff := cmp.Diff(want, wiretest.Leaves(calls[0].Input)); diff != "" {
				t.Errorf("input, - SDK, + ours:\n%s", diff)
			}
			answered := wiretest.Leaves(output)
			for leaf := range answered { // what only version 1 reads
				if strings.HasPrefix(leaf, ".Notifications") || leaf == ".VerificationToken" {
					delete(answered, leaf)
				}
			}
			if diff := cmp.Diff(answered, wiretest.Leaves(got[0].Interface())); diff != "" {
				t.Errorf("output, - ours, + SDK:\n%s", diff)
			}
			all := reflect.New(method.Type().Out(0).Elem())
			wiretest.Fill(all.Interface())
			every := wiretest.Leaves(all.Interface())
			if absent := wiretest.Without(every, leftOut[o.name]); len(absent) > 0 {
				t.Errorf("the SDK's output has no %v", absent)
			}
			for leaf := range every {
				if _, ok := answered[leaf]; !ok {
					t.Errorf("the output has no %s", leaf)
				}
			}
			for _, told := range s.told {
				field := told[strings.LastIndexByte(told, ' ')+1:]
				if field != "MessageSecurityOptions" && !slices.Contains(leftIn[o.name], "."+field) {
					t.Errorf("told: %s", told)
				}
			}
		})
	}
}
