package main

import (
	"strings"
	"testing"
)

func TestHint(t *testing.T) {
	names := []string{"quiet", "output", "no-color", "set", "seed"}
	for word, want := range map[string]string{
		"quite":   "did you mean --quiet?",
		"outptu":  "did you mean --output?",
		"nocolor": "did you mean --no-color?",
		"sed":     "did you mean --set or --seed?",
		"horizon": "",
	} {
		if got := hint(word, names, "--"); got != want {
			t.Errorf("hint for %q is %q, want %q", word, got, want)
		}
	}
}

// TestEmptyWords: an unset variable of a shell leaves an empty word, which is
// refused rather than taken for a default; so is a number that is none.
func TestEmptyWords(t *testing.T) {
	inside(t)
	for args, want := range map[string]string{
		"run quick.toml -o ":         "--output is empty: write a value, or leave the flag out",
		"run quick.toml --events ":   "--events is empty: write a value, or leave the flag out",
		"request quick.toml --plan ": "--plan is empty: write a value, or leave the flag out",
		"run ":                       "an argument of sesim run is empty: write a name, or leave it out",
		"init newsletter ":           "an argument of sesim init is empty: write a name, or leave it out",
		"merge ":                     "an argument of sesim merge is empty: write a name, or leave it out",
		"run quick.toml --joint 0":   "--joint must be at least 1: write a number, or leave the flag out",
		"plan quick.toml --joint 0":  "--joint must be at least 1: write a number, or leave the flag out",
		"bench --rounds 0":           "--rounds must be at least 1: write a number, or leave the flag out",
		"compare quick.toml --vs seed=2 --replications 0": "--replications must be at least 1: write a number, or leave the flag out",
		"learn --port 80x":                               `--port: "80x" is not a whole number; see sesim learn --help`,
		"plan quick.toml --confirm ":                     `--confirm: "" is not a whole number; see sesim plan --help`,
		"plan quick.toml --confirm 99999999999999999999": `--confirm: "99999999999999999999" is out of range; see sesim plan --help`,
		"completion bash x":                              `unknown command "x" for "sesim completion bash"; see sesim completion bash --help`,
	} {
		if got := expect(t, exitUsage, strings.Split(args, " ")...); got.stderr != "sesim: "+want+"\n" {
			t.Errorf("%s: stderr is %q", args, got.stderr)
		}
	}
	if len(entries(t, ".")) != 1 {
		t.Errorf("there are %v", entries(t, "."))
	}
	expect(t, exitPassed, "__complete", "run", "")
}
