package main

import (
	"github.com/spf13/cobra"

	"sesim/cmd/internal/study"
)

func reportCommand(s *study.System) *cobra.Command {
	var o study.RedrawOptions
	cmd := &cobra.Command{
		Use:   "report DIR",
		Short: "Redraw the report of a finished run",
		Long: `Report redraws the charts and report.html of a finished run from the data in its
folder, and prints its summary. Nothing is simulated, and the data are unchanged.
With --junit and --openmetrics it also writes the run in those formats. The exit
status tells whether the report was drawn, whatever the verdicts.`,
		Args: arguments(cobra.ExactArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error { return s.Redraw(args[0], &o) },
	}
	f := cmd.Flags()
	colourFlag(f, &o.NoColour)
	f.BoolVar(&o.Force, "force", false, "replace existing files")
	formFlags(f, &o.FormOptions)
	return cmd
}
