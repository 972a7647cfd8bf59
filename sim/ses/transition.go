package ses

import (
	"time"

	"sesim/sim/rules"
)

// Transition is one line of an account's timeline: a change of its state.
type Transition struct {
	At    time.Duration // virtual time
	Event Event         // what happened
	Rule  rules.ID      // what caused it
	Why   string        // with the figures that decided
}
