// Package ses models the service: what becomes of a call to send, and of the
// account that makes it. It holds no clock and schedules nothing; every method
// takes the virtual time it needs, and the caller tells it what happened.
//
// # The order of checks
//
// Account.Admit decides a call in this order: pause, form of the call,
// identities, max send rate, sending quota. A call that is refused changes
// nothing. For a call that is accepted the caller asks, recipient by
// recipient, Account.Suppresses and GlobalList.Suppresses, and attempts
// delivery where neither does. That is the order of AWS's documentation as
// far as it is published; that identities come before rate and quota is an
// assumption.
//
// # The lists
//
// An address is a number that the caller gives out; the lists know no text.
// The caller also owns one byte for each address, in which the bits 4 and 5
// belong to this package: they tell at a glance that no list holds it.
//
// # Reputation
//
// Account counts eligible email, bounces and complaints in buckets of the
// evaluation interval; Evaluate walks back over the representative volume and
// moves the enforcement status.
//
// # Vocabulary
//
// Admission is the decision on a call. Throttled and rejected calls are
// refused; a suppressed recipient was accepted but not sent to. A strike is a
// hard bounce that counts towards the escalation of the global list; a stay
// is the time on it. Eligible email counts towards a rate.
//
// The package leaves out content, authentication, dedicated addresses and
// tenants.
package ses
