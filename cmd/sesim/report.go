package main

import (
	"github.com/spf13/cobra"

	"sesim/cmd/internal/study"
)

func reportCommand(s *study.System) *cobra.Command {
	var o study.RedrawOptions
	cmd := &cobra.Command{
		Use:   "report DIR",
		Short: "Draw the report of a finished run again",
		Long: `Report draws the charts and report.html of a finished run again from the data in
its folder, and prints its summary. Nothing is simulated, and the data stay as
they are. With --junit and --openmetrics it writes the run in those forms too.
The exit status says whether the report was drawn, not what its thresholds came
to.`,
		Args: arguments(cobra.ExactArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error { return s.Redraw(args[0], &o) },
	}
	f := cmd.Flags()
	colourFlag(f, &o.NoColour)
	f.BoolVar(&o.Force, "force", false, "replace files that are already there")
	formFlags(f, &o.FormOptions)
	return cmd
}
