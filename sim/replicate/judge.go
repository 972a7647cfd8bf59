package replicate

import (
	"math"
	"slices"

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
	Never     bool // what is timed never happens in some replication, so that the mean is infinite
}

// Judge returns the verdicts on the scenario's thresholds, in their order.
//
// A threshold with <, <=, > or >= is about the mean: it passes if the whole
// confidence interval of the mean satisfies it, fails if none of it does, and
// is inconclusive in between: more replications would decide. A threshold with
// == or != is about every single replication: it passes if it holds in all, and
// fails if it fails in one. No threshold passes if some replications have no
// data.
//
// In a replication in which an event never came, the time to it counts as the
// horizon. The mean is then a lower bound of the true one, so it can pass >
// and fail <, never the reverse. The same holds for the length so far of a
// campaign that the horizon cut. A campaign that lost mail is never done: one
// such replication makes the mean infinite.
//
// A single replication is judged like a single run.
func (s *Sample) Judge(confidence float64) []Judgement {
	list := make([]Judgement, len(s.Thresholds))
	for i := range s.Thresholds {
		list[i] = s.judge(i, confidence)
	}
	return list
}

func (s *Sample) judge(i int, confidence float64) Judgement {
	c := s.Thresholds[i]
	figure, _ := s.Figure(c.Metric, confidence)
	of := Judgement{Criterion: c, Kind: figure.Kind, Mean: figure.Mean}
	values, bounds, misses := s.Values(c.Metric), 0, 0 // bounds: replications of which only a lower bound is known
	for r, v := range values {
		data := !math.IsNaN(v)
		if !data {
			v = s.beyond[i][r]
			if v > 0 {
				bounds++
			}
			of.Never = of.Never || math.IsInf(v, 1)
		}
		switch c.Judge(v, data) {
		case criteria.Pass:
			of.Hits++
		case criteria.Fail:
			misses++
		}
	}
	of.Held = Proportion(of.Hits, s.n, confidence)
	switch known := figure.Mean.N; {
	case s.n == 1 || known == 0 || c.Op == criteria.Equal || c.Op == criteria.NotEqual:
		of.Verdict = single(of.Hits, misses, s.n)
	case of.Never:
		of.Mean = without(math.Inf(1), confidence, known+bounds)
		of.Verdict = c.Judge(of.Mean.Value, true)
		if of.Verdict == criteria.Pass && known+bounds < s.n {
			of.Verdict = criteria.Inconclusive
		}
	case bounds > 0 && known+bounds == s.n:
		of.Mean = Mean(bounded(values, s.beyond[i]), confidence)
		of.Verdict = lowerBound(c, of.Mean)
	default:
		of.Verdict = mean(c, of.Mean)
		if of.Verdict == criteria.Pass && known < s.n {
			of.Verdict = criteria.Inconclusive
		}
	}
	return of
}

// single returns the verdict on a criterion about every replication, which was
// met in some of them and missed in others.
func single(hits, misses, n int) criteria.Verdict {
	switch {
	case misses > 0:
		return criteria.Fail
	case hits == n && n > 0:
		return criteria.Pass
	}
	return criteria.Inconclusive
}

// mean returns the verdict on a criterion about a mean.
func mean(c criteria.Criterion, of Interval) criteria.Verdict {
	if !of.OK() {
		return criteria.Inconclusive
	}
	low, high := c.Judge(of.Low, true), c.Judge(of.High, true)
	if low != high {
		return criteria.Inconclusive
	}
	return low
}

// bounded returns the values, and what those without data exceed.
func bounded(values, beyond []float64) []float64 {
	list := slices.Clone(values)
	for i, v := range list {
		if math.IsNaN(v) {
			list[i] = criteria.Above(beyond[i])
		}
	}
	return list
}

// lowerBound returns the verdict on a criterion about a mean that is at least
// the estimated one.
func lowerBound(c criteria.Criterion, of Interval) criteria.Verdict {
	verdict := mean(c, of)
	rising := c.Op == criteria.Greater || c.Op == criteria.GreaterEqual
	if rising == (verdict == criteria.Pass) {
		return verdict
	}
	return criteria.Inconclusive
}
