package mailbox

import (
	"math"
	"testing"
	"time"

	"sesim/sim/unit"
)

// Sizes by a rate are exact, at full hours; those by a share are the compound interest,
// rounded down, to within one in a hundred thousand.
func TestSizesOfGrowth(t *testing.T) {
	rate := Growth{Rate: unit.Rate{N: 40, Per: day}, Limit: 1100}
	for at, want := range map[time.Duration]int64{
		0: 1000, time.Hour - 1: 1000, time.Hour: 1001, 3 * time.Hour: 1005, 23 * time.Hour: 1038, day: 1040, 2*day + time.Minute: 1080, 3 * day: 1100, 900 * day: 1100,
	} {
		if got := rate.At(1000, at); got != want {
			t.Errorf("%d addresses after %v, want %d", got, at, want)
		}
	}
	if n := (&Growth{}).At(7, day); n != 7 {
		t.Errorf("%d addresses without growth", n)
	}
	share := Growth{Share: 25 * unit.Percent / 10, Per: 30 * day, Limit: 1 << 30}
	for _, months := range []int64{1, 2, 12, 120} {
		want := 1e6 * math.Pow(1.025, float64(months))
		if got := float64(share.At(1e6, time.Duration(months)*30*day)); math.Abs(got-want) > want*1e-5+1 {
			t.Errorf("%.0f addresses after %d months, want %.0f", got, months, want)
		}
	}
	if n := share.At(1e6, 100*365*day); n != 1<<30 {
		t.Errorf("%d addresses after a century, want the limit", n)
	}
}

// Each address joins at the first full hour at which it is one of the audience, whatever the
// rate, and one that never does so joins after the end.
func TestJoined(t *testing.T) {
	for _, growth := range []Growth{
		{Rate: unit.Rate{N: 40, Per: day}, Limit: 1500},
		{Rate: unit.Rate{N: 7, Per: 90 * time.Minute}, Limit: 1500},
		{Rate: unit.Rate{N: 1, Per: time.Hour}, Limit: 1500},
		{Rate: unit.Rate{N: 1, Per: unit.MaxDuration}, Limit: 1500},
		{Share: 5 * unit.Percent, Per: day, Limit: 1500},
	} {
		a := New(Spec{Name: "a", Size: 1000, Growth: growth, Until: 12 * day}, 3, make([]uint8, 1500))
		for n := range uint32(1500) {
			at := a.joined(n)
			switch {
			case at%step != 0:
				t.Fatalf("%+v: address %d joins after %v", growth, n, at)
			case at > a.spec.Until:
				if growth.At(1000, a.spec.Until) > int64(n) {
					t.Fatalf("%+v: address %d joins after %v only", growth, n, at)
				}
			case growth.At(1000, at) <= int64(n) || at > 0 && growth.At(1000, at-step) > int64(n):
				t.Fatalf("%+v: address %d joins after %v", growth, n, at)
			}
		}
	}
}

// New addresses exist with the audience's shares and decay from the hour on at which they
// join, within four deviations; those of the start are what they are without growth.
func TestNewAddresses(t *testing.T) {
	const size = 100_000
	spec := Spec{Name: "a", Size: size, Invalid: 30 * unit.Percent, Decay: 50 * unit.Percent, DecayPer: 10 * day, Until: 40 * day}
	old := New(spec, 3, make([]uint8, size))
	spec.Growth = Growth{Rate: unit.Rate{N: size, Per: 10 * day}, Limit: 3 * size}
	most := spec.Growth.At(size, spec.Until)
	a := New(spec, 3, make([]uint8, most))
	near := func(from, to int64, p float64) {
		t.Helper()
		n := 0
		for i := from; i < to; i++ {
			if a.Exists(uint32(i)) {
				n++
			}
		}
		want, deviation := p*float64(to-from), math.Sqrt(p*(1-p)*float64(to-from))
		if math.Abs(float64(n)-want) > 4*deviation {
			t.Errorf("%d of the addresses from %d to %d exist, want %.0f", n, from, to, want)
		}
	}
	for _, days := range []int{0, 10, 20, 30, 40} {
		at := time.Duration(days) * day
		old.Advance(at)
		a.Advance(at)
		for n := range uint32(size) {
			if a.Exists(n) != old.Exists(n) {
				t.Fatalf("after %d days growth changes address %d", days, n)
			}
		}
		if want := min(size+int64(days)*size/10, 3*size); a.Size() != want {
			t.Errorf("%d addresses after %d days, want %d", a.Size(), days, want)
		}
	}
	// The second hundred thousand joined from the first hour to the tenth day: 30 to 40
	// days ago.
	alive := 0.0
	for hour := 1; hour <= 240; hour++ {
		alive += math.Exp2(-float64(960-hour)/240) / 240
	}
	near(size, 2*size, 0.7*alive)
	fresh := New(spec, 4, make([]uint8, most))
	fresh.Advance(10 * day)
	a = fresh
	near(2*size-size/240, 2*size, 0.7) // who joined in the last hour
}

// Of the addresses of the start, and of those that join, what has left follows the rate
// from when each joined, within four deviations. Nobody leaves twice, nor before joining,
// and all addresses that leave go on to exist.
func TestChurnFollowsItsRate(t *testing.T) {
	const size = 100_000
	spec := Spec{
		Name: "a", Size: size, Churn: 20 * unit.Percent, ChurnPer: 30 * day, Until: 90 * day,
		Growth: Growth{Rate: unit.Rate{N: size, Per: 30 * day}, Limit: 2 * size},
	}
	a := New(spec, 3, make([]uint8, 2*size))
	gone := make([]bool, 2*size)
	for at := step; at <= spec.Until; at += step {
		a.Advance(at)
		for n := range a.Left() {
			if gone[n] || int64(n) >= a.Size() || a.joined(n) >= at {
				t.Fatalf("after %v address %d leaves, which has left: %v", at, n, gone[n])
			}
			gone[n] = true
		}
	}
	for i, p := range []float64{1 - math.Pow(0.8, 3), 0} {
		for hour := 1; i == 1 && hour <= 720; hour++ {
			p += (1 - math.Pow(0.8, float64(90*24-hour)/720)) / 720
		}
		n := 0
		for _, left := range gone[i*size : (i+1)*size] {
			if left {
				n++
			}
		}
		if want, deviation := p*size, math.Sqrt(p*(1-p)*size); math.Abs(float64(n)-want) > 4*deviation {
			t.Errorf("%d of the addresses from %d on have left, want %.0f", n, i*size, want)
		}
	}
	if n := count(a, 2*size, a.Exists); n != 2*size {
		t.Errorf("%d exist after the departures, want all", n)
	}
	spec.Churn, spec.ChurnPer = 1, 1<<62
	for range New(spec, 3, make([]uint8, 2*size)).Left() {
		t.Error("somebody left at the start")
	}
}
