// Package rng gives every entity and purpose of a run its own stream of random
// numbers, all derived from one seed.
//
// A stream is a key; its n-th number is a hash of key and n. A draw therefore
// depends on the seed, on whose draw it is, what it is for and its number, and
// on nothing else: an additional draw in one place moves nothing elsewhere,
// and two scenarios that differ in one sender share the luck of all others.
//
// The package leaves out cryptography.
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

// mix is the finaliser of splitmix64.
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * mixA
	x = (x ^ x>>27) * mixB
	return x ^ x>>31
}

// Key is a stream of random numbers.
type Key uint64

// Derive returns the stream for a purpose of a named entity.
func Derive(seed uint64, entity, name, purpose string) Key {
	return Of(seed, entity, name).For(purpose)
}

// Entity is whose streams are derived: an entity under a seed.
type Entity uint64

// Of returns a named entity, of which several streams are wanted.
func Of(seed uint64, entity, name string) Entity {
	return Entity(absorb(absorb(mix(seed+golden), entity), name))
}

// For returns the entity's stream for a purpose.
func (e Entity) For(purpose string) Key { return Key(absorb(uint64(e), purpose)) }

// absorb mixes a text into a hash.
func absorb(h uint64, text string) uint64 {
	for i := range len(text) {
		h = (h ^ uint64(text[i])) * 0x100000001b3
	}
	return mix(h + golden + uint64(len(text)))
}

// At returns the n-th number of the stream, uniform over 64 bits.
func (k Key) At(n uint64) uint64 { return k.Of(Numbered(n)) }

// Number is the number of a draw, ready for several streams.
type Number uint64

// Numbered returns the n-th.
func Numbered(n uint64) Number { return Number(n * golden) }

// Of returns the number of the stream that has the given one.
func (k Key) Of(n Number) uint64 { return mix(uint64(k) + uint64(n)) }

// Stream draws the numbers of a key one after the other.
type Stream struct {
	next Key // its number 0 is the key's next one
}

// Stream returns the key's numbers from the first on.
func (k Key) Stream() Stream { return Stream{k} }

// Next returns the next number, uniform over 64 bits.
func (s *Stream) Next() uint64 {
	u := mix(uint64(s.next))
	s.next += golden
	return u
}

// Back takes the last n numbers back: they are drawn again.
func (s *Stream) Back(n int) { s.next -= Key(n) * golden }

// Below returns a uniform number from 0 to n-1. n must be positive. The
// deviation from uniformity is below n/2^64.
func (s *Stream) Below(n uint64) uint64 {
	hi, _ := bits.Mul64(s.Next(), n)
	return hi
}

// Mean is the mean time between the arrivals of a Poisson process, ready for
// drawing: nanoseconds times 2^shift.
type Mean struct {
	scaled uint64
	shift  uint
}

// MeanOf returns the mean time between arrivals at rate r.
func MeanOf(r unit.Rate) Mean {
	shift := uint(bits.LeadingZeros64(uint64(r.Per))) - 1
	return Mean{uint64(r.Per) << shift / uint64(r.N), shift}
}

// Gap returns a draw of the exponential distribution: the time to the next
// arrival of a Poisson process, to the nearest nanosecond.
func (s *Stream) Gap(m Mean) time.Duration { return m.Gap(s.Next()) }

// Gap returns the time that belongs to the uniform number u.
func (m *Mean) Gap(u uint64) time.Duration {
	return time.Duration(fixed.Exponential(u, m.scaled, m.shift))
}

// Zipf draws n from 1 to limit with a weight of 1/n: a draw with the weight
// log2(1+1/n), which is a power of a uniform number, is kept with the ratio
// of the two weights.
func (s *Stream) Zipf(limit uint64) uint64 {
	span := fixed.Log2(limit + 1)
	for range 1000 {
		e, _ := bits.Mul64(span, s.Next())
		n := fixed.Scale(1<<16, int64(e)) >> 16
		n = min(max(n, 1), limit)
		// The weights' ratio is largest, 1, at n = 1.
		step := fixed.Log2(n+1) - fixed.Log2(n) // log2(1+1/n) in Q48
		if n >= 1<<12 {
			step = fixed.MulDiv(406082553034800, 2*n-1, 2*n*n) // (1/n - 1/2n²)/ln 2
		}
		keep := fixed.MulDiv(fixed.One48, 1, n) // 1/n in Q48
		if s.Next()>>16 < fixed.MulDiv(keep, fixed.One48, step) {
			return n
		}
	}
	return 1
}

// Spread draws durations from a unit.Spread by its quantiles.
type Spread struct {
	quantiles *table // nil for a constant
	constant  time.Duration
}

// table holds the quantiles of a distribution, in equal steps.
type table [fixed.Quantiles + 1]time.Duration

// prepared are the tables of spreads that runs have drawn from. A table is a
// function of its spread alone, and making one takes longer than a small run:
// those who run a scenario a thousand times make it once.
var prepared struct {
	sync.Mutex
	tables map[unit.Spread]*table
}

// maxPrepared bounds how many tables are kept, of 16 KiB each.
const maxPrepared = 256

// NewSpread prepares a distribution for drawing.
func NewSpread(s unit.Spread) Spread {
	if s.Constant() {
		return Spread{constant: s.Median}
	}
	prepared.Lock()
	defer prepared.Unlock()
	q, ok := prepared.tables[s]
	if !ok {
		if len(prepared.tables) >= maxPrepared || prepared.tables == nil {
			prepared.tables = make(map[unit.Spread]*table)
		}
		q = quantiles(s)
		prepared.tables[s] = q
	}
	return Spread{quantiles: q}
}

// quantiles computes the table of a spread.
func quantiles(s unit.Spread) *table {
	// z of the named tail, in Q32: the table has 2048 steps.
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

// Draw returns the duration that belongs to the uniform number u.
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

// Longest returns the longest duration that Draw can return.
func (s *Spread) Longest() time.Duration {
	if s.quantiles == nil {
		return s.constant
	}
	return s.quantiles[len(s.quantiles)-1]
}
