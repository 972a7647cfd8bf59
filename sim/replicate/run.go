package replicate

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime/debug"
	"sync"

	"sesim/sim"
	"sesim/sim/engine"
)

// ErrEnough is returned by a visitor to end Run or Each early without an error.
var ErrEnough = errors.New("enough replications")

// ErrCalls is the outcome of a run that was stopped because it made too many calls.
var ErrCalls = errors.New("too many calls")

// ahead is the number of finished results that may wait to be visited, beyond
// one for each worker, so that a slow replication does not stall the others at
// once and memory stays bounded.
const ahead = 2

// Run simulates the replications first to first+n-1 of a scenario on the given
// number of workers, at least one, and passes the results to visit in the order
// of their numbers, on the caller's goroutine. It keeps no result after its
// visit.
//
// Run returns the first error: of a replication, of visit, or of ctx. Whatever
// the number of workers, the replications before it have been visited and those
// after it have not.
func Run(ctx context.Context, cfg sim.Config, first, n, workers int, visit func(replication int, r *sim.Result) error) error {
	of := func(i int) (sim.Config, error) { return Config(&cfg, first+i), nil }
	return Each(ctx, n, workers, of, func(i int, r *sim.Result, err error) error {
		if err != nil {
			return fmt.Errorf("replication %d: %w", first+i, err)
		}
		return visit(first+i, r)
	})
}

// Single returns the run of a scenario that is told of beside its replications: that of
// replication 0, which is given, or where replications draw, one more at the means.
func Single(ctx context.Context, c *sim.Config, zero *sim.Result) (*sim.Result, error) {
	if !c.Draws {
		return zero, nil
	}
	single := zero
	err := Each(ctx, 1, 1, func(int) (sim.Config, error) { return *c, nil }, func(_ int, r *sim.Result, err error) error {
		single = r
		return err
	})
	return single, err
}

// Each simulates n configurations on the given number of workers, at least one,
// and passes the outcome of each to visit in their order, on the caller's
// goroutine: a result, or the error of config or of the run. The error of a run
// that breaks an invariant is a *Defect. The workers call config concurrently.
//
// Each returns the first error of visit or of ctx.
func Each(
	ctx context.Context, n, workers int,
	config func(i int) (sim.Config, error), visit func(i int, r *sim.Result, err error) error,
) error {
	return Bounded(ctx, n, workers, config, func(int) int64 { return math.MaxInt64 }, visit)
}

// Bounded is Each for runs that are stopped if they make more than a number of calls:
// their outcome is ErrCalls. The workers call most concurrently.
func Bounded(
	ctx context.Context, n, workers int,
	config func(i int) (sim.Config, error), most func(i int) int64, visit func(i int, r *sim.Result, err error) error,
) error {
	ctx, cancel := context.WithCancel(ctx)
	p := &pool{ctx: ctx, config: config, most: most, turns: make(chan turn, max(workers, 1)+ahead), work: make(chan turn)}
	var done sync.WaitGroup
	defer done.Wait() // after cancel: no goroutine outlives the call
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

// turn is a run and the channel for its outcome.
type turn struct {
	number  int
	outcome chan outcome // buffered, so that no worker blocks
}

// outcome is the result or the error of a run.
type outcome struct {
	result *sim.Result
	err    error
}

// errStopped is the outcome of a run that was canceled by ctx.
var errStopped = errors.New("stopped")

// pool passes runs to workers in order. Turns holds the runs in order, finished
// or not; its capacity limits how far the workers get ahead of the visitor.
type pool struct {
	ctx    context.Context
	config func(i int) (sim.Config, error)
	most   func(i int) int64 // calls
	turns  chan turn
	work   chan turn
}

// hand passes out the runs in order, until none is left or ctx is canceled.
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
	var cfg sim.Config
	defer func() {
		if broken := recover(); broken != nil {
			o = outcome{err: &Defect{cfg.Seed, broken, debug.Stack()}}
		}
	}()
	cfg, err := p.config(i)
	if err != nil {
		return outcome{err: err}
	}
	most := p.most(i)
	hooks := sim.Hooks{
		Workers: 1, // the other cores are busy with other runs
		Tick:    func(now sim.Progress) bool { return p.ctx.Err() == nil && now.Admissions <= most },
	}
	o.result, o.err = engine.Run(cfg, hooks)
	switch {
	case o.err != nil:
	case o.result.Admissions > most:
		return outcome{err: ErrCalls}
	case o.result.Interrupted:
		return outcome{err: errStopped}
	}
	return o
}

// Defect is a broken invariant of the model: a run panicked.
type Defect struct {
	Seed   uint64 // of the run; repeats it
	Broken any    // the value of the panic
	Stack  []byte // the stack at the panic
}

// Error returns the broken invariant and the seed, in one line.
func (d *Defect) Error() string {
	return fmt.Sprintf("internal error with seed %d, please report it: %v", d.Seed, d.Broken)
}
