package twin

import (
	"sesim/sim"
	"sesim/sim/mailbox"
	"sesim/sim/rng"
	"sesim/sim/rules"
	"sesim/sim/ses"
)

// mail is an accepted message on its way to one of its recipients.
type mail struct {
	sender  int
	account int
	set     int // the account's configuration set, from 1; 0: none
	message int64
	place   int // among the recipients of the call
	to      sim.Address
	sent    stamp
}

func (m mail) address(w *world) string { return w.address(m.to) }

func (m mail) mailbox(w *world) *mailbox.Audience { return w.mailboxes[m.to.Audience] }

// counter is the number of the mail's draws in each of its sender's streams.
func (m mail) counter() uint64 { return 64*uint64(m.message) + uint64(m.place) }

// draw is the mail's number for a purpose.
func (w *world) draw(m mail, purpose string) uint64 {
	return rng.Derive(w.cfg.Seed, "sender", w.cfg.Senders[m.sender].Name, purpose).At(m.counter())
}

// decideMail adds a decision about a mail.
func (w *world) decideMail(m mail, d Decision) {
	d.Account, d.Sender, d.Message, d.Address, d.SentAt = m.account, m.sender, m.message, m.to, m.sent.at
	w.decide(d)
}

// accept takes one recipient of an accepted call on: simulator, scan,
// account's list, global list, attempt.
func (w *world) accept(c *call, place int) {
	m := mail{c.sender, c.account, c.set, c.message, place, c.to[place], c.stamp}
	account, set, address := m.account, m.set, m.address(w)
	if c.rejected {
		w.decideMail(m, Decision{Kind: sim.Rejected, Rule: rules.ContentRejected})
		return
	}
	if isSimulator(address) {
		w.simulate(m)
		return
	}
	if reason, yes := w.suppressedByAccount(account, set, address); yes {
		w.suppressByAccount(m, reason)
		return
	}
	if s, yes := w.suppressedGlobally(account, set, address); yes {
		w.suppressGlobally(m, s)
		return
	}
	w.countEligible(m, m.mailbox(w).Reports(uint32(m.to.Number)))
	w.attempt(m)
}

// simulate is the mailbox simulator's answer.
func (w *world) simulate(m mail) {
	kind := simulator(m.address(w))
	d := Decision{Kind: sim.Simulated, Rule: rules.SimulatorFree, Simulator: kind}
	switch kind {
	case ses.SimulateBounce:
		d.Bounce = ses.PermanentGeneral
	case ses.SimulateOutOfOffice:
		d.Bounce = ses.TransientGeneral
	case ses.SimulateSuppression:
		d.Bounce = ses.PermanentSuppressed
		if w.cfg.Rules.Mail.SimulatorGeneral {
			d.Bounce = ses.PermanentGeneral
		}
	}
	w.decideMail(m, d)
	switch kind {
	case ses.SimulateBounce, ses.SimulateSuppression:
		w.tell(m, false)
	case ses.SimulateComplaint:
		w.tell(m, true)
	}
}

// suppressByAccount is mail that the account's list suppresses. SES publishes
// a bounce, or a complaint where that is the entry's reason.
func (w *world) suppressByAccount(m mail, reason ses.ListReasons) {
	d := Decision{Kind: sim.SuppressedAccount, Rule: rules.AccountSuppressed, ListReason: reason}
	if reason == ses.ListBounce {
		d.Bounce = ses.PermanentOnAccountList
	}
	w.decideMail(m, d)
	w.tell(m, reason == ses.ListComplaint)
}

// suppressGlobally is mail that the global list suppresses: a hard bounce
// without an attempt.
func (w *world) suppressGlobally(m mail, s stay) {
	w.decideMail(m, Decision{
		Kind: sim.SuppressedGlobal, Rule: rules.GlobalSuppressed, Until: s.until, Strikes: s.strikes,
		Bounce: ses.PermanentSuppressed,
	})
	w.countEligible(m, false)
	w.countBounce(m)
	if w.cfg.Rules.Global.SuppressedBounceEscalates {
		w.strike(m, true)
	}
	if w.cfg.Rules.Account.AddOnSuppressedBounce {
		w.learn(m, ses.ListBounce)
	}
	w.tell(m, false)
}
