package estimate

import (
	"fmt"
	"math"
	"strconv"

	"sesim/sim/fixed"
)

// Estimate is an estimated quantity with its interval.
type Estimate struct {
	Value, Low, High float64
	// K events in N trials; of a rate, N is the exposure in its unit of time, rounded.
	K, N   int64
	Method string // how the interval was found
	// Why the quantity is not identifiable: then it has no value and no interval. "" if it is.
	Unknown string
	Note    string // what readers must know besides
}

// Identifiable reports whether there is an estimate.
func (e *Estimate) Identifiable() bool { return e.Unknown == "" }

// unknown returns what is not identifiable, and why.
func unknown(format string, args ...any) Estimate {
	return Estimate{Unknown: fmt.Sprintf(format, args...)}
}

// The methods.
const (
	MethodShare   = "Jeffreys"
	MethodRate    = "gamma"
	MethodGroups  = "beta-binomial, maximum likelihood"
	MethodBound   = "upper bound"
	MethodPool    = "occupancy"
	MethodCounted = "counted"
	MethodFit     = "least absolute error"
)

// mostTrials is the largest number of trials of a beta distribution of package fixed.
const mostTrials = fixed.MostParameter/fixed.ParameterOne - 1

// Share estimates a probability from k events in n trials, with Jeffreys' interval.
func Share(k, n int64, confidence float64) Estimate {
	if n < 1 || k < 0 || k > n {
		return unknown("%d of %d", k, n)
	}
	e := Estimate{Value: float64(k) / float64(n), K: k, N: n, Method: MethodShare}
	if n > mostTrials { // a wider interval than need be
		k, n = int64(e.Value*mostTrials), mostTrials
	}
	e.Low, e.High = betaInterval(float64(k)+0.5, float64(n-k)+0.5, confidence)
	if k == 0 {
		e.Low = 0
	}
	if k == n {
		e.High = 1
	}
	return e
}

// Counted returns a share that is known: k of n.
func Counted(k, n int64) Estimate {
	if n < 1 {
		return unknown("%d of %d", k, n)
	}
	share := float64(k) / float64(n)
	return Estimate{Value: share, Low: share, High: share, K: k, N: n, Method: MethodCounted}
}

// Rate estimates a rate from k events in an exposure, by a gamma distribution of shape
// k+1/2.
func Rate(k int64, exposure, confidence float64) Estimate {
	if k < 0 || !(exposure > 0) {
		return unknown("no exposure")
	}
	shape := float64(k) + 0.5
	of := fixed.Gamma(parameter(shape))
	low, high := tails(confidence)
	e := Estimate{
		Value: float64(k) / exposure, Low: math.Ldexp(float64(of.At(low)), -48) * shape / exposure,
		High: math.Ldexp(float64(of.At(high)), -48) * shape / exposure, K: k, N: int64(math.Round(exposure)), Method: MethodRate,
	}
	if k == 0 {
		e.Low = 0
	}
	return e
}

// betaInterval returns the central interval of a beta distribution.
func betaInterval(a, b, confidence float64) (low, high float64) {
	of := fixed.Beta(parameter(a), parameter(b))
	from, to := tails(confidence)
	return math.Ldexp(float64(of.At(from)), -62), math.Ldexp(float64(of.At(to)), -62)
}

// parameter returns a parameter of package fixed, within its limits.
func parameter(x float64) uint64 {
	return uint64(min(max(math.Round(x*fixed.ParameterOne), fixed.LeastParameter), fixed.MostParameter))
}

// tails returns the ends of a central interval as shares of 2^64.
func tails(confidence float64) (low, high uint64) {
	low = uint64(math.Ldexp((1-confidence)/2, 64))
	return low, ^low
}

// Trials are the trials of a group and how many succeeded.
type Trials struct{ K, N int64 }

// Spread is how a share differs between groups: its beta distribution, by the
// beta-binomial.
type Spread struct {
	// A and B are the parameters; 0 where the groups differ no more than by chance.
	A, B float64
	// Phi is the Pearson statistic over its degrees of freedom: 1 where the groups differ
	// by chance only.
	Phi    float64
	Groups int // those with trials
}

// Between estimates the beta distribution of the shares of groups: by moments, then by
// maximum likelihood. The order of the groups does not matter to four digits.
func Between(groups []Trials) Spread {
	var k, n, squares float64
	s := Spread{}
	for _, g := range groups {
		if g.N > 0 {
			s.Groups++
			k, n, squares = k+float64(g.K), n+float64(g.N), squares+float64(float64(g.N)*float64(g.N))
		}
	}
	if s.Groups < 2 || k == 0 || k == n {
		return s
	}
	p, chi := k/n, 0.0
	for _, g := range groups {
		if g.N > 0 {
			d := float64(g.K) - float64(p*float64(g.N))
			chi += float64(d*d) / (float64(g.N) * p * (1 - p))
		}
	}
	freedom := float64(s.Groups - 1)
	s.Phi = Significant(chi/freedom, 4)
	size := (n - squares/n) / freedom
	correlation := (chi/freedom - 1) / (size - 1)
	if correlation <= 0 || size <= 1 {
		return s
	}
	sum := max(1/correlation-1, 0.1)
	at := climb([2]float64{math.Log(p / (1 - p)), math.Log(sum)}, func(x [2]float64) float64 {
		share, sum := 1/(1+math.Exp(-x[0])), math.Exp(x[1])
		return likelihood(groups, share*sum, (1-share)*sum)
	})
	share, sum := 1/(1+math.Exp(-at[0])), math.Exp(at[1])
	s.A, s.B = Significant(share*sum, 4), Significant((1-share)*sum, 4)
	return s
}

// likelihood returns the logarithm of the beta-binomial's likelihood, up to a constant.
func likelihood(groups []Trials, a, b float64) float64 {
	if a < 0.01 || b < 0.01 || a+b > 1e8 {
		return math.Inf(-1)
	}
	sum, of := 0.0, logBeta(a, b)
	for _, g := range groups {
		if g.N > 0 {
			sum += logBeta(a+float64(g.K), b+float64(g.N-g.K)) - of
		}
	}
	return sum
}

// logBeta returns the logarithm of the beta function.
func logBeta(a, b float64) float64 {
	x, _ := math.Lgamma(a)
	y, _ := math.Lgamma(b)
	z, _ := math.Lgamma(a + b)
	return x + y - z
}

// climb looks for the largest value of a function of two variables with one peak by
// compass search: steps that find nothing better are halved.
func climb(at [2]float64, f func([2]float64) float64) [2]float64 {
	best := f(at)
	for step, rounds := 0.5, 0; step > 1e-6 && rounds < 10_000; rounds++ {
		better := false
		for i := range at {
			for _, d := range [2]float64{step, -step} {
				to := at
				to[i] += d
				if value := f(to); value > best {
					at, best, better = to, value, true
					break
				}
			}
		}
		if !better {
			step /= 2
		}
	}
	return at
}

// Significant rounds to significant digits: the last bits of logarithms depend on the
// processor.
func Significant(x float64, digits int) float64 {
	y, _ := strconv.ParseFloat(strconv.FormatFloat(x, 'g', digits, 64), 64) // its own text
	return y
}
