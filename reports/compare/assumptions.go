package compare

import (
	"fmt"
	"math"

	"sesim/reports/wording"
	"sesim/sim/replicate"
)

// Assumptions counts the settings of what AWS does not publish in which the runs were
// compared again.
type Assumptions struct {
	Settings   int      `json:"settings"`   // tried with one parameter changed
	Joint      int      `json:"joint"`      // combinations tried
	Incomplete bool     `json:"incomplete"` // something was not tried to the end
	Parameters []string `json:"parameters"` // that were changed alone
}

// Held says in how many settings a change keeps its sign, or a limit its verdict.
type Held struct {
	HoldsIn      int `json:"holds_in"`
	Of           int `json:"of"`
	JointHoldsIn int `json:"joint_holds_in"`
	JointOf      int `json:"joint_of"`
}

// add counts a setting.
func (h *Held) add(holds, joint bool) {
	n, of := &h.HoldsIn, &h.Of
	if joint {
		n, of = &h.JointHoldsIn, &h.JointOf
	}
	*of++
	if holds {
		*n++
	}
}

// everywhere reports whether all settings hold.
func (h *Held) everywhere() bool { return h.HoldsIn == h.Of && h.JointHoldsIn == h.JointOf }

// words writes in how many settings and combinations something holds.
func (h *Held) words() string {
	s := fmt.Sprintf("%s of %s settings", wording.Count(int64(h.HoldsIn)), wording.Count(int64(h.Of)))
	if h.JointOf > 0 {
		s += fmt.Sprintf(" and %s of %s combinations", wording.Count(int64(h.JointHoldsIn)), wording.Count(int64(h.JointOf)))
	}
	return s
}

// Assume prepares the comparison for Setting, where the named parameters are varied.
func (c *Comparison) Assume(parameters []string) {
	c.Assumptions = &Assumptions{Parameters: append([]string{}, parameters...)}
	for i := range c.Figures {
		for k := range c.Figures[i].Changes {
			c.Figures[i].Changes[k].Held = &Held{}
		}
	}
	for i := range c.Limits {
		c.Limits[i].Held = &Held{}
	}
}

// Setting counts the comparison of the same runs in another setting: in which changes it
// has the signs, and on which limits the verdicts, that the runs have as they are, with as
// many replications.
func (c *Comparison) Setting(own, other *Comparison, joint bool) {
	if joint {
		c.Assumptions.Joint++
	} else {
		c.Assumptions.Settings++
	}
	signs, others := own.signs(), other.signs()
	for i := range c.Figures {
		f := &c.Figures[i]
		for k := range f.Changes {
			at := changeOf{f.Metric, k}
			f.Changes[k].Held.add(signs[at] == others[at], joint)
		}
	}
	for i := range c.Limits {
		c.Limits[i].Held.add(own.Limits[i].Verdict == other.Limits[i].Verdict, joint)
	}
}

// changeOf is a change of a figure, by the index of the run.
type changeOf struct {
	metric string
	run    int
}

// signs returns the signs of the changes that there are; noData stands for one without
// data.
func (c *Comparison) signs() map[changeOf]int {
	signs := map[changeOf]int{}
	for i := range c.Figures {
		for k, change := range c.Figures[i].Changes {
			signs[changeOf{c.Figures[i].Metric, k}] = signOf(change.Difference)
		}
	}
	return signs
}

const noData = 2

func signOf(v replicate.Number) int {
	switch {
	case math.IsNaN(float64(v)):
		return noData
	case v > 0:
		return 1
	case v < 0:
		return -1
	}
	return 0
}

// maxHeld limits the changes that the text lists.
const maxHeld = 8

// assumed says in sentences which changes keep their sign, and which limits their
// verdict.
func (c *Comparison) assumed() []string {
	a := c.Assumptions
	if a == nil {
		return nil
	}
	all, kept := 0, 0
	var turning []string
	for i := range c.Figures {
		f := &c.Figures[i]
		for k := range f.Changes {
			h := f.Changes[k].Held
			all++
			switch {
			case h.everywhere():
				kept++
			case f.rank < 2:
				turning = append(turning, fmt.Sprintf("%s, %s − A: keeps its sign in %s", f.Metric, Letter(k+1), h.words()))
			}
		}
	}
	tried := &Held{a.Settings, a.Settings, a.Joint, a.Joint}
	list := []string{fmt.Sprintf("What AWS does not publish: %d of %d differences keep their sign in all of %s.", kept, all, tried.tried())}
	for i := range c.Limits {
		l := &c.Limits[i]
		list = append(list, fmt.Sprintf("%s, %s: keeps its verdict in %s.", l.Limit, c.letterOf(l.Run), l.Held.words()))
	}
	for _, text := range turning[:min(len(turning), maxHeld)] {
		list = append(list, text+".")
	}
	if more := len(turning) - maxHeld; more > 0 {
		list = append(list, fmt.Sprintf("%d more are in the JSON.", more))
	}
	if a.Incomplete {
		list = append(list, "Not everything was tried to the end.")
	}
	return list
}

// tried writes how many settings and combinations were tried.
func (h *Held) tried() string {
	s := fmt.Sprintf("%s settings", wording.Count(int64(h.Of)))
	if h.JointOf > 0 {
		s += fmt.Sprintf(" and %s combinations", wording.Count(int64(h.JointOf)))
	}
	return s
}
