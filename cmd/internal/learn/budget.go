package learn

import (
	"context"
	"errors"
	"fmt"
	"runtime/metrics"
	"slices"
	"time"

	"sesim/sim"
	"sesim/sim/engine"
)

// ErrBudget is wrapped by the error for a scenario or a run that would take
// more than the classroom allows. The command line has no such limits.
var ErrBudget = errors.New("more than the classroom allows")

// Budget is what one run may take. What can be told from the scenario is
// refused before anything is allocated; the rest ends the run.
type Budget struct {
	Addresses int64         // over all audiences
	Accounts  int64         // configuration sets included
	Senders   int64         //
	Actions   int64         // production-access requests included
	Duties    int64         // evaluations of accounts and hours of audiences, which come with time and not with mail
	Records   int64         // email events and calls
	Heap      uint64        // bytes of the whole program while the run goes on
	Wall      time.Duration // from the run's begin
}

// DefaultBudget is far above what a lesson takes: a month of 50,000 mails a
// day is 3.5 million records.
var DefaultBudget = Budget{
	Addresses: 1_000_000, Accounts: 50, Senders: 100, Actions: 1000,
	Duties: 500_000, Records: 6_000_000, Heap: 1 << 30, Wall: 5 * time.Second,
}

// Check refuses a scenario that is too large by its own figures.
func (b *Budget) Check(cfg *sim.Config) error {
	var addresses, accounts, actions int64
	for i := range cfg.Audiences {
		addresses += cfg.Audiences[i].Most()
	}
	for i := range cfg.Accounts {
		accounts += 1 + int64(len(cfg.Accounts[i].Sets))
		actions += int64(len(cfg.Accounts[i].Requests))
	}
	actions += int64(len(cfg.Actions))
	routes := int64(0)
	for i := range cfg.Senders {
		routes += int64(len(cfg.Senders[i].Routes()))
	}
	duties := int64(cfg.Horizon/cfg.Rules.Rep.EvalInterval)*min(accounts, b.Accounts) +
		int64(cfg.Horizon/time.Hour)*int64(len(cfg.Audiences))
	for _, limit := range []struct {
		what      string
		have, max int64
	}{
		{"addresses", addresses, b.Addresses}, {"accounts and configuration sets", accounts, b.Accounts},
		{"senders with each of their audiences", routes, b.Senders}, {"actions and requests", actions, b.Actions},
		{"evaluations and hours of audiences", duties, b.Duties},
	} {
		if limit.have > limit.max {
			return fmt.Errorf("%w: %d %s, and it takes at most %d; sesim run has no such limit", ErrBudget, limit.have, limit.what, limit.max)
		}
	}
	return nil
}

// watch ends a run that its caller does not wait for any more, or that has
// used up its budget. It is a hook and an observer; the engine asks a hook
// only at its samples whether to go on, so watch ends the run by a panic that
// guard recovers. The engine holds nothing that would have to be given back,
// and runs on the caller's goroutine.
type watch struct {
	ctx     context.Context
	budget  *Budget
	until   time.Time
	records int64 // or events, where nobody observes
	looks   int64
	heap    []metrics.Sample
}

// abandoned is what watch panics with.
type abandoned struct{ err error }

// How many records pass between two looks at the clock, and looks between two
// at the heap.
const (
	recordsPerLook = 1 << 12
	looksPerHeap   = 16
)

// Observe counts a record.
func (w *watch) Observe(*sim.Record) {
	if w.records++; w.records%recordsPerLook == 0 {
		w.look()
	}
}

// tick is a sim.Hooks.Tick: time passes without records as well.
func (w *watch) tick(p sim.Progress) bool {
	w.records = max(w.records, p.Events)
	w.look()
	return true
}

func (w *watch) look() {
	switch {
	case w.ctx.Err() != nil:
		panic(abandoned{context.Cause(w.ctx)})
	case w.records > w.budget.Records:
		panic(abandoned{fmt.Errorf("%w: the run has more than %d email events and calls", ErrBudget, w.budget.Records)})
	case time.Now().After(w.until):
		panic(abandoned{fmt.Errorf("%w: the run takes longer than %v", ErrBudget, w.budget.Wall)})
	}
	if w.looks++; w.looks%looksPerHeap == 0 && w.heapBytes() > w.budget.Heap {
		panic(abandoned{fmt.Errorf("%w: the program holds more than %d MiB", ErrBudget, w.budget.Heap>>20)})
	}
}

func (w *watch) heapBytes() uint64 {
	if w.heap == nil {
		w.heap = []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	}
	metrics.Read(w.heap)
	return w.heap[0].Value.Uint64()
}

// run runs the scenario under the budget. It is a lesson.Run.
func (b *Budget) run(ctx context.Context, cfg *sim.Config) (*sim.Result, error) {
	return b.watched(ctx, cfg, nil)
}

// watched runs the scenario under the budget; stays watches the global list, and
// may be nil. The error is that of the engine, or says why the run was given
// up. Where nobody calls again after a refusal the engine's ticks come often
// enough to count by, and it goes three times as fast without an observer.
func (b *Budget) watched(ctx context.Context, cfg *sim.Config, stays sim.Observer) (result *sim.Result, err error) {
	err = b.guard(ctx, func(hooks sim.Hooks) (err error) {
		if !retries(cfg) {
			hooks.Observer = nil
		}
		hooks.Stays = stays
		result, err = engine.Run(*cfg, hooks)
		return err
	})
	return result, err
}

// guard calls f with hooks that end its run when the budget is used up.
func (b *Budget) guard(ctx context.Context, f func(sim.Hooks) error) (err error) {
	w := &watch{ctx: ctx, budget: b, until: time.Now().Add(b.Wall)}
	defer func() {
		switch left := recover().(type) {
		case nil:
		case abandoned:
			err = left.err
		default:
			panic(left)
		}
	}()
	return f(sim.Hooks{Tick: w.tick, Observer: w, Undivided: true}) // the cores belong to other tabs
}

// retries reports whether a sender calls again after a refusal, which the
// engine's ticks do not count.
func retries(cfg *sim.Config) bool {
	return slices.ContainsFunc(cfg.Senders, func(s sim.Sender) bool { return s.Retry.Attempts > 0 })
}
