package twin_test

import (
	"time"

	"sesim/sim"
	"sesim/sim/internal/simtest"
	"sesim/sim/rules"
	"sesim/sim/unit"
)

// admission is about quotas and rates: small ones, that change, with calls of
// several recipients.
func admission(s simtest.Source, cfg *sim.Config) {
	able(s, cfg)
	within(s, cfg, 10*time.Minute, time.Minute, 2*day, 5*day, 20*day)
	mild(s, cfg, 20, 10, 20)
	r := &cfg.Rules
	r.Rate.BurstSeconds = pick(s, "burst", int64(1), 2, 10)
	r.Rate.Debt = chance(s, "debt", 60)
	r.Quota.MustFit = chance(s, "must fit", 40)
	r.Quota.Granularity = pick(s, "granularity", 0, 0, time.Minute, 15*time.Minute, 7*time.Hour, day, time.Nanosecond)
	r.Rep.MinEligible = pick(s, "min eligible", int64(10_000), 10_000, 1)
	r.AutoIncrease = increases(s)
	for i := range cfg.Accounts {
		a := &cfg.Accounts[i]
		a.Quota = pick(s, "quota", int64(20), 50, 100, 5, 300, 0, -1)
		a.Rate = pick(s, "rate", int64(1), 2, 5, 14)
		for j := range a.Requests {
			q := &a.Requests[j]
			q.Quota, q.Rate = pick(s, "granted quota", int64(20), 50, -1, 300), pick(s, "granted rate", int64(1), 3, 7)
			q.After = pick(s, "granted after", cfg.Horizon/4, 0, cfg.Horizon/2)
		}
	}
	for i := range cfg.Senders {
		x := &cfg.Senders[i]
		if x.Traffic.Kind != sim.Recorded {
			x.Recipients = pick(s, "recipients", 1, 1, 2, 5, 20)
		}
		x.RemoveBounced = x.RemoveBounced && chance(s, "removes", 20)
		x.Throttled25 = x.Interface == sim.SMTP && chance(s, "port 25", 20)
		x.Size = pick(s, "size", int64(0), 0, 0, 10<<20, 10<<20+1, 40<<20, 40<<20+1)
	}
	for range s.Int("scene actions", 0, 8) {
		cfg.Actions = append(cfg.Actions, adjustment(s, cfg))
	}
}

// increases draws rules for automatic increases that small scenarios meet.
func increases(s simtest.Source) rules.AutoIncrease {
	return rules.AutoIncrease{
		On: chance(s, "increases", 60), Days: pick(s, "increase days", int64(1), 2, 3), Of: pick(s, "increase of", int64(3), 4, 5),
		Use:        pick(s, "increase use", 20*unit.Percent, 80*unit.Percent, unit.Whole, 0),
		BounceRate: pick(s, "increase bounces", unit.Whole, 30*unit.Percent, 5*unit.Percent), ComplaintRate: pick(s, "increase complaints", unit.Whole, 10*unit.Percent),
		Factor: pick(s, "increase factor", int64(2), 3), Every: pick(s, "increase every", day, 2*day, 3*day, 7*day),
		Cap: pick(s, "increase cap", int64(1000), 100, 1_000_000),
	}
}

// adjustment draws a new quota or rate of an account, or a new rate of a sender.
func adjustment(s simtest.Source, cfg *sim.Config) sim.Action {
	a := sim.Action{At: moment(s, "adjusted at", cfg.Horizon, time.Second), Do: sim.DoSet}
	c := &a.Change
	c.Index = account(s, cfg)
	switch s.Int("adjusted", 0, 2) {
	case 0:
		c.Key, c.Number = sim.KeyAccountQuota, pick(s, "new quota", int64(20), 50, 100, 5, 0, -1)
	case 1:
		c.Key, c.Number = sim.KeyAccountRate, pick(s, "new rate", int64(1), 2, 5, 14)
	default:
		c.Index = int(s.Int("adjusted sender", 0, int64(len(cfg.Senders)-1)))
		c.Key, c.Rate = sim.KeySenderRate, rateOf(s.Int("new messages", 1, 50), cfg.Horizon)
	}
	return a
}
