package client

import (
	"math/bits"
	"time"

	"sesim/sim/fixed"
)

// The constants of adaptive mode, which all AWS SDKs share: botocore
// retries/adaptive.py, Go aws/retry/adaptive_ratelimit.go, Java
// RateLimiterTokenBucket.
const (
	adaptiveLeast = Million / 2 // least rate of the bucket
	half          = 500 * time.Millisecond
	token         = 1_000_000_000 // of a level
	// longest is the time from a throttle beyond which the rate is limited by what is
	// measured, whatever CUBIC says.
	longest = 1000 * time.Second
)

// adaptive is the rate limiter of an SDK in adaptive mode. It is off until the first
// throttled answer; then each attempt takes a token of a bucket whose rate follows
// CUBIC. Rates are millionths of a call a second.
type adaptive struct {
	on       bool
	fill     int64 // rate of the bucket
	measured int64 // rate of the answers, smoothed

	level    int64 // of the bucket, in billionths of a token, at moment filled
	capacity int64
	filled   time.Duration

	count  int64         // answers since counted
	bin    time.Duration // half second in which count began
	most   int64         // rate at the last throttle
	failed time.Duration // when that was
	window time.Duration // how long after it CUBIC is back at most
}

// newAdaptive returns the limiter of an SDK client made at a moment.
func newAdaptive(now time.Duration) adaptive {
	return adaptive{bin: now / time.Second * time.Second, failed: now, filled: now, capacity: token}
}

// answer counts an answer.
func (a *adaptive) answer(now time.Duration, throttled bool) {
	a.measure(now)
	rate := int64(0)
	if throttled {
		a.most = a.measured
		if a.on {
			a.most = min(a.measured, a.fill)
		}
		a.on, a.failed, a.window = true, now, cubicWindow(a.most)
		rate = a.most * 7 / 10
	} else {
		rate = cubic(now-a.failed-a.window, a.most)
	}
	rate = min(rate, 2*a.measured)
	a.refill(now)
	a.fill = max(rate, adaptiveLeast)
	a.capacity = max(rate, Million) * (token / Million)
	a.level = min(a.level, a.capacity)
}

// measure counts an answer towards the measured rate.
func (a *adaptive) measure(now time.Duration) {
	a.count++
	bin := now / half * half
	if bin <= a.bin {
		return
	}
	rate := int64(fixed.MulDiv(uint64(a.count), Million*uint64(time.Second), uint64(bin-a.bin)))
	a.measured = (8*rate + 2*a.measured) / 10
	a.count, a.bin = 0, bin
}

// refill brings the level up to a moment.
func (a *adaptive) refill(now time.Duration) {
	gained := fixed.MulDiv(uint64(now-a.filled), uint64(a.fill), Million)
	a.level = min(a.level+int64(min(gained, uint64(a.capacity))), a.capacity)
	a.filled = now
}

// earliest returns when there is a token, if no answer comes before.
func (a *adaptive) earliest(now time.Duration) time.Duration {
	if !a.on {
		return now
	}
	a.refill(now)
	if a.level >= token {
		return now
	}
	hi, lo := bits.Mul64(uint64(token-a.level), Million)
	lo, carry := bits.Add64(lo, uint64(a.fill)-1, 0)
	q, _ := bits.Div64(hi+carry, lo, uint64(a.fill))
	return now + time.Duration(q)
}

// take takes a token at a moment at which there is one.
func (a *adaptive) take(now time.Duration) {
	if a.on {
		a.refill(now)
		a.level -= token
	}
}

// cubicWindow returns the cube root of 0.3/0.4 of a rate, in seconds.
func cubicWindow(rate int64) time.Duration {
	x := uint64(rate) * 3 / 4 // cubic micro-seconds times a million: its root counts hundredths of a second
	if x == 0 {
		return 0
	}
	return time.Duration(fixed.Scale(uint64(10*time.Millisecond)<<8, int64(fixed.Log2(x)/3)) >> 8)
}

// cubic returns 0.4 times the cube of a time in seconds, and most.
func cubic(since time.Duration, most int64) int64 {
	sign, x := int64(1), uint64(min(since, longest))
	if since < 0 {
		sign, x = -1, uint64(min(-since, longest))
	}
	square := fixed.MulDiv(x, x, uint64(time.Second))
	cube := fixed.MulDiv(square, x, uint64(time.Second)) // in billionths of a cubic second
	return most + sign*int64(cube/2500)
}
