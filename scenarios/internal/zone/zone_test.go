package zone_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sesim/scenarios/internal/zone"
	"sesim/sim"
	"sesim/sim/unit"
)

func at(text string) time.Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return t
}

// Offsets during runs, by hand from the rules of the zones: over both changes of a year,
// from the moment of a change on, up to it, and where clocks skipped a day. The files and
// the environment of the machine have no say.
func TestDuring(t *testing.T) {
	t.Setenv("ZONEINFO", "/dev/null")
	t.Setenv("TZ", "Asia/Tokyo")
	const h = time.Hour
	for _, c := range []struct {
		name, start, end string
		want             []sim.Offset
	}{
		{"UTC", "2026-01-01T00:00:00Z", "2100-01-01T00:00:00Z", []sim.Offset{{}}},
		{"Asia/Kolkata", "2026-01-01T00:00:00Z", "2100-01-01T00:00:00Z", []sim.Offset{{East: 5*h + h/2}}},
		{"Europe/Berlin", "2026-03-28T01:00:00Z", "2026-12-31T00:00:00Z", []sim.Offset{
			{East: h}, {From: 24 * h, East: 2 * h}, {From: 24*h + 210*24*h, East: h}}}, // October 25
		{"Europe/Berlin", "2026-03-29T01:00:00Z", "2026-10-25T01:00:00Z", []sim.Offset{{East: 2 * h}}},
		{"Europe/Berlin", "2026-03-29T00:59:59Z", "2026-03-29T01:00:00.000000001Z", []sim.Offset{{East: h}, {From: time.Second, East: 2 * h}}},
		{"America/New_York", "2026-03-08T06:00:00Z", "2026-03-09T00:00:00Z", []sim.Offset{{East: -5 * h}, {From: h, East: -4 * h}}},
		{"Pacific/Apia", "2011-12-30T00:00:00Z", "2012-01-05T00:00:00Z", []sim.Offset{{East: -10 * h}, {From: 10 * h, East: 14 * h}}},
		{"Africa/Monrovia", "1970-01-01T00:00:00Z", "1970-02-01T00:00:00Z", []sim.Offset{{East: -44*time.Minute - 30*time.Second}}},
	} {
		start := at(c.start)
		got := zone.During(c.name, start, at(c.end).Sub(start))
		if diff := cmp.Diff(sim.Zone{Name: c.name, Data: zone.Data, Offsets: c.want}, got); diff != "" {
			t.Errorf("%s from %s to %s (-want +got):\n%s", c.name, c.start, c.end, diff)
		}
	}
}

// Every zone of the archive can be read, over the longest run that there is.
func TestAllZones(t *testing.T) {
	names := zone.Names()
	if len(names) < 590 {
		t.Errorf("there are %d zones", len(names))
	}
	for _, name := range names {
		z := zone.During(name, at("2026-03-02T09:00:00Z"), unit.MaxDuration)
		c := sim.Calendar{Zone: z, Weekdays: [7]bool{true}, Close: time.Hour}
		if err := c.Check(); !zone.Known(name) || err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, name := range []string{"", "Local", "Europe", "Europe/", "../UTC", "europe/berlin"} {
		if zone.Known(name) {
			t.Errorf("%q is a zone", name)
		}
	}
}
