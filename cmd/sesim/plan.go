package main

import (
	"github.com/spf13/cobra"

	"sesim/cmd/internal/study"
)

func planCommand(s *study.System) *cobra.Command {
	var o study.PlanOptions
	cmd := &cobra.Command{
		Use:   "plan FILE|NAME|-",
		Short: "Find the quota, rate, volume or list that keeps promises",
		Long: `Plan finds values of a scenario's keys that keep promises, both of which stand in
its [goal]: the smallest sending quota and rate, the highest volume, the worst
list. It says which promise binds, what half and double would do, and how many
runs it took; where nothing keeps the promises it names the nearest miss.

  [goal]
  promise = ["newsletter.campaign_time.p95 < 4h", "P(acme.under-review) <= 5%"]
  choose  = { "account.acme.quota" = { from = 1_000, to = 200_000 } }

All candidates share their random numbers. What is found has to stand runs that
had no part in the search. The exit status is 99 without an answer.

With -o the folder DIR gets plan.md, candidates.csv and plan.json, from which
"sesim request --plan" takes quota and rate.`,
		Example: `  sesim plan mine.toml
  sesim plan mine.toml --replications 10000 --confirm 10000 -o plan`,
		Args:              arguments(cobra.ExactArgs(1)),
		ValidArgsFunction: completeWith(cobra.ShellCompDirectiveDefault),
		RunE:              func(cmd *cobra.Command, args []string) error { return s.Plan(cmd.Context(), args[0], &o) },
	}
	f := cmd.Flags()
	f.IntVar(&o.Search.Replications, "replications", -1, "give a candidate at most `N` runs in the search")
	confirmFlag(f, &o.Search.Confirm)
	deliveryFlags(f, &o.Delivery, "plan", "plan", "text")
	setFlag(f, &o.Set, "scenario")
	progressFlag(cmd, &o.Progress)
	return cmd
}
