package bench

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sesim/reports/benchmark"
)

// TestReplications: each round has one process for all cores, one for each core with its
// shard, and one on one core, and the order alternates.
func TestReplications(t *testing.T) {
	dir := t.TempDir()
	program, calls := filepath.Join(dir, "program"), filepath.Join(dir, "calls")
	script := "#!/bin/sh\necho $GOMAXPROCS $2 $5 $7 >>" + calls + "\n"
	if err := os.WriteFile(program, []byte(script), 0o777); err != nil {
		t.Fatal(err)
	}
	o := tiny()
	o.Rounds, o.Replications = 2, Replications{program, "decade", 40}
	result, err := Run(t.Context(), o, Simulations)
	if err != nil {
		t.Fatal(err)
	}
	r := result.Report.Replications
	if len(r) != 1 || r[0].Scenario != "decade" || r[0].Replications != 40 || r[0].Cores != 2 || r[0].Rounds != 2 || r[0].WallSeconds <= 0 ||
		r[0].ProcessesWallSeconds <= 0 || r[0].OneCoreWallSeconds <= 0 || r[0].TimesProcesses <= 0 || r[0].TimesOneCore <= 0 {
		t.Errorf("%+v", r)
	}
	text, err := os.ReadFile(calls)
	if err != nil {
		t.Fatal(err)
	}
	got := strings.ReplaceAll(string(text), "1 decade 40 2/2\n1 decade 40 1/2\n", "1 decade 40 1/2\n1 decade 40 2/2\n") // together, in any order
	all, apart, one := "2 decade 40 1/1\n", "1 decade 40 1/2\n1 decade 40 2/2\n", "1 decade 40 1/1\n"
	if want := all + apart + one + apart + one + all; got != want {
		t.Errorf("the calls are\n%s, want\n%s", got, want)
	}
}

// TestReplicationsFail: what a process says is in the error.
func TestReplicationsFail(t *testing.T) {
	program := filepath.Join(t.TempDir(), "program")
	if err := os.WriteFile(program, []byte("#!/bin/sh\necho no room >&2\nexit 1\n"), 0o777); err != nil {
		t.Fatal(err)
	}
	o := tiny()
	o.Replications = Replications{program, "decade", 40}
	result, err := Run(t.Context(), o, Simulations)
	if err == nil || err.Error() != "replications: exit status 1: no room" || result.Report.Status != benchmark.Failed {
		t.Errorf("%v, %+v", err, result.Report)
	}
}
