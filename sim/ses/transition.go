package ses

import (
	"time"

	"sesim/sim/rules"
)

// Transition is an entry of an account's timeline: a change of its state.
type Transition struct {
	At    time.Duration // virtual time
	Event Event         // what happened
	Rule  rules.ID      // the rule that caused it
	Why   string        // the cause in words, with the figures on which it is based
	Reads rules.Reads   // the parameters that the decision read
}
