// Package ses models the service: the decision on a call to send, and the state of
// the account that makes it. It has no clock and schedules nothing: every method
// takes the virtual time it needs, and the caller reports what happened.
//
// # The order of checks
//
// Account.Admit checks a call in this order: pause, validity of the call,
// identities, maximum send rate, sending quota. A refused call changes nothing. For
// each recipient of an accepted call, the caller asks Account.ListSuppresses and
// GlobalList.Suppresses, and attempts delivery if neither list suppresses it. This is
// the order of AWS's documentation as far as it is published; that identities come
// before rate and quota is an assumption.
//
// # The lists
//
// The caller identifies addresses by numbers; the lists do not know their text. The
// caller also provides one byte per address, of which bits 4 and 5 belong to this
// package: while both are clear, the address is on no list.
//
// # Reputation
//
// Account counts eligible email, bounces and complaints in buckets of the evaluation
// interval. Evaluate computes the rates over the most recent buckets that cover the
// representative volume, and updates the enforcement status.
//
// # Vocabulary
//
// Admission is the decision on a call. Throttled and rejected calls are refused; mail
// to a suppressed recipient is accepted but not sent. A strike is a hard bounce that
// counts towards the escalation of the global list; a stay is the time an address is
// on it. Eligible email counts towards a rate.
//
// Out of scope: content, authentication, dedicated IP addresses and tenants.
package ses
