package plot

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sesim/sim/proptest"
	"sesim/sim/unit"
)

// TestThin: of many points few are left, in order, with the first, the last,
// the highest and the lowest among them.
func TestThin(t *testing.T) {
	proptest.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 20_000).Draw(t, "points")
		seed := rapid.Float64Range(0.1, 100).Draw(t, "seed")
		all := make([]xy, n)
		for i := range all {
			all[i] = xy{float64(i), math.Sin(seed * float64(i*i%9973))}
		}
		kept := thin(all)
		if len(kept) > maxPoints+2 {
			t.Fatalf("%d points are left of %d", len(kept), n)
		}
		if kept[0] != all[0] || kept[len(kept)-1] != all[n-1] {
			t.Fatal("an end is missing")
		}
		byY := func(a, b xy) int { return int(math.Copysign(1, a.y-b.y)) }
		if slices.MaxFunc(kept, byY).y != slices.MaxFunc(all, byY).y || slices.MinFunc(kept, byY).y != slices.MinFunc(all, byY).y {
			t.Fatal("a peak is missing")
		}
		if !slices.IsSortedFunc(kept, func(a, b xy) int { return int(math.Copysign(1, a.x-b.x)) * min(1, int(math.Abs(a.x-b.x))) }) {
			t.Fatal("the points are out of order")
		}
	})
}

func TestSteps(t *testing.T) {
	got := steps([]xy{{0, 5}, {1, 7}, {2, 7}}, 3)
	want := []xy{{0, 5}, {1, 5}, {1, 7}, {2, 7}, {2, 7}, {3, 7}}
	if !slices.Equal(got, want) {
		t.Errorf("steps are %v, want %v", got, want)
	}
}

// TestTimeTicks: labels stand where days begin, and are neither few nor many.
func TestTimeTicks(t *testing.T) {
	labels := func(ticks []tick) string {
		var list []string
		for _, x := range ticks {
			list = append(list, x.label)
		}
		return strings.Join(list, " ")
	}
	for d, want := range map[time.Duration]string{
		30 * unit.Day:    "day 0 day 5 day 10 day 15 day 20 day 25 day 30",
		unit.Day:         "0 h 3 h 6 h 9 h 12 h 15 h 18 h 21 h 24 h",
		36 * time.Hour:   "0 h 6 h 12 h 18 h 24 h 30 h 36 h",
		time.Hour:        "0 min 15 min 30 min 45 min 60 min",
		12 * time.Second: "0 s 5 s 10 s",
		0:                "0 s",
	} {
		if got := labels(timeTicks(d)); got != want {
			t.Errorf("ticks of %v are %q, want %q", d, got, want)
		}
	}
	proptest.Check(t, func(t *rapid.T) {
		end := time.Duration(rapid.Int64Range(int64(5*time.Second), int64(36500*unit.Day)).Draw(t, "end"))
		ticks := timeTicks(end)
		if len(ticks) < 2 || len(ticks) > maxTimeTicks {
			t.Fatalf("%v has %d ticks", end, len(ticks))
		}
		for _, x := range ticks {
			if strings.HasPrefix(x.label, "day") && x.at != math.Trunc(x.at) {
				t.Fatalf("%q stands at %v", x.label, x.at)
			}
		}
	})
}

// TestNumberTicks: a step is 1, 2 or 5 times a power of ten.
func TestNumberTicks(t *testing.T) {
	proptest.Check(t, func(t *rapid.T) {
		most := rapid.Float64Range(1e-9, 1e15).Draw(t, "most")
		ticks := numberTicks(most, 5, countLabel)
		if len(ticks) < 2 || len(ticks) > 7 || ticks[0].at != 0 || ticks[len(ticks)-1].at > most*1.001 {
			t.Fatalf("0 to %v has the ticks %v", most, ticks)
		}
		lead := ticks[1].at / math.Pow(10, math.Floor(math.Log10(ticks[1].at)+1e-9))
		if d := min(math.Abs(lead-1), math.Abs(lead-2), math.Abs(lead-5)); d > 1e-6 {
			t.Fatalf("the step is %v", ticks[1].at)
		}
	})
	if got := numberTicks(0, 5, countLabel); len(got) != 1 {
		t.Errorf("an axis without a length has %d ticks", len(got))
	}
}

func TestRowsOf(t *testing.T) {
	for _, c := range []struct{ n, keep int }{{0, 0}, {1, 0}, {40, 7}, {41, 3}, {721, 333}, {100_000, 99_999}} {
		rows := rowsOf(c.n, c.keep, maxRows)
		if len(rows) > maxRows || !slices.IsSorted(rows) || len(slices.Compact(slices.Clone(rows))) != len(rows) {
			t.Errorf("of %d rows %v are shown", c.n, rows)
		}
		if c.n > 0 && (rows[0] != 0 || rows[len(rows)-1] != c.n-1 || !slices.Contains(rows, c.keep)) {
			t.Errorf("of %d rows the first, the last or number %d is missing in %v", c.n, c.keep, rows)
		}
	}
}

func TestFit(t *testing.T) {
	for _, s := range []string{"", "a", strings.Repeat("wide ", 100)} {
		got := titleText.fit(s, 120)
		if w := titleText.width(got); w > 120 {
			t.Errorf("%q is %v wide", got, w)
		}
		if short := titleText.width(s) <= 120; short != (got == s) {
			t.Errorf("%q became %q", s, got)
		}
	}
}

func TestHalves(t *testing.T) {
	text := strings.Repeat("many words ", 20)
	lines := titleText.halves(text, 300)
	if len(lines) != 2 || titleText.width(lines[0]) > 300 || lines[0]+" "+lines[1] != text {
		t.Errorf("the text is broken into %q", lines)
	}
	if lines := titleText.halves("word", 1); len(lines) != 1 || lines[0] != "word" {
		t.Errorf("a single word is broken into %q", lines)
	}
}
