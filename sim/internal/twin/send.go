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
		w.beginCampaign(s.Audience)
		w.arriveWhole(who)
		return
	}
	audience := w.addressed(s, c)
	to, last := c.take(s, audience, w.recipients(who, c.messages))
	if s.Traffic.Kind == sim.Campaign {
		if c.between {
			w.beginCampaign(audience)
		}
		c.between = last
	}
	if c.trace != nil {
		c.read(s.Begin)
	} else {
		c.arrivals.Advance(last)
	}
	if len(to) == 0 {
		return // hygiene has left nobody to write to
	}
	c.messages++
	l := letter{sender: who, message: c.messages - 1, to: to}
	w.send(&l)
	if w.hasClient(who) {
		w.queued = append(w.queued, &queued{letter: l, due: w.now})
		w.offer(who, l.message, 1)
		return
	}
	w.call(l)
}

// beginCampaign draws what each campaign to an audience draws anew.
func (w *world) beginCampaign(audience int) {
	w.campaigns[audience]++
	for _, r := range w.cfg.Audiences[audience].Redraws {
		r.Set(w.mailboxes[audience], w.campaigns[audience])
	}
}

// recipients is how many recipients a message has where the list has enough.
func (w *world) recipients(who int, message int64) int {
	s := &w.cfg.Senders[who]
	if s.OneMore.Of(rng.Derive(w.cfg.Seed, "sender", s.Name, "recipients").At(uint64(message))) {
		return s.Recipients + 1
	}
	return s.Recipients
}

// send says through which of its accounts a sender sends a letter now.
func (w *world) send(l *letter) {
	s := &w.cfg.Senders[l.sender]
	l.account, l.set = s.Account, s.Set
	switch of := s.Accounts; {
	case of == nil:
	case of.Check > 0:
		in := of.Of[w.customers[l.sender].uses]
		l.account, l.set = in.Account, in.Set
	default:
		point := rng.Derive(w.cfg.Seed, "sender", s.Name, "account").At(uint64(l.message))
		for i, below := len(of.Of)-1, unit.Whole; i >= 0; i-- {
			if below.Of(point) {
				l.account, l.set = of.Of[i].Account, of.Of[i].Set
			}
			below -= of.Of[i].Share
		}
	}
}

// looking is a sender that looks which of its accounts are paused, and does so again.
type looking struct{ sender int }

func (x looking) happen(w *world) {
	of := w.cfg.Senders[x.sender].Accounts
	for i := len(of.Of) - 1; i >= 0; i-- {
		if w.pausedBy(of.Of[i].Account, of.Of[i].Set) == rules.None {
			w.customers[x.sender].uses = i
		}
	}
	w.plan(w.now+of.Check, x)
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
func (c *customer) take(s *sim.Sender, audience, recipients int) ([]sim.Address, bool) {
	list := c.lists[audience]
	var numbers []uint32
	last := false
	switch {
	case len(c.given) > 0:
		to := c.given[0]
		c.given = c.given[1:]
		return to, false
	case c.trace != nil && len(c.row.Numbers) > 0:
		numbers = c.row.Numbers
	case c.trace != nil:
		numbers, _ = list.Take(nil, c.row.Count)
	case s.Traffic.Kind == sim.Campaign:
		numbers, last = list.TakeCampaign(nil, recipients)
	default:
		numbers, _ = list.Take(nil, recipients)
	}
	to := make([]sim.Address, len(numbers))
	for i, n := range numbers {
		to[i] = sim.Address{Audience: audience, Number: int64(n)}
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
	meters := w.meters(l.account)
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
	w.noteUse(l.account)
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
	w.send(&a.letter)
	if w.answersNow(a.account) {
		w.plan(w.now, a)
		return
	}
	w.call(a.letter)
}

// decideCall adds a decision about each recipient of a call.
func (w *world) decideCall(l letter, d Decision) {
	for _, to := range l.to {
		d.Account, d.Sender, d.Message, d.Attempt = l.account, l.sender, l.message, l.attempt
		d.Address = to
		w.decide(d)
	}
}
