package ses_test

import (
	"math/big"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sesim/sim/proptest"
	"sesim/sim/rules"
	"sesim/sim/ses"
)

// slowBucket is the token bucket in exact fractions.
type slowBucket struct {
	rules          rules.Rate
	rate           int64
	level, ceiling *big.Rat
	last           time.Duration
}

func newSlowBucket(rate int64, r rules.Rate) *slowBucket {
	b := &slowBucket{rules: r, rate: rate, ceiling: big.NewRat(r.BurstSeconds*rate, 1)}
	b.level = b.ceiling
	return b
}

func least(a, b *big.Rat) *big.Rat {
	if a.Cmp(b) < 0 {
		return a
	}
	return b
}

// at moves on to now and returns the tokens there are.
func (b *slowBucket) at(now time.Duration) *big.Rat {
	gain := new(big.Rat).Mul(big.NewRat(int64(now-b.last), int64(time.Second)), big.NewRat(b.rate, 1))
	b.level, b.last = least(gain.Add(gain, b.level), b.ceiling), now
	return b.level
}

func (b *slowBucket) setRate(now time.Duration, rate int64) {
	b.at(now)
	b.rate, b.ceiling = rate, big.NewRat(b.rules.BurstSeconds*rate, 1)
	b.level = least(b.level, b.ceiling)
}

func (b *slowBucket) admits(now time.Duration, n int64) bool {
	level, need := b.at(now), big.NewRat(1, 1)
	if !b.rules.Debt {
		need = least(big.NewRat(n, 1), b.ceiling)
	}
	if level.Cmp(need) < 0 {
		return false
	}
	b.level = new(big.Rat).Sub(level, big.NewRat(n, 1))
	if !b.rules.Debt && b.level.Sign() < 0 {
		b.level = new(big.Rat)
	}
	return true
}

// thousandths returns the level in thousandths of a token, towards zero.
func (b *slowBucket) thousandths() int64 {
	l := new(big.Rat).Mul(b.level, big.NewRat(1000, 1))
	return new(big.Int).Quo(l.Num(), l.Denom()).Int64()
}

// TestRateAgainstExactTwin makes random calls under random rules and rates,
// a nanosecond around the moment at which a token is whole, and years apart.
func TestRateAgainstExactTwin(t *testing.T) {
	rates := rapid.OneOf(rapid.SampledFrom([]int64{1, 2, 3, 7, 14, 1_000_000}), rapid.Int64Range(1, 1000))
	proptest.Check(t, func(t *rapid.T) {
		set := ruleSet(t)
		set.Rate = rules.Rate{BurstSeconds: rapid.Int64Range(1, 10).Draw(t, "burst"), Debt: rapid.Bool().Draw(t, "debt")}
		rate := rates.Draw(t, "rate")
		twin := newSlowBucket(rate, set.Rate)
		a := ses.NewAccount(ses.Spec{Quota: -1, Rate: rate}, set, nil)
		now := time.Duration(0)
		for range rapid.IntRange(1, 60).Draw(t, "calls") {
			whole := time.Second / time.Duration(rate)
			now += rapid.OneOf(
				rapid.SampledFrom([]time.Duration{0, 0, 1, whole, whole + 1, 5 * whole, time.Second - 1, time.Second, 59 * time.Second, 64 * time.Second, 3 * year}),
				rapid.Map(rapid.Int64Range(0, int64(3*time.Second)), func(n int64) time.Duration { return time.Duration(n) }),
			).Draw(t, "gap")
			if rapid.IntRange(0, 9).Draw(t, "change the rate") == 0 {
				rate = rates.Draw(t, "rate")
				twin.setRate(now, rate)
				a.SetRate(now, rate)
			}
			n := rapid.Int64Range(1, ses.MaxRecipients).Draw(t, "recipients")
			if got, want := a.Admit(now, to(n)) == ses.Accepted, twin.admits(now, n); got != want {
				t.Fatalf("at %v a call to %d at %d a second: accepted %v, want %v; level %v", now, n, rate, got, want, twin.level)
			}
			if got, want := a.Meters(now).Tokens, twin.thousandths(); got != want {
				t.Fatalf("at %v: %d thousandths of a token, want %d", now, got, want)
			}
		}
	})
}
