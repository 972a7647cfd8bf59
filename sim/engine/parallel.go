package engine

import (
	"runtime"
	"slices"
	"time"

	"sesim/sim"
	"sesim/sim/fixed"
	"sesim/sim/ses"
	"sesim/sim/unit"
	"sesim/sim/workers"
)

// This file runs the partitions of a scenario, each in a world of its own, on all
// cores. The result is bit-for-bit that of an undivided run: partitions share
// nothing that changes, and nothing depends on which of them runs when or where.

// runParallel runs a divided scenario.
func runParallel(cfg *sim.Config, d *division, hooks sim.Hooks) (*sim.Result, error) {
	r := &parallel{
		cfg: cfg, hooks: hooks, division: d, order: d.heaviestFirst(),
		worlds: make([]*world, len(d.partitions)), states: make([]ses.Enforcement, len(cfg.Accounts)),
	}
	r.workers = hooks.Workers
	if r.workers <= 0 {
		r.workers = runtime.GOMAXPROCS(0)
	}
	shared := newShared(cfg)
	meetEvery := r.meetEvery(shared.frame)
	r.each(func(k int) {
		r.worlds[k] = newWorld(&d.partitions[k], shared, r.hooksOf(k))
		r.worlds[k].meetEvery = meetEvery
	})
	r.run()
	return gather(cfg, r.worlds)
}

// parallel is a run of a divided scenario.
type parallel struct {
	*division
	cfg     *sim.Config
	hooks   sim.Hooks
	order   []int // in which workers take the partitions
	workers int
	worlds  []*world
	states  []ses.Enforcement
}

// meetEvery returns the number of samples between two meetings of the partitions, 0
// for none. A Tick hook gets its reports about every million recipients, so that the
// partitions seldom wait for each other. With recorded traffic they meet at every
// sample, because all stop if the trace of one cannot be read on.
func (r *parallel) meetEvery(frame time.Duration) int64 {
	switch {
	case slices.ContainsFunc(r.cfg.Senders, func(s sim.Sender) bool { return s.Traffic.Kind == sim.Recorded }):
		return 1
	case r.hooks.Tick == nil:
		return 0
	}
	perDay := int64(1)
	for k := range r.partitions {
		perDay += r.partitions[k].volume
	}
	inFrame := fixed.MulDiv(uint64(perDay), uint64(frame), uint64(unit.Day))
	return max(1, min(int64(between/max(inFrame, 1)), int64(r.cfg.Horizon/frame)/20))
}

// between is how many recipients there are at most between two meetings.
const between = 1 << 20

// hooksOf returns the hooks of a partition. The probe, which sees a sample of the
// admissions and must not be called from several goroutines, goes with the heaviest
// one.
func (r *parallel) hooksOf(k int) sim.Hooks {
	var h sim.Hooks
	if k == r.order[0] {
		h.Probe = r.hooks.Probe
	}
	return h
}

// run steps all partitions from meeting to meeting, until they come to the end or
// are interrupted.
func (r *parallel) run() {
	for over := false; !over; {
		r.each(func(k int) {
			if r.worlds[k].step(r.cfg.Horizon - 1) {
				r.worlds[k].now = r.cfg.Horizon
			}
		})
		if over = r.worlds[0].now == r.cfg.Horizon; !over && (lost(r.worlds) != nil || !r.report()) {
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
func (r *parallel) report() bool {
	if r.hooks.Tick == nil {
		return true
	}
	p := sim.Progress{Now: r.worlds[0].now, Horizon: r.cfg.Horizon}
	for k, w := range r.worlds {
		p.Events += w.counted.events
		p.Recipients += w.counted.recipients
		for i, whole := range r.partitions[k].accounts {
			r.states[whole] = w.accounts[i].Enforcement()
		}
	}
	p.States = r.states
	return r.hooks.Tick(p)
}

// each calls do for every partition, heaviest first.
func (r *parallel) each(do func(k int)) {
	workers.Each(r.workers, len(r.order), func(i int) { do(r.order[i]) })
}
