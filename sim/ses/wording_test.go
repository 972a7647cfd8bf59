package ses_test

import (
	"testing"

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

		{"identities, v1", ses.Unverified(ses.V1, "us-east-1", failing), "400 MessageRejected: " + unverified},
		{"identities, v2", ses.Unverified(ses.V2, "us-east-1", failing), "400 MessageRejected: " + unverified},
		{"identities, SMTP", ses.Unverified(ses.SMTP, "us-east-1", failing), "554 Message rejected: " + unverified},

		{"paused by AWS, v1", ses.Paused(ses.V1, ses.ByAWS), "400 MessageRejected: " + pause},
		{"paused by AWS, v2", ses.Paused(ses.V2, ses.ByAWS), "400 SendingPausedException: " + pause},
		{"paused by AWS, SMTP", ses.Paused(ses.SMTP, ses.ByAWS), "554 Message rejected: " + pause},
		{"paused by the customer, v1", ses.Paused(ses.V1, ses.ByCustomer), "400 AccountSendingPausedException: " + pause},
		{"paused by the customer, v2", ses.Paused(ses.V2, ses.ByCustomer), "400 SendingPausedException: " + pause},
		{"paused by the customer, SMTP", ses.Paused(ses.SMTP, ses.ByCustomer), "554 Message rejected: " + pause},
		{"a paused set, v1", ses.Paused(ses.V1, ses.OfSet), "400 ConfigurationSetSendingPausedException: " + pause},
		{"a paused set, v2", ses.Paused(ses.V2, ses.OfSet), "400 SendingPausedException: " + pause},
		{"a paused set, SMTP", ses.Paused(ses.SMTP, ses.OfSet), "554 Message rejected: " + pause},
		{"suspended, v1", ses.Paused(ses.V1, ses.Suspended), "400 AccountSuspendedException: " + pause},
		{"suspended, v2", ses.Paused(ses.V2, ses.Suspended), "400 AccountSuspendedException: " + pause},
		{"suspended, SMTP", ses.Paused(ses.SMTP, ses.Suspended), "554 Message rejected: " + pause},

		{"too large, v1", ses.Malformed(ses.V1, 1, 10<<20+1), "400 InvalidParameterValue: Message length is more than 10485760 bytes long: '10485761'."},
		{"too large, v2", ses.Malformed(ses.V2, 1, 40<<20+1), "400 BadRequestException: Message length is more than 41943040 bytes long: '41943041'."},
		{"too large, SMTP", ses.Malformed(ses.SMTP, 1, 40<<20+1), "552 Message is too long."},
		{"too large, SMTP, and too many", ses.Malformed(ses.SMTP, 51, 40<<20+1), "552 Message is too long."},
		{"too large to fifty, v2", ses.Malformed(ses.V2, 50, 40<<20+1), "400 BadRequestException: Message length is more than 41943040 bytes long: '41943041'."},
		{"too many, v1", ses.Malformed(ses.V1, 51, 0), "400 InvalidParameterValue: Recipient count exceeds 50."},
		{"too many, v2", ses.Malformed(ses.V2, 51, 0), "400 BadRequestException: Recipient count exceeds 50."},
		{"too many, SMTP", ses.Malformed(ses.SMTP, 51, 40<<20), "554 Transaction failed: Recipient count exceeds 50."},
		{"nobody, v1", ses.Malformed(ses.V1, 0, 0), "400 InvalidParameterValue: Missing required header 'To'."},
		{"nobody, v2", ses.Malformed(ses.V2, 0, 0), "400 BadRequestException: Missing required header 'To'."},
		{"nobody, SMTP", ses.Malformed(ses.SMTP, 0, 0), "554 Transaction failed: Missing required header 'To'."},
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
