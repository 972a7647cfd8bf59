package compare

import (
	"math"

	"sesim/reports"
	"sesim/sim/replicate"
)

// Threshold is a threshold in all runs.
type Threshold struct {
	Expression string             `json:"expression"`
	Kind       string             `json:"kind"`
	Verdicts   []string           `json:"verdicts"` // one for each run; "" if it does not have the threshold
	Values     []replicate.Number `json:"values"`
	Changed    bool               `json:"changed"`

	runs []reports.Threshold // as each run has it
}

func (c *Comparison) addThresholds() {
	for _, s := range c.sides {
		for _, t := range s.Summary.Thresholds {
			c.addThreshold(t)
		}
	}
}

// addThreshold adds a threshold unless it is there already.
func (c *Comparison) addThreshold(t reports.Threshold) {
	for _, known := range c.Thresholds {
		if known.Expression == t.Expression {
			return
		}
	}
	all := Threshold{Expression: t.Expression, Kind: t.Kind}
	for _, s := range c.sides {
		of, value := reports.Threshold{}, math.NaN()
		for _, other := range s.Summary.Thresholds {
			if other.Expression == t.Expression {
				of = other
				break
			}
		}
		if of.Value != nil {
			value = *of.Value
		}
		all.runs = append(all.runs, of)
		all.Verdicts = append(all.Verdicts, of.Verdict)
		all.Values = append(all.Values, replicate.Number(value))
		all.Changed = all.Changed || of.Verdict != all.Verdicts[0]
	}
	c.Thresholds = append(c.Thresholds, all)
}
