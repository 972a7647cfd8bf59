package sender_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sesim/sim/proptest"
	"sesim/sim/sender"
	"sesim/sim/unit"
)

// everyDay is open on all days.
var everyDay = [7]bool{true, true, true, true, true, true, true}

// monday is a calendar that is always open, in a run that starts on a Monday at
// midnight UTC.
func monday() *sender.Calendar {
	return &sender.Calendar{Day: 4, Weekdays: everyDay, Close: day, Zone: sender.Zone{Offsets: []sender.Offset{{}}}}
}

// only is open on one day.
func only(weekday int) (days [7]bool) {
	days[weekday] = true
	return days
}

// follow returns arrivals that follow a calendar.
func follow(kind sender.Kind, rate unit.Rate, every, begin, end time.Duration, c *sender.Calendar) *sender.Arrivals {
	a := sender.NewArrivals(kind, rate, every, begin, end, key("calendar"))
	a.Follow(c, begin, key("calendar"))
	return &a
}

// TestOfficeHours counts the arrivals of a week by hand: one an hour from nine to five,
// eight a day, on five days. Operating time stands still at night, so that the one that
// would be due at five comes at nine the next day.
func TestOfficeHours(t *testing.T) {
	c := monday()
	c.Open, c.Close = 9*time.Hour, 17*time.Hour
	c.Weekdays[5], c.Weekdays[6] = false, false
	var want []time.Duration
	for _, d := range []time.Duration{0, 1, 2, 3, 4, 7} {
		for h := range time.Duration(8) {
			want = append(want, d*day+(9+h)*time.Hour)
		}
	}
	a := follow(sender.Constant, unit.Rate{N: 1, Per: time.Hour}, 0, 0, 8*day, c)
	if got := collect(a, 100, nil); !slices.Equal(got, want) {
		t.Errorf("due at %v, want %v", got, want)
	}
	// From Saturday noon on, the first is due on Monday at nine.
	a = follow(sender.Constant, unit.Rate{N: 1, Per: time.Hour}, 0, 5*day+12*time.Hour, 8*day, c)
	if got := collect(a, 100, nil); !slices.Equal(got, want[40:]) {
		t.Errorf("from Saturday on due at %v, want %v", got, want[40:])
	}
	// Three in eight hours do not divide the day: the spacing goes on the next morning.
	a = follow(sender.Constant, unit.Rate{N: 3, Per: 16 * time.Hour}, 0, 0, 2*day, c)
	const third = 16 * time.Hour / 3
	if got := collect(a, 100, nil); !slices.Equal(got, []time.Duration{
		9 * time.Hour, 9*time.Hour + third, day + 9*time.Hour + 2*third - 8*time.Hour,
	}) {
		t.Errorf("at 3 in 16 h due at %v", got)
	}
}

// TestOverMidnight has a window that belongs to the day on which it opens.
func TestOverMidnight(t *testing.T) {
	c := monday()
	c.Open, c.Close = 22*time.Hour, 30*time.Hour
	c.Weekdays = [7]bool{4: true} // Friday
	a := follow(sender.Constant, unit.Rate{N: 1, Per: time.Hour}, 0, 0, 2*7*day, c)
	got := collect(a, 100, nil)
	if len(got) != 16 || got[0] != 4*day+22*time.Hour || got[7] != 5*day+5*time.Hour || got[8] != 11*day+22*time.Hour {
		t.Errorf("due at %v", got)
	}
	a = follow(sender.Constant, unit.Rate{N: 1, Per: time.Hour}, 0, 5*day+3*time.Hour+1, 7*day, c)
	if got := collect(a, 100, nil); !slices.Equal(got, []time.Duration{5*day + 3*time.Hour + 1, 5*day + 4*time.Hour + 1, 5*day + 5*time.Hour + 1}) {
		t.Errorf("from early Saturday on due at %v", got)
	}
}

// springAndAutumn returns a calendar in a zone an hour ahead of UTC, two hours from
// Tuesday 1:00 UTC to Thursday 1:00 UTC: Tuesday has 23 hours, Thursday 25.
func springAndAutumn() *sender.Calendar {
	c := monday()
	c.Zone.Offsets = []sender.Offset{{East: time.Hour}, {From: day + time.Hour, East: 2 * time.Hour}, {From: 3*day + time.Hour, East: time.Hour}}
	return c
}

// TestDaysOf23And25Hours counts constant arrivals, one an hour, on the days on which
// clocks change, in windows before, in, over and after the hour that is skipped or
// occurs twice.
func TestDaysOf23And25Hours(t *testing.T) {
	const h = time.Hour
	for _, c := range []struct {
		name        string
		open, close time.Duration
		tuesday     []time.Duration // moments in UTC, from Monday midnight
		thursday    []time.Duration
	}{
		{"the hour skipped or repeated", 2 * h, 3 * h, nil, []time.Duration{3*day + 0*h, 3*day + 1*h}},
		{"from within it", 2*h + 30*time.Minute, 5 * h, []time.Duration{day + 1*h, day + 2*h},
			[]time.Duration{3*day + h/2, 3*day + 3*h/2, 3*day + 5*h/2, 3*day + 7*h/2}},
		{"until within it", h, 2*h + 30*time.Minute, []time.Duration{day + 0*h}, []time.Duration{2*day + 23*h, 3*day + 0*h}},
		{"over it", h, 4 * h, []time.Duration{day + 0*h, day + 1*h}, []time.Duration{2*day + 23*h, 3*day + 0*h, 3*day + 1*h, 3*day + 2*h}},
		{"after it", 12 * h, 13 * h, []time.Duration{day + 10*h}, []time.Duration{3*day + 11*h}},
	} {
		for weekday, want := range map[int][]time.Duration{1: c.tuesday, 3: c.thursday} {
			x := springAndAutumn()
			x.Weekdays, x.Open, x.Close = only(weekday), c.open, c.close
			a := follow(sender.Constant, unit.Rate{N: 1, Per: h}, 0, 0, 7*day, x)
			if got := collect(a, 100, nil); !slices.Equal(got, want) {
				t.Errorf("%s on day %d: due at %v, want %v", c.name, weekday, got, want)
			}
		}
	}
	for weekday, want := range map[int]int{1: 23, 2: 24, 3: 25, 4: 24} {
		x := springAndAutumn()
		x.Weekdays = only(weekday)
		a := follow(sender.Constant, unit.Rate{N: 1, Per: h}, 0, 0, 7*day-h, x)
		if got := collect(a, 100, nil); len(got) != want {
			t.Errorf("day %d has %d hours, want %d", weekday, len(got), want)
		}
	}
}

// TestCampaignsKeepLocalTime has campaigns at half past two, a time that Tuesday skips
// and Thursday has twice; at eight; and each 36 hours, which is no number of days.
func TestCampaignsKeepLocalTime(t *testing.T) {
	const h, half = time.Hour, 30 * time.Minute
	for _, c := range []struct {
		begin, every time.Duration
		want         []time.Duration
	}{
		{h + half, day, []time.Duration{h + half, day + h, 2*day + half, 3*day + half, 4*day + h + half}},
		{7 * h, day, []time.Duration{7 * h, day + 6*h, 2*day + 6*h, 3*day + 7*h, 4*day + 7*h}},
		{7 * h, 36 * h, []time.Duration{7 * h, 43 * h, 79 * h, 115 * h}},
	} {
		a := follow(sender.Campaign, perSecond(1), c.every, c.begin, 5*day, springAndAutumn())
		if got := collect(a, 100, func(int) bool { return true }); !slices.Equal(got, c.want) {
			t.Errorf("every %v from %v: due at %v, want %v", c.every, c.begin, got, c.want)
		}
	}
}

// TestCampaignWaitsForItsHours has campaigns of three messages, one an hour, from four in
// the afternoon on, in office hours: one is due today, two tomorrow.
func TestCampaignWaitsForItsHours(t *testing.T) {
	const h = time.Hour
	c := monday()
	c.Open, c.Close = 9*h, 17*h
	c.Weekdays[5], c.Weekdays[6] = false, false
	a := follow(sender.Campaign, unit.Rate{N: 1, Per: h}, 4*day, 16*h, 10*day, c)
	want := []time.Duration{16 * h, day + 9*h, day + 10*h, 4*day + 16*h, 7*day + 9*h, 7*day + 10*h, 8*day + 16*h, 9*day + 9*h, 9*day + 10*h}
	if got := collect(a, 100, func(i int) bool { return i%3 == 2 }); !slices.Equal(got, want) {
		t.Errorf("due at %v, want %v", got, want)
	}
	c.Weekdays[4] = false // Friday too: the second begins on Monday
	a = follow(sender.Campaign, unit.Rate{N: 1, Per: h}, 4*day, 16*h, 8*day, c)
	want = []time.Duration{16 * h, day + 9*h, day + 10*h, 7*day + 9*h, 7*day + 10*h, 7*day + 11*h}
	if got := collect(a, 100, func(i int) bool { return i%3 == 2 }); !slices.Equal(got, want) {
		t.Errorf("without Fridays due at %v, want %v", got, want)
	}
}

// TestAlwaysOpen compares arrivals that follow a calendar which never closes, cut into
// days or not, with arrivals without one: each must be due at the same nanosecond, past
// changes of the rate too.
func TestAlwaysOpen(t *testing.T) {
	proptest.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom([]sender.Kind{sender.Constant, sender.Poisson, sender.Diurnal, sender.Campaign}).Draw(t, "kind")
		rate := unit.Rate{N: rapid.Int64Range(1, 1000).Draw(t, "n"), Per: rapid.SampledFrom([]time.Duration{time.Minute, time.Hour, 7 * day}).Draw(t, "per")}
		begin := time.Duration(rapid.Int64Range(0, int64(3*day)).Draw(t, "begin"))
		every := time.Duration(rapid.Int64Range(0, int64(3*day)).Draw(t, "every"))
		c := monday()
		c.Day, c.Clock = rapid.Int64Range(0, 80_000).Draw(t, "day"), time.Duration(rapid.Int64Range(0, int64(day-1)).Draw(t, "clock"))
		if rapid.Bool().Draw(t, "noon to noon") {
			c.Open, c.Close = 12*time.Hour, 36*time.Hour
		}
		made := func() *sender.Arrivals {
			if kind == sender.Diurnal {
				a := sender.NewDiurnal(rate, 5*time.Hour, unit.Whole/2, begin, 9*day, key("calendar"))
				return &a
			}
			a := sender.NewArrivals(kind, rate, every, begin, 9*day, key("calendar"))
			return &a
		}
		plain, timed := made(), made()
		timed.Follow(c, begin, key("calendar"))
		for i := 0; plain.Next() != never && i < 500; i++ {
			if timed.Next() != plain.Next() {
				t.Fatalf("message %d is due at %v, without a calendar at %v", i, timed.Next(), plain.Next())
			}
			if i%100 == 42 {
				timed.SetRate(perSecond(1))
				plain.SetRate(perSecond(1))
			}
			timed.Advance(i%30 == 29)
			plain.Advance(i%30 == 29)
		}
	})
}

// TestPoissonInOfficeHours checks the number of arrivals of ten years in a window, their
// mean gap in operating time, and that none lies outside.
func TestPoissonInOfficeHours(t *testing.T) {
	c := monday()
	c.Open, c.Close = 9*time.Hour, 17*time.Hour
	a := follow(sender.Poisson, unit.Rate{N: 10, Per: time.Hour}, 0, 0, 3650*day, c)
	due := collect(a, 1<<30, nil)
	const want, deviation = 3650 * 80, 540 // 540: the root
	if n := len(due); n < want-4*deviation || n > want+4*deviation {
		t.Errorf("%d arrivals in ten years, want %d", n, want)
	}
	for _, at := range due {
		if clock := at % day; clock < c.Open || clock >= c.Close {
			t.Fatalf("an arrival at %v", at)
		}
	}
}

// TestDiurnalPeakIsLocal finds the hour with the most arrivals of diurnal traffic whose
// peak is at 14:00, in a zone ten hours behind UTC.
func TestDiurnalPeakIsLocal(t *testing.T) {
	c := monday()
	c.Zone.Offsets[0].East = -10 * time.Hour
	a := sender.NewDiurnal(perSecond(1), 14*time.Hour, 80*unit.Percent, 0, 30*day, key("diurnal"))
	a.Follow(c, 0, key("diurnal"))
	var hours [24]int
	for _, at := range collect(&a, 1<<30, nil) {
		hours[(at%day+day-30*time.Minute)%day/time.Hour]++ // an hour about each whole one less a half
	}
	if most := slices.Index(hours[:], slices.Max(hours[:])); most != 23 { // 23:30 to 0:30 UTC is 13:30 to 14:30
		t.Errorf("the peak is after half past %d UTC: %v", most, hours)
	}
}

// even is a profile that does not change the rate.
func even() *sender.Profile {
	p := &sender.Profile{}
	for _, list := range [][]uint64{p.Weekday[:], p.Hour[:], p.Month[:]} {
		for i := range list {
			list[i] = 1_000_000
		}
	}
	return p
}

// TestRates counts constant arrivals of a fortnight, 24 a day, by hour, day and month,
// where the rate is multiplied. The run begins on Monday, 1970-01-26; clocks are an hour
// ahead and set back at 3:00 of the first Sunday, in a zone half an hour off.
func TestRates(t *testing.T) {
	c := monday()
	c.Day = 25
	c.Zone.Offsets = []sender.Offset{{East: 90 * time.Minute}, {From: 6*day + 90*time.Minute, East: 30 * time.Minute}}
	c.Profile = even()
	c.Profile.Hour[2], c.Profile.Hour[12] = 0, 2_000_000
	c.Profile.Weekday[2], c.Profile.Weekday[6] = 3_000_000, 500_000
	c.Profile.Month[1] = 2_000_000
	c.Peaks = []sender.Step{{From: 7 * day, Times: 4_000_000}, {From: 8 * day, Times: 1_000_000}}
	c.Ramp = []sender.Step{{From: 0, Times: 1_000_000}, {From: 9 * day, Times: 10_000_000}}
	for _, want := range []struct {
		at    time.Duration
		rate  uint64
		until time.Duration
	}{
		{0, 1_000_000, 30 * time.Minute},                                         // Monday 1:30
		{31 * time.Minute, 0, 90 * time.Minute},                                  // 2:01
		{2*day + 11*time.Hour, 6_000_000, 2*day + 11*time.Hour + 30*time.Minute}, // Wednesday 12:30
		{5*day + 22*time.Hour + 29*time.Minute, 1_000_000, 5*day + 22*time.Hour + 30*time.Minute},
		{5*day + 22*time.Hour + 30*time.Minute, 1_000_000, 5*day + 23*time.Hour + 30*time.Minute}, // Sunday, February 1
		{6*day + 30*time.Minute, 0, 6*day + 90*time.Minute},                                       // 2:00 for the first time
		{6*day + 90*time.Minute, 0, 6*day + 150*time.Minute},                                      // and for the second
		{6*day + 150*time.Minute, 1_000_000, 6*day + 210*time.Minute},                             // 3:00
		{7 * day, 8_000_000, 7*day + 30*time.Minute},                                              // the peak, in February
		{9 * day, 60_000_000, 9*day + 30*time.Minute},                                             // Wednesday, on top of the ramp
	} {
		if rate, until := c.Rate(want.at); rate != want.rate || until != want.until {
			t.Errorf("at %v: %d millionths until %v, want %d until %v", want.at, rate, until, want.rate, want.until)
		}
	}
	if most := c.Highest(); most != 3*2*2*4*10*1_000_000 {
		t.Errorf("the rate is never multiplied by more than %d millionths", most)
	}
	a := follow(sender.Constant, unit.Rate{N: 1, Per: time.Hour}, 0, 2*day, 3*day, c)
	const want = 3*(22.5-1+1) + 1.5 // up to 1:30 on Thursday; one hour has none, and one twice as many
	if n := len(collect(a, 1000, nil)); n != want {
		t.Errorf("%d arrivals on Wednesday, want %v", n, want)
	}
}

// TestPeakOfACampaign doubles the pace of a campaign from its second hour on, stops it in
// the fourth and goes on at half the pace.
func TestPeakOfACampaign(t *testing.T) {
	const h, m = time.Hour, time.Minute
	c := monday()
	c.Peaks = []sender.Step{{From: h, Times: 2_000_000}, {From: 2 * h, Times: 0}, {From: 3 * h, Times: 500_000}}
	a := follow(sender.Campaign, unit.Rate{N: 2, Per: h}, 0, 0, day, c)
	want := []time.Duration{0, 30 * m, 60 * m, 75 * m, 90 * m, 105 * m, 180 * m, 240 * m, 300 * m}
	if got := collect(a, 9, nil); !slices.Equal(got, want) {
		t.Errorf("due at %v, want %v", got, want)
	}
}

// TestCalendarCheck refuses calendars that no traffic can follow.
func TestCalendarCheck(t *testing.T) {
	if err := springAndAutumn().Check(); err != nil {
		t.Error(err)
	}
	for name, spoil := range map[string]func(c *sender.Calendar){
		"no day":                   func(c *sender.Calendar) { c.Weekdays = [7]bool{} },
		"an empty window":          func(c *sender.Calendar) { c.Close = c.Open },
		"a window of 25 hours":     func(c *sender.Calendar) { c.Close = 25 * time.Hour },
		"an opening on no day":     func(c *sender.Calendar) { c.Open, c.Close = day, day+time.Hour },
		"a clock of no day":        func(c *sender.Calendar) { c.Clock = day },
		"no offset":                func(c *sender.Calendar) { c.Zone.Offsets = nil },
		"a peak of 1001":           func(c *sender.Calendar) { c.Peaks = []sender.Step{{Times: sender.MaxPeak + 1}} },
		"a ramp beyond all":        func(c *sender.Calendar) { c.Ramp = []sender.Step{{Times: sender.MaxRamp + 1}} },
		"steps of another order":   func(c *sender.Calendar) { c.Ramp = []sender.Step{{From: 1}, {From: 1}} },
		"a profile of nothing":     func(c *sender.Calendar) { c.Profile = even(); clear(c.Profile.Month[:]) },
		"an hour of 25":            func(c *sender.Calendar) { c.Profile = even(); c.Profile.Hour[3] = 24_000_001 },
		"offsets of another order": func(c *sender.Calendar) { slices.Reverse(c.Zone.Offsets) },
	} {
		c := springAndAutumn()
		if spoil(c); !errors.Is(c.Check(), sender.ErrCalendar) {
			t.Errorf("%s: %v", name, c.Check())
		}
	}
}
