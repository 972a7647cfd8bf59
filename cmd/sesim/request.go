package main

import (
	"github.com/spf13/cobra"

	"sesim/cmd/internal/study"
)

func requestCommand(s *study.System) *cobra.Command {
	o := study.RequestOptions{Search: study.SearchOptions{Replications: -1}}
	cmd := &cobra.Command{
		Use:   "request FILE|NAME|-",
		Short: "Draft the request for production access",
		Long: `Request drafts a request for production access from a scenario: the answers to
the four questions of AWS's form, the command that submits them, checked against
the limits of AWS's API, and concerns that a reviewer may have. It prints
Markdown.

The draft copies [[account.request]] of the scenario, describes how its senders
handle bounces, complaints and rates, and justifies quota and rate with figures
of N runs. If the scenario has a [goal] that chooses quotas and rates, the draft
asks for those of its plan, which is computed as by "sesim plan" or read from its
output. Facts that the scenario does not contain are left blank; until they are
filled in, the command is commented out.

With --assumptions the plan's answer is judged with other plausible values of what
AWS does not publish. The draft says what it rests on, which is not sent.

With -o it writes request.md and request.json to DIR and, if nothing is left to
fill in, put-account-details.json for the AWS CLI's --cli-input-json.`,
		Example: `  sesim request mine.toml
  sesim request mine.toml --account acme --replications 100 -o request
  sesim request mine.toml --plan plan`,
		Args:              arguments(cobra.ExactArgs(1)),
		ValidArgsFunction: completeWith(cobra.ShellCompDirectiveDefault),
		RunE:              func(cmd *cobra.Command, args []string) error { return s.Request(cmd.Context(), args[0], &o) },
	}
	f := cmd.Flags()
	f.StringVar(&o.Account, "account", "", "draft the request of account `NAME`; required if there are several candidates")
	f.IntVar(&o.Replications, "replications", 20, "take the figures from `N` runs")
	f.StringVar(&o.Planned, "plan", "", "take quota and rate from the plan in `FILE`, or in the folder that sesim plan wrote")
	f.BoolVar(&o.NoPlan, "no-plan", false, "do not search for a plan")
	confirmFlag(f, &o.Search.Confirm)
	designFlags(f, &o.AssumptionOptions)
	deliveryFlags(f, &o.Delivery, "draft", "draft", "Markdown")
	f.BoolVar(&o.DryRun, "dry-run", false, dryRunUsage)
	settingFlags(f, &o.Settings, "scenario")
	progressFlag(cmd, &o.Progress)
	return cmd
}
