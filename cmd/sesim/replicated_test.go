package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sesim/reports"
	"sesim/reports/data"
	"sesim/sim/replicate"
)

// lucky is the quick scenario with traffic at random, so that replications
// differ.
func lucky(expressions string) string {
	return strings.Replace(thresholds(expressions), `"constant"`, `"poisson"`, 1)
}

// summaryIn reads the summary of a folder.
func summaryIn(t *testing.T, dir string) reports.Summary {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "summary.json"))
	if err != nil {
		t.Fatal(err)
	}
	s, err := data.ReadSummary(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// wantSame compares two folders byte for byte.
func wantSame(t *testing.T, one, two string) {
	t.Helper()
	want, got := contents(t, one), contents(t, two)
	for name := range want {
		if !bytes.Equal(want[name], got[name]) {
			t.Errorf("%s differs between %s and %s: %d bytes and %d", name, one, two, len(want[name]), len(got[name]))
		}
	}
	if len(got) != len(want) || len(want) < 5 {
		t.Errorf("%d files in %s, and %d in %s", len(want), one, len(got), two)
	}
}

// TestReplicationsSameBytes replicates in processes with one core and with
// several.
func TestReplicationsSameBytes(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "s.toml", lucky(`"acme.accepted > 100"`))
	for _, cores := range []string{"1", "3"} {
		cmd := process(t, "run", "s.toml", "--replications", "30", "-o", cores, "--quiet")
		cmd.Env = append(cmd.Env, "GOMAXPROCS="+cores)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	wantSame(t, "1", "3")
}

// TestReplicationsSummary checks that the summary keeps the figures of
// replication 0, which is the plain run, and adds those of all.
func TestReplicationsSummary(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "s.toml", lucky(`"acme.accepted > 100"`))
	for dir, args := range map[string][]string{"plain": {"--assumptions=off"}, "many": {"--replications", "25"}, "last": {"--seed", "SEED"}} {
		for i, arg := range args {
			if arg == "SEED" {
				args[i] = jsonText(t, replicate.Seed(1, 24))
			}
		}
		if result := call(t, append([]string{"run", "s.toml", "--quiet", "-o", dir}, args...)...); result.code != 0 {
			t.Fatalf("%s: %+v", dir, result)
		}
	}
	plain, many, last := summaryIn(t, "plain"), summaryIn(t, "many"), summaryIn(t, "last")
	of := many.Replications
	if of == nil || of.Count != 25 {
		t.Fatalf("replications: %+v", of)
	}
	values, err := data.ReadValues(bytes.NewReader(contents(t, "many")["replications.csv"]), of.Count)
	if err != nil {
		t.Fatal(err)
	}
	for i, name := range values.Names {
		if name == "acme.accepted" {
			row := values.Rows[i]
			if row[0] != float64(plain.Accounts[0].Accepted) || row[24] != float64(last.Accounts[0].Accepted) {
				t.Errorf("replications 0 and 24 accept %v and %v, the plain runs of their seeds %d and %d",
					row[0], row[24], plain.Accounts[0].Accepted, last.Accounts[0].Accepted)
			}
			if want := replicate.Mean(row, 0.95); *many.Thresholds[0].Value != want.Value || *many.Thresholds[0].Judged.Low != want.Low {
				t.Errorf("the threshold is judged on %+v, want %+v", many.Thresholds[0], want)
			}
		}
	}
	many.Replications, many.Thresholds, plain.Thresholds = nil, nil, nil
	if diff := cmp.Diff(plain, many); diff != "" {
		t.Errorf("the other figures are not those of the plain run (-plain +got):\n%s", diff)
	}
}

func jsonText(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestReplicationsVerdict checks the exit status for each verdict.
func TestReplicationsVerdict(t *testing.T) {
	for _, c := range []struct {
		threshold, verdict string
		want               exitCode
	}{
		{"acme.accepted > 1_000", "pass", exitPassed},
		{"acme.accepted > 4_000", "fail", exitThreshold},
		{"acme.accepted > 2_880", "inconclusive", exitThreshold}, // the mean itself
		{"acme.refused == 0", "pass", exitPassed},
		{"acme.accepted == 2_880", "fail", exitThreshold},
	} {
		t.Chdir(t.TempDir())
		write(t, "s.toml", lucky(`"`+c.threshold+`"`))
		got := call(t, "run", "s.toml", "--replications", "20", "--set", "horizon=48h", "--json")
		var s reports.Summary
		if err := json.Unmarshal([]byte(got.stdout), &s); err != nil {
			t.Fatal(err)
		}
		if got.code != int(c.want) || s.Thresholds[0].Verdict != c.verdict {
			t.Errorf("%s: exit status %d, verdict %s; want %d, %s", c.threshold, got.code, s.Thresholds[0].Verdict, c.want, c.verdict)
		}
	}
}

// TestReplicationsUntil goes on until a mean is known well enough, and says so
// where the most replications do not get there.
func TestReplicationsUntil(t *testing.T) {
	for _, c := range []struct {
		width   string
		reached bool
		least   int
		most    int
	}{
		{"30", true, 6, 39},
		{"0.5", false, 40, 40},
	} {
		t.Chdir(t.TempDir())
		write(t, "s.toml", `replications = { min = 5, max = 40, metric = "acme.accepted", half_width = `+c.width+" }\n"+lucky(""))
		got := call(t, "run", "s.toml", "-o", "out")
		of := summaryIn(t, "out").Replications
		if of.Goal == nil || of.Goal.Reached != c.reached || of.Count < c.least || of.Count > c.most {
			t.Errorf("half width %s: %d replications, goal %+v", c.width, of.Count, of.Goal)
		}
		want := "he mean of acme.accepted is known to within " + c.width
		if !c.reached {
			want = strings.Replace(want, "is known", "is not yet known", 1)
		}
		if !strings.Contains(got.stdout, want) {
			t.Errorf("%q is not in\n%s", want, got.stdout)
		}
	}
}

// TestReplicationsRefusals lists what does not go with replications.
func TestReplicationsRefusals(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"--replications", "0"}, "--replications: 0 is not at least 1"},
		{[]string{"--replications", "many"}, `--replications: "many" is not a whole number`},
		{[]string{"--replications", "5", "--events", "e.jsonl"}, "write the records of one run"},
	} {
		inside(t)
		got := call(t, append([]string{"run", "quick.toml"}, c.args...)...)
		if got.code != int(exitUsage) || !strings.Contains(got.stderr, c.want) {
			t.Errorf("%v: %+v", c.args, got)
		}
	}
}

// TestReplicationsRedrawn draws the report again and wants the same bytes.
func TestReplicationsRedrawn(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "s.toml", lucky(""))
	if got := call(t, "run", "s.toml", "--replications", "12", "-o", "out", "--quiet"); got.code != 0 {
		t.Fatalf("%+v", got)
	}
	before := contents(t, "out")
	got := call(t, "report", "out")
	if got.code != 0 || !strings.Contains(got.stdout, "12 replications from seed 1") {
		t.Fatalf("%+v", got)
	}
	if diff := cmp.Diff(before, contents(t, "out")); diff != "" {
		t.Error("the redrawn report differs")
	}
}

// TestReplicationsInterrupted stops a process in the middle: what is done is
// kept and marked.
func TestReplicationsInterrupted(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "s.toml", lucky(""))
	cmd := process(t, "run", "s.toml", "--replications", "3000", "-o", "out", "--progress", "plain")
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := stderr.Read(make([]byte, 1)); err != nil { // a line of progress: some are done
		t.Fatal(err)
	}
	if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	rest := new(bytes.Buffer)
	_, _ = rest.ReadFrom(stderr)
	_ = cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != int(exitInterrupted) {
		t.Fatalf("exit status %d: %s", code, rest)
	}
	s := summaryIn(t, "out")
	if s.Status != "interrupted" || s.Replications.Count < 1 || s.Replications.Count >= 3000 {
		t.Errorf("status %s, %d replications", s.Status, s.Replications.Count)
	}
}
