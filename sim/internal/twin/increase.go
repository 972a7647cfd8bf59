package twin

import (
	"time"

	"sesim/sim/rules"
	"sesim/sim/ses"
)

// endDay closes a day of an account, and raises its quota where the rules of
// automatic increases say so.
func (w *world) endDay(account int) {
	p := &w.cfg.Rules.AutoIncrease
	today := w.days[len(w.days)-1]
	good := w.access(account) == ses.Production && w.standing(account).fine() && w.busy(account)
	w.reports = append(w.reports, report{account, today, good})
	quota, last := w.quota(account), w.lastRaise(account)
	if !p.On || quota <= 0 || quota >= p.Cap || w.access(account) != ses.Production || !w.standing(account).fine() || !w.goodMail(account) {
		return
	}
	if last.order > 0 && w.now-last.at < p.Every {
		return
	}
	n := int64(0)
	for _, r := range w.reports {
		if r.account == account && r.good && r.day.order > last.order && w.now-r.day.at < time.Duration(p.Of)*day {
			n++
		}
	}
	if n < p.Days {
		return
	}
	raised := min(quota*p.Factor, p.Cap)
	w.put(account, 0, setQuota, raised)
	w.put(account, 0, setRaise, raised)
	if rate := max(14, (raised+3599)/3600); rate > w.rate(account) {
		w.put(account, 0, setRate, rate)
	}
	w.note(account, ses.EventQuotaRaised, rules.QuotaAutoIncrease)
}

func (w *world) lastRaise(account int) stamp {
	var last stamp
	for _, s := range w.settings {
		if s.account == account && s.what == setRaise {
			last = s.stamp
		}
	}
	return last
}

// busy reports whether an account came close to its quota on the day that
// ends now, and never ran into it.
func (w *world) busy(account int) bool {
	from := 0
	if len(w.days) > 1 {
		from = w.days[len(w.days)-2].order
	}
	sum := int64(0)
	for _, c := range w.calls {
		if c.account != account || c.order <= from {
			continue
		}
		if c.reason == ses.RefusedQuota && !c.accepted {
			return false
		}
		if c.accepted {
			sum += c.counted
		}
	}
	quota := w.quota(account)
	return quota > 0 && w.cfg.Rules.AutoIncrease.Use.Ratio(sum, quota) >= 0
}

// goodMail reports whether an account's rates lie below those of automatic
// increases. Without mail to others than the account's own domains there is
// no bounce rate, and no real traffic; without mail to providers that report
// complaints there is nothing to say against it.
func (w *world) goodMail(account int) bool {
	p := &w.cfg.Rules.AutoIncrease
	if len(w.evaluations) == 0 {
		return false
	}
	b, c := w.figures(account, byBounces), w.figures(account, byComplaints)
	return b.Eligible > 0 && p.BounceRate.Ratio(b.Events, b.Eligible) < 0 &&
		(c == Figures{} || p.ComplaintRate.Ratio(c.Events, c.Eligible) < 0)
}
