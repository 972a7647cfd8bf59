package text

import (
	"testing"

	"sesim/sim"
)

// TestWorded: every figure that is said in words of its own is in the table.
func TestWorded(t *testing.T) {
	all := (*sim.FigureTable)(nil).Rows()
	left := all.Without(worded)
	for class, missing := range map[string]int{
		"accounts": len(worded.Account) + len(left.Account) - len(all.Account),
		"senders":  len(worded.Sender) + len(left.Sender) - len(all.Sender),
		"lists":    len(worded.Global) + len(left.Global) - len(all.Global),
	} {
		if missing != 0 {
			t.Errorf("of %s %d worded figures are not in the table", class, missing)
		}
	}
}
