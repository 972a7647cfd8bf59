package main

import (
	"github.com/spf13/cobra"

	"sesim/cmd/internal/study"
	"sesim/cmd/internal/terminal"
)

func mergeCommand(s *study.System) *cobra.Command {
	o := study.RunOptions{Progress: terminal.None}
	cmd := &cobra.Command{
		Use:   "merge DIR...",
		Short: "Merge the shards of a run",
		Long: `Merge combines folders written by "sesim run --shard", on one machine or several,
and writes the report that a single machine would have written: the same bytes,
whatever the order of the folders. It reports shards that are missing, given
twice, or belong to another run.`,
		Example: `  sesim run sweep.toml --shard 1/2 -o parts/1
  sesim run sweep.toml --shard 2/2 -o parts/2
  sesim merge parts/* -o report`,
		Args: arguments(cobra.MinimumNArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error { return s.Merge(args, &o) },
	}
	f := cmd.Flags()
	deliveryFlags(f, &o.Delivery, "report", "summary", "text")
	colourFlag(f, &o.NoColour)
	return cmd
}
