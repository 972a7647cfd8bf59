package check

import (
	"testing"
	"time"

	"sesim/sim"
)

// TestCalendars has messages that are due in an open window, on its edges and beyond, also
// where clocks change; the run starts on Friday, 2026-03-27, at 12:00 UTC.
func TestCalendars(t *testing.T) {
	const hour = time.Hour
	first := time.Date(2026, 3, 27, 0, 0, 0, 0, time.UTC).Unix() / 86_400
	with := func(change func(*sim.Calendar)) func(*sim.Config) {
		return func(c *sim.Config) {
			of := &sim.Calendar{Day: first, Clock: 12 * hour, Open: 9 * hour, Close: 17 * hour}
			of.Zone.Offsets = []sim.Offset{{East: hour}, {From: 37 * hour, East: 2 * hour}} // at 1:00 UTC of Sunday, as in Berlin
			of.Weekdays = [7]bool{true, true, true, true, true, false, false}
			change(of)
			c.Senders[0].Traffic.Calendar = of
		}
	}
	usual := with(func(*sim.Calendar) {})
	daily := func(open, closed time.Duration, offsets ...sim.Offset) func(*sim.Config) {
		return with(func(of *sim.Calendar) {
			of.Open, of.Close, of.Weekdays = open, closed, [7]bool{true, true, true, true, true, true, true}
			of.Zone.Offsets = append([]sim.Offset{{East: hour}}, offsets...)
		})
	}
	back := sim.Offset{From: 13 * hour} // from 2:00 to 1:00
	ahead := sim.Offset{From: 13 * hour, East: 2 * hour}
	factors := func(change func(*sim.Calendar)) func(*sim.Config) {
		return with(func(of *sim.Calendar) {
			of.Profile = &sim.Profile{}
			for _, list := range [][]uint64{of.Profile.Weekday[:], of.Profile.Hour[:], of.Profile.Month[:]} {
				for i := range list {
					list[i] = 1_000_000
				}
			}
			change(of)
		})
	}
	due := func(at time.Duration) []sim.Record {
		r := sent(at, 0, 0)
		r.Due = at
		return []sim.Record{r}
	}
	const outside, nothing = "calendar: outside of its hours", "calendar: while its rate is multiplied by 0"
	play(t, []sequence{
		{"on Friday", usual, due(hour), ""},
		{"the last moment", usual, due(4*hour - 1), ""},
		{"closing time", usual, due(4 * hour), outside},
		{"on Saturday", usual, due(24 * hour), outside},
		{"before it opens in summer", usual, due(67*hour - 1), outside},
		{"it opens on Monday in summer", usual, due(67 * hour), ""},
		{"past midnight, of the day before", daily(22*hour, 26*hour), due(12 * hour), ""},
		{"and closed after it", daily(22*hour, 26*hour), due(13 * hour), outside},
		{"opens within the hour that is skipped", daily(2*hour+30*time.Minute, 4*hour, ahead), due(13 * hour), ""},
		{"not before", daily(2*hour+30*time.Minute, 4*hour, ahead), due(13*hour - 1), outside},
		{"stays open in the hour that comes twice", daily(90*time.Minute, 3*hour, back), due(13 * hour), ""},
		{"stays closed in it", daily(0, 90*time.Minute, back), due(13 * hour), outside},
		{"by a profile", factors(func(*sim.Calendar) {}), due(hour), ""},
		{"on a day with nothing", factors(func(of *sim.Calendar) { of.Profile.Weekday[4] = 0 }), due(hour), nothing},
		{"in an hour with nothing", factors(func(of *sim.Calendar) { of.Profile.Hour[14] = 0 }), due(hour), nothing},
		{"in the next one", factors(func(of *sim.Calendar) { of.Profile.Hour[14] = 0 }), due(2 * hour), ""},
		{"in a month with nothing", factors(func(of *sim.Calendar) { of.Profile.Month[2] = 0 }), due(hour), nothing},
		{"while a peak is nothing", with(func(of *sim.Calendar) { of.Peaks = []sim.Step{{From: hour}, {From: 2 * hour, Times: 1}} }), due(2*hour - 1), nothing},
		{"after it", with(func(of *sim.Calendar) { of.Peaks = []sim.Step{{From: hour}, {From: 2 * hour, Times: 1}} }), due(2 * hour), ""},
		{"while the ramp is nothing", with(func(of *sim.Calendar) { of.Ramp = []sim.Step{{From: hour}} }), due(hour), nothing},
		{"no calendar", nil, due(30 * hour), ""},
	})
}
