package ses

import (
	"fmt"
	"time"

	"sesim/sim/rules"
	"sesim/sim/unit"
)

// MaxIdentities is the maximum number of identities of an account in a Region,
// regardless of their verification status. It cannot be raised (guide, service quotas).
const MaxIdentities = 10_000

// A pending verification fails after these times (guide, creating and verifying
// identities).
const (
	LinkExpires   = 24 * time.Hour // the link in the email to an address
	DomainExpires = 72 * time.Hour // the search for a domain's DNS records
)

// VerificationExpires returns how long after the request the verification of an identity
// fails.
func VerificationExpires(identity string) time.Duration {
	if _, isAddress := identityKey(identity); isAddress {
		return LinkExpires
	}
	return DomainExpires
}

// verification is the state of an identity whose verification was requested.
//
//	         ask               success
//	(none) -------> Pending -----------> Success
//	   ^             |   ^
//	   | Drop        v   | ask
//	   +----------- Failed
//
// Drop leads back from every status.
type verification struct {
	number uint64 // distinguishes it from one before the identity was deleted
	open   int    // number of requests that are still pending
}

// VerificationStatus is the verification status of an identity, as in the API (version
// 1, GetIdentityVerificationAttributes). No run has TemporaryFailure, which the API
// returns for DNS servers that do not answer.
type VerificationStatus string

// The statuses.
const (
	NotStarted          VerificationStatus = "NotStarted" // never requested
	VerificationPending VerificationStatus = "Pending"
	VerificationSuccess VerificationStatus = "Success"
	VerificationFailed  VerificationStatus = "Failed"
	TemporaryFailure    VerificationStatus = "TemporaryFailure"
)

// VerificationStatus returns the status of an identity. A verified identity stays
// verified while its verification is requested again.
func (a *Account) VerificationStatus(identity string) VerificationStatus {
	key, _ := identityKey(identity)
	v := a.asked[key]
	switch {
	case a.ids.Holds(identity):
		return VerificationSuccess
	case v == nil:
		return NotStarted
	case v.open > 0:
		return VerificationPending
	}
	return VerificationFailed
}

// Verify verifies an identity at once. It returns false if the account has
// MaxIdentities.
func (a *Account) Verify(now time.Duration, identity string) bool {
	if !a.admitIdentity(now, identity) {
		return false
	}
	a.ids.Verify(identity)
	a.Note(now, EventVerified, rules.IdentityVerify, identity)
	return true
}

// AskVerification begins the verification of an identity. It returns the number to pass
// to Settle, or false if the account has MaxIdentities.
func (a *Account) AskVerification(now time.Duration, identity string) (number uint64, asked bool) {
	if !a.admitIdentity(now, identity) {
		return 0, false
	}
	key, _ := identityKey(identity)
	v := a.asked[key]
	if v == nil {
		a.verifications++
		v = &verification{number: a.verifications}
		a.asked[key] = v
	}
	v.open++
	a.Note(now, EventVerificationPending, rules.IdentityVerify, identity)
	return v.number, true
}

// admitIdentity counts an identity if it is new. It returns false, with a note in the
// timeline, if the account may have no more.
func (a *Account) admitIdentity(now time.Duration, identity string) bool {
	if a.VerificationStatus(identity) != NotStarted {
		return true
	}
	if a.identities >= MaxIdentities {
		a.Note(now, EventVerificationRefused, rules.IdentityLimit,
			fmt.Sprintf("%s: 400 LimitExceededException; an account has at most %s identities in a Region", identity, unit.Grouped(MaxIdentities)))
		return false
	}
	a.identities++
	return true
}

// Settle ends the verification with the given number. It reports whether that verified
// the identity, which is not the case if it was deleted in the meantime.
func (a *Account) Settle(now time.Duration, identity string, number uint64, success bool) bool {
	key, _ := identityKey(identity)
	v := a.asked[key]
	if v == nil || v.number != number {
		return false
	}
	v.open--
	if !success {
		a.Note(now, EventVerificationFailed, rules.IdentityVerify, identity)
		return false
	}
	a.ids.Verify(identity)
	a.Note(now, EventVerified, rules.IdentityVerify, identity)
	return true
}

// Drop deletes an identity, whatever its status. It returns false if the account has no
// such identity.
func (a *Account) Drop(now time.Duration, identity string) bool {
	if a.VerificationStatus(identity) == NotStarted {
		a.Note(now, EventNotFound, rules.IdentityVerify, identity+": 404 NotFoundException; the account has no such identity")
		return false
	}
	key, _ := identityKey(identity)
	delete(a.asked, key)
	a.identities--
	a.ids.Drop(identity)
	a.Note(now, EventUnverified, rules.IdentityVerify, identity)
	return true
}
