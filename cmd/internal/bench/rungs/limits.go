package rungs

import (
	"time"

	"sesim/cmd/internal/bench/reference"
	"sesim/sim/ses"
)

const quotaWindow = 24 * time.Hour

// Limits describes the account that a rung decides for.
type Limits struct {
	Quota  int64             // recipients in 24 hours; -1: unlimited; otherwise positive
	Rate   int64             // recipients a second
	Burst  int64             // seconds of the rate that may be sent at once
	Refuse reference.Verdict // of every call, before rate and quota; Passed: there is none
	Step   time.Duration     // virtual time between two decisions
}

// gate is what all rungs have in common: everything but the lists. Decisions are
// Step apart; virtual time times Rate must stay below 2^63.
type gate struct {
	now, step time.Duration
	rate      int64
	slack     int64           // how far full may be ahead of now, in 1/rate ns
	full      int64           // when all tokens are there again, in 1/rate ns
	ring      []time.Duration // when the latest recipients were accepted, as many as the quota
	oldest    int             // its place in the ring
	window    time.Duration   // for which a place of the ring is taken
	refuse    reference.Verdict
	verdicts  [reference.Verdicts]int64
}

func newGate(l Limits) gate {
	const token = int64(time.Second)
	g := gate{
		step: l.Step, rate: l.Rate, slack: (l.Burst*l.Rate - 1) * token, refuse: l.Refuse,
		ring: make([]time.Duration, max(l.Quota, 1)), window: quotaWindow,
	}
	if l.Quota < 0 {
		g.window = 0
	}
	for i := range g.ring {
		g.ring[i] = -quotaWindow
	}
	return g
}

// admit decides a call without the lists.
func (g *gate) admit(now time.Duration) reference.Verdict {
	if g.refuse != reference.Passed {
		return g.refuse
	}
	full := max(g.full, int64(now)*g.rate)
	if full-int64(now)*g.rate > g.slack {
		return reference.Verdict(ses.RefusedRate)
	}
	oldest := &g.ring[g.oldest]
	if *oldest > now-g.window {
		return reference.Verdict(ses.RefusedQuota)
	}
	*oldest = now
	if g.oldest++; g.oldest == len(g.ring) {
		g.oldest = 0
	}
	g.full = full + int64(time.Second)
	return reference.Passed
}

// Now returns the virtual time of the latest decision.
func (g *gate) Now() time.Duration { return g.now }

// Verdicts returns how often each verdict was given.
func (g *gate) Verdicts() *[reference.Verdicts]int64 { return &g.verdicts }

// always is the end of a stay on the account-level list.
const always = time.Duration(1<<63 - 1)

// listed returns the verdict on an accepted call to an address whose stay on the lists
// ends then; 0: it never was on one.
func listed(now, until time.Duration) reference.Verdict {
	switch {
	case now >= until:
		return reference.Passed
	case until == always:
		return reference.SuppressedAccount
	}
	return reference.SuppressedGlobal
}
