package main

import (
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
)

// recorded is the quick scenario with traffic from the file sends.csv.
func recorded(t *testing.T) string {
	t.Helper()
	head, rest, found := strings.Cut(thresholds(`"receipts.messages == 3", "acme.accepted == 4"`), "traffic")
	if !found {
		t.Fatal("the quick scenario has no traffic")
	}
	_, tail, _ := strings.Cut(rest, "\n")
	return head + `traffic = { kind = "trace", file = "sends.csv" }` + "\n" + tail
}

const sends = "time,recipients\n0s,1\n1h,1\n2h,2\n"

// TestTraceLiesBesideTheScenario: the file of a trace is looked for in the
// scenario's folder; in the current one where the scenario has none.
func TestTraceLiesBesideTheScenario(t *testing.T) {
	inside(t)
	if err := os.Mkdir("sub", 0o777); err != nil {
		t.Fatal(err)
	}
	write(t, "sub/recorded.toml", recorded(t))
	write(t, "sub/sends.csv", sends)
	expect(t, exitPassed, "run", "sub/recorded.toml", "--json")
	got := expect(t, exitUsage, "run", "sub/recorded.toml", "--json", "--set", "sender.receipts.traffic.file=other.csv")
	if !strings.Contains(got.stderr, `--set sender.receipts.traffic.file: "other.csv" cannot be read: no such file or directory`) {
		t.Errorf("stderr is %q", got.stderr)
	}
	write(t, "recorded.toml", recorded(t))
	got = expect(t, exitUsage, "validate", "recorded.toml")
	if !strings.Contains(got.stderr, `"sends.csv" cannot be read: no such file or directory`) {
		t.Errorf("stderr is %q", got.stderr)
	}
}

// TestTraceIsAFile: a folder or a pipe is refused at once.
func TestTraceIsAFile(t *testing.T) {
	inside(t)
	write(t, "recorded.toml", recorded(t))
	if err := syscall.Mkfifo("sends.csv", 0o666); err != nil {
		t.Skip(err)
	}
	for _, name := range []string{"sends.csv", "."} {
		got := expect(t, exitUsage, "run", "recorded.toml", "--set", "sender.receipts.traffic.file="+name)
		if !strings.Contains(got.stderr, "cannot be read: not a regular file") {
			t.Errorf("stderr is %q", got.stderr)
		}
	}
}

// longSends is a trace of rows over the whole horizon of the quick scenario, of
// several blocks of the file.
func longSends() string {
	var b strings.Builder
	b.WriteString("time,recipients\n")
	for i := range 17_000 {
		fmt.Fprintf(&b, "%ds,%d\n", 10*i, 1+i%3)
	}
	return b.String()
}

// TestTraceIsLost changes, cuts and deletes a trace when the first progress is
// told: the run ends with status 1, names the file, and keeps what it has,
// marked as interrupted.
func TestTraceIsLost(t *testing.T) {
	remove := func() error { return os.Remove("sends.csv") }
	cut := func() error { return os.Truncate("sends.csv", 3000) }
	overwrite := func() error {
		text := longSends()
		return os.WriteFile("sends.csv", []byte(text[:len(text)-3]+"2\n"), 0o666)
	}
	const sweep = "[sweep]\n\"account.acme.rate\" = { from = 1, to = 40, step = 1 }\n"
	for name, c := range map[string]struct {
		args   []string
		more   string // of the scenario
		change func() error
		want   []string // on standard error
		status string   // file with the status; "" for none
	}{
		"one run, cut":          {nil, "", cut, []string{"changed since it was checked", "interrupted: the results so far are in out"}, "out/summary.json"},
		"one run, overwritten":  {nil, "", overwrite, []string{"changed since it was checked", "interrupted"}, "out/summary.json"},
		"replications, deleted": {[]string{"--replications", "60"}, "", remove, []string{"cannot be opened again", "interrupted"}, "out/summary.json"},
		"replications, cut":     {[]string{"--replications", "60"}, "", cut, []string{"changed", "interrupted"}, "out/summary.json"},
		"replications, overwritten": {[]string{"--replications", "60"}, "", overwrite, []string{"changed", "interrupted"},
			"out/summary.json"},
		"a sweep, overwritten": {nil, sweep, overwrite, []string{"cell 39: ", "changed"}, "out/sweep.json"},
		"a sweep, deleted":     {nil, sweep, remove, []string{"cell 39: ", "cannot be opened again"}, "out/sweep.json"},
		"a shard, cut":         {[]string{"--replications", "60", "--shard", "1/2"}, "", cut, []string{"recorded.toml: replication ", "changed"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			inside(t)
			head, tail, _ := strings.Cut(recorded(t), "[[")
			write(t, "recorded.toml", strings.Replace(head, "thresholds", "#", 1)+c.more+"[["+tail)
			write(t, "sends.csv", longSends())
			changed := false
			stderr := onWrite{do: func() {
				if !changed {
					changed = true
					if err := c.change(); err != nil {
						t.Error(err)
					}
				}
			}}
			var stdout strings.Builder
			args := append([]string{"run", "recorded.toml", "-o", "out", "--progress", "plain"}, c.args...)
			code := run(t.Context(), args, nil, &stdout, &stderr)
			if code != int(exitInternal) || !changed {
				t.Fatalf("exit status %d, changed: %v, stderr:\n%s", code, changed, stderr.String())
			}
			for _, want := range append(c.want, `recorded traffic: "sends.csv" `) {
				if !strings.Contains(stderr.String(), want) {
					t.Errorf("without %q, stderr is:\n%s", want, stderr.String())
				}
			}
			if c.status == "" {
				if exists("out") {
					t.Errorf("out holds %v", entries(t, "out"))
				}
				return
			}
			text, err := os.ReadFile(c.status)
			if err != nil {
				t.Fatal(err)
			}
			if s := parseSummary(t, string(text)); s.Status != "interrupted" || len(s.Traces) != 1 {
				t.Errorf("the status is %s, the traces are %v", s.Status, s.Traces)
			}
		})
	}
}

// TestCompareTraces: the manifest holds the hash of a trace, and runs of
// different traces are compared only where that is allowed. A copy of the same
// file is no difference.
func TestCompareTraces(t *testing.T) {
	inside(t)
	write(t, "recorded.toml", recorded(t))
	for dir, text := range map[string]string{"a": sends, "b": sends, "c": sends + "3h,1\n"} {
		write(t, dir+".csv", text)
		got := call(t, "run", "recorded.toml", "-o", dir, "--quiet", "--set", "sender.receipts.traffic.file="+dir+".csv", "--set", "thresholds=[]")
		if got.code != 0 {
			t.Fatalf("%+v", got)
		}
	}
	manifest, err := os.ReadFile("c/manifest.json")
	// printf 'time,recipients\n0s,1\n1h,1\n2h,2\n3h,1\n' | sha256sum
	const hash = "8d5969a8727548b70846f2d31da04a4ee34b4e33ddf1243d02eaa87635d71ee9"
	if want := `"sha256": "` + hash + `"`; err != nil || !strings.Contains(string(manifest), want) {
		t.Errorf("without %s, %v, the manifest is\n%s", want, err, manifest)
	}
	expect(t, exitPassed, "compare", "a", "b")
	got := expect(t, exitUsage, "compare", "a", "c")
	if want := "a has the recorded traffic "; !strings.Contains(got.stderr, want) || !strings.Contains(got.stderr, hash[:16]) {
		t.Errorf("stderr is %q", got.stderr)
	}
	expect(t, exitUsage, "compare", "a/summary.json", "c/summary.json")
	expect(t, exitPassed, "compare", "a", "c", "--allow", "trace")
}
