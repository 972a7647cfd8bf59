package main

import "testing"

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
