package sim

import (
	"errors"
	"fmt"

	"sesim/sim/ses"
)

// ErrConfig is wrapped by the error of Run for a Config that cannot be run.
var ErrConfig = errors.New("not a valid configuration")

// Run simulates a scenario from 0 to its horizon. Parts of it that share
// nothing run on goroutines of their own, all hooks on the calling one but for
// the probe. It returns an error only for a Config that is not valid; whatever
// happens to mail and accounts is part of the Result.
func Run(cfg Config, hooks Hooks) (*Result, error) {
	if err := cfg.check(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrConfig, err)
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

// check looks for what would make a run impossible. Finer rules are those of
// the scenario language.
func (c *Config) check() error {
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if c.Horizon <= 0 {
		bad("the horizon %v is not positive", c.Horizon)
	}
	if len(c.Accounts) == 0 || len(c.Accounts) > MaxAccounts || len(c.Senders) > MaxSenders {
		bad("%d accounts and %d senders: there must be 1 to %d and at most %d", len(c.Accounts), len(c.Senders), MaxAccounts, MaxSenders)
	}
	if len(c.Rules.Global.Durations) == 0 || c.Rules.Rep.EvalInterval <= 0 {
		bad("the rules are not filled in: begin with rules.Edition")
	}
	total := int64(0)
	for _, a := range c.Audiences {
		if a.Size < 1 || a.Size > MaxAddresses {
			bad("audience %s: size %d", a.Name, a.Size)
			continue
		}
		if a.Decay > 0 && a.DecayPer <= 0 {
			bad("audience %s: decay without a period", a.Name)
		}
		total += a.Size
	}
	if total > MaxAddresses {
		bad("%d addresses: at most %d", total, MaxAddresses)
	}
	for _, a := range c.Accounts {
		if a.Rate < 1 || a.Quota < -1 {
			bad("account %s: quota %d, rate %d", a.Name, a.Quota, a.Rate)
		}
	}
	for _, s := range c.Senders {
		switch {
		case s.Account < 0 || s.Account >= len(c.Accounts) || s.Audience < 0 || s.Audience >= len(c.Audiences):
			bad("sender %s: no such account or audience", s.Name)
		case !s.Traffic.Kind.Known():
			bad("sender %s: there is no traffic of kind %d", s.Name, s.Traffic.Kind)
		case !s.Pick.Known():
			bad("sender %s: there is no pick %d", s.Name, s.Pick)
		case s.Traffic.Kind == Recorded && s.Traffic.Trace == nil:
			bad("sender %s: no trace", s.Name)
		case s.Traffic.Kind != Recorded && (s.Traffic.Rate.N < 1 || s.Traffic.Rate.Per < 1):
			bad("sender %s: no rate", s.Name)
		case s.Recipients < 1 || s.Recipients > ses.MaxRecipients:
			bad("sender %s: %d recipients", s.Name, s.Recipients)
		case s.Retry.Attempts < 0 || s.Retry.Attempts > 1000 || s.Retry.Attempts > 0 && (s.Retry.First < 1 || s.Retry.Factor < 1000):
			bad("sender %s: retry %+v", s.Name, s.Retry)
		}
	}
	for i, a := range c.Actions {
		if a.Do != DoSet && a.Do != DoRemoveGlobal && (a.Account < 0 || a.Account >= len(c.Accounts)) {
			bad("action %d: no such account", i)
		}
	}
	return errors.Join(errs...)
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
