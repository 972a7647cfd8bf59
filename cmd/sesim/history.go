package main

import (
	"strings"

	"github.com/spf13/cobra"

	"sesim/cmd/internal/study"
	"sesim/scenarios/history"
)

func historyCommand(s *study.System) *cobra.Command {
	var o study.LogOptions
	cmd := &cobra.Command{
		Use:   "history FILE|DIR|-...",
		Short: "Read what an account has behind it",
		Long: `History reads the past of an account from what AWS hands out, and prints it as the
table that the key account.history.file of a scenario takes: eligible mail, bounces
and complaints of each quarter of an hour.

It reads email events, as event publishing and notifications write them, alone or
wrapped by SNS, SQS, Lambda, EventBridge, Firehose or Kinesis, or as a CSV table;
the output of get-send-statistics, get-metric-data, get-metric-statistics,
list-suppressed-destinations and get-account of the AWS CLI; sesim's own events,
statistics and history.csv. Files are recognized by their content and may be
compressed by gzip. A folder is read in the order of the names in it, without
hidden files; - is standard input.

Repeats are dropped. Where several kinds of input cover the same time, history.csv
counts before events, events before statistics, and these before metrics. Standard
error says what was read, what is unusual, what is assumed, and which other keys of
[account.history] the inputs give: it names files and places, never the content.
More than one unreadable record in a hundred is an error.

Addresses become keyed hashes as they are read, under a key that is random and
never written. Nothing is sent anywhere.`,
		Example: `  aws ses get-send-statistics > statistics.json
  sesim history statistics.json > history.csv
  aws sesv2 get-account | sesim history - events/ > history.csv
  sesim history athena.csv --columns event=type,time=at,message=id,to=rcpt`,
		Args:              arguments(cobra.MinimumNArgs(1)),
		ValidArgsFunction: completeWith(cobra.ShellCompDirectiveDefault),
		RunE:              func(cmd *cobra.Command, args []string) error { return s.History(cmd.Context(), args, &o) },
	}
	logFlags(cmd, &o)
	return cmd
}

// logFlags adds the flags of commands that read logs.
func logFlags(cmd *cobra.Command, o *study.LogOptions) {
	f := cmd.Flags()
	f.StringSliceVar(&o.OwnDomains, "own-domain", nil,
		"leave mail to the verified `DOMAIN` out of the rates; may be repeated")
	f.StringVar(&o.Account, "account", "", "read the records of account `NUMBER`, or statistics of an account of that name")
	f.StringVar(&o.Region, "region", "", "read the records of `REGION`")
	f.StringVar(&o.Form, "as", "", "take the files for `FORM`: "+strings.Join(history.Forms(), ", "))
	f.StringToStringVar(&o.Columns, "columns", nil,
		"the columns of a CSV table: `NAME=COLUMN,...`; names: "+strings.Join(history.Columns(), ", "))
	f.BoolVar(&o.Strict, "strict", false,
		"make any unreadable record an error, and events and statistics that differ by over 5%")
	progressFlag(cmd, &o.Progress)
	_ = cmd.RegisterFlagCompletionFunc("as", cobra.FixedCompletions(history.Forms(), cobra.ShellCompDirectiveNoFileComp))
}
