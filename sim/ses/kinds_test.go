package ses_test

import (
	"fmt"
	"testing"

	"sesim/sim/ses"
)

// TestWords checks the words of the enumerations, which stand in summaries,
// scenarios and the API.
func TestWords(t *testing.T) {
	for _, c := range []struct {
		value fmt.Stringer
		want  string
	}{
		{ses.Sandbox, "sandbox"}, {ses.Production, "production"},
		{ses.Healthy, "HEALTHY"}, {ses.Probation, "PROBATION"}, {ses.Shutdown, "SHUTDOWN"},
		{ses.RefusedRate, "rate"}, {ses.RefusedQuota, "quota"}, {ses.RefusedUnverified, "unverified"},
		{ses.RefusedPaused, "paused"}, {ses.RefusedInvalid, "invalid"}, {ses.Accepted, "accepted"},
		{ses.ListReasons(0), ""}, {ses.ListBounce, "BOUNCE"}, {ses.ListComplaint, "COMPLAINT"}, {both, "BOUNCE,COMPLAINT"},
		{ses.Granted, "granted"}, {ses.Denied, "denied"}, {ses.Failed, "failed"}, {ses.MoreInfo, "more-info"},
		{ses.V1, "v1"}, {ses.V2, "v2"}, {ses.SMTP, "smtp"},
	} {
		if got := c.value.String(); got != c.want {
			t.Errorf("%T %d is %q, want %q", c.value, c.value, got, c.want)
		}
	}
}

func TestParseListReason(t *testing.T) {
	for _, want := range []ses.ListReasons{ses.ListBounce, ses.ListComplaint} {
		if got, err := ses.ParseListReason(want.String()); got != want || err != nil {
			t.Errorf("%v reads as %v, %v", want, got, err)
		}
	}
	for _, text := range []string{"", "bounce", "BOUNCE,COMPLAINT", "BOUNCE "} {
		if got, err := ses.ParseListReason(text); err == nil {
			t.Errorf("%q reads as %v", text, got)
		}
	}
}

// TestBounceTypes checks type and subtype of the bounces (guide, notification
// contents).
func TestBounceTypes(t *testing.T) {
	for b, want := range map[ses.Bounce]string{
		ses.NoBounce:                    "none",
		ses.PermanentGeneral:            "Permanent/General",
		ses.PermanentNoEmail:            "Permanent/NoEmail",
		ses.PermanentSuppressed:         "Permanent/Suppressed",
		ses.PermanentOnAccountList:      "Permanent/OnAccountSuppressionList",
		ses.TransientGeneral:            "Transient/General",
		ses.TransientMailboxFull:        "Transient/MailboxFull",
		ses.TransientMessageTooLarge:    "Transient/MessageTooLarge",
		ses.TransientContentRejected:    "Transient/ContentRejected",
		ses.TransientAttachmentRejected: "Transient/AttachmentRejected",
		ses.UndeterminedBounce:          "Undetermined/Undetermined",
		ses.TransientBlockedIP:          "Transient/General",
		ses.TransientDeferred:           "Transient/General",
		ses.TransientCustomTimeout:      "Transient/CustomTimeoutExceeded",
	} {
		if got := b.String(); got != want {
			t.Errorf("bounce %d is %s, want %s", b, got, want)
		}
	}
	if ses.NoBounce.Type() != "" || ses.NoBounce.SubType() != "" {
		t.Error("no bounce has a type")
	}
}

// TestSimulatorAddresses checks what the addresses of the mailbox simulator
// do (guide, mailbox simulator); each may have a label.
func TestSimulatorAddresses(t *testing.T) {
	for address, want := range map[string]ses.Simulator{
		"success@simulator.amazonses.com":           ses.SimulateSuccess,
		"bounce@simulator.amazonses.com":            ses.SimulateBounce,
		"bounce+label1@simulator.amazonses.com":     ses.SimulateBounce,
		"Bounce@Simulator.AmazonSES.com":            ses.SimulateBounce,
		"ooto@simulator.amazonses.com":              ses.SimulateOutOfOffice,
		"complaint@simulator.amazonses.com":         ses.SimulateComplaint,
		"complaint+a+b@simulator.amazonses.com":     ses.SimulateComplaint,
		"suppressionlist@simulator.amazonses.com":   ses.SimulateSuppression,
		"suppressionlist+2@simulator.amazonses.com": ses.SimulateSuppression,
		"bounce-17@simulator.amazonses.com":         ses.SimulateBounce, // the 17th of an audience
		"nobody@simulator.amazonses.com":            ses.SimulateSuccess,
		"bouncer@simulator.amazonses.com":           ses.SimulateSuccess,
	} {
		if got := ses.SimulatorOf(address); got != want {
			t.Errorf("%s is %v, want %v", address, got, want)
		}
	}
	for s, want := range []string{"success", "bounce", "ooto", "complaint", "suppressionlist"} {
		if got := ses.Simulator(s).String(); got != want {
			t.Errorf("simulator %d is %s, want %s", s, got, want)
		}
	}
}
