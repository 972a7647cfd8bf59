package replicate

import (
	"math"
	"slices"
	"sort"
)

// Interval is an estimate with its confidence interval.
type Interval struct {
	Value      float64 // the estimate
	Low, High  float64 // NaN without an interval
	Confidence float64 // nominal confidence level, such as 0.95
	N          int     // sample size
	Method     string  // one of the Method constants
}

// The methods, as reports name them. MethodNone means that the sample is too
// small for an interval.
const (
	MethodMean       = "Student's t"
	MethodPaired     = "Student's t of paired differences"
	MethodProportion = "Wilson"
	MethodMedian     = "order statistics, interpolated"
	MethodNone       = "none: too few replications"
)

// OK reports whether there is an interval. If not, Low and High are NaN.
func (i Interval) OK() bool { return !math.IsNaN(i.Low) && !math.IsNaN(i.High) }

// HalfWidth returns the distance from Value to the farther end of the interval;
// NaN without an interval.
func (i Interval) HalfWidth() float64 { return max(i.High-i.Value, i.Value-i.Low) }

// Clip limits the interval to the range from least to most, which the estimated
// quantity cannot leave. Its coverage does not change.
func (i Interval) Clip(least, most float64) Interval {
	i.Low, i.High = min(max(i.Low, least), most), min(max(i.High, least), most)
	return i
}

// without returns an estimate without an interval.
func without(value, confidence float64, n int) Interval {
	return Interval{value, math.NaN(), math.NaN(), confidence, n, MethodNone}
}

// Mean estimates the mean of the distribution of the values. An interval needs
// two values; without values the estimate is NaN.
func Mean(values []float64, confidence float64) Interval {
	n := len(values)
	mean, variance := moments(values)
	if n < 2 {
		return without(mean, confidence, n)
	}
	half := float64(studentT(confidence, n-1) * math.Sqrt(variance/float64(n)))
	return Interval{mean, mean - half, mean + half, confidence, n, MethodMean}
}

// PairedMean estimates the mean of a minus b, whose values come from the same
// replications: what the two share, including random numbers, cancels out. It
// panics if the slices differ in length.
func PairedMean(a, b []float64, confidence float64) Interval {
	differences := make([]float64, len(a))
	for i, v := range a[:len(b)] {
		differences[i] = v - b[i]
	}
	of := Mean(differences, confidence)
	if of.OK() {
		of.Method = MethodPaired
	}
	return of
}

// moments returns the mean and the variance of a sample, in two passes: the
// values may be large and close together.
func moments(values []float64) (mean, variance float64) {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	n := float64(len(values))
	mean = sum / n
	squares := 0.0
	for _, v := range values {
		d := v - mean
		squares += float64(d * d)
	}
	return mean, squares / (n - 1)
}

// Proportion estimates the probability of an event that occurred in hits of n
// replications. An interval needs one replication; for n = 0 the estimate is
// NaN.
//
// The interval is Wilson's: the probabilities that a score test does not
// reject. The common normal approximation covers far less than its nominal
// confidence for rare events. Jeffreys' interval covers as well on average, but
// for rare events in small samples its coverage drops lower and varies more; a
// test of this package counts both. For an event never seen in n replications
// the interval ends at about 3.84/n at 95%. See Brown, Cai and DasGupta,
// Interval Estimation for a Binomial Proportion, Statistical Science 16 (2001).
func Proportion(hits, n int, confidence float64) Interval {
	return Wilson(float64(hits)/float64(n), n, confidence)
}

// Wilson returns Wilson's interval for a share, 0 to 1, of n independent trials; the share is
// that of any number of observations of which those of a trial depend on one another.
func Wilson(share float64, n int, confidence float64) Interval {
	if n < 1 {
		return without(math.NaN(), confidence, n)
	}
	size, z := float64(n), normal(confidence)
	square := z * z
	middle := (share + square/(2*size)) / (1 + square/size)
	half := float64(z / (1 + square/size) * math.Sqrt(share*(1-share)/size+square/(4*size*size)))
	of := Interval{share, middle - half, middle + half, confidence, n, MethodProportion}
	if share == 0 {
		of.Low = 0 // without rounding errors
	}
	if share == 1 {
		of.High = 1
	}
	return of
}

// Median estimates the median of the distribution of the values, whatever that
// is. The probability that the median lies between two order statistics is
// known exactly, but takes few values; the interval interpolates between two
// neighbouring pairs to come close to the nominal confidence. See Hettmansperger
// and Sheather, Confidence intervals based on interpolated order statistics,
// Statistics & Probability Letters 4 (1986). A sample whose widest pair covers
// less than the confidence is too small: 95% needs six values.
func Median(values []float64, confidence float64) Interval {
	n := len(values)
	if n == 0 {
		return without(math.NaN(), confidence, n)
	}
	sorted := slices.Sorted(slices.Values(values))
	median := (sorted[(n-1)/2] + sorted[n/2]) / 2
	d := outermost(n, confidence)
	if d == 0 {
		return without(median, confidence, n)
	}
	low, high := sorted[d-1], sorted[n-d]
	if 2*(d+1) <= n { // there is a narrower pair, which covers too little
		share := interpolation(n, d, confidence)
		low += float64(share * (sorted[d] - low))
		high -= float64(share * (high - sorted[n-d-1]))
	}
	return Interval{median, low, high, confidence, n, MethodMedian}
}

// outermost returns the largest d for which the median lies between the d-th
// smallest and the d-th largest of n values with the confidence; 0 for none.
func outermost(n int, confidence float64) int {
	return sort.Search(n/2, func(d int) bool { return held(n, d+1) < confidence })
}

// held returns the probability that the median lies between the d-th smallest
// and the d-th largest of n values: that neither fewer than d values nor more
// than n-d lie below it.
func held(n, d int) float64 { return 1 - 2*coinBelow(n, d) }

// interpolation returns how far to go from the d-th order statistic towards
// the next, from 0 to 1. The weights are Hettmansperger and Sheather's, which
// are right for a Laplace distribution and nearly so for others.
func interpolation(n, d int, confidence float64) float64 {
	wide, narrow := held(n, d), held(n, d+1)
	share := (wide - confidence) / (wide - narrow)
	return float64(n-d) * share / (float64(d) + float64(float64(n-2*d)*share))
}
