package replicate

import (
	"math"

	"sesim/sim/criteria"
)

// Judgement is a threshold with its verdict over replications.
type Judgement struct {
	Criterion criteria.Criterion
	Kind      criteria.Kind
	Mean      Interval // of the metric, over the replications with data
	Held      Interval // the share of the replications in which the threshold held
	Hits      int      // the number of those replications
	Verdict   criteria.Verdict
}

// Judge returns the verdicts on the scenario's thresholds, in their order.
//
// A threshold with <, <=, > or >= is about the mean: it passes if the whole
// confidence interval of the mean satisfies it, fails if none of it does, and
// is inconclusive in between: more replications would decide. A threshold with
// == or != is about every single replication: it passes if it holds in all, and
// fails otherwise. No threshold passes if some replications have no data.
//
// A single replication is judged like a single run.
func (s *Sample) Judge(confidence float64) []Judgement {
	list := make([]Judgement, len(s.Thresholds))
	for i, c := range s.Thresholds {
		list[i] = s.judge(c, confidence)
	}
	return list
}

func (s *Sample) judge(c criteria.Criterion, confidence float64) Judgement {
	figure, _ := s.Figure(c.Metric, confidence)
	of := Judgement{Criterion: c, Kind: figure.Kind, Mean: figure.Mean}
	values := s.Values(c.Metric)
	for _, v := range values {
		if c.Judge(v, !math.IsNaN(v)) == criteria.Pass {
			of.Hits++
		}
	}
	of.Held = Proportion(of.Hits, s.n, confidence)
	of.Verdict = verdict(c, of.Mean, of.Hits, s.n)
	if of.Verdict == criteria.Pass && of.Mean.N < s.n {
		of.Verdict = criteria.Inconclusive
	}
	return of
}

// verdict returns the verdict on a criterion that hits of n replications met,
// given the mean of its metric.
func verdict(c criteria.Criterion, mean Interval, hits, n int) criteria.Verdict {
	exact := c.Op == criteria.Equal || c.Op == criteria.NotEqual
	switch {
	case mean.N == 0:
		return criteria.Inconclusive
	case n == 1:
		return c.Judge(mean.Value, true)
	case exact && hits < mean.N:
		return criteria.Fail
	case exact:
		return criteria.Pass
	case !mean.OK():
		return criteria.Inconclusive
	}
	low, high := c.Judge(mean.Low, true), c.Judge(mean.High, true)
	if low != high {
		return criteria.Inconclusive
	}
	return low
}
