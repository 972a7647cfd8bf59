package sender_test

import (
	"math"
	"slices"
	"testing"
	"time"

	"sesim/sim/sender"
	"sesim/sim/unit"
)

// TestDiurnal counts arrivals by the hour of the day over many days: as many
// as the mean rate says in all, and in each hour what the cosine gives.
func TestDiurnal(t *testing.T) {
	const days, perHour = 400, 60
	for _, c := range []struct {
		peak  time.Duration
		depth unit.Share
	}{{14 * time.Hour, 80 * unit.Percent}, {2 * time.Hour, unit.Whole}, {0, 0}} {
		a := sender.NewDiurnal(unit.Rate{N: perHour, Per: time.Hour}, c.peak, c.depth, 0, days*day, key("diurnal"))
		var count [24]float64
		total := 0.0
		before := time.Duration(-1)
		for ; a.Next() != never; a.Advance(false) {
			if a.Next() <= before || a.Next() >= days*day {
				t.Fatalf("an arrival at %v after one at %v", a.Next(), before)
			}
			before = a.Next()
			count[before%day/time.Hour]++
			total++
		}
		if want := float64(days * 24 * perHour); math.Abs(total-want) > 4.5*math.Sqrt(want)+0.001*want {
			t.Errorf("depth %v: %.0f arrivals, want %.0f", c.depth, total, want)
		}
		for hour, got := range count {
			// The mean of the cosine over the hour.
			w := 2 * math.Pi / 24
			from := float64(hour) - c.peak.Hours()
			wave := (math.Sin(w*(from+1)) - math.Sin(w*from)) / w
			want := days * perHour * (1 + c.depth.Float()*wave)
			if math.Abs(got-want) > 4.5*math.Sqrt(want)+0.002*days*perHour {
				t.Errorf("peak %v, depth %v: %.0f arrivals in hour %d, want %.0f", c.peak, c.depth, got, hour, want)
			}
		}
	}
}

// TestDiurnalEnds checks a sender whose time is over before its first
// message.
func TestDiurnalEnds(t *testing.T) {
	a := sender.NewDiurnal(unit.Rate{N: 1, Per: year}, 0, unit.Whole, time.Hour, time.Hour, key("diurnal"))
	if a.Next() != never {
		t.Errorf("a message is due at %v", a.Next())
	}
}

// TestTrace checks that a trace is due when its caller says so, and not at
// its end.
func TestTrace(t *testing.T) {
	a := sender.NewTrace(time.Hour)
	if a.Next() != never {
		t.Errorf("before anything is said a message is due at %v", a.Next())
	}
	var due []time.Duration
	for _, at := range []time.Duration{0, time.Minute, time.Minute, time.Hour - 1, time.Hour} {
		a.Set(at)
		due = append(due, a.Next())
		a.Advance(false)
		if a.Next() != never {
			t.Errorf("after the message at %v one is due at %v", at, a.Next())
		}
	}
	if want := []time.Duration{0, time.Minute, time.Minute, time.Hour - 1, never}; !slices.Equal(due, want) {
		t.Errorf("due at %v, want %v", due, want)
	}
}
