// Package mailbox models the recipients: which addresses exist and for how long, and
// the outcome of an attempt to deliver to one of them. Out of scope: content, folders,
// and what recipients do after a delivery except complaints and automatic replies.
//
// An audience is a population of addresses, numbered from 0. Properties that an
// address keeps for the whole run are assigned by ranking: each address has a random
// number, and a share of p percent is given to exactly p percent of the addresses,
// those with the lowest numbers. The addresses of a larger share include those of a
// smaller one, so that two scenarios that differ only in a share differ only in the
// addresses in between.
package mailbox

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
	"time"

	"sesim/sim/fixed"
	"sesim/sim/prefetch"
	"sesim/sim/rng"
	"sesim/sim/unit"
)

// The bits of an address's byte that belong to this package.
const (
	bitInvalid = 1 << 0 // never existed
	bitLoop    = 1 << 1 // at a provider with a feedback loop
	bitDead    = 1 << 2 // at a domain that does not exist
	bitMortal  = 1 << 3 // may die before Spec.Until
)

// Spec describes an audience at the start of a run.
type Spec struct {
	Name         string
	Size         int64
	Invalid      unit.Share        // of the addresses
	DeadDomain   unit.Share        // of the addresses
	FeedbackLoop unit.Share        // of the addresses
	Bounces      [Kinds]unit.Share // of the attempts to addresses that exist, by Outcome; in all at most unit.Whole
	FullFor      time.Duration     // how long Full lasts; 0: forever
	DeferredFor  time.Duration     // how long Blocked and Deferred last; 0: forever
	Complaint    unit.Share        // of the delivered messages
	OutOfOffice  unit.Share        // of the delivered messages
	Decay        unit.Share        // of the addresses that exist, within each DecayPer
	DecayPer     time.Duration
	// Revive is the share, of the addresses that do not exist at the start and still
	// do not, that get a mailbox within each RevivePer and keep it.
	Revive    unit.Share
	RevivePer time.Duration
	Growth    Growth
	Churn     unit.Share // of the addresses: leave within each ChurnPer; less than the whole
	ChurnPer  time.Duration
	// Contacted is how long before the start the addresses had their last mail: they decay
	// from then on, in full hours. Those that Growth adds had none.
	Contacted time.Duration
	Removed   bool          // no address of the start is invalid: those were taken off the list before
	Until     time.Duration // the audience is not used after this time; 0: unknown, only without Growth and Churn
}

// Changes reports whether addresses die, join, leave, or get a mailbox.
func (s *Spec) Changes() bool { return s.Decay > 0 || s.Revive > 0 || s.Churn > 0 || s.Growth.Grows() }

// Audience is a population of addresses.
type Audience struct {
	spec   Spec
	traits []uint8 // one byte per address; the lower four bits belong to this package
	// limits divide the range of a draw among the outcomes: each ends at its limit,
	// and a draw at or above the last one is a delivery.
	limits    [Kinds]uint64
	bounces   uint64 // the last limit
	complains uint64 // a draw below it is a complaint
	replies   uint64 // a draw below it is an automatic reply
	death     rng.Key
	alive     uint64        // addresses whose draw is below this are alive
	decays    bool          // if false, alive has no meaning
	rate      uint64        // decay per hour, in octaves, Q48
	asOf      time.Duration // the full hour of the last Advance
	memo      aliveHour     // the last result of aliveThen
	reviving  []revival     // those to come before Spec.Until, the first one last
	leaving   []uint64      // addresses that leave, below the hour at which they do, in order
	left      []uint64      // those that did with the last Advance
	sizes     []uint32      // how many addresses there are from each full hour on, the last one included

	born    [3]addressTrait // what New and Admit give an address
	revival rng.Key
	keys    Keys // of addresses that are admitted one by one, see ByHash; nil: their numbers are their keys
}

// revival is an address that gets a mailbox when the share of those that still have
// none falls to its draw.
type revival struct {
	n    uint32
	draw uint64
}

// aliveHour is the value of Audience.alive at a certain hour.
type aliveHour struct {
	number uint64 // from 1; 0: none
	alive  uint64
}

// step is the resolution of changes: all addresses that die, join, leave, or
// get a mailbox, within an hour do so at its end.
const step = time.Hour

// New returns an audience whose addresses have the bytes of traits, as many as there are
// at most. It sets the lower four bits of each.
func New(spec Spec, seed uint64, traits []uint8) *Audience {
	a := newAudience(spec, seed, traits)
	for _, t := range a.born {
		if t.bit == bitInvalid && spec.Removed {
			continue
		}
		rank(traits[:spec.Size], t.key, t.share.Count(spec.Size), t.bit)
	}
	a.grow()
	a.setLimits()
	if a.startDecay(); a.decays {
		a.markMortals()
	}
	if spec.Revive > 0 {
		a.findRevivals()
	}
	if spec.Churn > 0 {
		a.findDepartures(rng.Derive(seed, "audience", spec.Name, "churn"))
	}
	return a
}

func newAudience(spec Spec, seed uint64, traits []uint8) *Audience {
	key := func(trait string) rng.Key { return rng.Derive(seed, "audience", spec.Name, trait) }
	return &Audience{spec: spec, traits: traits, alive: ^uint64(0), death: key("death"), revival: key("revival"), born: [...]addressTrait{
		{key("invalid"), spec.Invalid, bitInvalid}, {key("dead"), spec.DeadDomain, bitDead}, {key("loop"), spec.FeedbackLoop, bitLoop},
	}}
}

// startDecay computes the rate of the audience's decay.
func (a *Audience) startDecay() {
	a.decays = a.spec.Decay > 0
	switch {
	case a.spec.Decay >= unit.Whole:
		a.alive = 0
	case a.decays:
		a.rate = hourly(a.spec.Decay, a.spec.DecayPer)
		a.alive = a.aliveAt(0)
	}
}

// addressTrait is a trait that a share of the addresses has.
type addressTrait struct {
	key   rng.Key
	share unit.Share
	bit   uint8
}

// dies returns the draw that says when an address dies.
func (a *Audience) dies(n uint32) uint64 {
	if a.keys != nil {
		return a.death.At(a.keys.Key(n))
	}
	return a.death.At(uint64(n))
}

// hourly returns in octaves, Q48, by how much an hour reduces what a share, less than
// the whole, reduces in the time per.
func hourly(share unit.Share, per time.Duration) uint64 {
	octaves := fixed.Log2(uint64(unit.Whole)) - fixed.Log2(uint64(unit.Whole-share))
	return fixed.MulDiv(octaves, uint64(step), uint64(per))
}

// left returns the share of 2^64 that remains at a time under an hourly rate.
func left(rate uint64, at time.Duration) uint64 {
	octaves, some := lost(rate, at)
	if !some {
		return 0
	}
	return fixed.Scale(1<<63-1, -octaves) << 1
}

// lost returns in octaves, Q48, what an hourly rate takes away until a time, and whether
// anything remains.
func lost(rate uint64, at time.Duration) (octaves int64, some bool) {
	hi, lo := bits.Mul64(rate, uint64(at/step))
	return int64(lo), hi == 0 && lo < 1<<62
}

// findRevivals lists the addresses that get a mailbox before Spec.Until.
func (a *Audience) findRevivals() {
	last := uint64(0)
	if a.spec.Until > 0 {
		last = a.asleep(a.spec.Until)
	}
	for n, traits := range a.traits[:a.spec.Size] {
		if draw := a.revival.At(uint64(n)); traits&bitInvalid != 0 && draw >= last {
			a.reviving = append(a.reviving, revival{uint32(n), draw})
		}
	}
	slices.SortFunc(a.reviving, func(x, y revival) int { return cmp.Compare(x.draw, y.draw) })
}

// asleep returns the draw from which on addresses have got a mailbox by a time.
func (a *Audience) asleep(at time.Duration) uint64 {
	if a.spec.Revive >= unit.Whole {
		return 0
	}
	return left(hourly(a.spec.Revive, a.spec.RevivePer), at)
}

// markMortals marks the addresses that may die before Spec.Until. For the others,
// decay need not be computed later.
func (a *Audience) markMortals() {
	last := uint64(0)
	if a.spec.Until > 0 {
		last = a.aliveAt(a.spec.Until)
	}
	for n := range a.traits {
		if !a.lives(uint32(n), a.spec.Until, last) {
			a.traits[n] |= bitMortal
		}
	}
}

// lives reports whether an address that existed when it joined still does at a time,
// at which alive is left of the addresses of the start.
func (a *Audience) lives(n uint32, at time.Duration, alive uint64) bool {
	if a.keys == nil && int64(n) >= a.spec.Size {
		octaves, some := lost(a.rate, max(at-a.joined(n), 0))
		return some && fixed.ScaleExceeds(1<<63-1, -octaves, a.dies(n)>>1) // dies < left
	}
	return a.dies(n) < alive
}

// rank sets a bit in the bytes of the n addresses with the lowest random numbers.
func rank(traits []uint8, key rng.Key, n int64, bit uint8) {
	switch {
	case n <= 0:
		return
	case n >= int64(len(traits)):
		for i := range traits {
			traits[i] |= bit
		}
		return
	}
	// Find a range of numbers with the n-th lowest, and sort only that range.
	r := numberRange{last: math.MaxUint64, holds: int64(len(traits)), left: n}
	if len(traits) >= cellsPay {
		r = rangeOf(len(traits), key, n)
	}
	type draw struct {
		u       uint64
		address int
	}
	var few [cellsPay]draw // on the stack
	inRange := few[:0]
	if r.holds > cellsPay {
		inRange = make([]draw, 0, r.holds)
	}
	for i := range traits {
		switch u := key.At(uint64(i)); {
		case u < r.first:
			traits[i] |= bit
		case u <= r.last:
			inRange = append(inRange, draw{u, i})
		}
	}
	slices.SortFunc(inRange, func(a, b draw) int { return cmp.Compare(a.u, b.u) })
	for _, d := range inRange[:r.left] { // no two numbers of a stream are equal
		traits[d.address] |= bit
	}
}

// numberRange is a range of random numbers, both ends included: it holds so
// many of an audience, and the lowest left of them get a trait.
type numberRange struct {
	first, last uint64
	holds, left int64
}

// cellsPay is the size of an audience from which on its numbers are counted in
// cells first. Sorting fewer of them takes less than clearing the cells does.
const cellsPay = 1 << 6

// rangeOf counts the numbers of addresses by their upper bits and returns the
// cell that holds the n-th lowest.
func rangeOf(addresses int, key rng.Key, n int64) numberRange {
	const shift = 64 - 12
	var cells [1 << 12]uint32 // on the stack
	for i := range addresses {
		cells[key.At(uint64(i))>>shift]++
	}
	cell, left := uint64(0), n
	for left > int64(cells[cell]) {
		left -= int64(cells[cell])
		cell++
	}
	return numberRange{first: cell << shift, last: cell<<shift | (1<<shift - 1), holds: int64(cells[cell]), left: left}
}

// Advance moves the audience's clock to now: addresses that died in the meantime no
// longer exist, and those that joined or got a mailbox do. Time must not go back.
func (a *Audience) Advance(now time.Duration) {
	if !a.Changes() || now < a.asOf+step {
		return
	}
	a.asOf = now - now%step
	a.alive = a.aliveAt(now)
	a.depart(now)
	if len(a.reviving) == 0 {
		return
	}
	for asleep := a.asleep(now); len(a.reviving) > 0; {
		next := a.reviving[len(a.reviving)-1]
		if next.draw < asleep {
			return
		}
		a.traits[next.n] &^= bitInvalid | bitMortal
		a.reviving = a.reviving[:len(a.reviving)-1]
	}
}

// aliveAt returns the value of alive at a time, which may be in the future.
func (a *Audience) aliveAt(at time.Duration) uint64 {
	if a.alive == 0 || !a.decays {
		return a.alive
	}
	return left(a.rate, at+a.spec.Contacted-a.spec.Contacted%step)
}

// aliveThen is aliveAt with a memo, because many calls are about the same hour.
func (a *Audience) aliveThen(at time.Duration) uint64 {
	if number := uint64(at/step) + 1; number != a.memo.number {
		a.memo = aliveHour{number, a.aliveAt(at)}
	}
	return a.memo.alive
}

// NextStep returns the next time at which Advance has an effect.
func (a *Audience) NextStep() time.Duration { return a.asOf + step }

// Changes reports whether Advance ever has an effect.
func (a *Audience) Changes() bool { return a.spec.Changes() }

// Exists reports whether an address exists as of the last Advance.
func (a *Audience) Exists(n uint32) bool {
	switch traits := a.traits[n]; {
	case traits&bitInvalid != 0:
		return false
	case traits&bitMortal == 0:
		return true
	}
	return a.lives(n, a.asOf, a.alive)
}

// Reports reports whether an address is at a provider with a feedback loop.
func (a *Audience) Reports(n uint32) bool { return Traits(a.traits[n]).Report() }

// Traits is an address's byte.
type Traits uint8

// Report reports whether the address is at a provider with a feedback loop.
func (t Traits) Report() bool { return t&bitLoop != 0 }

// Outcome is the outcome of an attempt to deliver.
type Outcome uint8

// The outcomes of an attempt. Those before Kinds are bounces of addresses that exist;
// Spec.Bounces gives each a share.
const (
	Refused            Outcome = iota // hard, for a reason other than the address
	Full                              // soft: the mailbox is full; SES retries
	TooLarge                          // soft, not retried
	ContentRejected                   // soft, not retried
	AttachmentRejected                // soft, not retried
	Undetermined                      // neither hard nor soft
	Blocked                           // soft: the server blocks the IP address of SES; SES retries
	Deferred                          // soft: the server defers the mail; SES retries
	Kinds
	Delivered     Outcome = Kinds
	NoSuchAddress Outcome = Kinds + 1 // hard
	NoSuchDomain  Outcome = Kinds + 2 // SES retries
)

// setLimits computes the limits from the shares of the bounces.
func (a *Audience) setLimits() {
	sum := unit.Share(0)
	for i, share := range a.spec.Bounces {
		sum = min(sum+share, unit.Whole)
		a.limits[i] = sum.Threshold()
	}
	a.bounces = a.limits[Kinds-1]
	a.complains = a.spec.Complaint.Threshold()
	a.replies = a.spec.OutOfOffice.Threshold()
}

// Attempt returns the outcome of the first attempt to deliver a message to address n,
// decided by the message's random number u.
func (a *Audience) Attempt(n uint32, u uint64) Outcome {
	if a.traits[n]&bitDead != 0 {
		return NoSuchDomain
	}
	if !a.Exists(n) {
		return NoSuchAddress
	}
	if u >= a.bounces && a.bounces != all {
		return Delivered
	}
	for i, limit := range a.limits {
		if u < limit || limit == all {
			return Outcome(i)
		}
	}
	return Delivered
}

// Arrives reports whether Attempt would return Delivered for address n, whose byte
// is traits.
func (a *Audience) Arrives(n uint32, traits Traits, u uint64) bool {
	return traits&(bitDead|bitInvalid) == 0 && u >= a.bounces && a.bounces != all &&
		(traits&bitMortal == 0 || a.lives(n, a.asOf, a.alive))
}

// Line returns the cache line that Arrives reads for most addresses.
func (a *Audience) Line() prefetch.Line { return prefetch.Of(&a.bounces) }

// all is the limit of a share of 100 %, which includes the largest draw.
const all = ^uint64(0)

// Retry returns the outcome of a later attempt. The first attempt was the time since
// ago and its outcome was was. A domain that does not exist never will, a full
// mailbox or an unwilling server lasts for the time given in Spec, and the address
// may have died in the meantime.
func (a *Audience) Retry(n uint32, since time.Duration, was Outcome) Outcome {
	lasts := a.lasts(was)
	switch {
	case a.traits[n]&bitDead != 0:
		return NoSuchDomain
	case !a.Exists(n):
		return NoSuchAddress
	case lasts == 0 || since < lasts:
		return was
	}
	return Delivered
}

// lasts returns how long the cause of a soft bounce lasts; 0: forever.
func (a *Audience) lasts(was Outcome) time.Duration {
	if was == Blocked || was == Deferred {
		return a.spec.DeferredFor
	}
	return a.spec.FullFor
}

// SureUntil returns the time before which retries of a message are sure to have the
// outcome was of its first attempt, made at first. Only retries up to end matter. If
// the address may die by then, no retry is sure and it returns first.
func (a *Audience) SureUntil(n uint32, first, end time.Duration, was Outcome) time.Duration {
	lasts := a.lasts(was)
	switch {
	case a.traits[n]&bitDead != 0:
		return end + 1
	case a.decays && !a.lives(n, end, a.aliveThen(end)):
		return first
	case lasts == 0:
		return end + 1
	}
	return first + lasts
}

// Complains decides by the random number u whether the recipient of a delivered
// message complains.
func (a *Audience) Complains(u uint64) bool { return u < a.complains || a.complains == all }

// Replies decides by the random number u whether a delivered message causes an
// automatic reply.
func (a *Audience) Replies(u uint64) bool { return u < a.replies || a.replies == all }

// AnyReplies reports whether any delivered message may cause an automatic reply.
func (a *Audience) AnyReplies() bool { return a.replies > 0 }

// SetBounce changes the share of attempts with the outcome kind, which must be before
// Kinds.
func (a *Audience) SetBounce(kind Outcome, s unit.Share) {
	a.spec.Bounces[kind] = s
	a.setLimits()
}

// SetComplaint changes the share of delivered messages that cause a complaint.
func (a *Audience) SetComplaint(s unit.Share) {
	a.spec.Complaint = s
	a.setLimits()
}

// SetOutOfOffice changes the share of delivered messages that cause an automatic reply.
func (a *Audience) SetOutOfOffice(s unit.Share) {
	a.spec.OutOfOffice = s
	a.setLimits()
}

// SetInvalid changes the share of the addresses that do not exist: of all addresses, the
// others are told by the same ranking as at the start, those that have been contacted or
// have got a mailbox stay as they are, and so do those of the start where Spec.Removed says
// that they had mail before. The share of those that are left is the new one in expectation.
// It takes time in proportion to the size of the audience.
func (a *Audience) SetInvalid(s unit.Share, contacted func(n uint32) bool) {
	invalid := &a.born[0]
	a.spec.Invalid, invalid.share = s, s
	if a.keys != nil {
		return // an address is admitted when it is first contacted
	}
	asleep := ^uint64(0)
	if a.spec.Revive > 0 {
		asleep = a.asleep(a.asOf)
	}
	now := make([]uint8, a.spec.Size)
	rank(now, invalid.key, s.Count(a.spec.Size), bitInvalid)
	for n := range a.traits {
		ofStart := int64(n) < a.spec.Size
		switch {
		case contacted(uint32(n)) || ofStart && (a.spec.Removed || a.revival.At(uint64(n)) >= asleep):
			continue
		case ofStart:
			a.traits[n] = a.traits[n]&^bitInvalid | now[n]
		case s.Of(invalid.key.At(uint64(n))):
			a.traits[n] |= bitInvalid
		default:
			a.traits[n] &^= bitInvalid
		}
	}
	if a.reviving = a.reviving[:0]; a.spec.Revive > 0 {
		a.findRevivals()
	}
}
