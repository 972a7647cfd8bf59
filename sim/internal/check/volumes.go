package check

import (
	"strconv"
	"time"

	"sesim/sim"
	"sesim/sim/internal/past"
	"sesim/sim/rules"
	"sesim/sim/unit"
)

// volumes computes, from the records alone, the bounce rate of each account
// at every evaluation, by walking back over the representative volume from
// its newest bucket. Package reviews judges the enforcement by it.
//
// The complaint rate is computed in the same way where possible: its denominator is
// mail to providers with a feedback loop, and which addresses these are is
// drawn, not recorded, unless it is all of an audience or none.
//
// Configuration sets have rates of their own, by which SES does nothing.
type volumes struct {
	cfg      *sim.Config
	now      *present
	accounts []rates
	sets     [][]rates // of each account's configuration sets
}

// rates are the two rates of an account, or of a configuration set.
type rates struct {
	bounces, complaints volume
	since               time.Duration // mail sent before counts no more
	hidden              bool          // of the mail, a part that is not known reports complaints
}

// volume is a rate over time: what counts, in buckets between evaluations.
type volume struct {
	buckets []tally // oldest first; the last one is open
}

// tally is what happened between two evaluations.
type tally struct {
	start            time.Duration
	eligible, events int64
}

func newVolumes(cfg *sim.Config, now *present) *volumes {
	v := &volumes{cfg: cfg, now: now}
	for i := range cfg.Accounts {
		v.accounts = append(v.accounts, newRates(0))
		v.accounts[i].remember(&cfg.Rules, cfg.Accounts[i].History)
		var sets []rates
		for range cfg.Accounts[i].Sets {
			sets = append(sets, newRates(0))
		}
		v.sets = append(v.sets, sets)
	}
	return v
}

// newRates returns rates over what comes from t on.
func newRates(t time.Duration) rates {
	return rates{bounces: volume{[]tally{{start: t}}}, complaints: volume{[]tally{{start: t}}}, since: t}
}

// remember puts an account's history before what comes.
func (r *rates) remember(set *rules.Set, h *sim.History) {
	if h == nil {
		return
	}
	for _, b := range past.Buckets(h, set.Rep.EvalInterval) {
		r.bounces.add(tally{b.Begin, b.Mails, b.Bounces}, b.End)
		r.complaints.add(tally{b.Begin, b.Looped, b.Complaints}, b.End)
	}
}

// add adds a bucket that ends at a time, before the open one, which is empty.
func (v *volume) add(t tally, end time.Duration) {
	open := v.open()
	*open = tally{start: end}
	if t.eligible != 0 || t.events != 0 {
		*open = t
		v.buckets = append(v.buckets, tally{start: end})
	}
}

// reset begins an account's rates afresh; those of its sets go on.
func (v *volumes) reset(account int, t time.Duration) {
	hidden := v.accounts[account].hidden
	v.accounts[account] = newRates(t)
	v.accounts[account].hidden = hidden
}

// open returns the bucket under way.
func (v *volume) open() *tally { return &v.buckets[len(v.buckets)-1] }

// of returns the rates that a sender's mail counts towards: the account's and
// those of its configuration set.
func (v *volumes) of(r *sim.Record) []*rates {
	list := []*rates{&v.accounts[r.Account]}
	if set := v.cfg.Senders[r.Sender].SetAt(r.Account); set > 0 {
		list = append(list, &v.sets[r.Account][set-1])
	}
	return list
}

// count takes in a record. Mail that the account's list suppresses is not
// eligible; mail that the global list suppresses is, and it is a bounce.
func (v *volumes) count(r *sim.Record) {
	switch r.Kind {
	case sim.Sent:
		for _, to := range r.Recipients {
			v.send(r, to, 1)
		}
	case sim.SuppressedAccount, sim.Rejected:
		v.send(r, r.Address, -1)
	case sim.SuppressedGlobal, sim.HardBounced, sim.Complained:
		v.event(r)
	}
}

// send counts n mails to a recipient, or takes them back.
func (v *volumes) send(r *sim.Record, to sim.Address, n int64) {
	if !v.counts(r.Account, to) {
		return
	}
	for _, rates := range v.of(r) {
		rates.bounces.open().eligible += n
		switch v.reports(to) {
		case 0:
		case unit.Whole:
			rates.complaints.open().eligible += n
		default:
			rates.hidden = true
		}
	}
}

// event counts a bounce or a complaint, unless the mail was sent before the
// rates began.
func (v *volumes) event(r *sim.Record) {
	if !v.counts(r.Account, r.Address) {
		return
	}
	for _, rates := range v.of(r) {
		switch {
		case r.SentAt < rates.since:
			continue
		case r.Kind == sim.Complained:
			rates.complaints.open().events++
			continue
		}
		rates.bounces.open().events++
		if r.Kind == sim.SuppressedGlobal && v.reports(r.Address) == unit.Whole {
			rates.complaints.open().eligible-- // no mail went there
		}
	}
}

// reports returns the share of the audience whose providers report.
func (v *volumes) reports(a sim.Address) unit.Share { return v.cfg.Audiences[a.Audience].FeedbackLoop }

// counts reports whether mail to the address counts towards the account's
// rates: not to the simulator, not to a domain that the account itself has
// verified, and not to such an address unless the rules say so.
func (v *volumes) counts(account int, to sim.Address) bool {
	domain := domainOf(v.cfg, to)
	if domain == simulatorDomain {
		return false
	}
	identities := v.now.accounts[account].identities
	if !v.cfg.Rules.Rep.VerifiedAddressesCount && receives(v.cfg, identities, addressOf(v.cfg, to)) {
		return false
	}
	for _, identity := range identities {
		if _, of := split(identity); of == "" && covers(identity, "@"+domain) {
			return false
		}
	}
	return true
}

// evaluate returns both rates at t, and whether the complaint rate is hidden.
func (r *rates) evaluate(cfg *sim.Config, t time.Duration) (bounces, complaints tally, hidden bool) {
	bounces, complaints = r.bounces.evaluate(cfg, t), r.complaints.evaluate(cfg, t)
	bounces.events = min(bounces.events, bounces.eligible) // no rate is above 100 %
	if !r.hidden {
		complaints.events = min(complaints.events, complaints.eligible)
	}
	return bounces, complaints, r.hidden
}

// volume writes the denominator of the complaint rate.
func (t tally) volume(hidden bool) string {
	if hidden {
		return "an unknown part of the mail"
	}
	return strconv.FormatInt(t.eligible, 10) + " eligible"
}

// evaluate closes the bucket under way and adds up the representative volume:
// from the newest bucket back until it holds as much eligible mail, and goes
// back as many days, as the rules ask for; never beyond the look-back.
func (v *volume) evaluate(cfg *sim.Config, t time.Duration) tally {
	p := &cfg.Rules.Rep
	sum := tally{start: t}
	end := t // of the bucket
	for i := len(v.buckets) - 1; i >= 0; i-- {
		b := &v.buckets[i]
		enough := sum.eligible >= p.WindowEligible && (p.WindowDays == 0 || end+time.Duration(p.WindowDays)*day <= t)
		end = b.start
		if b.eligible == 0 && b.events == 0 {
			continue
		}
		if enough || p.MaxLookback > 0 && b.start+p.MaxLookback < t {
			break
		}
		sum.eligible += b.eligible
		sum.events += b.events
	}
	if last := v.open(); last.eligible == 0 && last.events == 0 {
		last.start = t
	} else {
		v.buckets = append(v.buckets, tally{start: t})
	}
	return sum
}
