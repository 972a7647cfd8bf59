package ses_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"sesim/sim/rules"
	"sesim/sim/ses"
)

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
		at := slices.DeleteFunc(slices.Clone(g.Timeline()), func(line ses.Transition) bool { return line.Event != ses.EventQuotaRaised })
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
	t.Run("no quota at all", func(t *testing.T) {
		g := newGrower(t)
		g.SetQuota(0, 0)
		g.days(14, 0)
		g.quota(0)
		if len(g.Timeline()) != 0 {
			t.Errorf("timeline %v", g.Timeline())
		}
	})
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
		g.Answer(7*day, true, rules.Reads{})
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
