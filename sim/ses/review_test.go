package ses_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sesim/sim/rules"
	"sesim/sim/ses"
)

// TestReviewBegins covers the thresholds of a review (FAQ on enforcement):
// 5 % bounces or 0.1 % complaints put an account under review, and sending
// goes on. The least volume and the least number of events are assumptions.
func TestReviewBegins(t *testing.T) {
	minEvents := func(bounces, complaints int64) change {
		return func(s *rules.Set) { s.Rep.MinBounces, s.Rep.MinComplaints = bounces, complaints }
	}
	minEligible := func(n int64) change { return func(s *rules.Set) { s.Rep.MinEligible = n } }
	t.Run("rep.review", func(t *testing.T) {
		for _, c := range []struct {
			name                          string
			changes                       []change
			eligible, bounces, complaints int
			want                          ses.Enforcement
			why                           string
		}{
			{"bounces just below 5 %", nil, 10_000, 499, 0, ses.Healthy, ""},
			{"bounces at 5 %", nil, 10_000, 500, 0, ses.Probation, "bounce rate 5.00% over 10,000 eligible"},
			{"bounces above 5 %", nil, 10_000, 501, 0, ses.Probation, "bounce rate 5.01% over 10,000 eligible"},
			{"an eleventh of the mail, as in a public notice", nil, 10_000, 1_108, 0, ses.Probation, "bounce rate 11.08% over 10,000 eligible"},
			{"complaints just below 0.1 %", nil, 10_000, 0, 9, ses.Healthy, ""},
			{"complaints at 0.1 %", nil, 10_000, 0, 10, ses.Probation, "complaint rate 0.100% over 10,000 eligible"},
			{"complaints at 0.6 %, as in a public notice", nil, 20_000, 0, 120, ses.Probation, "complaint rate 0.600% over 20,000 eligible"},
			{"both: bounces decide", nil, 10_000, 500, 10, ses.Probation, "bounce rate 5.00% over 10,000 eligible"},

			{"one mail short of the least volume", nil, 999, 60, 0, ses.Healthy, ""},
			{"the least volume", nil, 1_000, 60, 0, ses.Probation, "bounce rate 6.00% over 1,000 eligible"},
			{"complaints, one mail short", nil, 999, 0, 8, ses.Healthy, ""},
			{"one bounce short of the least number", []change{minEligible(0)}, 300, 19, 0, ses.Healthy, ""},
			{"the least number of bounces", []change{minEligible(0)}, 300, 20, 0, ses.Probation, "bounce rate 6.67% over 300 eligible"},
			{"one complaint short of the least number", nil, 1_000, 0, 4, ses.Healthy, ""},
			{"the least number of complaints", nil, 1_000, 0, 5, ses.Probation, "complaint rate 0.500% over 1,000 eligible"},
			{"without least numbers a single event decides", []change{minEligible(0), minEvents(0, 0)}, 10, 1, 0, ses.Probation, "bounce rate 10.00% over 10 eligible"},
			{"but no event at all never", []change{minEligible(0), minEvents(0, 0), atZero}, 10_000, 0, 0, ses.Healthy, ""},
			{"nor events without mail", []change{minEligible(0), minEvents(0, 0)}, 0, 50, 50, ses.Healthy, ""},

			{"the thresholds of 2018: bounces just below 10 %", []change{of2018}, 10_000, 999, 49, ses.Healthy, ""},
			{"the thresholds of 2018: bounces", []change{of2018}, 10_000, 1_000, 0, ses.Probation, "bounce rate 10.00% over 10,000 eligible"},
			{"the thresholds of 2018: complaints", []change{of2018}, 10_000, 0, 50, ses.Probation, "complaint rate 0.500% over 10,000 eligible"},
		} {
			t.Run(c.name, func(t *testing.T) {
				a := newAccount(t, released, c.changes...)
				mail(a, c.eligible, c.bounces, c.complaints)
				if a.Evaluate(time.Hour) {
					t.Error("a pause began")
				}
				status(t, a, c.want)
				admit(t, a, time.Hour, to(1), ses.Accepted)
				var want []ses.Transition
				if c.want == ses.Probation {
					want = []ses.Transition{{At: time.Hour, Event: ses.EventUnderReview, Rule: rules.RepReview, Why: c.why}}
				}
				if diff := cmp.Diff(want, lines(a, 0)); diff != "" {
					t.Errorf("timeline (-want +got):\n%s", diff)
				}
			})
		}
	})
}

// of2018 are the review thresholds until 2018-09-19.
func of2018(s *rules.Set) {
	s.Review.BounceRate, s.Review.ComplaintRate = s.Pause.BounceRate, s.Pause.ComplaintRate
}

func atZero(s *rules.Set) { s.Review.BounceRate, s.Review.ComplaintRate = 0, 0 }

// underReview returns an account whose review began at 0.
func underReview(t *testing.T, changes ...change) *ses.Account {
	t.Helper()
	a := newAccount(t, released, changes...)
	mail(a, 10_000, 600, 0)
	a.Evaluate(0)
	status(t, a, ses.Probation)
	return a
}

// TestReviewEnds covers the end of a review (guide, reputation dashboard
// messages): above the pause threshold sending is paused, below the review
// threshold the account is healthy. What lies between is not published; the
// length of three weeks is an assumption.
func TestReviewEnds(t *testing.T) {
	endRule := func(r rules.EndRule) change { return func(s *rules.Set) { s.Review.EndRule = r } }
	t.Run("review.end", func(t *testing.T) {
		for _, c := range []struct {
			name                string
			rule                rules.EndRule
			bounces, complaints int // among 10,000 mails
			want                ses.Enforcement
			event               ses.Event
			why                 string
		}{
			{"bounces just below 10 %", rules.ExtendOnce, 999, 0, ses.Probation, ses.EventReviewExtended, "end of review: bounce rate 9.99% over 10,000 eligible"},
			{"bounces at 10 %", rules.ExtendOnce, 1_000, 0, ses.Probation, ses.EventReviewExtended, "end of review: bounce rate 10.00% over 10,000 eligible"},
			{"bounces just above 10 %", rules.ExtendOnce, 1_001, 0, ses.Shutdown, ses.EventPaused, "end of review: bounce rate 10.01% over 10,000 eligible"},
			{"bounces above 10 %", rules.EndHealthy, 1_200, 0, ses.Shutdown, ses.EventPaused, "end of review: bounce rate 12.00% over 10,000 eligible"},
			{"complaints just below 0.5 %", rules.ExtendOnce, 0, 49, ses.Probation, ses.EventReviewExtended, "end of review: complaint rate 0.490% over 10,000 eligible"},
			{"complaints at 0.5 %", rules.ExtendOnce, 0, 50, ses.Probation, ses.EventReviewExtended, "end of review: complaint rate 0.500% over 10,000 eligible"},
			{"complaints just above 0.5 %", rules.ExtendOnce, 0, 51, ses.Shutdown, ses.EventPaused, "end of review: complaint rate 0.510% over 10,000 eligible"},
			{"bounces between, complaints above", rules.ExtendOnce, 500, 51, ses.Shutdown, ses.EventPaused, "end of review: complaint rate 0.510% over 10,000 eligible"},
			{"both below", rules.ExtendOnce, 499, 9, ses.Healthy, ses.EventHealthy, "end of review: bounce rate 4.99% over 10,000 eligible; complaint rate 0.090% over 10,000 eligible"},
			{"bounces between", rules.EndPause, 500, 0, ses.Shutdown, ses.EventPaused, "end of review: bounce rate 5.00% over 10,000 eligible"},
			{"complaints between", rules.EndPause, 0, 10, ses.Shutdown, ses.EventPaused, "end of review: complaint rate 0.100% over 10,000 eligible"},
			{"nothing", rules.EndPause, 0, 0, ses.Healthy, ses.EventHealthy, "end of review: bounce rate 0.000% over 10,000 eligible; complaint rate 0.000% over 10,000 eligible"},
			{"between, leniently", rules.EndHealthy, 999, 49, ses.Healthy, ses.EventHealthy, "end of review: bounce rate 9.99% over 10,000 eligible; complaint rate 0.490% over 10,000 eligible"},
			{"at both pause thresholds, leniently", rules.EndHealthy, 1_000, 50, ses.Healthy, ses.EventHealthy, "end of review: bounce rate 10.00% over 10,000 eligible; complaint rate 0.500% over 10,000 eligible"},
			{"at the pause threshold, strictly", rules.EndPause, 1_000, 0, ses.Shutdown, ses.EventPaused, "end of review: bounce rate 10.00% over 10,000 eligible"},
		} {
			t.Run(c.name, func(t *testing.T) {
				a := underReview(t, endRule(c.rule))
				mail(a, 10_000, c.bounces, c.complaints)
				if a.Evaluate(21*day - 1) {
					t.Error("a pause began before the end")
				}
				status(t, a, ses.Probation)
				if len(a.Timeline()) != 1 {
					t.Errorf("something happened before the end: %v", a.Timeline())
				}
				if got := a.Evaluate(21 * day); got != (c.want == ses.Shutdown) {
					t.Errorf("a pause began: %v", got)
				}
				status(t, a, c.want)
				rule := rules.ReviewEnd
				if c.event == ses.EventReviewExtended {
					rule = rules.ReviewExtended
				}
				want := ses.Transition{At: 21 * day, Event: c.event, Rule: rule, Why: c.why}
				if got := latest(t, a); got != want {
					t.Errorf("the timeline ends with %+v, want %+v", got, want)
				}
			})
		}
	})
	t.Run("review.extended", func(t *testing.T) {
		for bounces, want := range map[int]ses.Enforcement{499: ses.Healthy, 500: ses.Shutdown, 999: ses.Shutdown} {
			a := underReview(t)
			a.Evaluate(21 * day)
			mail(a, 10_000, bounces, 0)
			a.Evaluate(42*day - 1)
			status(t, a, ses.Probation)
			a.Evaluate(42 * day)
			status(t, a, want)
			if got := latest(t, a); got.Rule != rules.ReviewEnd {
				t.Errorf("%d bounces: the timeline ends with %+v", bounces, got)
			}
		}
	})
	t.Run("a later review may be extended too", func(t *testing.T) {
		a := underReview(t)
		a.Evaluate(21 * day)
		mail(a, 10_000, 0, 0)
		a.Evaluate(42 * day)
		mail(a, 10_000, 600, 0)
		a.Evaluate(43 * day)
		a.Evaluate(64 * day)
		want := []ses.Event{ses.EventUnderReview, ses.EventReviewExtended, ses.EventHealthy, ses.EventUnderReview, ses.EventReviewExtended}
		if diff := cmp.Diff(want, happened(a)); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
	})
	t.Run("a length of one hour", func(t *testing.T) {
		a := underReview(t, func(s *rules.Set) { s.Review.Length = time.Hour })
		mail(a, 10_000, 0, 0)
		a.Evaluate(time.Hour - 1)
		status(t, a, ses.Probation)
		a.Evaluate(time.Hour)
		status(t, a, ses.Healthy)
	})
}

// TestReviewAllowance checks the sending allowance of an old FAQ: a review
// also ends after that many accepted recipients, and an extension allows the same
// number again.
func TestReviewAllowance(t *testing.T) {
	a := newAccount(t, unbounded, func(s *rules.Set) { s.Review.SendingAllowance = 100 })
	admit(t, a, 0, to(50), ses.Accepted) // before the review
	mail(a, 10_000, 600, 0)
	a.Evaluate(0)
	send := func(now time.Duration, n int64, events ...ses.Event) {
		t.Helper()
		admit(t, a, now, to(n), ses.Accepted)
		a.Evaluate(now)
		if diff := cmp.Diff(append([]ses.Event{ses.EventUnderReview}, events...), happened(a)); diff != "" {
			t.Errorf("events at %v (-want +got):\n%s", now, diff)
		}
	}
	send(1*day, 50)
	send(2*day, 48)
	admit(t, a, 2*day, ses.Call{Recipients: 1}, ses.Accepted) // by the mailbox simulator
	send(3*day, 1, ses.EventReviewExtended)
	send(4*day, 50, ses.EventReviewExtended)
	send(5*day, 49, ses.EventReviewExtended)
	mail(a, 10_000, 0, 0)
	send(6*day, 1, ses.EventReviewExtended, ses.EventHealthy)
}
