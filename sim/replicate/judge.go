package replicate

import (
	"math"

	"sesim/sim/criteria"
)

// Judgement is a threshold with what became of it over replications.
type Judgement struct {
	Criterion criteria.Criterion
	Kind      criteria.Kind
	Mean      Interval // of the metric, over the replications with data
	Held      Interval // the share of the replications in which the threshold held
	Hits      int      // how many those are
	Verdict   criteria.Verdict
}

// Judge judges the thresholds of the scenario, in their order.
//
// A threshold with an order (<, <=, >, >=) is about the mean: it passes where
// the whole interval about the mean satisfies it, fails where none of the
// interval does, and is inconclusive between: more replications would decide.
// A threshold that asks for an exact figure (==, !=) is about every single
// replication: it passes where it holds in all, and fails otherwise. Where
// some replications have no data nothing passes.
//
// One replication is judged as a plain run.
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

// verdict judges a criterion by the mean of a metric and by how many of n
// replications met it.
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
