package replicate_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"sesim/sim/replicate"
)

// experiments is how many independent experiments a coverage is counted over.
// A sound interval of 95% holds the truth in 93.5% to 96.5% of them with a
// probability of 97%; the seeds are fixed, so that the tests do not depend on
// luck.
const experiments = 1000

// TestCoverage draws samples from distributions whose mean, median or
// probability is known, and counts how many intervals hold it. Samples for
// probabilities are large enough for the steps of the binomial distribution
// to be small; TestProportionCoverage has the others.
func TestCoverage(t *testing.T) {
	for i, c := range []struct {
		name   string
		sample int
		draw   func(r *rand.Rand) float64
		of     func(values []float64, confidence float64) replicate.Interval
		truth  float64
	}{
		{"mean, normal, few", 5, normal, replicate.Mean, 0},
		{"mean, normal", 30, normal, replicate.Mean, 0},
		{"mean, uniform", 20, uniform, replicate.Mean, 0.5},
		{"mean, exponential", 200, exponential, replicate.Mean, 1},
		{"mean, Poisson", 50, poisson, replicate.Mean, 3},
		{"median, normal, few", 10, normal, replicate.Median, 0},
		{"median, normal", 51, normal, replicate.Median, 0},
		{"median, uniform", 20, uniform, replicate.Median, 0.5},
		{"median, exponential", 30, exponential, replicate.Median, math.Ln2},
		{"median, exponential, many", 200, exponential, replicate.Median, math.Ln2},
		{"probability of one in 50", 1000, chance(0.02), share, 0.02},
		{"probability of one in ten", 200, chance(0.1), share, 0.1},
		{"probability of a third", 150, chance(1. / 3), share, 1. / 3},
		{"probability of a half", 100, chance(0.5), share, 0.5},
		{"probability of nine in ten", 200, chance(0.9), share, 0.9},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(1, uint64(i)))
			held := 0
			for range experiments {
				values := make([]float64, c.sample)
				for k := range values {
					values[k] = c.draw(r)
				}
				if of := c.of(values, 0.95); of.Low <= c.truth && c.truth <= of.High {
					held++
				}
			}
			wantCovered(t, held)
		})
	}
}

// wantCovered checks that nominal 95% intervals held the truth as often as
// they promise.
func wantCovered(t *testing.T, held int) {
	t.Helper()
	if covered := float64(held) / experiments; covered < 0.935 || covered > 0.965 {
		t.Errorf("95%% intervals hold the truth in %.1f%% of %d experiments", 100*covered, experiments)
	}
}

func normal(r *rand.Rand) float64      { return r.NormFloat64() }
func uniform(r *rand.Rand) float64     { return r.Float64() }
func exponential(r *rand.Rand) float64 { return r.ExpFloat64() }

func poisson(r *rand.Rand) float64 { return distuv.Poisson{Lambda: 3, Src: r}.Rand() }

func chance(p float64) func(*rand.Rand) float64 {
	return func(r *rand.Rand) float64 {
		if r.Float64() < p {
			return 1
		}
		return 0
	}
}

// share is replicate.Proportion of the values that are 1.
func share(values []float64, confidence float64) replicate.Interval {
	hits := 0
	for _, v := range values {
		hits += int(v)
	}
	return replicate.Proportion(hits, len(values), confidence)
}

// TestProportionCoverage computes, without any luck, how often intervals for a
// probability hold it: Wilson's, which the package has, and Jeffreys', which
// it could have had. On average both keep what they promise; Wilson's is
// within 1.5 points of it for more probabilities, and falls less low.
func TestProportionCoverage(t *testing.T) {
	for _, n := range []int{20, 50, 100, 200} {
		wilson := coverages(n, func(k int) (float64, float64) {
			of := replicate.Proportion(k, n, 0.95)
			return of.Low, of.High
		})
		jeffreys := coverages(n, func(k int) (float64, float64) { return jeffreysInterval(k, n) })
		if math.Abs(wilson.mean-0.95) > 0.005 {
			t.Errorf("n = %d: Wilson's intervals hold %.4f on average, want 0.95", n, wilson.mean)
		}
		if wilson.least < jeffreys.least {
			t.Errorf("n = %d: Wilson's intervals hold %.4f at least, and Jeffreys' %.4f", n, wilson.least, jeffreys.least)
		}
		t.Logf("n = %3d: Wilson %v, Jeffreys %v", n, wilson, jeffreys)
	}
}

// coverage sums up how often intervals hold the truth over many probabilities.
type coverage struct {
	mean, least float64
	near        float64 // share of the probabilities with 93.5% to 96.5%
}

// coverages goes through probabilities from 2/n to 1/2.
func coverages(n int, interval func(hits int) (low, high float64)) coverage {
	of, count := coverage{least: 1}, 0.0
	for p := 2 / float64(n); p <= 0.5; p += 0.001 {
		held, outcomes := 0.0, distuv.Binomial{N: float64(n), P: p}
		for k := range n + 1 {
			if low, high := interval(k); low <= p && p <= high {
				held += outcomes.Prob(float64(k))
			}
		}
		count++
		of.mean += held
		of.least = min(of.least, held)
		if held >= 0.935 && held <= 0.965 {
			of.near++
		}
	}
	of.mean, of.near = of.mean/count, of.near/count
	return of
}

func jeffreysInterval(hits, n int) (low, high float64) {
	posterior := distuv.Beta{Alpha: float64(hits) + 0.5, Beta: float64(n-hits) + 0.5}
	low, high = posterior.Quantile(0.025), posterior.Quantile(0.975)
	if hits == 0 {
		low = 0
	}
	if hits == n {
		high = 1
	}
	return low, high
}
