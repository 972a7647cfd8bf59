package scenarios_test

import (
	"reflect"
	"testing"

	"sesim/scenarios"
	"sesim/sim"
	"sesim/sim/engine"
)

// TestShippedScenariosApart compares what the parts of every shipped scenario
// leave, run apart, with a run of the whole.
func TestShippedScenariosApart(t *testing.T) {
	for _, entry := range scenarios.Shipped() {
		cfg, apart := runShipped(t, entry.Name)
		whole, err := engine.Run(*cfg, sim.Hooks{Undivided: true})
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(apart, whole) {
			t.Errorf("%s: its parts do not leave what the whole does", entry.Name)
		}
	}
}
