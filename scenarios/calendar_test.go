package scenarios

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sesim/scenarios/internal/zone"
	"sesim/sim"
	"sesim/sim/unit"
)

// office is a scenario with traffic in office hours.
const office = `name = "office"
horizon = "10d"
start = 2026-03-27T08:00:00Z
[[account]]
name = "acme"
[[audience]]
name = "customers"
size = 100
domain = "customers.example"
[[sender]]
name = "news"
account = "acme"
from = "news@acme.example"
audience = "customers"
[sender.traffic]
kind = "diurnal"
rate = "6/h"
weekdays = ["mon", "fri"]
hours = "09:00-17:00"
timezone = "Europe/Berlin"
`

// A calendar is read with the offsets of its zone during the run; the peak of the day is
// a time of the zone.
func TestCalendar(t *testing.T) {
	cfg, err := Load("x.toml", []byte(office))
	if err != nil {
		t.Fatal(err)
	}
	const h = time.Hour
	want := sim.Traffic{
		Kind: sim.Diurnal, Rate: unit.Rate{N: 6, Per: h}, Peak: 6 * h, Depth: 80 * unit.Percent,
		Calendar: &sim.Calendar{
			Day: 20_539, Clock: 8 * h, Weekdays: [7]bool{0: true, 4: true}, Open: 9 * h, Close: 17 * h,
			Zone: sim.Zone{Name: "Europe/Berlin", Data: zone.Data, Offsets: []sim.Offset{{East: h}, {From: 41 * h, East: 2 * h}}},
		},
	}
	if diff := cmp.Diff(want, cfg.Senders[0].Traffic); diff != "" {
		t.Errorf("traffic (-want +got):\n%s", diff)
	}
	for hours, want := range map[string][2]time.Duration{
		"22:00-06:00": {22 * h, 30 * h}, "00:00-24:00": {0, 24 * h}, "17:00-09:00": {17 * h, 33 * h}, "0:00-00:01": {0, time.Minute},
		"12:00-00:00": {12 * h, 24 * h}, "12:00-24:00": {12 * h, 24 * h},
	} {
		cfg, err := Load("x.toml", []byte(office), set("sender.news.traffic.hours", hours))
		if err != nil {
			t.Fatal(err)
		}
		if c := cfg.Senders[0].Traffic.Calendar; c.Open != want[0] || c.Close != want[1] {
			t.Errorf("%s is open from %v to %v, want %v", hours, c.Open, c.Close, want)
		}
	}
	s := studyOf(t, office+"[sweep]\n\"sender.news.traffic.timezone\" = [\"UTC\", \"Asia/Kolkata\"]\n")
	for i, want := range []time.Duration{0, 5*h + h/2} {
		if cell, _, err := s.Load(i); err != nil || cell.Senders[0].Traffic.Calendar.Zone.Offsets[0].East != want {
			t.Errorf("cell %d: %v, want an offset of %v", i, err, want)
		}
	}
	cfg, err = Load("x.toml", []byte(strings.Split(office, "weekdays")[0]))
	if err != nil || cfg.Senders[0].Traffic.Calendar != nil {
		t.Errorf("a calendar without its keys: %v", err)
	}
}

// What is wrong with a calendar is said where it stands.
func TestCalendarProblems(t *testing.T) {
	for _, c := range []struct{ old, new, want string }{
		{`["mon", "fri"]`, `[]`, `18:12: sender.news.traffic.weekdays: there is no day: name at least one, such as ["mon"]`},
		{`"mon"`, `"Monday"`, `18:13: sender.news.traffic.weekdays[0]: "Monday" is not one of "mon", "tue", "wed", "thu", "fri", "sat", "sun"`},
		{`["mon", "fri"]`, `"mon"`, `18:12: sender.news.traffic.weekdays: "mon" is not a list: write it between [ and ]`},
		{`09:00-17:00`, `9-17`, `19:9: sender.news.traffic.hours: "9-17" is not a window of hours: write when it opens and closes, such as "09:00-17:00"`},
		{`09:00-17:00`, `24:00-17:00`, `19:9: sender.news.traffic.hours: "24:00-17:00" is not a window of hours: write when it opens and closes, such as "09:00-17:00"`},
		{`09:00-17:00`, `09:00-09:00`, `19:9: sender.news.traffic.hours: "09:00-09:00" opens and closes at the same time: for the whole day write "00:00-24:00"`},
		{`Europe/Berlin`, `Europe/Berln`, `20:12: sender.news.traffic.timezone: "Europe/Berln" is not a time zone: write a name of the IANA database, such as "Europe/Berlin" (did you mean "Europe/Berlin"?)`},
		{`Europe/Berlin`, `europe/paris`, `20:12: sender.news.traffic.timezone: "europe/paris" is not a time zone: write a name of the IANA database, such as "Europe/Berlin" (did you mean "Europe/Paris"?)`},
		{`Europe/Berlin`, `Local`, `20:12: sender.news.traffic.timezone: "Local" is not a time zone: write a name of the IANA database, such as "Europe/Berlin"`},
		{`Europe/Berlin`, ``, `20:12: sender.news.traffic.timezone: "" is not a time zone: write a name of the IANA database, such as "Europe/Berlin"`},
		{"kind = \"diurnal\"\nrate = \"6/h\"", "kind = \"trace\"\nfile = \"x.csv\"", `18:1: sender.news.traffic.weekdays: this key does not fit kind = "trace"`},
	} {
		src := strings.Replace(office, c.old, c.new, 1)
		found := false
		var all []string
		for _, p := range problemsOf(t, src) {
			all = append(all, p.String())
			found = found || strings.TrimPrefix(p.String(), "x.toml:") == c.want
		}
		if !found {
			t.Errorf("%s: %s\nwant %s", c.new, strings.Join(all, "\n"), c.want)
		}
	}
}
