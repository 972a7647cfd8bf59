package main

import (
	"github.com/spf13/cobra"

	"sesim/cmd/internal/calibrate"
	"sesim/cmd/internal/study"
)

func calibrateCommand(s *study.System) *cobra.Command {
	var o calibrate.Options
	cmd := &cobra.Command{
		Use:   "calibrate FILE|DIR|-...",
		Short: "Estimate a scenario from an account's logs",
		Long: `Calibrate reads what "sesim history" reads, and estimates lists and senders from the
email events. It writes a folder (-o, or "calibration-" and the name) with a scenario
that starts where the log ends and runs as it is; history.csv, the account's past;
calibration.json, all estimates with their intervals; and report.html, the same for
readers.

Each sender has a list: how large it is, the shares of its addresses that do not
exist at the first contact and that stop existing, bounces by kind, and complaints
with those still to come. Shares are written as distributions, so that replications
include what is not known about them. What the log cannot tell is left out, and
said; what is assumed says so. Without events, statistics give shares of all mail.

An address is a first contact only if it cannot have been written to before the log:
with --since-birth, or where addresses wait for their next message for a shorter
time than the log covers.

Outputs have no address, no domain of a recipient and no message ID. Senders have
numbers. Files are readable by their owner only.`,
		Example: `  sesim calibrate events/ account.json --name acme
  sesim run calibration-acme/scenario.toml --replications 200`,
		Args:              arguments(cobra.MinimumNArgs(1)),
		ValidArgsFunction: completeWith(cobra.ShellCompDirectiveDefault),
		RunE:              func(cmd *cobra.Command, args []string) error { return calibrate.Run(cmd.Context(), s, args, &o) },
	}
	logFlags(cmd, &o.LogOptions)
	spanFlags(cmd, &o)
	f := cmd.Flags()
	deliveryFlags(f, &o.Delivery, "calibration", "calibration", "text")
	f.StringVar(&o.Until, "until", "", "leave out events after `TIME` and start the scenario there (default: the last event)")
	f.BoolVar(&o.KeepSenders, "keep-senders", false, "write what separates senders to calibration.json")
	f.StringVar(&o.Horizon, "horizon", "90d", "`DURATION` of the scenario")
	f.StringVar(&o.Confidence, "confidence", "95%", "`PERCENTAGE` of the intervals")
	_ = cmd.MarkFlagDirname("output")
	return cmd
}

// spanFlags adds the flags of commands that estimate from logs.
func spanFlags(cmd *cobra.Command, o *calibrate.Options) {
	f := cmd.Flags()
	f.StringVar(&o.Name, "name", "account", "`NAME` of the account and of the scenario")
	f.StringVar(&o.From, "from", "", "leave out events before `TIME`")
	f.BoolVar(&o.Birth, "since-birth", false, "the log begins with the account's first mail")
	f.StringVar(&o.By, "by", "source", "what separates senders, `KEY`: source, configuration-set, caller, tag:NAME")
	f.StringVar(&o.Campaign, "campaign", "burst", "what makes a campaign, `KEY`: burst, which is mail without a gap of an hour, or tag:NAME")
}
