package text

import (
	"fmt"
	"slices"
	"strings"

	"sesim/reports"
	"sesim/reports/wording"
	"sesim/sim"
	"sesim/sim/criteria"
	"sesim/sim/unit"
)

// replicated writes the results of replications: events with their
// probabilities, and figures with their confidence intervals.
func (p *printer) replicated() {
	of := p.r.Summary.Replications
	for _, given := range wording.Given(p.r.Summary.Before(), p.r.Summary.Uncertain, wording.EachRun) {
		p.wrap("", "  ", wording.Clean(given))
	}
	p.wrap("", "", fmt.Sprintf("Means over %s replications, with %s confidence intervals:",
		wording.Count(int64(of.Count)), wording.Percent(of.Confidence)))
	owners := wording.Owners(of)
	shown := owners[:min(len(owners), maxOwners)]
	if len(owners) > maxOwners { // the last one is the global list
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
		p.wrap("", "  ", unit.Capital(goal)+".")
	}
}

const maxOwners = 8

// owner writes the figures of one account, one sender or the global list,
// except details.
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
			kind = criteria.Share // may exceed 1, and is written as a percentage too
		}
		text := wording.Estimate(kind, &m.Mean)
		if m.Data < of.Count {
			text += fmt.Sprintf(", in %s of %s with data", wording.Count(int64(m.Data)), wording.Count(int64(of.Count)))
		}
		p.println("  ", pad(strings.TrimPrefix(m.Name, owner+"."), 20), " ", text)
	}
}
