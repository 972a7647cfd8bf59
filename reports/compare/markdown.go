package compare

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"sesim/reports/wording"
)

// maxMarkdownRows limits the figures in the Markdown.
const maxMarkdownRows = 60

// WriteMarkdown writes the comparison as Markdown, for a pull request. Charts
// are the pictures to show, with paths relative to the Markdown.
func WriteMarkdown(w io.Writer, c *Comparison, charts ...Picture) error {
	m := &markdown{bufio.NewWriter(w)}
	m.line("## %s, compared", wording.Escape(c.Scenario))
	m.line("")
	m.line("%s", wording.Escape(c.Conditions()))
	m.line("")
	for i, r := range c.Runs {
		role := ""
		if i == 0 {
			role = " (baseline)"
		}
		m.line("- **%s** %s%s", Letter(i), wording.Escape(r.Label), role)
	}
	m.line("")
	m.limits(c)
	m.thresholds(c)
	list, more, chance := c.shown(maxMarkdownRows, maxMarkdownRows)
	if len(list) > 0 {
		m.table(c.figureTable(list))
	}
	for _, note := range c.footnotes(more, chance) {
		m.line("%s  ", wording.Escape(note))
	}
	for _, sentence := range c.assumed() {
		m.line("%s  ", wording.Escape(sentence))
	}
	for _, p := range charts {
		m.line("")
		m.line("![%s](%s)", wording.Escape(p.Title), p.File)
	}
	return m.Flush()
}

// Picture is the file of a chart, with its title.
type Picture struct{ Title, File string }

type markdown struct{ *bufio.Writer }

func (m *markdown) line(format string, args ...any) { fmt.Fprintf(m, format+"\n", args...) }

// table writes a table whose first row is its header.
func (m *markdown) table(t table) {
	for i, row := range t {
		cells := make([]string, len(row))
		for k, cell := range row {
			cells[k] = wording.Escape(cell)
		}
		m.line("| %s |", strings.Join(cells, " | "))
		if i == 0 {
			m.line("|%s", strings.Repeat(" --- |", len(row)))
		}
	}
	m.line("")
}

func (m *markdown) limits(c *Comparison) {
	if len(c.Limits) == 0 {
		return
	}
	t := table{{"must not hold", "run", "change", "verdict"}}
	for _, l := range c.Limits {
		verdict := mark(l.Verdict) + " " + l.Verdict
		if l.Why != "" {
			verdict += ": " + l.Why
		}
		t = append(t, []string{l.Limit, c.letterOf(l.Run), signed(l.Kind, float64(l.Change.Difference)), verdict})
	}
	m.table(t)
}

func (m *markdown) thresholds(c *Comparison) {
	moved := c.moved()
	if len(moved) == 0 {
		return
	}
	head := []string{"verdict changed"}
	for i := range c.Runs {
		head = append(head, Letter(i))
	}
	t := table{head}
	for _, threshold := range moved {
		row := []string{threshold.Expression}
		for i, v := range threshold.Verdicts {
			row = append(row, mark(v)+" "+verdictWord(v)+", "+threshold.value(i))
		}
		t = append(t, row)
	}
	m.table(t)
}
