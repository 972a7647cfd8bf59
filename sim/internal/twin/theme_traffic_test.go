package twin_test

import (
	"time"

	"sesim/sim"
	"sesim/sim/internal/simtest"
	"sesim/sim/unit"
)

// traffic is about when messages are due: recorded and diurnal traffic and
// campaigns, whose rates change while they run, and calls that are tried
// again.
func traffic(s simtest.Source, cfg *sim.Config) {
	able(s, cfg)
	within(s, cfg, 2*day, time.Hour, 10*day)
	mild(s, cfg, 20, 10, 10)
	cfg.Rules.Rep.MinEligible = 10_000 // no reviews here
	for i := range cfg.Accounts {
		a := &cfg.Accounts[i]
		a.Quota, a.Rate = pick(s, "quota", int64(300), 100, 20), pick(s, "rate", int64(5), 1, 14)
	}
	for i := range cfg.Senders {
		x := &cfg.Senders[i]
		x.Begin = moment(s, "begin", cfg.Horizon/2, time.Second)
		if chance(s, "ends", 30) {
			x.End = x.Begin + 1 + moment(s, "end", cfg.Horizon, time.Second)
		}
		x.Pick = pick(s, "pick", sim.Sequential, sim.Uniform, sim.Zipf)
		switch s.Int("kind", 0, 3) {
		case 0:
			x.Traffic, x.Recipients = sim.Traffic{Kind: sim.Recorded, Trace: recording(s, cfg, x)}, 1
		case 1:
			x.Traffic = sim.Traffic{
				Kind: sim.Diurnal, Rate: rateOf(s.Int("diurnal messages", 10, 60), cfg.Horizon),
				Peak: time.Duration(s.Int("peak", 0, 23)) * time.Hour, Depth: pick(s, "depth", 80*unit.Percent, 0, unit.Whole, 35*unit.Percent),
			}
		case 2:
			x.Pick = sim.Sequential
			x.Traffic = sim.Traffic{Kind: sim.Campaign, Rate: rateOf(s.Int("pace", 50, 1000), cfg.Horizon), Every: pick(s, "every", 0, cfg.Horizon/7, cfg.Horizon/3)}
		}
		if x.Traffic.Kind != sim.Recorded {
			if x.Traffic.Calendar = nil; chance(s, "has a calendar", 40) {
				x.Traffic.Calendar = simtest.Calendar(s, x.Name, cfg)
				if x.Traffic.Kind == sim.Constant && chance(s, "is a ramp", 50) {
					simtest.Ramp(s, x.Name, &x.Traffic, x.Begin, cfg.Horizon)
				}
			}
			x.Recipients = pick(s, "recipients", 1, 2, 5)
		}
	}
	for range s.Int("scene actions", 0, 8) {
		cfg.Actions = append(cfg.Actions, adjustment(s, cfg))
	}
}
