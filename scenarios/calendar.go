package scenarios

import (
	"time"

	"sesim/scenarios/internal/keys"
	"sesim/scenarios/internal/zone"
	"sesim/sim"
	"sesim/sim/unit"
)

// newCalendar returns a calendar that is always open, in UTC.
func newCalendar() *sim.Calendar {
	return &sim.Calendar{Zone: sim.Zone{Name: zone.UTC}, Weekdays: [7]bool{true, true, true, true, true, true, true}, Close: unit.Day}
}

// calendarFields binds the keys of a calendar.
func calendarFields(c *sim.Calendar) []keys.Field {
	return []keys.Field{
		keys.Optional("weekdays", keys.Weekdays{To: &c.Weekdays}, "days on which messages are due").Or("all"),
		keys.Optional("hours", keys.Hours{Open: &c.Open, Close: &c.Close},
			"when messages are due on these days; a window over midnight belongs to the day on which it opens").Or("all day"),
		keys.Optional("timezone", keys.Timezone{To: &c.Zone.Name}, "time zone of all times of the day"),
		keys.Optional("profile", profile{&c.Profile},
			"how the rate differs by weekday, hour and month: the name of a published profile, or lists").Or("even"),
	}
}

// calendar completes a calendar that was read: with the moment of the start, and the
// offsets of its zone during the run.
func (l *loader) calendar(c *sim.Calendar) *sim.Calendar {
	start := l.cfg.Start
	midnight := time.Date(start.Year(), start.Month(), start.Day(), 0, 0, 0, 0, time.UTC)
	c.Day, c.Clock = midnight.Unix()/int64(unit.Day/time.Second), start.Sub(midnight)
	c.Zone = zone.During(c.Zone.Name, start, l.cfg.Horizon)
	return c
}
