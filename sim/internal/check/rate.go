package check

import (
	"math/big"
	"time"

	"sesim/sim"
	"sesim/sim/ses"
)

// rate replays the send-rate bucket of each account in exact fractions. The
// bucket starts full, refills at the max send rate up to its depth, admits a
// call while it holds a whole token and then loses one for each recipient.
type rate struct {
	cfg     *sim.Config
	found   *findings
	now     *present
	buckets []bucket // by account
}

// bucket is what one account may send at once.
type bucket struct {
	tokens *big.Rat
	at     time.Duration // when tokens was computed
	rate   int64         // tokens a second
	steps  int           // changes of the rate that are taken in
}

func newRate(cfg *sim.Config, found *findings, now *present) *rate {
	c := &rate{cfg: cfg, found: found, now: now, buckets: make([]bucket, len(cfg.Accounts))}
	for i := range c.buckets {
		per := cfg.Accounts[i].Rate
		c.buckets[i] = bucket{tokens: c.depth(per), rate: per}
	}
	return c
}

// depth is how much a bucket of that rate holds.
func (c *rate) depth(perSecond int64) *big.Rat {
	return new(big.Rat).SetInt64(c.cfg.Rules.Rate.BurstSeconds * perSecond)
}

// refill brings the bucket to time t.
func (c *rate) refill(b *bucket, t time.Duration) {
	b.tokens.Add(b.tokens, new(big.Rat).Mul(big.NewRat(int64(t-b.at), int64(time.Second)), new(big.Rat).SetInt64(b.rate)))
	if full := c.depth(b.rate); b.tokens.Cmp(full) > 0 {
		b.tokens = full
	}
	b.at = t
}

func (c *rate) observe(r *sim.Record) {
	if r.Kind != sim.Sent && r.Kind != sim.Refused {
		return
	}
	b := &c.buckets[r.Account]
	for _, step := range c.now.accounts[r.Account].rates[b.steps:] {
		c.refill(b, step.at)
		b.rate = step.to
		b.steps++
	}
	c.refill(b, r.At)
	c.meter(r, b)
	n := int64(len(r.Recipients))
	admitted := c.admits(b, n)
	switch {
	case r.Kind == sim.Sent:
		if !admitted {
			c.bad(r, "accepted %d recipients with %s tokens in the bucket", n, b.tokens.FloatString(9))
		}
		c.take(b, n)
	case r.Reason == ses.RefusedRate && admitted:
		c.bad(r, "refused %d recipients for the send rate with %s tokens in the bucket", n, b.tokens.FloatString(9))
	case r.Reason == ses.RefusedUnverified && c.cfg.Rules.Identity.AfterLimits && !admitted:
		c.bad(r, "refused as unverified, but the send rate is checked first, with %s tokens in the bucket", b.tokens.FloatString(9))
	case r.Reason == ses.RefusedQuota && !admitted:
		c.bad(r, "refused for the quota, but the send rate is checked first, with %s tokens in the bucket", b.tokens.FloatString(9))
	}
}

// meter compares what the record says of the bucket, in thousandths of a token.
func (c *rate) meter(r *sim.Record, b *bucket) {
	if r.Meters.MaxRate == 0 {
		return // it says nothing
	}
	difference := new(big.Rat).Sub(new(big.Rat).Mul(b.tokens, big.NewRat(1000, 1)), new(big.Rat).SetInt64(r.Meters.Tokens))
	if difference.Abs(difference).Cmp(big.NewRat(1, 1)) >= 0 || r.Meters.MaxRate != b.rate {
		c.bad(r, "the record says that the bucket holds %d thousandths of a token at %d a second; the records before it tell %s tokens at %d",
			r.Meters.Tokens, r.Meters.MaxRate, b.tokens.FloatString(9), b.rate)
	}
}

// admits reports whether the bucket lets a call of n recipients pass: where
// it may go into debt, with a whole token; otherwise with n, or full where n
// are more than it holds.
func (c *rate) admits(b *bucket, n int64) bool {
	need := new(big.Rat).SetInt64(1)
	if !c.cfg.Rules.Rate.Debt {
		need.SetInt64(n)
		if full := c.depth(b.rate); need.Cmp(full) > 0 {
			need = full
		}
	}
	return b.tokens.Cmp(need) >= 0
}

// take removes n tokens, without debt as many of them as there are.
func (c *rate) take(b *bucket, n int64) {
	b.tokens.Sub(b.tokens, new(big.Rat).SetInt64(n))
	if !c.cfg.Rules.Rate.Debt && b.tokens.Sign() < 0 {
		b.tokens.SetInt64(0)
	}
}

func (c *rate) bad(r *sim.Record, format string, args ...any) {
	c.found.add("rate", r.At, r.Account, "", format, args...)
}

func (c *rate) finish(*sim.Result) {}
