package client

import (
	"sesim/sim/rng"
)

// spread returns what latencies are drawn from.
func (l *Latency) spread() rng.Spread {
	if l.Mean == 0 {
		return rng.NewSpread(l.Spread)
	}
	return rng.NewLogNormal(l.Floor, l.Mean, l.Sigma)
}
