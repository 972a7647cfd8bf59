package wording

import (
	"fmt"
	"slices"
	"strings"

	"sesim/reports"
	"sesim/sim/rules"
	"sesim/sim/unit"
)

// Rests says what the answer of a run rests on, in sentences without a full stop: the
// parameters that AWS does not publish and with which a verdict changes or, where that was not
// examined, those that its decisions read.
func Rests(r *reports.Report) []string {
	var list []string
	if turns := turningParameters(r); len(turns) > 0 && !r.Summary.Assumptions.Asked {
		list = append(list, fmt.Sprintf("A verdict changes with other plausible values of %s of the %s that AWS does not publish",
			Count(int64(len(turns))), unit.Plural(int64(len(r.Summary.Assumptions.Parameters)), "number", "numbers")))
		list = append(list, meanings(turns, maxListed)...)
		return append(list, Notes(&r.Summary)...)
	}
	if about := Assumptions(r); len(about) > 0 {
		list = append(list, about[0])
	}
	if reads := decisiveReads(r); len(reads) > 0 {
		list = append(list, fmt.Sprintf("The decision against the account reads %s that AWS does not publish",
			unit.Plural(int64(len(reads)), "number", "numbers")))
		list = append(list, meanings(reads, maxRests)...)
	}
	return append(list, Notes(&r.Summary)...)
}

// maxRests limits the parameters that Rests names of a decision.
const maxRests = 3

// turningParameters returns the parameters of which some value alone changes a verdict.
func turningParameters(r *reports.Report) []reports.Read {
	names := turnsWith(r)
	var list []reports.Read
	if a := r.Summary.Assumptions; a != nil {
		for i := range a.Parameters {
			if p := &a.Parameters[i]; slices.Contains(names, p.Name) {
				list = append(list, reports.Read{Name: p.Name, Value: p.Value})
			}
		}
	}
	return list
}

// decisiveReads returns what AWS's decisions against accounts read and AWS does not publish.
func decisiveReads(r *reports.Report) []reports.Read {
	var named []string
	for i := range r.Summary.Accounts {
		for _, t := range r.Summary.Accounts[i].Timeline {
			if reports.Decides(t.Event) {
				named = append(named, t.Reads...)
			}
		}
	}
	return reports.Unpublished(r.Summary.ReadsNamed(named))
}

// meanings says of some parameters what they are, and counts the others.
func meanings(list []reports.Read, most int) []string {
	var texts []string
	for i := range list[:min(len(list), most)] {
		texts = append(texts, meaning(&list[i]))
	}
	if more := len(list) - most; more > 0 {
		texts = append(texts, Count(int64(more))+" more, in the timeline or the table of parameters")
	}
	return texts
}

// meaning says what a parameter is: "How often the rates are computed: 15m (rep.eval_interval)".
// Tables and lists of values are left out.
func meaning(p *reports.Read) string {
	about := p.Name
	if known := rules.Find(p.Name); known != nil {
		about, _, _ = strings.Cut(known.About, ";")
		about, _, _ = strings.Cut(about, ":")
	}
	text := unit.Capital(about)
	if !strings.HasPrefix(p.Value, "{") && !strings.HasPrefix(p.Value, "[") {
		text += ": " + Grouped(p.Value)
	}
	return text + " (" + p.Name + ")"
}
