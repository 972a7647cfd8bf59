package check

import (
	"math/big"
	"time"

	"sesim/sim"
	"sesim/sim/ses"
)

// rate replays the send-rate bucket of each account, exactly: in billionths of
// a token, of which a bucket gains its rate each nanosecond. The bucket starts
// full, refills at the max send rate up to its depth, admits a call while it
// holds a whole token and then loses one for each recipient.
type rate struct {
	cfg     *sim.Config
	found   *findings
	now     *present
	buckets []bucket // by account
}

// bucket is what one account may send at once.
type bucket struct {
	tokens int64         // in billionths
	at     time.Duration // when tokens was computed
	rate   int64         // tokens a second
	steps  int           // changes of the rate that are taken in
}

// token is a whole one, in billionths.
const token = 1_000_000_000

func newRate(cfg *sim.Config, found *findings, now *present) *rate {
	c := &rate{cfg: cfg, found: found, now: now, buckets: make([]bucket, len(cfg.Accounts))}
	for i := range c.buckets {
		per := cfg.Accounts[i].Rate
		c.buckets[i] = bucket{tokens: c.depth(per), rate: per}
	}
	return c
}

// depth is how much a bucket of that rate holds.
func (c *rate) depth(perSecond int64) int64 {
	return c.cfg.Rules.Rate.BurstSeconds * perSecond * token
}

// refill brings the bucket to time t.
func (c *rate) refill(b *bucket, t time.Duration) {
	elapsed, full := int64(t-b.at), c.depth(b.rate)
	if missing := full - b.tokens; missing <= 0 || b.rate > 0 && elapsed > missing/b.rate {
		b.tokens = full
	} else {
		b.tokens += elapsed * b.rate
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
			c.bad(r, "accepted %d recipients with %s tokens in the bucket", n, b)
		}
		c.take(b, n)
	case r.Reason == ses.RefusedRate && admitted:
		c.bad(r, "refused %d recipients for the send rate with %s tokens in the bucket", n, b)
	case r.Reason == ses.RefusedUnverified && c.cfg.Rules.Identity.AfterLimits && !admitted:
		c.bad(r, "refused as unverified, but the send rate is checked first, with %s tokens in the bucket", b)
	case r.Reason == ses.RefusedQuota && !admitted:
		c.bad(r, "refused for the quota, but the send rate is checked first, with %s tokens in the bucket", b)
	}
}

// meter compares what the record says of the bucket, in thousandths of a token.
func (c *rate) meter(r *sim.Record, b *bucket) {
	if r.Meters.MaxRate == 0 {
		return // it says nothing
	}
	const thousandth = token / 1000
	if off := b.tokens - r.Meters.Tokens*thousandth; off <= -thousandth || off >= thousandth || r.Meters.MaxRate != b.rate {
		c.bad(r, "the record says that the bucket holds %d thousandths of a token at %d a second; the records before it tell %s tokens at %d",
			r.Meters.Tokens, r.Meters.MaxRate, b, b.rate)
	}
}

// String writes how many tokens the bucket holds.
func (b *bucket) String() string { return big.NewRat(b.tokens, token).FloatString(9) }

// admits reports whether the bucket lets a call of n recipients pass: where
// it may go into debt, with a whole token; otherwise with n, or full where n
// are more than it holds.
func (c *rate) admits(b *bucket, n int64) bool {
	if c.cfg.Rules.Rate.Debt {
		return b.tokens >= token
	}
	return b.tokens >= min(n*token, c.depth(b.rate))
}

// take removes n tokens, without debt as many of them as there are.
func (c *rate) take(b *bucket, n int64) {
	b.tokens -= n * token
	if !c.cfg.Rules.Rate.Debt {
		b.tokens = max(b.tokens, 0)
	}
}

func (c *rate) bad(r *sim.Record, format string, args ...any) {
	c.found.add("rate", r.At, r.Account, "", format, args...)
}

func (c *rate) finish(*sim.Result) {}
