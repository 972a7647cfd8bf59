package check

import (
	"math"
	"time"

	"sesim/sim"
)

// calendars checks that no message is due while its sender's calendar is closed: outside
// of its hours and weekdays, or while its rate is multiplied by nothing.
type calendars struct {
	cfg   *sim.Config
	found *findings
}

func newCalendars(cfg *sim.Config, found *findings) *calendars { return &calendars{cfg, found} }

func (c *calendars) observe(r *sim.Record) {
	call := r.Kind == sim.Sent || r.Kind == sim.Refused || r.Kind == sim.TimedOut || r.Kind == sim.GaveUp
	if !call || r.Sender < 0 || r.Sender >= len(c.cfg.Senders) {
		return
	}
	s := &c.cfg.Senders[r.Sender]
	of := s.Traffic.Calendar
	if of == nil {
		return
	}
	clocks := clocksOf(of, r.Due)
	switch {
	case !inWindow(of, clocks.reached):
		c.bad(r, s, "outside of its hours, clocks having reached %s", clocks.reached)
	case isNothing(of, clocks.show, r.Due):
		c.bad(r, s, "while its rate is multiplied by 0, at %s by the clocks", clocks.show)
	}
}

func (c *calendars) bad(r *sim.Record, s *sim.Sender, format string, args ...any) {
	args = append([]any{r.Message, s.Name, r.Due}, args...)
	c.found.add("calendar", r.At, r.Account, "", "message %d of sender %s is due at %v, "+format, args...)
}

func (c *calendars) finish(*sim.Result) {}

// clocks are those of a time zone: what they show, since midnight UTC of the day on which
// the run starts, and the latest time that they have shown so far. When they are put back
// the latter stays until they have caught up.
type clocks struct{ show, reached time.Duration }

// clocksOf returns the clocks of a calendar at a moment.
func clocksOf(of *sim.Calendar, at time.Duration) clocks {
	east, reached := of.Zone.Offsets[0].East, time.Duration(math.MinInt64)
	for _, change := range of.Zone.Offsets[1:] {
		if change.From > at {
			break
		}
		reached = max(reached, of.Clock+change.From-1+east)
		east = change.East
	}
	show := of.Clock + at + east
	return clocks{show, max(show, reached)}
}

// inWindow reports whether a window of the calendar is open. One belongs to the day on
// which it opens, so that it is today's or yesterday's.
func inWindow(of *sim.Calendar, reached time.Duration) bool {
	today := dayOf(reached)
	for d := today - 1; d <= today; d++ {
		since := reached - time.Duration(d)*day
		if of.Weekdays[weekday(of, d)] && of.Open <= since && since < of.Close {
			return true
		}
	}
	return false
}

// dayOf returns the day of a time, counted from the run's first.
func dayOf(show time.Duration) int64 { return int64(math.Floor(float64(show/time.Second) / 86_400)) }

// weekday returns the place of a day in the week, whose first day is Monday.
func weekday(of *sim.Calendar, d int64) int { return (int(date(of, d).Weekday()) + 6) % 7 }

// date returns the date of a day, counted from the run's first.
func date(of *sim.Calendar, d int64) time.Time { return time.Unix((of.Day+d)*86_400, 0).UTC() }

// isNothing reports whether the profile, a peak or the ramp multiplies the rate by 0.
func isNothing(of *sim.Calendar, show, at time.Duration) bool {
	d := dayOf(show)
	if p := of.Profile; p != nil {
		hour := (show - time.Duration(d)*day) / time.Hour
		if p.Weekday[weekday(of, d)] == 0 || p.Hour[hour] == 0 || p.Month[date(of, d).Month()-1] == 0 {
			return true
		}
	}
	for _, steps := range [][]sim.Step{of.Peaks, of.Ramp} {
		times := uint64(1)
		for _, s := range steps {
			if s.From <= at {
				times = s.Times
			}
		}
		if times == 0 {
			return true
		}
	}
	return false
}
