package bench

import (
	"slices"
	"time"

	"sesim/reports/benchmark"
)

// clock is the monotonic clock and what it is known to cost.
type clock struct {
	base       time.Time
	cost       time.Duration // median of a pair of readings
	low, high  time.Duration // 10th and 90th percentile
	resolution time.Duration // smallest step seen
}

// now returns the time since the clock was made.
func (c *clock) now() time.Duration { return time.Since(c.base) }

// pairs is the number of pairs of readings from which the clock's cost is
// determined.
const pairs = 20_001

// calibrate measures the clock's own cost by timing nothing, many times.
func calibrate() clock {
	c := clock{base: time.Now()}
	empty := make([]time.Duration, pairs)
	for i := range empty {
		start := c.now()
		empty[i] = c.now() - start
	}
	slices.Sort(empty)
	c.low, c.cost, c.high = empty[pairs/10], empty[pairs/2], empty[pairs*9/10]
	c.resolution = stepOf(empty)
	return c
}

// stepOf returns the smallest step of a clock, of which sorted holds how long
// pairs of readings took: the least distance of two that differ. Where the
// step is no whole number of nanoseconds, rounding makes neighbours of equal
// times; three in a row are the mark of a clock that counts each nanosecond.
func stepOf(sorted []time.Duration) time.Duration {
	step := time.Duration(0)
	first, last := sorted[0], sorted[0] // of the times that lie side by side
	for _, t := range sorted {
		switch {
		case t-last <= 1:
			last = t
		case step == 0 || t-first < step:
			step = t - first
			first, last = t, t
		default:
			first, last = t, t
		}
		if last-first >= 2 {
			return 1
		}
	}
	return max(step, 1)
}

// uncertainty is what a single reading may be wrong by: the clock's step, or
// the spread of its own cost.
func (c *clock) uncertainty() time.Duration { return max(c.resolution, c.high-c.low) }

// since returns the time from a reading to now, without what reading costs.
func (c *clock) since(start time.Duration) time.Duration { return max(c.now()-start-c.cost, 0) }

func (c *clock) report() benchmark.Clock {
	return benchmark.Clock{
		CostNS: float64(c.cost), LowNS: float64(c.low), HighNS: float64(c.high), ResolutionNS: float64(c.resolution),
	}
}
