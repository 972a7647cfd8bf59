package bench

import (
	"testing"
	"time"

	"sesim/cmd/internal/bench/reference"
	"sesim/cmd/internal/bench/rungs"
	"sesim/reports/benchmark"
	"sesim/sim/rng"
	"sesim/sim/ses"
)

// TestSameDecisions compares the model with the reference and with each rung,
// decision by decision: what is compared in speed must do the same. Each case names
// a verdict that it is about.
func TestSameDecisions(t *testing.T) {
	const n, calls = 4000, 30_000
	for _, c := range []struct {
		name   string
		spec   ses.Spec
		from   string
		step   time.Duration
		shared bool
		paused bool
		shows  reference.Verdict
	}{
		{"as measured", ses.Spec{Quota: 21_000, Rate: 4, Suppression: ses.ListBounce}, from, 24 * time.Hour / 20_000, true, false, reference.SuppressedGlobal},
		{"nothing shared", ses.Spec{Quota: 21_000, Rate: 4, Suppression: ses.ListBounce}, from, 24 * time.Hour / 20_000, false, false, reference.SuppressedAccount},
		{"account list", ses.Spec{Quota: -1, Rate: 4, Suppression: ses.ListBounce}, from, time.Second, true, false, reference.SuppressedAccount},
		{"over the quota", ses.Spec{Quota: 15_000, Rate: 4}, from, 24 * time.Hour / 20_000, true, false, reference.Verdict(ses.RefusedQuota)},
		{"over the rate", ses.Spec{Quota: -1, Rate: 2}, from, 330 * time.Millisecond, true, false, reference.Verdict(ses.RefusedRate)},
		{"over both", ses.Spec{Quota: 2_000, Rate: 2}, from, 330 * time.Millisecond, true, false, reference.Verdict(ses.RefusedQuota)},
		{"stays that end", ses.Spec{Quota: -1, Rate: 4}, from, 100 * time.Second, true, false, reference.SuppressedGlobal},
		{"unverified", ses.Spec{Quota: -1, Rate: 4}, "news@other.example", time.Second, true, false, reference.Verdict(ses.RefusedUnverified)},
		{"paused", ses.Spec{Quota: -1, Rate: 4}, "news@other.example", time.Second, true, true, reference.Verdict(ses.RefusedPaused)},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.spec.Access, c.spec.Identities = ses.Production, []string{"acme.example"}
			l, g := bothSides(c.spec, c.from, n, c.shared)
			if c.paused {
				l.account.Pause(0)
				g.Pause()
			}
			l.step, g.step = c.step, c.step
			subjects := sameRungs(c.spec, c.from, c.step, n, c.shared, c.paused)
			draws := rng.Derive(7, "test", c.name, "recipients").Stream()
			for i := range calls {
				to := uint32(draws.Below(n))
				g.now += g.step
				got, want := decideOne(model{&world{lanes: []*lane{l}}}, &l.verdicts, to), g.Decide(g.now, g.names[to])
				if got != want {
					t.Fatalf("call %d, to %d: the model says %s, the reference %s", i, to, got, want)
				}
				for _, s := range subjects {
					if v := decideOne(s, s.(decider).Verdicts(), to); v != want {
						t.Fatalf("call %d, to %d: the model says %s, %s %s", i, to, got, s.name(), v)
					}
				}
			}
			if l.verdicts[c.shows] == 0 {
				t.Errorf("no decision is %s: %v", c.shows, l.verdicts)
			}
		})
	}
}

// bothSides lists the same addresses on the lists of the model and of the
// reference.
func bothSides(spec ses.Spec, from string, n int64, shared bool) (*lane, *gate) {
	shipped := ruleSet()
	bits := make([]uint8, n)
	l := &lane{account: ses.NewAccount(spec, shipped, bits), bits: bits, global: ses.NewGlobalList(&shipped.Global, bits, 1, time.Hour)}
	l.open(from)
	texts := names(n)
	global := reference.NewGlobal(&shipped.Global)
	g := &gate{names: texts, Gate: reference.NewGate(spec, from, shipped, time.Unix(0, 0), global)}
	if spec.Suppression != 0 {
		l.suppress(shared)
		g.suppress(shared)
	}
	w := &world{lanes: []*lane{l}, sets: []*lane{l}}
	c := &composition{gates: []*gate{g}, sets: []set{{texts, global}}}
	if shared {
		w.strike(0)
		c.strike(0)
	}
	return l, g
}

// sameRungs returns the rungs for the account of a case, with the same addresses on
// their lists as the sides of bothSides. Each has a state of its own.
func sameRungs(spec ses.Spec, from string, step time.Duration, n int64, shared, paused bool) []subject {
	limits := rungLimits(spec, from, step)
	if paused {
		limits.Refuse = reference.Verdict(ses.RefusedPaused)
	}
	var own, struck []uint32
	for i := range uint32(n) {
		switch on, globally := listed(i); {
		case on && globally && shared:
			struck = append(struck, i)
		case on && spec.Suppression != 0:
			own = append(own, i)
		}
	}
	list := makeRungs(limits, n, names(n))
	ahead := makeRungs(limits, n, nil) // rungAhead shares its state with the one before it
	list[len(list)-1] = ahead[len(ahead)-1]
	for _, s := range list {
		if r, found := s.(rungAhead); found {
			s = r.rung
		}
		s.(*rung).list(own, struck)
	}
	return list
}

// decideOne returns a subject's verdict on a call, by what it counts.
func decideOne(s subject, counts *[reference.Verdicts]int64, to uint32) reference.Verdict {
	before := *counts
	s.decide(0, []uint32{to})
	for v := range counts {
		if counts[v] > before[v] {
			return reference.Verdict(v)
		}
	}
	panic("no verdict")
}

// TestLayouts: one core or two, shared or not, the two sides suppress the same
// share, and the lists hold what they should.
func TestLayouts(t *testing.T) {
	o := tiny()
	const n = 40_000
	for _, c := range []layout{{1, false}, {2, true}, {2, false}} {
		w, texts := o.newWorld(n, c.cores, c.shared), names(n)
		r := o.newComposition(texts, c.cores, c.shared)
		size := int64(n)
		if !c.shared {
			size /= int64(c.cores)
		}
		numbers := newDraws(size, benchmark.Uniform, o.PerRound).take(o.PerRound)
		for core := range c.cores {
			for _, s := range []subject{model{w}, r} {
				s.prepare(len(numbers))
				s.decide(core, numbers)
			}
			if got, want := w.lanes[core].verdicts, r.gates[core].verdicts; got[reference.SuppressedAccount] != want[reference.SuppressedAccount] ||
				got[reference.SuppressedGlobal] != want[reference.SuppressedGlobal] {
				t.Errorf("%+v, core %d: the model's verdicts are %v, the reference's %v", c, core, got, want)
			}
		}
		if _, suppressed := (model{w}).tally(); suppressed == 0 {
			t.Errorf("%+v: nothing is suppressed", c)
		}
	}
}

// TestRungsListTheSame: on one core, with a shared list, the rungs suppress what the
// model does.
func TestRungsListTheSame(t *testing.T) {
	o := tiny()
	const n = 40_000
	w := o.newWorld(n, 1, true)
	numbers := newDraws(n, benchmark.Uniform, o.PerRound).take(o.PerRound)
	model{w}.decide(0, numbers)
	want := w.lanes[0].verdicts
	list := o.newRungs(n, names(n))
	if len(list) != len(benchmark.Rungs()) {
		t.Fatalf("%d rungs", len(list))
	}
	for i, s := range list {
		if s.name() != benchmark.Rungs()[i] {
			t.Errorf("rung %d is %s, want %s", i, s.name(), benchmark.Rungs()[i])
		}
		before := *s.(decider).Verdicts()
		s.decide(0, numbers)
		for v, after := range s.(decider).Verdicts() {
			if got := after - before[v]; got != want[v] {
				t.Errorf("%s: %d decisions are %s, want %d", s.name(), got, reference.Verdict(v), want[v])
			}
		}
	}
	if large := makeRungs(rungs.Limits{Quota: 1, Rate: 1, Burst: 1}, rungTextsMost+1, make([]string, 1)); len(large) != len(list)-1 {
		t.Errorf("%d rungs on more addresses than there may be texts", len(large))
	}
}

// TestStaysAreRenewed: however long it goes on, the same share stays listed.
func TestStaysAreRenewed(t *testing.T) {
	o := tiny()
	const n = 20_000
	w, r, ladder := o.newWorld(n, 1, true), o.newComposition(names(n), 1, true), o.newRungs(n, names(n))
	numbers := newDraws(n, benchmark.InOrder, n).take(n)
	for day := 0; day < 60; day += n / int(o.MailADay) {
		for _, s := range append([]subject{model{w}, r}, ladder...) {
			_, before := s.tally()
			s.prepare(n)
			s.decide(0, numbers)
			if _, after := s.tally(); after-before < n/listedEvery/2 {
				t.Fatalf("day %d: %s suppresses %d of %d", day, s.name(), after-before, n)
			}
		}
	}
}

// TestAheadOrNot: looking ahead changes no decision.
func TestAheadOrNot(t *testing.T) {
	o := tiny()
	const n = 30_000
	ahead, plain := o.newWorld(n, 1, true), o.newWorld(n, 1, true)
	numbers := newDraws(n, benchmark.Zipf, n).take(n)
	model{ahead}.decide(0, numbers)
	oneByOne{plain}.decide(0, numbers)
	if ahead.lanes[0].verdicts != plain.lanes[0].verdicts {
		t.Errorf("%v and %v", ahead.lanes[0].verdicts, plain.lanes[0].verdicts)
	}
}

// TestDecisionsDoNotAllocate: not one, on any way through the decision.
func TestDecisionsDoNotAllocate(t *testing.T) {
	o := tiny()
	const n = 30_000
	w := o.newWorld(n, 1, true)
	numbers := newDraws(n, benchmark.Uniform, n).take(n)
	for _, s := range append(o.newRungs(n, names(n)), model{w}) {
		if allocs := testing.AllocsPerRun(10, func() { s.decide(0, numbers) }); allocs != 0 {
			t.Errorf("%s: %v allocations in %d decisions", s.name(), allocs, n)
		}
	}
}
