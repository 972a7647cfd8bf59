package study

import (
	"context"
	"fmt"
	"runtime"

	"sesim/reports"
	"sesim/scenarios"
	"sesim/sim"
	"sesim/sim/replicate"
)

// single reports whether the scenario asks for one run and nothing else.
func (sc *Scenario) single() bool {
	return len(sc.Study.Keys) == 0 && sc.Study.Rule.Max == 1
}

// runReplications carries out the replications of a scenario without a sweep
// and hands on what they have in common.
func (r *runner) runReplications(ctx context.Context) error {
	m := r.counter(r.Study.Rule.Max)
	report, err := r.replications(ctx, m)
	m.display.Close()
	if err != nil {
		return fmt.Errorf("%s: %w", r.File, err)
	}
	if err := r.deliver(report, m.performance()); err != nil {
		return err
	}
	return r.verdict(report)
}

// replications simulates all replications and reports on them. Interrupted, it
// reports on those that are done.
func (r *runner) replications(ctx context.Context, m *counter) (*reports.Report, error) {
	rule := r.Study.Rule
	sample := replicate.NewSample(replicate.NewFrame(r.Config, true, rule))
	var report *reports.Report
	err := replicate.Run(ctx, *r.Config, 0, rule.Max, runtime.GOMAXPROCS(0), func(i int, result *sim.Result) error {
		m.count(result)
		if i == 0 {
			var err error
			if report, err = reports.New(r.Config, result, r.source()); err != nil {
				return err
			}
		}
		record := sample.Record(r.Config, i, result)
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
	return reports.Input{Scenario: string(r.src), File: r.File, Overrides: r.overrides, Version: Version}
}

// checkStudies refuses what is meant for single runs where a scenario asks for
// several.
func (o *RunOptions) checkStudies(list []Scenario) error {
	for _, sc := range list {
		if len(sc.Study.Keys) > 0 && o.OpenMetrics != "" {
			return Usagef("%s: --openmetrics writes the figures of one run, and the scenario has a sweep", sc.File)
		}
		if !sc.single() && len(o.RecordOptions.names()) > 0 {
			return Usagef("%s: --events, --refusals and --statistics are records of one run, and the scenario asks for several; "+
				"--replications 1 makes one", sc.File)
		}
	}
	return nil
}

// replicationsOverride is what --replications says.
func (o *RunOptions) replicationsOverride() scenarios.Override {
	return scenarios.Override{Key: "replications", Value: o.Replications}
}
