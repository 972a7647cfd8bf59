package main

import (
	"github.com/spf13/cobra"

	"sesim/cmd/internal/study"
)

func planCommand(s *study.System) *cobra.Command {
	var o study.PlanOptions
	cmd := &cobra.Command{
		Use:   "plan FILE|NAME|-",
		Short: "Find the quota, rate, volume or list that meets a goal",
		Long: `Plan finds the values of a scenario's keys that keep the promises of its [goal]:
the smallest sending quota and rate, the highest volume, the worst list. It
reports the binding promise, the results at half and double, and the number of
runs; if no values keep the promises, it names the nearest miss.

  [goal]
  promise = ["newsletter.campaign_time.p95 < 4h", "P(acme.under-review) <= 5%"]
  choose  = { "account.acme.quota" = { from = 1_000, to = 200_000 } }

It also says which growth of the mail the answer stands and, for a goal with
growth = "5%/30d", by when to ask for which increase; --bare leaves both out.

--assumptions judges the answer with other plausible values of what AWS does not
publish; where a promise breaks, values near the answer are searched for again.

All candidates share their random numbers. The answer is confirmed by runs that
the search did not use. Without an answer the exit status is 99.

With -o it writes report.html with a map of the candidates, plan.md,
candidates.csv and plan.json to DIR; "sesim request --plan" takes quota and rate
from there.`,
		Example: `  sesim plan mine.toml
  sesim plan mine.toml --replications 10000 --confirm 10000 -o plan`,
		Args:              arguments(cobra.ExactArgs(1)),
		ValidArgsFunction: completeWith(cobra.ShellCompDirectiveDefault),
		RunE:              func(cmd *cobra.Command, args []string) error { return s.Plan(cmd.Context(), args[0], &o) },
	}
	f := cmd.Flags()
	f.IntVar(&o.Search.Replications, "replications", -1, "simulate each candidate at most `N` times in the search")
	confirmFlag(f, &o.Search.Confirm)
	f.BoolVar(&o.Search.Bare, "bare", false, "search and confirm only: no half and double, no headroom, no growth")
	f.StringVar(&o.Search.Over, "over", "", "follow the growth of the mail for `TIME` (default 52w)")
	designFlags(f, &o.AssumptionOptions)
	deliveryFlags(f, &o.Delivery, "plan", "plan", "text")
	f.BoolVar(&o.DryRun, "dry-run", false, dryRunUsage)
	settingFlags(f, &o.Settings, "scenario")
	progressFlag(cmd, &o.Progress)
	return cmd
}
