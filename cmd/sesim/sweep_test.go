package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sesim/reports"
	"sesim/reports/data"
	"sesim/reports/rundir"
)

// swept is the lucky scenario with a sweep.
func swept(expressions, sweep string) string {
	return lucky(expressions) + "\n[sweep]\n" + sweep + "\n"
}

const twoKeys = `"account.acme.quota" = [1000, 5000]
"sender.receipts.traffic.rate" = { from = "30/h", to = "90/h", step = "30/h" }`

// sweepOf runs a sweep and returns what it prints with --json.
func sweepOf(t *testing.T, want exitCode, args ...string) *reports.Sweep {
	t.Helper()
	got := call(t, append([]string{"run", "s.toml", "--json"}, args...)...)
	if got.code != int(want) {
		t.Fatalf("exit status %d: %s", got.code, got.stderr)
	}
	s, err := data.ReadSweep(strings.NewReader(got.stdout))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestSweepCells compares each cell with the plain run that --set makes of its
// values, and the replications of one with --replications.
func TestSweepCells(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "s.toml", swept("", twoKeys))
	write(t, "plain.toml", lucky(""))
	s := sweepOf(t, exitPassed)
	if len(s.Cells) != 6 || s.CellCount != 6 || s.Status != "complete" {
		t.Fatalf("%d cells of %d, %s", len(s.Cells), s.CellCount, s.Status)
	}
	for _, c := range s.Cells {
		args := []string{"run", "plain.toml", "--json"}
		for k, key := range s.Keys {
			args = append(args, "--set", key+"="+c.Values[k])
		}
		var plain reports.Summary
		if err := json.Unmarshal([]byte(call(t, args...).stdout), &plain); err != nil {
			t.Fatal(err)
		}
		m, ok := c.Figure("acme.accepted", s.Confidence)
		if !ok || *m.Mean.Value != float64(plain.Accounts[0].Accepted) {
			t.Errorf("cell %v accepts %v, the plain run %d", c.Values, *m.Mean.Value, plain.Accounts[0].Accepted)
		}
	}
}

// TestSweepUncertain: what the cells set is known.
func TestSweepUncertain(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, rate := range []string{`"60/h"`, `{ between = ["10/h", "30/h"] }`} {
		text := swept("", `"sender.receipts.traffic.rate" = ["30/h", "60/h"]`)
		write(t, "s.toml", strings.Replace(text, `rate = "60/h"`, "rate = "+rate, 1))
		s := sweepOf(t, exitPassed, "--set", `audience.customers.complaint={ beta = [3, 997] }`)
		if len(s.Uncertain) != 1 || s.Uncertain[0].Key != "audience.customers.complaint" {
			t.Errorf("with %s: %+v", rate, s.Uncertain)
		}
	}
}

// TestSweepSameBytes sweeps on one core and on several, with one replication a
// cell, with many, and until a width is reached.
func TestSweepSameBytes(t *testing.T) {
	for _, replications := range []string{"1", "8", `{ min = 3, max = 20, metric = "acme.accepted", half_width = 40 }`} {
		t.Chdir(t.TempDir())
		write(t, "s.toml", "replications = "+replications+"\n"+swept(`"acme.accepted > 1"`, twoKeys))
		for _, cores := range []string{"1", "3"} {
			cmd := process(t, "run", "s.toml", "-o", cores, "--quiet")
			cmd.Env = append(cmd.Env, "GOMAXPROCS="+cores)
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Fatalf("%v: %s", err, out)
			}
		}
		wantSame(t, "1", "3")
		if exists("1.unfinished") {
			t.Error("the folder of unfinished cells is left over")
		}
	}
}

// TestSweepTable reads sweep.csv as others will: it is tidy, and complete.
func TestSweepTable(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "s.toml", swept("", twoKeys))
	s := sweepOf(t, exitPassed, "--replications", "4", "-o", "out")
	rows, err := csv.NewReader(bytes.NewReader(contents(t, "out")["sweep.csv"])).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	head := strings.Join(rows[0], ",")
	const want = "cell,account.acme.quota,sender.receipts.traffic.rate,status,replications,metric,mean,low,high,median,median_low,median_high,min,max,data,error"
	if head != want {
		t.Errorf("columns %s, want %s", head, want)
	}
	found := 0
	for _, row := range rows[1:] {
		if row[5] == "acme.accepted" {
			m, _ := s.Cells[found].Figure("acme.accepted", s.Confidence)
			if got := row[6]; got != jsonText(t, *m.Mean.Value) || row[1] != s.Cells[found].Values[0] || row[4] != "4" {
				t.Errorf("cell %d: %v, want the mean %v", found, row, *m.Mean.Value)
			}
			found++
		}
	}
	if found != 6 {
		t.Errorf("%d rows of acme.accepted", found)
	}
	before := contents(t, "out")
	if got := call(t, "report", "out", "--junit", "j.xml"); got.code != 0 || !strings.Contains(got.stdout, "6 cells") || !exists("j.xml") {
		t.Errorf("drawn again: %+v", got)
	}
	if diff := cmp.Diff(before, contents(t, "out")); diff != "" {
		t.Error("the sweep drawn again differs")
	}
	if back, err := rundir.LoadSweep("out"); err != nil || !cmp.Equal(back.Cells, s.Cells) {
		t.Errorf("the folder is not read back: %v", err)
	}
}

// TestSweepVerdict checks the exit status, and that a scenario which is wrong
// in one cell only is told before anything runs.
func TestSweepVerdict(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "s.toml", swept(`"acme.accepted < 2_500"`, twoKeys))
	if s := sweepOf(t, exitThreshold); s.Cells[0].Thresholds[0].Verdict != "pass" || s.Cells[5].Thresholds[0].Verdict != "fail" {
		t.Errorf("%+v", s.Cells)
	}
	write(t, "s.toml", swept("", `"account.acme.rate" = [1, 2, 0]`))
	got := call(t, "run", "s.toml", "-o", "out")
	if got.code != int(exitUsage) || !strings.Contains(got.stderr, "s.toml:27:30: account.acme.rate: 0 is not at least 1") || exists("out") {
		t.Errorf("%+v", got)
	}
}

// TestSweepKilled kills a sweep in the middle, and the call that goes on again:
// the third has the bytes of one that was never killed, and makes no finished
// cell anew.
func TestSweepKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("kills and repeats a run of many cells")
	}
	t.Chdir(t.TempDir())
	write(t, "s.toml", "replications = 60\n"+swept(`"acme.accepted > 1"`,
		`"sender.receipts.traffic.rate" = { from = "30/h", to = "360/h", step = "30/h" }`))
	if out, err := process(t, "run", "s.toml", "-o", "whole", "--quiet").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	var before map[string]time.Time
	for _, cells := range []int{2, 6} {
		killed(t, "out", cells)
		kept := times(t, "out.unfinished")
		if len(kept) < cells || len(kept) == 12 || exists("out") {
			t.Fatalf("after the kill %d cells are kept, want %d or more and not all; the folder is there: %v", len(kept), cells, exists("out"))
		}
		for name, at := range before {
			if kept[name] != at {
				t.Errorf("cell %s was made anew", name)
			}
		}
		before = kept
	}
	if out, err := process(t, "run", "s.toml", "-o", "out", "--quiet").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	wantSame(t, "whole", "out")
	if left := entries(t, "."); !cmp.Equal(left, []string{"out", "s.toml", "whole"}) {
		t.Errorf("left over: %v", left)
	}
}

// killed runs the sweep and kills the process once so many cells are kept.
func killed(t *testing.T, dir string, cells int) {
	t.Helper()
	cmd := process(t, "run", "s.toml", "-o", dir, "--quiet")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(time.Minute); len(times(t, dir+".unfinished")) < cells; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("no cell is kept")
		}
	}
	if err := cmd.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
}

// times returns the finished cells of a folder with when they were written.
func times(t *testing.T, dir string) map[string]time.Time {
	t.Helper()
	list := map[string]time.Time{}
	names, _ := filepath.Glob(filepath.Join(dir, "*.json"))
	for _, name := range names {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		list[name] = info.ModTime()
	}
	return list
}

// TestSweepKeptCells checks which kept cells are taken: not those of another
// build, not damaged ones, and those of a sweep with other values besides.
func TestSweepKeptCells(t *testing.T) {
	t.Chdir(t.TempDir())
	kept, err := rundir.OpenCells("out", "one")
	if err != nil {
		t.Fatal(err)
	}
	cell := reports.Cell{Number: 3, Inputs: strings.Repeat("ab", 32), Status: reports.Complete, Replications: 7}
	if err := kept.Keep(&cell); err != nil {
		t.Fatal(err)
	}
	if got, ok, err := kept.Find(cell.Inputs); err != nil || !ok || got.Replications != 7 {
		t.Errorf("not found: %+v", got)
	}
	if _, ok, _ := kept.Find(strings.Repeat("cd", 32)); ok {
		t.Error("a cell with other inputs was found")
	}
	if _, ok, _ := kept.Find(cell.Inputs[:32] + strings.Repeat("0", 32)); ok {
		t.Error("a cell whose inputs begin alike was found")
	}
	if other, _ := rundir.OpenCells("out", "two"); other != nil {
		if _, ok, _ := other.Find(cell.Inputs); ok {
			t.Error("a cell of another build was found")
		}
	}
	write(t, filepath.Join("out.unfinished", cell.Inputs[:32]+".json"), `{"build": "one", "cell": {"inp`)
	if _, ok, err := kept.Find(cell.Inputs); ok || !errors.Is(err, data.ErrDamaged) || !strings.Contains(err.Error(), cell.Inputs[:32]+".json") {
		t.Errorf("a damaged cell: found: %v, %v", ok, err)
	}
}

// TestSweepInterrupted stops a sweep with a signal: it says how to go on, and
// does so.
func TestSweepInterrupted(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "s.toml", "replications = 60\n"+swept("", `"sender.receipts.traffic.rate" = { from = "30/h", to = "360/h", step = "30/h" }`))
	cmd := process(t, "run", "s.toml", "-o", "out", "--quiet")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for len(times(t, "out.unfinished")) < 2 {
		time.Sleep(time.Millisecond)
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	done := len(times(t, "out.unfinished"))
	want := fmt.Sprintf("interrupted; %d of 12 cells are finished: the same command resumes from there", done)
	if cmd.ProcessState.ExitCode() != int(exitInterrupted) || !strings.Contains(stderr.String(), want) || exists("out") {
		t.Errorf("%v, want %q: %s", cmd.ProcessState, want, stderr.String())
	}
	if got := call(t, "run", "s.toml", "-o", "out", "--quiet"); got.code != 0 || !exists("out/manifest.json") {
		t.Errorf("%+v", got)
	}
}

// TestSweepMeetsADamagedCell changes a digit of a stored cell: the sweep that
// would resume with it is refused by the name of the file, and goes on without.
func TestSweepMeetsADamagedCell(t *testing.T) {
	t.Chdir(t.TempDir())
	const sweep = `"sender.receipts.traffic.rate" = ["30/h", "60/h"]`
	write(t, "s.toml", swept("", sweep))
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	stop := onWrite{do: cancel}
	var stdout strings.Builder
	if code := run(ctx, []string{"run", "s.toml", "-o", "out", "--progress", "plain"}, nil, &stdout, &stop); code != int(exitInterrupted) {
		t.Fatalf("exit status %d: %s", code, stop.String())
	}
	kept := entries(t, "out.unfinished")
	if len(kept) == 0 {
		t.Fatal("no cell is stored")
	}
	name := filepath.Join("out.unfinished", kept[0])
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	write(t, name, strings.Replace(string(text), `"value": 1`, `"value": 9`, 1))
	got := expect(t, exitInternal, "run", "s.toml", "-o", "out", "--quiet")
	if !strings.Contains(got.stderr, kept[0]+": damaged: ") || exists("out") {
		t.Errorf("stderr is %q", got.stderr)
	}
	if err := os.Remove(name); err != nil {
		t.Fatal(err)
	}
	expect(t, exitPassed, "run", "s.toml", "-o", "out", "--quiet")
}
