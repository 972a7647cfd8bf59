package twin

import (
	"sesim/sim"
	"sesim/sim/rng"
	"sesim/sim/rules"
	"sesim/sim/sender"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// arrive is a message of a sender that is due.
func (w *world) arrive(who int) {
	s, c := &w.cfg.Senders[who], &w.customers[who]
	if s.Traffic.Whole {
		w.arriveWhole(who)
		return
	}
	audience := w.addressed(s, c)
	to, last := c.take(s, audience, w.recipients(who, c.messages))
	if c.trace != nil {
		c.read(s.Begin)
	} else {
		c.arrivals.Advance(last)
	}
	if len(to) == 0 {
		return // hygiene has left nobody to write to
	}
	c.messages++
	l := letter{sender: who, message: c.messages - 1, audience: audience, to: to}
	if w.hasClient(who) {
		w.queued = append(w.queued, &queued{letter: l, due: w.now})
		w.offer(who, l.message, 1)
		return
	}
	w.call(l)
}

// recipients is how many recipients a message has where the list has enough.
func (w *world) recipients(who int, message int64) int {
	s := &w.cfg.Senders[who]
	if s.OneMore.Of(rng.Derive(w.cfg.Seed, "sender", s.Name, "recipients").At(uint64(message))) {
		return s.Recipients + 1
	}
	return s.Recipients
}

// addressed draws the audience of the message that is due by the shares of the sender's
// mail: they are laid side by side, and a point is drawn among them. Each arrival has a
// number of its own, whether or not somebody is left on the list that it is for.
func (w *world) addressed(s *sim.Sender, c *customer) int {
	point := rng.Derive(w.cfg.Seed, "sender", s.Name, "audience").At(uint64(c.arrived))
	c.arrived++
	to := s.Audience
	for i, below := len(s.Mixture)-1, unit.Whole; i >= 0; i-- {
		if below.Of(point) {
			to = s.Mixture[i].Audience
		}
		below -= s.Mixture[i].Share
	}
	return to
}

// take returns the recipients of the message that is due, and whether a
// campaign's list ends with them.
func (c *customer) take(s *sim.Sender, audience, recipients int) ([]int64, bool) {
	list := c.lists[audience]
	var numbers []uint32
	last := false
	switch {
	case c.trace != nil && len(c.row.Numbers) > 0:
		numbers = c.row.Numbers
	case c.trace != nil:
		numbers, _ = list.Take(nil, c.row.Count)
	case s.Traffic.Kind == sim.Campaign:
		numbers, last = list.TakeCampaign(nil, recipients)
	default:
		numbers, _ = list.Take(nil, recipients)
	}
	to := make([]int64, len(numbers))
	for i, n := range numbers {
		to[i] = int64(n)
	}
	return to, last
}

// answer is what comes of a call.
type answer uint8

const (
	passed     answer = iota
	refused           // for a reason
	unanswered        // SES was not reached
)

// call makes a call for a letter.
func (w *world) call(l letter) {
	came, reason := w.answer(l)
	if came == unanswered || came == refused && w.cfg.Senders[l.sender].Retry.On[reason] {
		w.tryAgain(l)
	}
}

// answer returns what comes of a call for a letter.
func (w *world) answer(l letter) (answer, ses.Reason) {
	s := &w.cfg.Senders[l.sender]
	if s.Throttled25 && !w.connects(l) {
		w.decideCall(l, Decision{Kind: sim.TimedOut, Rule: rules.EC2Port25})
		return unanswered, ses.Accepted
	}
	c := call{stamp: w.next(), letter: l, counted: w.counted(l)}
	meters := w.meters(s.Account)
	reason, rule := w.refusal(&c)
	if reason != ses.Accepted {
		c.reason = reason
		w.calls = append(w.calls, c)
		w.decideCall(l, Decision{Kind: sim.Refused, Reason: reason, Rule: rule, Error: w.wording(&c, reason, rule), Meters: meters})
		return refused, reason
	}
	c.accepted = true
	scan := rng.Derive(w.cfg.Seed, "sender", s.Name, "scan").At(64 * uint64(l.message))
	c.rejected = s.Rejected.Of(scan)
	w.calls = append(w.calls, c)
	w.noteUse(s.Account)
	w.decideCall(l, Decision{Kind: sim.Sent, Meters: meters})
	for place := range l.to {
		w.accept(&c, place)
	}
	return passed, ses.Accepted
}

// tryAgain plans the next call for a letter, if the sender has one left.
func (w *world) tryAgain(l letter) {
	retry := w.cfg.Senders[l.sender].Retry
	if l.attempt < retry.Attempts {
		l.attempt++
		wait := sender.Backoff{First: retry.First, Factor: retry.Factor, Cap: retry.Cap}
		w.plan(w.now+wait.Wait(l.attempt), again{l})
	}
}

// again is a call that did not succeed, and that its sender tries again.
type again struct{ letter }

func (a again) happen(w *world) {
	if w.answersNow(w.cfg.Senders[a.sender].Account) {
		w.plan(w.now, a)
		return
	}
	w.call(a.letter)
}

// decideCall adds a decision about each recipient of a call.
func (w *world) decideCall(l letter, d Decision) {
	s := &w.cfg.Senders[l.sender]
	for _, n := range l.to {
		d.Account, d.Sender, d.Message, d.Attempt = s.Account, l.sender, l.message, l.attempt
		d.Address = sim.Address{Audience: l.audience, Number: n}
		w.decide(d)
	}
}
