package main

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

// single reports whether the scenario asks for one run and nothing else.
func (sc *scenario) single() bool {
	return len(sc.study.Keys) == 0 && sc.study.Rule.Max == 1
}

// runReplications carries out the replications of a scenario without a sweep
// and hands on what they have in common.
func (r *runner) runReplications(ctx context.Context) error {
	m := r.counter(r.study.Rule.Max)
	report, err := r.replications(ctx, m)
	m.display.close()
	if err != nil {
		return fmt.Errorf("%s: %w", r.file, err)
	}
	if err := r.deliver(report, m.performance()); err != nil {
		return err
	}
	return r.verdict(report)
}

// replications simulates all replications and reports on them. Interrupted, it
// reports on those that are done.
func (r *runner) replications(ctx context.Context, m *counter) (*reports.Report, error) {
	rule := r.study.Rule
	sample := replicate.NewSample(replicate.NewFrame(r.config, true, rule))
	var report *reports.Report
	err := replicate.Run(ctx, *r.config, 0, rule.Max, runtime.GOMAXPROCS(0), func(i int, result *sim.Result) error {
		m.count(result)
		if i == 0 {
			var err error
			if report, err = reports.New(r.config, result, r.source()); err != nil {
				return err
			}
		}
		record := sample.Record(r.config, i, result)
		if err := sample.Add(&record); err != nil {
			return err
		}
		if sample.Enough(rule) {
			return replicate.ErrEnough
		}
		return nil
	})
	switch {
	case err != nil && ctx.Err() == nil:
		return nil, err
	case sample.N() == 0:
		return nil, errInterrupted
	case err != nil:
		report.Summary.Status = reports.Interrupted
	}
	return report, report.Replicate(sample, rule)
}

// source is what a report says of where its scenario comes from.
func (r *runner) source() reports.Input {
	return reports.Input{Scenario: string(r.src), File: r.file, Overrides: r.overrides, Version: version}
}

// checkStudies refuses what is meant for single runs where a scenario asks for
// several.
func (o *runOptions) checkStudies(list []scenario) error {
	for _, sc := range list {
		if len(sc.study.Keys) > 0 && o.openMetrics != "" {
			return badUsagef("%s: --openmetrics writes the figures of one run, and the scenario has a sweep", sc.file)
		}
		if !sc.single() && len(o.recordOptions.names()) > 0 {
			return badUsagef("%s: --events, --refusals and --statistics are records of one run, and the scenario asks for several; --replications 1 makes one", sc.file)
		}
	}
	return nil
}

// replicationsOverride is what --replications says.
func (o *runOptions) replicationsOverride() scenarios.Override {
	return scenarios.Override{Key: "replications", Value: o.replications}
}

// errStack is an error with the place of a defect, to be told after it.
func errStack(err error) string {
	if d, ok := errors.AsType[*replicate.Defect](err); ok {
		return string(d.Stack)
	}
	return ""
}
