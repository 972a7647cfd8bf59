// Package rng gives every entity and purpose of a run its own stream of random
// numbers, all derived from one seed.
//
// A stream is a key; its n-th number is a hash of the key and n. A draw depends
// only on the seed, the entity, the purpose and its own number: an additional
// draw in one place changes no other, and two scenarios that differ in one sender
// draw the same numbers for all others.
//
// The generator is not suitable for cryptography.
package rng

import (
	"math/bits"
	"sync"
	"time"

	"sesim/sim/fixed"
	"sesim/sim/unit"
)

const (
	golden = 0x9e3779b97f4a7c15
	mixA   = 0xbf58476d1ce4e5b9
	mixB   = 0x94d049bb133111eb
)

// mix is the finalizer of splitmix64.
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * mixA
	x = (x ^ x>>27) * mixB
	return x ^ x>>31
}

// Key is a stream of random numbers.
type Key uint64

// Derive returns the stream of a named entity for a purpose.
func Derive(seed uint64, entity, name, purpose string) Key {
	return Of(seed, entity, name).For(purpose)
}

// Entity identifies an entity under a seed; its streams are derived from it.
type Entity uint64

// Of returns a named entity, for callers that need several of its streams.
func Of(seed uint64, entity, name string) Entity {
	return Entity(absorb(absorb(mix(seed+golden), entity), name))
}

// For returns the entity's stream for a purpose.
func (e Entity) For(purpose string) Key { return Key(absorb(uint64(e), purpose)) }

// absorb mixes a string into a hash.
func absorb(h uint64, text string) uint64 {
	for i := range len(text) {
		h = (h ^ uint64(text[i])) * 0x100000001b3
	}
	return mix(h + golden + uint64(len(text)))
}

// At returns the n-th number of the stream, uniform over 64 bits.
func (k Key) At(n uint64) uint64 { return k.Of(Numbered(n)) }

// Number is the number of a draw, scaled once for use with several streams.
type Number uint64

// Numbered returns the Number of the n-th draw.
func Numbered(n uint64) Number { return Number(n * golden) }

// Of returns the draw with the given number, uniform over 64 bits.
func (k Key) Of(n Number) uint64 { return mix(uint64(k) + uint64(n)) }

// Stream draws the numbers of a key in order.
type Stream struct {
	next Key // the stream's next number is At(0) of this key
}

// Stream returns a Stream that begins with the key's first number.
func (k Key) Stream() Stream { return Stream{k} }

// Next returns the next number, uniform over 64 bits.
func (s *Stream) Next() uint64 {
	u := mix(uint64(s.next))
	s.next += golden
	return u
}

// Back rewinds the stream by n numbers, which will be drawn again.
func (s *Stream) Back(n int) { s.next -= Key(n) * golden }

// Below returns a uniform number from 0 to n-1. n must be positive. The
// deviation from uniformity is less than n/2^64.
func (s *Stream) Below(n uint64) uint64 {
	hi, _ := bits.Mul64(s.Next(), n)
	return hi
}

// Mean is the mean time between arrivals of a Poisson process, in nanoseconds
// times 2^shift.
type Mean struct {
	scaled uint64
	shift  uint
}

// MeanOf returns the mean time between arrivals at rate r.
func MeanOf(r unit.Rate) Mean {
	shift := uint(bits.LeadingZeros64(uint64(r.Per))) - 1
	return Mean{uint64(r.Per) << shift / uint64(r.N), shift}
}

// Gap draws from the exponential distribution: the time to the next arrival of a
// Poisson process, rounded to the nearest nanosecond.
func (s *Stream) Gap(m Mean) time.Duration { return m.Gap(s.Next()) }

// Gap returns the exponential gap at the uniform number u.
func (m *Mean) Gap(u uint64) time.Duration {
	return time.Duration(fixed.Exponential(u, m.scaled, m.shift))
}

// Zipf draws n from 1 to limit with a weight of 1/n, by rejection: a candidate
// with the weight log2(1+1/n), which is a power of a uniform number, is accepted
// with the ratio of the two weights. Limit is at most 2^30.
func (s *Stream) Zipf(limit uint64) uint64 {
	span := fixed.Log2(limit + 1)
	for range 1000 {
		e, _ := bits.Mul64(span, s.Next())
		n := fixed.Scale(1<<16, int64(e)) >> 16
		n = min(max(n, 1), limit)
		switch u := s.Next() >> 16; {
		case u < zipfAlways, (u < zipfRarely || n < zipfSmall) && u < zipfRatio(n):
			return n
		}
	}
	return 1
}

// The ratio of the two weights falls from 1 to ln 2 as n grows. With these bounds few
// candidates need it; the divisions take longer than all else.
const (
	zipfAlways = fixed.One48 / 1000 * 692 // the least ratio is higher
	zipfRarely = fixed.One48 / 1000 * 699 // from zipfSmall on, all ratios are lower
	zipfSmall  = 64
)

// zipfRatio returns the ratio of the weights 1/n and log2(1+1/n) in Q48. Its maximum,
// 1, is at n = 1.
func zipfRatio(n uint64) uint64 {
	step := fixed.Log2(n+1) - fixed.Log2(n) // log2(1+1/n) in Q48
	if n >= 1<<12 {
		step = fixed.MulDiv(406082553034800, 2*n-1, 2*n*n) // (1/n - 1/2n²)/ln 2
	}
	keep := fixed.MulDiv(fixed.One48, 1, n) // 1/n in Q48
	return fixed.MulDiv(keep, fixed.One48, step)
}

// Spread draws durations from the distribution that a unit.Spread describes.
type Spread struct {
	quantiles *table // nil for a constant
	constant  time.Duration
}

// table holds the quantiles of a distribution at equal steps of probability.
type table [fixed.Quantiles + 1]time.Duration

// prepared caches the tables of spreads. A table depends only on its spread, and
// computing it takes longer than a small run, so that a thousand replications of a
// scenario share one.
var prepared struct {
	sync.Mutex
	tables map[distribution]*table
}

// distribution is what a table was computed from: a Spread, or a log-normal
// distribution with a floor.
type distribution struct {
	spread      unit.Spread
	floor, mean time.Duration
	sigma       int64
}

// maxPrepared limits the number of cached tables, of 16 KiB each.
const maxPrepared = 256

// NewSpread returns a Spread to draw from.
func NewSpread(s unit.Spread) Spread {
	if s.Constant() {
		return Spread{constant: s.Median}
	}
	return distribution{spread: s}.prepare()
}

// NewLogNormal returns a Spread to draw from: a constant floor and a log-normal time
// whose mean is mean-floor. sigma is the standard deviation of its logarithm in
// thousandths; with 0 all draws are the mean. The mean of the draws is exact to the
// nanosecond; beyond the quantile of 1/4096 there are none.
func NewLogNormal(floor, mean time.Duration, sigma int64) Spread {
	if sigma == 0 || mean <= floor {
		return Spread{constant: mean}
	}
	return distribution{floor: floor, mean: mean, sigma: sigma}.prepare()
}

// prepare returns a Spread with the table of the distribution.
func (d distribution) prepare() Spread {
	prepared.Lock()
	defer prepared.Unlock()
	q, ok := prepared.tables[d]
	if !ok {
		if len(prepared.tables) >= maxPrepared || prepared.tables == nil {
			prepared.tables = make(map[distribution]*table)
		}
		if d.sigma == 0 {
			q = quantiles(d.spread)
		} else {
			q = logNormal(d.floor, d.mean, d.sigma)
		}
		prepared.tables[d] = q
	}
	return Spread{quantiles: q}
}

// logNormal computes the table of a log-normal distribution above a floor. The
// quantiles of one with the median 1 are scaled so that the mean is right: between
// them draws are linear, so it is that of the trapezoids.
func logNormal(floor, mean time.Duration, sigma int64) *table {
	const log2e = 406082553034800 // in Q48
	var shape [fixed.Quantiles + 1]uint64
	area := uint64(0) // of twice the trapezoids
	for i := range shape {
		z := fixed.Normal(i)
		e := int64(fixed.MulDiv(uint64(max(z, -z)), uint64(sigma)*log2e/1000, 1<<32))
		if z < 0 {
			e = -e
		}
		shape[i] = fixed.Scale(1<<32, e)
		area += 2 * shape[i]
	}
	area -= shape[0] + shape[fixed.Quantiles]
	q := new(table)
	for i := range q {
		q[i] = floor + time.Duration(fixed.MulDiv(uint64(2*fixed.Quantiles)*shape[i], uint64(mean-floor), area))
	}
	return q
}

// quantiles computes the table of a spread.
func quantiles(s unit.Spread) *table {
	// z of the given tail, in Q32; the table has 2048 steps.
	tail := fixed.Normal(int(s.Tail) * fixed.Quantiles / 100)
	ratio := fixed.Log2(uint64(s.Upper)) - fixed.Log2(uint64(s.Median)) // log2 in Q48
	q := new(table)
	for i := range q {
		z := fixed.Normal(i)
		if z < 0 {
			e := fixed.MulDiv(ratio, uint64(-z), uint64(tail))
			q[i] = time.Duration(fixed.Scale(uint64(s.Median), -int64(e)))
		} else {
			e := fixed.MulDiv(ratio, uint64(z), uint64(tail))
			q[i] = time.Duration(fixed.Scale(uint64(s.Median), int64(e)))
		}
	}
	return q
}

// Draw returns the duration at the uniform number u.
func (s *Spread) Draw(u uint64) time.Duration {
	if s.quantiles == nil {
		return s.constant
	}
	const indexBits = 11
	i := u >> (64 - indexBits)
	low := s.quantiles[i]
	step := uint64(s.quantiles[i+1] - low)
	hi, _ := bits.Mul64(step, u<<indexBits)
	return low + time.Duration(hi)
}
