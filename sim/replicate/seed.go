package replicate

import (
	"strconv"

	"sesim/sim"
	"sesim/sim/rng"
)

// Seed returns the seed of a replication, counted from 0. Replication 0 has the
// base itself; the others have seeds from 0 to 2^63-1, the range of a scenario's
// seed.
func Seed(base uint64, replication int) uint64 {
	if replication == 0 {
		return base
	}
	return uint64(rng.Derive(base, "replication", strconv.Itoa(replication), "seed")) >> 1
}

// Drawing returns the scenario with n replications: several draw what is uncertain, a
// single one has the means.
func Drawing(c *sim.Config, n int) *sim.Config {
	own := *c
	own.Draws = n > 1 && len(c.Uncertain) > 0
	return &own
}

// Config returns the configuration of a replication. If the Config Draws, it has drawn
// what is uncertain: replication 0 too, which then differs from a single run.
func Config(c *sim.Config, replication int) sim.Config {
	of := *c
	of.Seed = Seed(c.Seed, replication)
	if c.Draws {
		return of.Draw()
	}
	return of
}
