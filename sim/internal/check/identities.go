package check

import (
	"slices"
	"strings"

	"sesim/sim"
	"sesim/sim/ses"
)

// identities checks, call by call, that From and the other identities that a
// call names are verified, and that in the sandbox every recipient is, or
// belongs to the mailbox simulator. Mail on behalf of another account is
// bound by the sandbox of either.
type identities struct {
	cfg   *sim.Config
	found *findings
	now   *present
}

func newIdentities(cfg *sim.Config, found *findings, now *present) *identities {
	return &identities{cfg, found, now}
}

func (c *identities) observe(r *sim.Record) {
	if r.Kind != sim.Sent && r.Kind != sim.Refused {
		return
	}
	unverified := c.unverified(r)
	switch {
	case r.Kind == sim.Sent && unverified != "":
		c.found.add("identities", r.At, r.Account, unverified,
			"a call was accepted, but no identity of the account covers this address: %q", c.now.accounts[r.Account].identities)
	case r.Kind == sim.Refused && r.Reason == ses.RefusedUnverified && unverified == "":
		c.found.add("identities", r.At, r.Account, c.cfg.Senders[r.Sender].From,
			"a call was refused as unverified, but every address is covered by %q or needs no cover", c.now.accounts[r.Account].identities)
	case c.cfg.Rules.Identity.AfterLimits:
		// Rate and quota check that they did not refuse the call.
	case r.Kind == sim.Refused && (r.Reason == ses.RefusedRate || r.Reason == ses.RefusedQuota) && unverified != "":
		c.found.add("identities", r.At, r.Account, unverified,
			"a call was refused as %q, but identities are checked first and none covers this address", r.Reason)
	}
}

// unverified returns the first address of the call that fails the check.
func (c *identities) unverified(r *sim.Record) string {
	s := &c.cfg.Senders[r.Sender]
	if !c.now.mayUse(r.Account, r.Sender, s.From) {
		return s.From
	}
	for _, identity := range s.Checked {
		if !c.now.mayUse(r.Account, r.Sender, identity) {
			return identity
		}
	}
	a := &c.now.accounts[r.Account]
	sandbox := a.access == ses.Sandbox || s.Delegated && c.now.accounts[s.Owner].access == ses.Sandbox
	if !sandbox {
		return ""
	}
	for _, to := range r.Recipients {
		if isSimulator(c.cfg, to) {
			continue
		}
		if text := addressOf(c.cfg, to); !receives(c.cfg, a.identities, text) {
			return text
		}
	}
	return ""
}

// receives reports whether one of the identities lets an address receive mail
// in the sandbox: its domain, itself, or by the rules what its label is cut off
// from.
func receives(cfg *sim.Config, identities []string, address string) bool {
	if cfg.Rules.Sandbox.RecipientLabels {
		return coversAny(identities, address)
	}
	return slices.ContainsFunc(identities, func(identity string) bool {
		return sameIdentity(identity, address) || !strings.Contains(identity, "@") && covers(identity, address)
	})
}

func (c *identities) finish(*sim.Result) {}
