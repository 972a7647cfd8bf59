package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"time"

	"sesim/reports"
	"sesim/reports/data"
	"sesim/reports/rundir"
	"sesim/reports/text"
	"sesim/sim"
	"sesim/sim/criteria"
)

// runner carries out one scenario of sesim run.
type runner struct {
	*system
	*runOptions
	scenario
	folder    string   // of the report; "" for none
	overrides []string // as the report names them
	forms     *forms

	recordsErr error // told after the result, which it does not spoil
}

// run simulates the scenario and hands the result on. Its error decides the
// exit status.
func (r *runner) run(ctx context.Context) error {
	switch {
	case r.shard.of > 0:
		return r.runShard(ctx)
	case len(r.study.Keys) > 0:
		return r.runSweep(ctx)
	case !r.single():
		return r.runReplications(ctx)
	}
	result, perf, err := r.simulate(ctx)
	if err != nil {
		return fmt.Errorf("%s: %w", r.file, err)
	}
	report, err := reports.New(r.config, result, r.source())
	if err != nil {
		return fmt.Errorf("%s: %w", r.file, err)
	}
	if err := errors.Join(r.deliver(report, perf), r.recordsErr); err != nil {
		return err
	}
	return r.verdict(report)
}

// simulate runs the model under the eyes of the progress display and the probe.
func (r *runner) simulate(ctx context.Context) (*sim.Result, *reports.Performance, error) {
	clock := stopwatch()
	p := newProbe(clock)
	m := &meter{
		display:  r.display(),
		clock:    clock,
		stopped:  func() bool { return ctx.Err() != nil },
		scenario: r.config.Name,
		accounts: accountNames(r.config),
		began:    clock(),
	}
	hooks := sim.Hooks{Tick: m.tick, Probe: p}
	records, err := r.openRecords(&r.recordOptions, r.config, r.force)
	if err != nil {
		return nil, nil, err
	}
	if records != nil { // an observer costs time: only on request
		hooks.Observer = records
	}
	result, err := sim.Run(*r.config, hooks)
	wall := clock() - m.began
	if records != nil {
		end := r.config.Horizon
		if result != nil {
			end = result.End
		}
		r.recordsErr = records.close(end)
	}
	m.display.close()
	if err == nil {
		err = p.err
	}
	if err != nil {
		return nil, nil, err
	}
	return result, performance(result, wall, p), nil
}

func (r *runner) display() display {
	mode := r.progress
	if r.quiet {
		mode = progressNone
	}
	return newDisplay(mode, r.err, r.getenv)
}

func accountNames(config *sim.Config) []string {
	names := make([]string, len(config.Accounts))
	for i := range names {
		names[i] = config.Accounts[i].Name
	}
	return names
}

// performance gathers what the wall clock says about a run.
func performance(result *sim.Result, wall time.Duration, p *probe) *reports.Performance {
	return &reports.Performance{
		Wall:            wall,
		Virtual:         result.End,
		Events:          result.Events,
		Admissions:      result.Admissions,
		Admission:       &p.times,
		SampleEvery:     p.sampleEvery(result.Admissions),
		ClockCost:       p.cost,
		ClockResolution: p.resolution,
		Note:            p.note(),
		GoMaxProcs:      runtime.GOMAXPROCS(0),
		GoVersion:       runtime.Version(),
		OS:              runtime.GOOS,
		Arch:            runtime.GOARCH,
		PeakMemoryBytes: peakMemory(),
	}
}

// deliver prints the summary and writes the folder. Neither keeps the other
// from happening: a result that is there is never lost.
func (r *runner) deliver(report *reports.Report, perf *reports.Performance) error {
	r.forms.add(report)
	printed := r.print(report)
	if r.folder == "" {
		return printed
	}
	if err := rundir.Write(r.folder, report, perf, r.force); err != nil {
		return errors.Join(printed, fmt.Errorf("the report was not written: %w", err))
	}
	if r.quiet || r.json || printed != nil {
		return printed
	}
	return r.sayWhere(r.folder)
}

// sayWhere prints where the report in a folder is to be opened.
func (s *system) sayWhere(dir string) error {
	_, err := fmt.Fprintf(s.out, "\nReport: %s\n", filepath.Join(dir, "report.html"))
	return err
}

// print writes the summary to standard output, as JSON or as text.
func (r *runner) print(report *reports.Report) error {
	switch {
	case r.json:
		return data.WriteSummary(r.out, &report.Summary)
	case r.quiet:
		return nil
	}
	return text.Write(r.out, report, r.colour() && !r.noColour)
}

// verdict makes an error of an interrupted run and of thresholds that did not
// pass. The verdicts themselves are on standard output.
func (r *runner) verdict(report *reports.Report) error {
	if report.Summary.Status == reports.Interrupted {
		kept := "the results so far are in the summary"
		if r.folder != "" {
			kept = "the results so far are in " + r.folder
		}
		return &exitError{exitInterrupted, fmt.Errorf("interrupted; %s", kept)}
	}
	for _, t := range report.Summary.Thresholds {
		if t.Verdict != criteria.Pass.String() {
			return &exitError{code: exitThreshold}
		}
	}
	return nil
}
