package engine

import (
	"reflect"
	"time"

	"sesim/sim"
	"sesim/sim/mailbox"
	"sesim/sim/rng"
	"sesim/sim/sender"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// # The fast path
//
// Nearly all mail of a large run is alike: one recipient, no configuration set,
// an account that may send, an address that no list holds. What becomes of such
// a message is decided by admission, one look at the address and one draw, and
// usually nothing has to be scheduled. sendFast does exactly that. send, post and
// attempt do the same for every kind of mail; they are the slow path and say what
// is right. The fast path may leave out a step only if that step cannot change
// anything for the mail that it takes.
//
// Two things decide which path a message takes:
//
//   - The settings of its sender, audience and account, once, when the sender is
//     added: supportsFast compares them with a list of settings that the fast path
//     handles. Anything that is not on the list, such as a setting added later,
//     takes the slow path.
//   - The state of the run, at the moment: an observer that takes records of what is
//     accepted or delivered, identities that do not cover the call, the sandbox, a list
//     without addresses. pathOf looks at it, and a sender keeps the answer
//     (classifiedAt) until an event that may change
//     it begins a new epoch (invalidatePaths). Such changes happen in events only,
//     so the answer holds for all arrivals up to the next event.
//
// As soon as something out of the ordinary happens to a message (it is refused,
// the address is on a list, it bounces, somebody replies), sendFast hands it to
// the slow path's method for that case.
//
// If recipients are drawn one at a time from all addresses alike (fastUniform),
// the next recipient is drawn ahead of its message, so that the byte of its
// address can be fetched meanwhile. When the mail goes over to the slow path, the
// draw is taken back.
//
// A campaign takes its recipients in the order of the list (inPasses), and what is
// counted of it does not change when a message is sent and accepted, except for the
// first, which opens it, and the last, after which the next campaign is due: both
// take the slow path.
//
// Of a trace (fromTrace), the messages to one recipient take the fast path, the others the
// slow one; the next row is read when a message has been sent.
//
// The calls of a client (fastCalls) are decided on the fast path too: callFast makes one
// that has been asked for, with its recipient. When the messages are due and when the calls
// are made is not the fast path's business; see clients.go.
//
// TestFastPathFields sets every field of a sender, an audience, an account, a
// configuration set and the rules in turn and compares the two paths;
// TestFastPath does so for random scenarios.
//
// The data that the fast path needs of a sender is one cache line (hotState).

// mailPath is the path that a sender's mail takes.
type mailPath uint8

const (
	slowPath    mailPath = 0
	fastPath    mailPath = 1  // see above
	uniform     mailPath = 2  // a bit: recipients are drawn one at a time from all alike
	rated       mailPath = 4  // a bit: the sender has rates of its own
	inPasses    mailPath = 8  // a bit: recipients are taken in passes over the list, by campaigns
	fastCalls   mailPath = 16 // a bit: a client calls for the mail; see decide
	fromTrace   mailPath = 32 // a bit: a trace says when messages are due, and to whom
	fastUniform          = fastPath | uniform
)

// supportsFast reports whether the fast path handles all settings of a sender, its
// audience and its account: what is left of them without those on the list must be
// zero. A Config's rules and the configuration sets of senders that name none are
// not settings of the sender: the fast path does not depend on them, or reads them.
func supportsFast(s sim.Sender, u sim.Audience, a sim.Account) bool {
	if s.Recipients != 1 || s.Size > s.Interface.MaxSize() || isSimulator(&u) {
		return false
	}
	switch s.Traffic.Kind {
	case sim.Constant, sim.Poisson, sim.Diurnal, sim.Campaign, sim.Recorded:
		s.Traffic.Kind = 0
	}
	switch s.Pick {
	case sim.Sequential, sim.Uniform, sim.Zipf:
		s.Pick = 0
	}
	s.Name, s.Account, s.From, s.Audience, s.Begin, s.End = "", 0, "", 0, 0, 0
	s.Traffic.Rate, s.Traffic.Every, s.Traffic.Peak, s.Traffic.Depth = unit.Rate{}, 0, 0, 0
	s.Traffic.Calendar = nil                               // it decides when messages are due
	s.Traffic.Trace, s.Traffic.File = nil, sim.TraceFile{} // messages to several recipients do not fit
	s.Client, s.Priority, s.Traffic.Whole = 0, 0, false    // a client decides when calls are made
	s.Recipients, s.Interface, s.Size = 0, 0, 0
	s.Retry, s.SigV2 = sim.Retry{}, false              // of refused calls, which refuse handles
	s.RemoveBounced, s.RemoveComplained = false, false // publish handles it
	s.Checked, s.Delegated, s.Owner = nil, false, 0    // identities: pathOf looks at what they cover
	u.Name, u.Size, u.Domain, u.Local = "", 0, "", ""  // the domain may be the account's own: see pathOf
	u.Match = nil                                      // of a Session's calls
	u.Invalid, u.DeadDomain, u.FeedbackLoop = 0, 0, 0  // traits of an address
	u.HardBounce, u.MailboxFull, u.FullFor = 0, 0, 0   // fail handles what does not arrive
	u.TooLarge, u.ContentRejected, u.AttachmentRejected = 0, 0, 0
	u.Undetermined, u.BlockedIP = 0, 0
	u.Deferred, u.DeferredFor, u.Deferral = 0, 0, ""
	u.Complaint, u.OutOfOffice, u.Redraws = 0, 0, nil
	u.Decay, u.DecayPer, u.Revive, u.RevivePer = 0, 0, 0, 0
	u.Churn, u.ChurnPer = 0, 0         // of lists
	u.Growth = sim.Growth{}            // draw knows how many addresses there are
	u.Contacted, u.NotFirst = 0, false // what an address is at the start
	a.Name, a.Region, a.Customer, a.Delegates = "", "", "", nil
	a.Access, a.Quota, a.Rate, a.Identities = 0, 0, 0, nil // admission, and pathOf for the sandbox
	a.Suppression, a.Requests, a.Sets, a.Price = 0, nil, nil, sim.Price{}
	a.History = nil // the state of an account at the start
	return reflect.ValueOf(s).IsZero() && reflect.ValueOf(u).IsZero() && reflect.ValueOf(a).IsZero()
}

// pathOf returns the path that a sender's mail takes at the moment.
func (w *world) pathOf(a *senderState) mailPath {
	switch {
	case !a.fast || w.records.followed(a) || a.exempt != noneExempt:
	case len(a.failing) > 0 || !a.allCovered && w.sandboxed(a) || a.list.Left() == 0:
	default:
		path := fastPath
		switch {
		case a.spec.Client > 0:
			path = fastCalls
		case a.spec.Traffic.Kind == sim.Campaign:
			path |= inPasses
		case a.spec.Traffic.Kind == sim.Recorded:
			path |= fromTrace
		case a.spec.Pick == sim.Uniform && a.batch != unbatched:
			path |= uniform
		}
		if a.rates != nil {
			path |= rated
		}
		return path
	}
	return slowPath
}

// isFast reports whether the i-th sender's mail takes the fast path.
func (w *world) isFast(s *hotState, i int) bool {
	return w.pathNow(s, i)&fastPath != 0
}

// pathNow returns the path that the i-th sender's mail takes now.
func (w *world) pathNow(s *hotState, i int) mailPath {
	if s.classifiedAt != w.pathEpoch {
		w.classify(s, i)
	}
	return s.path
}

//go:noinline
func (w *world) classify(s *hotState, i int) {
	was := s.path
	s.classifiedAt, s.path = w.pathEpoch, w.pathOf(&w.senders[i])
	switch {
	case was&uniform == 0 && s.path&uniform != 0:
		s.draw()
	case was&uniform != 0 && s.path&uniform == 0:
		s.recipients.Back(1) // the list draws it again
	}
}

// draw draws the next recipient of fastUniform mail ahead of its message.
func (s *hotState) draw() {
	s.to = s.audience.first + uint32(s.recipients.Below(s.audience.size))
}

// invalidatePaths begins a new epoch: every sender is classified again before its
// next message.
func (w *world) invalidatePaths() {
	if w.pathEpoch++; w.pathEpoch == 0 {
		for i := range w.hot {
			w.hot[i].classifiedAt = 0
		}
		w.pathEpoch = 1
	}
}

// sendBurst handles the messages of sender i, from the one that is due now, until
// another sender or an event is due, at the latest until the given moment.
func (w *world) sendBurst(i int, until time.Duration) {
	s, arrivals := &w.hot[i], &w.arrivals[i]
	if !w.isFast(s, i) || !w.fits(s, i) {
		w.arrive(i)
		return
	}
	if w.batch != nil {
		until = min(until, w.batch.before(i))
	}
	for n := 1; ; n++ {
		w.sendFast(s, i)
		if s.path&fromTrace == 0 {
			arrivals.Advance(false)
		} else {
			w.nextRow(&w.senders[i])
		}
		w.merge.Set(i, arrivals.Next())
		due, next := w.merge.Next()
		if next != i || due >= until || due >= w.events.Next() || n == reportEvery || !w.fits(s, i) {
			w.countFast(n)
			return
		}
		w.now = due
	}
}

// fits reports whether the fast path can take the next message: it is neither the first nor
// the last one of a campaign, and a trace's is to one recipient.
func (w *world) fits(s *hotState, i int) bool {
	switch {
	case s.path&(inPasses|fromTrace) == 0:
		return true
	case s.path&fromTrace != 0:
		row := &w.senders[i].row
		return len(row.Numbers) == 1 || row.Count == 1 && len(row.Numbers) == 0
	}
	return w.senders[i].list.MidPass()
}

// countFast counts the messages of n calls of sendFast, and reports progress where
// it is time.
func (w *world) countFast(n int) {
	w.counted.events += int64(n)
	w.counted.recipients += int64(n)
	if w.hooks.Probe == nil {
		w.counted.admissions += int64(n)
	}
	w.reportRarely(n)
}

// sendFast makes the call for the i-th sender's message that is due. It returns
// true if the message needs no further work: nothing was scheduled, and no
// sender's path has changed.
func (w *world) sendFast(s *hotState, i int) (done bool) {
	// First what is called always, so that a processor's registers hold the rest.
	reason := ses.Accepted
	if w.hooks.Probe != nil {
		reason = w.admit(s.account, ses.Call{Recipients: 1, Counted: 1})
	} else if !s.account.AdmitSure(w.now) {
		reason = s.account.AdmitOne(w.now)
	}
	acc, aud, id, number := s.account, s.audience, s.to, s.messages
	switch {
	case s.path&uniform != 0:
		if w.bits[id]&sender.Removed != 0 {
			id = aud.first + w.senders[i].list.OrAnother(id-aud.first)
		}
		s.draw()
		s.messages++
	case s.path&fastCalls != 0:
		number = w.called.message
	case s.path&inPasses != 0:
		id = aud.first + w.senders[i].list.TakeNext()
		s.messages++
	case s.path&fromTrace != 0 && len(w.senders[i].row.Numbers) > 0:
		id = aud.first + w.senders[i].row.Numbers[0]
		s.messages++
	default:
		id = aud.first + w.senders[i].list.TakeOne()
		s.messages++
	}
	n := id - aud.first
	if reason != ses.Accepted {
		w.refuseFast(&w.senders[i], number, n, reason)
		return false
	}
	acc.Accepted++
	acc.print.add(w.now, uint64(number), fpSent)
	ctr := uint64(number) << 6
	draw := rng.Numbered(ctr)
	traits := mailbox.Traits(w.bits[id])
	if traits&(ses.Listed|sender.Removed) != 0 {
		w.senders[i].countAfterBounce(w.now, n)
		w.post(&w.senders[i], n, ctr)
		return false
	}
	acc.CountEligible(traits.Report())
	if s.path&rated != 0 {
		w.senders[i].rates.CountEligible(traits.Report())
	}
	if u := s.outcome.Of(draw); !aud.Arrives(n, traits, u) {
		w.fail(&w.senders[i], n, ctr, aud.Attempt(n, u))
		return false
	}
	at := w.now + w.delays.delivery.Draw(s.delivery.Of(draw))
	if aud.AnyReplies() || w.cfg.Rules.Global.DeliveryResets {
		w.deliver(&w.senders[i], n, ctr, w.now, at)
		return false
	}
	acc.print.add(at, uint64(id), fpDelivered)
	if at >= w.cfg.Horizon {
		w.senders[i].tally.InFlight++
		return true
	}
	done = w.countDelivery(acc, int32(i), at)
	if aud.Complains(s.complains.Of(draw)) && traits.Report() {
		w.complainLater(&w.senders[i], n, ctr, w.now, at)
		return false
	}
	return done
}

// refuseFast is the refusal of a message to one recipient.
func (w *world) refuseFast(a *senderState, number int64, n uint32, reason ses.Reason) {
	if a.path&fastCalls != 0 {
		w.refuse(a, w.called, reason)
		return
	}
	a.buffer = append(a.buffer[:0], n)
	c := call{message: number, due: w.now, route: a.index, recipients: a.buffer}
	if campaign := a.newest(); campaign != nil { // its first message has opened it
		c.campaign = campaign.number
		campaign.open++
	}
	w.refuse(a, &c, reason)
}

// callFast makes a client's call to one recipient.
func (w *world) callFast(a *senderState, c *call) {
	w.called, a.to = c, a.hotState.audience.first+c.recipients[0]
	refused := a.refused
	w.sendFast(a.hotState, int(a.index))
	w.counted.recipients++
	if w.hooks.Probe == nil {
		w.counted.admissions++
	}
	if a.refused > refused {
		return
	}
	if w.now > c.due {
		a.late(w.now-c.due, 1)
	}
	a.settle(w.now, c.campaign, false)
}
