package twin_test

import (
	"testing"

	"pgregory.net/rapid"

	"sesim/sim"
	"sesim/sim/engine"
	"sesim/sim/internal/check"
	"sesim/sim/internal/simtest"
	"sesim/sim/internal/twin"
	"sesim/sim/proptest"
)

func init() { proptest.Checks(40) } // of each theme

// TestModelsAgree runs random scenarios through both models, which must take
// the same decision for every recipient, at the same time, by the same rule,
// with the same figures, and end alike. A counter-example is printed as a
// scenario that sesim runs. More of them:
//
//	go test ./sim/internal/twin -run TestModelsAgree -rapid.seed=0 -rapid.checks=5000
func TestModelsAgree(t *testing.T) {
	for _, theme := range themes {
		t.Run(theme.name, func(t *testing.T) {
			t.Parallel()
			proptest.Check(t, func(t *rapid.T) {
				cfg := theme.draw(proptest.Draws{T: t})
				diff, err := twin.Diff(cfg)
				if err != nil {
					t.Fatalf("the drawn scenario is not valid: %v\n%s", err, simtest.Page(&cfg))
				}
				if diff != "" {
					t.Fatalf("the models differ\n%s\n%s", diff, simtest.Page(&cfg))
				}
			})
		})
	}
}

// checked runs a scenario under the checkers.
func checked(cfg sim.Config) error {
	checker := check.New(&cfg)
	res, err := engine.Run(cfg, sim.Hooks{Observer: checker})
	if err != nil {
		return err
	}
	return checker.Finish(res)
}

// TestThemesPassTheCheckers runs the scenarios of all themes under the
// checkers, which meet more of what is rare here than in just any scenario.
func TestThemesPassTheCheckers(t *testing.T) {
	for _, theme := range themes {
		t.Run(theme.name, func(t *testing.T) {
			t.Parallel()
			proptest.Check(t, func(t *rapid.T) {
				cfg := theme.draw(proptest.Draws{T: t})
				if err := checked(cfg); err != nil {
					t.Fatalf("%v\n%s", err, simtest.Page(&cfg))
				}
			})
		})
	}
}

// TestThemesLoad reads the scenarios of all themes as files: a counter-example
// is of use only if it can be run.
func TestThemesLoad(t *testing.T) {
	for _, theme := range themes {
		t.Run(theme.name, func(t *testing.T) {
			t.Parallel()
			proptest.Check(t, func(t *rapid.T) {
				cfg := theme.draw(proptest.Draws{T: t})
				if _, err := load(&cfg); err != nil {
					t.Fatalf("%v\n%s", err, simtest.Page(&cfg))
				}
			})
		})
	}
}

// TestThemesMeetTheirRules draws scenarios until the rules that a theme is
// about have all decided something in the first model: a theme that no longer
// reaches what it is for would agree on nothing.
func TestThemesMeetTheirRules(t *testing.T) {
	for _, theme := range themes {
		t.Run(theme.name, func(t *testing.T) {
			t.Parallel()
			missing := rulesOf(theme.about)
			for seed := range uint64(400) {
				if len(missing) == 0 {
					return
				}
				res, err := engine.Run(theme.draw(newSeeded(seed)), sim.Hooks{})
				if err != nil {
					t.Fatal(err)
				}
				for _, fired := range res.Rules {
					delete(missing, fired.Rule.String())
				}
			}
			for rule := range missing {
				t.Errorf("%s decides nothing in 400 scenarios", rule)
			}
		})
	}
}
