package engine

import (
	"strings"
	"time"

	"sesim/sim"
	"sesim/sim/measure"
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
	if a.spec.Traffic.Whole {
		w.arriveWhole(a)
		return
	}
	to, message := a, &a.messages
	if a.routes != nil {
		to, message = a.routes.next(), &a.routes.messages
	}
	end := to.takeRecipients(w.cfg.Seed, *message)
	campaign, number := a.openCampaign(w.now), int64(0)
	if campaign != nil {
		number = campaign.number
	}
	w.nextMessage(a, end)
	if a.batch < batched {
		w.merge.Set(i, a.arrivals.Next())
	}
	if len(to.buffer) > 0 {
		route := to.route(*message)
		var c call // a literal would be built aside and copied
		c.message, c.due, c.campaign, c.route, c.recipients = *message, w.now, number, route.index, to.buffer
		route.messages++
		if a.routes != nil {
			a.routes.messages++
		}
		route.tally.Due += int64(len(to.buffer) - 1)
		if campaign != nil {
			campaign.open++
		}
		if a.spec.Client > 0 {
			w.queue(a, route, &c)
		} else {
			w.send(route, &c)
		}
	}
	if end {
		a.exhaust(w.now, number)
	}
	w.reportRarely(1)
}

// takeRecipients fills the buffer with the recipients of the message that is
// due, and reports whether a campaign's list ends with it.
func (a *senderState) takeRecipients(seed uint64, message int64) (end bool) {
	n := a.spec.Recipients
	if a.spec.OneMore > 0 { // most have none, and a call costs every message
		n = a.recipientsOf(seed, message)
	}
	switch {
	case a.spec.Traffic.Kind == sim.Campaign:
		a.buffer, end = a.list.TakeCampaign(a.buffer[:0], n)
	case a.trace == nil:
		a.buffer, _ = a.list.Take(a.buffer[:0], n)
	case len(a.row.Numbers) > 0:
		a.buffer = append(a.buffer[:0], a.row.Numbers...)
	default:
		a.buffer, _ = a.list.Take(a.buffer[:0], a.row.Count)
	}
	return end
}

// recipientsOf returns how many recipients a message has if there are enough.
func (a *senderState) recipientsOf(seed uint64, message int64) int {
	if a.spec.HasOneMore(seed, message) {
		return a.spec.Recipients + 1
	}
	return a.spec.Recipients
}

// nextMessage moves on to the message after the one that is due.
func (w *world) nextMessage(a *senderState, end bool) {
	switch {
	case a.trace != nil:
		w.nextRow(a)
		return
	case a.batch == batched:
		switch {
		case a.ends():
			a.batch = done
			a.arrivals.Stop()
		case end:
			w.batch.endPass(a)
		}
		return
	}
	a.arrivals.Advance(end)
	if a.ends() {
		a.arrivals.Stop()
	}
}

// send makes a call, for the first time or again.
func (w *world) send(a *senderState, c *call) {
	acc := a.account
	n := int64(len(c.recipients))
	if a.port != nil && !a.port.Connect(w.now) {
		w.timeOut(a, c)
		return
	}
	w.counted.recipients += n
	q := ses.Call{
		Recipients: n, Counted: a.countedIn(c.recipients),
		Invalid: a.invalid || a.malformed(c) || a.setMissing(), SetPaused: a.set != nil && a.set.Paused(),
	}
	if len(a.failing) > 0 || !a.allCovered && w.sandboxed(a) {
		q.Unverified = len(a.failing) > 0 || !w.allVerified(a, c.recipients)
	}
	var meters ses.Meters
	observed := w.records.takesCall(sim.Sent, a, c.recipients)
	if observed {
		meters = acc.Meters(w.now)
	}
	reason := w.admit(acc, q)
	if reason != ses.Accepted {
		w.refuse(a, c, reason)
		return
	}
	acc.Accepted += n
	if w.now > c.due {
		a.late(w.now-c.due, n)
	}
	if a.home.reported != nil {
		for _, to := range c.recipients {
			a.countAfterBounce(w.now, to)
		}
	}
	acc.print.add(w.now, uint64(c.message), fpSent)
	if observed {
		w.records.observeCall(a, c, sim.Record{Kind: sim.Sent, Meters: meters, Reads: a.sentReads(c)})
	}
	w.postAll(a, c)
	a.settle(w.now, c.campaign, false)
}

// late counts an accepted call with n recipients that was accepted later than it was
// due.
func (a *senderState) late(wait time.Duration, n int64) {
	a.tally.Late += n
	if a.tally.Delay == nil {
		a.tally.Delay = &measure.Histogram{}
	}
	_ = a.tally.Delay.Record(wait, 1) // a wait is positive, so the histogram takes it
}

// countAfterBounce counts an accepted recipient if a hard bounce was published before.
func (a *senderState) countAfterBounce(now time.Duration, n uint32) {
	if of := a.home.reported; of != nil && of.Has(now, n) {
		a.tally.SentAfterBounce++
	}
}

// postAll sends an accepted message on, unless the content scan rejects it:
// then it has taken from quota and rate, and nobody receives it.
func (w *world) postAll(a *senderState, c *call) {
	ctr := uint64(c.message) << 6
	if a.spec.Rejected > 0 && a.spec.Rejected.Of(a.draws.scan.At(ctr)) {
		a.account.print.add(w.now, uint64(c.message), fpRejected)
		for i, n := range c.recipients {
			w.reject(a, n, ctr+uint64(i))
		}
		return
	}
	for i, n := range c.recipients {
		w.post(a, n, ctr+uint64(i))
	}
}

// reject is what the content scan does to mail to one recipient.
func (w *world) reject(a *senderState, n uint32, ctr uint64) {
	a.account.Rejected++
	a.tally.Rejected++
	w.records.note(a, n, ctr, sim.Record{Kind: sim.Rejected, Rule: rules.ContentRejected, SentAt: w.now})
}

// admit decides a call, and lets the probe see a sample of the decisions.
func (w *world) admit(acc *account, q ses.Call) ses.Reason {
	w.counted.admissions++
	if w.hooks.Probe == nil || w.counted.admissions%sampleEvery != 0 {
		return acc.Admit(w.now, q)
	}
	return w.probe(acc, q)
}

func (w *world) probe(acc *account, q ses.Call) ses.Reason {
	w.hooks.Probe.Start()
	reason := acc.Admit(w.now, q)
	w.hooks.Probe.Stop()
	return reason
}

// refuse counts a refusal and tries again later where the sender does. The account's
// meters are those before the decision, because a refusal does not change them.
func (w *world) refuse(a *senderState, c *call, reason ses.Reason) {
	acc := a.account
	a.countRefused(reason, 1, int64(len(c.recipients)))
	rule := acc.rules.refusal(1, reason, acc, a.set, a.spec.Delegated && !a.authorized, len(a.failing) > 0)
	if reason == ses.RefusedInvalid {
		rule = acc.rules.invalid(w.form(a, c).Invalid(a.spec.Interface))
	}
	if acc.rules.calls[reason] == 1 {
		acc.refusals = append(acc.refusals, sim.Refusal{
			At: w.now, Sender: int(a.index), Interface: a.spec.Interface, Reason: reason, Rule: rule, Error: w.word(a, c, reason),
			Reads: w.refusalReads(a, c, reason, acc.Meters(w.now)),
		})
	}
	acc.print.add(w.now, uint64(c.message), fpRefused+uint64(reason))
	if w.records.takesCall(sim.Refused, a, c.recipients) {
		meters := acc.Meters(w.now)
		w.records.observeCall(a, c, sim.Record{
			Kind: sim.Refused, Reason: reason, Error: w.word(a, c, reason), Rule: rule, Meters: meters,
			Reads: a.listReads().And(w.refusalReads(a, c, reason, meters)),
		})
	}
	w.tryAgain(a, c, reason)
}

// countRefused counts calls that were refused for a reason.
func (a *senderState) countRefused(reason ses.Reason, calls, recipients int64) {
	a.account.Refused[reason] += recipients
	a.tally.Refused[reason] += recipients
	a.refused += calls
}

// timeOut is a connection that never reaches SES: no call was made.
func (w *world) timeOut(a *senderState, c *call) {
	a.tally.TimedOut++
	a.tally.Requests--
	a.tally.Recipients -= int64(len(c.recipients))
	a.account.print.add(w.now, uint64(c.message), fpTimedOut)
	if w.records.takesCall(sim.TimedOut, a, c.recipients) {
		w.records.observeCall(a, c, sim.Record{
			Kind: sim.TimedOut, Rule: rules.EC2Port25, Reads: a.listReads().And(rules.EC2Port25.Reads()),
		})
	}
	w.tryAgain(a, c, ses.Accepted)
}

// tryAgain schedules the next call for a message, or gives it up. SES was not reached
// if the reason is ses.Accepted.
func (w *world) tryAgain(a *senderState, c *call, reason ses.Reason) {
	if a.spec.Client > 0 {
		w.clients[a.spec.Client-1].refused(w, a, c, reason)
		return
	}
	if reason != ses.Accepted && !a.spec.Retry.On[reason] || c.attempt >= a.spec.Retry.Attempts {
		w.loseCall(a, c)
		return
	}
	a.tally.Waiting += int64(len(c.recipients))
	slot := w.calls.keep(c)
	again := w.calls.at(slot)
	if again.attempt++; again.attempt == 1 {
		again.wait = a.backoff.Wait(1)
	} else {
		again.wait = a.backoff.After(again.wait)
	}
	w.events.PushQueued(again.wait, w.now+again.wait, event{
		kind: evCall, attempt: uint16(again.attempt), to: uint16(len(c.recipients)), owner: a.index, number: slot,
		ctr: uint64(c.message), sent: again.wait,
	})
}

// loseCall counts a message that its sender gives up.
func (w *world) loseCall(a *senderState, c *call) {
	a.tally.GivenUp += int64(len(c.recipients))
	a.settle(w.now, c.campaign, true)
}

// word is a refusal in the words of the sender's interface.
func (w *world) word(a *senderState, c *call, reason ses.Reason) ses.Error {
	i := a.spec.Interface
	switch reason {
	case ses.RefusedInvalid:
		return ses.Malformed(i, w.form(a, c))
	case ses.RefusedUnverified:
		return ses.Unverified(i, w.cfg.Accounts[a.account.index].Region, w.failures(a, c.recipients), w.cfg.Rules.Identity.ListedText)
	case ses.RefusedPaused:
		return ses.Paused(i, a.account.PausedBy(a.set))
	}
	if a.spec.SigV2 && reason == ses.RefusedRate {
		return ses.ThrottledSigV2()
	}
	return ses.Throttled(i, reason)
}

// malformed reports whether the first recipient of a call is written without
// its domain.
func (a *senderState) malformed(c *call) bool {
	return a.spec.Malformed > 0 && a.spec.Malformed.Of(a.draws.malformed.At(uint64(c.message)<<6))
}

// form is what SES looks at first of a call.
func (w *world) form(a *senderState, c *call) ses.CallInput {
	f := ses.CallInput{Recipients: int64(len(c.recipients)), Size: a.spec.Size}
	if a.malformed(c) {
		f.Malformed, _, _ = strings.Cut(a.audience.spec.AddressOf(int64(c.recipients[0])), "@")
	}
	if a.setMissing() {
		f.MissingSet = w.cfg.Accounts[a.spec.Account].Sets[a.spec.Set-1].Name
	}
	return f
}

// setMissing reports whether the mail names a configuration set that does not
// exist.
func (a *senderState) setMissing() bool { return a.set != nil && a.set.Missing() }
