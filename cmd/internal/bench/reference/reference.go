package reference

import (
	"time"

	"sesim/sim"
	"sesim/sim/fixed"
	"sesim/sim/mailbox"
	"sesim/sim/rng"
	"sesim/sim/rules"
	"sesim/sim/ses"
)

// Result is what a run leaves.
type Result struct {
	sim.Counts
	Enforcement ses.Enforcement
	ListAdded   int64 // entries made on the account-level list
	GlobalAdded int64 // stays begun on the global list
	Removed     int64 // addresses that hygiene took off the sender's list
}

// Simulation is a scenario that is ready to run.
type Simulation struct {
	agenda
	cfg      *sim.Config
	rules    *rules.Set
	account  account
	senders  []*sender
	audience *mailbox.Audience
	global   globalList
	delays   delays
}

// draws are the random numbers of a sender's messages, the same ones that
// package engine draws: those of the i-th recipient of the m-th message have the
// number 64 m + i.
type draws struct {
	outcome, async, jitter, complains                  rng.Key
	delivery, bounce, asyncDelay, complaint, published rng.Key
}

func newDraws(key func(purpose string) rng.Key) draws {
	return draws{
		outcome: key("outcome"), async: key("async"), jitter: key("jitter"), complains: key("complains"),
		delivery: key("delivery"), bounce: key("bounce"), asyncDelay: key("async-delay"), complaint: key("complaint"),
		published: key("publish"),
	}
}

// delays are the distributions of the rules.
type delays struct{ delivery, bounce, async, complaint, publish rng.Spread }

// New prepares a run. Its error wraps ErrShape.
func New(cfg *sim.Config) (*Simulation, error) {
	if err := checkShape(cfg); err != nil {
		return nil, err
	}
	spec, p := &cfg.Audiences[0], &cfg.Rules
	s := &Simulation{
		cfg: cfg, rules: p, account: newAccount(cfg),
		audience: mailbox.New(spec.Mailbox(), cfg.Seed, make([]uint8, spec.Size)),
		global:   globalList{durations: p.Global.Durations, memory: p.Global.StrikeMemory, entries: map[string]stay{}},
		delays: delays{
			delivery: rng.NewSpread(p.Delay.Delivery), bounce: rng.NewSpread(p.Delay.Bounce), async: rng.NewSpread(p.Delay.Async),
			complaint: rng.NewSpread(p.Delay.Complaint), publish: rng.NewSpread(p.Delay.Publish),
		},
	}
	list := recipients(spec)
	for i := range cfg.Senders {
		from := newSender(cfg, i, list)
		from.arrive = func() { s.send(from) }
		s.senders = append(s.senders, from)
	}
	return s, nil
}

// Run simulates to the horizon. It may be called once.
func (s *Simulation) Run() Result {
	s.every(s.rules.Rep.EvalInterval, s.account.evaluate)
	s.every(time.Hour, s.audience.Advance)
	for _, from := range s.senders {
		s.expectMessage(from)
	}
	s.work(s.cfg.Horizon)

	a := &s.account
	a.InFlight = a.Accepted - a.Delivered - a.HardBounced - a.SoftBounced - a.SuppressedAccount - a.SuppressedGlobal
	for _, n := range a.Refused {
		a.GivenUp += n // without retries
	}
	a.Due = a.Accepted + a.GivenUp
	removed := int64(0)
	for _, from := range s.senders {
		removed += int64(len(from.removed))
	}
	return Result{
		Counts: a.Counts, Enforcement: a.enforcement,
		ListAdded: int64(len(a.list.entries)), GlobalAdded: s.global.added, Removed: removed,
	}
}

// every schedules a duty at the multiples of an interval.
func (s *Simulation) every(interval time.Duration, do func(now time.Duration)) {
	var run func()
	run = func() {
		do(s.now)
		s.schedule(s.now+interval, duty, run)
	}
	s.schedule(interval, duty, run)
}

// expectMessage schedules a sender's next message.
func (s *Simulation) expectMessage(from *sender) {
	if from.left() > 0 && from.due < from.end {
		s.expect(from.due, from.index, from.arrive)
	}
}

// mail is an accepted message to one recipient.
type mail struct {
	from *sender
	to   recipient
	draw uint64 // its number among the sender's draws
}

// send makes the call that is due.
func (s *Simulation) send(from *sender) {
	to := from.pick()
	message := uint64(from.sent)
	from.advance()
	s.expectMessage(from)
	if len(to) == 0 {
		return
	}
	a, n := &s.account, int64(len(to))
	a.Requests++
	a.Recipients += n
	if reason := a.admit(s.now, len(to)); reason != ses.Accepted {
		a.Refused[reason] += n
		return
	}
	a.Accepted += n
	for i, r := range to {
		s.post(mail{from, r, message<<6 + uint64(i)})
	}
}

// post takes an accepted recipient through both lists to an attempt.
func (s *Simulation) post(m mail) {
	a := &s.account
	if reason, listed := a.list.suppresses(m.to.address); listed {
		a.SuppressedAccount++
		s.publish(m, reason == ses.ListComplaint)
		return
	}
	a.bounces.open.eligible++
	if s.global.suppresses(m.to.address, s.now) {
		a.SuppressedGlobal++
		a.bounces.open.events++
		if s.rules.Account.AddOnSuppressedBounce {
			a.list.learn(m.to.address, ses.ListBounce)
		}
		s.publish(m, false)
		return
	}
	if s.audience.Reports(m.to.number) {
		a.complaints.open.eligible++
	}
	switch s.audience.Attempt(m.to.number, m.from.draws.outcome.At(m.draw)) {
	case mailbox.Delivered:
		s.schedule(s.now+s.delays.delivery.Draw(m.from.draws.delivery.At(m.draw)), event, func() { s.deliver(m) })
	case mailbox.Full:
		s.retry(m, s.now, 0)
	default:
		s.refuse(m)
	}
}

// deliver counts a delivery, and decides whether it draws a complaint.
func (s *Simulation) deliver(m mail) {
	s.account.Delivered++
	if s.audience.Reports(m.to.number) && s.audience.Complains(m.from.draws.complains.At(m.draw)) {
		at := s.now + s.delays.complaint.Draw(m.from.draws.complaint.At(m.draw)) + s.rules.Delay.ComplaintRelay
		s.schedule(at, event, func() { s.complain(m) })
	}
}

// refuse schedules a hard bounce: in the SMTP dialogue, or for a share of
// them after the other side seemed to take the mail.
func (s *Simulation) refuse(m mail) {
	if !s.rules.Delay.AsyncShare.Of(m.from.draws.async.At(m.draw)) {
		s.schedule(s.now+s.delays.bounce.Draw(m.from.draws.bounce.At(m.draw)), event, func() { s.bounce(m) })
		return
	}
	s.schedule(s.now+s.delays.delivery.Draw(m.from.draws.delivery.At(m.draw)), event, func() {
		s.account.Delivered++
		s.schedule(s.now+s.delays.async.Draw(m.from.draws.asyncDelay.At(m.draw)), event, func() {
			s.account.Delivered--
			s.bounce(m)
		})
	})
}

// bounce is a hard bounce.
func (s *Simulation) bounce(m mail) {
	a := &s.account
	a.HardBounced++
	a.bounces.open.events++
	s.global.strike(m.to.address, s.now)
	a.list.learn(m.to.address, ses.ListBounce)
	s.publish(m, false)
}

// complain is a complaint through a feedback loop.
func (s *Simulation) complain(m mail) {
	a := &s.account
	a.Complaints++
	a.complaints.open.events++
	a.list.learn(m.to.address, ses.ListComplaint)
	s.publish(m, true)
}

// publish tells a sender that cares of a bounce or complaint, after a delay;
// it then takes the address off its list.
func (s *Simulation) publish(m mail, complaint bool) {
	if complaint && m.from.spec.RemoveComplained || !complaint && m.from.spec.RemoveBounced {
		s.schedule(s.now+s.delays.publish.Draw(m.from.draws.published.At(m.draw)), event, func() { m.from.remove(m.to.address) })
	}
}

// retry schedules the next attempt after this many that met a full mailbox, or
// the bounce after the last one.
func (s *Simulation) retry(m mail, first time.Duration, attempt int) {
	p := &s.rules.Retry
	at := s.now + max(s.wait(m, attempt), time.Second)
	if at > first+p.Horizon {
		s.schedule(first+p.Horizon, event, func() { s.account.SoftBounced++ })
		return
	}
	s.schedule(at, event, func() {
		switch s.audience.Retry(m.to.number, s.now-first, mailbox.Full) {
		case mailbox.Delivered:
			s.deliver(m)
		case mailbox.Full:
			s.retry(m, first, attempt+1)
		default:
			s.bounce(m)
		}
	})
}

// wait returns how long SES waits after a soft bounce: longer each time up to
// a cap, and varied so that not all retries come at once.
func (s *Simulation) wait(m mail, attempt int) time.Duration {
	p := &s.rules.Retry
	wait := p.First
	for i := 0; i < attempt && wait < p.Cap; i++ {
		wait = time.Duration(fixed.MulDiv(uint64(wait), uint64(p.Factor), 1000))
	}
	wait = min(wait, p.Cap)
	most := uint64(p.Jitter.Count(int64(wait)))
	deviation := fixed.MulDiv(2*most, m.from.draws.jitter.At(m.draw<<8|uint64(attempt))>>1, 1<<63)
	return wait + time.Duration(deviation) - time.Duration(most)
}
