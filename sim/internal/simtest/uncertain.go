package simtest

import (
	"slices"

	"sesim/sim"
	"sesim/sim/fixed"
	"sesim/sim/unit"
)

// uncertain draws at most one share of each audience and the rates of some senders from
// distributions.
func uncertain(s Source, cfg *sim.Config) sim.Config {
	for i := range cfg.Audiences {
		if chance(s, cfg.Audiences[i].Name+" is uncertain", 20) {
			cfg.Uncertain = append(cfg.Uncertain, uncertainShare(s, cfg, i))
		}
	}
	for i := range cfg.Senders {
		x := &cfg.Senders[i]
		if x.Traffic.Kind == sim.Recorded || x.Traffic.IsRamp() || !isPeriod(x.Traffic.Rate.Per) || !chance(s, x.Name+" is uncertain", 15) {
			continue
		}
		u := sim.Uncertain{Of: sim.TrafficRate, Index: i, Per: x.Traffic.Rate.Per}
		if x.Traffic.Kind == sim.Campaign {
			u.Of = sim.Pace
		}
		most := uint64(x.Traffic.Rate.N) * 1000
		u.Distribution = sim.NewDistribution(sim.Between, most/2, most)
		if chance(s, x.Name+" has gamma", 30) {
			u.Distribution = sim.NewDistribution(sim.Gamma, 50*fixed.ParameterOne, max(100*fixed.ParameterOne/uint64(x.Traffic.Rate.N), fixed.LeastParameter))
		}
		cfg.Uncertain = append(cfg.Uncertain, u)
	}
	if len(cfg.Uncertain) == 0 {
		return *cfg
	}
	return cfg.Draw()
}

// uncertainShare draws which share of an audience is uncertain, and how. With the others
// it is not more than the whole, on average.
func uncertainShare(s Source, cfg *sim.Config, i int) sim.Uncertain {
	a := &cfg.Audiences[i]
	sets := slices.ContainsFunc(cfg.Actions, func(x sim.Action) bool {
		return x.Do == sim.DoSet && x.Change.Index == i && x.Change.Key >= sim.KeyAudienceMailboxFull && x.Change.Key <= sim.KeyAudienceHardBounce
	})
	campaigns := slices.ContainsFunc(cfg.Senders, func(x sim.Sender) bool { return x.Audience == i && x.Traffic.Kind == sim.Campaign })
	others := a.HardBounce + a.TooLarge + a.ContentRejected + a.AttachmentRejected + a.Undetermined + a.BlockedIP + a.Deferred
	of := []sim.Quantity{sim.Complaint, sim.FeedbackLoop, sim.OutOfOffice}
	if others < unit.Whole/2 && !sets {
		of = append(of, sim.MailboxFull)
	}
	if a.DeadDomain < unit.Whole/2 {
		of = append(of, sim.Invalid)
	}
	if a.DecayPer > 0 {
		of = append(of, sim.Decay)
	}
	u := sim.Uncertain{Of: oneOf(s, a.Name+" uncertain", of...), Index: i}
	if u.Of == sim.Decay {
		u.Per = a.DecayPer
	}
	u.Campaigns = u.Of.OfMessages() && campaigns && !sets && chance(s, a.Name+" differs by campaign", 60)
	const one = fixed.ParameterOne
	switch s.Int(a.Name+" distribution", 0, 2) {
	case 0:
		u.Distribution = sim.NewDistribution(sim.Between, uint64(unit.Percent), uint64(50*unit.Percent))
	case 1:
		u.Distribution = sim.NewDistribution(sim.Beta, one/2, 8*one)
	default:
		u.Distribution = sim.NewDistribution(sim.Gamma, one+one/5, 7*one)
	}
	return u
}
