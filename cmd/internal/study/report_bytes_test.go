package study

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"runtime"
	"testing"

	"sesim/reports"
	"sesim/reports/rundir"
	"sesim/scenarios"
	"sesim/sim"
	"sesim/sim/engine"
	"sesim/sim/forecast"
)

// TestReportBytes compares the bytes that a report of many accounts or senders is said
// to hold with those of the report and of its files, which are built before the first
// one is written, and the garbage with what is allocated meanwhile.
func TestReportBytes(t *testing.T) {
	for _, c := range []struct{ accounts, senders int }{{2000, 2000}, {1, 6000}} {
		t.Run(fmt.Sprint(c.accounts, "+", c.senders), func(t *testing.T) {
			src := fmt.Sprintf(`name = "many"
horizon = "1h"
thresholds = []
[[account]]
name = "acme"
count = %d
access = "production"
identities = ["acme.example"]
[[audience]]
name = "people"
size = 100
[[sender]]
name = "news"
count = %d
account = "acme"
from = "news@acme.example"
audience = "people"
traffic = { kind = "constant", rate = "1/h" }
`, c.accounts, c.senders)
			cfg, err := scenarios.Load("s.toml", []byte(src))
			if err != nil {
				t.Fatal(err)
			}
			result, err := engine.Run(*cfg, sim.Hooks{})
			if err != nil {
				t.Fatal(err)
			}
			before := heapStats()
			report, err := reports.New(cfg, result, reports.Input{Scenario: src, File: "s.toml", Version: Version})
			if err != nil {
				t.Fatal(err)
			}
			built := heapStats()
			dir := filepath.Join(t.TempDir(), "out")
			if err := rundir.Write(dir, report, onThisMachine(), false); err != nil {
				t.Fatal(err)
			}
			after := heapStats()
			held := int64(built.HeapAlloc) - int64(before.HeapAlloc) + sizeOf(t, dir)
			n := forecast.Of(cfg, engine.Partitions(cfg))
			said, garbage := n.Report()
			allocated := int64(after.TotalAlloc - before.TotalAlloc)
			t.Logf("held %d, said %d; allocated %d, said %d", held, said, allocated, said+garbage)
			if said > 3*held+(16<<20) || held > said {
				t.Errorf("a report is said to hold %d bytes; it and its files are %d", said, held)
			}
			if said+garbage > 3*allocated || allocated > 2*(said+garbage) {
				t.Errorf("a report is said to allocate %d bytes, and allocates %d", said+garbage, allocated)
			}
			runtime.KeepAlive(result)
		})
	}
}

func heapStats() (m runtime.MemStats) {
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m
}

// sizeOf returns the bytes of all files in a folder.
func sizeOf(t *testing.T, dir string) (sum int64) {
	t.Helper()
	err := filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		sum += info.Size()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return sum
}
