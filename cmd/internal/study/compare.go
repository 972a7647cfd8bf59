package study

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"sesim/cmd/internal/terminal"
	"sesim/reports/compare"
	"sesim/reports/rundir"
	"sesim/sim"
)

// CompareOptions are the options of Compare.
type CompareOptions struct {
	Settings                // of all variants
	Variants     [][]string // KEY=VALUE of each variant except the baseline; empty to compare finished runs
	Replications int        // of each variant; 0 for the scenario's number
	FailOn       []string   // limits, as compare.ParseLimit reads them
	Allow        []string   // differences, as compare.ParseDifference reads them
	JSON         bool
	Markdown     bool
	Dir          string // folder of the comparison; "" for none
	Force        bool   // replace an existing comparison
	DryRun       bool   // describe the runs of variants without running them
	Progress     terminal.Mode
	AssumptionOptions
}

// check rejects conflicting flags.
func (o *CompareOptions) check(args []string) error {
	switch {
	case o.JSON && o.Markdown:
		return Usagef("--json and --markdown cannot be combined")
	case len(o.Variants) > 0 && len(args) > 1:
		return Usagef("--vs compares variants of one scenario, not of %d", len(args))
	case len(o.Variants) > 0 && (o.Replications < 0 || o.Replications > maxReplications):
		return Usagef("--replications %d is not between 0 and %d", o.Replications, maxReplications)
	case len(o.Variants) > 0:
		return o.checkWord()
	case o.Assumptions != "" || o.Joint != 0:
		return Usagef("--assumptions and --joint require --vs; they do not apply to finished runs")
	case o.DryRun:
		return Usagef("--dry-run requires --vs; it does not apply to finished runs")
	case len(args) == 1:
		return Usagef("%s alone cannot be compared: name a second run, or change a key of a scenario with --vs KEY=VALUE", args[0])
	case len(o.Set) > 0 || o.Seeded || o.Replications != 0:
		return Usagef("--set, --seed and --replications require --vs; they do not apply to finished runs")
	}
	return nil
}

// maxReplications limits the replications of a call; more do not make figures
// any clearer.
const maxReplications = 10_000

// Compare compares finished runs, which args name, or the variants of the one
// scenario that args name. The outcome is Unmet if a limit is exceeded.
func (s *System) Compare(ctx context.Context, args []string, o *CompareOptions) error {
	if err := o.check(args); err != nil {
		return err
	}
	if o.Dir != "" && !o.DryRun {
		if err := s.Reserve(o.Dir, rundir.ComparisonMark, o.Force); err != nil {
			return err
		}
	}
	var allowed []compare.Difference
	for _, word := range o.Allow {
		d, err := compare.ParseDifference(word)
		if err != nil {
			return Usagef("--allow: %w", err)
		}
		allowed = append(allowed, d)
	}
	var sides []*compare.Side
	var limits []compare.Limit
	var further *variation
	var err error
	if len(o.Variants) > 0 {
		sides, limits, further, err = s.simulateVariants(ctx, args, o)
	} else {
		sides, limits, err = s.finished(ctx, args, o)
	}
	if err != nil || o.DryRun {
		return err
	}
	notes, err := compare.Check(sides, allowed)
	if err != nil {
		return Usage(err)
	}
	c := compare.New(sides, notes, limits)
	failed := s.vary(ctx, further, c, o.Progress)
	if err := errors.Join(s.printComparison(c, o), failed); err != nil {
		return err
	}
	if c.Failed() {
		return &Error{Outcome: Unmet}
	}
	return nil
}

func (s *System) printComparison(c *compare.Comparison, o *CompareOptions) error {
	if o.Dir != "" {
		if err := rundir.WriteComparison(o.Dir, c, o.Force); err != nil {
			return fmt.Errorf("cannot write the comparison: %w", err)
		}
	}
	switch {
	case o.JSON:
		return compare.WriteJSON(s.Out, c)
	case o.Markdown:
		return compare.WriteMarkdown(s.Out, c)
	}
	return compare.WriteText(s.Text, c)
}

// limits parses the values of --fail-on for a scenario that has these metrics.
func (s *System) limits(o *CompareOptions, cfg *sim.Config) ([]compare.Limit, error) {
	var list []compare.Limit
	for _, text := range o.FailOn {
		l, err := compare.ParseLimit(text, cfg.Metric)
		if err != nil {
			return nil, Usagef("--fail-on: %s", WithHint(err.Error(), s.metricHint(text, cfg)))
		}
		list = append(list, l)
	}
	return list, nil
}

// metricHint suggests metrics similar to the one of a limit. A large scenario has
// too many to search.
func (s *System) metricHint(limit string, cfg *sim.Config) string {
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
	return s.Suggest(metric, cfg.Metrics())
}
