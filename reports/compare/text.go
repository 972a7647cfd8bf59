package compare

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"sesim/reports/wording"
	"sesim/sim/unit"
)

// The number of figures in the text.
const (
	minRows = 8  // filled up with less important figures
	maxRows = 25 // of the important figures
)

// WriteText writes the comparison for a terminal: limits and thresholds first,
// then the figures that changed.
func WriteText(w io.Writer, c *Comparison) error {
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, "%s · %s\n\n", wording.Clean(c.Scenario), c.Conditions())
	for i, r := range c.Runs {
		role := ""
		if i == 0 {
			role = "  (baseline)"
		}
		fmt.Fprintf(b, "  %s  %s%s\n", Letter(i), wording.Clean(r.Label), role)
	}
	fmt.Fprintln(b)
	c.textLimits(b)
	c.textThresholds(b)
	c.textFigures(b)
	for _, sentence := range c.assumed() {
		fmt.Fprintln(b, wording.Clean(sentence))
	}
	return b.Flush()
}

func (c *Comparison) textLimits(b *bufio.Writer) {
	if len(c.Limits) == 0 {
		return
	}
	fmt.Fprintln(b, "Must not hold:")
	t := table{}
	for _, l := range c.Limits {
		row := []string{mark(l.Verdict) + " " + l.Verdict, l.Limit, c.letterOf(l.Run), signed(l.Kind, float64(l.Change.Difference)), l.Why}
		t = append(t, row)
	}
	t.write(b)
	fmt.Fprintln(b)
}

func (c *Comparison) letterOf(label string) string {
	for i, r := range c.Runs {
		if i > 0 && r.Label == label {
			return Letter(i)
		}
	}
	return label
}

func (c *Comparison) textThresholds(b *bufio.Writer) {
	moved := c.moved()
	if len(moved) == 0 {
		if len(c.Thresholds) > 0 {
			fmt.Fprintf(b, "No verdict changed (%s).\n\n", unit.Plural(int64(len(c.Thresholds)), "threshold", "thresholds"))
		}
		return
	}
	fmt.Fprintln(b, "Verdicts that changed:")
	t := table{}
	for _, m := range moved {
		row := []string{wording.Clean(m.Expression)}
		for i, v := range m.Verdicts {
			row = append(row, Letter(i)+" "+mark(v)+" "+verdictWord(v)+", "+m.value(i))
		}
		t = append(t, row)
	}
	t.write(b)
	fmt.Fprintln(b)
}

func (c *Comparison) textFigures(b *bufio.Writer) {
	list, more, chance := c.shown(minRows, maxRows)
	if len(list) > 0 {
		c.figureTable(list).write(b)
		fmt.Fprintln(b)
	}
	for _, note := range c.footnotes(more, chance) {
		fmt.Fprintln(b, wording.Clean(note))
	}
}

// figureTable has a column for the baseline and two for each other run.
func (c *Comparison) figureTable(list []Figure) table {
	head := []string{"metric", "A"}
	for i := range c.Runs[1:] {
		head = append(head, Letter(i+1), Letter(i+1)+" − A")
	}
	t := table{head}
	for k := range list {
		f := &list[k]
		row := []string{wording.Clean(f.Metric), value(f.Kind, f.Values[0])}
		for i := range f.Changes {
			row = append(row, value(f.Kind, f.Values[i+1]), change(f, i))
		}
		t = append(t, row)
	}
	return t
}

// mark returns the sign of a verdict.
func mark(verdict string) string {
	switch verdict {
	case "pass":
		return "✓"
	case "fail":
		return "✗"
	case "inconclusive":
		return "?"
	}
	return "–"
}

func verdictWord(verdict string) string {
	if verdict == "" {
		return "no such threshold"
	}
	return verdict
}

// table is a list of rows, whose cells are aligned in columns.
type table [][]string

func (t table) write(b *bufio.Writer) {
	var widths []int
	for _, row := range t {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], len([]rune(cell)))
		}
	}
	for _, row := range t {
		line := ""
		for i, cell := range row {
			line += "  " + cell + strings.Repeat(" ", widths[i]-len([]rune(cell)))
		}
		fmt.Fprintln(b, strings.TrimRight(line, " "))
	}
}
