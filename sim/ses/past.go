package ses

import (
	"time"

	"sesim/sim/rules"
)

// PastRates are the rates that an account had before the start.
type PastRates struct{ Bounce, Complaint RateFigures }

// RatesAt returns the rates that a history had at times before the start or at it, which
// are in order.
func (h *History) RatesAt(set *rules.Set, times []time.Duration) []PastRates {
	list := make([]PastRates, 0, len(times))
	a := NewAccount(Spec{}, set, nil)
	upTo := func(end time.Duration) {
		for len(list) < len(times) && times[len(list)] < end {
			at := times[len(list)]
			a.CloseRates(at)
			bounce, complaint := a.Rates(at)
			list = append(list, PastRates{bounce, complaint})
		}
	}
	for p := range h.Buckets(set.Rep.EvalInterval) {
		upTo(p.End())
		a.restoreBucket(&p)
	}
	upTo(1)
	return list
}

// Reach returns how far before the start the mail of the history goes.
func (h *History) Reach() time.Duration {
	first := h.Before.At
	if len(h.Points) > 0 {
		first = min(first, h.Points[0].At)
	}
	return -first
}

// Sum returns what the history has in all, from its first mail to the start.
func (h *History) Sum() HistoryPoint {
	sum := h.Before
	sum.At, sum.For = -h.Reach(), h.Reach()
	for i := range h.Points {
		p := &h.Points[i]
		sum.Eligible += p.Eligible
		sum.Bounces += p.Bounces
		sum.ComplaintEligible += p.ComplaintEligible
		sum.Complaints += p.Complaints
	}
	return sum
}
