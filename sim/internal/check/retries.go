package check

import (
	"time"

	"sesim/sim"
	"sesim/sim/ses"
)

// retries checks that SES tries a mail for as long as it should: no attempt is
// announced for later, and mail whose attempts all met a soft bounce comes back
// at exactly that moment, as what ended it.
type retries struct {
	cfg   *sim.Config
	found *findings
}

func newRetries(cfg *sim.Config, found *findings) *retries { return &retries{cfg, found} }

// retried are the soft bounces after which SES tries again.
var retried = map[ses.Bounce]bool{
	ses.TransientGeneral: true, ses.TransientMailboxFull: true, ses.TransientBlockedIP: true, ses.TransientDeferred: true,
}

func (c *retries) observe(r *sim.Record) {
	switch {
	case r.Kind == sim.Delayed:
		if last := c.last(r); r.Until > last {
			c.bad(r, "the next attempt is at %v, but the last may be at %v", r.Until, last)
		}
	case r.Kind == sim.SoftBounced && (retried[r.Bounce] || r.Bounce == ses.TransientCustomTimeout):
		c.end(r)
	}
}

// end checks the bounce after the last attempt.
func (c *retries) end(r *sim.Record) {
	if last := c.last(r); r.At != last {
		c.bad(r, "given up at %v, not at %v", r.At, last)
	}
	switch own := c.ofSet(r) < c.cfg.Rules.Retry.Horizon; {
	case own != (r.Bounce == ses.TransientCustomTimeout):
		c.bad(r, "%s, but that the configuration set sets an earlier end is %v", r.Bounce, own)
	case own && !retried[r.Met]:
		c.bad(r, "%s after %s, which SES does not retry", r.Bounce, r.Met)
	}
}

// last is when the last attempt may be.
func (c *retries) last(r *sim.Record) time.Duration {
	return r.SentAt + min(c.ofSet(r), c.cfg.Rules.Retry.Horizon)
}

// ofSet is how long a sender's configuration set lets SES try: longer than any
// horizon where it does not say.
func (c *retries) ofSet(r *sim.Record) time.Duration {
	if set := c.cfg.Senders[r.Sender].SetAt(r.Account); set > 0 {
		if own := c.cfg.Accounts[r.Account].Sets[set-1].MaxDelivery; own > 0 {
			return own
		}
	}
	return 1<<63 - 1
}

func (c *retries) bad(r *sim.Record, format string, args ...any) {
	c.found.add("retries", r.At, r.Account, addressOf(c.cfg, r.Address), format, args...)
}

func (c *retries) finish(*sim.Result) {}
