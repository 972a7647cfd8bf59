package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"sesim/scenarios/compression"
)

// Every accepted message has its Send, and every refused call its line; the
// records of the same run are the same bytes.
func TestRecords(t *testing.T) {
	dir := t.TempDir()
	published, refused := filepath.Join(dir, "events.jsonl"), filepath.Join(dir, "refusals.jsonl")
	result := call(t, "run", "sandbox-first-day", "--json", "--events", published, "--refusals", refused)
	if result.code != 0 {
		t.Fatalf("exit status %d: %s", result.code, result.stderr)
	}
	var summary struct {
		Senders []struct {
			Accepted int `json:"accepted"`
		}
		Accounts []struct {
			Requests int `json:"requests"`
		}
	}
	if err := json.Unmarshal([]byte(result.stdout), &summary); err != nil {
		t.Fatal(err)
	}
	accepted := 0
	for _, s := range summary.Senders {
		accepted += s.Accepted
	}
	if got := count(t, published, `"eventType":"Send"`); got != accepted {
		t.Errorf("%d Send records of %d accepted messages", got, accepted)
	}
	if got, want := count(t, refused, `"rule":`), summary.Accounts[0].Requests-accepted; got != want {
		t.Errorf("%d refusals, want %d", got, want)
	}
	table := filepath.Join(dir, "statistics.csv")
	if got := call(t, "run", "sandbox-first-day", "--quiet", "-o", filepath.Join(dir, "more"), "--statistics", table); got.code != 0 || attempts(t, table) != accepted {
		t.Errorf("exit status %d, %d delivery attempts of %d accepted messages: %s", got.code, attempts(t, table), accepted, got.stderr)
	}
	again := call(t, "run", "sandbox-first-day", "--quiet", "-o", filepath.Join(dir, "out"), "--events", "-")
	first, err := os.ReadFile(published)
	if err != nil {
		t.Fatal(err)
	}
	if again.stdout != string(first) {
		t.Error("the same run published other records")
	}
}

// attempts adds up the delivery attempts of a table of statistics.
func attempts(t *testing.T, file string) int {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	sum := 0
	for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n")[1:] {
		n, err := strconv.Atoi(strings.Split(line, ",")[2])
		if err != nil {
			t.Fatal(err)
		}
		sum += n
	}
	return sum
}

func count(t *testing.T, file, word string) int {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Count(string(text), word)
}

// TestRecordsCompressed checks that files whose names say so are compressed and hold the
// same records, and that a disk that is full is noticed in them as well.
func TestRecordsCompressed(t *testing.T) {
	t.Chdir(t.TempDir())
	run := func(events, refusals, statistics string) {
		t.Helper()
		expect(t, exitPassed, "run", "sandbox-first-day", "--json", "--events", events, "--refusals", refusals, "--statistics", statistics)
	}
	run("events", "refusals", "statistics")
	run("events.gz", "refusals.zst", "statistics.csv.gz")
	for name, of := range map[string]string{"events.gz": "events", "refusals.zst": "refusals", "statistics.csv.gz": "statistics"} {
		file, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		z, format, err := compression.NewReader(bufio.NewReader(bytes.NewReader(file)))
		if err != nil || format == "" {
			t.Fatalf("%s: format %q, %v", name, format, err)
		}
		got, err := io.ReadAll(z)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		want, err := os.ReadFile(of)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) || len(want) == 0 {
			t.Errorf("%s holds %d bytes, %s has %d", name, len(got), of, len(want))
		}
	}
	if err := os.Symlink("/dev/full", "full.zst"); err != nil {
		t.Fatal(err)
	}
	got := expect(t, exitInternal, "run", "sandbox-first-day", "--quiet", "-o", "out", "--events", "full.zst")
	if !strings.Contains(got.stderr, "the records are incomplete") {
		t.Errorf("stderr is %q", got.stderr)
	}
}

func TestRecordsRefused(t *testing.T) {
	t.Chdir(t.TempDir())
	const there = "there"
	write(t, there, "mine")
	for _, c := range []struct {
		args []string
		code exitCode
		want string
	}{
		{[]string{"--events", "-"}, exitUsage, "require --quiet"},
		{[]string{"--events", "a", "--refusals", "a"}, exitUsage, "the same file"},
		{[]string{"--events", "a", "stale-list"}, exitUsage, "take one scenario, not 2"},
		{[]string{"--events", "a", "--event-style", "sns"}, exitUsage, "--event-style"},
		{[]string{"--event-style", "sns"}, exitUsage, "--event-style"},
		{[]string{"--events", there}, exitUsage, "--force replaces it"},
		{[]string{"--events", filepath.Join(there, "below")}, exitUsage, "below"},
		{[]string{"--events", "/dev/full", "--quiet", "-o", filepath.Join(t.TempDir(), "out")}, exitInternal, "the records are incomplete"},
	} {
		args := append([]string{"run", "sandbox-first-day"}, c.args...)
		if got := call(t, args...); got.code != int(c.code) || !strings.Contains(got.stderr, c.want) {
			t.Errorf("%v: exit status %d, want %d with %q:\n%s", c.args, got.code, c.code, c.want, got.stderr)
		}
	}
	if text, _ := os.ReadFile(there); string(text) != "mine" {
		t.Error("a file that was there is gone")
	}
}
