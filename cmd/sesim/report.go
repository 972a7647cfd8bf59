package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"sesim/reports"
	"sesim/reports/rundir"
	"sesim/reports/text"
)

func reportCommand(s *system) *cobra.Command {
	var noColour, force bool
	var o formOptions
	cmd := &cobra.Command{
		Use:   "report DIR",
		Short: "Draw the report of a finished run again",
		Long: `Report draws the charts and report.html of a finished run again from the data in
its folder, and prints its summary. Nothing is simulated, and the data stay as
they are. With --junit and --openmetrics it writes the run in those forms too.
The exit status says whether the report was drawn, not what its thresholds came
to.`,
		Args: arguments(cobra.ExactArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error {
			if sweep, err := rundir.LoadSweep(args[0]); err == nil {
				return s.redrawSweep(sweep, args[0], &o, force, !noColour)
			}
			if err := rundir.Redraw(args[0]); errors.Is(err, rundir.ErrNoRun) {
				return badUsage(err)
			} else if err != nil {
				return err
			}
			report, err := rundir.Load(args[0])
			if err != nil {
				return err
			}
			f, err := o.open(1, force)
			if err != nil {
				return err
			}
			f.add(report)
			if err := f.close(); err != nil {
				return err
			}
			if err := text.Write(s.out, report, s.colour() && !noColour); err != nil {
				return err
			}
			return s.sayWhere(args[0])
		},
	}
	f := cmd.Flags()
	f.BoolVar(&noColour, "no-color", false, "print without colours")
	f.BoolVar(&force, "force", false, "replace files that are already there")
	o.flags(f)
	return cmd
}

// redrawSweep draws the charts of a sweep again and prints its table.
func (s *system) redrawSweep(sweep *reports.Sweep, dir string, o *formOptions, force, colour bool) error {
	if o.openMetrics != "" {
		return badUsagef("--openmetrics writes the figures of one run, and %s is a sweep", dir)
	}
	if err := rundir.RedrawSweep(dir); err != nil {
		return err
	}
	f, err := o.open(1, force)
	if err != nil {
		return err
	}
	f.addSweep(sweep)
	if err := f.close(); err != nil {
		return err
	}
	if err := text.WriteSweep(s.out, sweep, s.colour() && colour); err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.out, "\nSweep: %s\n", dir)
	return err
}
