// Package fixed computes logarithms, powers and normal quantiles in fixed-point
// arithmetic. The functions of package math may round differently on different
// processors, and compilers may fuse a multiplication and an addition; the virtual
// time of an event must depend on neither.
//
// Q32 denotes a number scaled by 2^32, Q48 one scaled by 2^48.
package fixed

import (
	"math/big"
	"math/bits"
)

// One48 is 1 in Q48.
const One48 = 1 << 48

const (
	logBits = 11 // the table of logarithms has 2^11 steps per octave
	rootMax = 48 // fractional bits of an exponent that Scale uses
	steps   = rootMax / 8
)

var (
	logs   = logTable()
	roots  = rootTable()
	powers = powerTable()
)

// logTable returns log2(1+i/2^logBits) in Q48 by repeated squaring.
func logTable() [1<<logBits + 1]uint64 {
	var t [1<<logBits + 1]uint64
	for i := range 1 << logBits {
		x := uint64(1)<<63 + uint64(i)<<(63-logBits) // in [1,2), times 2^63
		var l uint64
		for range 48 {
			hi, lo := bits.Mul64(x, x)
			l <<= 1
			if hi >= 1<<63 { // the square is 2 or more
				l |= 1
				x = hi
			} else {
				x = hi<<1 | lo>>63
			}
		}
		t[i] = l
	}
	t[1<<logBits] = One48
	return t
}

// rootTable returns 2^(2^-k) times 2^62 for k = 1 to rootMax.
func rootTable() [rootMax + 1]uint64 {
	var t [rootMax + 1]uint64
	x := new(big.Int).Lsh(big.NewInt(1), 125) // 2 times 2^124
	for k := 1; k <= rootMax; k++ {
		x.Sqrt(x) // times 2^62
		t[k] = x.Uint64()
		x.Lsh(x, 62)
	}
	return t
}

// powerTable returns 2^(i/256^(k+1)) times 2^62 for k = 0 to 5 and i = 0 to 255.
func powerTable() [steps][256]uint64 {
	var t [steps][256]uint64
	for k := range t {
		t[k][0] = 1 << 62
		for i := 1; i < 256; i++ {
			last := bits.TrailingZeros(uint(i)) // the bit that comes last in power, too
			t[k][i] = product(t[k][i&(i-1)], roots[8*k+8-last])
		}
	}
	return t
}

// product multiplies two numbers below 2^63 that are scaled by 2^62.
func product(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	return hi<<2 | lo>>62
}

// Log2 returns the binary logarithm of x in Q48, and 0 for x = 0. It interpolates
// in a table; the error is below 5e-8.
func Log2(x uint64) uint64 {
	if x == 0 {
		return 0
	}
	return log2(x)
}

// log2 is Log2 for x above 0.
func log2(x uint64) uint64 {
	zeros := uint(bits.LeadingZeros64(x)) & 63 // the mask avoids a check of the shift
	m := x << zeros << 1                       // the fraction, times 2^64
	i := m >> (64 - logBits)
	rest := m << logBits >> 40 // times 2^24
	step := logs[i+1] - logs[i]
	return uint64(63-zeros)<<48 + logs[i] + step*rest>>24
}

// Exponential returns -ln((u+1)/2^64) times mean/2^shift, rounded to the nearest
// integer: for a uniform u, a draw from the exponential distribution. A result
// that overflows int64 is the largest int64. Shift is at most 63.
func Exponential(u, mean uint64, shift uint) int64 {
	const ln2 = 2977044472 // in Q32
	if u == ^uint64(0) {
		return 0
	}
	hi, lo := bits.Mul64(64*One48-log2(u+1), ln2)
	hi, lo = bits.Mul64(mean, hi<<16|lo>>48) // times 2^(32+shift)
	// One bit is kept for rounding. The masks avoid checks of the shifts.
	if drop := 31 + shift; drop >= 64 {
		lo, hi = hi>>(drop&63), 0
	} else {
		lo, hi = hi<<(-drop&63)|lo>>(drop&63), hi>>(drop&63)
	}
	if hi != 0 || lo == 1<<64-1 {
		return 1<<63 - 1
	}
	return int64((lo + 1) >> 1)
}

// Scale returns x times 2^(e/2^48), rounded down; e may be negative. A result that
// overflows int64 is the largest int64.
func Scale(x uint64, e int64) uint64 {
	whole, fraction := e>>48, uint64(e)&(One48-1)
	p := powerNear(fraction)
	low := scale(x, p-nearBy, whole)
	if low == scale(x, p+nearBy, whole) {
		return low
	}
	return scale(x, power(fraction), whole)
}

// ScaleExceeds reports whether Scale(x, e) is more than y. Unless they are nearly equal it
// takes a fraction of the time.
func ScaleExceeds(x uint64, e int64, y uint64) bool {
	whole, fraction := e>>48, uint64(e)&(One48-1)
	p := powerNear(fraction)
	if low := scale(x, p-nearBy, whole); low > y {
		return true
	}
	return scale(x, p+nearBy, whole) > y && Scale(x, e) > y
}

// power returns 2^(fraction/2^48) times 2^62, by one multiplication for each bit. Results
// are defined by it, with its rounding: it is below the true value by at most 289.
func power(fraction uint64) uint64 {
	p := uint64(1) << 62
	for k := 1; k <= rootMax && fraction != 0; k++ {
		if fraction&(1<<(48-k)) != 0 {
			p = product(p, roots[k])
			fraction &^= 1 << (48 - k)
		}
	}
	return p
}

// nearBy is more than powerNear differs from power. A root is too low by less than 2, and
// each product of two numbers from 2^62 to 2^63 loses less than 1, so that 48 bits lose
// less than 48*3 parts in 2^62, whatever the order, and five further products 5 more.
const nearBy = 512

// powerNear returns power but for nearBy, in six steps.
func powerNear(fraction uint64) uint64 {
	t := &powers
	high := product(t[0][fraction>>40&255], t[1][fraction>>32&255])
	middle := product(t[2][fraction>>24&255], t[3][fraction>>16&255])
	low := product(t[4][fraction>>8&255], t[5][fraction&255])
	return product(high, product(middle, low))
}

// scale returns x times p/2^62 times 2^whole, as Scale does.
func scale(x, p uint64, whole int64) uint64 {
	const most = 1<<63 - 1
	hi, lo := bits.Mul64(x, p) // times 2^62
	shift := 62 - whole
	switch {
	case shift >= 128:
		return 0
	case shift >= 64:
		return hi >> (shift - 64)
	case shift <= 0 && (hi != 0 || lo != 0):
		if -shift > 62 || hi != 0 || lo > most>>uint(-shift) {
			return most
		}
		return lo << uint(-shift)
	case shift <= 0:
		return 0
	}
	if hi>>shift != 0 {
		return most
	}
	return min(hi<<(64-shift)|lo>>shift, most)
}

// MulDiv returns a*b/c, rounded down, computed without intermediate overflow. A
// result that overflows int64 is the largest int64. c must not be 0.
func MulDiv(a, b, c uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	if hi >= c {
		return 1<<63 - 1
	}
	q, _ := bits.Div64(hi, lo, c)
	return min(q, 1<<63-1)
}

// MulDivAdd returns (a*b+more)/c, rounded down, as MulDiv does: with c/2 more it rounds a*b/c
// to the nearest, with c-1 more up.
func MulDivAdd(a, b, more, c uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	lo, carry := bits.Add64(lo, more, 0)
	if hi += carry; hi >= c {
		return 1<<63 - 1
	}
	q, _ := bits.Div64(hi, lo, c)
	return min(q, 1<<63-1)
}

// Quantiles is the number of steps that divide the unit interval in the table of
// normal quantiles.
const Quantiles = 2 * (len(normal) - 1)

// Normal returns the quantile of the standard normal distribution at i/Quantiles,
// in Q32, for i from 0 to Quantiles. At both ends, where it is infinite, it
// returns the quantile half a step inside.
func Normal(i int) int64 {
	if half := Quantiles / 2; i < half {
		return -normal[half-i]
	} else {
		return normal[i-half]
	}
}
