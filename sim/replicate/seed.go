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

// Config returns the configuration of a replication.
func Config(c *sim.Config, replication int) sim.Config {
	of := *c
	of.Seed = Seed(c.Seed, replication)
	return of
}
