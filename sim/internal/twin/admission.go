package twin

import (
	"math/big"
	"time"

	"sesim/sim"
	"sesim/sim/rng"
	"sesim/sim/rules"
	"sesim/sim/ses"
)

// connects reports whether an EC2 instance's connection through a throttled
// port 25 passes: a bucket of a minute's worth, full at the start.
func (w *world) connects(l letter) bool {
	most := big.NewRat(w.cfg.Rules.Mail.Port25PerMinute, 1)
	bucket := newBucket(most)
	for _, c := range w.connections {
		if c.sender == l.sender && c.passes {
			bucket.fill(c.at, most, time.Minute)
			bucket.take(one)
		}
	}
	bucket.fill(w.now, most, time.Minute)
	passes := bucket.level.Cmp(one) >= 0
	w.connections = append(w.connections, connection{w.next(), l.sender, l.attempt, passes})
	return passes
}

// counted is how many recipients of a letter take from the quota: all but the
// mailbox simulator's.
func (w *world) counted(l letter) int64 {
	n := int64(0)
	for _, to := range l.to {
		if !isSimulator(w.address(to)) {
			n++
		}
	}
	return n
}

// address is the text of an address.
func (w *world) address(of sim.Address) string {
	return w.cfg.Audiences[of.Audience].AddressOf(of.Number)
}

// The largest messages after encoding, in bytes.
const (
	megabyte = 1 << 20
	mostV1   = 10 * megabyte
	mostV2   = 40 * megabyte // and by SMTP
)

// refusal decides a call in the order of AWS's documents: pause, form,
// identities, rate, quota; by the rules identities come last.
func (w *world) refusal(c *call) (ses.Reason, rules.ID) {
	s := &w.cfg.Senders[c.sender]
	if rule := w.pausedBy(c.account, c.set); rule != rules.None {
		return ses.RefusedPaused, rule
	}
	most := int64(mostV2)
	if s.Interface == sim.V1 {
		most = mostV1
	}
	switch {
	case len(c.to) == 0 || len(c.to) > 50:
		return ses.RefusedInvalid, rules.CallRecipients
	case w.malformed(c.letter):
		return ses.RefusedInvalid, rules.CallAddress
	case s.Size > most:
		return ses.RefusedInvalid, rules.CallSize
	case c.set > 0 && !w.setExists(c.account, c.set):
		return ses.RefusedInvalid, rules.CallSet
	}
	identities, last := w.unverified(c), w.cfg.Rules.Identity.AfterLimits
	if identities != rules.None && !last {
		return ses.RefusedUnverified, identities
	}
	if !w.rateAllows(c.account, int64(len(c.to))) {
		return ses.RefusedRate, rules.RateBucket
	}
	if !w.quotaAllows(c.account, c.counted) {
		return ses.RefusedQuota, rules.QuotaRolling
	}
	if identities != rules.None {
		return ses.RefusedUnverified, identities
	}
	return ses.Accepted, rules.None
}

// malformed reports whether a letter's first recipient is written without its
// domain.
func (w *world) malformed(l letter) bool {
	s := &w.cfg.Senders[l.sender]
	return s.Malformed.Of(rng.Derive(w.cfg.Seed, "sender", s.Name, "malformed").At(64 * uint64(l.message)))
}

// pausedBy returns the rule of the pause that refuses mail, if there is one.
func (w *world) pausedBy(account, set int) rules.ID {
	s := w.standing(account)
	switch {
	case s.suspended:
		return rules.PausePermanent
	case s.status == ses.Shutdown:
		return rules.PauseRefuses
	case !w.sending(account):
		return rules.PauseCustomer
	case set > 0 && w.setExists(account, set) && !w.setSends(account, set):
		return rules.PauseSet
	}
	return rules.None
}

// used is how many recipients count in the 24 hours that end now. What was
// accepted exactly 24 hours ago has left them, and what counts from there has.
func (w *world) used(account int) int64 {
	sum := int64(0)
	for _, u := range w.usesBefore(account) {
		sum += u.N
	}
	for _, c := range w.calls {
		if c.accepted && c.account == account && w.countsFrom(c.at)+day > w.now {
			sum += c.counted
		}
	}
	return sum
}

// countsFrom is when what was accepted at t counts as accepted: then, or by the
// rules at the beginning of the step in which t lies.
func (w *world) countsFrom(t time.Duration) time.Duration {
	width := w.cfg.Rules.Quota.Granularity
	if width == 0 {
		return t
	}
	steps := t / width
	if steps*width > t { // before the start
		steps--
	}
	return width * steps
}

// quotaAllows decides by the rolling quota. A call to the simulator alone
// takes nothing from it.
func (w *world) quotaAllows(account int, counted int64) bool {
	quota, used := w.quota(account), w.used(account)
	switch {
	case quota == -1 || counted == 0:
		return true
	case w.cfg.Rules.Quota.MustFit:
		return used+counted <= quota
	}
	return used < quota
}

// level pours all of an account's calls out of its bucket again, which is full
// at the start.
func (w *world) level(account int) *bucket {
	p := &w.cfg.Rules.Rate
	rate := w.cfg.Accounts[account].Rate
	bucket := newBucket(big.NewRat(rate*p.BurstSeconds, 1))
	for _, e := range w.rateHistory(account) {
		bucket.fill(e.at, big.NewRat(rate, 1), time.Second)
		if e.rate > 0 {
			rate = e.rate
			bucket.resize(big.NewRat(rate*p.BurstSeconds, 1))
		}
		if p.Debt {
			bucket.take(big.NewRat(e.recipients, 1))
		} else {
			bucket.take(bucket.needs(e.recipients))
		}
	}
	bucket.fill(w.now, big.NewRat(rate, 1), time.Second)
	return bucket
}

// rateAllows decides by the send rate: a whole token is enough where there is
// debt.
func (w *world) rateAllows(account int, recipients int64) bool {
	bucket := w.level(account)
	if w.cfg.Rules.Rate.Debt {
		return bucket.level.Cmp(one) >= 0
	}
	return bucket.level.Cmp(bucket.needs(recipients)) >= 0
}

// meters are the figures that a call made now is decided by.
func (w *world) meters(account int) ses.Meters {
	m := ses.Meters{Used: w.used(account), Quota: w.quota(account), MaxRate: w.rate(account)}
	thousandths := new(big.Rat).Mul(w.level(account).level, big.NewRat(1000, 1))
	m.Tokens = new(big.Int).Quo(thousandths.Num(), thousandths.Denom()).Int64()
	if before := w.usesBefore(account); len(before) > 0 {
		m.Frees = w.countsFrom(before[0].At) + day
		return m
	}
	for _, c := range w.calls {
		if c.accepted && c.account == account && w.countsFrom(c.at)+day > w.now && c.counted > 0 {
			m.Frees = w.countsFrom(c.at) + day
			break
		}
	}
	return m
}

// pouring is a new rate, or an accepted call.
type pouring struct {
	stamp
	rate, recipients int64
}

// rateHistory is what bears on an account's bucket, in order.
func (w *world) rateHistory(account int) []pouring {
	var list []pouring
	settings := w.settings
	for _, c := range w.calls {
		for len(settings) > 0 && settings[0].order < c.order {
			list = append(list, ratesOf(settings[:1], account)...)
			settings = settings[1:]
		}
		if c.accepted && c.account == account {
			list = append(list, pouring{stamp: c.stamp, recipients: int64(len(c.to))})
		}
	}
	return append(list, ratesOf(settings, account)...)
}

func ratesOf(settings []setting, account int) []pouring {
	var list []pouring
	for _, s := range settings {
		if s.account == account && s.what == setRate {
			list = append(list, pouring{stamp: s.stamp, rate: s.value})
		}
	}
	return list
}
