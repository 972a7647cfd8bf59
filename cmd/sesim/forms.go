package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/pflag"

	"sesim/reports"
	"sesim/reports/junit"
	"sesim/reports/openmetrics"
)

// formOptions are the flags for results in the forms of other programs.
type formOptions struct {
	junit       string // file of the verdicts as JUnit XML; "" for none
	openMetrics string // file of the figures as OpenMetrics; "" for none
}

func (o *formOptions) flags(f *pflag.FlagSet) {
	f.StringVar(&o.junit, "junit", "", "write the verdicts to `FILE`, as JUnit XML")
	f.StringVar(&o.openMetrics, "openmetrics", "", "write series and final counts to `FILE`, as OpenMetrics with virtual times")
}

// forms gathers the reports of a call and writes them in those forms.
type forms struct {
	junit, openMetrics *os.File // nil: none
	runs               []*reports.Summary
	err                error
}

// open makes the files, so that what cannot be written is known before
// anything is simulated.
func (o *formOptions) open(scenarios int, force bool) (*forms, error) {
	f := &forms{}
	if o.openMetrics != "" && scenarios > 1 {
		return nil, badUsagef("--openmetrics writes the figures of one scenario; there are %d", scenarios)
	}
	var err error
	if o.junit != "" {
		if f.junit, err = create(o.junit, force); err != nil {
			return nil, err
		}
	}
	if o.openMetrics != "" {
		if f.openMetrics, err = create(o.openMetrics, force); err != nil {
			return nil, errors.Join(err, f.close())
		}
	}
	return f, nil
}

// add takes up a report.
func (f *forms) add(r *reports.Report) {
	if f.junit != nil {
		f.runs = append(f.runs, &r.Summary)
	}
	if f.openMetrics != nil {
		f.err = errors.Join(f.err, openmetrics.Write(f.openMetrics, r))
	}
}

// addSweep takes up the cells of a sweep, each as a run of its own.
func (f *forms) addSweep(s *reports.Sweep) {
	if f.junit == nil {
		return
	}
	for i := range s.Cells {
		c := &s.Cells[i]
		name := s.Scenario
		for k, key := range s.Keys {
			name += ", " + key + " = " + c.Values[k]
		}
		f.runs = append(f.runs, &reports.Summary{
			Scenario: name, Question: s.Question, Edition: s.Edition, Seed: s.Seed, Status: c.Status, Start: s.Start,
			HorizonSeconds: s.HorizonSeconds, Fingerprint: c.Fingerprint, Thresholds: c.Thresholds,
		})
	}
}

// close writes what is left and closes the files.
func (f *forms) close() error {
	if f.junit != nil {
		f.err = errors.Join(f.err, junit.Write(f.junit, f.runs...), f.junit.Close())
	}
	if f.openMetrics != nil {
		f.err = errors.Join(f.err, f.openMetrics.Close())
	}
	if f.err != nil {
		return fmt.Errorf("--junit or --openmetrics: the file is not complete: %w", f.err)
	}
	return nil
}

// closeAfter closes the files after a call that ended with err. Files that are
// not complete are an internal error, whatever came before.
func (f *forms) closeAfter(err error) error {
	if problem := f.close(); problem != nil {
		return &exitError{exitInternal, errors.Join(problem, err)}
	}
	return err
}
