package v1

import (
	"context"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sesv1 "github.com/aws/aws-sdk-go-v2/service/ses"
	"github.com/aws/aws-sdk-go-v2/service/ses/types"
	"github.com/google/go-cmp/cmp"

	"sesim/cmd/internal/serve/api"
	"sesim/cmd/internal/serve/wire"
	"sesim/cmd/internal/serve/wiretest"
	"sesim/sim/ses"
)

// ask answers a form as it is.
func ask(b *wiretest.Backend, n *wire.Notices, form url.Values) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	(&Service{b, n}).Serve(w, httptest.NewRequest("POST", "/", nil), form, api.Caller{RequestID: "the-id"})
	return w
}

// form returns the parameters of an action: "Name=value" each.
func form(action string, parameters ...string) url.Values {
	f := url.Values{"Action": {action}, "Version": {Version}}
	for _, p := range parameters {
		name, value, _ := strings.Cut(p, "=")
		f.Set(name, value)
	}
	return f
}

var sendParameters = []string{"Source=a@b.example", "Destination.ToAddresses.member.1=c@d.example", "Message.Subject.Data=s", "Message.Body.Text.Data=t"}

// TestRefused checks codes and texts of calls that reach no Backend. Those about tags and
// notification types are recorded.
func TestRefused(t *testing.T) {
	send := func(parameters ...string) url.Values {
		return form("SendEmail", append(parameters, sendParameters...)...)
	}
	for _, c := range []struct {
		form       url.Values
		code, text string
	}{
		{form("CloneReceiptRuleSet"), "InvalidAction", "Could not find operation CloneReceiptRuleSet for version 2010-12-01"},
		{url.Values{"Action": {"SendEmail"}, "Version": {"2012-11-05"}}, "InvalidAction", "Could not find operation SendEmail for version 2012-11-05"},
		{url.Values{}, "MissingAction", "Action is missing."},
		{form("VerifyEmailIdentity"), "ValidationError", "1 validation error detected: Value null at 'emailAddress' failed to satisfy constraint: Member must not be null"},
		{form("ListIdentities", "IdentityType=Phone"), "ValidationError",
			"1 validation error detected: Value 'Phone' at 'identityType' failed to satisfy constraint: Member must satisfy enum value set: [EmailAddress, Domain]"},
		{form("ListIdentities", "MaxItems=many"), "MalformedInput", "Unexpected value of MaxItems"},
		{form("UpdateAccountSendingEnabled", "Enabled=yes"), "MalformedInput", "Unexpected value of Enabled"},
		{form("SendRawEmail", "RawMessage.Data=?"), "MalformedInput", "Unexpected value of RawMessage.Data"},
		{form("SendRawEmail", "RawMessage.Data="+base64.StdEncoding.EncodeToString([]byte("To: a@b.example\n\n"))), "InvalidParameterValue", "Missing required header 'From'."},
		{send("Tags.member.1.Name=", "Tags.member.1.Value=v"), "ValidationError",
			"1 validation error detected: Value null at 'tags.1.member.name' failed to satisfy constraint: Member must not be null"},
		{send("Tags.member.1.Name="+strings.Repeat("n", 256), "Tags.member.1.Value=v"), "InvalidParameterValue", "Tag name cannot exceed 255 characters."},
		{send("Tags.member.1.Name=a b", "Tags.member.1.Value=v"), "InvalidParameterValue", "Invalid tag name <a b>: only alphanumeric ASCII characters, '_',  '-' are allowed."},
		{send("Tags.member.1.Name=n", "Tags.member.1.Value="+strings.Repeat("v", 256)), "InvalidParameterValue", "Tag value cannot exceed 255 characters."},
		{send("Tags.member.1.Name=n", "Tags.member.1.Value=a b"), "InvalidParameterValue",
			"Invalid tag value <a b>: only alphanumeric ASCII characters, '_',  '-' , '.', '@' are allowed."},
		{form("SetIdentityNotificationTopic", "Identity=b.example", "NotificationType=Open"), "InvalidParameterValue",
			"Invalid notification type: Open. Valid values are: Bounce, Complaint, Delivery."},
	} {
		var b wiretest.Backend
		w := ask(&b, &wire.Notices{}, c.form)
		var got struct {
			XMLName   xml.Name `xml:"http://ses.amazonaws.com/doc/2010-12-01/ ErrorResponse"`
			Type      string   `xml:"Error>Type"`
			Code      string   `xml:"Error>Code"`
			Message   string   `xml:"Error>Message"`
			RequestID string   `xml:"RequestId"`
		}
		if err := xml.Unmarshal(w.Body.Bytes(), &got); err != nil {
			t.Errorf("%v: %v in %s", c.form, err, w.Body)
		}
		if w.Code != 400 || got.Type != "Sender" || got.Code != c.code || got.Message != c.text || got.RequestID != "the-id" {
			t.Errorf("%v: %d %+v, want %s %q", c.form, w.Code, got, c.code, c.text)
		}
		for _, call := range b.Take() {
			if in, ok := call.Input.(*api.Unknown); !ok || in.Name != c.form.Get("Action") || in.Refusal.Wire.Code != "InvalidAction" {
				t.Errorf("%v: reaches the Backend: %v", c.form, call.Input)
			}
		}
	}
}

// TestTagsOfHeaders checks the recorded text for an empty name. The checks of parameters
// keep it from tags in a form.
func TestTagsOfHeaders(t *testing.T) {
	raw := base64.StdEncoding.EncodeToString([]byte("From: a@b.example\nTo: c@d.example\nX-SES-MESSAGE-TAGS: =v\n\n"))
	w := ask(&wiretest.Backend{}, &wire.Notices{}, form("SendRawEmail", "RawMessage.Data="+raw))
	if !strings.Contains(w.Body.String(), "<Message>The tag name must be specified.</Message>") {
		t.Error(w.Body)
	}
}

// TestAnswers checks the bytes of answers: numbers with a fraction, empty lists and empty
// results that are there.
func TestAnswers(t *testing.T) {
	const ns = ` xmlns="http://ses.amazonaws.com/doc/2010-12-01/"`
	const end = `<ResponseMetadata><RequestId>the-id</RequestId></ResponseMetadata>`
	for _, c := range []struct {
		form   url.Values
		output any
		want   string
	}{
		{form("GetSendQuota"), &api.GetAccountOutput{SendQuota: api.SendQuota{Max24HourSend: 200, MaxSendRate: 1, SentLast24Hours: 12.5}},
			`<GetSendQuotaResponse` + ns + `><GetSendQuotaResult><Max24HourSend>200.0</Max24HourSend><MaxSendRate>1.0</MaxSendRate>` +
				`<SentLast24Hours>12.5</SentLast24Hours></GetSendQuotaResult>` + end + `</GetSendQuotaResponse>`},
		{form("ListIdentities"), &api.ListEmailIdentitiesOutput{},
			`<ListIdentitiesResponse` + ns + `><ListIdentitiesResult><Identities></Identities></ListIdentitiesResult>` + end + `</ListIdentitiesResponse>`},
		{form("DeleteTemplate", "TemplateName=x"), nil,
			`<DeleteTemplateResponse` + ns + `><DeleteTemplateResult></DeleteTemplateResult>` + end + `</DeleteTemplateResponse>`},
		{form("SendEmail", sendParameters...), &api.Sent{MessageID: "0100<&"},
			`<SendEmailResponse` + ns + `><SendEmailResult><MessageId>0100&lt;&amp;</MessageId></SendEmailResult>` + end + `</SendEmailResponse>`},
	} {
		w := ask(&wiretest.Backend{Output: c.output}, &wire.Notices{}, c.form)
		if w.Code != 200 || w.Body.String() != c.want || w.Header().Get("Content-Type") != "text/xml" {
			t.Errorf("%v: %d %s\n%s, want\n%s", c.form, w.Code, w.Header(), w.Body, c.want)
		}
	}
}

// TestErrors checks that the SDK takes refusals for what they are.
func TestErrors(t *testing.T) {
	s := serve(t)
	s.backend.Err = &api.Error{Wire: ses.Unverified(ses.V1, "us-east-1", []string{"A <a@b.example>"}, 1000)}
	_, err := s.client.SendRawEmail(context.Background(), &sesv1.SendRawEmailInput{RawMessage: &types.RawMessage{Data: []byte("From: A <a@b.example>\n\n")}})
	var rejected *types.MessageRejected
	if !errors.As(err, &rejected) || !strings.HasSuffix(*rejected.Message, "US-EAST-1: A <a@b.example>") {
		t.Errorf("the SDK has %v", err)
	}
	s.backend.Err = api.NoSet(ses.V1, "news")
	_, err = s.client.DescribeConfigurationSet(context.Background(), &sesv1.DescribeConfigurationSetInput{ConfigurationSetName: aws.String("news")})
	var missing *types.ConfigurationSetDoesNotExistException
	if !errors.As(err, &missing) || *missing.Message != "Configuration set <news> does not exist." {
		t.Errorf("the SDK has %v", err)
	}
	s.backend.Err = errors.New("disk full")
	w := ask(&s.backend, &wire.Notices{}, form("GetSendQuota"))
	if w.Code != 500 || !strings.Contains(w.Body.String(), "<Type>Receiver</Type><Code>InternalFailure</Code>") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// TestMissingIdentity checks the actions to which a missing identity is no error, and
// those with a recorded one.
func TestMissingIdentity(t *testing.T) {
	b := &wiretest.Backend{Err: api.NoIdentity(ses.V1, "x.example")}
	for _, f := range []url.Values{form("DeleteIdentity", "Identity=x.example"), form("GetIdentityVerificationAttributes", "Identities.member.1=x.example")} {
		if w := ask(b, &wire.Notices{}, f); w.Code != 200 {
			t.Errorf("%v: %s", f, w.Body)
		}
	}
	w := ask(b, &wire.Notices{}, form("SetIdentityHeadersInNotificationsEnabled", "Identity=x.example", "NotificationType=Bounce", "Enabled=true"))
	if !strings.Contains(w.Body.String(), "<Code>MessageRejected</Code><Message>Identity x.example is not verified or does not exist.</Message>") {
		t.Error(w.Body)
	}
}

// TestRaw checks who is checked and who gets a raw message.
func TestRaw(t *testing.T) {
	raw := base64.StdEncoding.EncodeToString([]byte("From: Shop <shop@b.example>\nTo: c@d.example\nCc: e@d.example\n\nhello"))
	b := &wiretest.Backend{Output: &api.Sent{}}
	for _, c := range []struct {
		parameters []string
		to, cc     []string
		checked    []string
		path       string
	}{
		{nil, []string{"c@d.example"}, []string{"e@d.example"}, nil, ""},
		{[]string{"Destinations.member.1=f@d.example", "Source=bounce@b.example"}, []string{"f@d.example"}, nil, []string{"bounce@b.example"}, "bounce@b.example"},
	} {
		if w := ask(b, &wire.Notices{}, form("SendRawEmail", append(c.parameters, "RawMessage.Data="+raw)...)); w.Code != 200 {
			t.Fatal(w.Body)
		}
		got := b.Take()[0].Input.(*api.Send).Mail
		if got.From != "Shop <shop@b.example>" || !cmp.Equal(got.To, c.to) || !cmp.Equal(got.Cc, c.cc) || !cmp.Equal(got.Checked, c.checked) || got.ReturnPath != c.path {
			t.Errorf("%v: %+v", c.parameters, got)
		}
	}
}

// TestLists checks that members come in the order of their numbers, whatever those are.
func TestLists(t *testing.T) {
	var a GetIdentityVerificationAttributes
	f := form("GetIdentityVerificationAttributes", "Identities.member.10=ten", "Identities.member.2=two", "Identities.member.1=one", "Identities.member.x=none", "Else.member.1=y")
	unknown, refusal := bind(f, &a)
	if refusal != nil || !cmp.Equal(a.Identities, []string{"one", "two", "ten"}) || !cmp.Equal(unknown, []string{"Else.member.1", "Identities.member.x"}) {
		t.Errorf("%v, unknown %v, %v", a.Identities, unknown, refusal)
	}
}

// TestNotices checks that an unknown parameter is told once and counted.
func TestNotices(t *testing.T) {
	var told []string
	n := &wire.Notices{Tell: func(text string) { told = append(told, text) }}
	for range 2 {
		ask(&wiretest.Backend{Output: &api.Sent{}}, n, form("SendEmail", append(sendParameters, "New.Thing=1")...))
	}
	if !cmp.Equal(told, []string{"SendEmail ignores the unknown parameter New.Thing"}) || n.Count(wire.UnknownField) != 2 {
		t.Errorf("%d counted, told %v", n.Count(wire.UnknownField), told)
	}
}

// FuzzForm checks that any form has an answer that is XML.
func FuzzForm(f *testing.F) {
	f.Add("Action=SendEmail&" + strings.Join(sendParameters, "&"))
	f.Add("Action=SendBulkTemplatedEmail&Source=a&Template=t&DefaultTemplateData=x&Destinations.member.1.Destination.ToAddresses.member.1=b")
	f.Add("Action=GetSendQuota&Version=%3C&a.b.c.d.e.f.g.h.i.j.k.l.m.n=1")
	f.Fuzz(func(t *testing.T, body string) {
		values, err := url.ParseQuery(body)
		if err != nil {
			return
		}
		w := httptest.NewRecorder()
		(&Service{answering{&wiretest.Backend{}}, &wire.Notices{}}).Serve(w, httptest.NewRequest("POST", "/", nil), values, api.Caller{RequestID: "id"})
		var any struct{ XMLName xml.Name }
		if err := xml.Unmarshal(w.Body.Bytes(), &any); err != nil {
			t.Errorf("%d %s: %v", w.Code, w.Body, err)
		}
	})
}
