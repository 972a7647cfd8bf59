package engine

import (
	"sesim/sim"
	"time"
)

// Run simulates a scenario from 0 to its horizon. Independent partitions run on
// their own goroutines, unless an observer wants their records in one order. All
// hooks except Probe and what ObserverOf returns are called on the caller's goroutine.
// Whatever happens to mail
// and accounts is part of the Result.
//
// An error without a Result wraps sim.ErrConfig and is about the Config. If a trace
// cannot be read on, Run stops at the next sample, and returns the Result up to
// there, which is marked as interrupted, with an error that wraps sim.ErrTrace.
func Run(cfg sim.Config, hooks sim.Hooks) (*sim.Result, error) {
	if err := cfg.Check(); err != nil {
		return nil, err
	}
	if !hooks.Undivided && hooks.Stays == nil && hooks.Observer == nil {
		if d := divide(&cfg); len(d.partitions) > 1 {
			return runParallel(&cfg, d, hooks)
		}
	}
	if hooks.ObserverOf != nil {
		hooks.Observer = hooks.ObserverOf(0)
	}
	p := unpartitioned(&cfg)
	w := newWorld(&p, newShared(&cfg), hooks)
	for !w.stopped && !w.step(cfg.Horizon-1) {
	}
	w.finish()
	return gather(&cfg, []*world{w})
}

// step handles all that is due at or before a moment, in the order of virtual
// time. At the same time events come first, in the order in which they were
// scheduled, then the clock's duties, then arrivals in the order of the senders, then calls
// of clients.
// It returns false if it stopped earlier: the run was interrupted, or the
// partitions are to meet. Otherwise the clock reads that moment.
func (w *world) step(to time.Duration) bool {
	end := to + 1
	w.changes++ // a Session has acted since the last step
	for w.met = false; !w.stopped && !w.met; {
		due, s := w.nextArrival()
		event := w.events.Next()
		next := min(event, w.clock.nextTick)
		if min(due, next) >= end {
			w.now = to
			return true
		}
		w.now = min(due, next)
		switch {
		case due < next && s == pastBatch:
			w.refill()
		case due < next && s == inBatch:
			w.runBatch(min(next, end))
		case due < next && s >= len(w.arrivals):
			w.runClient(s - len(w.arrivals))
		case due < next:
			w.sendBurst(s, min(next, end))
		case event == next:
			if w.certain == nil || !w.refuseAgain(min(min(due, to)+1, w.clock.nextTick)) {
				w.handleNext()
			}
		default:
			w.changes++
			w.clock.tick()
		}
	}
	return false
}

// handleNext handles the next event.
func (w *world) handleNext() {
	w.changes++
	_, e := w.events.Pop()
	w.fetchEvent()
	w.handle(e)
}

// nextArrival returns when something is due in the merge or the batch next: of which
// sender, or behind them of which client, or inBatch or pastBatch.
func (w *world) nextArrival() (time.Duration, int) {
	due, i := w.merge.Next()
	if w.batch != nil {
		return w.batch.next(due, i)
	}
	return due, i
}

// inFlight returns the accepted recipients whose outcome is not known.
func (acc *account) inFlight() int64 {
	return acc.Accepted - acc.Delivered - acc.HardBounced - acc.SoftBounced -
		acc.SuppressedAccount - acc.SuppressedGlobal - acc.Simulator - acc.Rejected
}

// next returns the time of what is due next, the clock's duties included.
func (w *world) next() time.Duration {
	due, _ := w.nextArrival()
	return min(due, w.events.Next(), w.clock.nextTick)
}

// finish brings all figures up to the end of the run.
func (w *world) finish() {
	if !w.stopped {
		w.now = w.cfg.Horizon
	}
	if w.stopped {
		w.leaveInFlight()
	}
	for i := range w.accounts {
		acc := &w.accounts[i]
		if !w.stopped {
			acc.settleAll() // of an interrupted run the later ones are in flight
		}
		acc.CloseRates(w.now)
		w.sets.roll(acc)
	}
	if n := len(w.series.table.Times); n == 0 || w.series.table.Times[n-1] < w.now {
		w.series.sample(w.global.Listed(w.now))
	}
	w.rollRates()
	if !w.stopped {
		w.clock.report() // too late to interrupt
	}
}
