package twin

import (
	"math/big"
	"time"
)

// bucket is a token bucket in exact fractions.
type bucket struct {
	level, most *big.Rat
	at          time.Duration
}

var one = big.NewRat(1, 1)

func newBucket(most *big.Rat) *bucket { return &bucket{level: most, most: most} }

// fill lets the bucket fill up to a time, by the given tokens per period.
func (b *bucket) fill(to time.Duration, tokens *big.Rat, per time.Duration) {
	gain := new(big.Rat).Mul(tokens, big.NewRat(int64(to-b.at), int64(per)))
	b.level, b.at = new(big.Rat).Add(b.level, gain), to
	b.spill()
}

func (b *bucket) spill() {
	if b.level.Cmp(b.most) > 0 {
		b.level = b.most
	}
}

// resize gives the bucket another size; what it holds stays, as far as it
// fits.
func (b *bucket) resize(most *big.Rat) {
	b.most = most
	b.spill()
}

func (b *bucket) take(tokens *big.Rat) { b.level = new(big.Rat).Sub(b.level, tokens) }

// needs is what a call takes where there is no debt: a token for each
// recipient, but never more than a full bucket.
func (b *bucket) needs(recipients int64) *big.Rat {
	if tokens := big.NewRat(recipients, 1); tokens.Cmp(b.most) < 0 {
		return tokens
	}
	return b.most
}
