package sim

import (
	"time"

	"sesim/sim/ses"
)

// This file is a second way through send, for the mail that nearly all of a
// large run consists of. It does the same things; TestPlainMail holds the two
// against each other.

// plain reports whether a sender's mail is of that kind: one recipient, and
// nothing that has to be looked at message by message.
func (w *world) plain(a *agent) bool {
	s := a.spec
	return s.Recipients == 1 && s.Traffic.Kind != Campaign && s.Rejected == 0 && s.Malformed == 0 && !s.Throttled25 &&
		a.trace == nil && a.set == nil && a.each == nil && !a.invalid && !a.audience.simulator &&
		len(a.failing) == 0 && (a.allCovered || !w.sandboxed(a)) && a.list.Left() > 0 && w.hooks.Observer == nil
}

// isPlain is plain, remembered until something happens that may change it.
func (w *world) isPlain(a *agent) bool {
	if a.judged != w.judgement {
		a.judged, a.plain = w.judgement, w.plain(a)
	}
	return a.plain
}

// burst handles the messages of sender i, from the one that is due now on, for
// as long as nothing else comes in between, until at the latest. What makes
// mail plain changes in events only, so it holds for all of them; such an event
// adds to the world's judgement.
func (w *world) burst(i int, until time.Duration) {
	a := &w.senders[i]
	if !w.isPlain(a) {
		w.arrive(i)
		return
	}
	for !w.stopped {
		w.sendPlain(a)
		w.arrivals.Set(i, a.arrivals.Next())
		if w.counted.events&0xffff == 0 {
			w.report()
		}
		due, next := w.arrivals.Next()
		if next != i || due >= until || due >= w.events.Next() {
			return
		}
		w.now = due
	}
}

// sendPlain makes the call for the message that is due.
func (w *world) sendPlain(a *agent) {
	acc := a.account
	n, number := a.list.TakeOne(), a.Messages
	if !a.herded {
		a.arrivals.Advance(false)
	}
	a.Messages++
	w.counted.events++
	w.counted.recipients++
	acc.Requests++
	acc.Recipients++
	if reason := w.admit(acc, ses.Call{Recipients: 1, Counted: 1}); reason != ses.Accepted {
		a.buffer = append(a.buffer[:0], n)
		w.refuse(a, &call{message: number, due: w.now, recipients: a.buffer}, reason, ses.Meters{})
		return
	}
	acc.Accepted++
	acc.onTime++
	a.SenderResult.Accepted++
	acc.print.add(w.now, uint64(number), fpSent)
	w.post(a, n, uint64(number)<<6)
}

// touch reads the lines of memory that sendPlain needs of a sender.
func (a *agent) touch() uint64 {
	return uint64(a.judged) + uint64(a.draws.outcome) + uint64(a.draws.reply) + uint64(a.SenderResult.Removed) + a.list.Touch()
}
