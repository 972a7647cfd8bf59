package simtest

import (
	"slices"
	"testing"

	"sesim/sim/rules"
)

// TestParameters assigns every value that scenarios are drawn from, and
// compares the names with the catalogue: a new parameter must be drawn too.
func TestParameters(t *testing.T) {
	var names []string
	for _, p := range slices.Concat(parameters, touchy) {
		for _, value := range p.values {
			set, err := rules.Edition("current")
			if err != nil {
				t.Fatal(err)
			}
			if err := rules.Assign(&set, p.name, value); err != nil {
				t.Errorf("%s = %v: %v", p.name, value, err)
			}
		}
	}
	for _, p := range parameters {
		names = append(names, p.name)
	}
	slices.Sort(names)
	var catalogue []string
	for _, p := range rules.Parameters() {
		catalogue = append(catalogue, p.Name)
	}
	if !slices.Equal(names, catalogue) {
		t.Errorf("drawn are\n%v\nand the catalogue has\n%v", names, catalogue)
	}
}
