package bench

import (
	"strconv"
	"time"

	"sesim/cmd/internal/bench/reference"
	"sesim/reports/benchmark"
	"sesim/sim/sender"
	"sesim/sim/ses"
)

// subject is one side of a comparison. Its cores may decide at the same time.
type subject interface {
	name() string
	// prepare does the untimed work before this many decisions of a core.
	prepare(decisions int)
	// decide decides recipients, one after the other.
	decide(core int, numbers []uint32)
	// tally returns how many decisions there were so far, and how many of them
	// a list suppressed.
	tally() (all, suppressed int64)
}

var (
	_ subject = model{}
	_ subject = oneByOne{}
	_ subject = (*composition)(nil)
	_ subject = (*reads)(nil)
	_ subject = (*rung)(nil)
	_ subject = rungAhead{}
	_ subject = drawAlone{}
)

// model decides as package engine does: recipients are known ahead, and their
// memory is touched together, if there is much of it.
type model struct{ *world }

// aheadFrom is the number of addresses from which on touching their bytes together is no
// slower than deciding one by one, as measured: with fewer the processor reads the bytes of
// the next decisions by itself, since there are few instructions between them. Package
// engine touches from far fewer on, as what it does besides stands between two decisions.
const aheadFrom = 1 << 25

func (model) name() string { return benchmark.Model }

func (m model) decide(core int, numbers []uint32) {
	l := m.lanes[core]
	for len(numbers) > 0 {
		part := numbers[:min(lookAhead, len(numbers))]
		if len(l.bits) >= aheadFrom {
			l.touched = sender.Touch(l.bits, part)
		}
		l.decideAll(part)
		numbers = numbers[len(part):]
	}
}

func (w *world) tally() (all, suppressed int64) {
	for _, l := range w.lanes {
		a, s := tally(&l.verdicts)
		all, suppressed = all+a, suppressed+s
	}
	return all, suppressed
}

func tally(verdicts *[reference.Verdicts]int64) (all, suppressed int64) {
	for v, n := range verdicts {
		all += n
		if reference.Verdict(v) > reference.Passed {
			suppressed += n
		}
	}
	return all, suppressed
}

// oneByOne decides without looking ahead.
type oneByOne struct{ *world }

func (oneByOne) name() string { return benchmark.OneByOne }

func (o oneByOne) decide(core int, numbers []uint32) { o.lanes[core].decideAll(numbers) }

// Subject returns a subject over n addresses, by its name in a report, so that its
// instructions can be counted: it decides recipients on one core, and returns how many a
// list has suppressed so far. It returns nil if there is no such subject.
func Subject(name string, n int64) func(numbers []uint32) (suppressed int64) {
	o := Quick()
	o.Cores, o.MailADay = 1, 10_000
	s := &session{Options: o, report: &benchmark.Report{}}
	for _, subject := range s.build(n, names(n)).subjectsOf(comparison{n, benchmark.Uniform, 1, true}) {
		if subject.name() == name {
			return func(numbers []uint32) int64 {
				subject.decide(0, numbers)
				_, suppressed := subject.tally()
				return suppressed
			}
		}
	}
	return nil
}

// names returns the addresses of an audience as texts. They share blocks of
// memory, which is the least that texts can take.
func names(n int64) []string {
	const block = 4096
	list := make([]string, 0, n)
	var text []byte
	var ends []int
	for first := int64(0); first < n; first += block {
		text, ends = text[:0], ends[:0]
		for i := first; i < min(first+block, n); i++ {
			text = strconv.AppendInt(append(text, "customers-"...), i+1, 10)
			text = append(text, "@customers.example"...)
			ends = append(ends, len(text))
		}
		all, start := string(text), 0
		for _, end := range ends {
			list = append(list, all[start:end])
			start = end
		}
	}
	return list
}

// gate is what one core of the reference decides with.
type gate struct {
	*reference.Gate
	names    []string
	now      time.Duration // virtual
	step     time.Duration
	verdicts [reference.Verdicts]int64
	_        [64]byte // no two gates share a line of cache
}

// composition is the reference, laid out as a world is.
type composition struct {
	gates []*gate
	sets  []set
	until time.Duration // when stays end
}

// set is a global list and the addresses it is about.
type set struct {
	names  []string
	global *reference.Global
}

// newComposition returns the reference over the same addresses as newWorld
// would.
func (o *Options) newComposition(names []string, lanes int, shared bool) *composition {
	c := &composition{until: stay}
	rules := ruleSet()
	sets := 1
	if !shared {
		sets = lanes
	}
	size := len(names) / sets
	for i := range sets {
		part := set{names[i*size : (i+1)*size], reference.NewGlobal(&rules.Global)}
		c.sets = append(c.sets, part)
		for range lanes / sets {
			g := &gate{names: part.names, step: o.step(), Gate: reference.NewGate(o.spec(), from, rules, time.Unix(0, 0), part.global)}
			c.gates = append(c.gates, g)
			g.suppress(shared)
		}
	}
	if shared {
		c.strike(0)
	} else {
		c.until = 1<<63 - 1
	}
	for _, g := range c.gates {
		g.fill(o.MailADay)
	}
	return c
}

func (g *gate) suppress(shared bool) {
	for i, name := range g.names {
		if on, globally := listed(uint32(i)); on && !(globally && shared) {
			g.Suppress(name, ses.ListBounce)
		}
	}
}

func (c *composition) strike(now time.Duration) {
	for _, s := range c.sets {
		for i, name := range s.names {
			if on, globally := listed(uint32(i)); on && globally {
				s.global.Strike(name, now)
			}
		}
	}
	c.until = now + stay
}

// fill sends a day's mail to the first address.
func (g *gate) fill(mail int64) {
	for range mail {
		g.now += g.step
		g.Decide(g.now, g.names[0])
	}
}

func (*composition) name() string { return benchmark.Reference }

func (c *composition) prepare(decisions int) {
	for _, g := range c.gates {
		if g.now+time.Duration(decisions)*g.step >= c.until {
			c.strike(c.until)
			return
		}
	}
}

func (c *composition) decide(core int, numbers []uint32) {
	g := c.gates[core]
	for _, n := range numbers {
		g.now += g.step
		g.verdicts[g.Decide(g.now, g.names[n])]++
	}
}

func (c *composition) tally() (all, suppressed int64) {
	for _, g := range c.gates {
		a, s := tally(&g.verdicts)
		all, suppressed = all+a, suppressed+s
	}
	return all, suppressed
}
