package study

import (
	"context"
	"errors"
	"fmt"
	"runtime"

	"sesim/reports"
	"sesim/scenarios"
	"sesim/sim"
	"sesim/sim/replicate"
)

// single reports whether the scenario asks for a single run.
func (sc *Scenario) single() bool {
	return len(sc.Study.Keys) == 0 && sc.Study.Rule.Max == 1
}

// runReplications runs the replications of a scenario without a sweep and
// delivers the report.
func (r *runner) runReplications(ctx context.Context) error {
	r.warnOrder(r.File, r.Config)
	m, x := r.counter(r.Study.Rule.Max), r.examination()
	report, err := r.replications(ctx, m, x)
	m.display.Close()
	if report == nil {
		return fmt.Errorf("%s: %w", r.File, err)
	}
	return r.conclude(ctx, x, report, m.performance(), err)
}

// replications simulates all replications and reports on them; after an
// interrupt, on the finished ones. An error that wraps sim.ErrTrace comes with the
// report on the finished ones too.
func (r *runner) replications(ctx context.Context, m *counter, x *examination) (*reports.Report, error) {
	defer r.manyRuns()()
	rule := r.Study.Rule
	sample := replicate.NewSample(replicate.NewFrame(r.Config, true, rule))
	var report *reports.Report
	err := replicate.Run(ctx, *r.Config, 0, rule.Max, runtime.GOMAXPROCS(0), func(i int, result *sim.Result) error {
		m.count(result)
		if i == 0 {
			single, err := replicate.Single(ctx, r.Config, result)
			if err != nil {
				return err
			}
			if report, err = reports.New(r.Config, single, r.source()); err != nil {
				return err
			}
		}
		record := sample.Record(r.Config, i, result)
		if err := errors.Join(sample.Add(&record), x.add(i, result)); err != nil {
			return err
		}
		if sample.Enough(rule) {
			return replicate.ErrEnough
		}
		return nil
	})
	lost := errors.Is(err, sim.ErrTrace)
	switch {
	case err != nil && !lost && ctx.Err() == nil, lost && sample.N() == 0:
		return nil, err
	case sample.N() == 0:
		return nil, ErrInterrupted
	case err != nil:
		report.Summary.Status = reports.Interrupted
	}
	if failed := report.Replicate(sample, rule); failed != nil {
		return nil, failed
	}
	if !lost {
		err = nil // of the interrupt, which the status says
	}
	return report, err
}

// source is the origin of the scenario, for its report.
func (r *runner) source() reports.Input {
	return reports.Input{Scenario: string(r.src), File: r.File, Overrides: r.overrides, Version: Version}
}

// checkStudies rejects flags for single runs if a scenario asks for several.
func (o *RunOptions) checkStudies(list []Scenario) error {
	for _, sc := range list {
		if err := o.checkAssumptions(&sc); err != nil {
			return err
		}
		if len(sc.Study.Keys) > 0 && o.OpenMetrics != "" {
			return Usagef("%s: --openmetrics takes a run, but the scenario has a sweep", sc.File)
		}
		if !sc.single() && len(o.RecordOptions.names()) > 0 {
			return Usagef("%s: --events, --refusals and --statistics write the records of one run, but the scenario asks for several; "+
				"use --replications 1", sc.File)
		}
	}
	return nil
}

// replicationsOverride is the override for --replications.
func (o *RunOptions) replicationsOverride() scenarios.Override {
	return scenarios.Override{Flag: "--replications", Key: "replications", Value: o.Replications}
}
