package ses_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sesim/sim/rules"
	"sesim/sim/ses"
)

// TestTrigger covers what AWS does on grounds other than rates (guide,
// reputation dashboard messages): a spamtrap, a blocklist, direct feedback.
func TestTrigger(t *testing.T) {
	t.Run("rep.trigger", func(t *testing.T) {
		a := newAccount(t, released)
		if a.Trigger(0, "spamtrap", false) {
			t.Error("a pause began")
		}
		status(t, a, ses.Probation)
		if got := latest(t, a); got != (ses.Transition{Event: ses.EventUnderReview, Rule: rules.RepTrigger, Why: "spamtrap"}) {
			t.Errorf("the timeline ends with %+v", got)
		}
		a.Evaluate(21*day - 1)
		status(t, a, ses.Probation)
		a.Evaluate(21 * day)
		status(t, a, ses.Healthy)
	})
	t.Run("a pause at once", func(t *testing.T) {
		a := newAccount(t, released)
		if !a.Trigger(0, "compromised credentials", true) || stops(a) != 1 {
			t.Error("no pause began")
		}
		if got := latest(t, a); got != (ses.Transition{Event: ses.EventPaused, Rule: rules.RepTrigger, Why: "compromised credentials"}) {
			t.Errorf("the timeline ends with %+v", got)
		}
		if a.Trigger(1, "blocklist", true) || stops(a) != 1 || len(a.Timeline()) != 1 {
			t.Errorf("a paused account was paused again: %v", a.Timeline())
		}
	})
	t.Run("a pause during a review", func(t *testing.T) {
		a := underReview(t)
		if !a.Trigger(day, "blocklist", true) {
			t.Error("no pause began")
		}
		status(t, a, ses.Shutdown)
	})
	t.Run("a pause with notice", func(t *testing.T) {
		a := newAccount(t, released, notice(day))
		if a.Trigger(0, "blocklist", true) || a.Status() != ses.StatusPendingPause {
			t.Errorf("a pause began at once, or %s", a.Status())
		}
		if !a.Evaluate(day) {
			t.Error("no pause began")
		}
	})
	// A cause that joins a review is noted, and an appeal no longer ends it;
	// the review itself ends when it would have ended.
	t.Run("another cause during a review", func(t *testing.T) {
		a := underReview(t)
		a.Trigger(day, "spamtrap", false)
		if got := latest(t, a); got != (ses.Transition{At: day, Event: ses.EventUnderReview, Rule: rules.RepTrigger, Why: "spamtrap"}) {
			t.Errorf("the timeline ends with %+v", got)
		}
		if bounce, _ := a.RateStatus(); bounce != ses.StatusUnderReview {
			t.Errorf("the rate that began the review is %q", bounce)
		}
		a.Appeal(2 * day)
		a.Answer(3*day, true, rules.Reads{})
		if got := latest(t, a).Event; got != ses.EventReviewExtended {
			t.Errorf("an accepted appeal led to %q", got)
		}
		mail(a, 10_000, 0, 0)
		a.Evaluate(24 * day)
		status(t, a, ses.Healthy)
	})
	// For spamtraps, blocklists and the like an accepted appeal extends the
	// review instead of ending it.
	t.Run("an appeal extends the review", func(t *testing.T) {
		a := newAccount(t, released)
		a.Trigger(0, "spamtrap", false)
		a.Appeal(10 * day)
		a.Answer(11*day, true, rules.Reads{})
		want := ses.Transition{At: 11 * day, Event: ses.EventReviewExtended, Rule: rules.AppealFreshStart, Why: "appeal accepted; the review continues"}
		if got := latest(t, a); got != want {
			t.Errorf("the timeline ends with %+v, want %+v", got, want)
		}
		a.Evaluate(32*day - 1)
		status(t, a, ses.Probation)
		a.Evaluate(32 * day)
		status(t, a, ses.Healthy)
		// A review that a rate begins later is ended by an appeal as usual.
		mail(a, 10_000, 600, 0)
		a.Evaluate(33 * day)
		a.Answer(34*day, true, rules.Reads{})
		status(t, a, ses.Healthy)
	})
	t.Run("an appeal lifts the pause", func(t *testing.T) {
		a := newAccount(t, released)
		a.Trigger(0, "spamtrap", true)
		a.Answer(day, true, rules.Reads{})
		status(t, a, ses.Healthy)
	})
	t.Run("an appeal lifts the pause that follows the review", func(t *testing.T) {
		a := newAccount(t, released)
		a.Trigger(0, "spamtrap", false)
		a.Trigger(day, "blocklist", true)
		a.Answer(2*day, true, rules.Reads{})
		status(t, a, ses.Healthy)
	})
}

// TestStatus follows the console's words for account and rates through a
// review and a pause (guide, reputation dashboard messages).
func TestStatus(t *testing.T) {
	a := newAccount(t, released, notice(day))
	is := func(when string, account, bounce, complaint ses.Status) {
		t.Helper()
		b, c := a.RateStatus()
		if got, want := [3]ses.Status{a.Status(), b, c}, [3]ses.Status{account, bounce, complaint}; got != want {
			t.Errorf("%s: %q, want %q", when, got, want)
		}
	}
	const healthy, review, pending = ses.StatusHealthy, ses.StatusUnderReview, ses.StatusPendingPause
	is("at first", healthy, healthy, healthy)
	mail(a, 10_000, 0, 10)
	a.Evaluate(1)
	is("complaints at the threshold", review, healthy, review)
	mail(a, 10_000, 0, 9)
	a.Evaluate(1 + day)
	is("complaints below it", review, healthy, ses.StatusAlmostHealed)
	mail(a, 10_000, 0, 10)
	a.Evaluate(1 + 2*day)
	is("complaints at it again", review, healthy, review)
	mail(a, 10_000, 1_001, 10)
	a.Evaluate(1 + 21*day)
	is("bounces above the pause threshold", pending, pending, healthy)
	a.Trigger(2+21*day, "spamtrap", true)
	is("a spamtrap, which calls for the pause that is announced", pending, pending, healthy)
	a.Evaluate(1 + 22*day)
	is("the pause", ses.StatusPaused, ses.StatusSendingPause, healthy)
	a.Answer(1+23*day, true, rules.Reads{})
	is("an appeal", healthy, healthy, healthy)
	a.Trigger(1+24*day, "spamtrap", false)
	is("a spamtrap", review, healthy, healthy)
	a.Evaluate(1 + 45*day)
	is("the end of the review", healthy, healthy, healthy)
	mail(a, 10_000, 500, 0)
	a.Evaluate(1 + 46*day)
	is("bounces at the threshold", review, review, healthy)
	mail(a, 10_000, 499, 0)
	a.Evaluate(1 + 67*day)
	is("a review that ends well", healthy, healthy, healthy)
	mail(a, 10_000, 500, 0)
	a.Evaluate(1 + 68*day)
	a.Trigger(1+68*day, "blocklist", true)
	is("a pause for another cause", pending, healthy, healthy)
}

// TestStory plays the model's reference case from end to end: 600 bounces in
// the last 10,000 mails, and 1,200 when the review ends.
func TestStory(t *testing.T) {
	a := newAccount(t, released)
	mail(a, 10_000, 600, 0)
	a.Evaluate(time.Hour)
	admit(t, a, time.Hour, to(1), ses.Accepted)
	if a.Enforcement().String() != "PROBATION" {
		t.Errorf("the API's status is %v", a.Enforcement())
	}
	mail(a, 10_000, 1_200, 0)
	a.Evaluate(time.Hour + 21*day)
	if a.Enforcement().String() != "SHUTDOWN" {
		t.Errorf("the API's status is %v", a.Enforcement())
	}
	admit(t, a, time.Hour+21*day, to(1), ses.RefusedPaused)
	want := []ses.Transition{
		{At: time.Hour, Event: ses.EventUnderReview, Rule: rules.RepReview, Why: "bounce rate 6.00% over 10,000 eligible"},
		{At: time.Hour + 21*day, Event: ses.EventPaused, Rule: rules.ReviewEnd, Why: "end of review: bounce rate 12.00% over 10,000 eligible"},
	}
	if diff := cmp.Diff(want, lines(a, 0)); diff != "" {
		t.Errorf("timeline (-want +got):\n%s", diff)
	}
	if got := ses.Paused(ses.V1, a.PausedBy(nil)); got.Code != "MessageRejected" || got.Status != 400 {
		t.Errorf("version 1 answers %v", got)
	}
}
