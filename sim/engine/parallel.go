package engine

import (
	"runtime"
	"sync"
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
		cfg: cfg, hooks: hooks, division: d, order: d.heaviestFirst(), worlds: make([]*world, len(d.partitions)),
		progress: progress{
			of: make([]position, len(d.partitions)), states: make([]ses.Enforcement, len(cfg.Accounts)), news: make(chan struct{}, 1),
		},
		states: make([]ses.Enforcement, len(cfg.Accounts)),
	}
	r.workers = hooks.Workers
	if r.workers <= 0 {
		r.workers = runtime.GOMAXPROCS(0)
	}
	for k := 0; k < len(d.partitions) && hooks.ObserverOf != nil; k++ {
		r.observers = append(r.observers, hooks.ObserverOf(k))
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
	cfg   *sim.Config
	hooks sim.Hooks
	// observers are those of the partitions; nil: none
	observers []sim.Observer
	order     []int // in which workers take the partitions
	workers   int
	worlds    []*world
	progress  progress
	states    []ses.Enforcement // of the accounts, as the caller was told
	stopping  bool              // the run is to be interrupted at the next meeting
}

// progress is how far the partitions are: what each published last, at a sample or
// after reportEvery of its events, and the sums.
type progress struct {
	sync.Mutex
	of        []position
	sum       position
	states    []ses.Enforcement // of the accounts
	published int               // how often something was
	// news has an element if the caller is to be told, and is nil where it is not.
	news chan struct{}
}

// position is how far a partition is, or all are. The mean of the partitions' times
// is that of the quotients' and the remainders' sums; a sum of the times may overflow.
type position struct {
	quotient, remainder int64 // of the time by the number of partitions
	events, recipients  int64
	admissions          int64
}

// meetEvery returns the number of samples between two meetings of the partitions, 0
// for none. A run with a Tick hook can be interrupted where they meet, because there no
// partition is ahead of another. Every meeting throws the partitions' memory out of
// the caches, so they meet once in some million recipients, at least ten times in a
// run. With recorded traffic they meet at every sample, because all stop if the trace
// of one cannot be read on.
func (r *parallel) meetEvery(frame time.Duration) int64 {
	switch {
	case anyTrace(r.cfg):
		return 1
	case r.hooks.Tick == nil:
		return 0
	}
	perDay := int64(1)
	for k := range r.partitions {
		perDay += r.partitions[k].volume
	}
	inFrame := fixed.MulDiv(uint64(perDay), uint64(frame), uint64(unit.Day))
	return max(1, min(int64(between/max(inFrame, 1)), int64(r.cfg.Horizon/frame)/10))
}

// between is how many recipients there are at most between two meetings, unless
// there are more between two samples.
const between = 1 << 23

// hooksOf returns the hooks of a partition. The probe, which sees a sample of the
// admissions and must not be called from several goroutines, goes with the heaviest
// one.
func (r *parallel) hooksOf(k int) sim.Hooks {
	var h sim.Hooks
	if k == r.order[0] {
		h.Probe = r.hooks.Probe
	}
	if r.observers != nil {
		h.Observer, h.Observed = r.observers[k], r.hooks.Observed
	}
	if r.hooks.Tick != nil {
		h.Tick = func(p sim.Progress) bool {
			r.publish(k, p)
			return true
		}
	}
	return h
}

// run steps all partitions from meeting to meeting, until they come to the end or
// are interrupted.
func (r *parallel) run() {
	for {
		r.each(func(k int) {
			if r.worlds[k].step(r.cfg.Horizon - 1) {
				r.worlds[k].now = r.cfg.Horizon
			}
		})
		if r.worlds[0].now == r.cfg.Horizon {
			break
		}
		if r.report(); r.stopping || lost(r.worlds) != nil {
			for _, w := range r.worlds {
				w.stopped = true
			}
			break
		}
	}
	r.progress.news = nil
	r.each(func(k int) { r.worlds[k].finish() })
	if !r.worlds[0].stopped {
		r.report() // too late to interrupt
	}
}

// publish adds to the progress that a partition has come further. As often as in an
// undivided run, about once for all partitions' samples and after reportEvery events,
// the caller is to be told: at once where it is the caller's goroutine that runs the
// partition.
func (r *parallel) publish(k int, p sim.Progress) {
	if r.progress.add(k, r.partitions[k].accounts, p) && r.workers == 1 {
		r.tell()
	}
}

// add adds what the k-th partition publishes. It returns whether there is news.
func (p *progress) add(k int, accounts []int, now sim.Progress) bool {
	p.Lock()
	defer p.Unlock()
	n := int64(len(p.of))
	last, is := p.of[k], position{int64(now.Now) / n, int64(now.Now) % n, now.Events, now.Recipients, now.Admissions}
	before := p.sum.events
	p.sum.quotient += is.quotient - last.quotient
	p.sum.remainder += is.remainder - last.remainder
	p.sum.events += is.events - last.events
	p.sum.recipients += is.recipients - last.recipients
	p.sum.admissions += is.admissions - last.admissions
	p.of[k] = is
	for i, whole := range accounts {
		p.states[whole] = now.States[i]
	}
	p.published++
	if p.published%len(p.of) != 0 && before&-reportEvery == p.sum.events&-reportEvery {
		return false
	}
	select {
	case p.news <- struct{}{}:
	default: // nobody is to be told, or will be
	}
	return p.news != nil
}

// tell tells the caller of news.
func (r *parallel) tell() {
	select {
	case <-r.progress.news:
		r.report()
	default:
	}
}

// report tells the caller how far the run is. Asked to stop, the run goes on to the
// next meeting.
func (r *parallel) report() {
	if r.hooks.Tick == nil {
		return
	}
	p := &r.progress
	p.Lock()
	now := p.sum
	copy(r.states, p.states)
	p.Unlock()
	if !r.hooks.Tick(sim.Progress{
		Now: time.Duration(now.quotient + now.remainder/int64(len(p.of))), Horizon: r.cfg.Horizon,
		Events: now.events, Recipients: now.recipients, Admissions: now.admissions, States: r.states,
	}) {
		r.stopping = true
	}
}

// each calls do for every partition, heaviest first, and meanwhile tells the caller of
// news.
func (r *parallel) each(do func(k int)) {
	workers.EachWithNews(r.workers, len(r.order), func(i int) { do(r.order[i]) }, r.progress.news, r.report)
}
