package study

import (
	"bytes"
	"strings"
	"testing"

	"sesim/reports/statistics"
	"sesim/scenarios"
	"sesim/sim"
	"sesim/sim/engine"
)

// TestStatisticsOfPartitions: statistics are those of a run that is observed in one order.
func TestStatisticsOfPartitions(t *testing.T) {
	cfg, err := scenarios.Load("s.toml", []byte(`name = "s"
horizon = "2d"
thresholds = []
[[account]]
name = "acme"
count = 6
access = "production"
identities = ["acme.example"]
[[audience]]
name = "people"
count = 3
size = 500
invalid = "2%"
complaint = "0.05%"
[[sender]]
name = "news"
count = 6
account = "acme"
from = "news@acme.example"
audience = "people"
traffic = { kind = "poisson", rate = "2000/d" }
`))
	if err != nil {
		t.Fatal(err)
	}
	if n := engine.Partitions(cfg); n != 3 {
		t.Fatalf("%d partitions, want 3", n)
	}
	options := &RecordOptions{Statistics: "statistics.csv"}
	table := func(hooks func(*recordFiles) sim.Hooks) string {
		r := &recordFiles{statistics: statistics.New(cfg)}
		result, err := engine.Run(*cfg, hooks(r))
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if err := r.statistics.Write(&out, result.End); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	want := table(func(r *recordFiles) sim.Hooks { return sim.Hooks{Observer: r, Observed: options.selection()} })
	got := table(func(r *recordFiles) sim.Hooks { return r.hooks(options) })
	if got != want || !strings.Contains(want, "acme-6,2026-01-02T") {
		t.Errorf("in partitions\n%.500s\nin one order\n%.500s", got, want)
	}
}
