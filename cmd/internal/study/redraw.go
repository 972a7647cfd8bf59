package study

import (
	"errors"

	"sesim/reports"
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
	if sweep, err := rundir.LoadSweep(dir); err == nil {
		return s.redrawSweep(sweep, dir, o)
	}
	if err := rundir.Redraw(dir); errors.Is(err, rundir.ErrNoRun) {
		return Usage(err)
	} else if err != nil {
		return err
	}
	report, err := rundir.Load(dir)
	if err != nil {
		return err
	}
	if err := o.write(o.Force, func(f *forms) { f.add(report) }); err != nil {
		return err
	}
	if err := text.Write(s.Out, report, s.Colour && !o.NoColour); err != nil {
		return err
	}
	return s.sayWhere(dir)
}

// redrawSweep redraws the charts of a sweep and prints its table.
func (s *System) redrawSweep(sweep *reports.Sweep, dir string, o *RedrawOptions) error {
	if o.OpenMetrics != "" {
		return Usagef("--openmetrics takes a run, but %s is a sweep", dir)
	}
	if err := rundir.RedrawSweep(dir); err != nil {
		return err
	}
	if err := o.write(o.Force, func(f *forms) { f.addSweep(sweep) }); err != nil {
		return err
	}
	if err := text.WriteSweep(s.Out, sweep, s.Colour && !o.NoColour); err != nil {
		return err
	}
	return s.saySweep(dir)
}
