package measure

import (
	"cmp"
	"slices"
	"time"
)

// Step is one step of a survival curve: Survival is the estimated share of stays
// in a state that last longer than At. A stay that was still going on when the run
// ended is censored: only a lower bound of its length is known.
type Step struct {
	At       time.Duration
	AtRisk   int64 // stays known to have lasted until At
	Ended    int64 // of these, how many ended at At
	Censored int64 // of these, how many were censored at At
	Survival float64
}

// Survival is a Kaplan-Meier estimate of how long stays last; see Pooled.
type Survival struct {
	Steps    []Step // in order of At; one for each length that occurs
	Stays    int64
	Censored int64
	Max      time.Duration // the longest observed stay, ended or censored
}

// AddUp merges steps of the same length by adding their counts. It sorts the slice
// in place and reuses it.
func AddUp(steps []Step) []Step {
	slices.SortFunc(steps, func(a, b Step) int { return cmp.Compare(a.At, b.At) })
	sum := steps[:0]
	for _, step := range steps {
		if n := len(sum); n > 0 && sum[n-1].At == step.At {
			sum[n-1].Ended += step.Ended
			sum[n-1].Censored += step.Censored
			continue
		}
		sum = append(sum, step)
	}
	return sum
}

// Pooled estimates the survival curve of stays counted by length: it uses At, Ended
// and Censored of each step and fills in the rest. The steps may be in any order, but
// no two may have the same length. The slice is sorted in place and belongs to the
// result.
func Pooled(steps []Step) Survival {
	slices.SortFunc(steps, func(a, b Step) int { return cmp.Compare(a.At, b.At) })
	s := Survival{Steps: steps}
	for _, step := range steps {
		s.Stays += step.Ended + step.Censored
		s.Censored += step.Censored
		s.Max = step.At
	}
	surviving, risk := 1.0, s.Stays
	for i := range steps {
		step := &steps[i]
		step.AtRisk = risk
		surviving *= float64(risk-step.Ended) / float64(risk)
		step.Survival = surviving
		risk -= step.Ended + step.Censored
	}
	return s
}

// Quantile returns the q-quantile of the length of stays: the first length at which
// the curve falls to 1-q or below. If too many stays are censored for the curve to
// fall that far, it returns Max, which is a lower bound, and false.
func (s *Survival) Quantile(q float64) (time.Duration, bool) {
	const rounding = 1e-12 // error of the product of the steps
	for _, step := range s.Steps {
		if step.Survival <= 1-q+rounding {
			return step.At, true
		}
	}
	return s.Max, false
}
