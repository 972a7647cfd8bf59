package main

import (
	"github.com/spf13/cobra"

	"sesim/cmd/internal/calibrate"
	"sesim/cmd/internal/study"
)

func backtestCommand(s *study.System) *cobra.Command {
	var o calibrate.BacktestOptions
	cmd := &cobra.Command{
		Use:   "backtest FILE|DIR|-...",
		Short: "Check predictions from an account's logs against what came",
		Long: `Backtest cuts an account's log, estimates from what is before the cut as "sesim
calibrate" does, predicts the weeks after it, and compares them with what came:
mail, bounces, complaints, the bounce rate at the end of each week and its peak. It
does so for several cuts, the last of them one holdout before the end of the log.

Each prediction is 200 replications, once with the real sends, so that only the
outcomes are predicted, and once with predicted sends. The answer says whether sends
or outcomes missed, how many of the real figures lie in the 50%, 80% and 95%
intervals, where they lie among the draws, and the mean interval score beside those
of two simple rivals: the last week again, and the share of all weeks so far.

--fail-on makes backtest exit with 99 if too few figures lie in the 95% intervals:
coverage is that with the real sends, coverage_all that with predicted ones.

It writes a folder (-o, or "backtest-" and the name) with backtest.json and
report.html, without an address, a domain of a recipient or a message ID. Files are
readable by their owner only. Without --until the logs are read twice. Interrupted, it
writes the cuts that are complete.`,
		Example: `  sesim backtest events/ --holdout 28d --folds 3
  sesim backtest events/ --holdout 7d --folds 8 --fail-on 'coverage < 80%'`,
		Args:              arguments(cobra.MinimumNArgs(1)),
		ValidArgsFunction: completeWith(cobra.ShellCompDirectiveDefault),
		RunE:              func(cmd *cobra.Command, args []string) error { return calibrate.Backtest(cmd.Context(), s, args, &o) },
	}
	logFlags(cmd, &o.LogOptions)
	spanFlags(cmd, &o.Options)
	f := cmd.Flags()
	deliveryFlags(f, &o.Delivery, "back-test", "back-test", "text")
	f.StringVar(&o.Until, "until", "", "leave out events after `TIME`, where the last holdout ends (default: the last event)")
	f.StringVar(&o.Holdout, "holdout", "28d", "predict this `DURATION` after each cut, in whole weeks")
	f.IntVar(&o.Folds, "folds", 3, "`NUMBER` of cuts, a holdout apart")
	f.StringArrayVar(&o.FailOn, "fail-on", nil, "exit with 99 on `LIMIT`, such as 'coverage < 80%'; may be repeated")
	_ = cmd.MarkFlagDirname("output")
	return cmd
}
