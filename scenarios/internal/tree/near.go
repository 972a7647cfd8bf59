package tree

import (
	"cmp"
	"fmt"
	"strings"
)

// Limits of the search for a hint, which must be fast.
const (
	maxNearWord       = 128  // bytes of a word
	maxNearCandidates = 1000 // words compared
)

// DidYouMean returns a hint that names the candidate most similar to the word; ""
// if none is similar.
func DidYouMean(word string, candidates []string) string {
	if best, ok := Nearest(word, candidates); ok {
		return Meant(best)
	}
	return ""
}

// Meant returns the hint that names a word.
func Meant(word string) string { return fmt.Sprintf("did you mean %q?", word) }

// Nearest returns the candidate with the fewest typing errors, at most one in
// three characters, and the first if several tie. If there is none, it returns
// the first candidate that the word abbreviates.
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

// distance counts the typing errors between two words: an extra, missing or wrong
// character, or two swapped neighbours.
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
