package check

import (
	"slices"
	"strings"
	"time"

	"sesim/sim"
)

// The times after which a verification that has not succeeded has failed.
const (
	linkExpires   = 24 * time.Hour // the link in the mail that verifies an address
	domainExpires = 72 * time.Hour // the search for the records that verify a domain
)

// verification is one that was begun.
type verification struct {
	at       time.Duration // when it ends
	account  int
	identity string
	fails    bool
}

// verifies finds the verification that ends with the record.
func (c *operations) verifies(r *sim.Record) bool {
	if r.Kind != sim.Changed {
		return false
	}
	i := slices.IndexFunc(c.verifications, func(v verification) bool {
		event := eventVerified
		if v.fails {
			event = eventVerifyFailed
		}
		return v.account == r.Account && v.at == r.At && v.identity == r.Transition.Why && event == r.Transition.Event
	})
	if i >= 0 {
		c.verifications = slices.Delete(c.verifications, i, i+1)
	}
	return i >= 0
}

// verify checks that an identity is verified at once, or that its
// verification begins, which ends later: well, or because it has expired.
func (c *operations) verify(a *sim.Action, r *sim.Record) bool {
	if r.Transition.Why != a.Identity {
		return false
	}
	if a.After <= 0 && !a.Fails {
		return r.Transition.Event == eventVerified
	}
	limit := domainExpires
	if strings.Contains(a.Identity, "@") {
		limit = linkExpires
	}
	c.verifications = append(c.verifications, verification{
		at: r.At + min(max(a.After, 0), limit), account: r.Account, identity: a.Identity, fails: a.Fails || a.After > limit,
	})
	return r.Transition.Event == eventVerifying
}
