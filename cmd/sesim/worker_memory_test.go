package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"sesim/scenarios"
)

// workerMemory is the most memory that a worker's replications of a scenario
// take, beside the program itself, which is counted with them here.
const workerMemory = 64 << 20

// wholeRegion is the scenario that needs more: it holds ten thousand accounts
// and ten million addresses at once.
const wholeRegion = "region-day"

// TestWorkerMemory makes replications of every shipped scenario on two workers,
// each scenario in a process of its own, and reads the peak that the system
// counted for it.
func TestWorkerMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("it simulates every scenario several times")
	}
	t.Chdir(t.TempDir())
	for _, entry := range scenarios.Shipped() {
		if entry.Name == wholeRegion {
			continue
		}
		const workers = 2
		cmd := process(t, "run", entry.Name, "--replications", "4", "--quiet", "-o", entry.Name)
		cmd.Env = append(cmd.Env, "GOMAXPROCS=2")
		out, err := cmd.CombinedOutput() // thresholds may be open after four
		text, readErr := os.ReadFile(filepath.Join(entry.Name, "performance.json"))
		if readErr != nil {
			t.Fatalf("%s: %v, %v: %s", entry.Name, err, readErr, out)
		}
		var p struct {
			Peak int64 `json:"peak_memory_bytes"`
		}
		if err := json.Unmarshal(text, &p); err != nil {
			t.Fatal(err)
		}
		t.Logf("%-18s %3d MiB for %d workers", entry.Name, p.Peak>>20, workers)
		if p.Peak == 0 || p.Peak > workers*workerMemory {
			t.Errorf("%s: the peak of %d workers is %d MiB", entry.Name, workers, p.Peak>>20)
		}
	}
}
