package replicate

import "math"

// Rule says how many replications there are to be: Min at least, Max at most,
// and between them as many as it takes for the mean of a metric to be known to
// HalfWidth. With Max equal to Min it is a fixed number. It looks at the
// replications in the order of their numbers, one by one.
//
// Stopping at the moment at which an interval is narrow makes it a little too
// narrow: a lucky small variance stops early. Min keeps the effect small.
type Rule struct {
	Min, Max   int     // 1 <= Min <= Max
	Metric     string  // "" where Max equals Min
	HalfWidth  float64 // in the metric's unit, as sim.Result.Value has it; positive
	Confidence float64 // of every interval; 0.95 where nothing is said
}

// Fixed returns the rule for exactly n replications.
func Fixed(n int) Rule { return Rule{Min: n, Max: n, Confidence: DefaultConfidence} }

// DefaultConfidence is the confidence of intervals where nothing else is said.
const DefaultConfidence = 0.95

// DefaultMin is the least number of replications of a rule where nothing else
// is said.
const DefaultMin = 10

// Fixed reports whether the number of replications is known beforehand.
func (r Rule) Fixed() bool { return r.Min == r.Max }

// Done reports whether n replications are enough, when the metric's values in
// them are these; a replication without data has none.
func (r Rule) Done(n int, values []float64) bool {
	return n >= r.Max || n >= r.Min && !r.Fixed() && r.Reached(values)
}

// Reached reports whether the interval about the mean of the values is narrow
// enough. Fewer than two values have no interval, and never are.
func (r Rule) Reached(values []float64) bool {
	half := Mean(values, r.Confidence).HalfWidth()
	return !math.IsNaN(half) && half <= r.HalfWidth
}
