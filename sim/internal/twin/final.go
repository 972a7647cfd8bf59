package twin

import (
	"slices"
	"time"

	"sesim/sim"
)

// outcome adds up what happened.
func (w *world) outcome() *Outcome {
	o := &Outcome{Decisions: w.decisions, Timelines: w.lines, Global: w.finalGlobal()}
	for i := range w.cfg.Accounts {
		o.Accounts = append(o.Accounts, w.finalAccount(i))
	}
	for i := range w.cfg.Senders {
		o.Senders = append(o.Senders, w.finalSender(i))
	}
	return o
}

func (w *world) finalAccount(account int) Account {
	s := w.standing(account)
	a := Account{
		Counts: w.counts(func(of, _ int) bool { return of == account }),
		Access: w.access(account), Enforcement: s.status, Status: s.words(), Quota: w.quota(account), Rate: w.rate(account),
		Bounce: w.figures(account, byBounces), Complaint: w.figures(account, byComplaints),
		BounceStatus: w.rateWords(account, byBounces), ComplaintStatus: w.rateWords(account, byComplaints),
		BounceMax: w.highestRate(part{account: account}, byBounces), ComplaintMax: w.highestRate(part{account: account}, byComplaints),
		Delays:   w.delays(func(of, _ int) bool { return of == account }),
		UseFinal: share(w.used(account), w.quota(account)), UseMax: w.highestUse(account),
		Listed:      int64(len(w.onList(account))) + w.listedBefore(account),
		BounceBelow: w.below(part{account: account}, byBounces), ComplaintBelow: w.below(part{account: account}, byComplaints),
	}
	on := map[string]bool{}
	for _, e := range w.entries {
		if e.account == account {
			if !e.off && !on[e.address] {
				a.ListAdded++
			}
			on[e.address] = !e.off
		}
	}
	for set := range w.cfg.Accounts[account].Sets {
		of := part{account: account, set: set + 1}
		a.Sets = append(a.Sets, Set{w.figuresOf(of, byBounces), w.figuresOf(of, byComplaints)})
	}
	return a
}

// finalGlobal is how the global lists end.
func (w *world) finalGlobal() Global {
	g := Global{Listed: w.onGlobalList(), Removed: w.removed}
	for _, d := range w.decisions {
		if d.Kind == sim.ListedGlobal {
			g.Added++
		}
	}
	return g
}

// highestRate is the highest of a rate at all evaluations.
func (w *world) highestRate(of part, m metric) float64 {
	highest, decisive, decided := 0.0, 0.0, false
	for _, r := range w.rated {
		f := r.figures
		if r.of != of || r.metric != m || f.Eligible == 0 {
			continue
		}
		rate := float64(f.Events) / float64(f.Eligible)
		highest = max(highest, rate)
		if f.Eligible >= w.cfg.Rules.Rep.MinEligible {
			decisive, decided = max(decisive, rate), true
		}
	}
	if decided {
		return decisive
	}
	return highest
}

// highestUse is the highest share of the quota that was in use: after a call,
// or under a new quota.
func (w *world) highestUse(account int) float64 {
	highest := 0.0
	for _, u := range w.uses {
		if u.account == account {
			highest = max(highest, share(u.used, u.quota))
		}
	}
	return highest
}

func share(used, quota int64) float64 {
	if quota <= 0 {
		return 0
	}
	return float64(used) / float64(quota)
}

// counts counts the decisions about the mail of some senders.
func (w *world) counts(those func(account, sender int) bool) sim.Counts {
	var c sim.Counts
	for _, call := range w.calls {
		if those(call.account, call.sender) {
			c.Requests++
			c.Recipients += int64(len(call.to))
		}
	}
	for i, d := range w.decisions {
		if d.Sender < 0 || !those(d.Account, d.Sender) {
			continue
		}
		switch d.Kind {
		case sim.Refused:
			c.Refused[d.Reason]++
		case sim.Sent:
			c.Accepted++
			if w.bouncedBefore(i) {
				c.SentAfterBounce++
			}
		case sim.Delivered:
			c.Delivered++
		case sim.HardBounced:
			c.HardBounced++
			if d.Async {
				c.Delivered--
			}
		case sim.SoftBounced:
			c.SoftBounced++
		case sim.SuppressedAccount:
			c.SuppressedAccount++
		case sim.SuppressedGlobal:
			c.SuppressedGlobal++
		case sim.Simulated:
			c.Simulator++
		case sim.Rejected:
			c.Rejected++
		case sim.Complained:
			c.Complaints++
		}
	}
	c.InFlight = c.Accepted - c.Delivered - c.HardBounced - c.SoftBounced - c.SuppressedAccount - c.SuppressedGlobal - c.Simulator - c.Rejected
	w.countPeople(&c, those)
	w.countQueued(&c, those)
	return c
}

// bouncedBefore reports whether a hard bounce of a sender's mail to an address had been
// published when its call to the address was accepted.
func (w *world) bouncedBefore(decision int) bool {
	d := w.decisions[decision]
	return slices.ContainsFunc(w.reported, func(p reportedBounce) bool {
		return p.sender == d.Sender && p.address == d.Address && p.at <= d.At && p.decided <= decision
	})
}

// delays are the times from when messages of some senders were due to when their
// calls were accepted.
func (w *world) delays(those func(account, sender int) bool) Delays {
	type message struct {
		sender int
		number int64
	}
	var of Delays
	due, accepted := map[message]time.Duration{}, map[message]bool{}
	for _, q := range w.queued {
		due[message{q.sender, q.letter.message}] = q.due
	}
	for _, d := range w.decisions {
		m := message{d.Sender, d.Message}
		switch d.Kind {
		case sim.Sent, sim.Refused, sim.TimedOut:
		default:
			continue
		}
		if _, known := due[m]; !known {
			due[m] = d.At
		}
		if d.Kind == sim.Sent && those(d.Account, d.Sender) && !accepted[m] {
			accepted[m] = true
			of.add(d.At - due[m])
		}
	}
	return of.rounded()
}

// countPeople looks at the last try for each message: its recipients are accepted
// then, or given up if the sender does not try again.
func (w *world) countPeople(c *sim.Counts, those func(account, sender int) bool) {
	type message struct {
		sender int
		number int64
	}
	last, due := map[message]Decision{}, map[message]time.Duration{}
	size := map[message]int64{}
	for _, d := range w.decisions {
		if d.Kind != sim.Sent && d.Kind != sim.Refused && d.Kind != sim.TimedOut || d.Sender < 0 || w.hasClient(d.Sender) {
			continue
		}
		m := message{d.Sender, d.Message}
		if d.Attempt == 0 {
			due[m] = d.At
			size[m]++
		}
		last[m] = d
	}
	for m, d := range last {
		if !those(d.Account, m.sender) {
			continue
		}
		retry := w.cfg.Senders[m.sender].Retry
		c.Due += size[m]
		switch again := d.Kind == sim.TimedOut || retry.On[d.Reason]; {
		case d.Kind == sim.Sent && d.At > due[m]:
			c.Late += size[m]
		case d.Kind == sim.Sent:
		case again && d.Attempt < retry.Attempts:
			c.Waiting += size[m]
		default:
			c.GivenUp += size[m]
		}
	}
}

// finalSender is how a sender ends.
func (w *world) finalSender(who int) Sender {
	s := Sender{Counts: w.counts(func(_, sender int) bool { return sender == who }), Messages: w.customers[who].messages}
	if w.cfg.Senders[who].Accounts == nil {
		of := part{account: w.cfg.Senders[who].Account, sender: who + 1}
		s.Bounce, s.Complaint = w.figuresOf(of, byBounces), w.figuresOf(of, byComplaints)
		s.BounceMax, s.ComplaintMax = w.highestRate(of, byBounces), w.highestRate(of, byComplaints)
	}
	s.Delays = w.delays(func(_, sender int) bool { return sender == who })
	s.Losses = w.losses(who)
	for _, c := range w.connections {
		if c.sender == who && !c.passes {
			s.TimedOut++
		}
	}
	for _, l := range w.learned {
		if l.sender == who {
			s.Removed++
		}
	}
	return s
}
