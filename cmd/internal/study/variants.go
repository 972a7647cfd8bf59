package study

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"

	"sesim/cmd/internal/terminal"
	"sesim/reports"
	"sesim/reports/compare"
	"sesim/scenarios"
	"sesim/sim"
	"sesim/sim/assumptions"
	"sesim/sim/forecast"
	"sesim/sim/replicate"
)

// variant is a scenario with some keys changed.
type variant struct {
	Scenario  // without its sweep
	label     string
	overrides []string
	report    *reports.Report // of the first replication, and finally of all
	frame     replicate.Frame
	sample    *replicate.Sample
	calls     []int64 // of the first replications
}

// loadVariants reads the scenario once for each variant, the baseline first.
func (s *System) loadVariants(ctx context.Context, name string, o *CompareOptions) ([]*variant, error) {
	in, err := s.readInput(ctx, name)
	if ctx.Err() != nil {
		return nil, ErrInterrupted
	}
	if err != nil {
		return nil, &scenarios.Errors{Problems: []scenarios.Problem{{File: name, Message: err.Error()}}}
	}
	var list []*variant
	for _, own := range append([][]string{nil}, o.Variants...) {
		overrides, err := o.overrides(own)
		if err != nil {
			return nil, err
		}
		sc, err := in.load(overrides)
		if err != nil {
			return nil, err
		}
		s.warn(sc.Study.Warnings)
		s.warnOrder(name, sc.Config)
		list = append(list, &variant{Scenario: sc, label: variantLabel(own), overrides: overrideText(overrides)})
	}
	return list, nil
}

// overrides returns what all variants set and what this one does, the first of
// it by --vs.
func (o *CompareOptions) overrides(own []string) ([]scenarios.Override, error) {
	all, err := parseOverrides("--set", o.Set)
	for i, text := range own {
		flag := "--and"
		if i == 0 {
			flag = "--vs"
		}
		list, bad := parseOverrides(flag, []string{text})
		all, err = append(all, list...), cmp.Or(err, bad)
	}
	return append(all, o.seed()...), err
}

// variantLabel names a variant by its changes.
func variantLabel(own []string) string {
	if len(own) == 0 {
		return "as it is"
	}
	return strings.Join(own, ", ")
}

// simulateVariants simulates all variants with the same seeds, and prepares their study
// if there is to be one.
func (s *System) simulateVariants(
	ctx context.Context, args []string, o *CompareOptions,
) (sides []*compare.Side, limits []compare.Limit, further *variation, err error) {
	list, err := s.loadVariants(ctx, args[0], o)
	if err != nil {
		return nil, nil, nil, err
	}
	if limits, err = s.limits(o, list[0].Config); err != nil {
		return nil, nil, nil, err
	}
	n := o.Replications
	if n == 0 {
		n = list[0].Study.Rule.Min
	}
	for _, v := range list {
		v.Config = replicate.Drawing(v.Config, n)
		v.frame = replicate.NewFrame(v.Config, o.Dir != "", replicate.Fixed(n))
		v.keep(limits)
		v.sample = replicate.NewSample(v.frame)
	}
	further = newVariation(list, limits, n, o)
	if o.DryRun {
		return nil, nil, nil, s.dryVariants(ctx, list, n, further, o.JSON)
	}
	if err := s.fits(args[0], func() (loads, error) {
		all, _ := variantsLoad(list, n, further)
		return all, nil
	}); err != nil {
		return nil, nil, nil, err
	}
	if err := s.replicateAll(ctx, list, n, o.Progress, further); err != nil {
		return nil, nil, nil, err
	}
	if sides, err = sidesOf(list, n); err != nil {
		return nil, nil, nil, err
	}
	return sides, limits, further, nil
}

// sidesOf turns variants into the sides of a comparison.
func sidesOf(list []*variant, replications int) ([]*compare.Side, error) {
	sides := make([]*compare.Side, len(list))
	for i, v := range list {
		var err error
		if sides[i], err = v.side(replications); err != nil {
			return nil, err
		}
	}
	makeUnique(sides)
	return sides, nil
}

// variantsLoad returns what n replications of each variant take, and the settings in
// which they are compared again.
func variantsLoad(list []*variant, n int, further *variation) (_ loads, settings int) {
	runs := n * len(list)
	l := &load{runs: runs, workers: min(runtime.GOMAXPROCS(0), runs)}
	for _, v := range list {
		l.add(v.Config)
		l.kept = max(l.kept, forecast.Kept(&v.frame))
	}
	if further == nil {
		return loads{l}, 0
	}
	settings = assumptions.Most(further.parameters) + further.joint
	again := settings
	if further.n < n { // the runs as they are come first, once more
		again++
	}
	return loads{l, l.again(again * further.n * len(list))}, settings
}

// dryVariants describes the runs of a comparison.
func (s *System) dryVariants(ctx context.Context, list []*variant, n int, further *variation, json bool) error {
	all, settings := variantsLoad(list, n, further)
	d := newDryRun(list[0].Config.Name, all)
	d.Settings, d.Replications = settings, dryRule{Min: n, Max: n}
	d.what = fmt.Sprintf("%s of %s", plural(d.Runs, "run"), plural(len(list), "variant")) + d.inSettings()
	if err := s.describe(ctx, d, all); err != nil {
		return err
	}
	return s.printDry(d, json, false)
}

// side turns a variant into a side of the comparison.
func (v *variant) side(replications int) (*compare.Side, error) {
	if replications > 1 {
		if err := v.report.Replicate(v.sample, replicate.Fixed(replications)); err != nil {
			return nil, err
		}
	}
	s, err := compare.Of(v.label, v.report)
	if err == nil && len(v.Study.Keys) > 0 {
		s.Note = "The scenario's sweep is left out."
	}
	return s, err
}

// keep keeps the metrics of limits; of a large scenario not all are kept.
func (v *variant) keep(limits []compare.Limit) {
	for _, l := range limits {
		kind, ok := v.Config.Metric(l.Metric)
		if ok && !slices.ContainsFunc(v.frame.Metrics, func(m replicate.Metric) bool { return m.Name == l.Metric }) {
			v.frame.Metrics = append(v.frame.Metrics, replicate.Metric{Name: l.Metric, Kind: kind})
		}
	}
}

// replicateAll simulates n replications of each variant: each replication of all
// variants before the next one.
func (s *System) replicateAll(ctx context.Context, list []*variant, n int, progress terminal.Mode, further *variation) error {
	defer s.manyRuns()()
	m := newCounter(s, progress, list[0].Config.Name, n*len(list))
	defer m.display.Close()
	config := func(i int) (sim.Config, error) {
		return replicate.Config(list[i%len(list)].Config, i/len(list)), nil
	}
	err := replicate.Each(ctx, n*len(list), runtime.GOMAXPROCS(0), config, func(i int, r *sim.Result, err error) error {
		if err != nil {
			return err
		}
		m.count(r)
		v := list[i%len(list)]
		further.mark(v, i/len(list), r)
		return v.add(i/len(list), r)
	})
	for _, v := range list {
		if err == nil && v.Config.Draws {
			err = v.single(ctx)
		}
	}
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return ErrInterrupted
	}
	return err
}

// single reports on a run at the means, in place of replication 0, which draws.
func (v *variant) single(ctx context.Context) error {
	r, err := replicate.Single(ctx, v.Config, nil)
	if err == nil {
		err = v.tell(r)
	}
	return err
}

// add adds a replication.
func (v *variant) add(replication int, r *sim.Result) error {
	record := v.frame.Record(v.Config, replication, r)
	if err := v.sample.Add(&record); err != nil {
		return err
	}
	if replication < assumptions.MaxSeeds {
		v.calls = append(v.calls, r.Admissions)
	}
	if replication > 0 {
		return nil
	}
	return v.tell(r)
}

// tell makes the report on a single run.
func (v *variant) tell(r *sim.Result) (err error) {
	v.report, err = reports.New(v.Config, r, reports.Input{Scenario: string(v.src), File: v.File, Overrides: v.overrides, Version: Version})
	return err
}
