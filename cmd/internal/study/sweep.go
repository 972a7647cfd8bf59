package study

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"sync"

	"sesim/reports"
	"sesim/reports/data"
	"sesim/reports/rundir"
	"sesim/reports/text"
	"sesim/scenarios/study"
	"sesim/sim"
	"sesim/sim/criteria"
	"sesim/sim/replicate"
)

// sweeper runs the cells of a sweep or of one shard of it.
type sweeper struct {
	*runner
	cells []reports.Cell // of the whole sweep, with their inputs
	mine  []int          // the numbers of those to run, in order
	kept  *rundir.Cells  // nil: finished cells are not stored
	lost  bool           // a file has changed since it was checked, or cannot be read again
	count *counter
}

// runSweep runs a sweep and delivers it. Cells that an earlier call has finished
// are not run again.
func (r *runner) runSweep(ctx context.Context) error {
	r.warnOrder(r.File, r.Config)
	s, err := r.newSweeper()
	if err != nil {
		return err
	}
	if r.folder != "" {
		if s.kept, err = rundir.OpenCells(r.folder, buildName()); err != nil {
			return err
		}
	}
	err = s.run(ctx)
	s.count.display.Close()
	if err != nil && ctx.Err() == nil {
		return fmt.Errorf("%s: %w", r.File, err)
	}
	return s.deliver(ctx.Err() != nil)
}

// newSweeper lists the cells of a study and hashes what each depends on.
func (r *runner) newSweeper() (*sweeper, error) {
	s := &sweeper{runner: r}
	for i, c := range r.Study.Cells {
		inputs, err := r.inputs(i)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", r.File, err)
		}
		cell := reports.Cell{Number: i, Values: c.Values, Inputs: inputs}
		for k := range c.Numbers {
			var number *float64
			if !math.IsNaN(c.Numbers[k]) {
				number = &c.Numbers[k]
			}
			cell.Numbers = append(cell.Numbers, number)
		}
		s.cells, s.mine = append(s.cells, cell), append(s.mine, i)
	}
	s.count = r.counter(len(s.mine) * r.Study.Rule.Max)
	return s, nil
}

// inputs is the hash of everything a cell's results depend on: its own inputs and
// the version of the program.
func (r *runner) inputs(cell int) (string, error) {
	of, err := r.Study.Inputs(cell)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "sesim %s, reports %d, %s", Version, reports.Version, of))
	return hex.EncodeToString(sum[:]), nil
}

// buildName identifies the build: cells of another build are run again.
func buildName() string {
	return Version + " " + Build()
}

// run runs the cells that are not finished.
func (s *sweeper) run(ctx context.Context) error {
	defer s.manyRuns()()
	var pending []int
	for _, i := range s.mine {
		restored, err := s.restore(i)
		if err != nil {
			return err
		}
		if !restored {
			pending = append(pending, i)
		}
	}
	if s.Study.Rule.Fixed() {
		return s.runFixed(ctx, pending)
	}
	for _, i := range pending {
		if err := s.runUntil(ctx, i); err != nil {
			return err
		}
	}
	return nil
}

// restore loads a cell that an earlier call has finished, if there is one.
func (s *sweeper) restore(i int) (bool, error) {
	if s.kept == nil {
		return false, nil
	}
	cell, ok, err := s.kept.Find(s.cells[i].Inputs)
	if err != nil || !ok {
		return false, err
	}
	cell.Number, cell.Values, cell.Numbers = i, s.cells[i].Values, s.cells[i].Numbers
	s.cells[i] = cell
	s.count.skip(s.Study.Rule.Max)
	return true, nil
}

// runFixed runs cells with a fixed number of replications each. All their runs go
// to the workers together, so that cells of one replication keep all cores busy
// too.
func (s *sweeper) runFixed(ctx context.Context, pending []int) error {
	n := s.Study.Rule.Max
	loaded := &loadedCells{study: s.Study, config: map[int]*sim.Config{}}
	config := func(i int) (sim.Config, error) {
		c, err := loaded.load(pending[i/n])
		if err != nil {
			return sim.Config{}, err
		}
		return replicate.Config(c, i%n), nil
	}
	var work *cellWork
	return replicate.Each(ctx, len(pending)*n, runtime.GOMAXPROCS(0), config, func(i int, result *sim.Result, err error) error {
		if i%n == 0 {
			work = s.begin(pending[i/n], loaded)
		}
		work.add(i%n, result, err)
		if i%n < n-1 {
			return nil
		}
		loaded.forget(pending[i/n])
		return work.finish()
	})
}

// runUntil runs one cell with as many replications as its rule requires.
func (s *sweeper) runUntil(ctx context.Context, cell int) error {
	loaded := &loadedCells{study: s.Study, config: map[int]*sim.Config{}}
	work := s.begin(cell, loaded)
	config := func(i int) (sim.Config, error) {
		c, err := loaded.load(cell)
		if err != nil {
			return sim.Config{}, err
		}
		return replicate.Config(c, i), nil
	}
	rule := s.Study.Rule
	done := 0
	err := replicate.Each(ctx, rule.Max, runtime.GOMAXPROCS(0), config, func(i int, result *sim.Result, err error) error {
		work.add(i, result, err)
		done++
		if work.err != nil || work.sample.Enough(rule) {
			return replicate.ErrEnough
		}
		return nil
	})
	if err != nil {
		return err
	}
	s.count.skip(rule.Max - done)
	return work.finish()
}

// loadedCells holds the configurations of the cells in progress.
type loadedCells struct {
	study *study.Study
	mu    sync.Mutex
	// config is indexed by the number of the cell.
	config map[int]*sim.Config
}

func (l *loadedCells) load(i int) (*sim.Config, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if c := l.config[i]; c != nil {
		return c, nil
	}
	c, _, err := l.study.Load(i)
	if err == nil {
		l.config[i] = c
	}
	return c, err
}

// forget drops the configuration of a cell that is finished.
func (l *loadedCells) forget(i int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.config, i)
}

// cellWork is a cell in progress.
type cellWork struct {
	sweeper *sweeper
	cell    *reports.Cell
	config  *sim.Config
	sample  *replicate.Sample
	err     error // the first error; the cell has failed
}

// begin returns a cell without replications.
func (s *sweeper) begin(i int, loaded *loadedCells) *cellWork {
	w := &cellWork{sweeper: s, cell: &s.cells[i]}
	if w.config, w.err = loaded.load(i); w.err == nil {
		w.sample = replicate.NewSample(replicate.NewFrame(w.config, false, s.Study.Rule))
	}
	return w
}

// add adds a replication or its error.
func (w *cellWork) add(replication int, result *sim.Result, err error) {
	if err != nil || w.err != nil {
		if w.err == nil {
			w.err = fmt.Errorf("replication %d: %w", replication, err)
		}
		w.sweeper.count.skip(1)
		return
	}
	w.sweeper.count.count(result)
	record := w.sample.Record(w.config, replication, result)
	w.err = w.sample.Add(&record)
}

// finish completes the cell and stores it. A failed cell is not stored, so that
// the next call tries again.
func (w *cellWork) finish() error {
	if w.err != nil {
		w.cell.Fail(w.err.Error())
		w.sweeper.lost = w.sweeper.lost || errors.Is(w.err, sim.ErrTrace)
		return nil
	}
	w.cell.Fill(w.sample, w.sweeper.Study.Rule)
	if w.sweeper.kept == nil {
		return nil
	}
	return w.sweeper.kept.Keep(w.cell)
}

// sweep collects the finished cells.
func (s *sweeper) sweep() *reports.Sweep {
	c := s.Config
	of := &reports.Sweep{
		Version: reports.Version, Scenario: c.Name, Question: c.Question, Edition: c.Edition, Seed: c.Seed, Status: reports.Complete,
		Keys: s.Study.Keys, Axes: s.Study.Axes(), Combinations: s.Study.Combinations, Confidence: s.Study.Rule.Confidence,
		Start: c.Start.UTC(), CellCount: len(s.cells), Cells: []reports.Cell{}, HorizonSeconds: reports.Seconds(c.Horizon),
		Traces: reports.Traces(c), Before: reports.BeforeOf(c), ZoneData: reports.ZoneData(c),
		Uncertain: slices.DeleteFunc(reports.UncertainOf(c), func(u reports.Uncertain) bool { return slices.Contains(s.Study.Keys, u.Key) }),
		Source:    reports.SweepInput{Scenario: string(s.src), File: baseName(s.File), Overrides: s.overrides, Tool: Version},
	}
	if s.lost {
		of.Status = reports.Interrupted
	}
	for i := range s.cells {
		if s.cells[i].Status != "" {
			of.Cells = append(of.Cells, s.cells[i])
		}
	}
	return of
}

// deliver prints the sweep and writes its folder. An interrupted sweep has no
// folder yet: its finished cells are stored beside it.
func (s *sweeper) deliver(interrupted bool) error {
	of := s.sweep()
	if interrupted {
		of.Status = reports.Interrupted
	}
	if interrupted {
		s.forms.addSweep(of)
		return errors.Join(s.printSweep(of), s.interruption(len(of.Cells)))
	}
	return s.deliverSweep(of, s.count.performance(), s.kept)
}

// deliverSweep prints a finished sweep, writes its folder, and then deletes the
// cells that were stored for it, if any.
func (r *runner) deliverSweep(of *reports.Sweep, perf *reports.Performance, kept *rundir.Cells) error {
	r.forms.addSweep(of)
	printed := r.printSweep(of)
	if r.folder != "" {
		if err := rundir.WriteSweep(r.folder, of, perf, r.Force); err != nil {
			return errors.Join(printed, fmt.Errorf("cannot write the sweep: %w", err))
		}
		if kept != nil {
			printed = errors.Join(printed, kept.Remove())
		}
		if !r.Quiet && !r.JSON && printed == nil {
			printed = r.saySweep(r.folder)
		}
	}
	if printed != nil {
		return printed
	}
	return sweepVerdict(of)
}

// interruption returns the error of an interrupted sweep.
func (s *sweeper) interruption(done int) error {
	kept := "without -o they are lost"
	if s.kept != nil {
		kept = "the same command resumes from there"
	}
	return &Error{Interrupted, fmt.Errorf("interrupted; %d of %d cells are finished: %s", done, len(s.mine), kept)}
}

// printSweep writes a sweep to standard output, as JSON or as text.
func (r *runner) printSweep(of *reports.Sweep) error {
	switch {
	case r.JSON:
		return data.WriteSweep(r.Out, of)
	case r.Quiet:
		return nil
	}
	return text.WriteSweep(r.Text, of, r.style(r.NoColour))
}

// sweepVerdict returns an error for failed cells, and for thresholds that did not
// pass in every cell.
func sweepVerdict(of *reports.Sweep) error {
	var failed []error
	passed := true
	for i := range of.Cells {
		c := &of.Cells[i]
		if c.Status == reports.Failed {
			failed = append(failed, fmt.Errorf("cell %d: %s", c.Number, c.Error))
		}
		for _, t := range c.Thresholds {
			passed = passed && t.Verdict == criteria.Pass.String()
		}
	}
	switch {
	case len(failed) > 0:
		return &Error{Internal, errors.Join(failed...)}
	case !passed:
		return &Error{Outcome: Unmet}
	}
	return nil
}
