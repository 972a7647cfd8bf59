package simtest

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"sesim/sim"
	"sesim/sim/unit"
)

// Calendar draws when a sender's traffic is open.
func Calendar(s Source, name string, cfg *sim.Config) *sim.Calendar {
	start := cfg.Start.UTC()
	midnight := time.Date(start.Year(), start.Month(), start.Day(), 0, 0, 0, 0, time.UTC)
	c := &sim.Calendar{
		Day: midnight.Unix() / 86_400, Clock: start.Sub(midnight), Close: day, Weekdays: [7]bool{true, true, true, true, true, true, true},
	}
	z := oneOf(s, name+" zone", zones...)
	c.Zone = sim.Zone{Name: z.name, Offsets: z.offsets(start, cfg.Horizon)}
	if chance(s, name+" has weekdays", 60) {
		some := s.Int(name+" weekdays", 1, 127)
		for i := range c.Weekdays {
			c.Weekdays[i] = some>>i&1 == 1
		}
	}
	if chance(s, name+" has hours", 70) {
		c.Open = time.Duration(s.Int(name+" opens", 0, 24*4-1)) * 15 * time.Minute
		c.Close = c.Open + time.Duration(s.Int(name+" is open for", 1, 24*4-1))*15*time.Minute
	}
	drawProfile(s, name, c)
	if chance(s, name+" has peaks", 40) {
		peaks(s, name, c, cfg.Horizon)
	}
	return c
}

// drawProfile draws by how much the rate differs: each list has a mean of one, from which
// pairs of values differ by quarters.
func drawProfile(s Source, name string, c *sim.Calendar) {
	if !chance(s, name+" has a profile", 40) {
		return
	}
	p := &sim.Profile{}
	for _, list := range [][]uint64{p.Weekday[:], p.Hour[:], p.Month[:]} {
		for i := range list {
			list[i] = whole
		}
		for range s.Int(name+" differences", 0, 4) {
			from, to := s.Int(name+" less", 0, int64(len(list)-1)), s.Int(name+" more", 0, int64(len(list)-1))
			by := min(list[from], uint64(s.Int(name+" by", 1, 4))*whole/4)
			list[from] -= by
			list[to] += by
		}
	}
	c.Profile = p
}

// peaks draws up to two times in which the rate is multiplied.
func peaks(s Source, name string, c *sim.Calendar, horizon time.Duration) {
	for from := time.Duration(0); len(c.Peaks) < 4; {
		from += 1 + length(s, name+" next peak", horizon/2)
		if from >= horizon {
			return
		}
		to := from + 1 + length(s, name+" peak lasts", horizon/3)
		c.Peaks = append(c.Peaks, sim.Step{From: from, Times: uint64(s.Int(name+" peak", 0, 12)) * whole / 4}, sim.Step{From: to, Times: whole})
		from = to
	}
}

// Ramp turns traffic into a ramp that begins at a moment: its rate is the lowest.
func Ramp(s Source, name string, t *sim.Traffic, begin, horizon time.Duration) {
	every := time.Duration(s.Int(name+" ramp every", 1, 40))*time.Hour + time.Minute // never whole days
	steps := s.Int(name+" steps", 1, 5)
	for i := int64(0); i < steps && time.Duration(i)*every < horizon; i++ {
		times := uint64(1) // the first, so that one is the lowest
		if i > 0 {
			times = uint64(s.Int(name+" ramp", 1, 9))
		}
		t.Calendar.Ramp = append(t.Calendar.Ramp, sim.Step{From: begin + time.Duration(i)*every, Times: times * whole})
	}
}

// whole is a factor of one in millionths.
const whole = 1_000_000

// starts are the starts of runs: some Monday, and shortly before clocks change in one of
// the zones.
var starts = []time.Time{
	time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC), time.Date(2026, 3, 28, 20, 0, 0, 0, time.UTC),
	time.Date(2026, 10, 24, 21, 30, 0, 0, time.UTC),
	time.Date(2026, 3, 7, 12, 0, 0, 0, time.UTC), time.Date(2026, 11, 1, 4, 30, 0, 0, time.UTC), time.Date(2026, 4, 4, 13, 30, 0, 0, time.UTC),
}

// timezone is a zone whose rules for daylight saving time are written out here; they hold
// for this century.
type timezone struct {
	name           string
	standard, save time.Duration
	ends           time.Month // of daylight saving time; 0: none
	begins         time.Month
	change         func(year int, month time.Month) time.Time // in UTC
}

var zones = []timezone{
	{name: "UTC"},
	{name: "Asia/Kolkata", standard: 330 * time.Minute},
	{"Europe/Berlin", time.Hour, time.Hour, time.October, time.March, func(year int, month time.Month) time.Time {
		return sunday(year, month+1, 0, 1) // the last one at 1:00 UTC
	}},
	{"America/New_York", -5 * time.Hour, time.Hour, time.November, time.March, func(year int, month time.Month) time.Time {
		if month == time.March {
			return sunday(year, month, 14, 7) // the second one at 2:00
		}
		return sunday(year, month, 7, 6) // the first one at 2:00
	}},
	{"Australia/Lord_Howe", 630 * time.Minute, 30 * time.Minute, time.April, time.October, func(year int, month time.Month) time.Time {
		if month == time.October {
			return sunday(year, month, 7, 2).Add(-630 * time.Minute) // at 2:00
		}
		return sunday(year, month, 7, 2).Add(-660 * time.Minute)
	}},
}

// sunday returns the last Sunday up to a day of a month, at an hour.
func sunday(year int, month time.Month, last, hour int) time.Time {
	at := time.Date(year, month, last, hour, 0, 0, 0, time.UTC)
	return at.AddDate(0, 0, -int(at.Weekday()))
}

// offsets returns the offsets of the zone during a run.
func (z *timezone) offsets(start time.Time, horizon time.Duration) []sim.Offset {
	list := []sim.Offset{{East: z.standard}}
	if z.ends == 0 {
		return list
	}
	list = nil
	for year := start.Year() - 1; year <= start.Add(horizon).Year(); year++ {
		list = append(list, sim.Offset{From: z.change(year, z.begins).Sub(start), East: z.standard + z.save},
			sim.Offset{From: z.change(year, z.ends).Sub(start), East: z.standard})
	}
	slices.SortFunc(list, func(a, b sim.Offset) int { return int((a.From - b.From) / time.Hour) })
	list = slices.DeleteFunc(list, func(o sim.Offset) bool { return o.From >= horizon })
	for len(list) > 1 && list[1].From <= 0 {
		list = list[1:]
	}
	list[0].From = 0
	return list
}

// calendarKeys writes the keys of a calendar, to follow others of an inline table.
func calendarKeys(c *sim.Calendar) string {
	if c == nil {
		return ""
	}
	var days []string
	for i, word := range [...]string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"} {
		if c.Weekdays[i] {
			days = append(days, word)
		}
	}
	clock := func(at time.Duration) string { return fmt.Sprintf("%02d:%02d", at/time.Hour, at%time.Hour/time.Minute) }
	closes := clock(c.Close)
	if c.Close > day {
		closes = clock(c.Close - day)
	}
	keys := []string{"weekdays = " + texts(days), "hours = " + quoted(clock(c.Open)+"-"+closes), "timezone = " + quoted(c.Zone.Name)}
	if p := c.Profile; p != nil {
		keys = append(keys, fmt.Sprintf("profile = { weekday = %s, hour = %s, month = %s }",
			weights(p.Weekday[:]), weights(p.Hour[:]), weights(p.Month[:])))
	}
	return ", " + strings.Join(keys, ", ")
}

// weights writes a list of weights.
func weights(list []uint64) string {
	words := make([]string, len(list))
	for i, w := range list {
		words[i] = thousandths(int64(w) / 1000)
	}
	return "[" + strings.Join(words, ", ") + "]"
}

// peakKeys writes the peaks of a calendar as a list of tables.
func peakKeys(c *sim.Calendar) string {
	var list []string
	for i := 0; i < len(c.Peaks); i += 2 { // each is followed by its end
		p, end := c.Peaks[i], c.Peaks[i+1].From
		list = append(list, fmt.Sprintf("{ at = %s, for = %s, factor = %s }",
			duration(p.From), duration(end-p.From), thousandths(int64(p.Times)/1000)))
	}
	return "[" + strings.Join(list, ", ") + "]"
}

// rampKeys writes the rates of a ramp.
func rampKeys(t *sim.Traffic) string {
	rates := make([]string, len(t.Calendar.Ramp))
	for i, p := range t.Calendar.Ramp {
		r := unit.Rate{N: t.Rate.N * int64(p.Times/whole), Per: t.Rate.Per}
		if r.N%1000 == 0 && isPeriod(r.Per/1000) { // whole numbers have no thousandths
			r = unit.Rate{N: r.N / 1000, Per: r.Per / 1000}
		}
		rates[i] = quoted(r.String())
	}
	every := time.Hour
	if len(rates) > 1 {
		every = t.Calendar.Ramp[1].From - t.Calendar.Ramp[0].From
	}
	return fmt.Sprintf("{ kind = \"ramp\", rates = [%s], every = %s", strings.Join(rates, ", "), duration(every))
}
