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
	for _, c := range []struct {
		live       uint64
		many, want int // want is that of a single run
	}{
		{0, 400, 100}, {32 << 20, 400, 100}, {32<<20 + 1, 100, 100}, {256 << 20, 100, 100},
		{512 << 20, 50, 50}, {1 << 30, 25, 25}, {8 << 30, 25, 25},
	} {
		if many, single := collectorPercent(c.live, true), collectorPercent(c.live, false); many != c.many || single != c.want {
			t.Errorf("with %d bytes live: %d, want %d; of a single run %d, want %d", c.live, many, c.many, single, c.want)
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
	c := collector{percent: usualPercent, many: 1}
	defer func() {
		c.many = 0
		c.set(0)
	}()
	for _, step := range []struct {
		live uint64
		want int
	}{{1 << 20, 400}, {33 << 20, 100}, {1 << 30, 25}, {2 << 20, 400}} {
		c.set(step.live)
		if got := percentInForce(); got != step.want {
			t.Errorf("with %d bytes live: %d, want %d", step.live, got, step.want)
		}
	}
}

// TestNestedStudies examines many runs within a single one, and has the single one's
// percentage afterwards.
func TestNestedStudies(t *testing.T) {
	if usual := percentInForce(); usual != usualPercent {
		t.Skipf("the tests run with GOGC=%d", usual)
	}
	s := System{Getenv: func(string) string { return "" }}
	end := s.BoundGarbage()
	endMany := s.manyRuns()
	during := percentInForce()
	endMany()
	after := percentInForce()
	end()
	if during != relaxedPercent || after != usualPercent || percentInForce() != usualPercent {
		t.Errorf("%d among many runs, %d after them, %d at the end", during, after, percentInForce())
	}
}
