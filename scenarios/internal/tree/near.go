package tree

import (
	"cmp"
	"fmt"
	"strings"
)

// Limits on the search for a hint, which is worth little time.
const (
	maxNearWord       = 128  // bytes of a word
	maxNearCandidates = 1000 // words looked at
)

// DidYouMean returns a hint that names the candidate nearest to the word; it is
// empty if none is near.
func DidYouMean(word string, candidates []string) string {
	if best, ok := Nearest(word, candidates); ok {
		return Meant(best)
	}
	return ""
}

// Meant returns the hint that names a word.
func Meant(word string) string { return fmt.Sprintf("did you mean %q?", word) }

// Nearest returns the candidate with the fewest typing errors, the first of
// several: at most one error in three characters. Failing that, it returns the
// first of which the word is an abbreviation.
func Nearest(word string, candidates []string) (string, bool) {
	if len(word) > maxNearWord || len(word) < 2 {
		return "", false
	}
	best, fewest, longer := "", min(len(word)/3, 3)+1, ""
	for _, c := range candidates[:min(len(candidates), maxNearCandidates)] {
		if len(word) >= 3 && longer == "" && strings.HasPrefix(c, word) {
			longer = c
		}
		if len(c) > maxNearWord || len(c)-len(word) >= fewest || len(word)-len(c) >= fewest {
			continue
		}
		if d := distance(word, c); d < fewest {
			best, fewest = c, d
		}
	}
	best = cmp.Or(best, longer)
	return best, best != ""
}

// distance counts the typing errors between two words: a character too many, one
// missing, one wrong, or two neighbours swapped.
func distance(a, b string) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range len(a) {
		row[0] = i + 1
		for j := range len(b) {
			errors := 1
			if a[i] == b[j] {
				errors = 0
			}
			row[j+1] = min(last[j]+errors, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
