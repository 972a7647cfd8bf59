package ses

import (
	"fmt"
	"time"

	"sesim/sim/rules"
	"sesim/sim/unit"
)

// growth is the state of automatic quota increases.
type growth struct {
	days     [6]uint64 // whether each of the last 365 days qualified, the newest in bit 0 of word 0
	raised   time.Duration
	hasGrown bool
	counted  int64 // the account's counted recipients when the day began
}

// EndDay ends a day of 24 hours from the start of the run, and raises the quota if the
// rules of auto_increase are met: a volume that is regularly close to the quota without
// exceeding it, and low bounce and complaint rates. Days before an increase do not
// count towards the next one.
func (a *Account) EndDay(now time.Duration) {
	p := &a.rules.AutoIncrease
	volume := a.countedYet() - a.growth.counted
	a.growth.counted = a.counted
	if !p.On || a.access != Production || a.quota <= 0 || a.Status() != StatusHealthy {
		a.growth.push(false)
		return
	}
	over := int64((now - 1) / unit.Day)
	refused := a.quotaRefused[0] == over || a.quotaRefused[1] == over
	a.growth.push(!refused && p.Use.Ratio(volume, a.quota) >= 0)
	good := a.growth.last(p.Of)
	if good < p.Days || a.quota >= p.Cap || a.growth.hasGrown && now-a.growth.raised < p.Every {
		return
	}
	if p.BounceRate.Ratio(a.bounces.events(), a.bounces.sum.eligible) >= 0 ||
		a.complaints.events() > 0 && p.ComplaintRate.Ratio(a.complaints.events(), a.complaints.sum.eligible) >= 0 {
		return
	}
	from := a.quota
	quota := min(a.quota*p.Factor, p.Cap)
	rate := max(a.rate.rate, 14, (quota+3599)/3600)
	a.SetQuota(now, quota)
	a.SetRate(now, rate)
	a.growth = growth{raised: now, hasGrown: true, counted: a.counted}
	a.NoteReads(now, EventQuotaRaised, rules.QuotaAutoIncrease, a.rateReads().With(rules.ParamAutoIncrease),
		fmt.Sprintf("from %s to %s in 24 hours, %s a second; %d of %d days near the quota",
			unit.Grouped(from), unit.Grouped(quota), unit.Grouped(rate), good, p.Of))
}

func (g *growth) push(qualifies bool) {
	carry := uint64(0)
	if qualifies {
		carry = 1
	}
	for i := range g.days {
		g.days[i], carry = g.days[i]<<1|carry, g.days[i]>>63
	}
}

// last returns how many of the last n days qualified.
func (g *growth) last(n int64) int64 {
	good := int64(0)
	for i := range n {
		good += int64(g.days[i/64] >> (i % 64) & 1)
	}
	return good
}
