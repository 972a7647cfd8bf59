package study

import (
	"runtime/metrics"
	"testing"
)

// percentInForce reads the collector's percentage.
func percentInForce() int {
	sample := []metrics.Sample{{Name: "/gc/gogc:percent"}}
	metrics.Read(sample)
	return int(sample[0].Value.Uint64())
}

func TestCollectorPercent(t *testing.T) {
	for live, want := range map[uint64]int{0: 400, 32 << 20: 400, 32<<20 + 1: 100, 1 << 30: 100} {
		if got := collectorPercent(live); got != want {
			t.Errorf("with %d bytes live: %d, want %d", live, got, want)
		}
	}
}

// TestManyRuns checks that the percentage follows what is live, that it is the
// usual one again at the end, and that the user's own choice stays.
func TestManyRuns(t *testing.T) {
	if usual := percentInForce(); usual != usualPercent {
		t.Skipf("the tests run with GOGC=%d", usual)
	}
	for _, c := range []struct {
		name, variable string
		want           int
	}{
		{"nothing set", "", relaxedPercent},
		{"GOGC", "GOGC", usualPercent},
		{"GOMEMLIMIT", "GOMEMLIMIT", usualPercent},
	} {
		s := System{Getenv: func(name string) string {
			if name == c.variable {
				return "100"
			}
			return ""
		}}
		end := s.manyRuns()
		if got := percentInForce(); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
		end()
		if got := percentInForce(); got != usualPercent {
			t.Errorf("%s, at the end: %d, want %d", c.name, got, usualPercent)
		}
	}
}

// TestCollectorFollowsTheHeap adjusts for a large heap and a small one again.
func TestCollectorFollowsTheHeap(t *testing.T) {
	if usual := percentInForce(); usual != usualPercent {
		t.Skipf("the tests run with GOGC=%d", usual)
	}
	c := collector{percent: usualPercent}
	defer c.end()
	for _, step := range []struct {
		live uint64
		want int
	}{{1 << 20, 400}, {33 << 20, 100}, {2 << 20, 400}} {
		c.set(step.live)
		if got := percentInForce(); got != step.want {
			t.Errorf("with %d bytes live: %d, want %d", step.live, got, step.want)
		}
	}
}
