package planreport

import (
	"fmt"
	"io"
	"strings"

	"sesim/reports/wording"
)

// Assumptions says in how many settings of what AWS does not publish the answer keeps
// the promises that it keeps as the scenario is, over the same seeds.
type Assumptions struct {
	Settings     int      `json:"settings"` // with one parameter changed
	HoldsIn      int      `json:"holds_in"`
	Joint        int      `json:"joint"` // combinations
	JointHoldsIn int      `json:"joint_holds_in"`
	Seeds        int      `json:"seeds"`           // of each
	Incomplete   bool     `json:"incomplete"`      // something was not tried to the end
	Given        []string `json:"set_by_scenario"` // the user's word: not varied
	Parameters   []string `json:"parameters"`      // that were changed alone
	// Judged are the promises that so few seeds can show to be kept.
	Judged []string `json:"promises"`
	Breaks []Break  `json:"breaks"` // settings with one parameter changed in which the answer does not hold
}

// Break is a setting in which the answer breaks promises.
type Break struct {
	Parameter string   `json:"parameter"`
	Value     string   `json:"value"`
	Called    string   `json:"called,omitempty"` // what people call the value, if that is shorter
	Promises  []string `json:"promises"`
	// Answer are values near the plan's that keep them, by choice; null: none of those
	// that were tried.
	Answer []string `json:"answer"`
}

// Count counts a setting, or a combination if joint, in which the answer holds or not.
func (a *Assumptions) Count(holds, joint bool) {
	n, of := &a.HoldsIn, &a.Settings
	if joint {
		n, of = &a.JointHoldsIn, &a.Joint
	}
	*of++
	if holds {
		*n++
	}
}

// maxBreaks limits the settings that the text lists.
const maxBreaks = 12

// Holding says in how many settings the answer holds.
func (a *Assumptions) Holding() string {
	s := fmt.Sprintf("the answer holds in %s of %s settings", wording.Count(int64(a.HoldsIn)), wording.Count(int64(a.Settings)))
	if a.Joint > 0 {
		s += fmt.Sprintf(" and %s of %s combinations", wording.Count(int64(a.JointHoldsIn)), wording.Count(int64(a.Joint)))
	}
	return s
}

// Rests says what the answer rests on, in sentences without a full stop: first in how many
// settings it holds, then the settings in which it does not. There are none if that was
// not asked.
func (p *Plan) Rests() []string {
	a := p.Assumptions
	if a == nil {
		return nil
	}
	first := fmt.Sprintf("What AWS does not publish: %s, each of %s", a.Holding(), runs(a.Seeds))
	if left := len(p.Promises) - len(a.Judged); left > 0 {
		first += fmt.Sprintf(". So few runs cannot show %d of the promises to be kept", left)
	}
	if a.Incomplete {
		first += ". Not everything was tried to the end"
	}
	if len(a.Given) > 0 {
		first += ". Given and so not varied: " + strings.Join(a.Given, ", ")
	}
	list := []string{first}
	for i := range a.Breaks[:min(len(a.Breaks), maxBreaks)] {
		b := &a.Breaks[i]
		value := b.Value
		if b.Called != "" {
			value = b.Called
		}
		list = append(list, fmt.Sprintf("with %s %s: %s; %s", b.Parameter, wording.Clean(value), broken(b.Promises), p.instead(b)))
	}
	if more := len(a.Breaks) - maxBreaks; more > 0 {
		list = append(list, fmt.Sprintf("%d more in plan.json", more))
	}
	return list
}

// assumptions writes what the answer rests on.
func (p *Plan) assumptions(w io.Writer) {
	for i, sentence := range p.Rests() {
		switch i {
		case 0:
			fmt.Fprintf(w, "%s.\n\n", sentence)
		default:
			fmt.Fprintf(w, "- %s\n", sentence)
		}
	}
	if p.Assumptions != nil && len(p.Assumptions.Breaks) > 0 {
		fmt.Fprintln(w)
	}
}

// broken says which promises are not kept.
func broken(promises []string) string {
	if len(promises) == 1 {
		return promises[0] + " is not kept"
	}
	return strings.Join(promises, " and ") + " are not kept"
}

// instead names values near the answer that keep the promises.
func (p *Plan) instead(b *Break) string {
	if b.Answer == nil {
		return "no values near the answer keep the promises"
	}
	list := make([]string, len(b.Answer))
	for j, v := range b.Answer {
		list[j] = p.Choices[j].Key + " = " + v
	}
	return strings.Join(list, ", ") + " would"
}
