package wording

import (
	"fmt"
	"slices"
	"strings"

	"sesim/reports"
	"sesim/sim/unit"
)

// maxListed limits the parameters and values that a sentence lists.
const maxListed = 6

// Assumptions says what the verdicts rest on, in sentences without a full stop: first
// what they turn on. There are none if that was not examined.
func Assumptions(r *reports.Report) []string {
	a := r.Summary.Assumptions
	if a == nil {
		return nil
	}
	list := []string{resting(r, a)}
	if a.Asked {
		list = append(list, eachThreshold(r, a)...)
		list = append(list, notTried(a)...)
	}
	if len(a.Given) > 0 && a.Asked {
		list = append(list, "Set by the scenario and so not varied: "+listed(a.Given))
	}
	return list
}

// resting is the first sentence.
func resting(r *reports.Report, a *reports.Assumptions) string {
	numbers := unit.Plural(int64(len(a.Parameters)), "number", "numbers")
	switch {
	case len(a.Parameters) == 0:
		return "The verdicts rest on no number that AWS does not publish"
	case a.Settings == 0 && a.Incomplete:
		return "Interrupted before any of " + numbers + " that AWS does not publish was varied"
	case len(r.Summary.Thresholds) == 0:
		return fmt.Sprintf("What AWS does not publish: %s settings of %s were tried, and there are no thresholds to judge them by",
			Count(int64(a.Settings)), numbers)
	case a.Settings == 0:
		return "The verdicts may rest on " + numbers + " that AWS does not publish: --assumptions varies them"
	case a.Asked:
		return "What AWS does not publish: " + holding(a.HoldsIn, a.Settings, a.JointHoldsIn, a.Joint) + turning(allTurns(a))
	}
	names := turnsWith(r)
	if len(names) == 0 {
		return "No verdict changes with another plausible value of any of " + numbers + " that AWS does not publish"
	}
	return fmt.Sprintf("The verdicts rest on %s of %s that AWS does not publish: %s (--assumptions says where they turn)",
		Count(int64(len(names))), numbers, listed(names))
}

// holding says in how many settings and combinations something holds.
func holding(holds, of, jointHolds, jointOf int) string {
	s := fmt.Sprintf("holds in %s of %s settings", Count(int64(holds)), Count(int64(of)))
	if jointOf > 0 {
		s += fmt.Sprintf(" and %s of %s combinations", Count(int64(jointHolds)), Count(int64(jointOf)))
	}
	return s
}

// turning names the values at which something turns.
func turning(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return "; turns at " + listed(values)
}

// listed lists some of the texts.
func listed(texts []string) string {
	s := strings.Join(texts[:min(len(texts), maxListed)], ", ")
	if more := len(texts) - maxListed; more > 0 {
		s += fmt.Sprintf(" and %s more", Count(int64(more)))
	}
	return s
}

// Setting writes a setting of a parameter: "review.length 22.1d".
func Setting(parameter string, s *reports.Setting) string { return parameter + " " + Tried(s) }

// Tried writes the value of a setting.
func Tried(s *reports.Setting) string {
	if s.Called != "" {
		return Clean(s.Called)
	}
	return Grouped(s.Value)
}

// Grouped writes a value with thousands separators if it is a whole number.
func Grouped(value string) string {
	n, isNumber := int64(0), value != "" && len(value) < 19
	for _, c := range []byte(value) {
		isNumber = isNumber && c >= '0' && c <= '9'
		n = 10*n + int64(c-'0')
	}
	if !isNumber {
		return Clean(value)
	}
	return Count(n)
}

// Read writes a parameter that a decision read: "rep.min_eligible 1,000 (assumed, 0 to
// 10,000)".
func Read(r *reports.Read) string {
	text := r.Name + " " + Grouped(r.Value) + " (" + r.Standing
	if r.Range != "" {
		text += ", " + Range(r.Range)
	}
	return text + ")"
}

// Reads lists parameters that a decision read.
func Reads(list []reports.Read) string {
	texts := make([]string, len(list))
	for i := range list {
		texts[i] = Read(&list[i])
	}
	return strings.Join(texts, "; ")
}

// Range writes what a parameter may be, with thousands separators.
func Range(text string) string {
	words := strings.Split(text, " ")
	for i := range words {
		words[i] = Grouped(words[i])
	}
	return strings.Join(words, " ")
}

// At writes where a verdict turns: "22.1d and above".
func At(t *reports.Turn) string {
	switch {
	case t.Called != "":
		return Clean(t.Called)
	case !t.Beyond:
		return Grouped(t.At)
	}
	return Grouped(t.At) + " and " + t.Way
}

// turns names the values at which a threshold turns.
func turns(a *reports.Assumptions, threshold int) []string {
	var list []string
	for i := range a.Parameters {
		p := &a.Parameters[i]
		for k := range p.Turns {
			if t := &p.Turns[k]; t.Threshold == threshold {
				list = append(list, p.Name+" "+At(t))
			}
		}
	}
	return list
}

// allTurns names the values at which any threshold turns, of each parameter and side
// the one next to the scenario's own.
func allTurns(a *reports.Assumptions) []string {
	var list []string
	for i := range a.Parameters {
		p := &a.Parameters[i]
		for k := range p.Turns {
			t := &p.Turns[k]
			text := p.Name + " " + At(t)
			farther := k > 0 && t.Way != "" && p.Turns[k-1].Way == t.Way
			if !farther && !slices.Contains(list, text) {
				list = append(list, text)
			}
		}
	}
	return list
}

// turnsWith names the parameters of which some value alone changes a verdict.
func turnsWith(r *reports.Report) []string {
	var list []string
	for i := range r.Summary.Thresholds {
		if h := r.Summary.Thresholds[i].Held; h != nil {
			for _, name := range h.TurnsWith {
				if !slices.Contains(list, name) {
					list = append(list, name)
				}
			}
		}
	}
	slices.Sort(list)
	return list
}

// VariedParameter is a parameter, some value of which changes a verdict, in words.
type VariedParameter struct{ Name, Standing, Value, Range, Turns string }

// Varied returns the parameters, some value of which changes a verdict.
func Varied(r *reports.Report) []VariedParameter {
	var list []VariedParameter
	names := turnsWith(r)
	if len(names) == 0 {
		return nil
	}
	for i := range r.Summary.Assumptions.Parameters {
		p := &r.Summary.Assumptions.Parameters[i]
		if !slices.Contains(names, p.Name) {
			continue
		}
		v := VariedParameter{Name: p.Name, Standing: p.Standing, Value: Grouped(p.Value), Range: "other values"}
		if p.From != "" {
			v.Range = Grouped(p.From) + " to " + Grouped(p.To)
		}
		v.Turns = strings.Join(whereTurned(r, p), ", ")
		list = append(list, v)
	}
	return list
}

// whereTurned names the values at which a parameter turns verdicts or, if these were
// not searched for, the values tried with other verdicts.
func whereTurned(r *reports.Report, p *reports.Assumption) []string {
	var list []string
	for k := range p.Turns {
		if text := At(&p.Turns[k]); !slices.Contains(list, text) {
			list = append(list, text)
		}
	}
	if p.Turns != nil {
		return list
	}
	for k := range p.Settings {
		if Differs(r, &p.Settings[k]) {
			list = append(list, Tried(&p.Settings[k]))
		}
	}
	return list
}

// Differs reports whether a verdict of a setting is not the scenario's own.
func Differs(r *reports.Report, s *reports.Setting) bool {
	if s.Verdicts == nil {
		return false
	}
	for i := range r.Summary.Thresholds {
		if s.Verdicts[i] != r.Summary.Thresholds[i].OwnVerdict() {
			return true
		}
	}
	return false
}

// eachThreshold says of every threshold that does not hold everywhere in how many
// settings it does, and over replications in how many seeds.
func eachThreshold(r *reports.Report, a *reports.Assumptions) []string {
	var list []string
	for i := range r.Summary.Thresholds {
		t := &r.Summary.Thresholds[i]
		h := t.Held
		if h == nil || h.HoldsIn == h.Of && h.JointHoldsIn == h.JointOf && h.SeedsHoldIn == h.SeedsOf && h.Own == "" {
			continue
		}
		name := Clean(t.Expression)
		if len(r.Summary.Thresholds) > 1 || h.SeedsOf > 0 {
			list = append(list, fmt.Sprintf("%s %s%s%s", name, holding(h.HoldsIn, h.Of, h.JointHoldsIn, h.JointOf), seeds(h), turning(turns(a, i))))
		}
		if h.Own != "" && a.Robust {
			list = append(list, fmt.Sprintf("%s: %s, because it must pass in every setting; as the scenario is: %s", name, t.Verdict, h.Own))
		}
	}
	return list
}

// seeds says in how many seeds a verdict holds; "" for a single run.
func seeds(h *reports.Held) string {
	if h.SeedsOf == 0 {
		return ""
	}
	return fmt.Sprintf(", and in %s of %s seeds as the scenario is", Count(int64(h.SeedsHoldIn)), Count(int64(h.SeedsOf)))
}

// notTried names the settings that were not tried to the end.
func notTried(a *reports.Assumptions) []string {
	if !a.Incomplete {
		return nil
	}
	var names []string
	for i := range a.Parameters {
		for k := range a.Parameters[i].Settings {
			if s := &a.Parameters[i].Settings[k]; s.Verdicts == nil {
				names = append(names, Setting(a.Parameters[i].Name, s))
			}
		}
	}
	list := []string{"Not everything was tried to the end"}
	if len(names) > 0 {
		list[0] = "Not tried to the end: " + listed(names)
	}
	if a.Joint < a.JointAsked {
		list = append(list, fmt.Sprintf("%s of %s combinations were tried to the end", Count(int64(a.Joint)), Count(int64(a.JointAsked))))
	}
	return list
}
