package plan

import (
	"slices"
	"sort"

	"sesim/sim"
	"sesim/sim/criteria"
)

// Sample judges promises on runs that are no part of a search. The zero value has no
// promises.
type Sample struct {
	promises []criteria.Promise
	runs     [][]observed // by promise, in order
}

// NewSample returns a sample without runs.
func NewSample(promises []criteria.Promise) *Sample {
	return &Sample{promises, make([][]observed, len(promises))}
}

// Add adds a run.
func (s *Sample) Add(cfg *sim.Config, r *sim.Result) {
	for p := range s.promises {
		v, data := r.Value(cfg, s.promises[p].Of.Metric)
		s.runs[p] = append(s.runs[p], observed{v, data})
	}
}

// Verdicts returns the verdicts on the promises, in their order.
func (s *Sample) Verdicts(confidence float64) []Verdict {
	list := make([]Verdict, len(s.promises))
	for p := range s.promises {
		list[p] = judge(&s.promises[p], s.runs[p], nil, confidence).Verdict
	}
	return list
}

// Near returns the choice with at most n of its values: from v, which is one of them, to
// the safe side as far as about twice or half of it.
func (c *Choice) Near(v int64, n int) Choice {
	last := int(c.Last())
	from := int64(sort.Search(last, func(k int) bool {
		if c.Largest {
			return c.At(int64(k)) <= v
		}
		return c.At(int64(k)) >= v
	}))
	to := from + int64(sort.Search(last-int(from), func(k int) bool { return far(c.At(from+int64(k)), v) }))
	near := *c
	near.Step, near.Values = 0, nil
	for k := range int64(n) {
		at := from + (to-from)*k/int64(max(n-1, 1))
		if value := c.At(at); len(near.Values) == 0 || value != near.Values[len(near.Values)-1] {
			near.Values = append(near.Values, value)
		}
	}
	if c.Largest { // they descend
		slices.Reverse(near.Values)
	}
	near.From, near.To = near.Values[0], near.Values[len(near.Values)-1]
	return near
}

// far reports whether a value is twice another, or half of it.
func far(a, b int64) bool { return min(a, b) <= max(a, b)/2 }
