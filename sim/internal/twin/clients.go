package twin

import (
	"time"

	"sesim/sim"
	"sesim/sim/client"
	"sesim/sim/rng"
	"sesim/sim/rules"
	"sesim/sim/ses"
)

// mailer is a client and the senders whose messages it calls for.
type mailer struct {
	*client.Client // nil: none of them has had a message due
	senders        []int
}

// queued is a letter that a client has, or had.
type queued struct {
	letter
	due   time.Duration
	calls int // so far
	fate  fate
	ended time.Duration // of one that is not open
	why   client.Reason // of one that is lost
}

type fate uint8

const (
	open fate = iota
	sent
	lost
)

// pass is a campaign that was due as a whole. Each of its messages becomes a letter when
// the first call for it starts.
type pass struct {
	sender      int
	due         time.Duration
	first, last int64  // numbers of its messages
	cursor      uint32 // on the sender's list
	people      int64  // who are still to be written to
}

// newMailers returns the clients of a scenario.
func newMailers(cfg *sim.Config) []mailer {
	list := make([]mailer, len(cfg.Clients))
	for i := range cfg.Senders {
		if k := cfg.Senders[i].Client; k > 0 {
			list[k-1].senders = append(list[k-1].senders, i)
		}
	}
	return list
}

// offer gives messages of a sender to its client.
func (w *world) offer(who int, first, count int64) {
	number := w.cfg.Senders[who].Client - 1
	m := &w.mailers[number]
	if m.Client == nil {
		m.Client = w.newClient(number, m.senders, who)
	}
	for place, sender := range m.senders {
		if sender == who {
			m.Offer(w.now, int32(place), first, count, 0)
		}
	}
}

// newClient makes a client, by the maximum send rate of the sender that needs it first.
func (w *world) newClient(number int, senders []int, needed int) *client.Client {
	var streams []client.Sender
	for _, who := range senders {
		s := &w.cfg.Senders[who]
		key := func(purpose string) rng.Key { return rng.Derive(w.cfg.Seed, "sender", s.Name, purpose) }
		streams = append(streams, client.Sender{
			Latency: key("latency"), Jitter: key("jitter"), Requeue: key("requeue"), Priority: uint8(s.Priority),
		})
	}
	spec := &w.cfg.Clients[number]
	return client.New(&spec.Config, streams, client.Setting{
		Rate: w.rate(w.cfg.Senders[needed].Account), Begin: w.now, Epoch: time.Duration(w.cfg.Start.UnixNano()),
		Draws: rng.Of(w.cfg.Seed, "client", spec.Name), Session: w.session(senders),
	})
}

// arriveWhole makes a campaign due as a whole: as many messages as it takes to write to
// everybody who is on the list now.
func (w *world) arriveWhole(who int) {
	c := &w.customers[who]
	p := &pass{sender: who, due: w.now, first: c.messages, people: c.lists[w.cfg.Senders[who].Audience].Left()}
	for people := int64(0); people < p.people; c.messages++ {
		people += int64(w.recipients(who, c.messages))
	}
	p.last = c.messages - 1
	c.arrivals.Advance(true)
	if p.people > 0 {
		w.passes = append(w.passes, p)
		w.offer(who, p.first, c.messages-p.first)
	}
}

// queuedLetter returns the letter of a client's message, which is written if it belongs to
// a campaign and nobody has called for it.
func (w *world) queuedLetter(who int, message int64) *queued {
	for _, q := range w.queued {
		if q.sender == who && q.message == message {
			return q
		}
	}
	for _, p := range w.passes {
		if p.sender == who && p.first <= message && message <= p.last {
			return w.write(p, message)
		}
	}
	panic("twin: a client calls for a message that nobody offered")
}

// write addresses a message of a campaign to those who come next on the list, to no more
// than were on it when the campaign was due. At the end of the list the campaign is over,
// though it was longer when it began.
func (w *world) write(p *pass, message int64) *queued {
	s := &w.cfg.Senders[p.sender]
	q := &queued{letter: letter{sender: p.sender, message: message, account: s.Account, set: s.Set}, due: p.due}
	if p.people > 0 {
		most := min(int64(w.recipients(p.sender, message)), p.people)
		numbers, end := w.customers[p.sender].lists[s.Audience].TakeFrom(&p.cursor, nil, int(most))
		for _, n := range numbers {
			q.to = append(q.to, sim.Address{Audience: s.Audience, Number: int64(n)})
		}
		if p.people -= int64(len(q.to)); end || len(q.to) == 0 {
			p.people = 0
		}
	}
	w.queued = append(w.queued, q)
	return q
}

// nextClient returns when a client next does something, and the first that does it then.
func (w *world) nextClient() (time.Duration, int) {
	at, number := never, -1
	for i := range w.mailers {
		if k := w.mailers[i].Client; k != nil && k.Next() < at {
			at, number = k.Next(), i
		}
	}
	return at, number
}

// runClient takes one step of a client.
func (w *world) runClient(number int) {
	m := &w.mailers[number]
	e, did := m.Step(w.now)
	if !did {
		return
	}
	for i := range e.Count {
		q := w.queuedLetter(m.senders[e.Sender], e.Number+i)
		switch e.Kind {
		case client.Begun:
			m.Begin(1)
		case client.Lost:
			w.end(q, lost, e.Reason)
		default:
			q.attempt = int(e.Attempt)
			w.callFor(m, q, e.Closed)
		}
	}
}

// callFor makes the call that a client has started for a letter.
func (w *world) callFor(m *mailer, q *queued, closed client.Closing) {
	if len(q.to) == 0 {
		m.Answer(client.Answer{Void: true})
		w.end(q, sent, 0)
		return
	}
	q.calls++
	w.send(&q.letter)
	answer, reason := unanswered, ses.Accepted
	if reconnects := w.cfg.Clients[w.cfg.Senders[q.sender].Client-1].Connection.Reconnect; !w.meetsClosed(q, closed) || reconnects {
		answer, reason = w.answer(q.letter)
	}
	switch answer {
	case passed:
		m.Answer(client.Answer{Accepted: true})
		w.end(q, sent, 0)
	case refused, unanswered:
		verdict, why := m.Answer(client.Answer{
			Throttled: reason == ses.RefusedRate || reason == ses.RefusedQuota,
			Reason:    uint8(reason), Unreached: answer == unanswered,
		})
		if verdict == client.GivenUp {
			w.end(q, lost, why)
		}
	}
}

// meetsClosed decides about a call on a session that SES has closed, if it has.
func (w *world) meetsClosed(q *queued, closed client.Closing) bool {
	d := Decision{Kind: sim.SessionClosed}
	switch closed {
	case client.NotClosed:
		return false
	case client.ClosedFull:
		d.Rule = rules.SessionFull
		d.Error = ses.Error{Status: 421, Message: "Connection closed by server. Maximum message count per session reached."}
	case client.ClosedIdle:
		d.Rule, d.Error = rules.SessionIdle, ses.Error{Status: 451, Message: "Timeout waiting for data from client"}
	}
	w.decideCall(q.letter, d)
	return true
}

// session is what SES allows the sessions of senders who all use SMTP.
func (w *world) session(senders []int) (s client.Session) {
	for _, who := range senders {
		if w.cfg.Senders[who].Interface != ses.SMTP {
			return s
		}
	}
	return client.Session{Idle: w.cfg.Rules.Session.Idle, MaxMessages: w.cfg.Rules.Session.MaxMessages}
}

// end closes a letter. That it is lost is a decision about its people.
func (w *world) end(q *queued, f fate, why client.Reason) {
	q.fate, q.ended, q.why = f, w.now, why
	if f == lost {
		l := q.letter
		l.attempt = q.calls
		w.decideCall(l, Decision{Kind: sim.GaveUp, Loss: why})
	}
}

// countQueued counts the people whom clients write to.
func (w *world) countQueued(c *sim.Counts, those func(account, sender int) bool) {
	for _, p := range w.passes {
		if those(w.cfg.Senders[p.sender].Account, p.sender) {
			c.Due += p.people
			c.Waiting += p.people
		}
	}
	for _, q := range w.queued {
		people := int64(len(q.to))
		if !those(q.account, q.sender) {
			continue
		}
		c.Due += people
		switch {
		case q.fate == open:
			c.Waiting += people
		case q.fate == lost:
			c.GivenUp += people
		case q.ended > q.due:
			c.Late += people
		}
	}
}

// Losses are the messages that a sender's client gives up.
type Losses struct {
	For   [client.Reasons]int64
	After Delays // since they were due
}

func (w *world) losses(who int) (l Losses) {
	for _, q := range w.queued {
		if q.sender == who && q.fate == lost {
			l.For[q.why]++
			l.After.add(q.ended - q.due)
		}
	}
	l.After = l.After.rounded()
	return l
}

// hasClient reports whether a client calls for a sender's messages.
func (w *world) hasClient(who int) bool { return w.cfg.Senders[who].Client > 0 }
