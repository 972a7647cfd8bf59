package replicate

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"

	"sesim/sim"
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
// Run ends with the first error: of a Config that is not valid, of visit, or
// of ctx. Results of replications after it are thrown away, and those before
// it have been visited, whatever the number of workers.
func Run(ctx context.Context, cfg sim.Config, first, n, workers int, visit func(replication int, r *sim.Result) error) error {
	ctx, cancel := context.WithCancel(ctx)
	p := &pool{ctx: ctx, cfg: cfg, turns: make(chan turn, max(workers, 1)+ahead), work: make(chan turn)}
	var done sync.WaitGroup
	defer done.Wait() // after cancel: nothing of this run goes on behind the caller's back
	defer cancel()
	for range max(min(workers, n), 1) {
		done.Go(p.worker)
	}
	done.Go(func() { p.hand(first, n) })
	for t := range p.turns {
		o := <-t.outcome
		switch {
		case o.defect != nil:
			panic(o.defect)
		case o.err != nil:
			return fmt.Errorf("replication %d: %w", t.replication, o.err)
		case o.result.Interrupted:
			return context.Cause(ctx)
		}
		if err := visit(t.replication, o.result); err != nil {
			if errors.Is(err, ErrEnough) {
				return nil
			}
			return err
		}
	}
	return context.Cause(ctx)
}

// turn is a replication and where its outcome comes.
type turn struct {
	replication int
	outcome     chan outcome // holds one, so that no worker waits for its turn
}

// outcome is what became of a replication.
type outcome struct {
	result *sim.Result
	err    error
	defect any // a panic, to go on with on the caller's goroutine
}

// pool hands replications to workers in order. The turns are the results in
// order, finished or not; that they are bounded bounds how far the workers can
// get ahead of the visitor.
type pool struct {
	ctx   context.Context
	cfg   sim.Config
	turns chan turn
	work  chan turn
}

// hand gives out the replications in order, until all are or ctx ends.
func (p *pool) hand(first, n int) {
	defer close(p.turns)
	defer close(p.work)
	for i := first; i < first+n; i++ {
		t := turn{i, make(chan outcome, 1)}
		select {
		case p.turns <- t:
		case <-p.ctx.Done():
			return
		}
		select {
		case p.work <- t:
		case <-p.ctx.Done():
			t.outcome <- outcome{err: context.Cause(p.ctx)}
			return
		}
	}
}

func (p *pool) worker() {
	for t := range p.work {
		t.outcome <- p.simulate(t.replication)
	}
}

// simulate runs one replication. A panic is a broken invariant; it is told
// with the seed that repeats it.
func (p *pool) simulate(replication int) (o outcome) {
	cfg := Config(&p.cfg, replication)
	defer func() {
		if defect := recover(); defect != nil {
			o.defect = fmt.Sprintf("replication %d, seed %d: %v\n%s", replication, cfg.Seed, defect, debug.Stack())
		}
	}()
	o.result, o.err = sim.Run(cfg, sim.Hooks{Tick: func(sim.Progress) bool { return p.ctx.Err() == nil }})
	return o
}
