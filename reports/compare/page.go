package compare

import (
	"fmt"
	"slices"
	"strings"
)

// maxFindings limits the figures that Findings names of a run.
const maxFindings = 3

// Findings says in sentences without full stops what differs: of each run which
// thresholds have another verdict than in the baseline, and how the figures change that
// thresholds and limits are about.
func (c *Comparison) Findings() []string {
	var list []string
	for i := range c.Runs[1:] {
		list = append(list, c.verdictsOf(i+1))
		shown := 0
		for k := range c.Figures {
			f := &c.Figures[k]
			if ch := f.Changes[i]; f.rank > 0 || !ch.Certain() || shown == maxFindings || strings.Contains(change(f, i), "no data") {
				continue
			}
			shown++
			list = append(list, fmt.Sprintf("%s goes from %s to %s (%s)",
				f.Metric, value(f.Kind, f.Values[0]), value(f.Kind, f.Values[i+1]), change(f, i)))
		}
	}
	return list
}

// verdictsOf says which verdicts a run changes.
func (c *Comparison) verdictsOf(run int) string {
	var changed []string
	for _, t := range c.Thresholds {
		if t.Verdicts[run] != t.Verdicts[0] {
			changed = append(changed, t.Expression)
		}
	}
	of := "verdicts"
	if len(c.Thresholds) == 1 {
		of = "verdict"
	}
	if len(changed) == 0 {
		return fmt.Sprintf("With %s no verdict changes", ShortLabel(c.Runs[run].Label))
	}
	more := ""
	if n := len(changed) - maxFindings; n > 0 {
		more = fmt.Sprintf(" and %d more", n)
	}
	return fmt.Sprintf("With %s %d of %d %s change: %s%s", ShortLabel(c.Runs[run].Label), len(changed), len(c.Thresholds), of,
		strings.Join(changed[:min(len(changed), maxFindings)], ", "), more)
}

// ShortLabel writes the settings of a variant by the last words of their keys: "invalid
// 3%" for "audience.customers.invalid=3%". Other labels are as they are.
func ShortLabel(label string) string {
	parts := strings.Split(label, ", ")
	for i, part := range parts {
		key, value, isSetting := strings.Cut(part, "=")
		if !isSetting || strings.ContainsAny(key, " /\\") {
			return label
		}
		parts[i] = key[strings.LastIndexByte(key, '.')+1:] + " " + value
	}
	return strings.Join(parts, ", ")
}

// Rows is the table of the figures that changed, its first row the heading, and notes on
// what it leaves out and on what the runs rest on.
func (c *Comparison) Rows() (rows [][]string, notes []string) {
	list, more, chance := c.shown(maxMarkdownRows, maxMarkdownRows)
	return c.figureTable(list), slices.Concat(c.footnotes(more, chance), c.assumed())
}

// Verdicts is the table of all thresholds in all runs, its first row the heading.
func (c *Comparison) Verdicts() [][]string {
	head := []string{"threshold"}
	for i := range c.Runs {
		head = append(head, Letter(i))
	}
	rows := [][]string{head}
	for k := range c.Thresholds {
		t := &c.Thresholds[k]
		row := []string{t.Expression}
		for i, v := range t.Verdicts {
			row = append(row, verdictWord(v)+", "+t.value(i))
		}
		rows = append(rows, row)
	}
	return rows
}
