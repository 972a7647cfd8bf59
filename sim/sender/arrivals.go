package sender

import (
	"time"

	"sesim/sim/rng"
	"sesim/sim/unit"
)

// never is later than every message; it equals des.Never.
const never = time.Duration(1<<63 - 1)

// Kind is the pattern of arrivals.
type Kind uint8

// The patterns.
const (
	Constant Kind = iota
	Poisson
	Campaign
)

// Arrivals say when a sender's messages are due.
type Arrivals struct {
	kind       Kind
	rate       unit.Rate
	every      time.Duration
	begin, end time.Duration
	gaps       rng.Stream

	base time.Duration // the pace counts from here
	k    int64         // messages since base
	next time.Duration

	campaign int64 // number of the campaign under way, from 0
}

// NewArrivals returns the arrivals of a sender that begins and ends at the
// given times.
func NewArrivals(kind Kind, rate unit.Rate, every, begin, end time.Duration, gaps rng.Key) Arrivals {
	a := Arrivals{kind: kind, rate: rate, every: every, begin: begin, end: end, gaps: gaps.Stream(), base: begin, next: begin}
	if kind == Poisson {
		a.next = sum(begin, a.gaps.Gap(rate))
	}
	a.cut()
	return a
}

// Next returns when the next message is due, or a time beyond every horizon.
func (a *Arrivals) Next() time.Duration { return a.next }

// Advance moves on to the message after the one that is due. For a campaign,
// last says that this was the last of the list.
func (a *Arrivals) Advance(last bool) {
	switch {
	case a.kind == Poisson:
		a.next = sum(a.next, a.gaps.Gap(a.rate))
	case a.kind == Campaign && last:
		a.nextCampaign()
	default:
		a.k++
		a.next = sum(a.base, a.rate.At(a.k))
	}
	a.cut()
}

// nextCampaign begins the list anew: at the next multiple of every, or, where
// this campaign took longer than that, one message later.
func (a *Arrivals) nextCampaign() {
	if a.every == 0 {
		a.next = never
		return
	}
	after := sum(a.base, a.rate.At(a.k+1))
	a.campaign++
	due := sum(a.begin, time.Duration(a.campaign)*a.every)
	a.base, a.k = max(due, after), 0
	a.next = a.base
}

// Campaign returns the number of the campaign under way, from 0.
func (a *Arrivals) Campaign() int64 { return a.campaign }

// SetRate changes rate or pace from the next message on.
func (a *Arrivals) SetRate(rate unit.Rate) {
	a.rate = rate
	if a.next != never {
		a.base, a.k = a.next, 0
	}
}

// Stop ends the arrivals.
func (a *Arrivals) Stop() { a.next = never }

func (a *Arrivals) cut() {
	if a.next >= a.end {
		a.next = never
	}
}

// sum adds without overflow.
func sum(a, b time.Duration) time.Duration {
	if a > never-b {
		return never
	}
	return a + b
}
