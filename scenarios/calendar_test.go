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

// varied has rates that change.
var varied = strings.Replace(office, "kind = \"diurnal\"\nrate = \"6/h\"", `kind = "ramp"
from = "20/d"
to = "900/d"
every = "1d"
factor = 1.4
profile = { weekday = [1, 1, 1, 1, 1, 0.5, 0.5] }`, 1) + `[[sender.peak]]
at = "3d"
for = "2d"
factor = 0.5
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

// A profile is scaled to a mean of one; a published one is what its source says.
func TestProfile(t *testing.T) {
	for _, c := range []struct {
		value         string
		monday, noon  uint64
		january, last uint64 // of the year
	}{
		{`"predictive-response-2013"`, 1_162_000, 1_000_000, 1_000_000, 1_000_000}, // 7 x 16.6%
		{`"coschedule-2017"`, 992_958, 1_000_000, 1_000_000, 1_000_000},            // 7 x 141 of 994
		{`"archive-2010"`, 1_000_000, 1_386_000, 1_000_000, 1_000_000},             // 6 x 23.1%
		{`"vertical-response-2015"`, 1_000_000, 1_000_000, 701_538, 1_507_692},     // 12 x 114 and 245 of 1950
		{`{ weekday = [2, 1, 1, 1, 1, 0.5, 0.5], hour = [0,0,0,0,0,0,0,0,0,0,0,0,7,0,0,0,0,0,0,0,0,0,0,0] }`, 2_000_000, 24_000_000, 1_000_000, 1_000_000},
		{`{ month = [1,0,0,0,0,0,0,0,0,0,0,2] }`, 1_000_000, 1_000_000, 4_000_000, 8_000_000},
	} {
		cfg, err := Load("x.toml", []byte(strings.Replace(office, `"Europe/Berlin"`, "\"Europe/Berlin\"\nprofile = "+c.value, 1)))
		if err != nil {
			t.Fatal(err)
		}
		p := cfg.Senders[0].Traffic.Calendar.Profile
		if p.Weekday[0] != c.monday || p.Hour[12] != c.noon || p.Month[0] != c.january || p.Month[11] != c.last {
			t.Errorf("%s: Monday %d, noon %d, January %d, December %d", c.value, p.Weekday[0], p.Hour[12], p.Month[0], p.Month[11])
		}
		if err := cfg.Senders[0].Traffic.Calendar.Check(); err != nil {
			t.Error(err)
		}
	}
}

// ramped is office with a ramp instead.
func ramped(t *testing.T, keys string) *sim.Traffic {
	t.Helper()
	cfg, err := Load("x.toml", []byte(strings.Replace(office, "kind = \"diurnal\"\nrate = \"6/h\"", "kind = \"ramp\"\n"+keys, 1)), set("sender.news.begin", "1d"))
	if err != nil {
		t.Fatal(err)
	}
	return &cfg.Senders[0].Traffic
}

// Ramps by factor, step and list have their rates, from the begin of the sender on, in
// local time: the run goes into daylight saving time. What is not before the horizon is
// left out.
func TestRamp(t *testing.T) {
	const h, d = time.Hour, unit.Day
	for _, c := range []struct {
		keys   string
		lowest int64
		want   []sim.Step
	}{
		{`from = "20/d"` + "\n" + `to = "50/d"` + "\nfactor = 1.4\n" + `every = "1d"`, 20, []sim.Step{
			{From: d, Times: 1_000_000}, {From: 2*d - h, Times: 1_400_000}, {From: 3*d - h, Times: 1_960_000}, {From: 4*d - h, Times: 2_500_000}}},
		{`from = "20/d"` + "\n" + `to = "50/d"` + "\n" + `step = "20/d"` + "\n" + `every = "36h"`, 20, []sim.Step{
			{From: d, Times: 1_000_000}, {From: d + 36*h, Times: 2_000_000}, {From: 4 * d, Times: 2_500_000}}},
		{`rates = ["50/d", "100/d", "10/d"]` + "\n" + `every = "4d"`, 10, []sim.Step{
			{From: d, Times: 5_000_000}, {From: 5*d - h, Times: 10_000_000}, {From: 9*d - h, Times: 1_000_000}}},
		{`rates = ["50/d", "100/d", "10/d"]` + "\n" + `every = "5d"`, 10, []sim.Step{{From: d, Times: 5_000_000}, {From: 6*d - h, Times: 10_000_000}}},
	} {
		got := ramped(t, c.keys)
		if diff := cmp.Diff(c.want, got.Calendar.Ramp); diff != "" || got.Kind != sim.Constant || got.Rate != (unit.Rate{N: c.lowest, Per: d}) {
			t.Errorf("%s: %v %v (-want +got):\n%s", c.keys, got.Kind, got.Rate, diff)
		}
	}
	for keys, want := range map[string][3]uint64{ // the first, the middle and the last step
		`from = "10/d"` + "\n" + `to = "30/d"` + "\n" + `over = "1000h"`: {1_001_000, 2_001_000, 3_000_000},
		`from = "30/d"` + "\n" + `to = "10/d"` + "\n" + `over = "1000h"`: {2_999_000, 1_999_000, 1_000_000},
	} {
		got := ramped(t, keys)
		list := got.Calendar.Ramp
		if len(list) != 1001 || list[0] != (sim.Step{From: d, Times: want[0]}) || list[500] != (sim.Step{From: d + 500*h, Times: want[1]}) ||
			list[1000] != (sim.Step{From: d + 1000*h, Times: want[2]}) || got.Rate.N != 10 {
			t.Errorf("%s: %v, %v, %v of %d steps from %v", keys, list[0], list[500], list[len(list)-1], len(list), got.Rate)
		}
	}
}

// Peaks are in order, and the rate is as before after each.
func TestPeaks(t *testing.T) {
	src := office + `[[sender.peak]]
at = "3d"
for = "2d"
factor = 0.5
[[sender.peak]]
at = 2026-03-28T08:00:00Z
for = "12h"
factor = 3
[[sender.peak]]
at = "5d"
for = "30d"
factor = 0
`
	const h, d = time.Hour, unit.Day
	want := []sim.Step{{From: d, Times: 3_000_000}, {From: d + 12*h, Times: 1_000_000}, {From: 3 * d, Times: 500_000}, {From: 5 * d}, {From: 35 * d, Times: 1_000_000}}
	cfg, err := Load("x.toml", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, cfg.Senders[0].Traffic.Calendar.Peaks); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	before, _, _ := strings.Cut(src, "weekdays")
	_, after, _ := strings.Cut(src, "Europe/Berlin\"\n")
	cfg, err = Load("x.toml", []byte(before+after))
	if err != nil {
		t.Fatal(err)
	}
	if c := cfg.Senders[0].Traffic.Calendar; !cmp.Equal(want, c.Peaks) || c.Close != d || c.Zone.Name != "UTC" {
		t.Errorf("without a calendar of its own: %+v", c)
	}
}

// What is wrong with a profile, a ramp or a peak is said where it stands.
func TestChangingRateProblems(t *testing.T) {
	const diurnal = "kind = \"diurnal\"\nrate = \"6/h\""
	last := `timezone = "Europe/Berlin"`
	for _, c := range []struct{ old, new, want string }{
		{last, `profile = "archive"`, `20:11: sender.news.traffic.profile: "archive" is not one of "archive-2010", "coschedule-2017", "predictive-response-2013", "vertical-response-2015" (did you mean "archive-2010"?)`},
		{last, `profile = { weekday = [1, 2] }`, `20:23: sender.news.traffic.profile.weekday: there are 2 numbers, and 7 are needed`},
		{last, `profile = { weekday = [0, 0, 0, 0, 0, 0, 0] }`, `20:23: sender.news.traffic.profile.weekday: all are 0: at least one must be more`},
		{last, `profile = { weekday = [0, 0, -1, 0, 0, 0, 1] }`, `20:30: sender.news.traffic.profile.weekday[2]: -1 is not a number from 0 to 1000 with at most three decimal places`},
		{last, `profile = { month = 3 }`, `20:21: sender.news.traffic.profile.month: 3 is not a list: write it between [ and ]`},
		{diurnal, `kind = "ramp"`, `15:1: sender.news.traffic: write the rates that the ramp goes from and to, or a list of rates`},
		{diurnal, "kind = \"ramp\"\nfrom = \"1/d\"\nto = \"9/d\"", `15:1: sender.news.traffic: write how the rate gets there: over, or every with either factor or step`},
		{diurnal, "kind = \"ramp\"\nfrom = \"1/d\"\nto = \"9/d\"\nevery = \"1d\"\nfactor = 2\nstep = \"1/d\"", `15:1: sender.news.traffic: write how the rate gets there: over, or every with either factor or step`},
		{diurnal, "kind = \"ramp\"\nfrom = \"1/d\"\nto = \"9/d\"\nover = \"1d\"\nfactor = 2", `20:1: sender.news.traffic.factor: this key does not go with over`},
		{diurnal, "kind = \"ramp\"\nfrom = \"9/d\"\nto = \"1/d\"\nevery = \"1d\"\nfactor = 2", `18:6: sender.news.traffic.to: 1/d is not more than from, 9/d: only a ramp with over or rates falls`},
		{diurnal, "kind = \"ramp\"\nfrom = \"1/d\"\nto = \"9/d\"\nevery = \"1d\"\nfactor = 1", `20:10: sender.news.traffic.factor: the rate stays the same: it must be more than 1`},
		{diurnal, "kind = \"ramp\"\nfrom = \"1/d\"\nto = \"9000/s\"\nover = \"1d\"", `15:1: sender.news.traffic: the highest rate is more than 1,000,000 times the lowest`},
		{diurnal, "kind = \"ramp\"\nfrom = \"1/d\"\nto = \"90000/d\"\nevery = \"1s\"\nstep = \"1/d\"", `19:9: sender.news.traffic.every: the ramp has more than 1000 steps`},
		{diurnal, "kind = \"ramp\"\nrates = []\nevery = \"1d\"", `17:9: sender.news.traffic.rates: there is no rate: name at least one, such as ["50/d"]`},
		{diurnal, "kind = \"ramp\"\nrates = [\"1/d\"]", `17:1: sender.news.traffic.rates: every is needed with it: how long each rate lasts, such as "1d"`},
		{diurnal, "kind = \"ramp\"\nrates = [\"1/d\"]\nto = \"2/d\"\nevery = \"1d\"", `18:1: sender.news.traffic.to: this key does not go with rates`},
		{diurnal, "kind = \"ramp\"\nrate = \"1/d\"", `17:1: sender.news.traffic.rate: this key does not fit kind = "ramp"`},
		{last, "[[sender.peak]]\nat = \"1d\"\nfor = \"1d\"\nfactor = 1001", `23:10: sender.news.peak[0].factor: 1001 is not a number from 0 to 1000 with at most three decimal places`},
		{last, "[[sender.peak]]\nat = \"10d\"\nfor = \"1d\"\nfactor = 1", `21:6: sender.news.peak[0].at: "10d" is not before the horizon, 10d`},
		{last, "[[sender.peak]]\nat = \"1d\"\nfactor = 1", `20:1: sender.news.peak[0]: the key for is missing`},
		{last, "[[sender.peak]]\nat = \"3d\"\nfor = \"1d\"\nfactor = 1\n[[sender.peak]]\nat = \"1d\"\nfor = \"49h\"\nfactor = 2", `20:1: sender.news.peak[0]: it begins before the peak at 1d ends, at 3d1h`},
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
	src := office + "[[action]]\nat = \"1d\"\ndo = \"set\"\nkey = \"sender.news.rate\"\nvalue = \"1/d\"\n"
	src = strings.Replace(src, diurnal, "kind = \"ramp\"\nrates = [\"1/d\"]\nevery = \"1d\"", 1)
	for _, p := range problemsOf(t, src) {
		if strings.HasSuffix(p.String(), "sender news sends at the rates of its ramp, and has no other") {
			return
		}
	}
	t.Error("the rate of a ramp can be set")
}
