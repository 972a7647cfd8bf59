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
				if !paused || stops(a) != 1 {
					t.Errorf("a pause began: %v; pause number %d", paused, stops(a))
				}
				status(t, a, ses.Shutdown)
				want := []ses.Transition{{At: time.Hour, Event: ses.EventPaused, Rule: rules.PauseImmediate, Why: c.why}}
				if diff := cmp.Diff(want, lines(a, 0)); diff != "" {
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
		if !a.Evaluate(day) {
			t.Error("no pause began")
		}
		if got := latest(t, a); got.Rule != rules.PauseImmediate || got.At != day {
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
		if stops(a) != 1 || len(a.Timeline()) != 1 {
			t.Errorf("%d pauses; timeline %v", stops(a), a.Timeline())
		}
	})
}

// reviewAgain puts the account under review for bounces, or whatever takes
// its place, and ends that by an appeal. It returns what happened first.
func reviewAgain(a *ses.Account, now time.Duration, bounces, complaints int) ses.Transition {
	mail(a, 10_000, bounces, complaints)
	before := len(a.Timeline())
	a.Evaluate(now)
	got := lines(a, before)[0]
	a.Answer(now, true, rules.Reads{})
	return got
}

// TestRepeatedReviews covers the pause of an account that was reviewed
// several times for the same issue (FAQ on enforcement). That the third
// review is the pause is an assumption.
func TestRepeatedReviews(t *testing.T) {
	t.Run("pause.repeated", func(t *testing.T) {
		a := newAccount(t, released)
		for i, want := range []ses.Transition{
			{Event: ses.EventUnderReview, Rule: rules.RepReview, Why: "bounce rate 5.00% over 10,000 eligible"},
			{Event: ses.EventUnderReview, Rule: rules.RepReview, Why: "bounce rate 5.00% over 10,000 eligible"},
			{Event: ses.EventPaused, Rule: rules.PauseRepeated, Why: "bounce rate 5.00% over 10,000 eligible, for the third time"},
			{Event: ses.EventPaused, Rule: rules.PauseRepeated, Why: "bounce rate 5.00% over 10,000 eligible, for the fourth time"},
			{Event: ses.EventPaused, Rule: rules.PauseRepeated, Why: "bounce rate 5.00% over 10,000 eligible, for the fifth time"},
			{Event: ses.EventPaused, Rule: rules.PauseRepeated, Why: "bounce rate 5.00% over 10,000 eligible, for the 6th time"},
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
				case ses.EventUnderReview:
					got += "r"
				case ses.EventPaused:
					got += "p"
				}
			}
			if got != c.want {
				t.Errorf("%s leads to %s, want %s", c.metrics, got, c.want)
			}
		})
	}
}
