package ses_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sesim/sim/rules"
	"sesim/sim/ses"
)

// factor sets, in thousandths, how many times the pause threshold pauses at
// once.
func factor(n int64) change { return func(s *rules.Set) { s.Pause.ImmediateFactor = n } }

func repeat(n int64) change { return func(s *rules.Set) { s.Pause.RepeatReviews = n } }

func permanentAfter(n int64) change { return func(s *rules.Set) { s.Pause.PermanentAfter = n } }

func notice(d time.Duration) change { return func(s *rules.Set) { s.Pause.Notice = d } }

// TestImmediatePause covers the pause without a review where the problem is
// very serious (FAQ on enforcement). The factor of two is an assumption;
// notices at 11 % and 0.6 % began a review, so it is not one.
func TestImmediatePause(t *testing.T) {
	t.Run("pause.immediate", func(t *testing.T) {
		for _, c := range []struct {
			name                string
			changes             []change
			bounces, complaints int // among 10,000 mails
			why                 string
		}{
			{"bounces just below 20 %", nil, 1_999, 0, ""},
			{"bounces at 20 %", nil, 2_000, 0, "bounce rate 20.00% over 10,000 eligible, at or above 20%"},
			{"complaints just below 1 %", nil, 0, 99, ""},
			{"complaints at 1 %", nil, 0, 100, "complaint rate 1.00% over 10,000 eligible, at or above 1%"},
			{"bounces for a review, complaints at 1 %", nil, 500, 100, "complaint rate 1.00% over 10,000 eligible, at or above 1%"},
			{"one and a half times, just below", []change{factor(1500)}, 1_499, 74, ""},
			{"one and a half times", []change{factor(1500)}, 1_500, 0, "bounce rate 15.00% over 10,000 eligible, at or above 15%"},
			{"never", []change{factor(0)}, 10_000, 10_000, ""},
			{"beyond everything", []change{factor(11_000)}, 10_000, 0, ""},
			{"a threshold of a few in a billion", []change{factor(2000), func(s *rules.Set) { s.Pause.BounceRate = 999 }}, 20, 0,
				"bounce rate 0.200% over 10,000 eligible, at or above 0.0001998%"},
		} {
			t.Run(c.name, func(t *testing.T) {
				a := newAccount(t, released, c.changes...)
				mail(a, 10_000, c.bounces, c.complaints)
				paused := a.Evaluate(time.Hour)
				if c.why == "" {
					if paused {
						t.Errorf("a pause began: %v", a.Timeline())
					}
					status(t, a, ses.Probation)
					return
				}
				if !paused || a.PauseNumber() != 1 {
					t.Errorf("a pause began: %v; pause number %d", paused, a.PauseNumber())
				}
				status(t, a, ses.Shutdown)
				want := []ses.Transition{{At: time.Hour, Event: "paused", Rule: rules.PauseImmediate, Why: c.why}}
				if diff := cmp.Diff(want, a.Timeline()); diff != "" {
					t.Errorf("timeline (-want +got):\n%s", diff)
				}
			})
		}
	})
	t.Run("at too small a volume nothing is decided", func(t *testing.T) {
		a := newAccount(t, released)
		mail(a, 999, 999, 999)
		if a.Evaluate(0) {
			t.Error("a pause began")
		}
		status(t, a, ses.Healthy)
	})
	t.Run("during a review", func(t *testing.T) {
		a := underReview(t)
		mail(a, 10_000, 2_000, 0)
		if !a.Evaluate(time.Hour) {
			t.Error("no pause began")
		}
		if got := latest(t, a); got.Rule != rules.PauseImmediate || got.At != time.Hour {
			t.Errorf("the timeline ends with %+v", got)
		}
	})
	t.Run("a pause begins once", func(t *testing.T) {
		a := newAccount(t, released)
		mail(a, 10_000, 2_000, 0)
		a.Evaluate(0)
		for i := range 4 {
			if a.Evaluate(time.Duration(i) * time.Hour) {
				t.Errorf("a pause began again after %d hours", i)
			}
		}
		if a.PauseNumber() != 1 || len(a.Timeline()) != 1 {
			t.Errorf("%d pauses; timeline %v", a.PauseNumber(), a.Timeline())
		}
	})
}

// reviewAgain puts the account under review for bounces, or whatever takes
// its place, and ends that by an appeal. It returns what happened first.
func reviewAgain(a *ses.Account, now time.Duration, bounces, complaints int) ses.Transition {
	mail(a, 10_000, bounces, complaints)
	before := len(a.Timeline())
	a.Evaluate(now)
	got := a.Timeline()[before]
	a.Answer(now, true)
	return got
}

// TestRepeatedReviews covers the pause of an account that was reviewed
// several times for the same issue (FAQ on enforcement). That the third
// review is the pause is an assumption.
func TestRepeatedReviews(t *testing.T) {
	t.Run("pause.repeated", func(t *testing.T) {
		a := newAccount(t, released)
		for i, want := range []ses.Transition{
			{Event: "under-review", Rule: rules.RepReview, Why: "bounce rate 5.00% over 10,000 eligible"},
			{Event: "under-review", Rule: rules.RepReview, Why: "bounce rate 5.00% over 10,000 eligible"},
			{Event: "paused", Rule: rules.PauseRepeated, Why: "bounce rate 5.00% over 10,000 eligible, for the third time"},
			{Event: "paused", Rule: rules.PauseRepeated, Why: "bounce rate 5.00% over 10,000 eligible, for the fourth time"},
			{Event: "paused", Rule: rules.PauseRepeated, Why: "bounce rate 5.00% over 10,000 eligible, for the fifth time"},
			{Event: "paused", Rule: rules.PauseRepeated, Why: "bounce rate 5.00% over 10,000 eligible, for the 6th time"},
		} {
			want.At = time.Duration(i) * day
			if got := reviewAgain(a, want.At, 500, 0); got != want {
				t.Errorf("time %d: %+v, want %+v", i+1, got, want)
			}
		}
	})
	for _, c := range []struct {
		name    string
		changes []change
		metrics string // b for bounces, c for complaints
		want    string // r for a review, p for a pause
	}{
		{"each rate for itself", nil, "bbccbc", "rrrrpp"},
		{"the second review", []change{repeat(2)}, "bcbc", "rrpp"},
		{"the fifth review", []change{repeat(5)}, "bbbbb", "rrrrp"},
		{"never", []change{repeat(0)}, "bbbbbbb", "rrrrrrr"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := newAccount(t, released, c.changes...)
			got := ""
			for i, metric := range c.metrics {
				bounces, complaints := 500, 0
				if metric == 'c' {
					bounces, complaints = 0, 10
				}
				switch reviewAgain(a, time.Duration(i)*day, bounces, complaints).Event {
				case "under-review":
					got += "r"
				case "paused":
					got += "p"
				}
			}
			if got != c.want {
				t.Errorf("%s leads to %s, want %s", c.metrics, got, c.want)
			}
		})
	}
}

// TestSuspension covers repeat offenders, who are suspended for good (FAQ on
// enforcement). After how many pauses is an assumption, and off by default.
func TestSuspension(t *testing.T) {
	t.Run("pause.permanent", func(t *testing.T) {
		a := newAccount(t, released, permanentAfter(2))
		a.Trigger(0, "spamtrap", true)
		if a.PausedBy(nil) != ses.ByAWS {
			t.Error("the first pause is for good")
		}
		a.Answer(day, true)
		status(t, a, ses.Healthy)
		a.Trigger(2*day, "spamtrap", true)
		if a.PausedBy(nil) != ses.Suspended {
			t.Error("the second pause is not for good")
		}
		a.Answer(3*day, true)
		status(t, a, ses.Shutdown)
		admit(t, a, year, to(1), ses.RefusedPaused)
		want := []ses.Transition{
			{At: 0, Event: "paused", Rule: rules.RepTrigger, Why: "spamtrap"},
			{At: day, Event: "healthy", Rule: rules.AppealFreshStart, Why: "appeal accepted while paused; rates count from here"},
			{At: 2 * day, Event: "paused", Rule: rules.RepTrigger, Why: "spamtrap"},
			{At: 2 * day, Event: "suspended", Rule: rules.PausePermanent, Why: "the second pause is for good"},
			{At: 3 * day, Event: "appeal-rejected", Rule: rules.AppealFreshStart, Why: "still paused"},
		}
		if diff := cmp.Diff(want, a.Timeline()); diff != "" {
			t.Errorf("timeline (-want +got):\n%s", diff)
		}
	})
	t.Run("by default never", func(t *testing.T) {
		a := newAccount(t, released)
		for i := range 20 {
			now := time.Duration(i) * day
			a.Trigger(now, "spamtrap", true)
			a.Answer(now, true)
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
		if !a.Evaluate(4*day) || a.Status() != ses.StatusPaused || a.PauseNumber() != 1 {
			t.Errorf("no pause began: %s, pause number %d", a.Status(), a.PauseNumber())
		}
		if a.Evaluate(5 * day) {
			t.Error("the pause began again")
		}
		admit(t, a, 4*day, to(1), ses.RefusedPaused)
		why := "bounce rate 20.00% over 10,000 eligible, at or above 20%"
		want := []ses.Transition{
			{At: day, Event: "pending-pause", Rule: rules.PausePending, Why: why},
			{At: 4 * day, Event: "paused", Rule: rules.PauseImmediate, Why: why},
		}
		if diff := cmp.Diff(want, a.Timeline()); diff != "" {
			t.Errorf("timeline (-want +got):\n%s", diff)
		}
	})
	t.Run("an appeal prevents it", func(t *testing.T) {
		a := underReview(t, notice(3*day))
		mail(a, 10_000, 1_000, 0)
		a.Evaluate(21 * day)
		a.Answer(22*day, true)
		a.Evaluate(24 * day)
		status(t, a, ses.Healthy)
		if want := []string{"under-review", "pending-pause", "healthy"}; cmp.Diff(want, happened(a)) != "" {
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
			want    string
		}{{0, "healthy"}, {600, "review-extended"}, {1_000, "paused"}} {
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
			if want := []string{"under-review", "pending-end-of-review", c.want}; cmp.Diff(want, happened(a)) != "" {
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
		want := []string{"under-review", "pending-end-of-review", "review-extended", "pending-end-of-review", "paused"}
		if diff := cmp.Diff(want, happened(a)); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
	})
}
