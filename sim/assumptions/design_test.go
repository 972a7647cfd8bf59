package assumptions

import (
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/stat"

	"sesim/sim"
	"sesim/sim/rules"
)

// varied returns all parameters that can be varied.
func varied(t *testing.T) []Parameter {
	t.Helper()
	set, err := rules.Edition("current")
	if err != nil {
		t.Fatal(err)
	}
	return Vary(&sim.Config{Rules: set})
}

// TestLevels checks that every parameter has each level once, and that no two
// parameters are correlated: over 128 levels the correlation of two independent
// permutations has a standard deviation of 1/sqrt(127).
func TestLevels(t *testing.T) {
	const n = 128
	list := varied(t)
	levels := make([][]float64, len(list))
	for k := range list {
		seen := make([]bool, n)
		for _, level := range permutation(7, list[k].Name, n) {
			if seen[level] {
				t.Fatalf("%s has level %d twice", list[k].Name, level)
			}
			seen[level] = true
			levels[k] = append(levels[k], float64(level))
		}
	}
	pairs, squares := 0, 0.0
	for i := range levels {
		for _, other := range levels[:i] {
			r := stat.Correlation(levels[i], other, nil)
			if math.Abs(r) > 0.4 {
				t.Errorf("%s has a correlation of %.2f with another", list[i].Name, r)
			}
			pairs++
			squares += r * r
		}
	}
	if got := math.Sqrt(squares / float64(pairs)); math.Abs(got-1/math.Sqrt(n-1)) > 0.01 {
		t.Errorf("correlations have a standard deviation of %.3f, want about %.3f", got, 1/math.Sqrt(n-1))
	}
}

// TestNewParameterDisturbsNoOther leaves every parameter out in turn.
func TestNewParameterDisturbsNoOther(t *testing.T) {
	all := varied(t)
	whole := Joint(1, all, 40)
	for k := range all {
		fewer := Joint(1, slices.Delete(slices.Clone(all), k, k+1), 40)
		for i := range whole {
			for j, c := range slices.Delete(slices.Clone(whole[i].Choices), k, k+1) {
				if got := fewer[i].Choices[j].Value.Text; got != c.Value.Text {
					t.Fatalf("without %s, %s is %s in combination %d, want %s", all[k].Name, all[c.Parameter].Name, got, i, c.Value.Text)
				}
			}
		}
	}
}

// TestAlternativesInEqualShares counts those of the parameters without a range.
func TestAlternativesInEqualShares(t *testing.T) {
	const n = 100
	list := varied(t)
	cube := Joint(3, list, n)
	for k := range list {
		if list[k].Plausible.Ranged() {
			continue
		}
		counts := map[string]int{}
		for _, combination := range cube {
			counts[combination.Choices[k].Value.Text]++
		}
		of := len(list[k].Plausible.Settings())
		for _, v := range list[k].Plausible.Settings() {
			if got := counts[v.Text]; got != n/of && got != (n+of-1)/of {
				t.Errorf("%s is %s in %d of %d combinations, want one in %d", list[k].Name, v.Text, got, n, of)
			}
		}
	}
}

// TestEachLeavesOutOwn checks the values that are tried alone: at least four numbers
// beside the scenario's own, where the range has them.
func TestEachLeavesOutOwn(t *testing.T) {
	for _, p := range varied(t) {
		values := p.each()
		numbers := 0
		for i, v := range values {
			if v.Text == p.Own.Text {
				t.Errorf("%s tries its own value %s", p.Name, v.Text)
			}
			if v.Rank >= 0 {
				numbers++
			}
			if i > 0 && v.Rank >= 0 && values[i-1].Rank >= v.Rank {
				t.Errorf("%s: %s comes after %s", p.Name, v.Text, values[i-1].Text)
			}
		}
		if least, most := p.Plausible.Ends(); p.Plausible.Ranged() && numbers < int(min(perRange-1, most.Rank-least.Rank)) {
			t.Errorf("%s tries %d numbers", p.Name, numbers)
		}
		if len(values) == 0 {
			t.Errorf("%s has no other value", p.Name)
		}
	}
}
