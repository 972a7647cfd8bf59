package text

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"sesim/reports"
	"sesim/reports/wording"
	"sesim/sim/unit"
)

// Bounds of the table of a sweep.
const (
	maxCells   = 30
	maxJudged  = 4  // metrics that have a column
	cellWidth  = 40 // of a figure with its interval
	valueWidth = 18 // of a swept value
)

// WriteSweep writes the cells of a sweep as a table: the swept values, the
// verdicts, and the metrics of the thresholds.
func WriteSweep(w io.Writer, s *reports.Sweep, style Style) error {
	p := style.printer(nil)
	cells := unit.Plural(int64(s.CellCount), "cell", "cells")
	if s.Combinations > s.CellCount {
		cells += " of " + wording.Count(int64(s.Combinations)) + " combinations"
	}
	facts := fmt.Sprintf("%s · seed %d · edition %s · %s", cells, s.Seed, wording.Clean(s.Edition), s.Status)
	p.println(p.paint(bold, wording.Clean(s.Scenario)), " · ", facts)
	if s.Question != "" {
		p.wrap("", "", wording.Shorten(wording.Clean(s.Question), 2*columns-20))
	}
	p.println()
	p.sweepTable(s)
	for _, note := range wording.SweepNotes(s) {
		p.println()
		p.wrap("", "", wording.Clean(note))
	}
	_, err := w.Write(p.Bytes())
	return err
}

// sweepTable writes a line for each cell.
func (p *printer) sweepTable(s *reports.Sweep) {
	judged := s.Judged()
	judged = judged[:min(len(judged), maxJudged)]
	rows := [][]string{append(append([]string{""}, s.Keys...), judged...)}
	shown := s.Cells[:min(len(s.Cells), maxCells)]
	for i := range shown {
		rows = append(rows, sweepRow(s, &shown[i], judged))
	}
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for k := range row {
			widths[k] = max(widths[k], len([]rune(row[k])))
		}
	}
	for i, row := range rows {
		line := ""
		for k, field := range row {
			line += pad(field, widths[k]) + "  "
		}
		line = strings.TrimRight(line, " ")
		if i == 0 {
			line = p.paint(dim, line)
		}
		p.println(line)
	}
	if more := len(s.Cells) - len(shown); more > 0 {
		p.println("… ", wording.Count(int64(more)), " more in sweep.csv")
	}
}

// sweepRow returns the fields of a cell's line. A failed cell has its error in
// place of the figures.
func sweepRow(s *reports.Sweep, c *reports.Cell, judged []string) []string {
	row := []string{cellMark(c)}
	for _, v := range c.Values {
		row = append(row, wording.Shorten(wording.Clean(v), valueWidth))
	}
	for i, name := range judged {
		switch {
		case c.Status != reports.Failed:
			row = append(row, sweepFigure(s, c, name))
		case i == 0:
			row = append(row, wording.Shorten(wording.Clean(c.Error), columns))
		default:
			row = append(row, "")
		}
	}
	return row
}

// sweepFigure writes a metric of a cell, with its confidence interval if there
// are several replications.
func sweepFigure(s *reports.Sweep, c *reports.Cell, name string) string {
	m, ok := c.Figure(name, s.Confidence)
	switch kind := reports.Kind(m.Kind); {
	case !ok || m.Mean.Value == nil:
		return "no data"
	case c.Replications == 1:
		return wording.Figure(kind, *m.Mean.Value)
	default:
		return wording.Shorten(wording.Estimate(kind, &m.Mean), cellWidth)
	}
}

// cellMark returns the worst verdict of a cell.
func cellMark(c *reports.Cell) string {
	switch worst := c.Worst(); {
	case c.Status == reports.Failed:
		return "! error"
	case worst == "":
		return ""
	default:
		mark, _ := verdict(worst)
		return mark + " " + worst
	}
}

// WriteSweepMarkdown writes the same table in Markdown.
func WriteSweepMarkdown(w io.Writer, s *reports.Sweep) error {
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, "## %s\n\n", wording.Escape(s.Scenario))
	if s.Question != "" {
		fmt.Fprintf(b, "%s\n\n", wording.Escape(s.Question))
	}
	judged := s.Judged()
	head := append(append([]string{"verdict"}, s.Keys...), judged...)
	markdownRow(b, head)
	fmt.Fprintf(b, "|%s\n", strings.Repeat(" --- |", len(head)))
	for i := range s.Cells {
		markdownRow(b, sweepRow(s, &s.Cells[i], judged))
	}
	for _, note := range wording.SweepNotes(s) {
		fmt.Fprintf(b, "\n%s\n", wording.Escape(note))
	}
	fmt.Fprintf(b, "\n%s cells, seed %d, edition %s. Simulated by sesim %s, which is not affiliated with AWS.\n",
		wording.Count(int64(s.CellCount)), s.Seed, wording.Escape(s.Edition), wording.Escape(s.Source.Tool))
	return b.Flush()
}

func markdownRow(b *bufio.Writer, fields []string) {
	for _, field := range fields {
		fmt.Fprintf(b, "| %s ", wording.Escape(field))
	}
	fmt.Fprintln(b, "|")
}
