package ses_test

import (
	"testing"
	"time"

	"sesim/sim/rules"
	"sesim/sim/ses"
)

// TestRatesHaveTheirDenominators covers what the rates are of (FAQ on
// enforcement): bounces of all eligible mail, complaints of the mail to
// providers that report them.
func TestRatesHaveTheirDenominators(t *testing.T) {
	t.Run("complaint.feedback-loop", func(t *testing.T) {
		a := newAccount(t, released)
		for i := range 10 {
			a.CountEligible(i < 4)
		}
		a.CountBounce()
		a.CountComplaint()
		if bounce, _ := a.Rates(0); bounce.Data {
			t.Errorf("before an evaluation: %+v", bounce)
		}
		a.CloseRates(time.Hour)
		bounce, complaint := a.Rates(time.Hour)
		if want := (ses.RateFigures{Final: 0.1, Max: 0.1, Eligible: 10, Events: 1, Span: time.Hour, Data: true, Below: ses.Below{After: time.Hour, Mails: 10}}); bounce != want {
			t.Errorf("bounce rate %+v, want %+v", bounce, want)
		}
		if want := (ses.RateFigures{Final: 0.25, Max: 0.25, Eligible: 4, Events: 1, Span: time.Hour, Data: true, Below: ses.Below{After: time.Hour, Mails: 4}}); complaint != want {
			t.Errorf("complaint rate %+v, want %+v", complaint, want)
		}
	})
	t.Run("without mail there is no rate", func(t *testing.T) {
		a := newAccount(t, released)
		a.CountComplaint() // of mail that counts no more
		a.CloseRates(time.Hour)
		bounce, complaint := a.Rates(time.Hour)
		if bounce != (ses.RateFigures{}) || complaint.Data || complaint.Final != 0 {
			t.Errorf("%+v, %+v", bounce, complaint)
		}
	})
}

// TestRepresentativeVolume covers how far back the rates look. AWS publishes
// no algorithm; two of its notices end just above 10,000 eligible emails, one
// 74.9 and one 224.9 days long.
func TestRepresentativeVolume(t *testing.T) {
	for _, c := range []struct {
		name             string
		changes          []change
		buckets          []int // eligible emails of each day; the first of each bounces
		eligible, events int64
		span             time.Duration
	}{
		{"less than the volume: all there is", nil, []int{9_999}, 9_999, 1, day},
		{"exactly the volume", nil, []int{5_000, 5_000}, 10_000, 2, 2 * day},
		{"the oldest is not needed", nil, []int{5_000, 5_000, 5_000}, 10_000, 2, 2 * day},
		{"the oldest is needed for one mail", nil, []int{5_000, 5_000, 4_999}, 14_999, 3, 3 * day},
		{"one large day", nil, []int{1, 1, 1, 30_000}, 30_000, 1, day},
		{"days without mail", nil, []int{4_000, 0, 0, 0, 6_000, 0}, 10_000, 2, 6 * day},
		{"at least three days", []change{windowDays(3)}, []int{10_000, 10_000, 10_000, 10_000, 10_000}, 30_000, 3, 3 * day},
		{"three days, and more for the volume", []change{windowDays(3)}, []int{1, 9_970, 10, 10, 10}, 10_000, 4, 4 * day},
		{"nothing older than two days", []change{maxLookback(2 * day)}, []int{5_000, 10, 10}, 20, 2, 2 * day},
		{"nothing older than two days and a moment less", []change{maxLookback(2*day - 1)}, []int{5_000, 10, 10}, 10, 1, day},
		{"at least three days, nothing older than two", []change{windowDays(3), maxLookback(2 * day)}, []int{10_000, 10_000, 10_000, 10_000}, 20_000, 2, 2 * day},
		{"everything too old", []change{maxLookback(2 * day)}, []int{5_000, 0, 0}, 0, 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := newAccount(t, released, c.changes...)
			now := time.Duration(0)
			for _, n := range c.buckets {
				if n > 0 {
					mail(a, n, 1, 0)
				}
				now += day
				a.CloseRates(now)
			}
			got, _ := a.Rates(now)
			if got.Eligible != c.eligible || got.Events != c.events || got.Span != c.span {
				t.Errorf("%d of %d over %v, want %d of %d over %v", got.Events, got.Eligible, got.Span, c.events, c.eligible, c.span)
			}
		})
	}
}

func windowDays(n int64) change { return func(s *rules.Set) { s.Rep.WindowDays = n } }

func maxLookback(d time.Duration) change { return func(s *rules.Set) { s.Rep.MaxLookback = d } }

// TestHighestRate checks the highest rate: over volumes that allow a decision
// where there was such a volume, otherwise over any.
func TestHighestRate(t *testing.T) {
	a := newAccount(t, released)
	highest := func(name string, eligible, bounces int, want float64) {
		t.Helper()
		mail(a, eligible, bounces, 0)
		a.CloseRates(time.Hour)
		if got, _ := a.Rates(time.Hour); got.Max != want {
			t.Errorf("%s: at most %v, want %v", name, got.Max, want)
		}
	}
	highest("small volumes only", 2, 1, 0.5)
	highest("the highest of small volumes", 8, 0, 0.5)
	highest("one mail short of a decision", 989, 0, 0.5)
	highest("the first volume that decides", 1, 19, 0.02)
	highest("a lower rate", 1000, 0, 0.02)
	highest("a higher rate", 2000, 100, 0.03)
}
