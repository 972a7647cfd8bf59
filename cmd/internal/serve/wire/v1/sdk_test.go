package v1

import (
	"context"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sesv1 "github.com/aws/aws-sdk-go-v2/service/ses"
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
	form    url.Values // of the last call
	client  *sesv1.Client
}

func serve(t testing.TB) *server {
	s := &server{}
	s.notices.Tell = func(text string) { s.told = append(s.told, text) }
	service := &Service{Backend: &s.backend, Notices: &s.notices}
	listener := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		if s.form, err = url.ParseQuery(string(body)); err != nil {
			t.Error(err)
		}
		service.Serve(w, r, s.form, api.Caller{RequestID: "id-of-the-request"})
	}))
	t.Cleanup(listener.Close)
	s.url = listener.URL
	s.client = sesv1.New(sesv1.Options{
		Region: "us-east-1", BaseEndpoint: aws.String(listener.URL), RetryMaxAttempts: 1,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "acme", SecretAccessKey: "secret"}, nil
		}),
	})
	return s
}

// output returns an output of the Backend with every field set, for an input.
func output(input any) any {
	var o any
	switch input.(type) {
	case *api.Send:
		o = &api.Sent{}
	case *api.SendBulk:
		o = &api.SentBulk{}
	case *api.GetAccount:
		o = &api.GetAccountOutput{}
	case *api.GetSendStatistics:
		o = &api.GetSendStatisticsOutput{}
	case *api.VerifyIdentity:
		o = &api.VerifyIdentityOutput{}
	case *api.ListEmailIdentities:
		o = &api.ListEmailIdentitiesOutput{}
	case *api.GetEmailIdentity:
		o = &api.GetEmailIdentityOutput{}
	case *api.ListConfigurationSets:
		o = &api.ListConfigurationSetsOutput{}
	case *api.GetConfigurationSet:
		o = &api.GetConfigurationSetOutput{}
	case *api.GetConfigurationSetEventDestinations:
		o = &api.GetConfigurationSetEventDestinationsOutput{}
	case *api.GetEmailTemplate:
		o = &api.GetEmailTemplateOutput{}
	case *api.ListEmailTemplates:
		o = &api.ListEmailTemplatesOutput{}
	case *api.TestRenderEmailTemplate:
		o = &api.TestRenderEmailTemplateOutput{}
	default:
		return nil
	}
	wiretest.Fill(o)
	switch o := o.(type) {
	case *api.SentBulk:
		o.Results[0].Status = api.BulkThrottled
	case *api.GetEmailIdentityOutput:
		o.VerificationStatus = api.VerificationPending
	case *api.GetConfigurationSetOutput:
		o.DeliveryOptions.TlsPolicy = "REQUIRE"
	case *api.GetConfigurationSetEventDestinationsOutput:
		d := &o.EventDestinations[0]
		d.MatchingEventTypes = []string{"BOUNCE"}
		d.CloudWatchDestination.DimensionConfigurations[0].DimensionValueSource = "LINK_TAG"
	}
	return o
}

// answering is a Backend that answers every call with every field set.
type answering struct{ *wiretest.Backend }

func (b answering) Do(ctx context.Context, caller api.Caller, input any) (any, error) {
	_, _ = b.Backend.Do(ctx, caller, input)
	return output(input), nil
}

// TestEveryField has the SDK's client call every action with every parameter set, and
// compares what is bound; and it checks that every field of the SDK's outputs is answered.
func TestEveryField(t *testing.T) {
	for _, name := range slices.Sorted(maps.Keys(actions)) {
		t.Run(name, func(t *testing.T) {
			s := serve(t)
			listener := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				s.form, _ = url.ParseQuery(string(body))
				(&Service{answering{&s.backend}, &s.notices}).Serve(w, r, s.form, api.Caller{RequestID: "id"})
			}))
			defer listener.Close()
			method := reflect.ValueOf(s.client).MethodByName(name)
			if !method.IsValid() {
				t.Fatal("the SDK has no such action")
			}
			input := reflect.New(method.Type().In(1).Elem())
			wiretest.Fill(input.Interface())
			fixInput(input.Interface())
			endpoint := func(o *sesv1.Options) { o.BaseEndpoint = aws.String(listener.URL) }
			got := method.Call([]reflect.Value{reflect.ValueOf(context.Background()), input, reflect.ValueOf(endpoint)})
			if err := got[1].Interface(); err != nil {
				t.Fatal(err)
			}
			a := actions[name]()
			if unknown, refusal := bind(s.form, a); len(unknown) > 0 || refusal != nil {
				t.Errorf("unknown parameters %v, %v", unknown, refusal)
			}
			if diff := cmp.Diff(wiretest.Leaves(input.Interface()), wiretest.Leaves(a)); diff != "" {
				t.Errorf("input, - SDK, + ours:\n%s", diff)
			}
			all := reflect.New(method.Type().Out(0).Elem())
			wiretest.Fill(all.Interface())
			answered := wiretest.Leaves(got[0].Interface())
			for leaf := range wiretest.Leaves(all.Interface()) {
				if _, ok := answered[mapKeys(leaf)]; !ok {
					t.Errorf("the output has no %s, but %v", leaf, answered)
				}
			}
			if len(s.told) > 0 {
				t.Errorf("told: %v", s.told)
			}
		})
	}
}

// fixInput asks for all parts of a configuration set.
func fixInput(input any) {
	if in, ok := input.(*sesv1.DescribeConfigurationSetInput); ok {
		in.ConfigurationSetAttributeNames = in.ConfigurationSetAttributeNames[0].Values()
	}
}

// mapKeys returns a path with the key that Fill gives to maps replaced by that of the
// answer, which is the identity that was asked for.
func mapKeys(leaf string) string {
	for _, m := range []string{".VerificationAttributes", ".NotificationAttributes"} {
		if rest, ok := strings.CutPrefix(leaf, m+".k"); ok {
			return m + ".text-of_Identities_0" + rest
		}
	}
	return leaf
}
