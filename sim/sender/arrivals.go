package sender

import (
	"fmt"
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
	kinds         = iota

	timedPoisson Kind = kinds // Poisson with a calendar; see Follow
)

// Known reports whether there is such a kind.
func (k Kind) Known() bool { return k < kinds }

// Arrivals determine when a sender's messages are due. The fields of each sender's
// own take half a cache line, because the arrivals of thousands of senders are
// processed one after the other.
type Arrivals struct {
	next  time.Duration
	after time.Duration // Poisson without LookAhead: the arrival after next, not yet cut, computed early to hide latency
	gaps  rng.Stream
	*profile
}

// profile is what arrivals of the same kind, rate and end have in common. A profile
// that is shared is never modified; see Share.
type profile struct {
	end   time.Duration
	mean  rng.Mean // of Poisson and Diurnal
	kind  Kind
	looks bool // LookAhead was called
	*pattern
}

// pattern is the state of arrivals other than Poisson, and of those that look ahead;
// nil for others.
type pattern struct {
	rate  unit.Rate
	begin time.Duration
	every time.Duration
	base  time.Duration // when message 0 of the current pace was due
	k     int64         // messages since base

	campaign int64         // number of the current campaign, from 0
	unfilled time.Duration // FillPass: next before it
	offset   int64         // FillPass: by how much k was larger than the number of the next message

	peak  time.Duration // Diurnal: a time at which the rate is highest
	depth unit.Share    // Diurnal: amplitude of the rate, as a share of the mean

	cursor *cursor // Follow; nil: no calendar

	ahead [16]time.Duration // LookAhead: gaps drawn in advance
	used  int               // how many of ahead have been used
}

// NewArrivals returns the constant arrivals, the Poisson arrivals or the
// campaigns of a sender that begins and ends at the given times; only campaigns
// use every. It panics on other kinds.
func NewArrivals(kind Kind, rate unit.Rate, every, begin, end time.Duration, gaps rng.Key) Arrivals {
	a := Arrivals{gaps: gaps.Stream(), next: begin, profile: &profile{kind: kind, end: end}}
	switch kind {
	case Poisson:
		a.mean = rng.MeanOf(rate)
		a.next = sum(begin, a.gap())
		a.after = a.next + a.gap()
	case Constant, Campaign:
		a.pattern = &pattern{rate: rate, every: every, begin: begin, base: begin}
	default:
		panic(fmt.Sprintf("sender: NewArrivals knows no arrivals of kind %d", kind))
	}
	a.cut()
	return a
}

// Share makes the arrivals use the profile of others if it is equal, which saves
// memory and cache misses. It must be called before LookAhead.
func (a *Arrivals) Share(other *Arrivals) {
	if a.kind == Poisson && *a.profile == *other.profile {
		a.profile = other.profile
	}
}

// NewDiurnal returns Poisson arrivals whose rate follows a cosine with a period of 24
// hours: the mean is rate, the amplitude is the share depth of it, and the maximum is
// at peak.
func NewDiurnal(rate unit.Rate, peak time.Duration, depth unit.Share, begin, end time.Duration, gaps rng.Key) Arrivals {
	a := Arrivals{gaps: gaps.Stream(), next: begin, profile: &profile{
		kind: Diurnal, mean: rng.MeanOf(rate), end: end,
		pattern: &pattern{rate: rate, peak: peak, depth: depth, begin: begin, base: begin},
	}}
	a.next = a.thin(begin)
	a.cut()
	return a
}

// NewTrace returns arrivals whose times the caller sets with Set.
func NewTrace(end time.Duration) Arrivals {
	return Arrivals{next: never, profile: &profile{kind: Recorded, end: end, pattern: &pattern{}}}
}

// Follow makes new arrivals follow a calendar: constant, Poisson or diurnal ones, or
// campaigns. Begin, end and gaps are those that they were made with. A campaign that
// falls due while the calendar is closed begins at the next opening, and the peak of
// diurnal arrivals is in the calendar's zone.
func (a *Arrivals) Follow(c *Calendar, begin time.Duration, gaps rng.Key) {
	own := *a.profile
	if own.kind == Poisson {
		own.kind, own.pattern = timedPoisson, &pattern{begin: begin}
	}
	own.cursor = &cursor{calendar: c, end: own.end}
	a.profile, a.gaps, a.after = &own, gaps.Stream(), 0
	switch own.kind {
	case timedPoisson:
		a.next = a.later(begin, a.gap())
	case Diurnal:
		a.next = a.thin(begin)
	default:
		a.rebase(begin)
	}
	a.cut()
}

// Set sets when the next message of a trace is due.
func (a *Arrivals) Set(next time.Duration) {
	a.next = next
	a.cut()
}

// Next returns when the next message is due, or des.Never.
func (a *Arrivals) Next() time.Duration { return a.next }

// Advance moves on to the next message. For a campaign, last says that the message
// that was due is the last of its pass over the list.
func (a *Arrivals) Advance(last bool) {
	if a.kind == Poisson && !a.looks {
		next := a.after
		a.after = next + a.mean.Gap(a.gaps.Next())
		if uint64(next) >= uint64(a.end) { // also after an overflow
			next, a.after = never, never
		}
		a.next = next
		return
	}
	a.advance(last)
}

// Fill advances to the time to and adds the messages that are due before it to a
// batch, as arrivals of the given stream. It returns their number.
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

// FillPass is Fill for a campaign that has at most so many messages left; at least one is
// due. number is that of the sender's next message. If all that are left are in the batch,
// no message is due until EndPass.
func (a *Arrivals) FillPass(batch *des.Batch, to time.Duration, stream, left int, number int64) (n int) {
	a.unfilled, a.offset = a.next, a.k-number
	for ; a.next < to && n < left; n++ {
		batch.Add(a.next, stream)
		a.advance(false)
	}
	if n == left {
		a.next = never
	}
	return n
}

// EmptyPass takes FillPass back, given the same number.
func (a *Arrivals) EmptyPass(number int64) {
	a.back(number)
	a.next = a.unfilled
}

// EndPass says that the sender's message of a number, which FillPass has added to a batch,
// is the last of its campaign, and moves on to the next campaign.
func (a *Arrivals) EndPass(number int64) {
	a.back(number)
	a.advance(true)
}

// back makes the message of a number the one that was due last.
func (a *Arrivals) back(number int64) {
	a.k = number + a.offset
	if a.cursor != nil {
		a.cursor.begin(a.base)
	}
}

func (a *Arrivals) advance(last bool) {
	switch {
	case a.kind == Constant || a.kind == Campaign && !last: // the most frequent ones first
		a.k++
		if a.cursor == nil {
			a.next = sum(a.base, a.rate.At(a.k))
		} else {
			a.next = a.cursor.at(a.rate.At(a.k))
		}
	case a.kind == Campaign:
		a.nextCampaign()
	case a.kind == Poisson:
		a.next = sum(a.next, a.gap())
	case a.kind == timedPoisson:
		a.next = a.later(a.next, a.gap())
	case a.kind == Diurnal:
		a.next = a.thin(a.next)
	case a.kind == Recorded:
		a.next = never
	}
	a.cut()
}

// later returns the moment that comes a gap after another.
func (a *Arrivals) later(at, gap time.Duration) time.Duration {
	if a.cursor == nil {
		return sum(at, gap)
	}
	a.cursor.begin(at)
	return a.cursor.at(gap)
}

// rebase counts messages from a moment on. The first is due then, or at the next
// opening.
func (a *Arrivals) rebase(at time.Duration) {
	a.base, a.k, a.next = at, 0, at
	if a.cursor != nil {
		a.cursor.begin(at)
		a.next = a.cursor.at(0)
	}
}

// LookAhead makes Poisson arrivals draw their gaps in batches, so that the
// computations overlap in the processor. It is faster if there are only a few
// senders; with many, the gaps of different senders overlap anyway.
func (a *Arrivals) LookAhead() {
	if a.kind == Poisson {
		a.gaps.Back(1)
		own := *a.profile
		own.looks, own.pattern = true, &pattern{used: len(own.ahead)}
		a.profile = &own
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

// thin returns the first arrival after at by thinning: arrivals are drawn at the
// highest rate, and each is kept with the ratio of the current rate to the highest.
func (a *Arrivals) thin(at time.Duration) time.Duration {
	top := uint64(unit.Whole + a.depth)
	for at < a.end {
		at = a.later(at, time.Duration(fixed.MulDiv(uint64(a.gaps.Gap(a.mean)), uint64(unit.Whole), top)))
		hour := int64(unit.Whole) + int64(a.depth)*wave(a.shown(at)-a.peak)/int64(unit.Whole)
		if a.gaps.Below(top) < uint64(hour) {
			return at
		}
	}
	return never
}

// shown returns a moment as clocks of the calendar's zone show it.
func (a *Arrivals) shown(at time.Duration) time.Duration {
	if a.cursor == nil || at == never {
		return at
	}
	return a.cursor.calendar.Shown(at)
}

// wave returns a cosine with a period of 24 hours, in parts per billion, by Bhaskara's
// rational approximation, whose error is below 0.2 %.
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

// nextCampaign starts the next campaign: at the next multiple of every, in local time if
// that is in whole days, or, if this campaign took longer than that, one message interval
// after its last message.
func (a *Arrivals) nextCampaign() {
	if a.every == 0 {
		a.next = never
		return
	}
	after := a.rate.At(a.k + 1)
	if a.cursor == nil {
		after = sum(a.base, after)
	} else {
		after = a.cursor.at(after)
	}
	a.campaign++
	due := sum(a.begin, time.Duration(a.campaign)*a.every)
	if a.cursor != nil && a.every%unit.Day == 0 {
		due = a.cursor.calendar.Later(a.begin, time.Duration(a.campaign)*a.every)
	}
	a.rebase(max(due, after))
}

// Campaign returns the number of the current campaign, from 0. The arrivals must be
// of kind Campaign.
func (a *Arrivals) Campaign() int64 { return a.campaign }

// SetRate changes the rate or pace from the next message on. The time of the next
// message itself does not change.
func (a *Arrivals) SetRate(rate unit.Rate) {
	if a.kind == Poisson || a.kind == timedPoisson || a.kind == Diurnal {
		own := *a.profile
		own.mean = rng.MeanOf(rate)
		a.profile = &own
	}
	switch { // draw again the gaps that were drawn at the old rate
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
		a.rebase(a.next)
	}
}

// Stop ends the arrivals: no further message is due.
func (a *Arrivals) Stop() { a.next = never }

func (a *Arrivals) cut() {
	if a.next >= a.end {
		a.next = never
	}
}

// sum returns a+b, or never if that overflows.
func sum(a, b time.Duration) time.Duration {
	if a > never-b {
		return never
	}
	return a + b
}
