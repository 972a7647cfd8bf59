package engine

import (
	"time"

	"sesim/sim"
	"sesim/sim/ses"
)

// # Certain refusals
//
// Where demand is far above the quota or the maximum send rate, nearly all calls are
// retries that are refused once more. While an account is paused, its quota is full or
// its bucket is empty, it is known until when it refuses: time alone changes nothing
// before. What is known holds until the account accepts a call or something else happens
// (world.changes). refuseAgain makes such retries one after the other, in the order of the
// event list: it counts them, adds them to the fingerprint, and schedules the next retry
// or gives the message up. callAgain, send and refuse do the same for every call and say
// what is right; they also make the first refused call for each reason, of which the
// result tells more.
//
// The event of a retry holds all that is needed; the call itself is somewhere in memory,
// and fetching it would take longer than everything else. Where more than the account
// decides, a sender's retries are made one by one (repeats). An observer of refused calls,
// a probe and Hooks.Undivided turn certain refusals off. TestCertainRefusals compares the
// two ways.

// certainty is what is certain of a sender's retries: before a moment, all are refused,
// unless something changes.
type certainty struct {
	until    time.Duration
	changes  uint64 // the world's when that was found out
	accepted int64  // the account's recipients then
	attempts int32  // after which the sender gives up
	reason   ses.Reason
	repeats  bool // nothing but the account and its identities decides them
}

// startCertain prepares certain refusals, if any sender tries again without a client.
func (w *world) startCertain() {
	if w.hooks.Undivided || w.hooks.Probe != nil || w.records.kinds.Has(sim.Refused) {
		return
	}
	for i := range w.senders {
		if !w.senders[i].repeats() {
			continue
		}
		if w.certain == nil {
			w.certain = make([]certainty, len(w.senders))
		}
		w.certain[i].repeats = true
	}
}

// repeats reports whether a sender makes retries that differ in the number of recipients
// only, as far as SES's decision goes.
func (a *senderState) repeats() bool {
	if a.spec.Retry.Attempts == 0 || a.port != nil || a.routes != nil {
		return false
	}
	return !a.invalid && a.spec.Malformed == 0 && a.each == nil && !a.audience.simulator
}

// ascertain finds out what is certain of a sender's retries from now on.
func (w *world) ascertain(a *senderState, c *certainty) {
	c.changes, c.accepted, c.until = w.changes, a.account.Accepted, 0
	dependsOnRecipients := len(a.failing) == 0 && !a.allCovered && w.sandboxed(a)
	if !c.repeats || dependsOnRecipients {
		return
	}
	reason, until := a.account.RefusesUntil(w.now, ses.Call{
		Invalid: a.setMissing(), Unverified: len(a.failing) > 0, SetPaused: a.set != nil && a.set.Paused(),
	})
	if reason == ses.Accepted || a.account.rules.calls[reason] == 0 {
		return
	}
	c.reason, c.until, c.attempts = reason, until, 0
	if a.spec.Retry.On[reason] {
		c.attempts = int32(a.spec.Retry.Attempts)
	}
}

// refuseAgain makes the retries that come next, before a moment, as long as they are
// certain to be refused. It returns false if the next one is not, or the next event is
// something else.
func (w *world) refuseAgain(before time.Duration) bool {
	events := w.counted.events
	var of refusedRetries
	at, e := w.events.FirstQueued(before)
	for e != nil && e.kind == evCall && e.to <= ses.MaxRecipients {
		if of.a == nil || e.owner != of.a.index {
			of.count(w)
			of = w.retriesOf(e.owner, at)
		}
		if at >= of.until {
			break
		}
		w.now = at
		of.calls++
		of.recipients += int64(e.to)
		of.print.add(at, e.ctr, fpRefused+uint64(of.reason))
		if int32(e.attempt) < of.attempts {
			wait := of.a.backoff.After(e.sent)
			e = w.events.Requeue(wait, at+wait)
			e.attempt++
			e.sent = wait
		} else {
			w.giveUpRetry(of.a)
		}
		at, e = w.events.FirstQueued(before)
	}
	of.count(w)
	return w.counted.events > events
}

// giveUpRetry gives up the message whose retry is the next event.
func (w *world) giveUpRetry(a *senderState) {
	_, e := w.events.Pop()
	c := w.calls.at(e.number)
	a.tally.Waiting -= int64(e.to)
	w.loseCall(a, c)
	w.calls.free(e.number)
}

// refusedRetries are retries of one sender, refused for one reason one after the other.
type refusedRetries struct {
	a *senderState // nil: there are none
	*certainty
	calls, recipients int64
	print             fingerprint // of the account
}

// retriesOf begins the retries of a sender at a moment.
func (w *world) retriesOf(sender int32, at time.Duration) refusedRetries {
	a, c := &w.senders[sender], &w.certain[sender]
	if c.changes != w.changes || c.accepted != a.account.Accepted {
		w.now = at
		w.ascertain(a, c)
	}
	return refusedRetries{a: a, certainty: c, print: a.account.print}
}

// count counts the retries.
func (r *refusedRetries) count(w *world) {
	if r.calls == 0 {
		return
	}
	a, acc := r.a, r.a.account
	w.counted.events += r.calls
	w.counted.admissions += r.calls
	w.counted.recipients += r.recipients
	a.tally.Requests += r.calls
	a.tally.Recipients += r.recipients
	a.countRefused(r.reason, r.calls, r.recipients)
	acc.rules.refusal(r.calls, r.reason, acc, a.set, a.spec.Delegated && !a.authorized, len(a.failing) > 0)
	acc.print = r.print
}
