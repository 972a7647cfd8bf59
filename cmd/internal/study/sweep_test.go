package study

import (
	"os"
	"strings"
	"testing"

	"sesim/cmd/internal/terminal"
	"sesim/reports/rundir"
)

// tracedSweep is a scenario with a cell for each of three files of recorded
// sends.
const tracedSweep = `version = 1
name = "traced"
question = "What if a file of recorded sends disappears?"
start = 2026-03-02T09:00:00Z
horizon = "2d"
seed = 1

[[account]]
name = "acme"
access = "production"
identities = ["acme.example"]

[[audience]]
name = "customers"
size = 100
domain = "customers.example"

[[sender]]
name = "receipts"
account = "acme"
from = "receipts@acme.example"
audience = "customers"
traffic = { kind = "trace", file = "a.csv" }

[sweep]
"sender.receipts.traffic.file" = ["a.csv", "b.csv", "c.csv"]
`

// write makes a file of the working folder.
func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

// TestSweepGoesOn lets one cell fail: its file of recorded sends disappears
// after the scenarios were checked. The others have their results, and the
// exit status is not 0.
func TestSweepGoesOn(t *testing.T) {
	t.Chdir(t.TempDir())
	s := quiet()
	write(t, "s.toml", tracedSweep)
	for _, name := range []string{"a", "b", "c"} {
		write(t, name+".csv", "time,recipients\n1h,5\n")
	}
	o := &RunOptions{Progress: terminal.None, Delivery: Delivery{JSON: true, Dir: "out"}}
	list, err := s.Load(t.Context(), []string{"s.toml"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	r := &runner{System: s, RunOptions: o, Scenario: list[0], folder: "out", forms: &forms{}}
	sweeper, err := r.newSweeper()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove("b.csv"); err != nil {
		t.Fatal(err)
	}
	if sweeper.kept, err = rundir.OpenCells("out", "test"); err != nil {
		t.Fatal(err)
	}
	if err := sweeper.run(t.Context()); err != nil {
		t.Fatal(err)
	}
	err = sweeper.deliver(false)
	if OutcomeOf(err) != Internal || !strings.Contains(err.Error(), "cell 1: ") || !strings.Contains(err.Error(), "b.csv") {
		t.Errorf("%v", err)
	}
	back, err := rundir.LoadSweep("out")
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"complete", "failed", "complete"} {
		if back.Cells[i].Status != want {
			t.Errorf("cell %d is %s, want %s", i, back.Cells[i].Status, want)
		}
	}
}
