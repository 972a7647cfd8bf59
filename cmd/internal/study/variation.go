package study

import (
	"context"
	"errors"
	"runtime"

	"sesim/cmd/internal/terminal"
	"sesim/reports/compare"
	"sesim/sim"
	"sesim/sim/assumptions"
	"sesim/sim/replicate"
)

// variation is the comparison of variants in other settings of what AWS does not
// publish. Nil is none.
type variation struct {
	list       []*variant
	limits     []compare.Limit
	parameters []assumptions.Parameter
	n          int // replications of each setting
	of         int // of the comparison
	joint      int
}

// newVariation returns the study of variants that are simulated n times; nil if none is
// asked for.
func newVariation(list []*variant, limits []compare.Limit, n int, o *CompareOptions) *variation {
	if !o.asked() {
		return nil
	}
	configs := make([]*sim.Config, len(list))
	for i, v := range list {
		configs[i] = v.Config
	}
	return &variation{
		list: list, limits: limits, parameters: assumptions.Vary(configs...), n: min(n, assumptions.MaxSeeds), of: n, joint: o.combinations(),
	}
}

// mark marks the parameters that can matter in a run of a variant.
func (x *variation) mark(v *variant, replication int, r *sim.Result) {
	if x != nil && replication < x.n {
		assumptions.Mark(x.parameters, v.Config, r)
	}
}

// vary compares the variants in all settings and counts in how many of them the changes
// keep their signs and the limits their verdicts. Its error is about a setting, or an
// interrupt: then the comparison has what was counted until then.
func (s *System) vary(ctx context.Context, x *variation, c *compare.Comparison, progress terminal.Mode) error {
	if x == nil {
		return nil
	}
	each := assumptions.Each(x.parameters)
	c.Assume(x.alone())
	settings, own := []assumptions.Setting{}, c
	if x.n < x.of { // fewer seeds: the runs as they are come first, once more
		settings, own = append(settings, assumptions.Setting{}), nil
	}
	settings = append(settings, each...)
	joint := len(settings) // the first
	settings = append(settings, assumptions.Joint(c.Seed, x.parameters, x.joint)...)
	err := s.compareSettings(ctx, x, settings, progress, func(i int, other *compare.Comparison) {
		switch {
		case other == nil:
			c.Assumptions.Incomplete = true
		case own == nil:
			own = other
		default:
			c.Setting(own, other, i >= joint)
		}
	})
	if ctx.Err() != nil {
		err = ErrInterrupted
	}
	c.Assumptions.Incomplete = c.Assumptions.Incomplete || err != nil
	return err
}

// alone returns the names of the parameters that can matter alone.
func (x *variation) alone() []string {
	var names []string
	for i := range x.parameters {
		if x.parameters[i].Alone {
			names = append(names, x.parameters[i].Name)
		}
	}
	return names
}

// compareSettings compares the variants in each setting, in order; nil for one that was
// not tried to the end.
func (s *System) compareSettings(
	ctx context.Context, x *variation, settings []assumptions.Setting, progress terminal.Mode, found func(i int, c *compare.Comparison),
) error {
	defer s.manyRuns()()
	runs := x.n * len(x.list) // of a setting
	m := newCounter(s, progress, x.list[0].Config.Name, runs*len(settings))
	defer m.display.Close()
	config := func(i int) (sim.Config, error) {
		cfg := replicate.Config(x.list[i%len(x.list)].Config, i%runs/len(x.list))
		return cfg, settings[i/runs].Apply(x.parameters, &cfg.Rules)
	}
	most := func(i int) int64 { return assumptions.MaxFactor * x.list[i%len(x.list)].calls[i%runs/len(x.list)] }
	var list []*variant
	lost := false
	visit := func(i int, r *sim.Result, err error) error {
		if i%runs == 0 {
			list, lost = x.fresh(&settings[i/runs]), false
		}
		switch {
		case errors.Is(err, replicate.ErrCalls):
			lost = true
			m.skip(1)
		case err != nil:
			return err
		default:
			m.count(r)
		}
		if !lost {
			if err := list[i%len(list)].add(i%runs/len(list), r); err != nil {
				return err
			}
		}
		if i%runs < runs-1 {
			return nil
		}
		if lost {
			found(i/runs, nil)
			return nil
		}
		sides, err := sidesOf(list, x.n)
		if err == nil {
			found(i/runs, compare.New(sides, nil, x.limits))
		}
		return err
	}
	return replicate.Bounded(ctx, len(settings)*runs, runtime.GOMAXPROCS(0), config, most, visit)
}

// fresh returns the variants in a setting, without results.
func (x *variation) fresh(of *assumptions.Setting) []*variant {
	list := make([]*variant, len(x.list))
	for i, v := range x.list {
		cfg := *v.Config
		_ = of.Apply(x.parameters, &cfg.Rules) // the runs have reported an error
		w := &variant{Scenario: v.Scenario, label: v.label, overrides: v.overrides}
		w.Config = &cfg
		w.frame = replicate.NewFrame(&cfg, false, replicate.Fixed(x.n))
		w.keep(x.limits)
		w.sample = replicate.NewSample(w.frame)
		list[i] = w
	}
	return list
}
