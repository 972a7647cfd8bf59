package ses_test

import (
	"testing"
	"time"

	"sesim/sim/rules"
	"sesim/sim/ses"
)

// TestDescribe follows what GetAccount says of an account (API version 2).
func TestDescribe(t *testing.T) {
	a := newAccount(t, sandboxed)
	want := ses.Description{SendingEnabled: true, Max24HourSend: 200, MaxSendRate: 1, SuppressedReasons: both}
	check := func(now time.Duration, what string) {
		t.Helper()
		if got := a.Describe(now); got != want {
			t.Errorf("%s: %+v, want %+v", what, got, want)
		}
	}
	check(0, "at the start")
	admit(t, a, 0, to(3), ses.Accepted)
	want.SentLast24Hours = 3
	check(day-1, "a nanosecond before 24 hours")
	want.SentLast24Hours = 0
	check(day, "after 24 hours")
	for _, c := range []struct {
		outcome ses.Outcome
		review  ses.ReviewStatus
	}{{ses.Failed, "FAILED"}, {ses.MoreInfo, "PENDING"}, {ses.Granted, "GRANTED"}, {ses.Denied, "DENIED"}} {
		a.Submit(day, "MARKETING", rules.Reads{})
		want.Review = "PENDING"
		check(day, "asked")
		a.Decide(day, c.outcome, -1, 14, rules.Reads{})
		if want.Review = c.review; c.outcome == ses.Granted {
			want.ProductionAccessEnabled, want.Max24HourSend, want.MaxSendRate = true, -1, 14
		}
		check(day, c.outcome.String())
	}
	a.SetSuppression(0)
	want.SuppressedReasons = 0
	a.Pause(day)
	want.SendingEnabled = false
	check(day, "paused by the customer")
	a.Resume(day)
	a.Trigger(day, "spamtrap", true)
	want.EnforcementStatus = ses.Shutdown
	check(day, "paused by AWS")
}

// TestSendingEnabled checks the customer's switch as GetAccount shows it while
// AWS pauses the account, of which nothing is published.
func TestSendingEnabled(t *testing.T) {
	for _, shown := range []bool{false, true} {
		a := newAccount(t, released, func(s *rules.Set) { s.Pause.SendingEnabled = shown })
		a.Trigger(0, "spamtrap", true)
		if got := a.Describe(0).SendingEnabled; got != shown {
			t.Errorf("paused by AWS: sending is enabled: %v, want %v", got, shown)
		}
		a.Pause(0)
		if a.Describe(0).SendingEnabled {
			t.Error("paused by both, sending is enabled")
		}
	}
}
