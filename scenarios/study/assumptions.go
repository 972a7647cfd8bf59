package study

import (
	"sesim/scenarios/internal/keys"
	"sesim/scenarios/internal/tree"
)

// Assumptions is what a scenario says of the study of what AWS does not publish.
type Assumptions struct {
	Design Design
	// Robust: a threshold passes only if it passes in every setting.
	Robust bool
}

// Design says which settings are tried.
type Design uint8

// The designs.
const (
	Unasked Design = iota // the scenario does not say
	Off                   // none
	Each                  // one parameter at a time
	Joint                 // that, and all parameters together
)

var designs = []keys.Choice[Design]{{Word: "off", Is: Off}, {Word: "each", Is: Each}, {Word: "joint", Is: Joint}}

// Fields binds the keys.
func (a *Assumptions) Fields() []keys.Field {
	return []keys.Field{
		keys.Optional("assumptions", keys.Word[Design]{To: &a.Design, Choices: designs},
			`whether the run is repeated with other plausible values of what AWS does not publish: one parameter at a time ("each"), `+
				`or all of them together as well ("joint")`).Or("one at a time, where that is quick"),
		keys.Optional("robust", keys.Flag{To: &a.Robust},
			"a threshold passes only if it passes with every value tried of what AWS does not publish"),
	}
}

// Check rejects a study that cannot be made of a scenario.
func (a *Assumptions) Check(r *tree.Reporter, root *tree.Node, swept bool) {
	const ofSweep = "assumptions are studied of one scenario, not of a sweep: give its keys with --set, or use %s"
	robust := root.Table["robust"]
	switch {
	case a.Robust && a.Design == Off:
		r.Wrong(robust, "robust", "", `needs the settings that assumptions = "off" leaves out: use --assumptions=each, or --robust=false`)
	case swept && a.Robust:
		r.Wrong(robust, "robust", "", ofSweep, "--robust=false")
	case swept && (a.Design == Each || a.Design == Joint):
		r.Wrong(root.Table["assumptions"], "assumptions", "", ofSweep, "--assumptions=off")
	}
}
