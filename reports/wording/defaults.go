package wording

import (
	"fmt"
	"strings"

	"sesim/reports"
	"sesim/sim/unit"
)

// Defaults says which quotas and rates of accounts are the model's and not the user's;
// empty if none is.
func Defaults(s *reports.Summary) string {
	const most = 2 // keys that are named
	var figures, keys []string
	known := map[string]bool{}
	for _, d := range s.Defaults {
		if figure := d.Key[strings.LastIndexByte(d.Key, '.')+1:] + " " + Count(d.Value); !known[figure] {
			known[figure] = true
			figures = append(figures, figure)
		}
		keys = append(keys, d.Key)
	}
	if more := len(keys) - most; more > 0 {
		keys = append(keys[:most], unit.Plural(int64(more), "more key", "more keys"))
	}
	verb := "are our defaults"
	switch len(figures) {
	case 0:
		return ""
	case 1:
		verb = "is our default"
	}
	return fmt.Sprintf("%s %s: set %s", series(figures), verb, series(keys))
}

// series joins words with commas and a last "and".
func series(words []string) string {
	last := len(words) - 1
	if last < 1 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:last], ", ") + " and " + words[last]
}
