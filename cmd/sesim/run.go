package main

import (
	"slices"

	"github.com/spf13/cobra"

	"sesim/cmd/internal/study"
	"sesim/scenarios"
)

// defaultScenario is what sesim run runs without an argument.
const defaultScenario = scenarios.Default

func runCommand(s *study.System) *cobra.Command {
	var o study.RunOptions
	cmd := &cobra.Command{
		Use:   "run [FILE|NAME|-]...",
		Short: "Simulate scenarios and write their reports",
		Long: `Run simulates scenarios: files, names of scenarios that ship with sesim, or "-"
for standard input; a file wins over a name. Without an argument it runs
` + defaultScenario + `. All scenarios are checked before the first one is simulated.

It prints the verdicts on the scenario's thresholds, a summary, and where the
report lies: in DIR, or in sesim-runs/NAME, with a number where that is taken.
With -o and several scenarios each gets a folder of its name in DIR.

A scenario that asks for replications, as --replications does, is simulated so
many times with different seeds, and every figure gets an interval.

With --json it prints the summary of each scenario as JSON and nothing else,
and writes a report only where -o says so. Values come from the defaults, then
the scenario, then --set and --seed. "sesim help exit-codes" explains the exit
status.`,
		Example: `  sesim run
  sesim run stale-list --seed 7
  sesim run stale-list --replications 200
  sesim run mine.toml -o report --set account.acme.quota=1000`,
		ValidArgsFunction: completeWith(cobra.ShellCompDirectiveDefault),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Seeded = cmd.Flags().Changed("seed")
			return s.Run(cmd.Context(), args, &o)
		},
	}
	f := cmd.Flags()
	deliveryFlags(f, &o.Delivery, "report", "summary", "text")
	colourFlag(f, &o.NoColour)
	seedFlag(f, &o.Seed)
	setFlag(f, &o.Set, "scenario")
	f.StringVar(&o.Replications, "replications", "", "simulate `N` times with different seeds, not as often as the scenario says")
	f.BoolVar(&o.DryRun, "dry-run", false, "say what would be run, and what it would cost, and run nothing")
	f.Var(&o.Shard, "shard", "make one part of a sweep or of replications into -o, for sesim merge")
	recordFlags(f, &o.RecordOptions)
	formFlags(f, &o.FormOptions)
	progressFlag(cmd, &o.Progress)
	return cmd
}

// completeWith offers the scenarios that ship to the shell, with their questions,
// and what the directive adds: files, or nothing.
func completeWith(directive cobra.ShellCompDirective) cobra.CompletionFunc {
	return func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		var list []string
		for _, e := range slices.Concat(scenarios.Shipped(), scenarios.Lessons()) {
			list = append(list, cobra.CompletionWithDesc(e.Name, e.Question))
		}
		return list, directive
	}
}
