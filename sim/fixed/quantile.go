package fixed

import (
	"math/bits"
	"sort"
)

// Limits of the parameters of Beta and Gamma.
const (
	ParameterOne   = 1_000_000                    // a parameter of 1: parameters are in millionths
	LeastParameter = ParameterOne / 100           // 0.01
	MostParameter  = 1_000_000_000 * ParameterOne // 10^9
)

// Quantiles of a distribution are computed at the ends of cells cells, and interpolated
// in between. The cells cover all but 2^-tailBits of the probability at both ends.
const (
	cells    = 512
	tailBits = 40
)

// Distribution holds the quantiles of a continuous distribution.
type Distribution struct {
	below  [cells + 1]uint64 // probability below the end of a cell, times 2^64
	values [cells + 1]uint64 // at the end of a cell, in order
}

// At returns the quantile at u/2^64, which is interpolated: for a uniform u, a draw. It
// does not fall when u rises.
func (q *Distribution) At(u uint64) uint64 {
	i := max(sort.Search(cells, func(i int) bool { return q.below[i] > u })-1, 0)
	low, high := q.values[i], q.values[i+1]
	part, whole := u-min(q.below[i], u), q.below[i+1]-q.below[i]
	if part >= whole {
		return high
	}
	hi, lo := bits.Mul64(high-low, part)
	more, _ := bits.Div64(hi, lo, whole)
	return low + more
}

// Equal reports whether two distributions are the same, both of which may be nil.
func (q *Distribution) Equal(other *Distribution) bool {
	return q == other || q != nil && other != nil && *q == *other
}

// Beta returns the beta distribution with the parameters a and b. Its quantiles are
// times 2^62.
func Beta(a, b uint64) *Distribution {
	sum := a + b
	peak, _ := bits.Div64(a>>2, a<<62, sum) // a/(a+b), times 2^62
	s := shape{unit: Scale(One48, (halved(a+b)-halved(a)-halved(b))+halved(ParameterOne))}
	// In the logarithm of the odds, the density is t^a (1-t)^b up to a factor. Relative to
	// its peak it is, on the right, w + (1-w)2^-d to the power of -(a+b), times 2^(-bd),
	// where w is the share at the peak; on the left the same with a and 1-w.
	side := func(w, p, d uint64) uint64 {
		s := Scale(1<<62, -int64(d))
		return excess(p, d, sum, fallOf(w+MulDiv(1<<62-w, s, 1<<62)))
	}
	s.depth = func(d int64) uint64 {
		if d < 0 {
			return side(1<<62-peak, a, uint64(-d))
		}
		return side(peak, b, uint64(d))
	}
	s.value = func(d int64) uint64 {
		if d < 0 {
			x := MulDiv(peak, Scale(1<<62, d), 1<<62)
			return MulDiv(x, 1<<62, 1<<62-peak+x)
		}
		return MulDiv(peak, 1<<62, peak+MulDiv(1<<62-peak, Scale(1<<62, -d), 1<<62))
	}
	return s.quantiles()
}

// Gamma returns the gamma distribution with a shape parameter and a mean of 1. Its
// quantiles are in Q48.
func Gamma(k uint64) *Distribution {
	const log2e = 6653256548922161246 // times 2^62
	s := shape{unit: Scale(One48, halved(ParameterOne)-halved(k))}
	// In the logarithm of x, the density is x^k e^(-kx) up to a factor.
	s.value = func(d int64) uint64 { return Scale(One48, d) }
	s.depth = func(d int64) uint64 {
		x := Scale(One48, d)
		if d < 0 {
			return excess(k, uint64(-d), k, MulDiv(One48-x, log2e, 1<<62))
		}
		return excess(k, MulDiv(x-One48, log2e, 1<<62), k, uint64(d))
	}
	return s.quantiles()
}

// halved returns half the binary logarithm of a parameter, in Q48.
func halved(parameter uint64) int64 { return int64(Log2(parameter) / 2) }

// excess returns p*x - q*y for parameters p and q, where the difference is not negative
// but for rounding.
func excess(p, x, q, y uint64) uint64 {
	hi, lo := bits.Mul64(p, x)
	hi2, lo2 := bits.Mul64(q, y)
	lo, borrow := bits.Sub64(lo, lo2, 0)
	hi, borrow = bits.Sub64(hi, hi2, borrow)
	switch {
	case borrow != 0:
		return 0
	case hi >= ParameterOne:
		return 1<<63 - 1
	}
	d, _ := bits.Div64(hi, lo, ParameterOne)
	return min(d, 1<<63-1)
}

// fallOf returns the binary logarithm of 1/x in Q48, bit by bit, for x from 1 to 2^62
// times 2^62.
func fallOf(x uint64) uint64 {
	zeros := bits.LeadingZeros64(x)
	x <<= zeros // in [1,2), times 2^63
	var l uint64
	for range 48 {
		hi, lo := bits.Mul64(x, x)
		l <<= 1
		if hi >= 1<<63 {
			l |= 1
			x = hi
		} else {
			x = hi<<1 | lo>>63
		}
	}
	return uint64(zeros)<<48 - One48 - l
}

// shape is the density of a distribution with one peak over the distance d from the
// peak in octaves, Q48: it is 2^-depth times that of the peak, and the distribution's
// value there is value.
type shape struct {
	unit  uint64 // about the standard deviation of d
	depth func(d int64) uint64
	value func(d int64) uint64
}

// The distance is unit*(2^s - 2^-s): nodes are evenly spaced in s, dense about the peak
// and sparse in long tails. The integral over s has that factor's derivative.

// distance returns the distance at s.
func (f *shape) distance(s int64) int64 {
	up, down := Scale(1<<32, s), Scale(1<<32, -s)
	if up >= down {
		return int64(MulDiv(up-down, f.unit, 1<<32))
	}
	return -int64(MulDiv(down-up, f.unit, 1<<32))
}

// weight returns the density at s, times a constant.
func (f *shape) weight(s int64) uint64 {
	return Scale(1<<38, -int64(f.depth(f.distance(s)))) * (Scale(1<<14, s) + Scale(1<<14, -s)) >> 10
}

// end returns the s at which the density has fallen by tailBits, on the right (1) or on
// the left (-1).
func (f *shape) end(side int64) int64 {
	const step, most = 1 << 40, 13 << 8
	return side * step * int64(sort.Search(most, func(i int) bool {
		return f.depth(f.distance(side*step*int64(i))) >= tailBits<<48
	}))
}

// quantiles integrates the density by Simpson's rule.
func (f *shape) quantiles() *Distribution {
	var q Distribution
	var sums [cells + 1]uint64
	left, right := f.end(-1), f.end(1)
	at := func(node int64) int64 { return left + (right-left)/(2*cells)*node }
	from := f.weight(left)
	q.values[0] = f.value(f.distance(left))
	for i := range int64(cells) {
		to := f.weight(at(2*i + 2))
		sums[i+1] = sums[i] + from + 4*f.weight(at(2*i+1)) + to
		q.values[i+1] = f.value(f.distance(at(2*i + 2)))
		from = to
	}
	total := sums[cells]
	for i, sum := range sums {
		q.below[i] = ^uint64(0)
		if sum < total {
			q.below[i], _ = bits.Div64(sum, 0, total)
		}
	}
	return &q
}
