package rng

import (
	"math"
	"math/bits"
	"testing"
	"time"

	"sesim/sim/fixed"
	"sesim/sim/unit"
)

func TestStreamsAreApart(t *testing.T) {
	keys := map[Key]string{}
	for _, name := range []string{"a", "b", "ab", ""} {
		for _, purpose := range []string{"arrival", "pick", ""} {
			for seed := range uint64(3) {
				k := Derive(seed, "sender", name, purpose)
				if other, taken := keys[k]; taken {
					t.Errorf("%s/%s/%d has the stream of %s", name, purpose, seed, other)
				}
				keys[k] = name + "/" + purpose
			}
		}
	}
	if Derive(1, "sender", "ab", "c") == Derive(1, "sender", "a", "bc") {
		t.Error("the boundary between name and purpose does not matter")
	}
}

func TestBelowIsUniform(t *testing.T) {
	s := Derive(1, "test", "", "below").Stream()
	const n, cells = 600_000, 60
	var count [cells]int
	for range n {
		count[s.Below(cells)]++
	}
	chi := 0.0
	for _, c := range count {
		d := float64(c) - n/cells
		chi += d * d / (n / cells)
	}
	if chi > 99.6 { // 99.93 % quantile at 59 degrees of freedom
		t.Errorf("chi-square %.1f over %d cells", chi, cells)
	}
}

func TestGapHasTheMeanOfTheRate(t *testing.T) {
	for _, r := range []unit.Rate{{N: 14, Per: time.Second}, {N: 60, Per: time.Hour}, {N: 1, Per: 1000 * 7 * 24 * time.Hour}, {N: 1_000_000, Per: time.Second}, {N: 500, Per: 1000 * time.Second}} {
		s, mean := Derive(1, "test", r.String(), "gap").Stream(), MeanOf(r)
		const n = 400_000
		sum := 0.0
		for range n {
			sum += float64(s.Gap(mean))
		}
		want := float64(r.Per) / float64(r.N)
		if got := sum / n; math.Abs(got-want) > 4*want/math.Sqrt(n)+0.01 {
			t.Errorf("%v: mean gap %.1f ns, want %.1f", r, got, want)
		}
	}
}

func TestZipfWeights(t *testing.T) {
	const limit, n = 1000, 400_000
	s := Derive(1, "test", "", "zipf").Stream()
	var count [limit + 1]int
	for range n {
		count[s.Zipf(limit)]++
	}
	h := 0.0
	for k := 1; k <= limit; k++ {
		h += 1 / float64(k)
	}
	for _, k := range []int{1, 2, 3, 10, 100, 1000} {
		p := 1 / float64(k) / h
		sd := math.Sqrt(n * p * (1 - p))
		if d := math.Abs(float64(count[k]) - n*p); d > 4.5*sd {
			t.Errorf("address %d was picked %d times, want %.0f ± %.0f", k, count[k], n*p, sd)
		}
	}
	for range 1000 {
		if k := s.Zipf(1 << 30); k < 1 || k > 1<<30 {
			t.Fatalf("picked %d", k)
		}
	}
}

// TestZipfBounds looks at the ratios next to which Zipf does not look: of all small n,
// and of others up to 2^30.
func TestZipfBounds(t *testing.T) {
	check := func(n uint64) {
		t.Helper()
		ratio := zipfRatio(n)
		if ratio <= zipfAlways || n >= zipfSmall && ratio >= zipfRarely {
			t.Fatalf("the ratio of %d is %.6f", n, float64(ratio)/fixed.One48)
		}
	}
	for n := uint64(1); n < 1<<16; n++ {
		check(n)
	}
	s := Derive(2, "test", "", "zipf bounds").Stream()
	for range 200_000 {
		check(1 + s.Next()>>34>>(s.Next()>>60))
	}
}

// TestZipfIsExact compares Zipf with the same draws without bounds.
func TestZipfIsExact(t *testing.T) {
	plain := func(s *Stream, limit uint64) uint64 {
		span := fixed.Log2(limit + 1)
		for {
			e, _ := bits.Mul64(span, s.Next())
			n := min(max(fixed.Scale(1<<16, int64(e))>>16, 1), limit)
			if s.Next()>>16 < zipfRatio(n) {
				return n
			}
		}
	}
	for _, limit := range []uint64{1, 2, 3, 63, 64, 1000, 1e6, 1e8, 1 << 30} {
		got := Derive(limit, "test", "", "zipf").Stream()
		want := got
		for i := range 30_000 {
			if a, b := got.Zipf(limit), plain(&want, limit); a != b {
				t.Fatalf("draw %d up to %d is %d, want %d", i, limit, a, b)
			}
		}
	}
}

func TestSpreadHasItsQuantiles(t *testing.T) {
	for _, spec := range []unit.Spread{
		{Median: 1500 * time.Millisecond, Upper: time.Minute, Tail: 99},
		{Median: 10 * time.Minute, Upper: 24 * time.Hour, Tail: 95},
		{Median: 24 * time.Hour, Upper: 5 * 24 * time.Hour, Tail: 95},
	} {
		s := NewSpread(spec)
		k := Derive(1, "test", "", "spread")
		const n = 400_000
		var below, belowUpper int
		for i := range uint64(n) {
			d := s.Draw(k.At(i))
			if d < spec.Median {
				below++
			}
			if d < spec.Upper {
				belowUpper++
			}
			if d < 0 || d > s.Draw(math.MaxUint64) {
				t.Fatalf("drew %v", d)
			}
		}
		if got := float64(below) / n; math.Abs(got-0.5) > 0.004 {
			t.Errorf("%v: %.4f below the median", spec, got)
		}
		// The 95 % quantile lies between two steps of the table, less than 0.05 % apart.
		if got, want := float64(belowUpper)/n, float64(spec.Tail)/100; math.Abs(got-want) > 0.0025 {
			t.Errorf("%v: %.4f below the upper quantile, want %.2f", spec, got, want)
		}
	}
	c := NewSpread(unit.Spread{Median: time.Hour, Upper: time.Hour, Tail: 99})
	if c.Draw(12345) != time.Hour {
		t.Error("a constant spread varies")
	}
}

// TestLogNormal compares draws with the distribution: the mean is that asked for, and
// the logarithm above the floor has the given deviation.
func TestLogNormal(t *testing.T) {
	for _, c := range []struct {
		floor, mean time.Duration
		sigma       int64
	}{
		{0, time.Second, 500}, {0, 50 * time.Millisecond, 1}, {30 * time.Millisecond, 130 * time.Millisecond, 300}, {0, time.Hour, 3000},
		{time.Second, time.Second + 5, 1000}, {0, 144 * time.Millisecond, 1000},
	} {
		s := NewLogNormal(c.floor, c.mean, c.sigma)
		const n = 1 << 20
		var sum, logs, squares float64
		for i := range uint64(n) {
			d := s.Draw(i<<44 | 1<<43) // evenly over all numbers
			if d < c.floor {
				t.Fatalf("%+v: drew %v", c, d)
			}
			sum += float64(d)
			l := math.Log(math.Max(float64(d-c.floor), 1))
			logs += l
			squares += l * l
		}
		if got := sum / n; math.Abs(got-float64(c.mean)) > 1e-6*float64(c.mean)+1 {
			t.Errorf("%+v: mean %.1f ns", c, got)
		}
		sigma := math.Sqrt(squares/n - logs/n*logs/n)
		if want := float64(c.sigma) / 1000; c.mean-c.floor > 100 && math.Abs(sigma-want) > 0.005*want+0.0005 {
			t.Errorf("%+v: the logarithm's deviation is %.4f, want %.4f", c, sigma, want)
		}
	}
	for _, s := range []Spread{NewLogNormal(time.Second, time.Minute, 0), NewLogNormal(time.Minute, time.Minute, 500)} {
		if s.Draw(0) != time.Minute || s.Draw(1<<63) != time.Minute {
			t.Error("without a deviation the draws differ")
		}
	}
}
