package serve

import (
	"math"
	"math/bits"
	"time"
)

// Speeds are in thousandths of wall time.
const (
	RealTime = 1000
	MaxSpeed = 1_000_000 * RealTime
)

// clock turns wall time into virtual time: anchor + speed x (wall - wallAnchor). It never
// goes back.
type clock struct {
	anchor time.Duration // virtual
	wall   time.Time     // at the anchor
	speed  int64         // in thousandths; 0: frozen
	tick   time.Duration // by which each call that sends moves a frozen clock on
	end    time.Duration // virtual times are below it
}

// at returns the virtual time at a moment of wall time.
func (c *clock) at(wall time.Time) time.Duration {
	return min(c.anchor+scale(wall.Sub(c.wall), c.speed, 1000), c.end-1)
}

// set makes the clock go on from a virtual time with its speed.
func (c *clock) set(now time.Duration, wall time.Time) {
	c.anchor, c.wall = min(max(now, c.anchor), c.end-1), wall
}

// until returns how long it takes on the wall until a virtual time; false: the clock is
// frozen.
func (c *clock) until(at time.Duration, wall time.Time) (wait time.Duration, ok bool) {
	if c.speed == 0 {
		return 0, false
	}
	due := c.wall.Add(scale(at-c.anchor, 1000, c.speed) + 1) // rounded up: not before it is due
	return max(0, due.Sub(wall)), true
}

// scale returns d x factor / divisor in 128 bits, at most what a Duration holds; 0 for a
// negative d.
func scale(d time.Duration, factor, divisor int64) time.Duration {
	if d <= 0 {
		return 0
	}
	hi, lo := bits.Mul64(uint64(d), uint64(factor))
	if hi >= uint64(divisor) {
		return math.MaxInt64 / 2
	}
	product, _ := bits.Div64(hi, lo, uint64(divisor))
	return time.Duration(min(product, math.MaxInt64/2))
}
