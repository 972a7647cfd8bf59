package twin

import (
	"math/big"
	"time"

	"sesim/sim"
	"sesim/sim/mailbox"
	"sesim/sim/rng"
	"sesim/sim/rules"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// trying is mail whose attempts failed softly so far.
type trying struct {
	mail
	retries uint64 // so far
	kind    ses.Bounce
	met     mailbox.Outcome // at the first attempt
}

// dead reports whether the domain does not exist.
func (t trying) dead() bool { return t.met == mailbox.NoSuchDomain }

// patience is how long SES tries to deliver a mail: by the rules, or less if
// its configuration set asks for less.
func (w *world) patience(m mail) time.Duration {
	if own := w.maxDelivery(m); own > 0 {
		return min(own, w.cfg.Rules.Retry.Horizon)
	}
	return w.cfg.Rules.Retry.Horizon
}

// maxDelivery is what a mail's configuration set says of that, or nothing.
func (w *world) maxDelivery(m mail) time.Duration {
	if m.set == 0 {
		return 0
	}
	return w.cfg.Accounts[m.account].Sets[m.set-1].MaxDelivery
}

// retry plans SES's next attempt, or the end where that comes first.
func (w *world) retry(t trying) {
	end := t.sent.at + w.patience(t.mail)
	at := w.now + max(w.wait(t), time.Second)
	if at > end || t.retries == mostRetries {
		if !t.dead() { // of which the end is planned from the beginning
			w.plan(end, givingUp{t})
		}
		return
	}
	w.decideMail(t.mail, Decision{Kind: sim.Delayed, Rule: rules.BounceSoft, Until: at, Bounce: t.kind})
	t.retries++
	w.plan(at, t)
}

// mostRetries bounds the attempts for one mail.
const mostRetries = 255

// wait is how long SES waits before the next attempt: a time that grows up to
// a cap, and varies by a share of it either way.
func (w *world) wait(t trying) time.Duration {
	p := &w.cfg.Rules.Retry
	wait := big.NewInt(int64(p.First))
	for range t.retries {
		wait.Mul(wait, big.NewInt(p.Factor))
		wait.Div(wait, big.NewInt(1000))
		if wait.Cmp(big.NewInt(int64(p.Cap))) >= 0 {
			break
		}
	}
	if wait.Cmp(big.NewInt(int64(p.Cap))) > 0 {
		wait.SetInt64(int64(p.Cap))
	}
	key := rng.Derive(w.cfg.Seed, "sender", w.cfg.Senders[t.sender].Name, "jitter")
	return time.Duration(wait.Int64()) + deviation(time.Duration(wait.Int64()), p.Jitter, key.At(t.counter()<<8|t.retries))
}

// deviation is a uniform deviation of at most a share of a wait either way,
// by the number u.
func deviation(wait time.Duration, share unit.Share, u uint64) time.Duration {
	most := big.NewInt(share.Count(int64(wait)))
	d := new(big.Int).Lsh(most, 1)
	d.Mul(d, new(big.Int).SetUint64(u>>1))
	d.Rsh(d, 63)
	return time.Duration(d.Sub(d, most).Int64())
}

// happen is SES's next attempt.
func (t trying) happen(w *world) {
	switch outcome := t.mailbox(w).Retry(uint32(t.to.Number), w.now-t.sent.at, t.met); outcome {
	case mailbox.Delivered:
		w.deliver(t.mail, w.now)
	case mailbox.NoSuchAddress:
		kind := w.subtype(t.mail, outcome)
		hardBounce{t.mail, kind, false}.happen(w)
	default:
		w.retry(t)
	}
}

// givingUp is the end of SES's attempts.
type givingUp struct{ trying }

func (g givingUp) happen(w *world) {
	if w.patience(g.mail) < w.cfg.Rules.Retry.Horizon { // the set's doing
		w.decideMail(g.mail, Decision{Kind: sim.SoftBounced, Rule: rules.BounceTimeout, Bounce: ses.TransientCustomTimeout, Met: g.kind})
		return
	}
	if g.dead() && w.cfg.Rules.Mail.DeadDomainPermanent {
		hardBounce{g.mail, ses.PermanentGeneral, false}.happen(w)
		return
	}
	softBounce{g.mail, g.kind}.happen(w)
}

// softBounce is a bounce that SES reports and does not retry.
type softBounce struct {
	mail
	kind ses.Bounce
}

func (b softBounce) happen(w *world) {
	w.decideMail(b.mail, Decision{Kind: sim.SoftBounced, Rule: rules.BounceSoft, Bounce: b.kind})
}
