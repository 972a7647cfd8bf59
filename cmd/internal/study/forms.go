package study

import (
	"errors"
	"fmt"
	"slices"

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
	junit, openMetrics *outFile           // nil: none
	runs               []*reports.Summary // of junit
	written            bool               // a report was added
	err                error
}

// openForms creates the files, so that errors show before the simulation.
func (s *System) openForms(o *FormOptions, scenarios int, force bool) (*forms, error) {
	f := &forms{}
	if o.OpenMetrics != "" && scenarios > 1 {
		return nil, Usagef("--openmetrics takes one scenario, not %d", scenarios)
	}
	var err error
	if o.JUnit != "" {
		if f.junit, err = s.create("--junit", o.JUnit, force); err != nil {
			return nil, err
		}
	}
	if o.OpenMetrics != "" {
		if f.openMetrics, err = s.create("--openmetrics", o.OpenMetrics, force); err != nil {
			return nil, errors.Join(err, discard(f.files()...))
		}
	}
	return f, nil
}

// files returns the files that were created.
func (f *forms) files() []*outFile {
	return slices.DeleteFunc([]*outFile{f.junit, f.openMetrics}, func(file *outFile) bool { return file == nil })
}

// add adds a report.
func (f *forms) add(r *reports.Report) {
	f.written = true
	if f.junit != nil {
		f.runs = append(f.runs, &r.Summary)
	}
	if f.openMetrics != nil {
		f.err = errors.Join(f.err, openmetrics.Write(f.openMetrics, r))
	}
}

// addSweep adds the cells of a sweep, each as a run.
func (f *forms) addSweep(s *reports.Sweep) {
	f.written = true
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

// close writes the rest and gives the files their names. Without a report there
// are no files.
func (f *forms) close() error {
	if !f.written {
		return discard(f.files()...)
	}
	if f.junit != nil {
		f.err = errors.Join(f.err, junit.Write(f.junit, f.runs...))
	}
	if err := finish(f.err, f.files()...); err != nil {
		return fmt.Errorf("--junit or --openmetrics: the file is not complete: %w", err)
	}
	return nil
}

// closeAfter closes the files after a call that ended with err. Incomplete files
// are an internal error in any case.
func (f *forms) closeAfter(err error) error {
	if problem := f.close(); problem != nil {
		return &Error{Internal, errors.Join(problem, err)}
	}
	return err
}
