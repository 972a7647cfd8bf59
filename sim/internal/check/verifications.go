package check

import (
	"slices"
	"strings"
	"time"

	"sesim/sim"
	"sesim/sim/ses"
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
		event := ses.EventVerified
		if v.fails {
			event = ses.EventVerificationFailed
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
	if !c.identities.ask(r.Account, a.Identity) {
		return r.Transition.Event == ses.EventVerificationRefused && strings.HasPrefix(r.Transition.Why, a.Identity+": ")
	}
	if r.Transition.Why != a.Identity {
		return false
	}
	if a.After <= 0 && !a.Fails {
		return r.Transition.Event == ses.EventVerified
	}
	limit := domainExpires
	if strings.Contains(a.Identity, "@") {
		limit = linkExpires
	}
	after := min(a.After, limit)
	if after < 0 {
		after = limit
	}
	c.verifications = append(c.verifications, verification{
		at: r.At + after, account: r.Account, identity: a.Identity, fails: a.Fails || a.After > limit,
	})
	return r.Transition.Event == ses.EventVerificationPending
}

// unverify checks that an identity which the account has is gone, together
// with whatever verification of it was under way, and that one which it has
// not is not found.
func (c *operations) unverify(a *sim.Action, r *sim.Record) bool {
	if !c.identities.drop(r.Account, a.Identity) {
		return r.Transition.Event == ses.EventNotFound && strings.HasPrefix(r.Transition.Why, a.Identity+": ")
	}
	c.verifications = slices.DeleteFunc(c.verifications, func(v verification) bool {
		return v.account == r.Account && sameIdentity(v.identity, a.Identity)
	})
	return r.Transition.Event == ses.EventUnverified && r.Transition.Why == a.Identity
}

// maxIdentities is the most identities that an account has.
const maxIdentities = 10_000

// known are the identities of each account, verified or not, in one spelling.
type known []map[string]bool

func newKnown(cfg *sim.Config) known {
	k := make(known, len(cfg.Accounts))
	for i := range cfg.Accounts {
		k[i] = map[string]bool{}
		for _, identity := range cfg.Accounts[i].Identities {
			k[i][spelt(identity)] = true
		}
	}
	return k
}

// ask adds an identity and reports whether the account may have it.
func (k known) ask(account int, identity string) bool {
	if !k[account][spelt(identity)] && len(k[account]) >= maxIdentities {
		return false
	}
	k[account][spelt(identity)] = true
	return true
}

// drop removes an identity and reports whether the account had it.
func (k known) drop(account int, identity string) bool {
	had := k[account][spelt(identity)]
	delete(k[account], spelt(identity))
	return had
}

// spelt writes an identity as all spellings of it are written: with its
// domain in lower case.
func spelt(identity string) string {
	if !strings.Contains(identity, "@") {
		return strings.ToLower(identity)
	}
	local, domain := split(identity)
	return local + "@" + domain
}
