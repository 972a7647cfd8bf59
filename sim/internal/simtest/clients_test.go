package simtest_test

import (
	"testing"

	"pgregory.net/rapid"

	"sesim/sim"
	"sesim/sim/internal/check"
	"sesim/sim/internal/simtest"
	"sesim/sim/proptest"
)

// TestClients runs random scenarios with clients under all checkers, in partitions on
// one core and two, and read back from their text: all must be alike.
func TestClients(t *testing.T) {
	proptest.Check(t, func(t *rapid.T) {
		d := proptest.Draws{T: t}
		cfg := simtest.Config(d)
		simtest.WithClients(d, &cfg)
		checker, tape := check.New(&cfg), &simtest.Tape{}
		res := run(t, cfg, sim.Hooks{Observer: simtest.Both{First: checker, Second: tape}})
		if err := checker.Finish(res); err != nil {
			t.Fatalf("%v\n%s", err, simtest.Page(&cfg))
		}
		same(t, "an observed run and one on a core", res, run(t, cfg, sim.Hooks{Workers: 1}), &cfg)
		same(t, "an observed run and one on two cores", res, run(t, cfg, sim.Hooks{Workers: 2}), &cfg)
		again, records := taped(t, *readBack(t, &cfg))
		same(t, "the results of a scenario and of its file", res, again, &cfg)
		same(t, "the records of a scenario and of its file", tape.Records, records, &cfg)
	})
}
