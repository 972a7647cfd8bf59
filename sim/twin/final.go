package twin

import "sesim/sim"

// outcome adds up what happened.
func (w *world) outcome() *Outcome {
	o := &Outcome{Decisions: w.decisions, Timelines: w.lines, Global: Global{Listed: w.onGlobalList(), Removed: w.removed}}
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
		Counts: w.counts(account),
		Access: w.access(account), Enforcement: s.status, Status: s.words(), Quota: w.quota(account), Rate: w.rate(account),
		Bounce: w.figures(account, 0, byBounces), Complaint: w.figures(account, 0, byComplaints),
		Listed: int64(len(w.onList(account))),
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
		a.Sets = append(a.Sets, Set{w.figures(account, set+1, byBounces), w.figures(account, set+1, byComplaints)})
	}
	return a
}

// counts counts an account's decisions.
func (w *world) counts(account int) sim.Counts {
	var c sim.Counts
	for _, call := range w.calls {
		if w.cfg.Senders[call.sender].Account == account {
			c.Requests++
			c.Recipients += int64(len(call.to))
		}
	}
	for _, d := range w.decisions {
		if d.Account != account {
			continue
		}
		switch d.Kind {
		case sim.Refused:
			c.Refused[d.Reason]++
		case sim.Sent:
			c.Accepted++
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
	return c
}

// finalSender counts a sender's messages: of each, the last call decides.
func (w *world) finalSender(who int) Sender {
	s := Sender{Messages: w.customers[who].messages}
	retry := w.cfg.Senders[who].Retry
	for _, c := range w.calls {
		switch {
		case c.sender != who:
		case c.accepted:
			s.Accepted++
		case !retry.On[c.reason] || c.attempt >= retry.Attempts:
			s.GivenUp++
		}
	}
	for _, c := range w.connections {
		if c.sender != who || c.passes {
			continue
		}
		s.TimedOut++
		if c.attempt >= retry.Attempts {
			s.GivenUp++
		}
	}
	for _, l := range w.learned {
		if l.sender == who {
			s.Removed++
		}
	}
	for _, p := range w.agenda {
		if a, ok := p.what.(again); ok && a.sender == who {
			s.Waiting++
		}
	}
	return s
}
