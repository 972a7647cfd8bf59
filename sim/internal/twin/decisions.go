package twin

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"sesim/sim"
)

// sorted puts decisions in the order of time. Those of one moment may come in
// any order, and are put into one by what they are about, and of a recipient that a
// message names twice by what becomes of it.
func sorted(list []Decision) []Decision {
	slices.SortStableFunc(list, compare)
	return list
}

// compare orders decisions. Those that it finds equal are about the same. What bounced tells
// apart two mails of a message to the same address, which is tried as often for both.
func compare(x, y Decision) int {
	return cmp.Or(
		cmp.Compare(x.At, y.At), cmp.Compare(x.Account, y.Account), cmp.Compare(x.Sender, y.Sender), cmp.Compare(x.Message, y.Message),
		cmp.Compare(x.Address.Audience, y.Address.Audience), cmp.Compare(x.Address.Number, y.Address.Number),
		cmp.Compare(x.Kind, y.Kind), cmp.Compare(x.Attempt, y.Attempt), cmp.Compare(x.Spelling, y.Spelling),
		cmp.Compare(x.Bounce, y.Bounce),
	)
}

// diffDecisions shows the first decision that only one model takes, or that
// both take and not alike, with what both decided before.
func diffDecisions(b *strings.Builder, cfg *sim.Config, first, second []Decision) {
	at := 0
	for at < len(first) && at < len(second) && first[at] == second[at] {
		at++
	}
	if at == len(first) && at == len(second) {
		return
	}
	fmt.Fprintf(b, "decision %d differs (of %d in sim, %d in twin):\n", at+1, len(first), len(second))
	for _, d := range first[max(0, at-context):at] {
		fmt.Fprintf(b, "  both  %s\n", d.text(cfg))
	}
	for _, d := range first[at:min(len(first), at+context)] {
		fmt.Fprintf(b, "  sim   %s\n", d.text(cfg))
	}
	for _, d := range second[at:min(len(second), at+context)] {
		fmt.Fprintf(b, "  twin  %s\n", d.text(cfg))
	}
	switch {
	case at == len(second) || at < len(first) && compare(first[at], second[at]) < 0:
		b.WriteString("the first of these is sim's alone\n")
	case at == len(first) || compare(first[at], second[at]) > 0:
		b.WriteString("the first of these is the twin's alone\n")
	default:
		diffValues(b, "its field", first[at], second[at])
	}
}
