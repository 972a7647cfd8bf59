package twin_test

import (
	"math/rand/v2"
	"time"

	"sesim/sim/internal/simtest"
)

const day = 24 * time.Hour

// seeded draws from a generator that begins with a seed.
type seeded struct{ *rand.Rand }

var _ simtest.Source = seeded{}

func newSeeded(seed uint64) seeded { return seeded{rand.New(rand.NewPCG(seed, 0))} }

func (s seeded) Int(_ string, least, most int64) int64 { return least + s.Int64N(most-least+1) }

// pick draws one of the values; the first is the plainest.
func pick[T any](s simtest.Source, name string, values ...T) T {
	return values[s.Int(name, 0, int64(len(values)-1))]
}

// chance draws true in about so many of a hundred cases.
func chance(s simtest.Source, name string, percent int64) bool {
	return s.Int(name, 1, 100) > 100-percent
}

// moment draws a time before the horizon, a multiple of step.
func moment(s simtest.Source, name string, horizon, step time.Duration) time.Duration {
	return time.Duration(s.Int(name, 0, int64((horizon-1)/step))) * step
}
