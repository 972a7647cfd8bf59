package main

import (
	"github.com/spf13/cobra"

	"sesim/cmd/internal/study"
	"sesim/reports/compare"
)

func compareCommand(s *study.System) *cobra.Command {
	var o study.CompareOptions
	v := variantFlags{to: &o}
	cmd := &cobra.Command{
		Use:   "compare RUN RUN... | compare FILE|NAME|- --vs KEY=VALUE [--and KEY=VALUE]...",
		Short: "Compare runs",
		Long: `Compare lists the differences between runs: figures, verdicts on thresholds, and
curves over time. The first run is the baseline.

It compares finished runs, each a report folder or a summary.json, or variants of
one scenario, which it simulates: the scenario itself, changed by --set, and one
variant for each --vs, with further keys changed by --and. All variants share
their random numbers, so every difference is caused by the changed keys. With
--replications N each variant is simulated N times with the same N seeds, and
every difference has a 95% confidence interval.

--assumptions compares the variants again with other plausible values of what AWS
does not publish, and says in how many of these settings each difference keeps its
sign, and each limit its verdict.

--fail-on METRIC COMPARISON CHANGE makes compare exit with 99 if a change is too
large or cannot be determined. The metrics are those of thresholds. A change is
absolute (+0.5pp for shares, +30m for durations, +100 for counts) or a percentage
of the baseline (-5%).

Runs with different horizons and interrupted runs are refused. Runs of different
scenarios, editions, seeds, versions of sesim or traces of recorded traffic are
compared only with --allow.`,
		Example: `  sesim compare reports/main reports/branch --markdown
  sesim compare stale-list --vs account.acme.quota=20000 --vs sender.news.on_bounce=keep
  sesim compare mine.toml --vs audience.list.invalid=2% --replications 30 \
      --fail-on 'acme.bounce_rate.max > +0.5pp' --fail-on 'acme.accepted < -5%'`,
		Args:              arguments(cobra.MinimumNArgs(1)),
		ValidArgsFunction: completeWith(cobra.ShellCompDirectiveDefault),
		RunE: func(cmd *cobra.Command, args []string) error {
			if v.misplaced != "" {
				return study.Usagef("--and %s: no variant precedes it; begin one with --vs", v.misplaced)
			}
			return s.Compare(cmd.Context(), args, &o)
		},
	}
	const pair = "KEY=VALUE"
	f := cmd.Flags()
	f.Var(&takenFlag{pair, v.inAll}, "set", "set a key in all variants: `KEY=VALUE`; may be repeated")
	f.Var(&takenFlag{pair, v.inNew}, "vs", "begin a variant by setting a key: `KEY=VALUE`; may be repeated")
	f.Var(&takenFlag{pair, v.inLast}, "and", "set a further key in the last variant: `KEY=VALUE`; may be repeated")
	seedFlag(f, &o.Settings)
	f.IntVar(&o.Replications, "replications", 0,
		"simulate each variant `N` times with different seeds; 0 takes the scenario's number")
	designFlags(f, &o.AssumptionOptions)
	f.StringArrayVar(&o.FailOn, "fail-on", nil,
		"exit with 99 if a change exceeds `LIMIT`, such as 'acme.bounce_rate.max > +0.5pp'; may be repeated")
	f.StringSliceVar(&o.Allow, "allow", nil, "compare runs that differ in `WHAT`: scenario, edition, seed, version or trace")
	f.BoolVar(&o.JSON, "json", false, "print the comparison as JSON instead of text")
	f.BoolVar(&o.Markdown, "markdown", false, "print it as Markdown, for a pull request")
	f.StringVarP(&o.Dir, "output", "o", "", "write JSON, Markdown and charts to `DIR`")
	f.BoolVar(&o.Force, "force", false, "replace an existing comparison")
	f.BoolVar(&o.DryRun, "dry-run", false, dryRunUsage)
	progressFlag(cmd, &o.Progress)
	_ = cmd.RegisterFlagCompletionFunc("allow", cobra.FixedCompletions(differenceWords(), cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func differenceWords() []string {
	words := make([]string, len(compare.Differences))
	for i, d := range compare.Differences {
		words[i] = string(d)
	}
	return words
}

// variantFlags are --set, --vs and --and, whose order matters.
type variantFlags struct {
	to        *study.CompareOptions
	misplaced string // an --and before the first --vs
}

// inAll adds a --set.
func (v *variantFlags) inAll(text string) { v.to.Set = append(v.to.Set, text) }

// inNew adds a --vs.
func (v *variantFlags) inNew(text string) { v.to.Variants = append(v.to.Variants, []string{text}) }

// inLast adds an --and.
func (v *variantFlags) inLast(text string) {
	last := len(v.to.Variants) - 1
	if last < 0 {
		v.misplaced = text
		return
	}
	v.to.Variants[last] = append(v.to.Variants[last], text)
}
