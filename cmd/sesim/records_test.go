package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
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
