package check

import (
	"time"

	"sesim/sim"
	"sesim/sim/internal/past"
	"sesim/sim/ses"
)

const day = 24 * time.Hour

// quota adds up, before every call, the recipients that the account had
// accepted in the 24 hours up to then, and decides whether there was room.
type quota struct {
	cfg   *sim.Config
	found *findings
	now   *present
	sends []window // by account
}

// window holds the accepted calls that count in the last 24 hours, oldest first.
type window struct {
	calls []accepted
	used  int64   // their recipients
	most  float64 // highest share of the quota ever in use
	steps int     // changes of the quota that are taken in
}

// accepted is one accepted call.
type accepted struct {
	until      time.Duration // when it leaves the window
	recipients int64         // without those of the simulator
}

// forget drops what has left the window by t.
func (w *window) forget(t time.Duration) {
	for len(w.calls) > 0 && w.calls[0].until <= t {
		w.used -= w.calls[0].recipients
		w.calls = w.calls[1:]
	}
}

func newQuota(cfg *sim.Config, found *findings, now *present) *quota {
	q := &quota{cfg: cfg, found: found, now: now, sends: make([]window, len(cfg.Accounts))}
	for i := range cfg.Accounts {
		h, w := cfg.Accounts[i].History, &q.sends[i]
		if h == nil {
			continue
		}
		for _, u := range past.Used(h) {
			w.calls = append(w.calls, accepted{q.until(u.At), u.N})
			w.used += u.N
		}
		w.forget(0)
		w.most = use(w.used, cfg.Accounts[i].Quota)
	}
	return q
}

func (q *quota) observe(r *sim.Record) {
	if r.Kind != sim.Sent && r.Kind != sim.Refused {
		return
	}
	w, limit, n := q.at(r.Account, r.At), q.now.accounts[r.Account].quota, realRecipients(q.cfg, r.Recipients)
	if r.Meters.MaxRate != 0 && (r.Meters.Used != w.used || r.Meters.Quota != limit) {
		q.bad(r, "the record says that %d of %d are used in the last 24 hours; the records before it tell %d of %d",
			r.Meters.Used, r.Meters.Quota, w.used, limit)
	}
	room := q.room(limit, w.used, n)
	if r.Kind == sim.Refused && r.Reason != ses.RefusedQuota {
		if r.Reason == ses.RefusedUnverified && q.cfg.Rules.Identity.AfterLimits && !room {
			q.bad(r, "refused as unverified, but the quota is checked first: %d recipients, %d of %d used in the last 24 hours", n, w.used, limit)
		}
		return
	}
	if r.Kind == sim.Refused {
		if room {
			q.bad(r, "refused for the quota: %d recipients, %d of %d used in the last 24 hours", n, w.used, limit)
		}
		return
	}
	if !room {
		q.bad(r, "accepted %d recipients with %d of %d used in the last 24 hours", n, w.used, limit)
	}
	w.calls = append(w.calls, accepted{q.until(r.At), n})
	w.used += n
	w.most = max(w.most, use(w.used, limit))
}

// until returns when a slot that was taken at t is free again: exactly 24 hours
// later, or earlier by what had gone of a step in which the quota counts.
func (q *quota) until(t time.Duration) time.Duration {
	if step := q.cfg.Rules.Quota.Granularity; step > 0 {
		t -= (t%step + step) % step // which may lie before the start
	}
	return t + day
}

// at returns the window of an account at t. A change of the quota changes the
// share of it that is in use.
func (q *quota) at(account int, t time.Duration) *window {
	w := &q.sends[account]
	for _, step := range q.now.accounts[account].quotas[w.steps:] {
		w.forget(step.at)
		w.most = max(w.most, use(w.used, step.to))
		w.steps++
	}
	w.forget(t)
	return w
}

// use returns the share of a quota that is in use, 0 where it is unlimited or
// nothing.
func use(used, quota int64) float64 {
	if quota <= 0 {
		return 0
	}
	return float64(used) / float64(quota)
}

// room reports whether a call with n recipients fits under the limit.
func (q *quota) room(limit, used, n int64) bool {
	switch {
	case n == 0 || limit < 0:
		return true
	case q.cfg.Rules.Quota.MustFit:
		return used+n <= limit
	}
	return used < limit
}

func (q *quota) bad(r *sim.Record, format string, args ...any) {
	q.found.add("quota", r.At, r.Account, addressOf(q.cfg, r.Recipients[0]), format, args...)
}

// finish compares the use of the quota: at the end and at the most.
func (q *quota) finish(res *sim.Result) {
	for i := range res.Accounts {
		w, got := q.at(i, res.End), &res.Accounts[i]
		if final := use(w.used, q.now.accounts[i].quota); got.QuotaUseFinal != final || got.QuotaUseMax != w.most {
			q.found.add("quota", res.End, i, "", "the result says %v of the quota is used at the end and %v at the most, the records tell %v and %v",
				got.QuotaUseFinal, got.QuotaUseMax, final, w.most)
		}
	}
}
