package main

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"sesim/reports"
	"sesim/reports/compare"
	"sesim/scenarios"
	"sesim/sim"
	"sesim/sim/replicate"
)

// variants are the settings of --set, --vs and --and, in which the order of
// the flags matters.
type variants struct {
	all       []string   // keys set in all variants
	each      [][]string // and further ones, by variant
	misplaced string     // the first --and without a variant
}

// any reports whether there is a variant beside the baseline.
func (v *variants) any() bool { return len(v.each) > 0 || v.misplaced != "" }

// place is where a flag puts its value.
type place int

const (
	inAll  place = iota // --set
	inNew               // --vs
	inLast              // --and
)

// flag returns the flag for a place.
func (v *variants) flag(at place) pflag.Value { return &variantFlag{v, at} }

type variantFlag struct {
	to *variants
	at place
}

// String returns nothing: there is no default.
func (*variantFlag) String() string { return "" }

// Type names the value in the help.
func (*variantFlag) Type() string { return "KEY=VALUE" }

// Set takes up one flag; they come in the order of the command line.
func (f *variantFlag) Set(text string) error {
	v := f.to
	switch last := len(v.each) - 1; {
	case f.at == inAll:
		v.all = append(v.all, text)
	case f.at == inNew:
		v.each = append(v.each, []string{text})
	case last < 0:
		v.misplaced = text
	default:
		v.each[last] = append(v.each[last], text)
	}
	return nil
}

// variant is a scenario with some keys changed.
type variant struct {
	input
	config    *sim.Config
	rule      replicate.Rule // of the scenario
	sweeps    bool           // it has a sweep, which is left out
	label     string
	overrides []string
	report    *reports.Report // of the first replication, and in the end of all
	frame     replicate.Frame
	sample    *replicate.Sample
}

// loadVariants reads the scenario once for each variant, the baseline first.
func (s *system) loadVariants(ctx context.Context, name string, o *compareOptions) ([]*variant, error) {
	in, err := s.readInput(ctx, name)
	if ctx.Err() != nil {
		return nil, errInterrupted
	}
	if err != nil {
		return nil, &scenarios.Errors{Problems: []scenarios.Problem{{File: name, Message: err.Error()}}}
	}
	var list []*variant
	for _, own := range append([][]string{nil}, o.variants.each...) {
		overrides, err := parseOverrides(slices.Concat(o.variants.all, own))
		if err != nil {
			return nil, err
		}
		if o.seeded {
			overrides = append(overrides, scenarios.Override{Key: "seed", Value: o.seed})
		}
		study, err := scenarios.LoadStudy(in.files, in.file, in.src, overrides...)
		if err != nil {
			return nil, err
		}
		list = append(list, &variant{input: in, config: study.Config, rule: study.Rule, sweeps: len(study.Keys) > 0, label: variantLabel(own), overrides: overrideText(overrides)})
	}
	return list, nil
}

// variantLabel names a variant by what it changes.
func variantLabel(own []string) string {
	if len(own) == 0 {
		return "as it is"
	}
	return strings.Join(own, ", ")
}

// simulateVariants simulates all variants with the same seeds.
func (s *system) simulateVariants(ctx context.Context, args []string, o *compareOptions) ([]*compare.Side, []compare.Limit, error) {
	list, err := s.loadVariants(ctx, args[0], o)
	if err != nil {
		return nil, nil, err
	}
	limits, err := o.limits(list[0].config)
	if err != nil {
		return nil, nil, err
	}
	n := o.replications
	if n == 0 {
		n = list[0].rule.Min
	}
	for _, v := range list {
		v.frame = replicate.NewFrame(v.config, o.dir != "", replicate.Fixed(n))
		v.keep(limits)
		v.sample = replicate.NewSample(v.frame)
	}
	if err := s.replicateAll(ctx, list, n, o.progress); err != nil {
		return nil, nil, err
	}
	sides := make([]*compare.Side, len(list))
	for i, v := range list {
		if sides[i], err = v.side(n); err != nil {
			return nil, nil, err
		}
	}
	makeUnique(sides)
	return sides, limits, nil
}

// side makes of a variant what is compared.
func (v *variant) side(replications int) (*compare.Side, error) {
	if replications > 1 {
		if err := v.report.Replicate(v.sample, replicate.Fixed(replications)); err != nil {
			return nil, err
		}
	}
	s, err := compare.Of(v.label, v.report)
	if err == nil && v.sweeps {
		s.Note = "The scenario's sweep is left out."
	}
	return s, err
}

// keep has the metrics of limits kept; of a large scenario not all are.
func (v *variant) keep(limits []compare.Limit) {
	for _, l := range limits {
		kind, ok := v.config.Metric(l.Metric)
		if ok && !slices.ContainsFunc(v.frame.Metrics, func(m replicate.Metric) bool { return m.Name == l.Metric }) {
			v.frame.Metrics = append(v.frame.Metrics, replicate.Metric{Name: l.Metric, Kind: kind})
		}
	}
}

// replicateAll simulates n replications of each variant, one replication of
// all before the next.
func (s *system) replicateAll(ctx context.Context, list []*variant, n int, progress progressMode) error {
	clock := stopwatch()
	m := &counter{display: newDisplay(progress, s.err, s.getenv), clock: clock, scenario: list[0].config.Name, began: clock(), of: n * len(list)}
	defer m.display.close()
	config := func(i int) (sim.Config, error) {
		return replicate.Config(list[i%len(list)].config, i/len(list)), nil
	}
	err := replicate.Each(ctx, n*len(list), runtime.GOMAXPROCS(0), config, func(i int, r *sim.Result, err error) error {
		if err != nil {
			return err
		}
		m.count(r)
		return list[i%len(list)].add(i/len(list), r)
	})
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return errInterrupted
	}
	return err
}

// add takes up a replication.
func (v *variant) add(replication int, r *sim.Result) error {
	record := v.frame.Record(v.config, replication, r)
	if err := v.sample.Add(&record); err != nil {
		return err
	}
	if replication > 0 {
		return nil
	}
	var err error
	v.report, err = reports.New(v.config, r, reports.Input{Scenario: string(v.src), File: v.file, Overrides: v.overrides, Version: version})
	return err
}
