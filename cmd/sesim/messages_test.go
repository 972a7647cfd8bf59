package main

import (
	"strings"
	"testing"
)

// The list of topics is not set to the terminal's width, and fits into one of 80
// columns.
func TestTopicsFit(t *testing.T) {
	for line := range strings.Lines(topicList()) {
		if n := len(strings.TrimRight(line, "\n")); n > 80 {
			t.Errorf("%d columns: %s", n, line)
		}
	}
}

// Control characters of --host are made visible once.
func TestHostVisibleOnce(t *testing.T) {
	got := expect(t, exitUsage, "learn", "--no-open", "--host", "a\x1bb")
	if !strings.Contains(got.stderr, `--host: "a\x1bb" has no address`) {
		t.Errorf("stderr is %q", got.stderr)
	}
}

// One run and many are told apart with the right number of the noun.
func TestOneReplication(t *testing.T) {
	inside(t)
	expect(t, exitPassed, "run", "quick.toml", "--quiet", "-o", "one")
	expect(t, exitPassed, "run", "quick.toml", "--quiet", "--replications", "2", "-o", "two")
	got := expect(t, exitUsage, "compare", "one", "two")
	if !strings.Contains(got.stderr, "one has 1 replication, two has 2") {
		t.Errorf("stderr is %q", got.stderr)
	}
}
