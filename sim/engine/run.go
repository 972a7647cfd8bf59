package engine

import "sesim/sim"

// Run simulates a scenario from 0 to its horizon. Parts of it that share
// nothing run on goroutines of their own, all hooks on the calling one but for
// the probe. It returns an error only for a Config that is not valid; whatever
// happens to mail and accounts is part of the Result.
func Run(cfg sim.Config, hooks sim.Hooks) (*sim.Result, error) {
	if err := cfg.Check(); err != nil {
		return nil, err
	}
	if !hooks.Undivided && hooks.Stays == nil {
		if d := divide(&cfg); len(d.parts) > 1 {
			return runApart(&cfg, d, hooks), nil
		}
	}
	p := whole(&cfg)
	w := newWorld(&p, newBasis(&cfg), hooks)
	w.advance()
	w.finish()
	return gather(&cfg, []*world{w}), nil
}

// advance handles arrivals and events in the order of virtual time, up to the
// end of the run or the next meeting of the parts. At the same time events
// come first, in the order in which they were scheduled, then the clock's own
// duties, then arrivals in the order of the senders.
func (w *world) advance() {
	for w.met = false; !w.stopped && !w.met; {
		due, s := w.merge.Next()
		if w.herd != nil {
			due, s = w.herd.next(due, s)
		}
		event := w.events.Next()
		next := min(event, w.nextTick)
		if min(due, next) >= w.cfg.Horizon {
			w.now, w.over = w.cfg.Horizon, true
			return
		}
		w.now = min(due, next)
		switch {
		case due < next && s == behind:
			w.herd.refill()
		case due < next && w.sendings[s].herd != alone:
			w.drive(min(next, w.cfg.Horizon))
		case due < next:
			w.burst(s, min(next, w.cfg.Horizon))
			w.mark(phaseArrival, uint64(w.part.senders[s]))
		case event == next:
			number := w.events.Number()
			_, e := w.events.Pop()
			w.fetchEvent()
			w.handle(e)
			w.mark(phaseEvent, number)
		default:
			w.tick()
		}
	}
}
