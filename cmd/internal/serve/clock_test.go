package serve

import (
	"math"
	"testing"
	"time"
)

// TestClock checks virtual times at several speeds, the cap, and that waiting as long as
// the clock says is enough and not too long.
func TestClock(t *testing.T) {
	wall := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	const day = 24 * time.Hour
	for _, c := range []struct {
		speed       int64
		after, want time.Duration
	}{
		{0, day, time.Hour},
		{RealTime, day, time.Hour + day},
		{1, day, time.Hour + day/1000},
		{60 * RealTime, time.Minute, 2 * time.Hour},
		{MaxSpeed, time.Millisecond, time.Hour + 1000*time.Second},
		{MaxSpeed, day, 400*day - 1},
		{RealTime, -day, time.Hour},
	} {
		k := clock{anchor: time.Hour, wall: wall, speed: c.speed, end: 400 * day}
		if got := k.at(wall.Add(c.after)); got != c.want {
			t.Errorf("speed %d after %s: %s, want %s", c.speed, c.after, got, c.want)
		}
	}
	for _, speed := range []int64{1, 999, RealTime, 7 * RealTime, MaxSpeed} {
		k := clock{anchor: time.Hour, wall: wall, speed: speed, end: 400 * day}
		for _, at := range []time.Duration{0, time.Hour, time.Hour + 1, 2 * time.Hour, 10 * day} {
			wait, ok := k.until(at, wall)
			if !ok || k.at(wall.Add(wait)) < at {
				t.Errorf("speed %d: %s is not reached after %s", speed, at, wait)
			}
			if early := wait - 2; early > 0 && k.at(wall.Add(early)) > at {
				t.Errorf("speed %d: %s is passed after %s", speed, at, early)
			}
		}
	}
	if _, ok := (&clock{wall: wall, end: day}).until(time.Hour, wall); ok {
		t.Error("a frozen clock reaches something")
	}
	if got := scale(math.MaxInt64, MaxSpeed, 1); got != math.MaxInt64/2 {
		t.Errorf("an overflow is %d", got)
	}
}

// TestClockNeverBack checks that a clock that is set to an earlier time stays.
func TestClockNeverBack(t *testing.T) {
	wall := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	k := clock{anchor: time.Hour, wall: wall, end: time.Hour * 100}
	k.set(time.Minute, wall)
	if got := k.at(wall); got != time.Hour {
		t.Error(got)
	}
}
