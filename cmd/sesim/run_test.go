package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sesim/cmd/internal/study"
	"sesim/reports"
)

// summary is the part of summary.json that these tests look at.
type summary struct {
	Scenario    string
	Seed        uint64
	Status      string
	Fingerprint string
	Accounts    []struct {
		Quota      int64
		Recipients int64
	}
	Traces []reports.Trace
}

// readSummary reads the summary in a report's folder.
func readSummary(t *testing.T, dir string) summary {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "summary.json"))
	if err != nil {
		t.Fatal(err)
	}
	return parseSummary(t, string(text))
}

func parseSummary(t *testing.T, text string) summary {
	t.Helper()
	var s summary
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		t.Fatalf("%v in:\n%s", err, text)
	}
	return s
}

// expect runs sesim and fails unless it ends with that status.
func expect(t *testing.T, want exitCode, args ...string) outcome {
	t.Helper()
	got := call(t, args...)
	if got.code != int(want) {
		t.Fatalf("sesim %s: exit status %d, want %d; stderr:\n%s", strings.Join(args, " "), got.code, want, got.stderr)
	}
	return got
}

// TestRunPrintsInOrder: the verdicts, the summary, and last where the report
// lies.
func TestRunPrintsInOrder(t *testing.T) {
	inside(t)
	write(t, "quick.toml", thresholds(`"acme.refused.quota == 0"`))
	got := expect(t, exitPassed, "run", "quick.toml", "--progress", "none")
	verdict := strings.Index(got.stdout, "acme.refused.quota == 0")
	figures := strings.LastIndex(got.stdout, "2,880") // 60 an hour over two days
	where := strings.Index(got.stdout, "Report: "+filepath.Join("sesim-runs", "quick", "report.html"))
	if verdict < 0 || figures < verdict || where < figures {
		t.Errorf("verdict at %d, figures at %d, place at %d of:\n%s", verdict, figures, where, got.stdout)
	}
	if got.stderr != "" {
		t.Errorf("stderr is %q", got.stderr)
	}
	for _, name := range []string{"manifest.json", "performance.json", "report.html", "series.csv", "summary.json"} {
		if !slices.Contains(entries(t, "sesim-runs/quick"), name) {
			t.Errorf("%s is not in the folder", name)
		}
	}
}

// TestRunFolders checks where reports go, and that nothing is left beside them.
func TestRunFolders(t *testing.T) {
	inside(t)
	write(t, "other.toml", strings.Replace(thresholds(""), `"quick"`, `"other"`, 1))
	expect(t, exitPassed, "run", "--quiet", "quick.toml")
	expect(t, exitPassed, "run", "--quiet", "quick.toml", "other.toml")
	expect(t, exitPassed, "run", "--quiet", "quick.toml", "-o", "one")
	for dir, want := range map[string][]string{
		"sesim-runs": {"other", "quick", "quick-2"},
		".":          {"one", "other.toml", "quick.toml", "sesim-runs"},
	} {
		if diff := cmp.Diff(want, entries(t, dir)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", dir, diff)
		}
	}
}

// TestRunJSON: standard output holds the summary and nothing else, the same as
// in the folder, and without -o there is no folder.
func TestRunJSON(t *testing.T) {
	inside(t)
	for _, quiet := range []string{"--quiet=false", "--quiet"} {
		got := expect(t, exitPassed, "run", "quick.toml", "--json", quiet)
		if s := parseSummary(t, got.stdout); s.Scenario != "quick" || s.Status != "complete" {
			t.Errorf("%s: the summary is of %+v", quiet, s)
		}
		if diff := cmp.Diff([]string{"quick.toml"}, entries(t, ".")); diff != "" {
			t.Errorf("%s: the folder (-want +got):\n%s", quiet, diff)
		}
	}
	got := expect(t, exitPassed, "run", "quick.toml", "--json", "-o", "report")
	kept, err := os.ReadFile("report/summary.json")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(kept), got.stdout); diff != "" {
		t.Errorf("summary.json and standard output (-file +stdout):\n%s", diff)
	}
}

// TestRunQuiet: nothing on either stream, the report all the same, and the
// verdict in the exit status.
func TestRunQuiet(t *testing.T) {
	inside(t)
	write(t, "fails.toml", thresholds(`"acme.refused.quota > 0"`))
	for file, want := range map[string]exitCode{"quick.toml": exitPassed, "fails.toml": exitThreshold} {
		if got := expect(t, want, "run", "--quiet", "--progress", "plain", file); got.stdout+got.stderr != "" {
			t.Errorf("%s: stdout is %q and stderr %q", file, got.stdout, got.stderr)
		}
	}
	if diff := cmp.Diff([]string{"quick", "quick-2"}, entries(t, "sesim-runs")); diff != "" {
		t.Errorf("reports (-want +got):\n%s", diff)
	}
}

// TestRunPrecedence: the scenario over the defaults, --set over the scenario,
// the later --set over the earlier, --seed over --set.
func TestRunPrecedence(t *testing.T) {
	inside(t)
	for _, c := range []struct {
		args  []string
		seed  uint64
		quota int64
	}{
		{nil, 1, 50_000},
		{[]string{"--set", "seed=2", "--set", "account.acme.quota=7_000"}, 2, 7000},
		{[]string{"--set", "seed=2", "--set", "seed = 3"}, 3, 50_000},
		{[]string{"--seed", "9", "--set", "seed=2"}, 9, 50_000},
	} {
		got := expect(t, exitPassed, append([]string{"run", "quick.toml", "--json"}, c.args...)...)
		if s := parseSummary(t, got.stdout); s.Seed != c.seed || s.Accounts[0].Quota != c.quota {
			t.Errorf("%v: seed %d and quota %d, want %d and %d", c.args, s.Seed, s.Accounts[0].Quota, c.seed, c.quota)
		}
	}
}

// TestRunSources: a file wins over a shipped scenario of that name, a folder
// does not, and "-" is standard input.
func TestRunSources(t *testing.T) {
	inside(t)
	name := study.ShippedNames()[0]
	if err := os.Mkdir(name, 0o777); err != nil {
		t.Fatal(err)
	}
	list, err := new(study.System).Load(t.Context(), []string{name}, nil)
	if err != nil || list[0].Config.Name != name {
		t.Errorf("a folder named %s hides the scenario: %v", name, err)
	}
	if err := os.Remove(name); err != nil {
		t.Fatal(err)
	}
	write(t, name, thresholds(""))
	if got := expect(t, exitPassed, "run", "--json", name); parseSummary(t, got.stdout).Scenario != "quick" {
		t.Errorf("the file named %s was not run", name)
	}
	got := callWith(t, thresholds(""), "run", "--json", "-")
	if got.code != 0 || parseSummary(t, got.stdout).Scenario != "quick" {
		t.Errorf("standard input: exit status %d; stderr:\n%s", got.code, got.stderr)
	}
}

// TestRunChecksAllFirst: with one bad scenario among several nothing is
// simulated, nothing is written, and every problem of every file is told.
func TestRunChecksAllFirst(t *testing.T) {
	inside(t)
	write(t, "a.toml", strings.Replace(thresholds(""), `horizon = "2d"`, `horizon = "forever"`, 1))
	write(t, "b.toml", strings.Replace(thresholds(""), `size = 100`, "size = 0\nspeed = 3", 1))
	before := entries(t, ".")
	got := expect(t, exitUsage, "run", "quick.toml", "a.toml", "b.toml", "c.toml")
	for _, want := range []string{"a.toml:5:", "b.toml:16:", "b.toml:17:", "c.toml: no such file"} {
		if !strings.Contains(got.stderr, "sesim: "+want) {
			t.Errorf("stderr does not tell of %s:\n%s", want, got.stderr)
		}
	}
	if got.stdout != "" || !slices.Equal(entries(t, "."), before) {
		t.Errorf("stdout is %q, the folder holds %v", got.stdout, entries(t, "."))
	}
}

// TestRunProgress: progress goes to standard error, as plain lines where that
// is no terminal.
func TestRunProgress(t *testing.T) {
	inside(t)
	got := expect(t, exitPassed, "run", "quick.toml", "--json")
	lines := strings.Split(strings.TrimSuffix(got.stderr, "\n"), "\n")
	if len(lines) != 10 || !strings.HasPrefix(lines[9], "quick: 100%, day 2.0 of 2.0, ") || !strings.HasSuffix(lines[9], ", acme healthy") {
		t.Errorf("progress is:\n%s", got.stderr)
	}
	if strings.ContainsAny(got.stderr, "\r\x1b") {
		t.Errorf("plain progress holds control characters: %q", got.stderr)
	}
}

// TestPerformance checks what the wall clock's figures claim against the run.
func TestPerformance(t *testing.T) {
	inside(t)
	expect(t, exitPassed, "run", "--quiet", "quick.toml", "-o", "report", "--set", "sender.receipts.traffic.rate=20000/d")
	text, err := os.ReadFile("report/performance.json")
	if err != nil {
		t.Fatal(err)
	}
	var p struct {
		Wall       float64 `json:"wall_seconds"`
		SpeedUp    float64 `json:"speed_up"`
		Events     int64
		Admissions int64
		Latency    struct {
			Samples     int64
			SampleEvery int64 `json:"sample_every"`
			Cost        int64 `json:"clock_cost_ns"`
			Note        string
		} `json:"admission_latency"`
		Peak int64 `json:"peak_memory_bytes"`
	}
	if err := json.Unmarshal(text, &p); err != nil {
		t.Fatal(err)
	}
	recipients := readSummary(t, "report").Accounts[0].Recipients
	if p.Admissions != recipients || p.Events < recipients || p.Wall <= 0 || p.SpeedUp <= 1 {
		t.Errorf("%d recipients, but %+v", recipients, p)
	}
	if l := p.Latency; l.Samples != p.Admissions/l.SampleEvery || l.Samples == 0 || !strings.Contains(l.Note, "subtracted") {
		t.Errorf("the latency of %d admissions is %+v", p.Admissions, l)
	}
	if p.Peak < 1<<20 {
		t.Errorf("the peak of memory is %d bytes", p.Peak)
	}
}
