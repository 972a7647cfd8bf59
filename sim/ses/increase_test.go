package ses_test

import (
	"testing"
	"time"

	"sesim/sim/rules"
	"sesim/sim/ses"
)

// grower drives an account day by day, with mail that counts towards the
// rates and is good.
type grower struct {
	*ses.Account
	t   *testing.T
	day int
}

// newGrower returns an account that may send 100 in 24 hours.
func newGrower(t *testing.T, changes ...change) *grower {
	t.Helper()
	g := &grower{newAccount(t, unbounded, changes...), t, 0}
	g.SetQuota(0, 100)
	mail(g.Account, 10_000, 0, 0)
	g.Evaluate(0)
	return g
}

// send accepts n recipients at the present day's first moment.
func (g *grower) send(n int64) {
	g.t.Helper()
	now := time.Duration(g.day) * day
	for ; n > 50; n -= 50 {
		admit(g.t, g.Account, now, to(50), ses.Accepted)
	}
	if n > 0 {
		admit(g.t, g.Account, now, to(n), ses.Accepted)
	}
}

// days sends to n recipients on each of count days and closes the days.
func (g *grower) days(count int, n int64) {
	g.t.Helper()
	for range count {
		g.send(n)
		g.end()
	}
}

// end closes the present day.
func (g *grower) end() {
	g.day++
	g.EndDay(time.Duration(g.day) * day)
}

// quota wants a sending quota.
func (g *grower) quota(want int64) {
	g.t.Helper()
	if got := g.Quota(); got != want {
		g.t.Errorf("after day %d the quota is %d, want %d; timeline %v", g.day, got, want, g.Timeline())
	}
}

// TestAutoIncrease covers automatic increases of the quota (guide, increasing
// sending quotas): volume regularly close to the quota without exceeding it,
// real production mail to others, few bounces and complaints; above 1,000,000
// a day one has to ask. The numbers are assumptions.
func TestAutoIncrease(t *testing.T) {
	t.Run("quota.auto-increase", func(t *testing.T) {
		g := newGrower(t)
		g.days(6, 80)
		g.quota(100)
		g.days(1, 80)
		g.quota(200)
		want := ses.Transition{At: 7 * day, Event: ses.EventQuotaRaised, Rule: rules.QuotaAutoIncrease,
			Why: "from 100 to 200 in 24 hours, 1,000,000 a second; 7 of 14 days near the quota"}
		if got := latest(t, g.Account); got != want {
			t.Errorf("the timeline ends with %+v, want %+v", got, want)
		}
	})
	t.Run("a day qualifies at 80 % of the quota", func(t *testing.T) {
		g := newGrower(t)
		g.days(30, 79)
		g.quota(100)
	})
	t.Run("seven days of fourteen, with gaps", func(t *testing.T) {
		g := newGrower(t)
		g.days(6, 80)
		g.days(7, 0)
		g.days(1, 80)
		g.quota(200)
	})
	t.Run("seven days of fifteen", func(t *testing.T) {
		g := newGrower(t)
		g.days(6, 80)
		g.days(8, 0)
		g.days(1, 80)
		g.quota(100)
		g.days(1, 80)
		g.quota(100)
		g.days(1, 80)
		g.quota(100)
	})
	t.Run("a hundred days of a year", func(t *testing.T) {
		g := newGrower(t, func(s *rules.Set) { s.AutoIncrease.Days, s.AutoIncrease.Of = 100, 365 })
		g.days(99, 80)
		g.days(265, 0)
		g.days(1, 80)
		g.quota(200)
	})
	t.Run("a hundred days of a year and a day", func(t *testing.T) {
		g := newGrower(t, func(s *rules.Set) { s.AutoIncrease.Days, s.AutoIncrease.Of = 100, 365 })
		g.days(99, 80)
		g.days(266, 0)
		g.days(1, 80)
		g.quota(100)
	})
	t.Run("a day on which the quota refused does not qualify", func(t *testing.T) {
		g := newGrower(t)
		g.days(3, 100)
		g.send(100)
		admit(t, g.Account, 3*day+time.Hour, to(1), ses.RefusedQuota)
		g.end()
		g.days(3, 100)
		g.quota(100)
		g.days(1, 100)
		g.quota(200)
	})
	t.Run("a day on which the quota is known to refuse does not qualify", func(t *testing.T) {
		g := newGrower(t)
		g.days(3, 100)
		g.send(100)
		if reason, until := g.RefusesUntil(3*day+time.Hour, ses.Call{}); reason != ses.RefusedQuota || until != 4*day {
			t.Errorf("%v until %v, want %v until %v", reason, until, ses.RefusedQuota, 4*day)
		}
		g.end()
		g.days(3, 100)
		g.quota(100)
	})
	t.Run("a refusal in the day's first and last moment", func(t *testing.T) {
		for _, at := range []time.Duration{3 * day, 4*day - 1} {
			g := newGrower(t)
			g.days(3, 100)
			g.send(100)
			admit(t, g.Account, at, to(1), ses.RefusedQuota)
			g.end()
			g.days(3, 100)
			g.quota(100)
		}
	})
	t.Run("refusals on a day and in the next one's first moment", func(t *testing.T) {
		g := newGrower(t)
		for range 9 {
			g.quota(100)
			now := time.Duration(g.day)*day + time.Hour
			admit(t, g.Account, now, to(50), ses.Accepted)
			admit(t, g.Account, now, to(50), ses.Accepted)
			if g.day == 3 { // the second call is made before the day is closed
				admit(t, g.Account, 4*day-1, to(1), ses.RefusedQuota)
				admit(t, g.Account, 4*day, to(1), ses.RefusedQuota)
			}
			g.end()
		}
		g.quota(200) // the days 3 and 4 do not qualify
	})
	t.Run("a refusal by the rate does not matter", func(t *testing.T) {
		g := newGrower(t)
		g.SetRate(0, 50)
		for range 7 {
			now := time.Duration(g.day) * day
			for i := range 2 {
				admit(t, g.Account, now+time.Duration(i)*time.Second, to(50), ses.Accepted)
				admit(t, g.Account, now+time.Duration(i)*time.Second, to(1), ses.RefusedRate)
			}
			g.end()
		}
		g.quota(200)
	})
	t.Run("mail to the simulator is no volume", func(t *testing.T) {
		g := newGrower(t)
		for range 10 {
			g.send(79)
			admit(t, g.Account, time.Duration(g.day)*day, ses.Call{Recipients: 50}, ses.Accepted)
			g.end()
		}
		g.quota(100)
	})
}
