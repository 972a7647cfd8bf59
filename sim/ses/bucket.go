package ses

import (
	"time"

	"sesim/sim/rules"
)

// token is one token in the unit of a bucket's level, in which the bucket gains rate
// units per nanosecond.
const token = int64(time.Second)

// bucket is a token bucket for the maximum send rate. It may go into debt, as AWS
// describes: at one a second, a call with five recipients is accepted, and calls in
// the next five seconds are refused.
type bucket struct {
	rate     int64 // tokens a second
	capacity int64 // level when full
	level    int64 // at time last; negative in debt
	last     time.Duration
	debt     bool

	// In times, rounded to the safe side: how long a token takes, at most, and how far from
	// full the bucket may be while there is certain to be one.
	interval, slack time.Duration
}

// recovery is longer than any bucket takes to refill from the deepest debt: a
// capacity of 10 seconds and 50 tokens of debt, at one a second.
const recovery = 64 * time.Second

func newBucket(rate int64, p rules.Rate) bucket {
	b := bucket{debt: p.Debt}
	b.limit(rate, p)
	b.level = b.capacity
	return b
}

// limit sets the rate and what follows from it.
func (b *bucket) limit(rate int64, p rules.Rate) {
	b.rate, b.capacity = rate, p.BurstSeconds*rate*token
	if rate > 0 {
		b.interval = b.timeFor(token)
		b.slack = time.Duration((b.capacity - token) / rate)
	}
}

// timeFor returns how long the bucket takes to gain so much, rounded up.
func (b *bucket) timeFor(level int64) time.Duration {
	return time.Duration((level + b.rate - 1) / b.rate)
}

// full returns the moment from which the bucket is certain to be full, after a refill.
func (b *bucket) full() time.Duration { return b.last + b.timeFor(b.capacity-b.level) }

// setRate changes the rate from now on. The level is kept, up to the new capacity.
func (b *bucket) setRate(now time.Duration, rate int64, p rules.Rate) {
	b.refill(now)
	b.limit(rate, p)
	b.level = min(b.level, b.capacity)
}

func (b *bucket) refill(now time.Duration) { b.level, b.last = b.levelAt(now), now }

// levelAt returns what the level is after a refill.
func (b *bucket) levelAt(now time.Duration) int64 {
	elapsed := min(now-b.last, recovery)
	return min(b.level+int64(elapsed)*b.rate, b.capacity)
}

// admits reports whether a call with n recipients is allowed now. With debt, one
// token is enough; without, the call needs n tokens, or a full bucket if n exceed its
// capacity.
func (b *bucket) admits(now time.Duration, n int64) bool {
	b.refill(now)
	if b.debt {
		return b.level >= token
	}
	return b.level >= min(n*token, b.capacity)
}

// take removes n tokens. Without debt, the level does not go below zero.
func (b *bucket) take(n int64) {
	b.level -= n * token
	if !b.debt && b.level < 0 {
		b.level = 0
	}
}

// takeEach removes a token at each of the times, the latest of which comes first and which
// are certain to find one.
func (b *bucket) takeEach(at []time.Duration) {
	if len(at) == 0 || at[0]-b.last > recovery { // the products below might overflow
		for i := len(at) - 1; i >= 0; i-- {
			b.refill(at[i])
			b.level -= token
		}
		return
	}
	missing, last, rate := b.capacity-b.level, b.last, b.rate // missing, at last: what is gained since is not taken off
	for i := len(at) - 1; i >= 0; i-- {
		missing = max(missing, int64(at[i]-last)*rate) + token
	}
	b.level, b.last = b.capacity-missing+int64(at[0]-last)*rate, at[0]
}
