package study

import (
	"errors"
	"fmt"
	"os"

	"sesim/reports"
	"sesim/reports/junit"
	"sesim/reports/openmetrics"
)

// FormOptions name the files of results in the formats of other programs; "" for
// none.
type FormOptions struct {
	JUnit       string // the verdicts as JUnit XML
	OpenMetrics string // the figures as OpenMetrics
}

// forms collects the reports of a call and writes them in those formats.
type forms struct {
	junit, openMetrics *os.File // nil: none
	runs               []*reports.Summary
	err                error
}

// open creates the files, so that errors show before the simulation.
func (o *FormOptions) open(scenarios int, force bool) (*forms, error) {
	f := &forms{}
	if o.OpenMetrics != "" && scenarios > 1 {
		return nil, Usagef("--openmetrics takes one scenario, not %d", scenarios)
	}
	var err error
	if o.JUnit != "" {
		if f.junit, err = create(o.JUnit, force); err != nil {
			return nil, err
		}
	}
	if o.OpenMetrics != "" {
		if f.openMetrics, err = create(o.OpenMetrics, force); err != nil {
			return nil, errors.Join(err, f.close())
		}
	}
	return f, nil
}

// add adds a report.
func (f *forms) add(r *reports.Report) {
	if f.junit != nil {
		f.runs = append(f.runs, &r.Summary)
	}
	if f.openMetrics != nil {
		f.err = errors.Join(f.err, openmetrics.Write(f.openMetrics, r))
	}
}

// addSweep adds the cells of a sweep, each as a run.
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

// close writes the rest and closes the files.
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

// write writes the reports so far.
func (o *FormOptions) write(force bool, add func(*forms)) error {
	f, err := o.open(1, force)
	if err != nil {
		return err
	}
	add(f)
	return f.close()
}

// closeAfter closes the files after a call that ended with err. Incomplete files
// are an internal error in any case.
func (f *forms) closeAfter(err error) error {
	if problem := f.close(); problem != nil {
		return &Error{Internal, errors.Join(problem, err)}
	}
	return err
}
