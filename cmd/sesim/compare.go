package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"sesim/reports/compare"
	"sesim/reports/rundir"
	"sesim/sim"
)

// compareOptions are the flags of sesim compare.
type compareOptions struct {
	variants     variants
	seed         string
	seeded       bool
	replications int
	failOn       []string
	allow        []string
	json         bool
	markdown     bool
	dir          string
	force        bool
	progress     progressMode
}

func compareCommand(s *system) *cobra.Command {
	o := compareOptions{progress: progressAuto}
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
			o.seeded = cmd.Flags().Changed("seed")
			return s.compare(cmd.Context(), args, &o)
		},
	}
	o.flags(cmd.Flags())
	_ = cmd.RegisterFlagCompletionFunc("progress", cobra.FixedCompletions(progressModes, cobra.ShellCompDirectiveNoFileComp))
	_ = cmd.RegisterFlagCompletionFunc("allow", cobra.FixedCompletions(differenceWords(), cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func (o *compareOptions) flags(f *pflag.FlagSet) {
	f.Var(o.variants.flag(inAll), "set", "set a key in all variants: `KEY=VALUE`; may be repeated")
	f.Var(o.variants.flag(inNew), "vs", "begin a variant by setting a key: `KEY=VALUE`; may be repeated")
	f.Var(o.variants.flag(inLast), "and", "set a further key in the variant begun last: `KEY=VALUE`; may be repeated")
	f.StringVar(&o.seed, "seed", "", "seed the random numbers with `N`, not with the scenario's seed")
	f.IntVar(&o.replications, "replications", 0, "simulate each variant `N` times, with other luck each time; 0: as often as the scenario says")
	f.StringArrayVar(&o.failOn, "fail-on", nil, "exit with 99 where a change does this: `LIMIT`, such as 'acme.bounce_rate.max > +0.5pp'; may be repeated")
	f.StringSliceVar(&o.allow, "allow", nil, "compare runs that differ in `WHAT`: scenario, edition, seed or version")
	f.BoolVar(&o.json, "json", false, "print the comparison as JSON instead of text")
	f.BoolVar(&o.markdown, "markdown", false, "print it as Markdown, for a pull request")
	f.StringVarP(&o.dir, "output", "o", "", "write JSON, Markdown and charts to `DIR`")
	f.BoolVar(&o.force, "force", false, "replace a comparison that is already there")
	f.Var(&o.progress, "progress", "how progress is shown on standard error: auto, bar, plain or none")
}

func differenceWords() []string {
	words := make([]string, len(compare.Differences))
	for i, d := range compare.Differences {
		words[i] = string(d)
	}
	return words
}

// check refuses flags that do not go together.
func (o *compareOptions) check(args []string) error {
	switch {
	case o.json && o.markdown:
		return badUsagef("--json and --markdown are two forms; choose one")
	case o.variants.misplaced != "":
		return badUsagef("--and %s: there is no variant yet; begin one with --vs", o.variants.misplaced)
	case o.variants.any() && len(args) > 1:
		return badUsagef("--vs makes variants of one scenario; there are %d arguments", len(args))
	case o.variants.any() && (o.replications < 0 || o.replications > maxReplications):
		return badUsagef("--replications %d is not between 0 and %d", o.replications, maxReplications)
	case o.variants.any():
	case len(args) == 1:
		return badUsagef("there is nothing to compare %s with: name a second run, or change a key of a scenario with --vs KEY=VALUE", args[0])
	case len(o.variants.all) > 0 || o.seeded || o.replications != 0:
		return badUsagef("--set, --seed and --replications go with --vs; finished runs stay as they are")
	}
	if o.dir == "" {
		return nil
	}
	if err := rundir.CheckComparison(o.dir, o.force); err != nil {
		return badUsagef("output folder %s: %w", o.dir, err)
	}
	return nil
}

// maxReplications bounds what one call simulates; more figures than that are
// no clearer.
const maxReplications = 10_000

// compare gathers the runs, checks that they can be compared, and hands the
// comparison on.
func (s *system) compare(ctx context.Context, args []string, o *compareOptions) error {
	if err := o.check(args); err != nil {
		return err
	}
	var allowed []compare.Difference
	for _, word := range o.allow {
		d, err := compare.ParseDifference(word)
		if err != nil {
			return badUsagef("--allow: %w", err)
		}
		allowed = append(allowed, d)
	}
	gather := s.finished
	if o.variants.any() {
		gather = s.simulateVariants
	}
	sides, limits, err := gather(ctx, args, o)
	if err != nil {
		return err
	}
	notes, err := compare.Check(sides, allowed)
	if err != nil {
		return badUsage(err)
	}
	c := compare.New(sides, notes, limits)
	if err := s.printComparison(c, o); err != nil {
		return err
	}
	if c.Failed() {
		return &exitError{code: exitThreshold}
	}
	return nil
}

func (s *system) printComparison(c *compare.Comparison, o *compareOptions) error {
	if o.dir != "" {
		if err := rundir.WriteComparison(o.dir, c, o.force); err != nil {
			return fmt.Errorf("the comparison was not written: %w", err)
		}
	}
	switch {
	case o.json:
		return compare.WriteJSON(s.out, c)
	case o.markdown:
		return compare.WriteMarkdown(s.out, c)
	}
	return compare.WriteText(s.out, c)
}

// limits reads the values of --fail-on for a scenario that has these metrics.
func (o *compareOptions) limits(cfg *sim.Config) ([]compare.Limit, error) {
	var list []compare.Limit
	for _, text := range o.failOn {
		l, err := compare.ParseLimit(text, cfg.Metric)
		if err != nil {
			return nil, badUsagef("--fail-on: %s", withHint(err.Error(), metricHint(text, cfg)))
		}
		list = append(list, l)
	}
	return list, nil
}

// metricHint names the metrics near the one of a limit. Of a large scenario
// there are too many to look through.
func metricHint(limit string, cfg *sim.Config) string {
	const most = 50
	if len(cfg.Accounts)+len(cfg.Senders) > most {
		return ""
	}
	metric := strings.TrimSpace(limit)
	if end := strings.IndexAny(metric, " <>=!"); end >= 0 {
		metric = metric[:end]
	}
	if _, known := cfg.Metric(metric); known {
		return ""
	}
	return hint(metric, cfg.Metrics(), "")
}
