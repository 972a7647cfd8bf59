package replicate

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"

	"sesim/sim"
	"sesim/sim/engine"
)

// ErrEnough is what a visitor returns to end a run early and well: there is
// nothing more to learn.
var ErrEnough = errors.New("enough replications")

// ahead is how many results may wait for their turn, over those that workers
// are at: one slow replication does not stop the others at once, and memory
// stays bounded.
const ahead = 2

// Run simulates the replications first to first+n-1 of a scenario on so many
// workers, at least one, and hands the results to visit in the order of their
// numbers, on the calling goroutine. A result is not kept after its visit.
//
// Run ends with the first error: of a replication, of visit, or of ctx.
// Results of replications after it are thrown away, and those before it have
// been visited, whatever the number of workers.
func Run(ctx context.Context, cfg sim.Config, first, n, workers int, visit func(replication int, r *sim.Result) error) error {
	of := func(i int) (sim.Config, error) { return Config(&cfg, first+i), nil }
	return Each(ctx, n, workers, of, func(i int, r *sim.Result, err error) error {
		if err != nil {
			return fmt.Errorf("replication %d: %w", first+i, err)
		}
		return visit(first+i, r)
	})
}

// Each simulates n configurations on so many workers, at least one, and hands
// what became of each to visit in their order, on the calling goroutine:
// a result, or the error of config or of the run. A run that breaks an
// invariant has a *Defect for an error. The configurations are asked for by
// the workers, several at the same time.
//
// Each ends with the first error of visit, or of ctx.
func Each(ctx context.Context, n, workers int, config func(i int) (sim.Config, error), visit func(i int, r *sim.Result, err error) error) error {
	ctx, cancel := context.WithCancel(ctx)
	p := &pool{ctx: ctx, config: config, turns: make(chan turn, max(workers, 1)+ahead), work: make(chan turn)}
	var done sync.WaitGroup
	defer done.Wait() // after cancel: nothing of this run goes on behind the caller's back
	defer cancel()
	for range max(min(workers, n), 1) {
		done.Go(p.worker)
	}
	done.Go(func() { p.hand(n) })
	visited := 0
	for t := range p.turns {
		o := <-t.outcome
		if errors.Is(o.err, errStopped) {
			break
		}
		if err := visit(t.number, o.result, o.err); err != nil {
			if errors.Is(err, ErrEnough) {
				return nil
			}
			return err
		}
		visited++
	}
	if visited == n {
		return nil
	}
	return context.Cause(ctx)
}

// turn is a run and where its outcome comes.
type turn struct {
	number  int
	outcome chan outcome // holds one, so that no worker waits for its turn
}

// outcome is what became of a run.
type outcome struct {
	result *sim.Result
	err    error
}

// errStopped is the outcome of a run that ctx ended.
var errStopped = errors.New("stopped")

// pool hands runs to workers in order. The turns are the results in order,
// finished or not; that they are bounded bounds how far the workers can get
// ahead of the visitor.
type pool struct {
	ctx    context.Context
	config func(i int) (sim.Config, error)
	turns  chan turn
	work   chan turn
}

// hand gives out the runs in order, until all are or ctx ends.
func (p *pool) hand(n int) {
	defer close(p.turns)
	defer close(p.work)
	for i := range n {
		t := turn{i, make(chan outcome, 1)}
		select {
		case p.turns <- t:
		case <-p.ctx.Done():
			return
		}
		select {
		case p.work <- t:
		case <-p.ctx.Done():
			t.outcome <- outcome{err: errStopped}
			return
		}
	}
}

func (p *pool) worker() {
	for t := range p.work {
		t.outcome <- p.simulate(t.number)
	}
}

// simulate makes one run, and turns a panic into an error.
func (p *pool) simulate(i int) (o outcome) {
	cfg, err := p.config(i)
	if err != nil {
		return outcome{err: err}
	}
	defer func() {
		if broken := recover(); broken != nil {
			o = outcome{err: &Defect{cfg.Seed, broken, debug.Stack()}}
		}
	}()
	hooks := sim.Hooks{
		Workers: 1, // the cores are busy with other runs
		Tick:    func(sim.Progress) bool { return p.ctx.Err() == nil },
	}
	o.result, o.err = engine.Run(cfg, hooks)
	if o.err == nil && o.result.Interrupted {
		return outcome{err: errStopped}
	}
	return o
}

// Defect is a broken invariant of the model: a run panicked.
type Defect struct {
	Seed   uint64 // of the run, which repeats it
	Broken any    // what it panicked with
	Stack  []byte // where
}

// Error says what broke, and with which seed. It is one line; Stack has the
// rest.
func (d *Defect) Error() string {
	return fmt.Sprintf("internal error with seed %d, please report it: %v", d.Seed, d.Broken)
}
