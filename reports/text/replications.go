package text

import (
	"fmt"
	"slices"
	"strings"

	"sesim/reports"
	"sesim/reports/wording"
	"sesim/sim"
	"sesim/sim/criteria"
)

// replicated writes what replications have in common: events with their
// probabilities, and figures with their intervals.
func (p *printer) replicated() {
	of := p.r.Summary.Replications
	p.wrap("", "", fmt.Sprintf("Means over %s replications, each with the interval that holds the true mean with %s:",
		wording.Count(int64(of.Count)), wording.Percent(of.Confidence)))
	owners := wording.Owners(of)
	shown := owners[:min(len(owners), maxOwners)]
	if len(owners) > maxOwners { // what concerns all stands last
		shown = append(slices.Clone(owners[:maxOwners-1]), owners[len(owners)-1])
	}
	for _, owner := range shown {
		p.owner(of, owner)
	}
	if more := len(owners) - len(shown); more > 0 {
		p.println("… ", wording.Count(int64(more)), " more in summary.json")
	}
	if goal := wording.Goal(of); goal != "" {
		p.println()
		p.wrap("", "  ", strings.ToUpper(goal[:1])+goal[1:]+".")
	}
}

const maxOwners = 8

// owner writes the figures of one account, one sender or the global list, but
// for details.
func (p *printer) owner(of *reports.Replications, owner string) {
	happenings := wording.Happenings(of, owner)
	metrics := slices.DeleteFunc(wording.Of(of, owner), func(m reports.Metric) bool {
		return p.r.Table.Rank(strings.TrimPrefix(m.Name, owner+".")) == sim.Detail
	})
	if len(happenings)+len(metrics) == 0 {
		return
	}
	p.println()
	p.println(p.paint(bold, wording.Clean(owner)))
	for _, text := range happenings {
		p.wrap("  ", "    ", text)
	}
	for i := range metrics {
		m := &metrics[i]
		kind := reports.Kind(m.Kind)
		if strings.HasPrefix(m.Name, owner+".quota_use.") {
			kind = criteria.Share // it may exceed the whole, and is written alike
		}
		text := wording.Estimate(kind, &m.Mean)
		if m.Data < of.Count {
			text += fmt.Sprintf(", in %s of %s with data", wording.Count(int64(m.Data)), wording.Count(int64(of.Count)))
		}
		p.println("  ", pad(strings.TrimPrefix(m.Name, owner+"."), 20), " ", text)
	}
}
