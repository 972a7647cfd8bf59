package ses

import (
	"fmt"
	"time"

	"sesim/sim/rules"
	"sesim/sim/unit"
)

// MaxIdentities is the most identities that an account has in a Region,
// whatever became of their verification; it cannot be raised (guide, service
// quotas).
const MaxIdentities = 10_000

// The times after which a verification that has not succeeded has failed
// (guide, creating and verifying identities).
const (
	LinkExpires   = 24 * time.Hour // the link in the mail to an address
	DomainExpires = 72 * time.Hour // the search for a domain's records
)

// VerificationExpires returns how long after it was asked for the
// verification of an identity fails.
func VerificationExpires(identity string) time.Duration {
	if _, isAddress := identityKey(identity); isAddress {
		return LinkExpires
	}
	return DomainExpires
}

// verification is what becomes of an identity that somebody asked to verify.
//
//	         ask               success
//	(none) -------> Pending -----------> Success
//	   ^             |   ^
//	   | Drop        v   | ask
//	   +----------- Failed
//
// Drop leads back from every status.
type verification struct {
	number uint64 // tells it from one before the identity was dropped
	open   int    // how often it was asked for without an answer so far
}

// VerificationStatus is where an identity stands, in the words of the API
// (version 1, GetIdentityVerificationAttributes). The API also has
// TemporaryFailure, for DNS servers that do not answer, which a run has not.
type VerificationStatus string

// The statuses.
const (
	NotStarted          VerificationStatus = "NotStarted" // nobody has asked
	VerificationPending VerificationStatus = "Pending"
	VerificationSuccess VerificationStatus = "Success"
	VerificationFailed  VerificationStatus = "Failed"
	TemporaryFailure    VerificationStatus = "TemporaryFailure"
)

// VerificationStatus returns where an identity stands. One that is verified
// stays so while it is verified once more.
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

// Verify verifies an identity at once. It reports false where the account has
// as many as it may.
func (a *Account) Verify(now time.Duration, identity string) bool {
	if !a.admitIdentity(now, identity) {
		return false
	}
	a.ids.Verify(identity)
	a.Note(now, EventVerified, rules.IdentityVerify, identity)
	return true
}

// AskVerification begins the verification of an identity. It returns a number
// for Settle, and false where the account has as many identities as it may.
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

// admitIdentity counts an identity if it is new, or notes that the account may
// have no more.
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

// Settle ends the verification with that number. It reports whether the
// identity is verified by it; one that was dropped meanwhile is not.
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

// Drop deletes an identity, verified or not.
func (a *Account) Drop(now time.Duration, identity string) {
	if a.VerificationStatus(identity) == NotStarted {
		a.Note(now, EventNotFound, rules.IdentityVerify, identity+": 404 NotFoundException; the account has no such identity")
		return
	}
	key, _ := identityKey(identity)
	delete(a.asked, key)
	a.identities--
	a.ids.Drop(identity)
	a.Note(now, EventUnverified, rules.IdentityVerify, identity)
}
