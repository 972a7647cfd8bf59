package main

import (
	"os"
	"strings"
	"syscall"
	"testing"

	"sesim/reports/rundir"
)

// A folder that another run is making is rejected at once, by every command that
// makes one. A run that chooses its folder takes the next.
func TestLockedFolder(t *testing.T) {
	inside(t)
	write(t, "goal.toml", thresholds("")+"\n[goal]\npromise = [\"acme.refused.quota == 0\"]\n"+
		`choose = { "account.acme.quota" = { from = 1_000, to = 2_000 } }`+"\n")
	expect(t, exitPassed, "run", "quick.toml", "--quiet", "--replications", "2", "--shard", "1/1", "-o", "part")
	for _, dir := range []string{"out", "sesim-runs/quick"} {
		if dir == "sesim-runs/quick" {
			expect(t, exitPassed, "run", "quick.toml", "--quiet", "-o", "sesim-runs/other")
		}
		held, err := rundir.TakeLock(dir)
		if err != nil {
			t.Fatal(err)
		}
		defer func() {
			if err := held.Release(); err != nil {
				t.Error(err)
			}
		}()
	}
	for _, args := range []string{
		"run quick.toml -o out",
		"run quick.toml -o out --force",
		"run quick.toml --replications 2 -o out",
		"run quick.toml --replications 2 --shard 1/2 -o out",
		"run quick.toml --replications 2 --shard 2/2 -o out",
		"merge part -o out",
		"plan goal.toml -o out",
		"request goal.toml -o out",
		"compare quick.toml --vs seed=2 -o out",
		"bench --quick -o out",
	} {
		got := expect(t, exitUsage, strings.Fields(args)...)
		if got.stdout != "" || !strings.HasPrefix(got.stderr, "sesim: output folder out: another run is writing it now") {
			t.Errorf("%s: %+v", args, got)
		}
	}
	expect(t, exitPassed, "run", "quick.toml", "--quiet")
	if !exists("sesim-runs/quick-2") || exists("sesim-runs/quick") || exists("sesim-runs/quick-2.lock") {
		t.Errorf("the folders are %v", entries(t, "sesim-runs"))
	}
}

// A killed run leaves its lock file, and locks nothing.
func TestKilledRunLocksNothing(t *testing.T) {
	inside(t)
	for _, pipe := range []string{"first", "second"} {
		if err := syscall.Mkfifo(pipe, 0o666); err != nil {
			t.Skip(err)
		}
	}
	cmd := process(t, "run", "quick.toml", "--quiet", "-o", "out", "--junit", "first", "--events", "second")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	first, err := os.Open("first") // waits for the run, which has locked its folder and waits for a reader of the second
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	expect(t, exitUsage, "run", "quick.toml", "--quiet", "-o", "out")
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	if !exists("out.lock") {
		t.Error("the killed run has removed its lock file")
	}
	expect(t, exitPassed, "run", "quick.toml", "--quiet", "-o", "out")
	if exists("out.lock") {
		t.Error("the lock file is left")
	}
}
