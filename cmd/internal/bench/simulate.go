package bench

import (
	"fmt"
	"runtime"
	"slices"
	"time"

	"sesim/cmd/internal/bench/reference"
	"sesim/reports/benchmark"
	"sesim/sim"
	"sesim/sim/engine"
)

// simulations measures whole runs, from a configuration to a result, setting
// up included.
func (s *session) simulations() error {
	for _, scenario := range s.Scenarios {
		if s.ctx.Err() != nil {
			return s.ctx.Err()
		}
		s.Say("scenario %s", scenario.Name)
		if err := s.simulation(scenario); err != nil {
			return fmt.Errorf("%s: %w", scenario.Name, err)
		}
	}
	return nil
}

// runner is something that simulates a scenario.
type runner struct {
	subject string
	run     func() (outcome, error)
	outcome outcome
	walls   []float64 // seconds
	works   []float64 // seconds of all threads on processors, or as walls
	peak    int64
}

// outcome is what a run did and took.
type outcome struct {
	took
	virtual            time.Duration
	recipients, events int64
	allocs, bytes      int64
	fingerprint        string
}

// simulation runs a scenario round by round, in turn with what it is
// compared with.
func (s *session) simulation(scenario Scenario) error {
	runners := []*runner{{subject: benchmark.Model, run: func() (outcome, error) { return s.runModel(scenario.Config, 0) }}}
	if scenario.Apart {
		runners = append(runners, &runner{subject: benchmark.OneCore, run: func() (outcome, error) { return s.runModel(scenario.Config, 1) }})
	}
	if scenario.Compared {
		runners = append(runners, &runner{subject: benchmark.Reference, run: func() (outcome, error) { return runReference(scenario.Config) }})
	}
	began := time.Now()
	rounds := 0
	for rounds < s.Rounds && (rounds == 0 || len(runners) > 1 || time.Since(began) < s.SimulateFor) {
		for i := range runners {
			if err := runners[(i+rounds)%len(runners)].round(); err != nil {
				return err
			}
			if s.ctx.Err() != nil {
				return s.ctx.Err()
			}
		}
		rounds++
	}
	for i, r := range runners {
		row := r.row(scenario)
		for _, beside := range runners[i+1:] {
			if beside.subject == benchmark.Reference {
				row.TimesReference = medianRatio(beside.works, r.works)
			} else {
				row.TimesOneCore = medianRatio(beside.walls, r.walls)
			}
		}
		s.report.Simulations = append(s.report.Simulations, row)
	}
	return nil
}

// round runs once, from a heap without garbage. The peak is measured in the first
// round, which starts with the least memory that the process can run in. The other
// rounds keep the memory they have, because the time that the system takes to hand
// it out again is not what is compared.
func (r *runner) round() error {
	first := len(r.walls) == 0
	if first {
		resetPeak()
	} else {
		runtime.GC()
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	o, err := r.run()
	runtime.ReadMemStats(&after)
	if err != nil {
		return err
	}
	o.allocs, o.bytes = int64(after.Mallocs-before.Mallocs), int64(after.TotalAlloc-before.TotalAlloc)
	r.outcome = o
	r.walls, r.works = append(r.walls, o.wall.Seconds()), append(r.works, o.work.Seconds())
	if first {
		r.peak = peak()
	}
	return nil
}

func (r *runner) row(scenario Scenario) benchmark.Simulation {
	o, wall := &r.outcome, median(r.walls)
	row := benchmark.Simulation{
		Scenario: scenario.Name, Subject: r.subject, Seed: scenario.Config.Seed, Rounds: len(r.walls),
		Recipients: o.recipients, Events: o.events, VirtualSeconds: o.virtual.Seconds(),
		WallSeconds: wall, ProcessorSeconds: median(r.works), LeastSeconds: slices.Min(r.walls), MostSeconds: slices.Max(r.walls),
		Allocations: o.allocs, AllocatedBytes: o.bytes, PeakBytes: r.peak, Fingerprint: o.fingerprint,
	}
	if wall > 0 {
		row.PerSecond, row.EventsPerSec = float64(o.recipients)/wall, float64(o.events)/wall
		row.SpeedUp = row.VirtualSeconds / wall
	}
	return row
}

// runModel runs package engine on the given number of cores, 0 for all.
func (s *session) runModel(config *sim.Config, cores int) (outcome, error) {
	stop := watch()
	result, err := engine.Run(*config, sim.Hooks{Workers: cores, Tick: func(sim.Progress) bool { return s.ctx.Err() == nil }})
	t := stop()
	if err != nil {
		return outcome{}, err
	}
	o := outcome{took: t, virtual: result.End, events: result.Events, fingerprint: result.Fingerprint}
	for i := range result.Accounts {
		o.recipients += result.Accounts[i].Recipients
	}
	return o, nil
}

// runReference runs the reference, the making of its texts included as is the
// setting up of ours.
func runReference(config *sim.Config) (outcome, error) {
	stop := watch()
	simulation, err := reference.New(config)
	if err != nil {
		return outcome{}, err
	}
	result := simulation.Run()
	return outcome{took: stop(), virtual: config.Horizon, recipients: result.Recipients}, nil
}
