package sim

import (
	"time"

	"sesim/sim/mailbox"
	"sesim/sim/rules"
	"sesim/sim/ses"
)

// sampleEvery is how many admissions there are to each that Hooks.Probe
// brackets.
const sampleEvery = 64

// arrive handles a sender's message that is due now.
func (w *world) arrive(i int) {
	a := &w.senders[i]
	w.counted.events++
	var end bool
	if a.spec.Traffic.Kind == Campaign {
		a.buffer, end = a.list.TakeCampaign(a.buffer[:0], a.spec.Recipients)
	} else {
		a.buffer, _ = a.list.Take(a.buffer[:0], a.spec.Recipients)
	}
	number := a.openCampaign(w.now)
	a.arrivals.Advance(end)
	if a.list.Left() == 0 {
		a.arrivals.Stop()
	}
	w.arrivals.Set(i, a.arrivals.Next())
	if len(a.buffer) > 0 {
		c := call{message: a.Messages, due: w.now, campaign: number, recipients: a.buffer}
		a.Messages++
		a.begin(number)
		w.send(a, &c)
	}
	if end {
		a.exhaust(w.now, number)
	}
	if w.counted.events&0xffff == 0 {
		w.report()
	}
}

// send makes a call, for the first time or again.
func (w *world) send(a *agent, c *call) {
	acc := a.account
	n := int64(len(c.recipients))
	acc.Requests++
	acc.Recipients += n
	w.counted.recipients += n
	q := ses.Call{Recipients: n, Counted: n}
	if a.audience.simulator {
		q.Counted = 0
	}
	if !a.fromCovered || !a.allCovered && acc.Access() == ses.Sandbox {
		q.Unverified = !a.fromCovered || !w.allVerified(a, c.recipients)
	}
	var meters ses.Meters
	if w.hooks.Observer != nil {
		meters = acc.Meters(w.now)
	}
	reason := w.admit(acc, q)
	if reason != ses.Accepted {
		w.refuse(a, c, reason, meters)
		return
	}
	acc.Accepted += n
	if w.now == c.due {
		acc.onTime++
	} else {
		// A wait is never negative, so the histogram takes it.
		_ = acc.delay.Record(w.now-c.due, 1)
	}
	acc.print.add(w.now, uint64(c.message), fpSent)
	if w.hooks.Observer != nil {
		w.observeCall(a, c, Record{Kind: Sent, Meters: meters})
	}
	ctr := uint64(c.message) << 6
	for i, to := range c.recipients {
		w.post(a, to, ctr+uint64(i))
	}
	a.SenderResult.Accepted++
	a.settle(w.now, c.campaign)
}

// admit decides a call, and lets the probe see a sample of the decisions.
func (w *world) admit(acc *account, q ses.Call) ses.Reason {
	w.counted.admissions++
	if w.hooks.Probe == nil || w.counted.admissions%sampleEvery != 0 {
		return acc.Admit(w.now, q)
	}
	w.hooks.Probe.Start()
	reason := acc.Admit(w.now, q)
	w.hooks.Probe.Stop()
	return reason
}

// allVerified checks recipients one by one, which only a sandbox needs whose
// identities do not cover the whole domain.
func (w *world) allVerified(a *agent, recipients []uint32) bool {
	ids := a.account.Identities()
	if !ids.Addresses() {
		return false
	}
	for _, n := range recipients {
		if !ids.Covers(a.audience.spec.AddressOf(int64(n))) {
			return false
		}
	}
	return true
}

// refuse counts a refusal and tries again later where the sender does.
func (w *world) refuse(a *agent, c *call, reason ses.Reason, meters ses.Meters) {
	acc := a.account
	acc.Refused[reason] += int64(len(c.recipients))
	rule := acc.rules.refusal(reason, a, acc)
	if acc.rules.calls[reason] == 1 {
		acc.refusals = append(acc.refusals, Refusal{w.now, int(a.index), reason, rule, w.word(a, c, reason)})
	}
	acc.print.add(w.now, uint64(c.message), fpRefused+uint64(reason))
	if w.hooks.Observer != nil {
		w.observeCall(a, c, Record{Kind: Refused, Reason: reason, Rule: rule, Meters: meters})
	}
	if !a.spec.Retry.On[reason] || c.attempt >= a.spec.Retry.Attempts {
		a.GivenUp++
		a.settle(w.now, c.campaign)
		return
	}
	again := *c
	again.attempt++
	at := w.now + a.backoff.Wait(again.attempt)
	a.Waiting++
	w.events.Push(at, event{kind: evCall, owner: a.index, number: w.calls.put(again)})
}

// word is a refusal in the words of the sender's interface.
func (w *world) word(a *agent, c *call, reason ses.Reason) ses.Error {
	i := a.spec.Interface
	switch reason {
	case ses.RefusedUnverified:
		return ses.Unverified(i, w.cfg.Accounts[a.account.index].Region, w.failing(a, c.recipients))
	case ses.RefusedPaused:
		if a.account.Enforcement() == ses.Shutdown {
			return ses.Paused(i, ses.ByAWS)
		}
		return ses.Paused(i, ses.ByCustomer)
	}
	return ses.Throttled(i, reason)
}

// failing lists the identities that failed the check of a call, in the form
// given: From first, then recipients.
func (w *world) failing(a *agent, recipients []uint32) []string {
	var list []string
	if !a.fromCovered {
		list = append(list, a.spec.From)
	}
	if a.allCovered || a.account.Access() != ses.Sandbox {
		return list
	}
	ids := a.account.Identities()
	for _, n := range recipients {
		if text := a.audience.spec.AddressOf(int64(n)); !ids.Covers(text) {
			list = append(list, text)
		}
	}
	return list
}

// post takes an accepted recipient through the lists to an attempt. Its
// draws have the number ctr.
func (w *world) post(a *agent, n uint32, ctr uint64) {
	acc, aud := a.account, a.audience
	id := aud.first + n
	if aud.simulator {
		acc.Simulator++
		acc.print.add(w.now, uint64(id), fpSimulated)
		w.note(a, n, ctr, Record{Kind: Simulated, Rule: rules.SimulatorFree})
		return
	}
	if reason, listed := acc.ListSuppresses(id); listed {
		acc.SuppressedAccount++
		acc.print.add(w.now, uint64(id), fpSuppressedAccount)
		w.note(a, n, ctr, Record{Kind: SuppressedAccount, Rule: rules.AccountSuppressed, ListReason: reason})
		w.publish(a, n, ctr, reason == ses.ListComplaint)
		return
	}
	if w.global.Suppresses(w.now, acc.region, id) && !acc.OverridesGlobal() {
		w.suppressGlobally(a, n, ctr)
		return
	}
	if !a.own {
		acc.CountEligible(aud.Reports(n))
	}
	switch aud.Attempt(n, a.draws.outcome.At(ctr)) {
	case mailbox.Delivered:
		w.deliver(a, n, ctr, w.now+w.delays.delivery.Draw(a.draws.delivery.At(ctr)))
	case mailbox.Full:
		acc.print.add(w.now, uint64(id), fpDelayed)
		w.retryLater(event{kind: evRetry, owner: a.index, number: n, ctr: ctr, sent: w.now})
	default:
		w.bounceLater(a, n, ctr)
	}
}

// suppressGlobally is a send that the global list suppresses: a hard bounce
// in all that counts, without an attempt.
func (w *world) suppressGlobally(a *agent, n uint32, ctr uint64) {
	acc, id := a.account, a.audience.first+n
	acc.SuppressedGlobal++
	acc.print.add(w.now, uint64(id), fpSuppressedGlobal)
	until, strikes := w.global.Stay(acc.region, id)
	w.note(a, n, ctr, Record{Kind: SuppressedGlobal, Rule: rules.GlobalSuppressed, Until: until, Strikes: strikes})
	if !a.own {
		acc.CountEligible(false)
		acc.CountBounce()
	}
	if w.cfg.Rules.Global.SuppressedBounceEscalates {
		until, strikes := w.global.Escalate(w.now, acc.region, id)
		w.note(a, n, ctr, Record{Kind: ListedGlobal, Rule: rules.GlobalEscalation, Until: until, Strikes: strikes})
	}
	if w.cfg.Rules.Account.AddOnSuppressedBounce {
		w.learn(a, n, ctr, ses.ListBounce)
	}
	w.publish(a, n, ctr, false)
}

// deliver counts a delivery at a time that is known already. Only what the
// delivery causes enters the event list.
func (w *world) deliver(a *agent, n uint32, ctr uint64, at time.Duration) {
	acc := a.account
	acc.print.add(at, uint64(a.audience.first+n), fpDelivered)
	if at >= w.cfg.Horizon {
		return
	}
	w.countDelivery(acc, at)
	if w.hooks.Observer != nil {
		w.events.Push(at, event{kind: evNotice, owner: a.index, number: n, ctr: ctr, sent: w.now})
	}
	if w.cfg.Rules.Global.DeliveryResets {
		w.events.Push(at, event{kind: evForgive, owner: a.index, number: n, ctr: ctr})
	}
	if a.audience.Reports(n) && a.audience.Complains(a.draws.complains.At(ctr)) {
		at += w.delays.complaint.Draw(a.draws.complaint.At(ctr)) + w.cfg.Rules.Delay.ComplaintRelay
		w.events.Push(at, event{kind: evComplaint, owner: a.index, number: n, ctr: ctr, sent: w.now})
	}
}

// bounceLater schedules a hard bounce: in the SMTP dialogue, or for a share
// of them after the other side seemed to take the mail.
func (w *world) bounceLater(a *agent, n uint32, ctr uint64) {
	e := event{kind: evBounce, owner: a.index, number: n, ctr: ctr, sent: w.now}
	if !w.cfg.Rules.Delay.AsyncShare.Of(a.draws.async.At(ctr)) {
		w.events.Push(w.now+w.delays.bounce.Draw(a.draws.bounce.At(ctr)), e)
		return
	}
	at := w.now + w.delays.delivery.Draw(a.draws.delivery.At(ctr))
	a.account.print.add(at, uint64(a.audience.first+n), fpDelivered)
	// The delivery is counted at its very moment, because it is taken back.
	w.events.Push(at, event{kind: evDelivery, owner: int32(a.account.index)})
	if w.hooks.Observer != nil {
		w.events.Push(at, event{kind: evNotice, owner: a.index, number: n, ctr: ctr, sent: w.now})
	}
	e.kind = evAsyncBounce
	w.events.Push(at+w.delays.async.Draw(a.draws.asyncDelay.At(ctr)), e)
}

// publish tells the sender of a bounce or complaint, after a delay, if it
// cares.
func (w *world) publish(a *agent, n uint32, ctr uint64, complaint bool) {
	if complaint && !a.spec.RemoveComplained || !complaint && !a.spec.RemoveBounced {
		return
	}
	w.events.Push(w.now+w.delays.publish.Draw(a.draws.publish.At(ctr)), event{kind: evLearn, owner: a.index, number: n})
}

// learn puts an address on the account's list because of its own mail.
func (w *world) learn(a *agent, n uint32, ctr uint64, reason ses.ListReasons) {
	if a.account.Learn(a.audience.first+n, reason) {
		w.note(a, n, ctr, Record{Kind: ListedAccount, Rule: rules.AccountListed, ListReason: reason})
	}
}
