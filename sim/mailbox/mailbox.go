// Package mailbox models the recipients: which addresses exist and for how
// long, and what becomes of an attempt to deliver to one of them. It leaves
// out content, folders and everything after delivery but complaints.
//
// An audience is a population of addresses, numbered from 0. The properties
// that an address keeps for a whole run are drawn by ranking: each address
// has a random number of its own, and a share of p percent goes to exactly
// that many addresses with the lowest numbers. A larger share contains the
// smaller one, so that two scenarios that differ in a share differ in no more
// than that.
package mailbox

import (
	"cmp"
	"math/bits"
	"slices"
	"time"

	"sesim/sim/fixed"
	"sesim/sim/rng"
	"sesim/sim/unit"
)

// The bits of an address's byte that belong to this package.
const (
	bitInvalid = 1 << 0 // never existed
	bitLoop    = 1 << 1 // at a provider with a feedback loop
	bitDead    = 1 << 2 // at a domain that does not exist
	bitMortal  = 1 << 3 // may die in the time that is looked at
)

// Spec is what an audience is at the start of a run.
type Spec struct {
	Name         string
	Size         int64
	Invalid      unit.Share        // of the addresses
	DeadDomain   unit.Share        // of the addresses
	FeedbackLoop unit.Share        // of the addresses
	Bounces      [Kinds]unit.Share // of the attempts to addresses that exist, by Outcome; together at most the whole
	FullFor      time.Duration     // 0: for ever
	DeferredFor  time.Duration     // how long Blocked and Deferred last; 0: for ever
	Complaint    unit.Share        // of the delivered messages
	OutOfOffice  unit.Share        // of the delivered messages
	Decay        unit.Share        // of the addresses that exist, within each DecayPer
	DecayPer     time.Duration
	Until        time.Duration // nothing is asked about later times; 0: not known
}

// Audience is a population of addresses.
type Audience struct {
	spec   Spec
	traits []uint8 // one byte an address; the lower four bits are ours
	// limits cut the range of a draw into the outcomes, each up to its limit;
	// from the last one on a message is delivered.
	limits    [Kinds]uint64
	bounces   uint64 // the last limit
	complains uint64 // a draw below it is a complaint
	replies   uint64 // a draw below it is an automatic reply
	death     rng.Key
	alive     uint64        // an address lives while its draw lies below this
	decays    bool          // otherwise alive does not matter
	rate      uint64        // decay in Q48 octaves for each step
	stepAt    time.Duration // when alive was computed
	asked     step          // what SureUntil asked last
}

// step is an hour that addresses die at the end of.
type step struct {
	number uint64 // from 1; 0: none
	alive  uint64 // as for an audience
}

// decayStep is how finely addresses die: all that die within an hour do so
// at its end.
const decayStep = time.Hour

// New returns an audience whose addresses have the bytes of traits, of which
// it sets the lower four bits.
func New(spec Spec, seed uint64, traits []uint8) *Audience {
	a := &Audience{spec: spec, traits: traits, alive: ^uint64(0), death: rng.Derive(seed, "audience", spec.Name, "death")}
	rank(traits, rng.Derive(seed, "audience", spec.Name, "invalid"), spec.Invalid.Count(spec.Size), bitInvalid)
	rank(traits, rng.Derive(seed, "audience", spec.Name, "dead"), spec.DeadDomain.Count(spec.Size), bitDead)
	rank(traits, rng.Derive(seed, "audience", spec.Name, "loop"), spec.FeedbackLoop.Count(spec.Size), bitLoop)
	a.setLimits()
	if spec.Decay > 0 {
		a.decays = true
		left := uint64(unit.Whole - spec.Decay)
		if left == 0 {
			a.alive = 0
		} else {
			octaves := fixed.Log2(uint64(unit.Whole)) - fixed.Log2(left)
			a.rate = fixed.MulDiv(octaves, uint64(decayStep), uint64(spec.DecayPer))
		}
		a.markMortals()
	}
	return a
}

// markMortals tells the addresses that may die from those that outlive all: of
// these nothing has to be computed later.
func (a *Audience) markMortals() {
	last := uint64(0)
	if a.spec.Until > 0 {
		last = a.aliveAt(a.spec.Until)
	}
	for n := range a.traits {
		if a.death.At(uint64(n)) >= last {
			a.traits[n] |= bitMortal
		}
	}
}

// rank sets a bit in the bytes of the n addresses with the lowest draws.
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
	// Count the draws by their upper bits, find the cell that holds the n-th
	// lowest, and look at that cell one by one.
	const shift = 64 - 14
	cells := make([]int64, 1<<14)
	for i := range traits {
		cells[key.At(uint64(i))>>shift]++
	}
	cell, left := uint64(0), n
	for left > cells[cell] {
		left -= cells[cell]
		cell++
	}
	type draw struct {
		u       uint64
		address int
	}
	inCell := make([]draw, 0, cells[cell])
	for i := range traits {
		switch u := key.At(uint64(i)); {
		case u>>shift < cell:
			traits[i] |= bit
		case u>>shift == cell:
			inCell = append(inCell, draw{u, i})
		}
	}
	slices.SortFunc(inCell, func(a, b draw) int { return cmp.Compare(a.u, b.u) })
	for _, d := range inCell[:left] { // no two draws of a stream are alike
		traits[d.address] |= bit
	}
}

// Advance moves the audience's clock: addresses that died in the hours since
// the last call exist no more. Time must not go back.
func (a *Audience) Advance(now time.Duration) {
	if !a.decays || now < a.stepAt+decayStep {
		return
	}
	a.stepAt = now - now%decayStep
	a.alive = a.aliveAt(now)
}

// aliveAt returns the draw below which addresses live at a time to come.
func (a *Audience) aliveAt(at time.Duration) uint64 {
	hi, lo := bits.Mul64(a.rate, uint64(at/decayStep))
	if hi != 0 || lo >= 1<<62 || a.alive == 0 {
		return 0
	}
	return fixed.Scale(1<<63-1, -int64(lo)) << 1
}

// aliveThen is aliveAt with a memory: many ask about the same hour.
func (a *Audience) aliveThen(at time.Duration) uint64 {
	if number := uint64(at/decayStep) + 1; number != a.asked.number {
		a.asked = step{number, a.aliveAt(at)}
	}
	return a.asked.alive
}

// NextStep returns when Advance next has something to do.
func (a *Audience) NextStep() time.Duration { return a.stepAt + decayStep }

// Decays reports whether addresses of the audience die.
func (a *Audience) Decays() bool { return a.decays }

// Exists reports whether an address exists as of the last Advance.
func (a *Audience) Exists(n uint32) bool {
	switch traits := a.traits[n]; {
	case traits&bitInvalid != 0:
		return false
	case traits&bitMortal == 0:
		return true
	}
	return a.death.At(uint64(n)) < a.alive
}

// Reports reports whether an address is at a provider with a feedback loop.
func (a *Audience) Reports(n uint32) bool { return Traits(a.traits[n]).Report() }

// Traits is an address's byte.
type Traits uint8

// Report reports whether the address is at a provider with a feedback loop.
func (t Traits) Report() bool { return t&bitLoop != 0 }

// Outcome is what becomes of an attempt.
type Outcome uint8

// The outcomes of an attempt. Those before Kinds are bounces that an address
// which exists may cause; the audience gives each a share.
const (
	Refused            Outcome = iota // hard, for a reason other than the address
	Full                              // soft: the mailbox is full; SES tries again
	TooLarge                          // soft, not retried
	ContentRejected                   // soft, not retried
	AttachmentRejected                // soft, not retried
	Undetermined                      // neither hard nor soft
	Blocked                           // soft: the server blocks the address that SES sends from; SES tries again
	Deferred                          // soft: the server puts the mail off; SES tries again
	Kinds
	Delivered     Outcome = Kinds
	NoSuchAddress Outcome = Kinds + 1 // hard
	NoSuchDomain  Outcome = Kinds + 2 // SES tries again
)

// setLimits adds up the shares of the bounces.
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

// Attempt decides a message's first attempt by the message's draw u.
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

// Arrives reports whether Attempt would return Delivered for an address with
// the given byte.
func (a *Audience) Arrives(n uint32, traits Traits, u uint64) bool {
	return traits&(bitDead|bitInvalid) == 0 && u >= a.bounces && a.bounces != all &&
		(traits&bitMortal == 0 || a.death.At(uint64(n)) < a.alive)
}

// all is the limit of a share of the whole, which holds the last draw too.
const all = ^uint64(0)

// Retry decides a later attempt, so long after the first one, which met was:
// a domain that does not exist never does, a mailbox stays full and a server
// unwilling for a time that the audience names, and an address may have died
// meanwhile.
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

// lasts returns for how long a soft bounce is met; 0: for ever.
func (a *Audience) lasts(was Outcome) time.Duration {
	if was == Blocked || was == Deferred {
		return a.spec.DeferredFor
	}
	return a.spec.FullFor
}

// SureUntil returns the time before which a message first attempted at first
// is sure to meet again what it met then, was, as far as attempts up to end are
// concerned. Of an address that may die by then nothing is sure.
func (a *Audience) SureUntil(n uint32, first, end time.Duration, was Outcome) time.Duration {
	lasts := a.lasts(was)
	switch {
	case a.traits[n]&bitDead != 0:
		return end + 1
	case a.decays && a.death.At(uint64(n)) >= a.aliveThen(end):
		return first
	case lasts == 0:
		return end + 1
	}
	return first + lasts
}

// Complains decides by the draw u whether a delivered message draws a
// complaint.
func (a *Audience) Complains(u uint64) bool { return u < a.complains || a.complains == all }

// Replies decides by the draw u whether a delivered message draws an
// automatic reply.
func (a *Audience) Replies(u uint64) bool { return u < a.replies || a.replies == all }

// AnyReplies reports whether any delivered message draws an automatic reply.
func (a *Audience) AnyReplies() bool { return a.replies > 0 }

// SetBounce changes the share of attempts that end in a kind of bounce.
func (a *Audience) SetBounce(kind Outcome, s unit.Share) {
	a.spec.Bounces[kind] = s
	a.setLimits()
}

// SetComplaint changes the share of delivered messages that draw a complaint.
func (a *Audience) SetComplaint(s unit.Share) {
	a.spec.Complaint = s
	a.setLimits()
}
