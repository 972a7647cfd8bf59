package text_test

import (
	"bytes"
	"strings"
	"testing"

	"sesim/reports"
	"sesim/reports/text"
)

// TestSweepNote: tables of replications say what their figures are, on the
// terminal and in Markdown; those of single runs have nothing to say.
func TestSweepNote(t *testing.T) {
	cells := func(replications ...int) *reports.Sweep {
		s := &reports.Sweep{Scenario: "test", Keys: []string{"a"}, Confidence: 0.9}
		for i, n := range replications {
			s.Cells = append(s.Cells, reports.Cell{Number: i, Values: []string{"1"}, Status: reports.Complete, Replications: n})
		}
		return s
	}
	for _, c := range []struct {
		s    *reports.Sweep
		want string
	}{
		{cells(40, 40), "Each cell has 40 replications;"},
		{cells(0, 10, 2000), "Each cell has 10 to 2,000 replications;"},
		{cells(1, 1), ""},
		{cells(), ""},
	} {
		var plain, markdown bytes.Buffer
		if err := text.WriteSweep(&plain, c.s, text.Style{}); err != nil {
			t.Fatal(err)
		}
		if err := text.WriteSweepMarkdown(&markdown, c.s); err != nil {
			t.Fatal(err)
		}
		for _, got := range []string{plain.String(), markdown.String()} {
			if noted := strings.Contains(got, "replications;") && strings.Contains(got, "90%"); noted != (c.want != "") || !strings.Contains(got, c.want) {
				t.Errorf("it does not say %q:\n%s", c.want, got)
			}
		}
	}
}
