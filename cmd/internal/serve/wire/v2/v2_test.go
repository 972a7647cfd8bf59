package v2

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"
	"github.com/google/go-cmp/cmp"

	"sesim/cmd/internal/serve/api"
	"sesim/cmd/internal/serve/wire"
	"sesim/sim/rules"
	"sesim/sim/ses"
)

// TestSend has the SDK's client send, and checks what arrives.
func TestSend(t *testing.T) {
	s := serve(t)
	s.backend.Output = &api.Sent{MessageID: "0100-id"}
	ctx := context.Background()
	out, err := s.client.SendEmail(ctx, &sesv2.SendEmailInput{
		FromEmailAddress: aws.String("Shop <shop@sender.example>"), ConfigurationSetName: aws.String("news"),
		Destination: &types.Destination{ToAddresses: []string{"a@x.example"}, CcAddresses: []string{"b@x.example"}, BccAddresses: []string{"c@x.example"}},
		EmailTags:   []types.MessageTag{{Name: aws.String("campaign"), Value: aws.String("spring")}},
		Content: &types.EmailContent{Simple: &types.Message{
			Subject: &types.Content{Data: aws.String("Grüße <3")}, Body: &types.Body{Text: &types.Content{Data: aws.String("hello")}},
			Headers: []types.MessageHeader{{Name: aws.String("X-Own"), Value: aws.String("1")}},
		}},
		ReplyToAddresses: []string{"answers@sender.example"}, FeedbackForwardingEmailAddress: aws.String("bounces@sender.example"),
		FromEmailAddressIdentityArn: aws.String("arn:aws:ses:us-east-1:1:identity/sender.example"),
	})
	if err != nil || *out.MessageId != "0100-id" {
		t.Fatal(out, err)
	}
	got := s.backend.Take()[0].Input.(*api.Send).Mail
	want := api.Mail{
		From: "Shop <shop@sender.example>", ReturnPath: "bounces@sender.example", Checked: []string{"bounces@sender.example"},
		To: []string{"a@x.example"}, Cc: []string{"b@x.example"}, Bcc: []string{"c@x.example"}, ConfigurationSetName: "news",
		IdentityARN: "arn:aws:ses:us-east-1:1:identity/sender.example",
		Tags:        []api.MessageTag{{Name: "campaign", Value: "spring"}}, Subject: "Grüße <3", Size: got.Size,
		Headers: []api.MessageHeader{
			{Name: "From", Value: "Shop <shop@sender.example>"}, {Name: "Reply-To", Value: "answers@sender.example"},
			{Name: "To", Value: "a@x.example"}, {Name: "Cc", Value: "b@x.example"}, {Name: "Subject", Value: "Grüße <3"},
			{Name: "MIME-Version", Value: "1.0"}, {Name: "X-Own", Value: "1"},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("- want, + got:\n%s", diff)
	}

	raw := "From: a@sender.example\r\nTo: b@x.example\r\nSubject: raw\r\n\r\nbody"
	if _, err := s.client.SendEmail(ctx, &sesv2.SendEmailInput{Content: &types.EmailContent{Raw: &types.RawMessage{Data: []byte(raw)}}}); err != nil {
		t.Fatal(err)
	}
	got = s.backend.Take()[0].Input.(*api.Send).Mail
	if got.From != "a@sender.example" || !cmp.Equal(got.To, []string{"b@x.example"}) || got.Size != int64(len(raw)) {
		t.Errorf("raw: %+v", got)
	}

	template := &types.Template{TemplateName: aws.String("hello"), TemplateData: aws.String(`{"name":"Ann"}`)}
	if _, err := s.client.SendEmail(ctx, &sesv2.SendEmailInput{Content: &types.EmailContent{Template: template}}); err != nil {
		t.Fatal(err)
	}
	if got = s.backend.Take()[0].Input.(*api.Send).Mail; !cmp.Equal(got.Template, &api.Template{TemplateName: "hello", TemplateData: `{"name":"Ann"}`}) {
		t.Errorf("template: %+v", got.Template)
	}
}

// TestSendBulk checks that entries replace tags, headers and data, and the statuses.
func TestSendBulk(t *testing.T) {
	s := serve(t)
	s.backend.Output = &api.SentBulk{Results: []api.BulkResult{{MessageID: "1"}, {Status: api.BulkDailyQuota, Error: "Daily message quota exceeded."}}}
	tag := func(name, value string) types.MessageTag {
		return types.MessageTag{Name: aws.String(name), Value: aws.String(value)}
	}
	out, err := s.client.SendBulkEmail(context.Background(), &sesv2.SendBulkEmailInput{
		FromEmailAddress: aws.String("shop@sender.example"),
		DefaultContent:   &types.BulkEmailContent{Template: &types.Template{TemplateName: aws.String("hello"), TemplateData: aws.String("{}")}},
		DefaultEmailTags: []types.MessageTag{tag("a", "1"), tag("b", "2")},
		BulkEmailEntries: []types.BulkEmailEntry{
			{Destination: &types.Destination{ToAddresses: []string{"a@x.example"}}},
			{
				Destination:             &types.Destination{ToAddresses: []string{"b@x.example"}},
				ReplacementTags:         []types.MessageTag{tag("b", "3"), tag("c", "4")},
				ReplacementEmailContent: &types.ReplacementEmailContent{ReplacementTemplate: &types.ReplacementTemplate{ReplacementTemplateData: aws.String(`{"n":1}`)}},
			},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	r := out.BulkEmailEntryResults
	if len(r) != 2 || r[0].Status != types.BulkEmailStatusSuccess || *r[0].MessageId != "1" || r[0].Error != nil ||
		r[1].Status != types.BulkEmailStatusAccountDailyQuotaExceeded || *r[1].Error != "Daily message quota exceeded." || r[1].MessageId != nil {
		t.Errorf("results %+v", r)
	}
	entries := s.backend.Take()[0].Input.(*api.SendBulk).Entries
	if got := entries[1]; got.Template.ReplacementData != `{"n":1}` || got.From != "shop@sender.example" ||
		!cmp.Equal(got.Tags, []api.MessageTag{{Name: "a", Value: "1"}, {Name: "b", Value: "3"}, {Name: "c", Value: "4"}}) {
		t.Errorf("second entry %+v", got)
	}
	if got := entries[0]; len(got.Tags) != 2 || got.Template.ReplacementData != "" {
		t.Errorf("first entry %+v", got)
	}
}

// ask makes a request as it is, and returns status, headers and body.
func (s *server) ask(t testing.TB, method, path, body string) (int, http.Header, string) {
	t.Helper()
	r, err := http.NewRequest(method, s.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, answer.Header, strings.TrimSpace(string(text))
}

const simple = `{"FromEmailAddress":"a@b.example","Destination":{"ToAddresses":["c@d.example"]},` +
	`"Content":{"Simple":{"Subject":{"Data":"s"},"Body":{"Text":{"Data":"t"}}}}`

// TestRefused checks codes and texts of requests that reach no Backend.
func TestRefused(t *testing.T) {
	long := strings.Repeat("x", 256)
	for _, c := range []struct {
		name, method, path, body string
		status                   int
		code, message            string
	}{
		{"no JSON", "PUT", "/v2/email/account/sending", `{"SendingEnabled":`, 400, "SerializationException", ""},
		{"null for a boolean", "PUT", "/v2/email/account/sending", `{"SendingEnabled":null}`, 400, "SerializationException", ""},
		{"number for a boolean", "PUT", "/v2/email/account/sending", `{"SendingEnabled":1}`, 400, "SerializationException", "NUMBER_VALUE can not be converted to a Boolean"},
		{"text for a list", "PUT", "/v2/email/account/suppression", `{"SuppressedReasons":"BOUNCE"}`, 400, "SerializationException", "Expected list or null"},
		{"number for a text", "PUT", "/v2/email/suppression/addresses", `{"EmailAddress":7}`, 400, "SerializationException", "NUMBER_VALUE can not be converted to a String"},
		{"list for a text", "PUT", "/v2/email/suppression/addresses", `{"EmailAddress":[]}`, 400, "SerializationException", "Start of list found where not expected"},
		{"list for a structure", "POST", "/v2/email/outbound-emails", `{"Content":[]}`, 400, "SerializationException", "Expected structure or null"},
		{"a page of half a number", "GET", "/v2/email/suppression/addresses?PageSize=1.5", ``, 400, "SerializationException", `"1.5" can not be converted to an Integer: PageSize`},
		{"a wrong reason", "PUT", "/v2/email/suppression/addresses", `{"EmailAddress":"a@b.example","Reason":"SPAM"}`, 400, "BadRequestException",
			"1 validation error detected: Value at 'reason' failed to satisfy constraint: Member must satisfy enum value set: [BOUNCE, COMPLAINT]"},
		{"wrong reasons", "PUT", "/v2/email/account/suppression", `{"SuppressedReasons":["SPAM"]}`, 400, "BadRequestException",
			"1 validation error detected: Value at 'suppressedReasons' failed to satisfy constraint: " +
				"Member must satisfy constraint: [Member must satisfy enum value set: [BOUNCE, COMPLAINT]]"},
		{"two missing", "POST", "/v2/email/account/details", `{}`, 400, "BadRequestException",
			"2 validation errors detected: Value at 'mailType' failed to satisfy constraint: Member must not be null; " +
				"Value at 'websiteURL' failed to satisfy constraint: Member must not be null"},
		{"a missing one within", "POST", "/v2/email/identities", `{"EmailIdentity":"b.example","Tags":[{"Key":"k","Value":"v"},{"Key":"k"}]}`, 400, "BadRequestException",
			"1 validation error detected: Value at 'tags.2.member.value' failed to satisfy constraint: Member must not be null"},
		{"raw without From", "POST", "/v2/email/outbound-emails", `{"Content":{"Raw":{"Data":"VG86IGFAYi5leGFtcGxlCgo="}}}`, 400, "BadRequestException", "Missing required header 'From'."},
		{"bad base64", "POST", "/v2/email/outbound-emails", `{"Content":{"Raw":{"Data":"?"}}}`, 400, "SerializationException", "Invalid Base64 value"},
		{"two contents", "POST", "/v2/email/outbound-emails", `{"Content":{"Raw":{"Data":"YQ=="},"Template":{}}}`, 400, "BadRequestException",
			"Exactly one of Content.Simple, Content.Raw and Content.Template must be given."},
		{"a tenant", "POST", "/v2/email/outbound-emails", simple + `,"TenantName":"t"}`, 400, "BadRequestException", "Tenant <t> does not exist"},
		{"a contact list", "POST", "/v2/email/outbound-emails", simple + `,"ListManagementOptions":{"ContactListName":"l"}}`, 404, "NotFoundException", "List with name: l doesn't exist."},
		{"a tag without a value", "POST", "/v2/email/outbound-emails", simple + `,"EmailTags":[{"Name":"` + long + `","Value":"v"}]}`, 400, "BadRequestException",
			"Tag name cannot exceed 255 characters."},
		{"an unknown operation", "GET", "/v2/email/contact-lists", ``, 404, "UnknownOperationException",
			"The operation GET /v2/email/contact-lists is not part of this service."},
		{"a wrong method", "PATCH", "/v2/email/account", ``, 404, "UnknownOperationException",
			"The operation PATCH /v2/email/account is not part of this service."},
	} {
		s := serve(t)
		status, header, body := s.ask(t, c.method, c.path, c.body)
		var answer struct{ Message string }
		if err := json.Unmarshal([]byte(body), &answer); err != nil {
			t.Errorf("%s: %v in %s", c.name, err, body)
		}
		if status != c.status || header.Get("x-amzn-ErrorType") != c.code || strings.TrimSpace(answer.Message) != c.message {
			t.Errorf("%s: %d %s %q, want %d %s %q", c.name, status, header.Get("x-amzn-ErrorType"), answer.Message, c.status, c.code, c.message)
		}
		for _, call := range s.backend.Take() {
			if in, ok := call.Input.(*api.Unknown); !ok || in.Name != c.method+" "+c.path || c.code != "UnknownOperationException" {
				t.Errorf("%s: reaches the Backend: %v", c.name, call.Input)
			}
		}
	}
}

// TestBooleans checks that a missing boolean is false and that any text is true.
func TestBooleans(t *testing.T) {
	for body, want := range map[string]bool{`{}`: false, `{"SendingEnabled":"false"}`: true, `{"SendingEnabled":true}`: true, ` { "SendingEnabled" : false } `: false} {
		s := serve(t)
		if status, _, answer := s.ask(t, "PUT", "/v2/email/account/sending", body); status != 200 || answer != "{}" {
			t.Errorf("%s: %d %s", body, status, answer)
		}
		if got := s.backend.Take()[0].Input; !reflect.DeepEqual(got, &api.PutAccountSendingAttributes{SendingEnabled: want}) {
			t.Errorf("%s: %+v", body, got)
		}
	}
}

// TestPaths checks labels that need escaping, and the paths of older clients.
func TestPaths(t *testing.T) {
	at := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		method, path string
		want         any
	}{
		{"GET", "/v2/email/suppression/addresses/a%2Bb%40x.example", &api.GetSuppressedDestination{EmailAddress: "a+b@x.example"}},
		{"GET", "/v2/email/suppression/addresses/a+b@x.example", &api.GetSuppressedDestination{EmailAddress: "a+b@x.example"}},
		{"DELETE", "/v2/email/suppression/addresses/a%2Fb%25%40x.example", &api.DeleteSuppressedDestination{EmailAddress: "a/b%@x.example"}},
		{"GET", "/v2/email/suppression/addresses/?Reason=BOUNCE&Reason=COMPLAINT&StartDate=2026-03-01T00%3A00%3A00Z&PageSize=5",
			&api.ListSuppressedDestinations{Reasons: []string{"BOUNCE", "COMPLAINT"}, StartDate: &at, PageSize: 5}},
		{"GET", "/v2/email/identities?PageSize=7&NextToken=x", &api.ListEmailIdentities{PageSize: 7, NextToken: "x"}},
		{"GET", "/v2/email/configuration-sets?NextToken=x", &api.ListConfigurationSets{NextToken: "x"}},
		{"GET", "/v2/email/import-jobs?PageSize=2", &api.ListImportJobs{PageSize: 2}},
	} {
		s := serve(t)
		if status, _, body := s.ask(t, c.method, c.path, ""); status != 200 {
			t.Errorf("%s: %d %s", c.path, status, body)
			continue
		}
		if diff := cmp.Diff(c.want, s.backend.Take()[0].Input); diff != "" {
			t.Errorf("%s: - want, + got:\n%s", c.path, diff)
		}
	}
}

// TestErrors checks that the SDK takes refusals for what they are, and their headers.
func TestErrors(t *testing.T) {
	quota := &api.Error{Wire: ses.Throttled(ses.V2, ses.RefusedQuota), Rule: rules.QuotaRolling, Hint: "advance\nthe clock ü"}
	s := serve(t)
	s.backend.Err = quota
	_, err := s.client.GetAccount(context.Background(), &sesv2.GetAccountInput{})
	var throttled *types.TooManyRequestsException
	if !errors.As(err, &throttled) || *throttled.Message != "Daily message quota exceeded." {
		t.Errorf("the SDK has %v", err)
	}
	status, header, body := s.ask(t, "GET", "/v2/email/account", "")
	if status != 429 || header.Get("x-sesim-rule") != "quota.rolling; documented" || header.Get("x-sesim-hint") != "advance the clock   " && header.Get("x-sesim-hint") != "advance the clock" ||
		header.Get("x-amzn-RequestId") != "id-of-the-request" || body != `{"message":"Daily message quota exceeded."}` {
		t.Errorf("%d %v %s", status, header, body)
	}
	s.backend.Err = errors.New("disk full")
	if status, header, _ := s.ask(t, "GET", "/v2/email/account", ""); status != 500 || header.Get("x-amzn-ErrorType") != "InternalServiceErrorException" {
		t.Errorf("%d %v", status, header)
	}
	for kind, want := range map[api.Kind]error{
		api.SetNotFound: &types.NotFoundException{}, api.AlreadyExists: &types.AlreadyExistsException{}, api.Conflict: &types.ConflictException{},
		api.LimitExceeded: &types.LimitExceededException{}, api.InvalidNextToken: &types.InvalidNextTokenException{},
		api.MessageRejected: &types.MessageRejected{}, api.BadRequest: &types.BadRequestException{}, api.Internal: &types.InternalServiceErrorException{},
	} {
		s.backend.Err = api.NewError(ses.V2, kind, "text")
		_, err := s.client.CreateEmailIdentity(context.Background(), &sesv2.CreateEmailIdentityInput{EmailIdentity: aws.String("b.example")})
		if got := reflect.New(reflect.TypeOf(want)); !errors.As(err, got.Interface()) && kind != api.Internal && kind != api.InvalidNextToken {
			t.Errorf("%T: the SDK has %v", want, err)
		}
	}
}

// TestNotices checks that an unknown field is ignored, told once, and counted.
func TestNotices(t *testing.T) {
	s := serve(t)
	s.backend.Output = &api.Sent{}
	for range 3 {
		if status, _, body := s.ask(t, "POST", "/v2/email/outbound-emails", simple+`,"New":{"a":["}",{}]},"destination":1}`); status != 200 {
			t.Fatal(body)
		}
	}
	want := []string{"SendEmail ignores the unknown field New", "SendEmail ignores the unknown field destination"}
	if diff := cmp.Diff(want, s.told); diff != "" || s.notices.Count(wire.UnknownField) != 6 {
		t.Errorf("%d counted; - want, + told:\n%s", s.notices.Count(wire.UnknownField), diff)
	}
}

// FuzzDecode compares the decoder with encoding/json where both take a body: with a body
// whose names are ours in our spelling, both have the same.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(simple + "}"))
	f.Add([]byte(`{"Content":{"Raw":{"Data":"YWJj\/w=="}},"EmailTags":[{"Name":"\u00fc","Value":null}],"x":[1,{"]":"\\\""}]}`))
	f.Add([]byte(` {"Destination" : null , "ReplyToAddresses":["a" , "b"]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		var ours SendEmail
		_, refusal := decode(body, reflect.ValueOf(&ours).Elem())
		if refusal != nil {
			return
		}
		again, err := json.Marshal(&ours)
		if err != nil {
			t.Fatal(err)
		}
		var twice SendEmail
		if _, refusal := decode(again, reflect.ValueOf(&twice).Elem()); refusal != nil || !reflect.DeepEqual(normal(&ours), normal(&twice)) {
			t.Errorf("%s becomes %s, %v", body, again, refusal)
		}
		var std SendEmail
		if err := json.Unmarshal(again, &std); err != nil || !reflect.DeepEqual(normal(&ours), normal(&std)) {
			t.Errorf("%s: encoding/json has %+v of it, %v", again, std, err)
		}
	})
}

// normal writes an input in a way that does not tell nil from empty.
func normal(in *SendEmail) string {
	text, _ := json.Marshal(in)
	return strings.NewReplacer(":[]", ":null", `:""`, ":null").Replace(string(text))
}

// BenchmarkSendEmail measures a call without its connection and its Backend.
func BenchmarkSendEmail(b *testing.B) {
	body := []byte(simple + "}")
	for b.Loop() {
		var in SendEmail
		if _, refusal := decode(body, reflect.ValueOf(&in).Elem()); refusal != nil {
			b.Fatal(refusal)
		}
		if refusal := wire.Check(ses.V2, &in); refusal != nil {
			b.Fatal(refusal)
		}
		if _, err := in.read(api.Caller{}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkStandardJSON is what encoding/json takes for the same body.
func BenchmarkStandardJSON(b *testing.B) {
	body := []byte(simple + "}")
	for b.Loop() {
		var in SendEmail
		if err := json.Unmarshal(body, &in); err != nil {
			b.Fatal(err)
		}
	}
}
