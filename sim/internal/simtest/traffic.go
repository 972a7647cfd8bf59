package simtest

import (
	"time"

	"sesim/sim"
	"sesim/sim/unit"
)

// sends draws traffic of at most the given number of messages before the horizon,
// to an audience of that size.
func sends(s Source, name string, messages int64, horizon time.Duration, size, recipients int64) sim.Traffic {
	kind := oneOf(s, name+" traffic", kinds...)
	switch kind {
	case sim.Constant, sim.Poisson:
		return sim.Traffic{Kind: kind, Rate: rate(s, name+" rate", messages, horizon)}
	case sim.Diurnal:
		return sim.Traffic{
			Kind: kind, Rate: rate(s, name+" rate", messages, horizon),
			Peak: time.Duration(s.Int(name+" peak", 0, 23)) * time.Hour, Depth: share(s, name+" depth"),
		}
	case sim.Recorded:
		return sim.Traffic{Kind: kind, Trace: recording(s, name, min(messages, 40), horizon, size)}
	}
	traffic := sim.Traffic{Kind: kind, Rate: pace(s, name+" pace")}
	pass := (size + recipients - 1) / recipients // messages in one campaign
	if passes := messages / pass; passes > 1 && chance(s, name+" repeats", 70) {
		least := horizon/time.Duration(passes) + 1
		traffic.Every = least + length(s, name+" every", horizon)
	}
	return traffic
}

// rate draws a rate of at most the given number of messages within the horizon. A
// third of the rates are not whole numbers.
func rate(s Source, name string, messages int64, horizon time.Duration) unit.Rate {
	const fine = 1000 // a rate has at most three decimal places
	per := oneOf(s, name+" period", periods...)
	most := messages * int64(per/time.Second) / int64(horizon/time.Second+1) // whole messages a period
	if most < 1 {
		per = week
		most = max(1, messages*int64(per/time.Second)/int64(horizon/time.Second+1))
	}
	if chance(s, name+" fraction", 33) {
		if n := s.Int(name, 1, most*fine); n%fine != 0 {
			return unit.Rate{N: n, Per: per * fine}
		}
	}
	return unit.Rate{N: s.Int(name, 1, most), Per: per}
}

// pace draws the pace of a campaign.
func pace(s Source, name string) unit.Rate {
	return unit.Rate{N: s.Int(name, 1, 200), Per: oneOf(s, name+" period", periods[1:]...)}
}
