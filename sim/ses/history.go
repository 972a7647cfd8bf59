package ses

import (
	"fmt"
	"iter"
	"math"
	"time"

	"sesim/sim/fixed"
)

// HistoryPoint is what counted towards an account's rates within an interval of time.
type HistoryPoint struct {
	// At is when the interval begins, since an epoch: in a History the start of the run, so
	// that it is negative; in what is read from files 1970-01-01T00:00:00Z.
	At  time.Duration
	For time.Duration // length of the interval; positive

	Eligible          int64 // emails that count towards the bounce rate; not negative, as the next three
	Bounces           int64 // hard bounces, at the time when they came; they may exceed Eligible
	ComplaintEligible int64 // of Eligible, those to providers with a feedback loop
	Complaints        int64 // through feedback loops, at the time when they came
}

// End returns when the interval ends.
func (p *HistoryPoint) End() time.Duration { return p.At + p.For }

// MaxHistory is the largest number of points of a History.
const MaxHistory = 1_000_000

// History is what an account brings along: the part of its life before the start of a run.
// No mail is sent for it, and no counter of the run includes it.
type History struct {
	Points []HistoryPoint // in order of time; none overlaps the next, and the last ends at the start or before
	// Before is what is known only in sum: its mail lies evenly in its interval, which ends
	// where Points begin or before. The zero value is none.
	Before HistoryPoint
	Order  Order // where in Before the bounces and the complaints lie
	// Used is how many recipients of the last 24 hours count towards the quota. The eligible
	// mail of these hours is part of it, and the rest lies evenly in them.
	Used int64

	Status         Enforcement
	CustomerPaused bool          // the customer's own switch is off
	Since          time.Duration // how long before the start the review or the pause began; not negative
	Cause          Cause         // of the review or the pause; of Reviews where the account is healthy
	Why            string        // of CauseOther: what AWS was told of
	Reviews        int64         // begun so far for the rate that is the Cause, the one under way included

	Listed HistoryListed
}

// HistoryListed counts entries of the account-level list whose addresses get no mail in the run.
type HistoryListed struct{ Bounce, Complaint int64 }

// Order is where bounces and complaints lie among the mail that a History knows in sum only.
type Order uint8

// The orders.
const (
	OrderUnsaid Order = iota // nobody said: as OrderEven
	OrderEven                // every mail has the same share of them
	OrderOldest              // evenly in the oldest mail, four of five of which bounce
	OrderNewest              // evenly in the newest mail, four of five of which bounce
)

var orderWords = [...]string{"", "even", "oldest", "newest"}

// String returns the word of the order in scenarios; empty for OrderUnsaid.
func (o Order) String() string {
	if int(o) >= len(orderWords) {
		return "unknown"
	}
	return orderWords[o]
}

// OrderOpen reports whether there are bounces or complaints of which nobody says where they
// lie; false for nil.
func (h *History) OrderOpen() bool {
	return h != nil && h.Order == OrderUnsaid && h.Before.Bounces+h.Before.Complaints > 0
}

// Cause is why an account came under review or was paused.
type Cause uint8

// The causes.
const (
	CauseBounces Cause = iota
	CauseComplaints
	CauseOther // none of the rates
)

// Check returns why a History cannot be taken over; nil if it can.
func (h *History) Check() error {
	if len(h.Points) > MaxHistory {
		return fmt.Errorf("history: %d points: at most %d", len(h.Points), MaxHistory)
	}
	from := time.Duration(math.MinInt64)
	for i := -1; i < len(h.Points); i++ {
		p := &h.Before
		if i >= 0 {
			p = &h.Points[i]
		} else if *p == (HistoryPoint{}) {
			continue
		}
		switch {
		case p.For <= 0 || min(p.Eligible, p.Bounces, p.ComplaintEligible, p.Complaints) < 0:
			return fmt.Errorf("history: point %+v", *p)
		case i >= 0 && p.At < from || p.End() > 0:
			return fmt.Errorf("history: the point at %v overlaps the one before it, or ends after the start", p.At)
		}
		from = p.End()
	}
	switch {
	case int(h.Order) >= len(orderWords) || h.Status > Shutdown || h.Cause > CauseOther:
		return fmt.Errorf("history: order %d, status %d, cause %d", h.Order, h.Status, h.Cause)
	case h.Used < 0 || h.Since < 0 || h.Reviews < 0 || h.Listed.Bounce < 0 || h.Listed.Complaint < 0:
		return fmt.Errorf("history: used %d, since %v, reviews %d, listed %+v", h.Used, h.Since, h.Reviews, h.Listed)
	case h.Before.Bounces > h.Before.Eligible || h.Before.Complaints > h.Before.ComplaintEligible:
		return fmt.Errorf("history: before the points, there are more bounces or complaints than mail")
	}
	return nil
}

// maxParts limits the buckets into which a point is divided.
const maxParts = 10_000

// Buckets yields what the history says in buckets of a step at most, in order of time and
// without the empty ones. The figures of a point lie evenly in it, those of Before by the
// order; fractions are carried, so that all sums are exact.
func (h *History) Buckets(step time.Duration) iter.Seq[HistoryPoint] {
	return func(yield func(HistoryPoint) bool) {
		if !h.Before.divide(step, h.Order, yield) {
			return
		}
		for i := range h.Points {
			if !h.Points[i].divide(step, OrderEven, yield) {
				return
			}
		}
	}
}

// divide yields the buckets of a point. It returns false if yield did.
func (p *HistoryPoint) divide(step time.Duration, order Order, yield func(HistoryPoint) bool) bool {
	parts := min(max((int64(p.For)+int64(step)-1)/int64(step), 1), maxParts)
	bounces, complaints := newZone(p.Bounces, p.Eligible, order), newZone(p.Complaints, p.ComplaintEligible, order)
	var before HistoryPoint // the sums up to the bucket
	for k := int64(1); k <= parts; k++ {
		sum := HistoryPoint{
			For: time.Duration(portion(int64(p.For), k, parts)), Eligible: portion(p.Eligible, k, parts),
			ComplaintEligible: portion(p.ComplaintEligible, k, parts),
		}
		sum.Bounces, sum.Complaints = bounces.upTo(sum.Eligible, k, parts), complaints.upTo(sum.ComplaintEligible, k, parts)
		bucket := HistoryPoint{
			At: p.At + before.For, For: sum.For - before.For, Eligible: sum.Eligible - before.Eligible, Bounces: sum.Bounces - before.Bounces,
			ComplaintEligible: sum.ComplaintEligible - before.ComplaintEligible, Complaints: sum.Complaints - before.Complaints,
		}
		if bucket.Eligible|bucket.Bounces|bucket.ComplaintEligible|bucket.Complaints != 0 && !yield(bucket) {
			return false
		}
		before = sum
	}
	return true
}

// zone is where among mail, counted from the oldest, its bounces or complaints lie.
type zone struct{ from, length, events int64 }

func newZone(events, mail int64, order Order) zone {
	length := events + (events+3)/4 // of which four of five bounce
	switch {
	case order < OrderOldest || length > mail:
		return zone{0, mail, events}
	case order == OrderNewest:
		return zone{mail - length, length, events}
	}
	return zone{0, length, events}
}

// upTo returns how many events lie in the first mails, which end with the k-th part: each
// is about the first of the mails that share it. Without any mail, they lie evenly in the
// parts.
func (z *zone) upTo(mails, k, parts int64) int64 {
	if z.length == 0 {
		return portion(z.events, k, parts)
	}
	return quotient(z.events, min(max(mails-z.from, 0), z.length), z.length, z.length-1)
}

// portion returns n*k/of, rounded to the nearest, for k from 0 to of.
func portion(n, k, of int64) int64 { return quotient(n, k, of, of/2) }

// quotient returns (n*k+more)/of, rounded down, for k from 0 to of and more below of.
func quotient(n, k, of, more int64) int64 {
	return int64(fixed.MulDivAdd(uint64(n), uint64(k), uint64(more), uint64(of)))
}

// restore brings the account to the state in which its history left it at time 0.
func (a *Account) restore(h *History) {
	for p := range h.Buckets(a.rules.Rep.EvalInterval) {
		a.restoreBucket(&p)
	}
	for _, m := range a.metrics() {
		m.begin(&a.rules.Rep)
	}
	a.restoreUse(h)
	a.list.before = h.Listed
	a.setCustomerPaused(h.CustomerPaused)
	a.restoreReview(h)
}

// useStep divides the mail before the start in the window of the quota, whatever the
// interval of evaluations.
const useStep = 15 * time.Minute

// restoreUse fills the window of the quota with the mail of the last 24 hours.
func (a *Account) restoreUse(h *History) {
	var day [quotaWindow / time.Minute]int64 // minute by minute
	known := int64(0)
	for p := range h.Buckets(useStep) {
		if from := p.At + quotaWindow; from >= 0 {
			known += p.Eligible
			addEvenly(day[from/time.Minute:(p.End()+quotaWindow+time.Minute-1)/time.Minute], p.Eligible)
		}
	}
	addEvenly(day[:], max(h.Used-known, 0))
	for i, n := range day {
		if n > 0 {
			a.restoreSent(time.Duration(i+1)*time.Minute-quotaWindow, n)
		}
	}
	a.setQuotaMax(a.sent.used(0))
}

// restoreBucket adds a bucket to both rates.
func (a *Account) restoreBucket(p *HistoryPoint) {
	a.bounces.open = tally{at: p.At, eligible: p.Eligible, events: p.Bounces}
	a.complaints.open = tally{at: p.At, eligible: p.ComplaintEligible, events: p.Complaints}
	a.bounces.roll(p.End(), &a.rules.Rep)
	a.complaints.roll(p.End(), &a.rules.Rep)
}

// addEvenly adds n to the counts, evenly.
func addEvenly(counts []int64, n int64) {
	before := int64(0)
	for i := range counts {
		sum := portion(n, int64(i+1), int64(len(counts)))
		counts[i] += sum - before
		before = sum
	}
}

// restoreSent counts recipients accepted at a time before the start, or at it.
func (a *Account) restoreSent(at time.Duration, n int64) {
	if a.inSteps { // rounded down, also below 0
		step := a.rules.Quota.Granularity
		at -= (at%step + step) % step
	}
	a.sent.add(at, n)
}

// restoreReview puts an account under review, or pauses it, since before the start.
func (a *Account) restoreReview(h *History) {
	if h.Cause != CauseOther {
		a.metrics()[h.Cause].reviews = h.Reviews
	}
	a.setEnforcement(h.Status)
	if h.Status == Healthy {
		if a.stopped() {
			a.stops = 1
		}
		return
	}
	a.review.outside = h.Cause == CauseOther
	if !a.review.outside {
		a.review.by = 1 << h.Cause
	}
	if h.Status == Probation {
		a.review.ends = a.rules.Review.Length - h.Since
		return
	}
	a.review.paused, a.review.pauses, a.stops = -h.Since, 1, 1
}
