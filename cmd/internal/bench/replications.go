package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"time"

	"sesim/reports/benchmark"
)

// Replications says which replications are measured.
type Replications struct {
	Program  string // that runs them, this one; "": they are not measured
	Scenario string // as the program takes it
	Number   int
}

// replications compares replications on all cores of one process with as many processes
// of one core each, which share nothing, and with one process on one core: in alternating
// rounds, each from the start of the processes to the end of the last one. The processes
// run shards, so that together they do the same runs.
func (s *session) replications() error {
	if s.Replications.Program == "" || s.Cores < 2 {
		return nil
	}
	s.Say("%d replications of %s", s.Replications.Number, s.Replications.Scenario)
	dir, err := os.MkdirTemp("", "sesim-bench-")
	if err != nil {
		return fmt.Errorf("replications: %w", err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	sides := []*side{{processes: 1, cores: s.Cores}, {processes: s.Cores, cores: 1}, {processes: 1, cores: 1}}
	for round := range s.Rounds {
		for i := range sides {
			if err := sides[(i+round)%len(sides)].round(s.ctx, &s.Replications, dir); err != nil {
				return fmt.Errorf("replications: %w", err)
			}
		}
	}
	all, apart, one := sides[0], sides[1], sides[2]
	s.report.Replications = append(s.report.Replications, benchmark.Replications{
		Scenario: s.Replications.Scenario, Replications: s.Replications.Number, Cores: s.Cores, Rounds: s.Rounds,
		WallSeconds: median(all.walls), ProcessorSeconds: median(all.works),
		ProcessesWallSeconds: median(apart.walls), ProcessesProcessorSeconds: median(apart.works), OneCoreWallSeconds: median(one.walls),
		TimesProcesses: medianRatio(apart.walls, all.walls), TimesOneCore: medianRatio(one.walls, all.walls),
		ProcessesTimesOneCore: medianRatio(one.walls, apart.walls),
	})
	return nil
}

// side is a number of processes at a time, on a number of cores each.
type side struct {
	processes, cores int
	walls, works     []float64 // seconds
}

// round runs the processes once, each with its shard.
func (d *side) round(ctx context.Context, what *Replications, dir string) error {
	into, err := os.MkdirTemp(dir, "round-")
	if err != nil {
		return err
	}
	list := make([]*exec.Cmd, d.processes)
	said := make([]bytes.Buffer, d.processes)
	for i := range list {
		list[i] = exec.CommandContext(ctx, what.Program, "run", what.Scenario, "--quiet", "--replications", strconv.Itoa(what.Number),
			"--shard", fmt.Sprintf("%d/%d", i+1, d.processes), "-o", filepath.Join(into, strconv.Itoa(i)))
		list[i].Env = append(os.Environ(), "GOMAXPROCS="+strconv.Itoa(d.cores))
		list[i].Stderr = &said[i]
	}
	runtime.GC() // not meanwhile
	start, work := time.Now(), time.Duration(0)
	var failed error
	for _, c := range list {
		failed = errors.Join(failed, c.Start())
	}
	for i, c := range list {
		if c.Process == nil {
			continue
		}
		if err := c.Wait(); err != nil {
			failed = errors.Join(failed, fmt.Errorf("%w: %s", err, bytes.TrimSpace(said[i].Bytes())))
		}
		work += c.ProcessState.UserTime() + c.ProcessState.SystemTime()
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	d.walls, d.works = append(d.walls, time.Since(start).Seconds()), append(d.works, work.Seconds())
	return failed
}
