package ses_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sesim/sim/rules"
	"sesim/sim/ses"
)

// TestSuspension covers the permanent suspension of repeat offenders (FAQ on
// enforcement). The number of pauses before it is an assumption, and off by default.
func TestSuspension(t *testing.T) {
	t.Run("pause.permanent", func(t *testing.T) {
		a := newAccount(t, released, permanentAfter(2))
		a.Trigger(0, "spamtrap", true)
		if a.PausedBy(nil) != ses.ByAWS {
			t.Error("the first pause is permanent")
		}
		a.Answer(day, true, rules.Reads{})
		status(t, a, ses.Healthy)
		a.Trigger(2*day, "spamtrap", true)
		if a.PausedBy(nil) != ses.Suspended {
			t.Error("the second pause is not permanent")
		}
		a.Answer(3*day, true, rules.Reads{})
		status(t, a, ses.Shutdown)
		admit(t, a, year, to(1), ses.RefusedPaused)
		want := []ses.Transition{
			{At: 0, Event: ses.EventPaused, Rule: rules.RepTrigger, Why: "spamtrap"},
			{At: day, Event: ses.EventHealthy, Rule: rules.AppealFreshStart, Why: "appeal accepted while paused; rates count from here"},
			{At: 2 * day, Event: ses.EventPaused, Rule: rules.RepTrigger, Why: "spamtrap"},
			{At: 2 * day, Event: ses.EventSuspended, Rule: rules.PausePermanent, Why: "the second pause is permanent"},
			{At: 3 * day, Event: ses.EventAppealRejected, Rule: rules.AppealFreshStart, Why: "still paused"},
		}
		if diff := cmp.Diff(want, lines(a, 0)); diff != "" {
			t.Errorf("timeline (-want +got):\n%s", diff)
		}
	})
	t.Run("by default never", func(t *testing.T) {
		a := newAccount(t, released)
		for i := range 20 {
			now := time.Duration(i) * day
			a.Trigger(now, "spamtrap", true)
			a.Answer(now, true, rules.Reads{})
			status(t, a, ses.Healthy)
		}
	})
}

// TestNoticeOfPause covers the pause that is announced (guide, reputation
// dashboard messages: pending sending pause). The time is an assumption, and
// none by default.
func TestNoticeOfPause(t *testing.T) {
	t.Run("pause.pending", func(t *testing.T) {
		a := newAccount(t, released, notice(3*day))
		mail(a, 10_000, 2_000, 0)
		if a.Evaluate(day) || a.Status() != ses.StatusPendingPause {
			t.Errorf("paused at once, or %s", a.Status())
		}
		mail(a, 10_000, 0, 0) // comes too late to change anything
		if a.Evaluate(4*day - 1) {
			t.Error("paused before the time")
		}
		admit(t, a, 4*day-1, to(1), ses.Accepted)
		if !a.Evaluate(4*day) || a.Status() != ses.StatusPaused || stops(a) != 1 {
			t.Errorf("no pause began: %s, pause number %d", a.Status(), stops(a))
		}
		if a.Evaluate(5 * day) {
			t.Error("the pause began again")
		}
		admit(t, a, 4*day, to(1), ses.RefusedPaused)
		why := "bounce rate 20.00% over 10,000 eligible, at or above 20%"
		want := []ses.Transition{
			{At: day, Event: ses.EventPendingPause, Rule: rules.PausePending, Why: why},
			{At: 4 * day, Event: ses.EventPaused, Rule: rules.PauseImmediate, Why: why},
		}
		if diff := cmp.Diff(want, lines(a, 0)); diff != "" {
			t.Errorf("timeline (-want +got):\n%s", diff)
		}
	})
	t.Run("a pause that is announced stands", func(t *testing.T) {
		a := newAccount(t, released, notice(3*day))
		a.Trigger(0, "spamtrap", true)
		a.Trigger(2*day, "blocklist", true)
		if !a.Evaluate(3 * day) {
			t.Error("no pause began")
		}
		if got := latest(t, a); got.Why != "spamtrap" || stops(a) != 1 {
			t.Errorf("pause %d: the timeline ends with %+v", stops(a), got)
		}
	})
	// A healthy account's pause for a rate is announced when something else
	// begins a review: the rate's own status goes on telling of the pause.
	t.Run("a review for another cause leaves it to its rate", func(t *testing.T) {
		announced := func() *ses.Account {
			a := newAccount(t, released, notice(3*day))
			mail(a, 10_000, 2_000, 0)
			a.Evaluate(day)
			a.Trigger(2*day, "spamtrap", false)
			return a
		}
		is := func(a *ses.Account, account, bounce ses.Status) {
			t.Helper()
			b, c := a.RateStatus()
			if got, want := [3]ses.Status{a.Status(), b, c}, [3]ses.Status{account, bounce, ses.StatusHealthy}; got != want {
				t.Errorf("%q, want %q", got, want)
			}
		}
		a := announced()
		is(a, ses.StatusPendingPause, ses.StatusPendingPause)
		a.Evaluate(4 * day)
		is(a, ses.StatusPaused, ses.StatusSendingPause)
		a = announced()
		a.Answer(3*day, true, rules.Reads{}) // calls the pause off, and the review goes on
		is(a, ses.StatusUnderReview, ses.StatusUnderReview)
	})
	t.Run("an appeal during a review for another cause prevents it too", func(t *testing.T) {
		a := newAccount(t, released, notice(3*day))
		a.Trigger(0, "spamtrap", false)
		a.Trigger(day, "blocklist", true)
		a.Answer(2*day, true, rules.Reads{})
		a.Evaluate(4 * day)
		if a.Status() != ses.StatusUnderReview {
			t.Errorf("the status is %s", a.Status())
		}
		want := []ses.Event{ses.EventUnderReview, ses.EventPendingPause, ses.EventReviewExtended}
		if diff := cmp.Diff(want, happened(a)); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
	})
	t.Run("an appeal prevents it", func(t *testing.T) {
		a := underReview(t, notice(3*day))
		mail(a, 10_000, 1_001, 0)
		a.Evaluate(21 * day)
		a.Answer(22*day, true, rules.Reads{})
		a.Evaluate(24 * day)
		status(t, a, ses.Healthy)
		if want := []ses.Event{ses.EventUnderReview, ses.EventPendingPause, ses.EventHealthy}; cmp.Diff(want, happened(a)) != "" {
			t.Errorf("events %v, want %v", happened(a), want)
		}
	})
}

// TestDecisionAfterReview covers the time that a manual decision takes at
// the end of a review (guide, reputation dashboard messages: pending end of
// review decision). The time is an assumption, and none by default.
func TestDecisionAfterReview(t *testing.T) {
	t.Run("review.pending", func(t *testing.T) {
		for _, c := range []struct {
			bounces int // in what comes after the review's end
			want    ses.Event
		}{{0, ses.EventHealthy}, {600, ses.EventReviewExtended}, {1_001, ses.EventPaused}} {
			a := underReview(t, func(s *rules.Set) { s.Review.DecisionTime = 2 * day })
			a.Evaluate(21*day - 1)
			if a.Status() != ses.StatusUnderReview {
				t.Errorf("before the end: %s", a.Status())
			}
			a.Evaluate(21 * day)
			if a.Status() != ses.StatusPendingEnd {
				t.Errorf("at the end: %s", a.Status())
			}
			status(t, a, ses.Probation)
			admit(t, a, 21*day, to(1), ses.Accepted)
			mail(a, 10_000, c.bounces, 0)
			a.Evaluate(23*day - 1)
			if a.Status() != ses.StatusPendingEnd {
				t.Errorf("before the decision: %s", a.Status())
			}
			a.Evaluate(23 * day)
			if want := []ses.Event{ses.EventUnderReview, ses.EventPendingEndOfReview, c.want}; cmp.Diff(want, happened(a)) != "" {
				t.Errorf("events %v, want %v", happened(a), want)
			}
			if a.Status() == ses.StatusPendingEnd {
				t.Error("the decision is still pending")
			}
		}
	})
	t.Run("after an extension again", func(t *testing.T) {
		a := underReview(t, func(s *rules.Set) { s.Review.DecisionTime = day })
		for _, now := range []time.Duration{21 * day, 22 * day, 43*day - 1, 43 * day, 44 * day} {
			a.Evaluate(now)
		}
		want := []ses.Event{ses.EventUnderReview, ses.EventPendingEndOfReview, ses.EventReviewExtended, ses.EventPendingEndOfReview, ses.EventPaused}
		if diff := cmp.Diff(want, happened(a)); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
	})
}
