package study

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"sesim/reports"
	"sesim/reports/data"
	"sesim/reports/rundir"
	"sesim/sim"
	"sesim/sim/replicate"
)

// shard is the value of --shard: the number of a part of a sweep or of
// replications, from 1, and the number of parts. The zero value means no
// sharding.
type Shard struct{ number, of int }

// String formats a shard for --shard.
func (s *Shard) String() string {
	if s.of == 0 {
		return ""
	}
	return fmt.Sprintf("%d/%d", s.number, s.of)
}

// Set parses "2/4".
func (s *Shard) Set(text string) error {
	number, of, _ := strings.Cut(text, "/")
	n, err := strconv.Atoi(number)
	m, err2 := strconv.Atoi(of)
	if err != nil || err2 != nil || m < 1 || m > rundir.MaxShards || n < 1 || n > m {
		return fmt.Errorf("expected NUMBER/COUNT, such as 2/4, with NUMBER from 1 to COUNT and COUNT at most %d", rundir.MaxShards)
	}
	s.number, s.of = n, m
	return nil
}

// Type returns the placeholder of the value in the help text.
func (s *Shard) Type() string { return "NUMBER/COUNT" }

// has reports whether the i-th cell or replication belongs to the shard.
func (s *Shard) has(i int) bool { return s.of == 0 || i%s.of == s.number-1 }

// checkShard rejects what cannot be combined with --shard.
func (o *RunOptions) checkShard(list []Scenario) error {
	switch {
	case o.Shard.of == 0:
		return nil
	case len(list) > 1:
		return Usagef("--shard takes one scenario, not %d", len(list))
	case o.Dir == "":
		return Usagef("--shard requires -o, the folder for sesim merge")
	case o.JSON:
		return Usagef("--shard cannot be combined with --json; sesim merge prints the summary")
	case o.JUnit != "" || o.OpenMetrics != "":
		return Usagef("--shard cannot be combined with --junit and --openmetrics; sesim report writes them after sesim merge")
	case list[0].single():
		return Usagef("%s: --shard requires a sweep or replications, but the scenario asks for one run; see --replications", list[0].File)
	}
	return nil
}

// runShard runs one shard of a sweep or of replications, unless it is finished:
// a job that is started again has nothing to do.
func (r *runner) runShard(ctx context.Context) error {
	part, err := r.newPart()
	if err != nil {
		return fmt.Errorf("%s: %w", r.File, err)
	}
	made := "was finished before"
	if !r.finished(part) {
		replace, err := r.reservePart()
		if err != nil {
			return err
		}
		made = "is finished"
		if len(r.Study.Keys) > 0 {
			err = r.sweepPart(ctx, part, replace)
		} else {
			err = r.replicationsPart(ctx, part, replace)
		}
		if err != nil {
			return err
		}
	}
	if !r.Quiet {
		_, err = fmt.Fprintf(r.Out, "Shard %d of %d of %s %s: %s\n", part.Shard, part.Of, part.Scenario, made, r.folder)
	}
	return err
}

// newPart returns the part without its results.
func (r *runner) newPart() (*rundir.Part, error) {
	h := sha256.New()
	for i := range r.Study.Cells {
		inputs, err := r.inputs(i)
		if err != nil {
			return nil, err
		}
		fmt.Fprintln(h, inputs)
	}
	fmt.Fprintln(h, string(r.src), r.overrides) // the report holds them
	return rundir.NewPart(r.Shard.number, r.Shard.of, hex.EncodeToString(h.Sum(nil)), r.Config.Name, Version, buildName()), nil
}

// finished reports whether the folder holds this part, without failed cells.
func (r *runner) finished(part *rundir.Part) bool {
	there, err := rundir.LoadPart(r.folder)
	if err != nil || !there.Same(part) || there.Shard != part.Shard {
		return false
	}
	return there.Sweep == nil || !slices.ContainsFunc(there.Sweep.Cells, func(c reports.Cell) bool { return c.Status == reports.Failed })
}

// reservePart reserves the folder of the shard, and reports whether it may be
// replaced, as a part of the same run with failed cells may.
func (r *runner) reservePart() (replace bool, err error) {
	err = r.reserve(r.folder, func() error {
		there, err := rundir.LoadPart(r.folder)
		if err == nil && there.Scenario == r.Config.Name && there.Shard == r.Shard.number && there.Of == r.Shard.of {
			replace = true
			return nil
		}
		replace = r.Force
		if errors.Is(err, data.ErrDamaged) && !r.Force {
			return fmt.Errorf("%w; --force replaces it", err)
		}
		return checkMarked(r.folder, rundir.PartFile, r.Force)
	})
	return replace, err
}

// sweepPart runs the cells of the shard. They are stored like those of a whole
// sweep.
func (r *runner) sweepPart(ctx context.Context, part *rundir.Part, replace bool) error {
	s, err := r.newSweeper()
	if err != nil {
		return fmt.Errorf("%s: %w", r.File, err)
	}
	s.mine = slices.DeleteFunc(s.mine, func(i int) bool { return !r.Shard.has(i) })
	s.count.of = len(s.mine) * r.Study.Rule.Max
	if s.kept, err = rundir.OpenCells(r.folder, buildName()); err != nil {
		return err
	}
	err = s.run(ctx)
	s.count.display.Close()
	of := s.sweep()
	switch {
	case ctx.Err() != nil:
		return s.interruption(len(of.Cells))
	case err != nil:
		return fmt.Errorf("%s: %w", r.File, err)
	}
	part.SetSweep(of)
	if err := rundir.WritePart(r.folder, part, nil, replace); err != nil {
		return fmt.Errorf("cannot write the shard: %w", err)
	}
	if err := s.kept.Remove(); err != nil {
		return err
	}
	if err := sweepVerdict(of); OutcomeOf(err) == Internal {
		return err // thresholds are judged on the whole
	}
	return nil
}

// replicationsPart runs the replications of the shard. If a rule decides on their
// number, each shard runs its share of the maximum, since only the merged run can
// apply the rule.
func (r *runner) replicationsPart(ctx context.Context, part *rundir.Part, replace bool) error {
	defer r.manyRuns()()
	var mine []int
	for i := range r.Study.Rule.Max {
		if r.Shard.has(i) {
			mine = append(mine, i)
		}
	}
	frame := replicate.NewFrame(r.Config, true, r.Study.Rule)
	part.Frame, part.Rule = &frame, &r.Study.Rule
	var lines bytes.Buffer
	encoder := json.NewEncoder(&lines)
	m := r.counter(len(mine))
	config := func(i int) (sim.Config, error) { return replicate.Config(r.Config, mine[i]), nil }
	err := replicate.Each(ctx, len(mine), runtime.GOMAXPROCS(0), config, func(i int, result *sim.Result, err error) error {
		if err != nil {
			return fmt.Errorf("replication %d: %w", mine[i], err)
		}
		m.count(result)
		if mine[i] == 0 {
			single, err := replicate.Single(ctx, r.Config, result)
			if err == nil {
				err = r.setFirst(part, single)
			}
			if err != nil {
				return err
			}
		}
		return encoder.Encode(frame.Record(r.Config, mine[i], result))
	})
	m.display.Close()
	switch {
	case err != nil && ctx.Err() != nil && !errors.Is(err, sim.ErrTrace):
		return &Error{Interrupted, errors.New("interrupted; the shard has to start again")}
	case err != nil:
		return fmt.Errorf("%s: %w", r.File, err)
	}
	if err := rundir.WritePart(r.folder, part, append([]byte{}, lines.Bytes()...), replace); err != nil {
		return fmt.Errorf("cannot write the shard: %w", err)
	}
	return nil
}

// setFirst enters the report of replication 0, or of a run at the means, into the part.
func (r *runner) setFirst(part *rundir.Part, result *sim.Result) error {
	report, err := reports.New(r.Config, result, r.source())
	if err != nil {
		return err
	}
	return part.SetFirst(report)
}
