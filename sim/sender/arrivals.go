package sender

import (
	"time"

	"sesim/sim/des"
	"sesim/sim/fixed"
	"sesim/sim/rng"
	"sesim/sim/unit"
)

// never is later than every message.
const never = des.Never

// Kind is the pattern in which a sender's messages arrive.
type Kind uint8

// The kinds.
const (
	Constant Kind = iota // exact spacing, the first at the sender's begin
	Poisson              // exponential spacing
	Campaign             // the whole list at a pace, then again
	Diurnal              // Poisson with a rate that rises and falls with the hour of the day
	Recorded             // the caller says when the next message is due
	kinds    = iota
)

// Known reports whether there is such a kind.
func (k Kind) Known() bool { return k < kinds }

// Arrivals say when a sender's messages are due. What differs from sender to
// sender takes half a line of a processor's cache: those of thousands are gone
// through one after the other.
type Arrivals struct {
	next  time.Duration
	after time.Duration // Poisson, not looking ahead: the one after next, before the cut; a processor need not wait for it
	gaps  rng.Stream
	*shape
}

// shape is what arrivals of the same kind, rate and end have in common. One that
// several share does not change; see Share.
type shape struct {
	end   time.Duration
	mean  rng.Mean // of Poisson and Diurnal
	kind  Kind
	looks bool // it looks ahead
	*pattern
}

// pattern is what arrivals need that are not Poisson, and those that look ahead;
// nil for others.
type pattern struct {
	rate  unit.Rate
	begin time.Duration
	every time.Duration
	base  time.Duration // the pace counts from here
	k     int64         // messages since base

	campaign int64 // number of the campaign under way, from 0

	peak  time.Duration // Diurnal: a moment of the highest rate
	depth unit.Share    // Diurnal: how far the rate rises above the mean, and falls below it

	ahead [16]time.Duration // of arrivals that look ahead: gaps; those from used on are still to come
	used  int               // of ahead
}

// NewArrivals returns the constant arrivals, the Poisson arrivals or the
// campaigns of a sender that begins and ends at the given times; only campaigns
// use every.
func NewArrivals(kind Kind, rate unit.Rate, every, begin, end time.Duration, gaps rng.Key) Arrivals {
	a := Arrivals{gaps: gaps.Stream(), next: begin, shape: &shape{kind: kind, end: end}}
	if kind == Poisson {
		a.mean = rng.MeanOf(rate)
		a.next = sum(begin, a.gap())
		a.after = a.next + a.gap()
	} else {
		a.pattern = &pattern{rate: rate, every: every, begin: begin, base: begin}
	}
	a.cut()
	return a
}

// Share lets arrivals use the memory of others that are alike, so that a
// processor has it at hand for both. It must come before LookAhead.
func (a *Arrivals) Share(other *Arrivals) {
	if a.kind == Poisson && *a.shape == *other.shape {
		a.shape = other.shape
	}
}

// NewDiurnal returns arrivals whose rate swings about its mean by depth, with
// a period of 24 hours and the highest rate at peak.
func NewDiurnal(rate unit.Rate, peak time.Duration, depth unit.Share, begin, end time.Duration, gaps rng.Key) Arrivals {
	a := Arrivals{gaps: gaps.Stream(), next: begin, shape: &shape{
		kind: Diurnal, mean: rng.MeanOf(rate), end: end,
		pattern: &pattern{rate: rate, peak: peak, depth: depth, begin: begin, base: begin},
	}}
	a.next = a.thin(begin)
	a.cut()
	return a
}

// NewTrace returns arrivals of which the caller tells the next with Set.
func NewTrace(end time.Duration) Arrivals {
	return Arrivals{next: never, shape: &shape{kind: Recorded, end: end, pattern: &pattern{}}}
}

// Set says when the next message of a trace is due.
func (a *Arrivals) Set(next time.Duration) {
	a.next = next
	a.cut()
}

// Next returns when the next message is due, or a time beyond every horizon.
func (a *Arrivals) Next() time.Duration { return a.next }

// Advance moves on to the message after the one that is due. For a campaign,
// last says that this was the last of the list.
func (a *Arrivals) Advance(last bool) {
	if a.kind == Poisson && !a.looks {
		next := a.after
		a.after = next + a.mean.Gap(a.gaps.Next())
		if uint64(next) >= uint64(a.end) { // or beyond all numbers
			next, a.after = never, never
		}
		a.next = next
		return
	}
	a.advance(last)
}

// Fill advances up to a time, and adds the messages that are due before it to a
// batch, as those of a stream. It returns how many there were.
func (a *Arrivals) Fill(batch *des.Batch, to time.Duration, stream int) (n int) {
	if a.kind != Poisson || a.looks {
		for ; a.next < to; n++ {
			batch.Add(a.next, stream)
			a.advance(false)
		}
		return n
	}
	next, after, end, mean := a.next, a.after, uint64(a.end), a.mean
	for ; next < to; n++ { // as Advance does it
		batch.Add(next, stream)
		next = after
		after += mean.Gap(a.gaps.Next())
		if uint64(next) >= end {
			next, after = never, never
		}
	}
	a.next, a.after = next, after
	return n
}

func (a *Arrivals) advance(last bool) {
	switch {
	case a.kind == Poisson:
		a.next = sum(a.next, a.gap())
	case a.kind == Diurnal:
		a.next = a.thin(a.next)
	case a.kind == Recorded:
		a.next = never
	case a.kind == Campaign && last:
		a.nextCampaign()
	default:
		a.k++
		a.next = sum(a.base, a.rate.At(a.k))
	}
	a.cut()
}

// LookAhead lets the arrivals draw many gaps at a time: one by one each would
// keep the processor waiting, together they overlap. It pays where few senders
// are at work; the gaps of many overlap anyway.
func (a *Arrivals) LookAhead() {
	if a.kind == Poisson {
		a.gaps.Back(1)
		own := *a.shape
		own.looks, own.pattern = true, &pattern{used: len(own.ahead)}
		a.shape = &own
	}
}

// gap returns the next gap of a Poisson process.
func (a *Arrivals) gap() time.Duration {
	if !a.looks {
		return a.gaps.Gap(a.mean)
	}
	if a.used == len(a.ahead) {
		for i := range a.ahead {
			a.ahead[i] = a.mean.Gap(a.gaps.Next())
		}
		a.used = 0
	}
	g := a.ahead[a.used]
	a.used++
	return g
}

// thin returns the first arrival after at: arrivals at the highest rate, of
// which those are kept that the hour's rate allows.
func (a *Arrivals) thin(at time.Duration) time.Duration {
	top := uint64(unit.Whole + a.depth)
	for at < a.end {
		at = sum(at, time.Duration(fixed.MulDiv(uint64(a.gaps.Gap(a.mean)), uint64(unit.Whole), top)))
		hour := int64(unit.Whole) + int64(a.depth)*wave(at-a.peak)/int64(unit.Whole)
		if a.gaps.Below(top) < uint64(hour) {
			return at
		}
	}
	return never
}

// wave is a cosine with a period of 24 hours in parts per billion, by
// Bhaskara's rational approximation, which is off by less than 0.2 %.
func wave(at time.Duration) int64 {
	const half, quarter = 12 * 3600, 6 * 3600
	y := (int64(at/time.Second)%(2*half) + 2*half + quarter) % (2 * half)
	sign := int64(1)
	if y >= half {
		y, sign = y-half, -1
	}
	p := y * (half - y)
	return sign * 16 * p * int64(unit.Whole) / (5*half*half - 4*p)
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

// Campaign returns the number of the campaign under way, from 0. The arrivals must
// be a campaign's.
func (a *Arrivals) Campaign() int64 { return a.campaign }

// SetRate changes rate or pace from the next message on.
func (a *Arrivals) SetRate(rate unit.Rate) {
	if a.kind == Poisson || a.kind == Diurnal {
		own := *a.shape
		own.mean = rng.MeanOf(rate)
		a.shape = &own
	}
	switch { // draw again what the old rate was for
	case a.looks:
		a.gaps.Back(len(a.ahead) - a.used)
		a.used = len(a.ahead)
	case a.kind == Poisson && a.next != never:
		a.gaps.Back(1)
		a.after = a.next + a.gap()
	}
	if a.pattern == nil {
		return
	}
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
