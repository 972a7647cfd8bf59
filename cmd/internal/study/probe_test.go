package study

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// TestProbeSubtractsItsCost measures decisions on a clock whose every reading
// takes 40 ns: what is left are the decisions.
func TestProbeSubtractsItsCost(t *testing.T) {
	const cost = 40
	var now time.Duration
	p := newProbe(func() time.Duration { now += cost; return now })
	if p.cost != cost || p.low != cost || p.high != cost {
		t.Fatalf("an empty pair takes %v (%v to %v), want %v", p.cost, p.low, p.high, cost)
	}
	for _, decision := range []time.Duration{0, 60, 100, 1000} {
		p.Start()
		now += decision
		p.Stop()
	}
	if p.times.Count() != 4 || p.times.Max() != 1000 || p.times.Mean() != 290 || p.below != 1 {
		t.Errorf("count %d, max %v, mean %v, below %d; want 4, 1000, 290, 1",
			p.times.Count(), p.times.Max(), p.times.Mean(), p.below)
	}
}

// TestProbeBelowResolution measures on a clock that moves in steps of 100 ns:
// what is shorter is not guessed.
func TestProbeBelowResolution(t *testing.T) {
	var now time.Duration
	readings := 0
	p := newProbe(func() time.Duration {
		readings++
		now += 30
		if readings%7 == 0 {
			now += 3
		}
		return now / 100 * 100
	})
	if p.resolution != 100 {
		t.Fatalf("resolution is %v, want 100ns", p.resolution)
	}
	p.record(p.cost + 99)
	p.record(p.cost - 1)
	p.record(p.cost + 100)
	if p.below != 2 || p.times.Count() != 3 || p.times.Max() != 100 || p.times.Min() != 0 {
		t.Errorf("below %d of %d, from %v to %v; want 2 of 3, from 0 to 100ns",
			p.below, p.times.Count(), p.times.Min(), p.times.Max())
	}
	if want := "The smallest step between two readings is 100ns; 2 of 3 times were below it"; !strings.Contains(p.note(), want) {
		t.Errorf("note is %q, want it to say %q", p.note(), want)
	}
}

// TestProbeOnThisClock calibrates on the machine's clock: a reading takes some
// time, and less than a millisecond.
func TestProbeOnThisClock(t *testing.T) {
	start := time.Now()
	p := newProbe(func() time.Duration { return time.Since(start) })
	if p.cost < 0 || p.cost > time.Millisecond || p.resolution <= 0 || p.low > p.cost || p.cost > p.high {
		t.Errorf("cost %v (%v to %v), resolution %v", p.cost, p.low, p.high, p.resolution)
	}
}

// TestProbeOnSlowClock calibrates on a clock that stands still for longer than
// the calibration takes.
func TestProbeOnSlowClock(t *testing.T) {
	readings := time.Duration(0)
	p := newProbe(func() time.Duration { readings++; return readings / 50_000 * time.Millisecond })
	if p.cost != 0 || p.resolution != time.Millisecond {
		t.Errorf("cost %v, resolution %v; want 0 and 1ms", p.cost, p.resolution)
	}
}

func TestSampleEvery(t *testing.T) {
	for _, c := range []struct{ admissions, timed, want int64 }{{0, 0, 0}, {63, 0, 0}, {6400, 100, 64}, {6463, 100, 65}, {64, 1, 64}} {
		var p probe
		if err := p.times.Record(1, c.timed); err != nil {
			t.Fatal(err)
		}
		if got := p.sampleEvery(c.admissions); got != c.want {
			t.Errorf("%d of %d: one in %d, want %d", c.timed, c.admissions, got, c.want)
		}
	}
}

func TestHighWaterMark(t *testing.T) {
	for status, want := range map[string]int64{
		"Name:\tsesim\nVmHWM:\t   12345 kB\nVmRSS:\t 1 kB\n": 12345 << 10,
		"Name:\tsesim\n": 0,
		"VmHWM:":         0,
		"NoVmHWM: 1 kB":  0,
		"VmHWM: x kB":    0,
		"VmHWM: 12 MB":   0,
	} {
		if got := statusField(status, "VmHWM"); got != want {
			t.Errorf("high-water mark of %q is %d, want %d", status, got, want)
		}
	}
}

// TestPeakMemory holds memory and sees the peak rise with it.
func TestPeakMemory(t *testing.T) {
	before := peakMemory()
	block := slices.Repeat([]byte{1}, 64<<20)
	if after := peakMemory(); before <= 0 || after < before || after < int64(len(block)) {
		t.Errorf("peak memory is %d, then %d with %d bytes held", before, after, len(block))
	}
}
