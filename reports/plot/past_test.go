package plot

import (
	"testing"
	"time"

	"sesim/sim/unit"
)

// TestTicksBetween labels both sides of the start.
func TestTicksBetween(t *testing.T) {
	for _, c := range []struct {
		first float64
		end   time.Duration
		want  []string
	}{
		{0, 2 * unit.Day, []string{"0 h", "6 h", "12 h", "18 h", "24 h", "30 h", "36 h", "42 h", "48 h"}},
		{-45, 45 * unit.Day, []string{"day −40", "day −30", "day −20", "day −10", "day 0", "day 10", "day 20", "day 30", "day 40"}},
		{-0.5, 12 * time.Hour, []string{"−12 h", "−9 h", "−6 h", "−3 h", "0 h", "3 h", "6 h", "9 h", "12 h"}},
	} {
		var got []string
		list := ticksBetween(c.first, c.end)
		for i, tick := range list {
			got = append(got, tick.label)
			if i > 0 && tick.at <= list[i-1].at {
				t.Errorf("from %v to %v: %+v", c.first, c.end, list)
			}
		}
		if len(got) != len(c.want) || got[0] != c.want[0] || got[len(got)-1] != c.want[len(c.want)-1] {
			t.Errorf("from %v to %v: %q, want %q", c.first, c.end, got, c.want)
		}
	}
}
