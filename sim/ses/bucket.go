package ses

import (
	"time"

	"sesim/sim/rules"
)

// token is one token in the units of a bucket's level: the bucket gains rate
// units a nanosecond.
const token = int64(time.Second)

// bucket is the max send rate as a token bucket that may go into debt. AWS
// describes the debt: at one a second a call with five recipients is
// accepted, and the next five seconds refuse.
type bucket struct {
	rate     int64 // tokens a second
	capacity int64 // level when full
	level    int64 // at time last; below zero in debt
	last     time.Duration
	debt     bool
}

// recovery is longer than any bucket takes from the deepest debt to full: 10
// seconds' worth and 50 tokens at one a second.
const recovery = 64 * time.Second

func newBucket(rate int64, p rules.Rate) bucket {
	capacity := p.BurstSeconds * rate * token
	return bucket{rate: rate, capacity: capacity, level: capacity, debt: p.Debt}
}

// setRate changes the rate from now on; the level stays, up to what fits.
func (b *bucket) setRate(now time.Duration, rate int64, p rules.Rate) {
	b.refill(now)
	b.rate, b.capacity = rate, p.BurstSeconds*rate*token
	b.level = min(b.level, b.capacity)
}

func (b *bucket) refill(now time.Duration) {
	elapsed := min(now-b.last, recovery)
	b.level = min(b.level+int64(elapsed)*b.rate, b.capacity)
	b.last = now
}

// admits reports whether a call with n recipients may pass now. With debt one
// whole token is enough; without, the call needs n tokens, or a full bucket
// where n do not fit into it.
func (b *bucket) admits(now time.Duration, n int64) bool {
	b.refill(now)
	if b.debt {
		return b.level >= token
	}
	return b.level >= min(n*token, b.capacity)
}

// take removes n tokens; without debt the level stops at zero.
func (b *bucket) take(n int64) {
	b.level -= n * token
	if !b.debt && b.level < 0 {
		b.level = 0
	}
}
