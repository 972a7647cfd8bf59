package ses_test

import (
	"slices"
	"strings"
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

// days sends n recipients on each of so many days and closes the days.
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
		want := ses.Transition{At: 7 * day, Event: "quota-raised", Rule: rules.QuotaAutoIncrease,
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

// TestAutoIncreaseNeedsGoodMail checks the limits of the two rates.
func TestAutoIncreaseNeedsGoodMail(t *testing.T) {
	for _, c := range []struct {
		name                          string
		eligible, bounces, complaints int
		want                          int64
	}{
		{"bounces just below 2 %", 10_000, 199, 0, 200},
		{"bounces at 2 %", 10_000, 200, 0, 100},
		{"complaints just below 0.05 %", 10_000, 0, 4, 200},
		{"complaints at 0.05 %", 10_000, 0, 5, 100},
		{"few mails, none bad", 1, 0, 0, 200},
		{"no mail to others", 0, 0, 0, 100},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := &grower{newAccount(t, unbounded), t, 0}
			g.SetQuota(0, 100)
			mail(g.Account, c.eligible, c.bounces, c.complaints)
			g.Evaluate(0)
			g.days(7, 100)
			g.quota(c.want)
		})
	}
	t.Run("no mail to providers with a feedback loop", func(t *testing.T) {
		g := &grower{newAccount(t, unbounded), t, 0}
		g.SetQuota(0, 100)
		g.CountEligible(false)
		g.Evaluate(0)
		g.days(7, 100)
		g.quota(200)
	})
}

// TestAutoIncreaseLimits checks how far and how often the quota grows, and
// for whom it does not.
func TestAutoIncreaseLimits(t *testing.T) {
	t.Run("up to a million", func(t *testing.T) {
		g := newGrower(t)
		g.SetQuota(0, 600_000)
		g.SetRate(0, 10_000_000)
		g.days(7, 480_000)
		g.quota(1_000_000)
		g.days(14, 800_000)
		g.quota(1_000_000)
		if n := g.Fired(rules.QuotaAutoIncrease); n != 1 {
			t.Errorf("raised %d times, want once", n)
		}
	})
	t.Run("days before an increase count no more", func(t *testing.T) {
		g := newGrower(t, every(day))
		g.days(7, 80)
		g.quota(200)
		g.days(6, 160)
		g.quota(200)
		g.days(1, 160)
		g.quota(400)
	})
	t.Run("after exactly a week again", func(t *testing.T) {
		g := newGrower(t)
		g.days(7, 80)
		g.days(7, 160)
		g.quota(400)
	})
	t.Run("not before the time is over", func(t *testing.T) {
		g := newGrower(t, every(9*day))
		g.days(7, 80)
		g.days(8, 160)
		g.quota(200)
		g.days(1, 160)
		g.quota(400)
		at := slices.DeleteFunc(slices.Clone(g.Timeline()), func(line ses.Transition) bool { return line.Event != "quota-raised" })
		if len(at) != 2 || at[0].At != 7*day || at[1].At != 16*day {
			t.Errorf("raised %v", at)
		}
	})
	t.Run("by the factor", func(t *testing.T) {
		g := newGrower(t, func(s *rules.Set) { s.AutoIncrease.Factor = 5 })
		g.days(7, 80)
		g.quota(500)
	})
	for _, c := range []struct {
		name   string
		spec   ses.Spec
		change change
		before func(*ses.Account)
	}{
		{"switched off", unbounded, func(s *rules.Set) { s.AutoIncrease.On = false }, nil},
		{"in the sandbox", ses.Spec{Access: ses.Sandbox, Rate: 1_000_000}, nil, nil},
		{"under review", unbounded, nil, func(a *ses.Account) { a.Trigger(0, "spamtrap", false) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			var changes []change
			if c.change != nil {
				changes = append(changes, c.change)
			}
			g := &grower{newAccount(t, c.spec, changes...), t, 0}
			g.SetQuota(0, 100)
			mail(g.Account, 10_000, 0, 0)
			if c.before != nil {
				c.before(g.Account)
			}
			g.Evaluate(0)
			g.days(14, 80)
			g.quota(100)
		})
	}
	t.Run("an unlimited quota", func(t *testing.T) {
		g := newGrower(t)
		g.SetQuota(0, -1)
		g.days(14, 80)
		g.quota(-1)
	})
	t.Run("days of a pause count like days without mail", func(t *testing.T) {
		g := newGrower(t)
		g.days(6, 80)
		g.Trigger(6*day, "compromised credentials", true)
		g.days(1, 0)
		g.Answer(7*day, true)
		g.days(7, 0)
		mail(g.Account, 1, 0, 0)
		g.Evaluate(14 * day)
		g.days(1, 80) // the first of the six is too long ago
		g.quota(100)
	})
}

func every(d time.Duration) change { return func(s *rules.Set) { s.AutoIncrease.Every = d } }

// TestAutoIncreaseRate checks the rate that comes with a new quota: an hour
// is enough for the whole quota, at least 14 a second, never less than
// before. That fits the 50,000 and 14 of approval mails.
func TestAutoIncreaseRate(t *testing.T) {
	for _, c := range []struct{ quota, rate, want int64 }{
		{100, 1, 14},        // the least
		{25_200, 14, 14},    // 50,400 = 14 * 3600
		{25_201, 14, 15},    // two recipients more
		{50_000, 14, 28},    // 27.8 rounded up
		{50_000, 100, 100},  // never less
		{500_000, 200, 278}, // 1,000,000 in an hour
		{50_400, 28, 28},    // 100,800 = 28 * 3600
		{50_399, 27, 28},    // two recipients fewer
	} {
		g := newGrower(t, burst(10), func(s *rules.Set) { s.Rate.Debt = true })
		g.SetQuota(0, c.quota)
		g.SetRate(0, 10_000_000)
		for range 6 {
			g.days(1, c.quota*8/10+1)
		}
		g.send(c.quota*8/10 + 1)
		g.SetRate(7*day-1, c.rate)
		g.end()
		if got := g.MaxRate(); got != c.want {
			t.Errorf("quota %d at %d a second: %d a second, want %d", c.quota, c.rate, got, c.want)
		}
		if !strings.Contains(latest(t, g.Account).Why, "7 of 14 days") {
			t.Errorf("the timeline ends with %+v", latest(t, g.Account))
		}
	}
}
