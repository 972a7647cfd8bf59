package measure

import (
	"cmp"
	"slices"
	"time"
)

// Stay is a stay in a state: how long, and whether it was still going on when
// the run ended, so that its true length is not known.
type Stay struct {
	Length   time.Duration
	Censored bool
}

// Step is one step of a survival curve: of the stays longer than At, the
// share Survival is estimated to go on.
type Step struct {
	At       time.Duration
	AtRisk   int64 // stays known to have lasted until At
	Ended    int64 // of these, how many ended at At
	Censored int64 // and how many were last seen at At
	Survival float64
}

// Survival is a Kaplan-Meier estimate of how long stays last.
type Survival struct {
	Steps    []Step // by At; one for each length that occurs
	Stays    int64
	Censored int64
	Max      time.Duration // the longest stay seen, ended or not
}

// KaplanMeier estimates the survival curve of stays. The order of the stays
// does not matter; the slice is sorted in place.
func KaplanMeier(stays []Stay) Survival {
	slices.SortFunc(stays, func(a, b Stay) int {
		switch {
		case a.Length != b.Length:
			if a.Length < b.Length {
				return -1
			}
			return 1
		case a.Censored == b.Censored:
			return 0
		case b.Censored:
			return -1
		}
		return 1
	})
	var steps []Step
	for i := 0; i < len(stays); {
		step := Step{At: stays[i].Length}
		for ; i < len(stays) && stays[i].Length == step.At; i++ {
			if stays[i].Censored {
				step.Censored++
			} else {
				step.Ended++
			}
		}
		steps = append(steps, step)
	}
	return Pooled(steps)
}

// AddUp adds the counts of steps of the same length. The slice is sorted in
// place.
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

// Pooled estimates the survival curve of stays that are counted by length: of
// each step At, Ended and Censored are used, and the rest is filled in. Steps
// of the same length are not allowed; their order does not matter. The slice
// is sorted in place and becomes the curve's.
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

// Quantile returns the length that the share q of the stays does not exceed:
// the first at which the curve falls to 1-q or below. Where too many stays are
// censored for the curve to fall so far it returns the longest stay seen,
// which is a lower bound, and false.
func (s *Survival) Quantile(q float64) (time.Duration, bool) {
	const rounding = 1e-12 // of the product of the steps
	for _, step := range s.Steps {
		if step.Survival <= 1-q+rounding {
			return step.At, true
		}
	}
	return s.Max, false
}
