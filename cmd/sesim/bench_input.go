package main

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"sesim/cmd/internal/bench"
	"sesim/cmd/internal/study"
	"sesim/scenarios"
	"sesim/sim"
)

// benchWhat derives the measurements and their options from arguments and flags.
func benchWhat(ctx context.Context, s *study.System, names []string, o *benchOptions) (bench.Options, bench.What, error) {
	options := bench.Defaults()
	if o.quick {
		options = bench.Quick()
	}
	if err := o.apply(&options); err != nil {
		return options, 0, err
	}
	what := bench.Decisions | bench.Simulations
	switch {
	case o.growth != "":
		what = bench.Growth
	case len(names) > 0:
		what = bench.Simulations
	}
	if what&bench.Decisions == 0 && (o.addresses != "" || o.rate != "") {
		return options, 0, study.Usagef("--addresses and --rate apply to single decisions, " +
			"which are not measured with --growth or with scenarios")
	}
	if what == bench.Growth {
		if len(names) > 0 {
			return options, 0, study.Usagef("--growth simulates scenarios of its own and cannot be combined with scenarios")
		}
		return options, what, nil
	}
	list, err := benchScenarios(ctx, s, names, o)
	options.Scenarios = list
	if len(names) == 0 {
		options.Replications.Program, _ = ctx.Value(program{}).(string)
	}
	return options, what, err
}

// benchScenarios loads the named scenarios or, without names, all shipped ones.
func benchScenarios(ctx context.Context, s *study.System, names []string, o *benchOptions) ([]bench.Scenario, error) {
	overrides, err := o.settings.Overrides()
	if err != nil {
		return nil, err
	}
	if len(names) == 0 && len(overrides) > 0 {
		if len(o.settings.Set) == 0 {
			return nil, study.Usagef("--seed %s: name the scenarios it applies to", o.settings.Seed)
		}
		return nil, study.Usagef("--set %s: name the scenarios it applies to", o.settings.Set[0])
	}
	var list []bench.Scenario
	if len(names) == 0 {
		list = bench.BuiltIn(o.quick)
		names = study.ShippedNames()
		if o.quick {
			names = []string{scenarios.Default}
		}
	}
	loaded, err := s.Load(ctx, names, overrides)
	for i := range loaded {
		list = append(list, bench.Scenario{Name: scenarioName(loaded[i].Config, loaded[i].File), Config: loaded[i].Config})
	}
	return list, err
}

// scenarioName is the name of a scenario in the figures.
func scenarioName(config *sim.Config, file string) string {
	if config.Name == "" {
		return file
	}
	return config.Name
}

// apply sets the options from the flags.
func (o *benchOptions) apply(to *bench.Options) error {
	if o.rounds < 0 || o.rounds > 1000 {
		return study.Usagef("--rounds %d is not between 1 and 1000; use five or more for a meaningful median", o.rounds)
	}
	if o.rounds > 0 {
		to.Rounds = o.rounds
	}
	if o.addresses != "" {
		sizes, err := parseSizes(o.addresses)
		if err != nil {
			return study.Usagef("--addresses %s: %w", o.addresses, err)
		}
		to.Addresses = sizes
	}
	if o.rate != "" {
		rate, err := parsePerSecond(o.rate)
		if err != nil {
			return study.Usagef("--rate %s: %w", o.rate, err)
		}
		to.Rate = rate
	}
	if o.growth != "" {
		n, err := parseCount(o.growth, bench.LeastGrowth, 1e11)
		if err != nil {
			return study.Usagef("--growth=%s: %w", o.growth, err)
		}
		to.GrowTo = n
	}
	return nil
}

// parseSizes reads numbers of addresses and sorts them.
func parseSizes(text string) ([]int64, error) {
	var list []int64
	for part := range strings.SplitSeq(text, ",") {
		n, err := parseCount(strings.TrimSpace(part), bench.LeastAddresses, sim.MaxAddresses)
		if err != nil {
			return nil, err
		}
		list = append(list, n)
	}
	slices.Sort(list)
	return slices.Compact(list), nil
}

// parseCount reads a whole number such as 1000, 10_000 or 1e6.
func parseCount(text string, least, most int64) (int64, error) {
	v, err := strconv.ParseFloat(strings.ReplaceAll(text, "_", ""), 64)
	if err != nil || v != math.Trunc(v) || v < float64(least) || v > float64(most) {
		return 0, fmt.Errorf("%q is not a whole number from %d to %d, such as 1e6", text, least, most)
	}
	return int64(v), nil
}

// parsePerSecond reads a rate such as 5M/s, 200k/s or 1e6/s.
func parsePerSecond(text string) (float64, error) {
	number, found := strings.CutSuffix(strings.TrimSpace(text), "/s")
	factor := 1.0
	for suffix, f := range map[string]float64{"k": 1e3, "M": 1e6, "G": 1e9} {
		if digits, cut := strings.CutSuffix(number, suffix); cut {
			number, factor = digits, f
			break
		}
	}
	v, err := strconv.ParseFloat(strings.ReplaceAll(number, "_", ""), 64)
	if err != nil || !found || !(v*factor >= 1) || v*factor > 1e9 {
		return 0, fmt.Errorf("%q is not a rate from 1/s to 1G/s, such as 5M/s or 200k/s", text)
	}
	return v * factor, nil
}
