package main

import (
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
