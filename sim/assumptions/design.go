package assumptions

import (
	"slices"

	"sesim/sim"
	"sesim/sim/rng"
	"sesim/sim/rules"
)

// Parameter is a parameter that is varied.
type Parameter struct {
	*rules.Parameter
	Own rules.Value // in the scenario
	// Alone: the parameter can matter where no other is changed. The others are varied
	// only together with all.
	Alone bool
}

// Choice is a value of one of the parameters.
type Choice struct {
	Parameter int // its index
	Value     rules.Value
}

// perRange is how many numbers of a range are tried, the ends among them.
const perRange = 5

// vary returns the parameters that AWS does not document and nobody has set, by name,
// without those that fill in a figure that customers read in their own account.
func vary(cfg *sim.Config) []Parameter {
	var list []Parameter
	all, given := rules.Parameters(), cfg.GivenRules()
	for _, f := range cfg.Filled {
		given = append(given, f.Parameter)
	}
	for i := range all {
		if p := &all[i]; !p.Plausible.None() && !slices.Contains(given, p.Name) {
			list = append(list, Parameter{Parameter: p, Own: p.Of(&cfg.Rules)})
		}
	}
	return list
}

// each returns the values of a parameter that are tried alone: numbers in ascending
// order, then the others. The scenario's own is not among them.
func (p *Parameter) each() []rules.Value {
	return slices.DeleteFunc(p.Plausible.Values(perRange), func(v rules.Value) bool { return v.Text == p.Own.Text })
}

// permutation returns the numbers from 0 to n-1 in the order that belongs to a
// parameter's name and the seed: other parameters do not disturb it.
func permutation(seed uint64, name string, n int) []int {
	stream := rng.Derive(seed, "assumption", name, "levels").Stream()
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	for i := n - 1; i > 0; i-- {
		j := stream.Below(uint64(i + 1))
		list[i], list[j] = list[j], list[i]
	}
	return list
}

// hypercube returns n combinations of values: a Latin hypercube, in which every
// parameter has each of its n levels once.
func hypercube(seed uint64, parameters []Parameter, n int) [][]Choice {
	list := make([][]Choice, n)
	for k := range parameters {
		p := &parameters[k]
		for i, level := range permutation(seed, p.Name, n) {
			list[i] = append(list[i], Choice{k, p.Plausible.Level(level, n)})
		}
	}
	return list
}
