package scenarios

import (
	_ "embed"
	"regexp"
	"strings"

	"sesim/scenarios/internal/tree"
)

// referenceText is the text that tells people of every key. The schema quotes it,
// so that no key is explained twice.
//
//go:embed reference.go
var referenceText string

var (
	// tableHeading begins what the reference says of a table.
	tableHeading = regexp.MustCompile(`^(?:\[\[([a-z_.]+)\]\]|(replications) = |\[(sweep)\], |\[(goal)\], |(retry) = |(traffic) is |(Outside) )`)
	// keyLine begins what it says of keys, several with commas between them,
	// or of a kind of traffic.
	keyLine = regexp.MustCompile(`^\t(?:\[?([a-z0-9_-]+(?:, [a-z0-9_]+)*)\]?(?: \*)?(?: +(.*))?|\{ kind = "([a-z]+)".* \}(?:  +(.*))?)$`)
)

// headingPaths are the paths of tables whose heading does not show it.
var headingPaths = map[string]string{"replications": "replications", "sweep": "sweep", "goal": "goal", "retry": "sender.retry", "traffic": "sender.traffic", "Outside": ""}

// referenceWords returns what the reference says of each key, by its path
// without names: "account.quota".
func referenceWords(text string) map[string]string {
	words := map[string]string{}
	path, last := "", []string(nil)
	for line := range strings.Lines(text) {
		line = strings.TrimPrefix(strings.TrimSuffix(line, "\n"), "//")
		if m := tableHeading.FindStringSubmatch(strings.TrimPrefix(line, " ")); m != nil {
			path, last = headingPath(m[1:]), nil
			if m[1] != "" { // what the table is stands behind its name
				last = []string{path}
				words[path], _, _ = strings.Cut(line[strings.Index(line, "]]")+2:], ":")
				words[path] = strings.TrimLeft(words[path], " *,")
			}
			continue
		}
		more, isMore := strings.CutPrefix(line, "\t  ")
		switch m := keyLine.FindStringSubmatch(line); {
		case m != nil:
			last = last[:0]
			for key := range strings.SplitSeq(m[1]+m[3], ", ") {
				last = append(last, tree.Join(path, key))
			}
			more = m[2] + m[4]
		case strings.HasPrefix(line, " ") && len(last) == 1 && last[0] == path:
			more, _, _ = strings.Cut(strings.TrimSuffix(line, "."), ":") // the heading goes on
		case !isMore:
			last = nil
		}
		for _, key := range last {
			words[key] = strings.TrimSpace(words[key] + " " + strings.TrimSpace(more))
		}
	}
	return words
}

// headingPath returns the path of the table that a heading names in one of
// its ways.
func headingPath(ways []string) string {
	if ways[0] != "" {
		return ways[0]
	}
	return headingPaths[strings.Join(ways, "")]
}
