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
	for _, entry := range scenarios.Shipped() {
		if entry.Name == wholeRegion {
			continue
		}
		t.Run(entry.Name, func(t *testing.T) {
			t.Parallel()
			checkWorkerMemory(t, entry.Name)
		})
	}
}

func checkWorkerMemory(t *testing.T, name string) {
	t.Helper()
	const workers = 2
	dir := t.TempDir()
	cmd := process(t, "run", name, "--replications", "4", "--quiet", "-o", "report")
	cmd.Env = append(cmd.Env, "GOMAXPROCS=2")
	cmd.Dir = dir
	out, err := cmd.CombinedOutput() // thresholds may be open after four
	text, readErr := os.ReadFile(filepath.Join(dir, "report", "performance.json"))
	if readErr != nil {
		t.Fatalf("%v, %v: %s", err, readErr, out)
	}
	var p struct {
		Peak int64 `json:"peak_memory_bytes"`
	}
	if err := json.Unmarshal(text, &p); err != nil {
		t.Fatal(err)
	}
	t.Logf("%3d MiB for %d workers", p.Peak>>20, workers)
	if p.Peak == 0 || p.Peak > workers*workerMemory {
		t.Errorf("the peak of %d workers is %d MiB", workers, p.Peak>>20)
	}
}
