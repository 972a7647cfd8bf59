package reporttest

import (
	"testing"

	"sesim/sim"
)

// Worded fails the test unless every figure that an output says in its own
// words is in the table of figures.
func Worded(t *testing.T, worded sim.FigureNames) {
	t.Helper()
	all := (*sim.FigureTable)(nil).Rows()
	left := all.Without(worded)
	for class, missing := range map[string]int{
		"accounts": len(worded.Account) + len(left.Account) - len(all.Account),
		"senders":  len(worded.Sender) + len(left.Sender) - len(all.Sender),
		"clients":  len(worded.Client) + len(left.Client) - len(all.Client),
		"lists":    len(worded.Global) + len(left.Global) - len(all.Global),
	} {
		if missing != 0 {
			t.Errorf("of %s %d worded figures are not in the table", class, missing)
		}
	}
}
