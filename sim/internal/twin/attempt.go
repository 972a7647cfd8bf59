package twin

import (
	"time"

	"sesim/sim"
	"sesim/sim/mailbox"
	"sesim/sim/rules"
	"sesim/sim/ses"
)

// attempt is the first attempt at delivery.
func (w *world) attempt(m mail) {
	w.contacted[m.to] = true
	switch outcome := m.mailbox(w).Attempt(uint32(m.to.Number), w.draw(m, "outcome")); outcome {
	case mailbox.Delivered:
		w.deliver(m, w.now+w.spreads.delivery.Draw(w.draw(m, "delivery")))
	case mailbox.Full:
		w.retry(trying{m, 0, ses.TransientMailboxFull, outcome})
	case mailbox.Blocked:
		w.retry(trying{m, 0, ses.TransientBlockedIP, outcome})
	case mailbox.Deferred:
		w.retry(trying{m, 0, ses.TransientDeferred, outcome})
	case mailbox.NoSuchDomain:
		// Of several that are given up at the same moment, the first accepted is
		// the first to list the address, if the rules make it a hard bounce.
		t := trying{m, 0, ses.TransientGeneral, outcome}
		w.plan(m.sent.at+w.patience(m), givingUp{t})
		w.retry(t)
	case mailbox.NoSuchAddress, mailbox.Refused:
		w.bounce(m, w.subtype(m, outcome))
	default:
		kind := map[mailbox.Outcome]ses.Bounce{
			mailbox.TooLarge: ses.TransientMessageTooLarge, mailbox.ContentRejected: ses.TransientContentRejected,
			mailbox.AttachmentRejected: ses.TransientAttachmentRejected, mailbox.Undetermined: ses.UndeterminedBounce,
		}[outcome]
		w.plan(w.now+w.spreads.bounce.Draw(w.draw(m, "bounce")), softBounce{m, kind})
	}
}

// subtype is how a hard bounce is published: of those of addresses that do
// not exist, a share names that.
func (w *world) subtype(m mail, outcome mailbox.Outcome) ses.Bounce {
	if outcome == mailbox.NoSuchAddress && w.cfg.Rules.Mail.NoEmailShare.Of(w.draw(m, "subtype")) {
		return ses.PermanentNoEmail
	}
	return ses.PermanentGeneral
}

// deliver plans a delivery and the complaint that it draws.
func (w *world) deliver(m mail, at time.Duration) {
	w.plan(at, delivery{m, false})
	box := m.mailbox(w)
	if box.Reports(uint32(m.to.Number)) && box.Complains(w.draw(m, "complains")) {
		after := w.spreads.complaint.Draw(w.draw(m, "complaint")) + w.cfg.Rules.Delay.ComplaintRelay
		w.plan(at+after, complaint{m})
	}
}

// delivery is mail that the other side took, for good or as it seemed.
type delivery struct {
	mail
	bounces bool // later
}

func (d delivery) happen(w *world) {
	w.decideMail(d.mail, Decision{Kind: sim.Delivered, Rule: rules.MailDelivered})
	if !d.bounces && d.mailbox(w).Replies(w.draw(d.mail, "reply")) {
		w.decideMail(d.mail, Decision{Kind: sim.AutoReplied, Rule: rules.OutOfOffice, Bounce: ses.TransientGeneral})
	}
	if w.cfg.Rules.Global.DeliveryResets {
		w.forgive(d.mail)
	}
}

// complaint is one that a feedback loop brought to SES.
type complaint struct{ mail }

func (c complaint) happen(w *world) {
	w.decideMail(c.mail, Decision{Kind: sim.Complained, Rule: rules.ComplaintLoop})
	w.countComplaint(c.mail)
	if w.cfg.Rules.Global.AddOnComplaint {
		w.strike(c.mail, false)
	}
	w.learn(c.mail, ses.ListComplaint)
	w.tell(c.mail, true)
}

// bounce plans a hard bounce, in the dialogue or some time after a delivery.
func (w *world) bounce(m mail, kind ses.Bounce) {
	if !w.cfg.Rules.Delay.AsyncShare.Of(w.draw(m, "async")) {
		w.plan(w.now+w.spreads.bounce.Draw(w.draw(m, "bounce")), hardBounce{m, kind, false})
		return
	}
	at := w.now + w.spreads.delivery.Draw(w.draw(m, "delivery"))
	w.plan(at, delivery{m, true})
	w.plan(at+w.spreads.async.Draw(w.draw(m, "async-delay")), hardBounce{m, kind, true})
}

// hardBounce is a hard bounce.
type hardBounce struct {
	mail
	kind  ses.Bounce
	async bool
}

func (b hardBounce) happen(w *world) {
	w.decideMail(b.mail, Decision{Kind: sim.HardBounced, Rule: rules.BounceHard, Async: b.async, Bounce: b.kind})
	w.reported = append(w.reported, reportedBounce{
		b.sender, b.to, w.now + w.spreads.publish.Draw(w.draw(b.mail, "publish")), len(w.decisions),
	})
	w.countBounce(b.mail)
	w.strike(b.mail, false)
	if w.cfg.Rules.Account.AddOnGeneral || b.kind != ses.PermanentGeneral {
		w.learn(b.mail, ses.ListBounce)
	}
	w.tell(b.mail, false)
}

// tell lets the sender learn of a permanent bounce or a complaint, if it
// cares for them now.
func (w *world) tell(m mail, complaint bool) {
	cares := w.customers[m.sender].hygiene
	if complaint {
		cares = w.cfg.Senders[m.sender].RemoveComplained
	}
	if cares {
		w.plan(w.now+w.spreads.publish.Draw(w.draw(m, "publish")), learning{m})
	}
}

// learning is a sender that takes an address off its own list.
type learning struct{ mail }

func (l learning) happen(w *world) {
	if w.customers[l.sender].lists[l.to.Audience].Remove(uint32(l.to.Number)) {
		w.learned = append(w.learned, learned{w.next(), l.sender})
	}
}
