package engine

import (
	"time"

	"sesim/sim"
	"sesim/sim/mailbox"
	"sesim/sim/rng"
	"sesim/sim/sender"
	"sesim/sim/ses"
)

// This file is a second way through send and post, for the mail that nearly all
// of a large run consists of. It does the same things; TestPlainMail holds the
// two against each other.

// mailKind says which way a sender's mail may take.
type mailKind uint8

const (
	general mailKind = iota
	plain            // one recipient, and nothing that has to be looked at message by message
	random           // plain, and recipients are drawn one at a time from all alike
)

// kind returns which way a sender's mail may take.
func (w *world) kind(a *agent) mailKind {
	s := a.spec
	switch {
	case s.Recipients > 1 || s.Traffic.Kind == sim.Campaign || a.trace != nil || s.Rejected > 0 || s.Malformed > 0 || s.Throttled25:
	case a.set != nil || a.each != nil || a.own || a.invalid || a.audience.simulator || w.hooks.Observer != nil:
	case len(a.failing) > 0 || !a.allCovered && w.sandboxed(a) || a.list.Left() == 0:
	case s.Pick == sim.Uniform && a.herd != alone:
		return random
	default:
		return plain
	}
	return general
}

// isPlain reports whether the i-th sender's mail is plain, remembered until
// something happens that may change it.
func (w *world) isPlain(s *sending, i int) bool {
	if s.judged != w.judgement {
		w.judge(s, i)
	}
	return s.mail != general
}

//go:noinline
func (w *world) judge(s *sending, i int) {
	was := s.mail
	s.judged, s.mail = w.judgement, w.kind(&w.senders[i])
	switch {
	case was != random && s.mail == random:
		s.draw()
	case was == random && s.mail != random:
		s.recipients.Back(1) // the list draws it again
	}
}

// draw draws the next recipient of random mail: so early that a processor can
// have the byte of the address at hand by then.
func (s *sending) draw() {
	s.to = s.audience.first + uint32(s.recipients.Below(uint64(s.audience.spec.Size)))
}

// judgeAnew lets all senders be judged again.
func (w *world) judgeAnew() {
	if w.judgement++; w.judgement == 0 {
		for i := range w.sendings {
			w.sendings[i].judged = 0
		}
		w.judgement = 1
	}
}

// burst handles the messages of sender i, from the one that is due now on, for
// as long as nothing else comes in between, until at the latest. What makes
// mail plain changes in events only, so it holds for all of them; such an event
// adds to the world's judgement.
func (w *world) burst(i int, until time.Duration) {
	s, arrivals := &w.sendings[i], &w.arrivals[i]
	if !w.isPlain(s, i) {
		w.arrive(i)
		return
	}
	for n := 1; ; n++ {
		w.sendPlain(s, i)
		arrivals.Advance(false)
		w.merge.Set(i, arrivals.Next())
		due, next := w.merge.Next()
		if next != i || due >= until || due >= w.events.Next() || n == reportEvery {
			w.countPlain(n)
			return
		}
		w.now = due
	}
}

// countPlain counts the messages of so many calls of sendPlain, and reports
// where it is time.
func (w *world) countPlain(n int) {
	w.counted.events += int64(n)
	w.counted.recipients += int64(n)
	if w.hooks.Probe == nil {
		w.counted.admissions += int64(n)
	}
	w.reportRarely(n)
}

// sendPlain makes the call for the i-th sender's message that is due. It reports
// whether all that came of it is counted: nothing is scheduled, and nobody's
// mail is judged otherwise.
func (w *world) sendPlain(s *sending, i int) (quiet bool) {
	// First what is called always, so that a processor's registers hold the rest.
	reason := ses.Accepted
	if w.hooks.Probe == nil {
		reason = s.account.AdmitOne(w.now)
	} else {
		reason = w.admit(s.account, ses.Call{Recipients: 1, Counted: 1})
	}
	acc, aud, id := s.account, s.audience, s.to
	if s.mail != random {
		id = aud.first + w.senders[i].list.TakeOne()
	} else {
		if w.bits[id]&sender.Removed != 0 {
			id = aud.first + w.senders[i].list.OrAnother(id-aud.first)
		}
		s.draw()
	}
	number := s.messages
	s.messages++
	acc.Requests++
	acc.Recipients++
	n := id - aud.first
	if reason != ses.Accepted {
		a := &w.senders[i]
		a.buffer = append(a.buffer[:0], n)
		w.refuse(a, &call{message: number, due: w.now, recipients: a.buffer}, reason, ses.Meters{})
		return false
	}
	acc.Accepted++
	acc.onTime++
	acc.print.add(w.now, uint64(number), fpSent)
	ctr := uint64(number) << 6
	draw := rng.Numbered(ctr)
	traits := mailbox.Traits(w.bits[id])
	if traits&ses.Listed != 0 {
		w.post(&w.senders[i], n, ctr)
		return false
	}
	acc.CountEligible(traits.Report())
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
		return true
	}
	quiet = w.countDelivery(acc, at)
	if aud.Complains(s.complains.Of(draw)) && traits.Report() {
		w.complainLater(&w.senders[i], n, ctr, w.now, at)
		return false
	}
	return quiet
}
