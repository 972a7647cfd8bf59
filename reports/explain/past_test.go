package explain_test

import (
	"strings"
	"testing"
	"time"

	"sesim/reports/explain"
	"sesim/sim"
	"sesim/sim/engine"
	"sesim/sim/unit"
)

// An explanation says what an account brought along, and which values of the run are
// means; without either it says nothing of them.
func TestPastAndMeans(t *testing.T) {
	day := 24 * time.Hour
	cfg := refusing(t)
	written := func() string {
		t.Helper()
		e, err := explain.Replay(engine.Run, cfg, explain.Query{At: time.Hour})
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		if err := e.Write(&b); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	const past, means = "\n  before      10,000 eligible over 75 d, bounce rate 8%", "\nNot known exactly, and at their means in this run: audience.p.invalid"
	if text := written(); strings.Contains(text, "before ") || strings.Contains(text, "Not known") {
		t.Errorf("of nothing:\n%s", text)
	}
	cfg.Accounts[0].History = &sim.History{Before: sim.HistoryPoint{At: -75 * day, For: 75 * day, Eligible: 10_000, Bounces: 800}}
	cfg.Uncertain = []sim.Uncertain{{Of: sim.Invalid, Distribution: sim.NewDistribution(sim.Between, 0, uint64(2*unit.Percent))}}
	if text := written(); !strings.Contains(text, past) || !strings.Contains(text, means) {
		t.Errorf("%q or %q is missing:\n%s", past, means, text)
	}
}
