package assumptions

import (
	"slices"

	"sesim/sim/criteria"
)

// Held returns in how many settings all verdicts hold, and how many were tried to the
// end.
func (o *Outcome) Held(list []Setting) (holds, of int) {
	for i := range list {
		if list[i].Verdicts == nil {
			continue
		}
		of++
		if slices.Equal(list[i].Verdicts, o.Own) {
			holds++
		}
	}
	return holds, of
}

// HeldOf returns in how many settings the verdict on a threshold holds, and how many
// were tried to the end.
func (o *Outcome) HeldOf(list []Setting, threshold int) (holds, of int) {
	for i := range list {
		if list[i].Verdicts == nil {
			continue
		}
		of++
		if list[i].Verdicts[threshold] == o.Own[threshold] {
			holds++
		}
	}
	return holds, of
}

// TurnsWith returns the indices of the parameters of which some value alone changes
// the verdict on a threshold.
func (o *Outcome) TurnsWith(threshold int) []int {
	var list []int
	for i := range o.Each {
		s := &o.Each[i]
		parameter := s.Choices[0].Parameter
		changes := s.Verdicts != nil && s.Verdicts[threshold] != o.Own[threshold]
		if changes && !slices.Contains(list, parameter) {
			list = append(list, parameter)
		}
	}
	return list
}

// Robust returns the verdict on a threshold that must pass in every setting: it fails
// if it fails in one, and passes if it passes in all and all were tried to the end.
func (o *Outcome) Robust(threshold int) criteria.Verdict {
	if o.Own[threshold] != criteria.Pass {
		return o.Own[threshold]
	}
	worst := criteria.Pass
	if o.Incomplete {
		worst = criteria.Inconclusive
	}
	for _, s := range slices.Concat(o.Each, o.Joint) {
		switch {
		case s.Verdicts == nil:
		case s.Verdicts[threshold] == criteria.Fail:
			return criteria.Fail
		case s.Verdicts[threshold] == criteria.Inconclusive:
			worst = criteria.Inconclusive
		}
	}
	return worst
}
