package bench

import (
	"time"

	"sesim/cmd/internal/bench/reference"
	"sesim/cmd/internal/bench/rungs"
	"sesim/reports/benchmark"
	"sesim/sim/ses"
)

// rungTextsMost is the most addresses for the rung that decides on strings.
const rungTextsMost = 1e7

// decider is a rung.
type decider interface {
	Suppress(n uint32)
	Strike(n uint32, until time.Duration)
	Decide(numbers []uint32)
	Now() time.Duration
	Verdicts() *[reference.Verdicts]int64
}

var (
	_ decider = (*rungs.Texts)(nil)
	_ decider = (*rungs.Numbers)(nil)
	_ decider = (*rungs.Bits)(nil)
)

// rung is a rung as a subject, which decides on one core, with the same addresses on
// its lists as a world whose lanes share a global list.
type rung struct {
	decider
	title  string
	step   time.Duration
	struck []uint32      // addresses on the global list
	until  time.Duration // when their stays end
}

// rungAhead is a rung with a bit set that looks ahead. It shares all else with the one
// that does not.
type rungAhead struct{ *rung }

// newRungs returns the rungs over n addresses, ready to decide: the lists hold what those
// of a world do whose lanes share a global list, and the window is full.
func (o *Options) newRungs(n int64, texts []string) []subject {
	subjects := makeRungs(rungLimits(o.spec(), from, o.step()), n, texts)
	var own, struck []uint32
	for i := range uint32(n) {
		if on, globally := listed(i); globally && on {
			struck = append(struck, i)
		} else if on {
			own = append(own, i)
		}
	}
	for _, s := range subjects {
		if r, made := s.(*rung); made {
			r.list(own, struck)
			r.Decide(make([]uint32, o.MailADay))
		}
	}
	return subjects
}

// makeRungs returns the rungs in order, with empty lists; the one that decides on strings
// only with the texts of few enough addresses.
func makeRungs(limits rungs.Limits, n int64, texts []string) []subject {
	bits := &rung{decider: rungs.NewBits(limits, n), title: benchmark.RungBits, step: limits.Step}
	list := []subject{
		&rung{decider: rungs.NewNumbers(limits), title: benchmark.RungNumbers, step: limits.Step}, bits, rungAhead{bits},
	}
	if texts != nil && n <= rungTextsMost {
		list = append([]subject{&rung{decider: rungs.NewTexts(limits, texts), title: benchmark.RungTexts, step: limits.Step}}, list...)
	}
	return list
}

// list puts addresses on the account-level list, and others on the global one from time 0
// on.
func (r *rung) list(own, struck []uint32) {
	for _, n := range own {
		r.Suppress(n)
	}
	r.struck = struck
	r.strike(0)
}

// rungLimits describes an account that sends from an address.
func rungLimits(spec ses.Spec, from string, step time.Duration) rungs.Limits {
	l := rungs.Limits{
		Quota: spec.Quota, Rate: spec.Rate, Burst: ruleSet().Rate.BurstSeconds, Refuse: reference.Passed, Step: step,
	}
	if ids := ses.NewIdentities(spec.Identities); !ids.Covers(from) {
		l.Refuse = reference.Verdict(ses.RefusedUnverified)
	}
	return l
}

// strike lists the addresses of the global list from a time on.
func (r *rung) strike(now time.Duration) {
	r.until = now + stay
	for _, n := range r.struck {
		r.Strike(n, r.until)
	}
}

func (r *rung) name() string { return r.title }

func (r *rung) prepare(decisions int) {
	if r.Now()+time.Duration(decisions)*r.step >= r.until {
		r.strike(r.until)
	}
}

func (r *rung) decide(_ int, numbers []uint32) { r.Decide(numbers) }

func (r *rung) tally() (all, suppressed int64) { return tally(r.Verdicts()) }

func (rungAhead) name() string { return benchmark.RungBitsAhead }

func (r rungAhead) decide(_ int, numbers []uint32) {
	r.decider.(*rungs.Bits).DecideAhead(numbers, lookAhead)
}
