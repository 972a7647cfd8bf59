package simtest

import (
	"time"

	"sesim/sim/unit"
)

// Source gives the random numbers a scenario is drawn from.
type Source interface {
	// Int returns a number from least to most, both included. The name says
	// what it is drawn for.
	Int(name string, least, most int64) int64
}

const (
	day  = 24 * time.Hour
	week = 7 * day
)

// oneOf draws one of the values; the first is the plainest.
func oneOf[T any](s Source, name string, values ...T) T {
	return values[s.Int(name, 0, int64(len(values)-1))]
}

// chance draws true in about percent of a hundred cases.
func chance(s Source, name string, percent int64) bool {
	return s.Int(name, 1, 100) > 100-percent
}

// length draws a duration from 0 to most, often a round one.
func length(s Source, name string, most time.Duration) time.Duration {
	step := oneOf(s, name+" step", time.Hour, day, time.Minute, time.Second, time.Millisecond, time.Nanosecond)
	return time.Duration(s.Int(name, 0, min(int64(most/step), 1_000_000))) * step
}

// share draws a share, often nothing, everything or a small one.
func share(s Source, name string) unit.Share {
	switch s.Int(name+" kind", 0, 4) {
	case 0:
		return 0
	case 1:
		return unit.Whole
	case 2:
		return unit.Share(s.Int(name, 1, 1000)) * unit.Percent / 100
	}
	return unit.Share(s.Int(name, 1, 100)) * unit.Percent
}
