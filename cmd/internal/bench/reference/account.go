package reference

import (
	"time"

	"golang.org/x/time/rate"

	"sesim/sim"
	"sesim/sim/rules"
	"sesim/sim/ses"
)

// account is the account that sends.
type account struct {
	sim.Counts
	rules *rules.Set
	epoch time.Time // the limiter wants times; virtual time 0
	rate  *rate.Limiter
	quota int64           // -1: unlimited
	sent  []time.Duration // when each recipient of the last 24 hours was accepted
	list  accountList

	bounces, complaints metric
	enforcement         ses.Enforcement
	review              review
}

func newAccount(cfg *sim.Config) account {
	spec := &cfg.Accounts[0]
	return openAccount(ses.Spec{Quota: spec.Quota, Rate: spec.Rate, Suppression: spec.Suppression}, &cfg.Rules, cfg.Start)
}

// openAccount returns an account in production, with virtual time 0 at epoch.
func openAccount(spec ses.Spec, p *rules.Set, epoch time.Time) account {
	return account{
		rules: p, epoch: epoch, quota: spec.Quota,
		rate:       rate.NewLimiter(rate.Limit(spec.Rate), int(spec.Rate*p.Rate.BurstSeconds)),
		list:       accountList{reasons: spec.Suppression, entries: map[string]ses.ListReasons{}},
		bounces:    metric{review: p.Review.BounceRate, pause: p.Pause.BounceRate, least: p.Rep.MinBounces},
		complaints: metric{review: p.Review.ComplaintRate, pause: p.Pause.ComplaintRate, least: p.Rep.MinComplaints},
	}
}

// admit decides a call with n recipients. The rate is checked before the
// quota, and a call that the quota refuses must not cost a token: so the
// limiter is only looked at where the quota is used up.
func (a *account) admit(now time.Duration, n int) ses.Reason {
	if a.enforcement == ses.Shutdown {
		return ses.RefusedPaused
	}
	t := a.epoch.Add(now)
	if a.quota >= 0 && a.used(now) >= a.quota && a.rate.TokensAt(t) >= 1 {
		return ses.RefusedQuota
	}
	if !a.rate.AllowN(t, 1) {
		return ses.RefusedRate
	}
	a.owe(t, n-1)
	for range n {
		a.sent = append(a.sent, now)
	}
	return ses.Accepted
}

// owe takes the tokens of further recipients. One token admits a whole call,
// so this may take the limiter into debt: AllowN does not do that, and
// ReserveN does, but never by more than a burst at a time.
func (a *account) owe(t time.Time, n int) {
	for n > 0 {
		part := min(n, a.rate.Burst())
		a.rate.ReserveN(t, part)
		n -= part
	}
}

// used returns the recipients accepted in the last 24 hours.
func (a *account) used(now time.Duration) int64 {
	old := 0
	for old < len(a.sent) && a.sent[old] <= now-24*time.Hour {
		old++
	}
	a.sent = a.sent[old:]
	return int64(len(a.sent))
}
