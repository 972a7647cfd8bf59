package replicate

import (
	"fmt"
	"math"
)

// Rule determines the number of replications: at least Min, at most Max, and in
// between until the confidence interval of a metric's mean is no wider than
// HalfWidth on either side. If Max equals Min, the number is fixed. The rule is
// evaluated after each replication, in the order of their numbers.
//
// An interval at which sampling stops is slightly too narrow, because a small
// sample variance stops it early. Min keeps the effect small.
type Rule struct {
	Min, Max   int     // 1 <= Min <= Max
	Metric     string  // "" if Max equals Min
	HalfWidth  float64 // in the metric's unit, as in sim.Result.Value; positive
	Confidence float64 // of all intervals; default DefaultConfidence
}

// Fixed returns the rule for exactly n replications.
func Fixed(n int) Rule { return Rule{Min: n, Max: n, Confidence: DefaultConfidence} }

// DefaultConfidence is the default confidence of intervals.
const DefaultConfidence = 0.95

// DefaultMin is the default minimum number of replications of a rule that is
// not fixed.
const DefaultMin = 10

// Fixed reports whether the number of replications is fixed.
func (r Rule) Fixed() bool { return r.Min == r.Max }

// Done reports whether n replications are enough. Values are those of the
// metric, without the replications that have no data.
func (r Rule) Done(n int, values []float64) bool {
	return n >= r.Max || n >= r.Min && !r.Fixed() && r.Reached(values)
}

// Reached reports whether the interval of the mean is narrow enough. Fewer than
// two values have no interval: Reached returns false.
func (r Rule) Reached(values []float64) bool {
	half := Mean(values, r.Confidence).HalfWidth()
	return !math.IsNaN(half) && half <= r.HalfWidth
}

// Limits on a study.
const (
	MaxReplications = 100_000 // that a rule may ask for
	MaxCells        = 10_000  // of a sweep
)

// Check returns an error for a rule that no scenario can have.
func (r Rule) Check() error {
	switch {
	case r.Min < 1 || r.Min > r.Max || r.Max > MaxReplications:
		return fmt.Errorf("a rule asks for %d to %d replications, not for 1 to %d", r.Min, r.Max, MaxReplications)
	case !(r.Confidence > 0 && r.Confidence < 1): // also not a number
		return fmt.Errorf("a confidence of %v is not between 0 and 1", r.Confidence)
	case !r.Fixed() && !(r.HalfWidth > 0):
		return fmt.Errorf("a half width of %v is not positive", r.HalfWidth)
	}
	return nil
}
