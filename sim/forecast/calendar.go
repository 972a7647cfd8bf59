package forecast

import (
	"math"
	"time"
)

// operating returns how many seconds of operating time lie between two moments.
func (d *demand) operating(from, to time.Duration) float64 {
	if d.calendar == nil {
		return (to - from).Seconds()
	}
	sum := 0.0
	for from < to {
		rate, until := d.calendar.Rate(from)
		until = min(until, to)
		sum += (until - from).Seconds() * float64(rate) / 1e6
		from = until
	}
	return sum
}

// later returns the moment at which so many seconds of operating time have passed, at
// the most the end of time.
func (d *demand) later(at time.Duration, seconds float64) time.Duration {
	if d.calendar == nil {
		return after(at, seconds)
	}
	for at < d.end {
		rate, until := d.calendar.Rate(at)
		here := float64(rate) / 1e6
		if here > 0 && seconds <= (until-at).Seconds()*here {
			return after(at, seconds/here)
		}
		seconds -= float64((until - at).Seconds() * here)
		at = until
	}
	return math.MaxInt64
}

// opening returns when a calendar that is closed opens; the end of time for one that is
// open, and where there is none.
func (d *demand) opening(now time.Duration) time.Duration {
	if d.calendar == nil {
		return math.MaxInt64
	}
	rate, until := d.calendar.Rate(now)
	if rate > 0 {
		return math.MaxInt64
	}
	for rate == 0 && until < d.end {
		now = until
		rate, until = d.calendar.Rate(now)
	}
	if rate == 0 {
		return until
	}
	return now
}

// shown returns what the clocks of the calendar show at a moment.
func (d *demand) shown(at time.Duration) time.Duration {
	if d.calendar == nil {
		return at
	}
	return d.calendar.Shown(at)
}
