package ses_test

import (
	"strings"
	"testing"

	"sesim/sim/rules"
	"sesim/sim/ses"
)

// TestWording covers the refusals in the words of each interface, verbatim
// (guide, error messages and SMTP response codes; API models; answers seen in
// real traffic).
func TestWording(t *testing.T) {
	const (
		pause      = "Sending paused for this account. For more information, please check the inbox of the email address associated with your AWS account."
		unverified = "Email address is not verified. The following identities failed the check in region US-EAST-1: a@x.com, B <b@y.com>"
	)
	failing := []string{"a@x.com", "B <b@y.com>"}
	for _, c := range []struct {
		name string
		got  ses.Error
		want string
	}{
		{"rate, v1", ses.Throttled(ses.V1, ses.RefusedRate), "400 Throttling: Maximum sending rate exceeded."},
		{"rate, v2", ses.Throttled(ses.V2, ses.RefusedRate), "429 TooManyRequestsException: Maximum sending rate exceeded."},
		{"rate, SMTP", ses.Throttled(ses.SMTP, ses.RefusedRate), "454 Throttling failure: Maximum sending rate exceeded"},
		{"quota, v1", ses.Throttled(ses.V1, ses.RefusedQuota), "400 Throttling: Daily message quota exceeded."},
		{"quota, v2", ses.Throttled(ses.V2, ses.RefusedQuota), "429 TooManyRequestsException: Daily message quota exceeded."},
		{"quota, SMTP", ses.Throttled(ses.SMTP, ses.RefusedQuota), "454 Throttling failure: Daily message quota exceeded"},

		{"identities, v1", ses.Unverified(ses.V1, "us-east-1", failing, 2000), "400 MessageRejected: " + unverified},
		{"identities, v2", ses.Unverified(ses.V2, "us-east-1", failing, 2000), "400 MessageRejected: " + unverified},
		{"identities, SMTP", ses.Unverified(ses.SMTP, "us-east-1", failing, 2000), "554 Message rejected: " + unverified},

		{"paused by AWS, v1", ses.Paused(ses.V1, ses.ByAWS), "400 MessageRejected: " + pause},
		{"paused by AWS, v2", ses.Paused(ses.V2, ses.ByAWS), "400 SendingPausedException: " + pause},
		{"paused by AWS, SMTP", ses.Paused(ses.SMTP, ses.ByAWS), "554 Message rejected: " + pause},
		{"paused by the customer, v1", ses.Paused(ses.V1, ses.ByCustomer), "400 AccountSendingPausedException: " + pause},
		{"paused by the customer, v2", ses.Paused(ses.V2, ses.ByCustomer), "400 SendingPausedException: " + pause},
		{"paused by the customer, SMTP", ses.Paused(ses.SMTP, ses.ByCustomer), "554 Message rejected: " + pause},
		{"a paused set, v1", ses.Paused(ses.V1, ses.OfSet), "400 ConfigurationSetSendingPausedException: " + pause},
		{"a paused set, v2", ses.Paused(ses.V2, ses.OfSet), "400 SendingPausedException: " + pause},
		{"a paused set, SMTP", ses.Paused(ses.SMTP, ses.OfSet), "554 Message rejected: " + pause},
		{"suspended, v1", ses.Paused(ses.V1, ses.Suspended), "400 MessageRejected: " + pause},
		{"suspended, v2", ses.Paused(ses.V2, ses.Suspended), "400 AccountSuspendedException: " + pause},
		{"suspended, SMTP", ses.Paused(ses.SMTP, ses.Suspended), "554 Message rejected: " + pause},

		{"too large, v1", ses.Malformed(ses.V1, ses.CallInput{Recipients: 1, Size: 10<<20 + 1}), "400 InvalidParameterValue: Message length is more than 10485760 bytes long: '10485761'."},
		{"too large, v2", ses.Malformed(ses.V2, ses.CallInput{Recipients: 1, Size: 40<<20 + 1}), "400 BadRequestException: Message length is more than 41943040 bytes long: '41943041'."},
		{"too large, SMTP", ses.Malformed(ses.SMTP, ses.CallInput{Recipients: 1, Size: 40<<20 + 1}), "552 Message is too long."},
		{"too large, SMTP, and too many", ses.Malformed(ses.SMTP, ses.CallInput{Recipients: 51, Size: 40<<20 + 1}), "554 Transaction failed: Recipient count exceeds 50."},
		{"too large to fifty, v2", ses.Malformed(ses.V2, ses.CallInput{Recipients: 50, Size: 40<<20 + 1}), "400 BadRequestException: Message length is more than 41943040 bytes long: '41943041'."},
		{"too many, v1", ses.Malformed(ses.V1, ses.CallInput{Recipients: 51}), "400 InvalidParameterValue: Recipient count exceeds 50."},
		{"too many, v2", ses.Malformed(ses.V2, ses.CallInput{Recipients: 51}), "400 BadRequestException: Recipient count exceeds 50."},
		{"too many, SMTP", ses.Malformed(ses.SMTP, ses.CallInput{Recipients: 51, Size: 40 << 20}), "554 Transaction failed: Recipient count exceeds 50."},
		{"malformed, v1", ses.Malformed(ses.V1, ses.CallInput{Recipients: 1, Malformed: "ann"}), "400 InvalidParameterValue: Missing final '@domain'"},
		{"malformed, v2", ses.Malformed(ses.V2, ses.CallInput{Recipients: 1, Malformed: "ann"}), "400 BadRequestException: Missing final '@domain'"},
		{"malformed, SMTP", ses.Malformed(ses.SMTP, ses.CallInput{Recipients: 1, Malformed: "ann"}), "553 <ann> Invalid email address"},
		{"malformed and too large, SMTP", ses.Malformed(ses.SMTP, ses.CallInput{Recipients: 1, Malformed: "ann", Size: 40<<20 + 1}), "553 <ann> Invalid email address"},
		{"malformed and too many, SMTP", ses.Malformed(ses.SMTP, ses.CallInput{Recipients: 51, Malformed: "ann"}), "554 Transaction failed: Recipient count exceeds 50."},
		{"old credentials", ses.ThrottledSigV2(), "454 Throttling failure: Maximum SigV2 SMTP sending rate exceeded"},
		{"nobody, v1", ses.Malformed(ses.V1, ses.CallInput{Recipients: 0}), "400 InvalidParameterValue: Missing required header 'To'."},
		{"nobody, v2", ses.Malformed(ses.V2, ses.CallInput{Recipients: 0}), "400 BadRequestException: Missing required header 'To'."},
		{"nobody, SMTP", ses.Malformed(ses.SMTP, ses.CallInput{Recipients: 0}), "554 Transaction failed: Missing required header 'To'."},
	} {
		if got := c.got.String(); got != c.want {
			t.Errorf("%s:\n %s\nwant\n %s", c.name, got, c.want)
		}
	}
}

// TestMaxSize checks the largest message (guide, service quotas): 10 MB
// through version 1, 40 MB through version 2 and SMTP.
func TestMaxSize(t *testing.T) {
	for i, want := range map[ses.Interface]int64{ses.V1: 10_485_760, ses.V2: 41_943_040, ses.SMTP: 41_943_040} {
		if got := i.MaxSize(); got != want {
			t.Errorf("%v: %d, want %d", i, got, want)
		}
	}
}

// TestFormInvalid checks which rule a call's form breaks, on both sides of
// each boundary: recipients before a malformed one, and both before the size.
func TestFormInvalid(t *testing.T) {
	for _, c := range []struct {
		form ses.CallInput
		want rules.ID
	}{
		{ses.CallInput{Recipients: 0}, rules.CallRecipients},
		{ses.CallInput{Recipients: 1}, rules.None},
		{ses.CallInput{Recipients: 50}, rules.None},
		{ses.CallInput{Recipients: 51}, rules.CallRecipients},
		{ses.CallInput{Recipients: 51, Malformed: "ann", Size: 40<<20 + 1}, rules.CallRecipients},
		{ses.CallInput{Recipients: 50, Malformed: "ann", Size: 40<<20 + 1}, rules.CallAddress},
		{ses.CallInput{Recipients: 50, Size: 40<<20 + 1}, rules.CallSize},
		{ses.CallInput{Recipients: 50, Size: 40 << 20}, rules.None},
	} {
		if got := c.form.Invalid(ses.V2); got != c.want {
			t.Errorf("%+v breaks %v, want %v", c.form, got, c.want)
		}
	}
}

// TestUnverifiedList covers the list of identities of a failed check: each
// form stands once, in the order given, and the list ends with three dots
// where it cannot show all (guide, SMTP response codes).
func TestUnverifiedList(t *testing.T) {
	const before = "400 MessageRejected: Email address is not verified. The following identities failed the check in region EU-WEST-1: "
	for _, c := range []struct {
		failing []string
		most    int64
		want    string
	}{
		{[]string{"a@x.com"}, 2000, "a@x.com"},
		{[]string{"a@x.com", "a@x.com", "b@x.com", "a@x.com"}, 2000, "a@x.com, b@x.com"},
		{[]string{"a@x.com", "A <a@x.com>", "A@x.com"}, 2000, "a@x.com, A <a@x.com>, A@x.com"},
		{[]string{"a@x.com", "b@x.com"}, 17, "a@x.com, b@x.com"},
		{[]string{"a@x.com", "b@x.com"}, 16, "a@x.com, b@x.com"},
		{[]string{"a@x.com", "b@x.com"}, 15, "a@x.com, ..."},
		{[]string{"a@x.com", "a@x.com"}, 15, "a@x.com"},
		{[]string{"a@x.com", "b@x.com", "c@x.com"}, 16, "a@x.com, b@x.com, ..."},
		{[]string{"a@x.com"}, 1, "a@x.com"},
	} {
		if got := ses.Unverified(ses.V2, "eu-west-1", c.failing, c.most).String(); got != before+c.want {
			t.Errorf("%q in %d characters:\n %s\nwant\n %s", c.failing, c.most, got, before+c.want)
		}
	}
}

// TestBareAddress checks which identity a header names.
func TestBareAddress(t *testing.T) {
	for text, want := range map[string]string{
		"a@x.com": "a@x.com", "A B <a@x.com>": "a@x.com", `"<" <a@x.com>`: "a@x.com", "<a@x.com>": "a@x.com", "a@x.com>": "a@x.com>", "": "",
	} {
		if got := ses.BareAddress(text); got != want {
			t.Errorf("%q names %q, want %q", text, got, want)
		}
	}
}

// TestSMTPReplies holds the answers that runs give against the list of AWS's:
// each that we word is there and marked, and none is marked that we do not
// word.
func TestSMTPReplies(t *testing.T) {
	worded := []ses.Error{
		{Status: 250, Message: "Ok <MessageID>"}, // of an accepted message
		ses.Throttled(ses.SMTP, ses.RefusedRate), ses.Throttled(ses.SMTP, ses.RefusedQuota), ses.ThrottledSigV2(),
		ses.Malformed(ses.SMTP, ses.CallInput{Recipients: 1, Size: 40<<20 + 1}), ses.Malformed(ses.SMTP, ses.CallInput{Recipients: 51}),
		ses.Malformed(ses.SMTP, ses.CallInput{Recipients: 1, Malformed: "Address"}),
		ses.Unverified(ses.SMTP, "<Region>", []string{"<Identities>"}, 2000), ses.Paused(ses.SMTP, ses.ByAWS), ses.SessionIdle(), ses.SessionFull(),
	}
	given := make([]bool, len(worded))
	for i, r := range ses.SMTPReplies {
		if i > 0 && r.Code < ses.SMTPReplies[i-1].Code {
			t.Errorf("%d %s does not stand in the order of codes", r.Code, r.Text)
		}
		form, _, _ := strings.Cut(strings.ReplaceAll(r.Text, "<Region>", "<REGION>"), "<Reason>")
		found := false
		for n, e := range worded {
			if e.Status == r.Code && strings.HasPrefix(e.Message, form) {
				found, given[n] = true, true
			}
		}
		if found != r.Run {
			t.Errorf("%d %s: a run gives it: %v, want %v", r.Code, r.Text, found, r.Run)
		}
	}
	for n, e := range worded {
		if !given[n] {
			t.Errorf("%s is not in the list", e)
		}
	}
}
