package wording

import (
	"fmt"
	"strings"

	"sesim/reports"
)

// Command returns the command that repeats the run, for a shell in the
// report's folder.
func Command(r *reports.Report) string {
	s := fmt.Sprintf("sesim run scenario.toml --seed %d", r.Summary.Seed)
	for _, o := range r.Overrides {
		if !strings.HasPrefix(o, "seed=") {
			s += " --set " + Quote(o)
		}
	}
	return s
}

// Quote quotes a word for a POSIX shell, if it needs quotes.
func Quote(word string) string {
	plain := func(c rune) bool {
		return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.ContainsRune("._-=/:,%@+", c)
	}
	if word != "" && word[0] != '=' && strings.IndexFunc(word, func(c rune) bool { return !plain(c) }) < 0 {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
