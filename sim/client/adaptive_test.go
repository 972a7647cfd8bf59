package client

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sesim/sim/proptest"
)

// inFloat is adaptive mode as the SDKs compute it, in floating point and seconds.
type inFloat struct {
	on                                      bool
	fill, measured, level, capacity, filled float64
	count, bin, most, failed                float64
}

func (a *inFloat) refill(now float64) {
	a.level = math.Min(a.level+(now-a.filled)*a.fill, a.capacity)
	a.filled = now
}

func (a *inFloat) answer(now float64, throttled bool) {
	a.count++
	if bin := math.Floor(2*now) / 2; bin > a.bin {
		a.measured = 0.8*a.count/(bin-a.bin) + 0.2*a.measured
		a.count, a.bin = 0, bin
	}
	var rate float64
	if throttled {
		a.most = a.measured
		if a.on {
			a.most = math.Min(a.measured, a.fill)
		}
		a.on, a.failed = true, now
		rate = 0.7 * a.most
	} else {
		rate = 0.4*math.Pow(now-a.failed-math.Cbrt(0.75*a.most), 3) + a.most
	}
	rate = math.Min(rate, 2*a.measured)
	a.refill(now)
	a.fill, a.capacity = math.Max(rate, 0.5), math.Max(rate, 1)
	a.level = math.Min(a.level, a.capacity)
}

// TestAdaptiveFollowsTheSDKs compares adaptive mode with its floating-point twin on
// random answers.
func TestAdaptiveFollowsTheSDKs(t *testing.T) {
	proptest.Check(t, func(t *rapid.T) {
		d := proptest.Draws{T: t}
		a := newAdaptive(0)
		f := inFloat{capacity: 1}
		now := time.Duration(0)
		gap := d.Int("mean gap in ms", 1, 400)
		for range 300 {
			now += time.Duration(d.Int("gap in µs", 0, 2000*gap)) * time.Microsecond
			throttled := d.Int("throttled", 0, 9) == 0
			a.answer(now, throttled)
			f.answer(now.Seconds(), throttled)
			if at := a.earliest(now); a.on && at > now {
				f.refill(now.Seconds())
				want := now.Seconds() + (1-f.level)/f.fill
				if math.Abs(at.Seconds()-want) > 1e-4*(1+want) {
					t.Fatalf("at %v: a token at %v, want %.9f s", now, at, want)
				}
			} else if d.Int("take", 0, 1) == 1 {
				a.take(now)
				f.refill(now.Seconds())
				if f.on {
					f.level--
				}
			}
			for name, pair := range map[string][2]float64{
				"fill": {float64(a.fill) / Million, f.fill}, "measured": {float64(a.measured) / Million, f.measured},
				"capacity": {float64(a.capacity) / token, f.capacity}, "level": {float64(a.level) / token, f.level},
			} {
				if math.Abs(pair[0]-pair[1]) > 1e-4*(1+math.Abs(pair[1])) {
					t.Fatalf("at %v: %s %.9f, want %.9f", now, name, pair[0], pair[1])
				}
			}
		}
	})
}

// TestCubic: at the end of its window CUBIC is back at the rate of the throttle, and at
// its begin at 0.7 of it.
func TestCubic(t *testing.T) {
	for _, rate := range []int64{Million, 14 * Million, 1000 * Million, 100_000 * Million} {
		k := cubicWindow(rate)
		want := math.Cbrt(0.75 * float64(rate) / Million)
		if math.Abs(k.Seconds()-want) > 1e-6*want {
			t.Errorf("rate %d: window %v, want %.9f s", rate, k, want)
		}
		if got := cubic(0, rate); got != rate {
			t.Errorf("rate %d: %d at the end of the window", rate, got)
		}
		if got := float64(cubic(-k, rate)); math.Abs(got-0.7*float64(rate)) > 1e-5*float64(rate) {
			t.Errorf("rate %d: %.0f at the throttle", rate, got)
		}
	}
	if got := cubic(longest*100, 0); got != cubic(longest, 0) || got < maxNumber*Million {
		t.Errorf("a long time after a throttle the rate is %d", got)
	}
}
