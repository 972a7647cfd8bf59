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
		Long: `Run simulates scenarios: files, names of shipped scenarios, or "-" for standard
input; a file takes precedence over a name. Without an argument it runs
` + defaultScenario + `. All errors in the scenarios are reported together, before the
simulation starts.

It prints the verdicts on the scenario's thresholds, a summary, and the path of
the report: in DIR, or in sesim-runs/NAME, with a number if that is taken. With
-o and several scenarios, each gets a folder of its name in DIR.

A scenario with replications, its own or by --replications, is simulated several
times with different seeds, and every figure gets a confidence interval.

--dry-run runs nothing and tells what would be run: calls with their retries as
far as quota and rate refuse them, and the peak of memory, both counted, and the
time, from a short sample. They are right within a factor of two, above 1 s and
64 MB. What AWS does about an account, such as a pause, is not foreseen.

What AWS does not publish is assumed. --assumptions runs the scenario again with
other plausible values of it and says in how many settings the verdicts hold, and
where they turn; with --robust a threshold passes only if it passes in all of them.

With --json it prints only the summary of each scenario, as JSON, and writes a
report only with -o. --set and --seed override the scenario, which overrides the
defaults. "sesim help exit-codes" explains the exit status.`,
		Example: `  sesim run
  sesim run stale-list --seed 7
  sesim run stale-list --replications 200
  sesim run stale-list --assumptions
  sesim run mine.toml -o report --set account.acme.quota=1000`,
		ValidArgsFunction: completeWith(cobra.ShellCompDirectiveDefault),
		RunE: func(cmd *cobra.Command, args []string) error {
			return s.Run(cmd.Context(), args, &o)
		},
	}
	f := cmd.Flags()
	deliveryFlags(f, &o.Delivery, "report", "summary", "text")
	colourFlag(f, &o.NoColour)
	settingFlags(f, &o.Settings, "scenario")
	f.StringVar(&o.Replications, "replications", "", "simulate `N` times with different seeds, whatever the scenario says")
	f.BoolVar(&o.DryRun, "dry-run", false, dryRunUsage)
	f.StringVar(&o.Journal, "journal", "",
		"drive the session in `FILE` again, and report on it; without a scenario, it is of that of sesim serve")
	f.Var(&o.Shard, "shard", "write one shard of a sweep or of replications to -o, for sesim merge")
	assumptionFlags(f, &o.AssumptionOptions)
	recordFlags(f, &o.RecordOptions)
	formFlags(f, &o.FormOptions)
	progressFlag(cmd, &o.Progress)
	return cmd
}

// dryRunUsage describes --dry-run.
const dryRunUsage = "print the planned runs with their calls, time and memory without running them"

// completeWith completes the shipped scenarios, with their questions, and
// whatever the directive adds: files, or nothing.
func completeWith(directive cobra.ShellCompDirective) cobra.CompletionFunc {
	return func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		var list []string
		for _, e := range slices.Concat(scenarios.Shipped(), scenarios.Lessons()) {
			list = append(list, cobra.CompletionWithDesc(e.Name, e.Question))
		}
		return list, directive
	}
}
