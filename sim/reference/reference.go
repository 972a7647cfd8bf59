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
	sender   sender
	audience *mailbox.Audience
	global   globalList
	draws    draws
}

// draws are the random numbers of the messages, the same ones that package
// sim draws: those of the i-th recipient of the m-th message have the number
// 64 m + i.
type draws struct {
	outcome, async, jitter, complains                  rng.Key
	delivery, bounce, asyncDelay, complaint, published drawn
}

// drawn is a delay with the numbers it is drawn by.
type drawn struct {
	rng.Spread
	key rng.Key
}

func (d *drawn) of(draw uint64) time.Duration { return d.Draw(d.key.At(draw)) }

// New prepares a run. Its error wraps ErrShape.
func New(cfg *sim.Config) (*Simulation, error) {
	if err := checkShape(cfg); err != nil {
		return nil, err
	}
	spec, p := &cfg.Audiences[0], &cfg.Rules
	key := func(purpose string) rng.Key { return rng.Derive(cfg.Seed, "sender", cfg.Senders[0].Name, purpose) }
	delay := func(s rules.Spread, purpose string) drawn { return drawn{rng.NewSpread(s), key(purpose)} }
	return &Simulation{
		cfg: cfg, rules: p, account: newAccount(cfg), sender: newSender(cfg),
		audience: mailbox.New(spec.Mailbox(), cfg.Seed, make([]uint8, spec.Size)),
		global:   globalList{durations: p.Global.Durations, memory: p.Global.StrikeMemory, entries: map[string]stay{}},
		draws: draws{
			outcome: key("outcome"), async: key("async"), jitter: key("jitter"), complains: key("complains"),
			delivery: delay(p.Delay.Delivery, "delivery"), bounce: delay(p.Delay.Bounce, "bounce"),
			asyncDelay: delay(p.Delay.Async, "async-delay"), complaint: delay(p.Delay.Complaint, "complaint"),
			published: delay(p.Delay.Publish, "publish"),
		},
	}, nil
}

// Run simulates to the horizon. It may be called once.
func (s *Simulation) Run() Result {
	s.every(s.rules.Rep.EvalInterval, s.account.evaluate)
	s.every(time.Hour, s.audience.Advance)
	s.expectMessage()
	s.work(s.cfg.Horizon)

	a := &s.account
	a.InFlight = a.Accepted - a.Delivered - a.HardBounced - a.SoftBounced - a.SuppressedAccount - a.SuppressedGlobal
	return Result{
		Counts: a.Counts, Enforcement: a.enforcement,
		ListAdded: int64(len(a.list.entries)), GlobalAdded: s.global.added, Removed: int64(len(s.sender.removed)),
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

// expectMessage schedules the sender's next message.
func (s *Simulation) expectMessage() {
	if s.sender.left() > 0 && s.sender.due < s.sender.end {
		s.schedule(s.sender.due, arrival, s.send)
	}
}

// send makes the call that is due.
func (s *Simulation) send() {
	to := s.sender.pick()
	message := uint64(s.sender.sent)
	s.sender.advance()
	s.expectMessage()
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
		s.post(r, message<<6+uint64(i))
	}
}

// post takes an accepted recipient through both lists to an attempt.
func (s *Simulation) post(to recipient, draw uint64) {
	a := &s.account
	if reason, listed := a.list.suppresses(to.address); listed {
		a.SuppressedAccount++
		s.publish(to, draw, reason == ses.ListComplaint)
		return
	}
	a.bounces.open.eligible++
	if s.global.suppresses(to.address, s.now) {
		a.SuppressedGlobal++
		a.bounces.open.events++
		if s.rules.Account.AddOnSuppressedBounce {
			a.list.learn(to.address, ses.ListBounce)
		}
		s.publish(to, draw, false)
		return
	}
	if s.audience.Reports(to.number) {
		a.complaints.open.eligible++
	}
	switch s.audience.Attempt(to.number, s.draws.outcome.At(draw)) {
	case mailbox.Delivered:
		s.schedule(s.now+s.draws.delivery.of(draw), event, func() { s.deliver(to, draw) })
	case mailbox.Full:
		s.retry(to, draw, s.now, 0)
	default:
		s.refuse(to, draw)
	}
}

// deliver counts a delivery, and decides whether it draws a complaint.
func (s *Simulation) deliver(to recipient, draw uint64) {
	s.account.Delivered++
	if s.audience.Reports(to.number) && s.audience.Complains(s.draws.complains.At(draw)) {
		at := s.now + s.draws.complaint.of(draw) + s.rules.Delay.ComplaintRelay
		s.schedule(at, event, func() { s.complain(to, draw) })
	}
}

// refuse schedules a hard bounce: in the SMTP dialogue, or for a share of
// them after the other side seemed to take the mail.
func (s *Simulation) refuse(to recipient, draw uint64) {
	if !s.rules.Delay.AsyncShare.Of(s.draws.async.At(draw)) {
		s.schedule(s.now+s.draws.bounce.of(draw), event, func() { s.bounce(to, draw) })
		return
	}
	s.schedule(s.now+s.draws.delivery.of(draw), event, func() {
		s.account.Delivered++
		s.schedule(s.now+s.draws.asyncDelay.of(draw), event, func() {
			s.account.Delivered--
			s.bounce(to, draw)
		})
	})
}

// bounce is a hard bounce.
func (s *Simulation) bounce(to recipient, draw uint64) {
	a := &s.account
	a.HardBounced++
	a.bounces.open.events++
	s.global.strike(to.address, s.now)
	a.list.learn(to.address, ses.ListBounce)
	s.publish(to, draw, false)
}

// complain is a complaint through a feedback loop.
func (s *Simulation) complain(to recipient, draw uint64) {
	a := &s.account
	a.Complaints++
	a.complaints.open.events++
	a.list.learn(to.address, ses.ListComplaint)
	s.publish(to, draw, true)
}

// publish tells a sender that cares of a bounce or complaint, after a delay;
// it then takes the address off its list.
func (s *Simulation) publish(to recipient, draw uint64, complaint bool) {
	if complaint && s.sender.spec.RemoveComplained || !complaint && s.sender.spec.RemoveBounced {
		s.schedule(s.now+s.draws.published.of(draw), event, func() { s.sender.removed[to.address] = struct{}{} })
	}
}

// retry schedules the attempt after so many that met a full mailbox, or the
// end of SES's patience.
func (s *Simulation) retry(to recipient, draw uint64, first time.Duration, attempt int) {
	p := &s.rules.Retry
	at := s.now + max(s.wait(draw, attempt), time.Second)
	if at > first+p.Horizon {
		s.schedule(first+p.Horizon, event, func() { s.account.SoftBounced++ })
		return
	}
	s.schedule(at, event, func() {
		switch s.audience.Retry(to.number, s.now-first) {
		case mailbox.Delivered:
			s.deliver(to, draw)
		case mailbox.Full:
			s.retry(to, draw, first, attempt+1)
		default:
			s.bounce(to, draw)
		}
	})
}

// wait returns how long SES waits after a soft bounce: longer each time up to
// a cap, and varied so that not all retries come at once.
func (s *Simulation) wait(draw uint64, attempt int) time.Duration {
	p := &s.rules.Retry
	wait := p.First
	for i := 0; i < attempt && wait < p.Cap; i++ {
		wait = time.Duration(fixed.MulDiv(uint64(wait), uint64(p.Factor), 1000))
	}
	wait = min(wait, p.Cap)
	most := uint64(p.Jitter.Count(int64(wait)))
	deviation := fixed.MulDiv(2*most, s.draws.jitter.At(draw<<8|uint64(attempt))>>1, 1<<63)
	return wait + time.Duration(deviation) - time.Duration(most)
}
