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
the limits of AWS's API, and the concerns that a reviewer may have. It is printed
as Markdown.

What the scenario says in [[account.request]] is taken over; what its senders do
about bounces, complaints and rates is described; quota and rate are argued for
with figures of N runs. Where the scenario has a [goal] that chooses quotas and
rates, they are those of its plan, which is searched for as "sesim plan" does,
or read from where that wrote it. What the scenario does not know is left as a blank, and while there is one
the command is a comment.

With -o the folder DIR gets request.md, request.json and, where nothing is left
to fill in, put-account-details.json for the AWS CLI's --cli-input-json.`,
		Example: `  sesim request mine.toml
  sesim request mine.toml --account acme --replications 100 -o request
  sesim request mine.toml --plan plan`,
		Args:              arguments(cobra.ExactArgs(1)),
		ValidArgsFunction: completeWith(cobra.ShellCompDirectiveDefault),
		RunE:              func(cmd *cobra.Command, args []string) error { return s.Request(cmd.Context(), args[0], &o) },
	}
	f := cmd.Flags()
	f.StringVar(&o.Account, "account", "", "draft the request of account `NAME`; needed where several could be meant")
	f.IntVar(&o.Replications, "replications", 20, "argue with figures of `N` runs")
	f.StringVar(&o.Planned, "plan", "", "take quota and rate from the plan in `FILE`, or in the folder that sesim plan wrote")
	f.BoolVar(&o.NoPlan, "no-plan", false, "do not search for a plan")
	confirmFlag(f, &o.Search.Confirm)
	deliveryFlags(f, &o.Delivery, "draft", "draft", "Markdown")
	setFlag(f, &o.Set, "scenario")
	progressFlag(cmd, &o.Progress)
	return cmd
}
