// Package sim replays a scenario of synthetic senders against a model of
// Amazon SES, on a virtual clock, and tells what becomes of their accounts.
//
//	result, err := sim.Run(config, sim.Hooks{})
//
// A run is a function: the same Config gives the same Result, to the last bit
// of its fingerprint, on any machine. Nothing under this package reads a
// clock, a file, the environment or a global source of random numbers. Time
// is an integer, nanoseconds since the scenario's epoch; shares are integers,
// parts per billion; no floating-point number decides anything.
//
// # The parts
//
//	unit      shares, rates, durations
//	fixed     logarithms and powers in integers
//	rng       a stream of random numbers for each entity and purpose
//	des       virtual clock: the event list, the merge and batches of arrivals
//	prefetch  memory asked for ahead of its use
//	rules     the catalogue: rules with their sources, parameters, editions
//	ses       the service: admission, lists, reputation, production access
//	mailbox   the recipients: which exist, what becomes of an attempt
//	sender    the customer: arrivals, lists, backoff
//	measure   tables over time, histograms, survival curves
//	criteria  thresholds and verdicts
//	replicate many runs with different seeds: their figures with intervals
//	plan      values of keys that keep promises, searched for
//	internal  what serves tests only: checkers, a second model, random scenarios
//
// Packages ses, mailbox and sender do not know each other. This package wires
// them together: world holds the state, run.go the loop, parts.go and apart.go
// several worlds, send.go the way of a call, burst.go a short way for plain
// mail, herd.go the arrivals of many senders, post.go the way of an accepted
// recipient, handle.go what happens to it later, identities.go what identities
// say of a sender, people.go what customers and AWS do, sets.go what customers
// do to configuration sets, clock.go what comes back at intervals.
//
// # The journey of one recipient
//
// A sender's arrivals (sender.Arrivals) say when its next message is due. Whose
// message is next says a merge of all senders (des.Merge) or, where many send
// steadily, a batch of their arrivals over a stretch of time ahead (des.Batch,
// herd.go). No message waits in the event list. When it is due, arrive takes
// its recipients off the sender's list (sender.List) and send makes the call:
//
//	identities   does the account cover From, and in the sandbox everybody?
//	admission    ses.Account.Admit: pause, form, identities, rate, quota
//
// A refused call is counted, and put into the event list once more if the
// sender retries (evCall). For an accepted one, post takes each recipient on:
//
//	account list   suppressed: counts towards the quota, not the bounce rate
//	global list    suppressed: counts towards both
//	attempt        mailbox.Audience.Attempt: delivered, hard or soft bounce
//
// A delivery is counted in the frame in which it will happen, without an
// entry in the event list; a hard bounce, a retry after a soft bounce and a
// complaint come back through it. A hard bounce counts towards the bounce
// rate, strikes the address on the global list, enters it on the account's,
// and reaches the sender, which may take the address off its own list.
//
// At every evaluation interval tick lets each account compute its rates over
// the representative volume and move its enforcement status; each move is a
// line of the timeline, with the rule and the figures that caused it.
//
// # Draws
//
// The n-th recipient of a sender's m-th message takes number 64m+n of each of
// that sender's streams, whatever happened before. Two scenarios that differ
// in a quota or a share therefore share their luck, and their difference is
// cause.
//
// # Vocabulary
//
// An email event is what SES publishes about mail; an event-list entry is
// what the engine has scheduled; a transition is a line of an account's
// timeline. Counts are recipients unless they say calls or messages.
//
// # Parts
//
// Accounts that share no audience, customer or delegate cannot meet: parts.go
// finds such parts of a scenario, and apart.go runs each in a world of its own,
// on all cores. Where somebody looks on, they meet at every sample, and
// order.go puts what they tell into the order of one world for all. Result and
// records are the same, byte for byte, on any number of cores and undivided.
//
// The package leaves out content, authentication of mail (SPF, DKIM, DMARC),
// dedicated addresses, tenants, money, and the network.
package sim
