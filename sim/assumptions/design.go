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

// Vary returns the parameters that AWS does not document and none of the scenarios sets,
// by name, without those that fill in a figure that customers read in their own account.
// There must be a scenario.
func Vary(list ...*sim.Config) []Parameter {
	var parameters []Parameter
	var given []string
	for _, cfg := range list {
		given = append(given, cfg.GivenRules()...)
		for _, f := range cfg.Filled {
			given = append(given, f.Parameter)
		}
	}
	all := rules.Parameters()
	for i := range all {
		if p := &all[i]; !p.Plausible.None() && !slices.Contains(given, p.Name) {
			parameters = append(parameters, Parameter{Parameter: p, Own: p.Of(&list[0].Rules)})
		}
	}
	return parameters
}

// Mark marks the parameters that can matter alone in a run of a scenario.
func Mark(parameters []Parameter, cfg *sim.Config, r *sim.Result) {
	can := CanMatter(cfg, r)
	for i := range parameters {
		parameters[i].Alone = parameters[i].Alone || slices.Contains(can, parameters[i].Name)
	}
}

// Each returns the settings in which one parameter has another value, of those that can
// matter alone: by parameter, and then numbers in ascending order before the others.
func Each(parameters []Parameter) []Setting {
	var list []Setting
	for k := range parameters {
		if !parameters[k].Alone {
			continue
		}
		for _, v := range parameters[k].each() {
			list = append(list, Setting{Choices: []Choice{{k, v}}})
		}
	}
	return list
}

// Most returns the number of settings that Each returns if all parameters can matter.
func Most(parameters []Parameter) int {
	n := 0
	for i := range parameters {
		n += len(parameters[i].each())
	}
	return n
}

// Apply sets the parameters of a setting.
func (s *Setting) Apply(parameters []Parameter, set *rules.Set) error {
	for _, c := range s.Choices {
		if err := parameters[c.Parameter].Apply(set, c.Value); err != nil {
			return err
		}
	}
	return nil
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

// Joint returns n settings of all parameters: a Latin hypercube, in which every
// parameter has each of its n levels once. Without parameters there is none.
func Joint(seed uint64, parameters []Parameter, n int) []Setting {
	if len(parameters) == 0 {
		return nil
	}
	list := make([]Setting, n)
	for k := range parameters {
		p := &parameters[k]
		for i, level := range permutation(seed, p.Name, n) {
			list[i].Choices = append(list[i].Choices, Choice{k, p.Plausible.Level(level, n)})
		}
	}
	return list
}
