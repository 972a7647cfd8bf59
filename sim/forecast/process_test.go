package forecast_test

import (
	"testing"

	"sesim/sim/forecast"
)

// TestPeakOfManyRuns: while little is live, several runs use a larger headroom, and a
// single run does not.
func TestPeakOfManyRuns(t *testing.T) {
	small := forecast.Counts{Accounts: 1, Senders: 1, Audiences: 1, Addresses: 1000, Partitions: 1}
	large := small
	large.Addresses = 100 << 20
	usual := func(runs int) forecast.Process { return forecast.Process{Runs: runs, Workers: 2, Headroom: 1} }
	relaxed := func(runs int) forecast.Process {
		p := usual(runs)
		p.Relaxed, p.Small = 4, 32<<20
		return p
	}
	for _, c := range []struct {
		name   string
		counts *forecast.Counts
		runs   int
		more   bool
	}{
		{"one run", &small, 1, false},
		{"many runs", &small, 100, true},
		{"many large runs", &large, 100, false},
	} {
		before, after := c.counts.Peak(usual(c.runs)), c.counts.Peak(relaxed(c.runs))
		if c.more != (after > before) || !c.more && after != before {
			t.Errorf("%s: %d bytes, relaxed %d", c.name, before, after)
		}
	}
	off := relaxed(100)
	off.Headroom = -1
	never := usual(100)
	never.Headroom = -1
	if small.Peak(off) != small.Peak(never) {
		t.Error("relaxed although nothing is collected")
	}
}

// TestPeakOfLargeRuns: the garbage beside much that is live is bounded, and beside little is
// what it was.
func TestPeakOfLargeRuns(t *testing.T) {
	for _, c := range []struct {
		name      string
		addresses int64
		most      int64 // bytes of garbage
	}{
		{"small", 100 << 20, 100 << 20},
		{"large", 600 << 20, 256 << 20},
		{"very large", 4 << 30, 1 << 30},
	} {
		counts := forecast.Counts{Accounts: 1, Senders: 1, Audiences: 1, Addresses: c.addresses, Partitions: 1}
		peak := func(most int64, headroom float64) int64 {
			return counts.Peak(forecast.Process{Runs: 2, Workers: 1, Headroom: headroom, Most: most, Tight: 0.25})
		}
		none, bounded, usual := peak(0, 0), peak(256<<20, 1), peak(0, 1)
		if garbage := bounded - none; garbage > c.most+c.most/100 || garbage < c.most/2 || bounded > usual {
			t.Errorf("%s: %d bytes of garbage, at most %d; in all %d, and %d without a bound", c.name, garbage, c.most, bounded, usual)
		}
	}
}
