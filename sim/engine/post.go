package engine

import (
	"time"

	"sesim/sim"
	"sesim/sim/mailbox"
	"sesim/sim/rules"
	"sesim/sim/ses"
)

// post takes an accepted recipient through the lists to an attempt. Its
// draws have the number ctr.
func (w *world) post(a *senderState, n uint32, ctr uint64) {
	acc := a.account
	id := a.audience.first + n
	if a.simulated(n) {
		w.simulate(a, n, ctr)
		return
	}
	effective := acc.Reasons(a.set)
	if reason, listed := acc.ListSuppresses(id, effective); listed {
		w.suppressByAccount(a, n, ctr, reason)
		return
	}
	if w.global.Suppresses(w.now, acc.region, id) && !acc.OverridesGlobal(effective) {
		w.suppressGlobally(a, n, ctr)
		return
	}
	a.countEligible(n, a.audience.Reports(n))
	w.attempt(a, n, ctr)
}

// attempt is the first attempt at a recipient that no list suppresses.
func (w *world) attempt(a *senderState, n uint32, ctr uint64) {
	if a.audience.notes {
		w.bits[a.audience.first+n] |= contacted
	}
	outcome := a.audience.Attempt(n, a.outcome.At(ctr))
	if outcome == mailbox.Delivered {
		w.deliver(a, n, ctr, w.now, w.now+w.delays.delivery.Draw(a.delivery.At(ctr)))
		return
	}
	w.fail(a, n, ctr, outcome)
}

// fail is a first attempt that met something else.
func (w *world) fail(a *senderState, n uint32, ctr uint64, outcome mailbox.Outcome) {
	a.tally.InFlight++
	switch outcome {
	case mailbox.Full, mailbox.Blocked, mailbox.Deferred, mailbox.NoSuchDomain:
		a.account.print.add(w.now, uint64(a.audience.first+n), fpDelayed)
		w.retryLater(event{kind: evRetry, owner: a.index, number: n, ctr: ctr, sent: w.now, bounce: w.softBounce(outcome)})
	case mailbox.NoSuchAddress, mailbox.Refused:
		w.bounceLater(a, n, ctr, outcome)
	default:
		w.events.Push(w.now+w.delays.bounce.Draw(a.draws.bounce.At(ctr)),
			event{kind: evGiveUp, owner: a.index, number: n, ctr: ctr, sent: w.now, bounce: w.softBounce(outcome)})
	}
}

// softBounce is how a bounce that does not name the address is published.
func (w *world) softBounce(outcome mailbox.Outcome) ses.Bounce {
	switch outcome {
	case mailbox.Full:
		return ses.TransientMailboxFull
	case mailbox.TooLarge:
		return ses.TransientMessageTooLarge
	case mailbox.ContentRejected:
		return ses.TransientContentRejected
	case mailbox.AttachmentRejected:
		return ses.TransientAttachmentRejected
	case mailbox.Undetermined:
		return ses.UndeterminedBounce
	case mailbox.Blocked:
		return ses.TransientBlockedIP
	case mailbox.Deferred:
		return ses.TransientDeferred
	}
	return ses.TransientGeneral
}

// metBy is what the attempts before a retry met, as far as it may pass.
func metBy(b ses.Bounce) mailbox.Outcome {
	switch b {
	case ses.TransientBlockedIP:
		return mailbox.Blocked
	case ses.TransientDeferred:
		return mailbox.Deferred
	}
	return mailbox.Full
}

// countEligible counts mail towards the rates, unless the account has verified
// the recipient.
func (a *senderState) countEligible(n uint32, loop bool) {
	if a.isExempt(n) {
		return
	}
	a.account.CountEligible(loop)
	if a.rates != nil {
		a.rates.CountEligible(loop)
	}
	if a.set != nil {
		a.set.CountEligible(loop)
	}
}

// countBounce counts a bounce towards the bounce rates of the account, of the sender and
// of the set. It does not count towards the first two if the account's rates were reset
// after the mail was accepted, at sent.
func (a *senderState) countBounce(n uint32, sent time.Duration) {
	if a.isExempt(n) {
		return
	}
	if sent >= a.account.CountsSince() {
		a.account.CountBounce()
		if a.rates != nil {
			a.rates.CountBounce()
		}
	}
	if a.set != nil {
		a.set.CountBounce()
	}
}

// countComplaint counts a complaint towards the complaint rates, as countBounce does.
func (a *senderState) countComplaint(n uint32, sent time.Duration) {
	if a.isExempt(n) {
		return
	}
	if sent >= a.account.CountsSince() {
		a.account.CountComplaint()
		if a.rates != nil {
			a.rates.CountComplaint()
		}
	}
	if a.set != nil {
		a.set.CountComplaint()
	}
}

// suppressByAccount is a send that the account's list suppresses: it counts
// towards the quota and towards no rate.
func (w *world) suppressByAccount(a *senderState, n uint32, ctr uint64, reason ses.ListReasons) {
	a.account.SuppressedAccount++
	a.tally.SuppressedAccount++
	a.account.print.add(w.now, uint64(a.audience.first+n), fpSuppressedAccount)
	if w.records.takesMail(sim.SuppressedAccount, a, n) {
		r := sim.Record{Kind: sim.SuppressedAccount, Rule: rules.AccountSuppressed, ListReason: reason, SentAt: w.now}
		if reason != ses.ListComplaint {
			r.Bounce = ses.PermanentOnAccountList
		}
		w.records.note(a, n, ctr, r)
	}
	w.publish(a, n, ctr, reason == ses.ListComplaint)
}

// suppressGlobally is a send that the global list suppresses: a hard bounce
// in all that counts, without an attempt.
func (w *world) suppressGlobally(a *senderState, n uint32, ctr uint64) {
	acc, id := a.account, a.audience.first+n
	acc.SuppressedGlobal++
	a.tally.SuppressedGlobal++
	acc.print.add(w.now, uint64(id), fpSuppressedGlobal)
	if w.records.takesMail(sim.SuppressedGlobal, a, n) {
		until, strikes := w.global.Stay(acc.region, id)
		w.records.note(a, n, ctr, sim.Record{
			Kind: sim.SuppressedGlobal, Rule: rules.GlobalSuppressed, Until: until, Strikes: strikes, Bounce: ses.PermanentSuppressed, SentAt: w.now,
		})
	}
	a.countEligible(n, false)
	a.countBounce(n, w.now)
	if w.cfg.Rules.Global.SuppressedBounceEscalates {
		until, strikes := w.global.Escalate(w.now, acc.region, id)
		acc.rules.escalations++
		w.records.noteStay(a, n, ctr, sim.Record{
			Kind: sim.ListedGlobal, Rule: rules.GlobalEscalation, Until: until, Strikes: strikes,
			Reads: rules.NewReads(rules.ParamGlobalSuppressedBounceEscalates),
		})
	}
	if w.cfg.Rules.Account.AddOnSuppressedBounce {
		w.learn(a, n, ctr, ses.ListBounce, ses.PermanentSuppressed)
	}
	w.publish(a, n, ctr, false)
}

// simulate is what the mailbox simulator does: it takes from the send rate,
// and changes no quota, no list and no rate.
func (w *world) simulate(a *senderState, n uint32, ctr uint64) {
	a.account.Simulator++
	a.tally.Simulator++
	a.account.print.add(w.now, uint64(a.audience.first+n), fpSimulated)
	simulator := ses.SimulatorOf(a.audience.spec.AddressOf(int64(n)))
	r := sim.Record{Kind: sim.Simulated, Rule: rules.SimulatorFree, Simulator: simulator, SentAt: w.now}
	switch simulator {
	case ses.SimulateBounce:
		r.Bounce = ses.PermanentGeneral
	case ses.SimulateOutOfOffice:
		r.Bounce = ses.TransientGeneral
	case ses.SimulateSuppression:
		r.Bounce = ses.PermanentSuppressed
		if w.cfg.Rules.Mail.SimulatorGeneral {
			r.Bounce = ses.PermanentGeneral
		}
	}
	w.records.note(a, n, ctr, r)
	switch simulator {
	case ses.SimulateBounce, ses.SimulateSuppression:
		w.publish(a, n, ctr, false)
	case ses.SimulateComplaint:
		w.publish(a, n, ctr, true)
	}
}

// deliver counts a delivery at a time that is known already. Only what the
// delivery causes enters the event list.
func (w *world) deliver(a *senderState, n uint32, ctr uint64, sent, at time.Duration) {
	acc := a.account
	acc.print.add(at, uint64(a.audience.first+n), fpDelivered)
	if at >= w.cfg.Horizon {
		a.tally.InFlight++
		return
	}
	w.countDelivery(acc, a.index, at)
	// The rarer one first, because a jump on the other could not be predicted.
	complains := a.audience.Complains(a.complains.At(ctr)) && a.audience.Reports(n)
	replies := a.audience.AnyReplies() && a.audience.Replies(a.draws.reply.At(ctr))
	if replies {
		acc.rules.replies++
	}
	if w.records.takesMail(sim.Delivered, a, n) {
		attempts := uint16(0)
		if sent < w.now {
			attempts = 1 // or more: what a notice tells is that SES tried again
		}
		w.events.Push(at, event{
			kind: evNotice, attempt: attempts, owner: a.index, number: n, ctr: ctr, sent: sent, follows: replies || complains,
		})
	}
	if replies && w.records.takesMail(sim.AutoReplied, a, n) {
		w.events.Push(at, event{kind: evReply, owner: a.index, number: n, ctr: ctr, sent: sent, follows: complains})
	}
	w.forgiveLater(a, n, at)
	if complains {
		w.complainLater(a, n, ctr, sent, at)
	}
}

// complainLater schedules the complaint about mail delivered at a time.
func (w *world) complainLater(a *senderState, n uint32, ctr uint64, sent, at time.Duration) {
	at += w.delays.complaint.Draw(a.draws.complaint.At(ctr)) + w.cfg.Rules.Delay.ComplaintRelay
	w.events.Push(at, event{kind: evComplaint, owner: a.index, number: n, ctr: ctr, sent: sent})
}

// forgiveLater lets a delivery reset the escalation of its address, where the
// rules say so, whatever comes of it later.
func (w *world) forgiveLater(a *senderState, n uint32, at time.Duration) {
	if w.cfg.Rules.Global.DeliveryResets {
		w.events.Push(at, event{kind: evForgive, owner: a.index, number: n})
	}
}

// hardBounce is how a hard bounce is published.
func (w *world) hardBounce(a *senderState, ctr uint64, outcome mailbox.Outcome) ses.Bounce {
	if outcome == mailbox.NoSuchAddress && w.cfg.Rules.Mail.NoEmailShare.Of(a.draws.subtype.At(ctr)) {
		return ses.PermanentNoEmail
	}
	return ses.PermanentGeneral
}

// bounceLater schedules a hard bounce: in the SMTP dialogue, or for a share
// of them after the other side seemed to take the mail.
func (w *world) bounceLater(a *senderState, n uint32, ctr uint64, outcome mailbox.Outcome) {
	e := event{kind: evBounce, owner: a.index, number: n, ctr: ctr, sent: w.now, bounce: w.hardBounce(a, ctr, outcome)}
	if !w.cfg.Rules.Delay.AsyncShare.Of(a.draws.async.At(ctr)) {
		w.events.Push(w.now+w.delays.bounce.Draw(a.draws.bounce.At(ctr)), e)
		return
	}
	at := w.now + w.delays.delivery.Draw(a.delivery.At(ctr))
	a.account.print.add(at, uint64(a.audience.first+n), fpDelivered)
	// The delivery is counted at its very moment, because it is taken back.
	w.events.Push(at, event{kind: evDelivery, owner: a.index})
	if w.records.takesMail(sim.Delivered, a, n) {
		w.events.Push(at, event{
			kind: evNotice, bounce: e.bounce, owner: a.index, number: n, ctr: ctr, sent: w.now, follows: true,
		})
	}
	w.forgiveLater(a, n, at)
	e.kind = evAsyncBounce
	w.events.Push(at+w.delays.async.Draw(a.draws.asyncDelay.At(ctr)), e)
}

// publish tells the sender of a bounce or complaint, after a delay, if it
// cares.
func (w *world) publish(a *senderState, n uint32, ctr uint64, complaint bool) {
	reason := ses.ListBounce
	if complaint {
		reason = ses.ListComplaint
	}
	if a.hygiene&reason == 0 {
		return
	}
	w.events.Push(w.now+w.delays.publish.Draw(a.draws.publish.At(ctr)), event{kind: evLearn, owner: a.home.index, number: n})
}

// learn puts an address on the account's list because of its own mail, at once
// or, by the rules, later. The reasons that hold now decide whether it does. cause is the
// bounce, if it is one.
func (w *world) learn(a *senderState, n uint32, ctr uint64, reason ses.ListReasons, cause ses.Bounce) {
	wait := w.cfg.Rules.Account.AddDelay
	switch {
	case a.account.Reasons(a.set)&reason == 0:
	case wait > 0:
		w.events.Push(w.now+wait, event{kind: evEnter, owner: a.index, number: n, reason: reason, ctr: ctr, bounce: cause})
	default:
		w.enter(a, event{number: n, reason: reason, ctr: ctr, bounce: cause})
	}
}

// enter makes the entry.
func (w *world) enter(a *senderState, e event) {
	if !a.account.Learn(a.audience.first+e.number, e.reason, e.reason) {
		return
	}
	a.account.rules.learned++
	if w.records.takesMail(sim.ListedAccount, a, e.number) {
		w.records.note(a, e.number, e.ctr, sim.Record{
			Kind: sim.ListedAccount, Rule: rules.AccountListed, ListReason: e.reason, Reads: entryReads(e.bounce),
		})
	}
}
