package simtest_test

import (
	"testing"

	"pgregory.net/rapid"

	"sesim/sim"
	"sesim/sim/simtest"
)

// mostCalls bounds what a drawn scenario costs to run.
const mostCalls = 40_000

// TestConfigIsSmallAndValid draws scenarios: each must run, and quickly.
func TestConfigIsSmallAndValid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cfg := simtest.Config(draws{t})
		if res := run(t, cfg, sim.Hooks{}); res.Admissions > mostCalls {
			t.Fatalf("%d calls, more than %d\n%s", res.Admissions, mostCalls, simtest.Page(&cfg))
		}
	})
}
