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
		Short: "Hold runs against each other",
		Long: `Compare says what differs between runs: figures, verdicts on thresholds, and
curves over time. The first run is the baseline.

The runs are finished ones, each a report's folder or a summary.json, or they
are variants of one scenario, which compare simulates: the scenario as it is,
with what --set says, and one variant for each --vs, in which further keys may
be changed by --and. All variants share their random numbers, so that what
differs is caused by what was changed. With --replications N each is simulated
N times with the same N seeds, and every difference has a 95% interval.

--fail-on METRIC COMPARISON CHANGE makes compare exit with 99 where a change
is too large, or cannot be judged. The metrics are those of thresholds. A
change is absolute, +0.5pp for shares, +30m for durations, +100 for counts, or
a percentage of the baseline, -5%.

Runs that answer different questions are refused: another horizon, or one that
was interrupted. Another scenario, edition, seed or version of sesim is
compared only where --allow says that this is meant.`,
		Example: `  sesim compare reports/main reports/branch --markdown
  sesim compare stale-list --vs account.acme.quota=20000 --vs sender.news.on_bounce=keep
  sesim compare mine.toml --vs audience.list.invalid=2% --replications 30 \
      --fail-on 'acme.bounce_rate.max > +0.5pp' --fail-on 'acme.accepted < -5%'`,
		Args:              arguments(cobra.MinimumNArgs(1)),
		ValidArgsFunction: completeWith(cobra.ShellCompDirectiveDefault),
		RunE: func(cmd *cobra.Command, args []string) error {
			if v.misplaced != "" {
				return study.Usagef("--and %s: there is no variant yet; begin one with --vs", v.misplaced)
			}
			o.Seeded = cmd.Flags().Changed("seed")
			return s.Compare(cmd.Context(), args, &o)
		},
	}
	f := cmd.Flags()
	f.Var(&settingFlag{v.inAll}, "set", "set a key in all variants: `KEY=VALUE`; may be repeated")
	f.Var(&settingFlag{v.inNew}, "vs", "begin a variant by setting a key: `KEY=VALUE`; may be repeated")
	f.Var(&settingFlag{v.inLast}, "and", "set a further key in the variant begun last: `KEY=VALUE`; may be repeated")
	seedFlag(f, &o.Seed)
	f.IntVar(&o.Replications, "replications", 0,
		"simulate each variant `N` times, with other luck each time; 0: as often as the scenario says")
	f.StringArrayVar(&o.FailOn, "fail-on", nil,
		"exit with 99 where a change does this: `LIMIT`, such as 'acme.bounce_rate.max > +0.5pp'; may be repeated")
	f.StringSliceVar(&o.Allow, "allow", nil, "compare runs that differ in `WHAT`: scenario, edition, seed or version")
	f.BoolVar(&o.JSON, "json", false, "print the comparison as JSON instead of text")
	f.BoolVar(&o.Markdown, "markdown", false, "print it as Markdown, for a pull request")
	f.StringVarP(&o.Dir, "output", "o", "", "write JSON, Markdown and charts to `DIR`")
	f.BoolVar(&o.Force, "force", false, "replace a comparison that is already there")
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

// variantFlags are --set, --vs and --and, in which the order of the flags
// matters.
type variantFlags struct {
	to        *study.CompareOptions
	misplaced string // an --and before the first --vs
}

// inAll takes up --set.
func (v *variantFlags) inAll(text string) { v.to.Set = append(v.to.Set, text) }

// inNew takes up --vs.
func (v *variantFlags) inNew(text string) { v.to.Variants = append(v.to.Variants, []string{text}) }

// inLast takes up --and.
func (v *variantFlags) inLast(text string) {
	last := len(v.to.Variants) - 1
	if last < 0 {
		v.misplaced = text
		return
	}
	v.to.Variants[last] = append(v.to.Variants[last], text)
}

// settingFlag is a flag without a default that hands its values on, in the
// order of the command line.
type settingFlag struct{ take func(text string) }

// String returns nothing: there is no default.
func (*settingFlag) String() string { return "" }

// Type names the value in the help.
func (*settingFlag) Type() string { return "KEY=VALUE" }

// Set hands a value on.
func (f *settingFlag) Set(text string) error {
	f.take(text)
	return nil
}
