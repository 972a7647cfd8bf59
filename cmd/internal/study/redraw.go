package study

import (
	"errors"

	"sesim/reports/rundir"
	"sesim/reports/text"
)

// RedrawOptions are the options of Redraw.
type RedrawOptions struct {
	NoColour bool
	Force    bool // replace existing files
	FormOptions
}

// Redraw redraws the charts and the page of a finished run or sweep from the data
// in its folder, and prints its summary. Nothing is simulated.
func (s *System) Redraw(dir string, o *RedrawOptions) error {
	sweep := rundir.IsSweep(dir)
	if sweep && o.OpenMetrics != "" {
		return Usagef("--openmetrics takes a run, but %s is a sweep", dir)
	}
	if err := s.claim("the folder "+dir, toMake, dir); err != nil {
		return err
	}
	if err := s.claimStream("standard output", toWrite, s.Out.w, stdoutPath); err != nil {
		return err
	}
	f, err := s.openForms(&o.FormOptions, 1, o.Force)
	if err != nil {
		return err
	}
	if sweep {
		return f.closeAfter(s.redrawSweep(dir, o, f))
	}
	return f.closeAfter(s.redrawRun(dir, o, f))
}

// redrawRun redraws the charts and the page of a run and prints its summary.
func (s *System) redrawRun(dir string, o *RedrawOptions, f *forms) error {
	err := rundir.Redraw(dir)
	if errors.Is(err, rundir.ErrNoRun) {
		return Usage(err)
	}
	if err != nil {
		return err
	}
	report, err := rundir.Load(dir)
	if err != nil {
		return err
	}
	f.add(report)
	if err := text.Write(s.Text, report, s.style(o.NoColour)); err != nil {
		return err
	}
	return s.sayWhere(dir)
}

// redrawSweep redraws the charts of a sweep and prints its table.
func (s *System) redrawSweep(dir string, o *RedrawOptions, f *forms) error {
	if err := rundir.RedrawSweep(dir); err != nil {
		return err
	}
	sweep, err := rundir.LoadSweep(dir)
	if err != nil {
		return err
	}
	f.addSweep(sweep)
	if err := text.WriteSweep(s.Text, sweep, s.style(o.NoColour)); err != nil {
		return err
	}
	return s.saySweep(dir)
}
