package engine

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"sesim/sim"
	"sesim/sim/fixed"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// This file runs the parts of a scenario, each in a world of its own, on all
// cores. What comes out is what one world for all would give, to the last bit:
// parts share nothing but the figures that basis holds, and where somebody
// looks on they meet at every sample, where their records are put into one
// order (see order.go). Nothing depends on which part runs when or where.

// runApart runs a divided scenario.
func runApart(cfg *sim.Config, d *division, hooks sim.Hooks) *sim.Result {
	r := &apart{cfg: cfg, hooks: hooks, division: d, order: d.heaviestFirst(), worlds: make([]*world, len(d.parts)), states: make([]ses.Enforcement, len(cfg.Accounts))}
	r.workers = hooks.Workers
	if r.workers <= 0 {
		r.workers = runtime.GOMAXPROCS(0)
	}
	basis := newBasis(cfg)
	meetEvery := r.meetEvery(basis.frame)
	r.each(func(k int) {
		r.worlds[k] = newWorld(&d.parts[k], basis, r.hooksOf(k))
		r.worlds[k].meetEvery = meetEvery
	})
	if hooks.Observer != nil {
		r.line = newLine(d, r.worlds, hooks.Observer)
	}
	r.run()
	return gather(cfg, r.worlds)
}

// apart is a run of a divided scenario.
type apart struct {
	*division
	cfg     *sim.Config
	hooks   sim.Hooks
	order   []int // in which parts are dealt out to workers
	workers int
	worlds  []*world
	line    *line // nil: nobody looks on
	states  []ses.Enforcement
}

// meetEvery returns at every how many samples, a frame apart, the parts meet; 0
// for never. Who looks on is told of every sample. Who only wants to know how
// far the run is, and perhaps to stop it, can wait for some million recipients,
// which spares the parts waiting for each other.
func (r *apart) meetEvery(frame time.Duration) int64 {
	switch {
	case r.hooks.Observer != nil:
		return 1
	case r.hooks.Tick == nil:
		return 0
	}
	perDay := int64(1)
	for k := range r.parts {
		perDay += r.parts[k].volume
	}
	inFrame := fixed.MulDiv(uint64(perDay), uint64(frame), uint64(unit.Day))
	return max(1, min(int64(between/max(inFrame, 1)), int64(r.cfg.Horizon/frame)/20))
}

// between is how many recipients there are at most between two meetings of
// parts that nobody looks on.
const between = 1 << 20

// hooksOf returns the hooks of a part. The probe, which sees a sample of the
// admissions and is not for several goroutines, goes with the heaviest part.
func (r *apart) hooksOf(k int) sim.Hooks {
	var h sim.Hooks
	if k == r.order[0] {
		h.Probe = r.hooks.Probe
	}
	return h
}

// run lets all parts go on to their next sample, until they come to the end or
// are interrupted.
func (r *apart) run() {
	for over := false; !over; {
		r.each(func(k int) { r.worlds[k].advance() })
		if r.line != nil {
			r.line.tell()
		}
		if over = r.worlds[0].over; !over && !r.report() {
			over = true
			for _, w := range r.worlds {
				w.stopped = true
			}
		}
	}
	r.each(func(k int) { r.worlds[k].finish() })
	if !r.worlds[0].stopped {
		r.report() // too late to interrupt
	}
}

// report tells the caller how far the run is, and returns whether to go on.
func (r *apart) report() bool {
	if r.hooks.Tick == nil {
		return true
	}
	p := sim.Progress{Now: r.worlds[0].now, Horizon: r.cfg.Horizon}
	for k, w := range r.worlds {
		p.Events += w.counted.events
		p.Recipients += w.counted.recipients
		for i, whole := range r.parts[k].accounts {
			r.states[whole] = w.accounts[i].Enforcement()
		}
	}
	p.States = r.states
	return r.hooks.Tick(p)
}

// each does something for every part, on so many goroutines as there are
// workers. A panic in one of them goes on in the caller.
func (r *apart) each(do func(k int)) {
	if r.workers == 1 {
		for k := range r.parts {
			do(k)
		}
		return
	}
	var next atomic.Int64
	var group sync.WaitGroup
	var broken atomic.Value
	for range min(r.workers, len(r.parts)) {
		group.Go(func() {
			defer func() {
				if v := recover(); v != nil {
					broken.Store(panicked{v})
				}
			}()
			for i := next.Add(1) - 1; i < int64(len(r.order)); i = next.Add(1) - 1 {
				do(r.order[i])
			}
		})
	}
	group.Wait()
	if p, bad := broken.Load().(panicked); bad {
		panic(p.value)
	}
}

type panicked struct{ value any }
