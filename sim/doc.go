// Package sim is the contract of a run: what goes in (Config), what comes out
// (Result and its metrics), and what can be watched on the way (Hooks,
// Observer, Record). Scenarios build a Config, reports read a Result, and
// package engine turns the one into the other:
//
//	result, err := engine.Run(config, sim.Hooks{})
//
// A run replays synthetic senders against a model of Amazon SES on a virtual
// clock. It is a function: the same Config gives the same Result, to the last
// bit of its fingerprint, on any machine. Nothing under this package reads a
// clock, a file, the environment or a global source of random numbers. Time is
// an integer, nanoseconds since the scenario's epoch; shares are integers,
// parts per billion; no floating-point number decides anything.
//
// # Packages
//
//	unit        shares, rates, durations
//	fixed       logarithms and powers in integers
//	rng         a stream of random numbers for each entity and purpose
//	des         virtual clock: the event list, the merge and batches of arrivals
//	prefetch    memory requested ahead of its use
//	rules       the catalogue: rules with their sources, parameters, editions
//	ses         the service: admission, lists, reputation, production access
//	mailbox     the recipients: which exist, what becomes of an attempt
//	sender      the customer: arrivals, lists, backoff
//	client      the program that calls SES: workers, limiters, retries
//	engine      the run: it wires the packages above together
//	measure     tables over time, histograms, survival curves
//	criteria    thresholds and verdicts
//	replicate   many runs with different seeds: their figures with intervals
//	plan        values of keys that keep promises, searched for
//	assumptions on which unpublished values the verdicts rest
//	internal    what serves tests only: checkers, a second model, random scenarios
//
// Packages ses, mailbox, sender and client do not know each other, and this package
// does not know the engine.
//
// # The journey of one recipient
//
// A sender's arrivals (sender.Arrivals) say when its next message is due. Which
// sender is next is decided by a merge of all senders (des.Merge) or, where
// many send steadily, by a batch of their arrivals over a stretch of time ahead
// (des.Batch, batch.go). No message waits in the event list. When one is due,
// arrive takes its recipients off the sender's list (sender.List) and send
// makes the call:
//
//	identities   does the account cover From, and in the sandbox every recipient?
//	admission    ses.Account.Admit: pause, form, identities, rate, quota
//
// A refused call is counted, and scheduled in the event list if the sender
// retries (evCall). Of an accepted call, post takes each recipient on:
//
//	account list   suppressed: counts towards the quota, not the bounce rate
//	global list    suppressed: counts towards both
//	attempt        mailbox.Audience.Attempt: delivered, hard or soft bounce
//
// A delivery is counted in the frame in which it will happen, without an
// entry in the event list; a hard bounce, a retry after a soft bounce and a
// complaint go through the event list (handle.go). A hard bounce counts towards
// the bounce rate, strikes the address on the global list, enters it on the
// account's, and reaches the sender, which may take the address off its own
// list.
//
// At every evaluation interval tick lets each account compute its rates over
// the representative volume and change its enforcement status; each change is
// a line of the timeline, with the rule and the figures that caused it.
//
// # Draws
//
// The n-th recipient of a sender's m-th message takes number 64m+n of each of
// that sender's streams, whatever happened before. Two scenarios that differ
// only in a quota or a share therefore see the same random numbers: what
// differs in their results was caused by the key.
//
// # Vocabulary
//
// An email event is what SES publishes about mail; an event-list entry is
// what the engine has scheduled; a transition is a line of an account's
// timeline. Counts are recipients unless they say calls or messages.
//
// # Out of scope
//
// The content of mail, its authentication (SPF, DKIM, DMARC), dedicated
// addresses, tenants, money, and the network.
package sim
