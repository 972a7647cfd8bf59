package engine

import (
	"math/bits"
	"time"

	"sesim/sim"
	"sesim/sim/fixed"
	"sesim/sim/mailbox"
	"sesim/sim/rules"
	"sesim/sim/sender"
	"sesim/sim/ses"
)

// eventKind is what an entry of the event list stands for.
type eventKind uint8

const (
	evCall        eventKind = iota // a refused call is tried again
	evBounce                       // a hard bounce in the SMTP dialogue
	evAsyncBounce                  // a hard bounce after a delivery
	evRetry                        // SES tries again after a soft bounce
	evGiveUp                       // SES gives up after soft bounces
	evExpire                       // the time is over that a configuration set gives SES
	evComplaint                    // a complaint reaches SES
	evLearn                        // the sender learns of a bounce or complaint
	evEnter                        // an entry in the account's list that comes later than its cause
	evForgive                      // a delivery resets the escalation
	evDelivery                     // a delivery that is not counted by frame
	evNotice                       // a delivery that the observer is to see
	evReply                        // an automatic reply, for the observer
	evDelayed                      // a failed attempt that was planned, for the observer
	evRequest                      // a production-access request
	evDecision                     // and AWS's answer
	evAction                       // an action of the scenario
	evAnswer                       // AWS's answer to an appeal
	evVerified                     // the end of a verification that an action began
	evWipe                         // a pause may have lasted long enough to empty the list
	evCheck                        // a sender with several accounts looks which it can use
)

// eventWords are the kinds as a Session tells what is next.
var eventWords = [...]string{
	evCall: "call tried again", evBounce: "hard bounce", evAsyncBounce: "hard bounce after a delivery", evRetry: "delivery tried again",
	evGiveUp: "end of delivery attempts", evExpire: "end of the time to deliver", evComplaint: "complaint",
	evLearn: "bounce or complaint reaches a sender", evEnter: "entry in an account's suppression list",
	evForgive: "end of an escalation", evDelivery: "delivery", evNotice: "delivery", evReply: "automatic reply",
	evDelayed: "delayed delivery", evRequest: "request for production access", evDecision: "answer to a request for production access",
	evAction: "action of the scenario", evAnswer: "answer to an appeal", evVerified: "end of a verification",
	evWipe: "a long pause may empty an account's suppression list", evCheck: "a sender looks which of its accounts are paused",
}

// String says what an event of the kind is.
func (k eventKind) String() string { return eventWords[k] }

// event is an entry of the event list.
type event struct {
	kind    eventKind
	bounce  ses.Bounce      // how a bounce is published; evNotice: that of mail that bounces later; evEnter: the cause
	attempt uint16          // evRetry, evDelayed, evNotice: the attempts before it; evCall: the calls before it
	follows bool            // evNotice, evReply: more will be told of this mail
	reason  ses.ListReasons // evEnter: of the entry
	to      uint16          // evCall: the message's recipients
	owner   int32           // a sender, or an account where the kind says so
	number  uint32          // an address of the audience, or an index
	ctr     uint64          // number of the recipient's draws; evCall: number of the message
	sent    time.Duration   // when SES accepted the mail; evCall: how long the sender has waited before it
}

// handle does what an event stands for.
func (w *world) handle(e event) {
	if e.kind != evNotice && e.kind != evReply && e.kind != evDelayed {
		w.counted.events++ // the observer does not change what is counted
	}
	switch e.kind {
	case evCall:
		w.callAgain(e)
	case evBounce, evAsyncBounce:
		w.bounce(&w.senders[e.owner], e)
	case evRetry:
		w.retry(&w.senders[e.owner], e)
	case evGiveUp:
		w.giveUp(&w.senders[e.owner], e)
	case evExpire:
		w.expire(&w.senders[e.owner], e)
	case evComplaint:
		w.complain(&w.senders[e.owner], e)
	case evLearn:
		a := &w.senders[e.owner]
		if a.list.Remove(e.number) && a.list.Left() == 0 {
			w.invalidatePaths()
		}
	case evEnter:
		w.enter(&w.senders[e.owner], e)
	case evForgive:
		a := &w.senders[e.owner]
		w.global.Forgive(w.now, a.account.region, a.audience.first+e.number)
	case evDelivery:
		a := &w.senders[e.owner]
		a.account.Delivered++
		a.tally.InFlight--
	case evNotice:
		a := &w.senders[e.owner]
		w.records.note(a, e.number, e.ctr, sim.Record{
			Kind: sim.Delivered, Rule: rules.MailDelivered, SentAt: e.sent, Follows: e.follows, Reads: deliveryReads(e),
		})
	case evDelayed:
		a := &w.senders[e.owner]
		w.tellDelayed(a, e, w.now, w.now+w.retryWait(a, e))
	case evReply:
		a := &w.senders[e.owner]
		w.records.note(a, e.number, e.ctr, sim.Record{
			Kind: sim.AutoReplied, Rule: rules.OutOfOffice, SentAt: e.sent, Follows: e.follows, Bounce: ses.TransientGeneral,
		})
	case evCheck:
		a := &w.senders[e.owner]
		w.checkAccounts(a)
		w.events.Push(w.now+a.spec.Accounts.Check, e)
	default:
		w.people.handle(e)
		w.invalidatePaths()
	}
}

// callAgain makes a call once more. It stays in its slot if it is to be tried yet again.
func (w *world) callAgain(e event) {
	c := w.calls.at(e.number)
	if w.people.answersNow(w.senders[e.owner].route(c.message).account.index) {
		w.events.Push(w.now, e)
		return
	}
	a := w.reroute(c)
	n := int64(len(c.recipients))
	a.tally.Waiting -= n
	a.tally.Requests++
	a.tally.Recipients += n
	c.attempt, c.wait = int(e.attempt), e.sent
	before := c.attempt
	if w.send(a, c); c.attempt == before {
		w.calls.free(e.number)
	}
}

// bounce is a hard bounce: it counts, and it lists the address. The kind of the event
// says how it came about.
func (w *world) bounce(a *senderState, e event) {
	acc, id := a.account, a.audience.first+e.number
	acc.HardBounced++
	a.tally.HardBounced++
	if e.kind == evAsyncBounce {
		acc.Delivered--
	} else {
		a.tally.InFlight--
	}
	acc.print.add(w.now, uint64(id), fpBounced)
	if w.records.takesMail(sim.HardBounced, a, e.number) {
		w.records.note(a, e.number, e.ctr, sim.Record{
			Kind: sim.HardBounced, Rule: rules.BounceHard, Async: e.kind == evAsyncBounce, SentAt: e.sent, Bounce: e.bounce, Reads: bounceReads(e),
		})
	}
	a.countBounce(e.number, e.sent)
	w.report(a, e.number, e.ctr)
	w.strike(a, e.number, e.ctr, rules.Reads{})
	if e.bounce != ses.PermanentGeneral || w.cfg.Rules.Account.AddOnGeneral {
		w.learn(a, e.number, e.ctr, ses.ListBounce, e.bounce)
	}
	w.publish(a, e.number, e.ctr, false)
}

// report notes when a hard bounce is published, if the sender may send to the address
// again.
func (w *world) report(a *senderState, n uint32, ctr uint64) {
	switch {
	case a.live:
		w.live.accounts[a.account.index].reported.Add(w.now, a.audience.first+n, w.now) // whoever listens is told at once
		return
	case !a.resends:
		return
	}
	home := a.home
	if home.reported == nil {
		home.reported = sender.NewReported(uint32(a.audience.spec.Most()))
	}
	home.reported.Add(w.now, n, w.now+w.delays.publish.Draw(a.draws.publish.At(ctr)))
	w.bits[a.audience.first+n] |= sender.Removed
}

// strike puts an address on the global list. reads are what its cause read.
func (w *world) strike(a *senderState, n uint32, ctr uint64, reads rules.Reads) {
	until, strikes, began := w.global.Strike(w.now, a.account.region, a.audience.first+n)
	if began {
		a.account.rules.escalations++
		w.records.noteStay(a, n, ctr, sim.Record{
			Kind: sim.ListedGlobal, Rule: rules.GlobalEscalation, Until: until, Strikes: strikes, Reads: reads,
		})
	}
}

// softEnd is the key of the ends of SES's patience among queued events. Those of calls to
// be tried again are the waits.
const softEnd = -1

// retryLater plans SES's attempts after a soft bounce. Those that are sure to
// meet the same are no events: only the first whose outcome is open enters the
// event list, or, where that would come after the limit, the end of SES's
// patience.
func (w *world) retryLater(e event) {
	a := &w.senders[e.owner]
	limit, bySet := w.cfg.Rules.Retry.Horizon, false
	if a.set != nil { // else the scenario is not at hand, and need not be asked
		limit, bySet = w.cfg.RetryLimitOf(a.spec.Account, a.spec.Set)
	}
	end := e.sent + limit
	sure := a.audience.SureUntil(e.number, e.sent, end, metBy(e.bounce))
	for failed := w.now; ; {
		at := failed + w.retryWait(a, e)
		if e.attempt == 255 || at > end {
			e.kind = evGiveUp
			if bySet {
				e.kind = evExpire
			}
			w.events.PushQueued(softEnd, end, e) // after the same time for all, except sets with their own
			return
		}
		w.tellDelayed(a, e, failed, at)
		e.attempt++
		if at >= sure {
			e.kind = evRetry
			w.events.Push(at, e)
			return
		}
		a.account.print.add(at, uint64(a.audience.first+e.number), fpDelayed)
		failed = at
	}
}

// tellDelayed tells the observer of an attempt that failed and when the next
// one is, at the time of the attempt. AWS says that each retry can be seen by
// such a record, so the last attempt, which no retry follows, leaves none.
func (w *world) tellDelayed(a *senderState, e event, failed, next time.Duration) {
	switch {
	case !w.records.takesMail(sim.Delayed, a, e.number):
	case failed > w.now:
		e.kind = evDelayed
		w.events.Push(failed, e)
	default:
		w.records.note(a, e.number, e.ctr, sim.Record{Kind: sim.Delayed, Rule: rules.BounceSoft, SentAt: e.sent, Until: next, Bounce: e.bounce})
	}
}

// retryWait is how long SES waits after an attempt that failed.
func (w *world) retryWait(a *senderState, e event) time.Duration {
	r := &w.retryWaits[min(int(e.attempt), len(w.retryWaits)-1)]
	return r.draw(a.draws.jitter.At(e.ctr<<8 | uint64(e.attempt)))
}

// retryWait is SES's wait after a failed attempt: from least on, uniform over
// spread.
type retryWait struct{ least, spread time.Duration }

// draw returns the wait that belongs to the uniform number u, a second at least.
func (r *retryWait) draw(u uint64) time.Duration {
	hi, _ := bits.Mul64(uint64(r.spread), u&^1)
	return max(r.least+time.Duration(hi), time.Second)
}

// retryWaits lists SES's waits after the first, second, … failed attempt; the
// last one repeats.
func retryWaits(p *rules.Retry) []retryWait {
	var waits []retryWait
	for _, wait := range retrySteps(p) {
		most := time.Duration(p.Jitter.Count(int64(wait))) // either way
		waits = append(waits, retryWait{least: wait - most, spread: 2 * most})
	}
	return waits
}

// retrySteps lists them without their variation.
func retrySteps(p *rules.Retry) []time.Duration {
	wait := p.First
	waits := []time.Duration{min(wait, p.Cap)}
	for wait < p.Cap && len(waits) < 256 {
		next := time.Duration(fixed.MulDiv(uint64(wait), uint64(p.Factor), 1000))
		if next <= wait {
			break
		}
		wait = next
		waits = append(waits, min(wait, p.Cap))
	}
	return waits
}

// retry is SES's next attempt.
func (w *world) retry(a *senderState, e event) {
	acc := a.account
	switch outcome := a.audience.Retry(e.number, w.now-e.sent, metBy(e.bounce)); outcome {
	case mailbox.Full, mailbox.Blocked, mailbox.Deferred, mailbox.NoSuchDomain:
		acc.print.add(w.now, uint64(a.audience.first+e.number), fpDelayed)
		w.retryLater(e)
	case mailbox.Delivered:
		a.tally.InFlight--
		w.deliver(a, e.number, e.ctr, e.sent, w.now)
	default:
		e.bounce = w.hardBounce(a, e.ctr, outcome)
		w.bounce(a, e)
	}
}

// giveUp is the bounce that SES publishes when it does not try again. A
// domain that does not exist is a soft bounce, or by the rules a hard one.
func (w *world) giveUp(a *senderState, e event) {
	if e.bounce == ses.TransientGeneral && w.cfg.Rules.Mail.DeadDomainPermanent {
		e.bounce = ses.PermanentGeneral
		w.bounce(a, e)
		return
	}
	w.bounceSoftly(a, e, sim.Record{Rule: rules.BounceSoft, Bounce: e.bounce})
}

// expire is the bounce that SES publishes at the end of the time that the
// mail's configuration set gives it. It tells nothing of the address, not even
// of one at a domain that does not exist.
func (w *world) expire(a *senderState, e event) {
	a.account.rules.expired++
	w.bounceSoftly(a, e, sim.Record{Rule: rules.BounceTimeout, Bounce: ses.TransientCustomTimeout, Met: e.bounce})
}

// bounceSoftly counts and tells a soft bounce, of which r says the rest.
func (w *world) bounceSoftly(a *senderState, e event, r sim.Record) {
	a.account.SoftBounced++
	a.tally.SoftBounced++
	a.tally.InFlight--
	a.account.print.add(w.now, uint64(a.audience.first+e.number), fpGivenUp)
	r.Kind, r.SentAt = sim.SoftBounced, e.sent
	w.records.note(a, e.number, e.ctr, r)
}

// complain is a complaint through a feedback loop.
func (w *world) complain(a *senderState, e event) {
	acc, id := a.account, a.audience.first+e.number
	acc.Complaints++
	a.tally.Complaints++
	acc.print.add(w.now, uint64(id), fpComplained)
	w.records.note(a, e.number, e.ctr, sim.Record{Kind: sim.Complained, Rule: rules.ComplaintLoop, SentAt: e.sent})
	a.countComplaint(e.number, e.sent)
	w.learn(a, e.number, e.ctr, ses.ListComplaint, ses.NoBounce)
	if w.cfg.Rules.Global.AddOnComplaint {
		w.strike(a, e.number, e.ctr, rules.NewReads(rules.ParamGlobalAddOnComplaint))
	}
	w.publish(a, e.number, e.ctr, true)
}
