package compare

import (
	"fmt"
	"slices"
	"strings"

	"sesim/reports/wording"
	"sesim/sim"
	"sesim/sim/criteria"
	"sesim/sim/ses"
)

// maxFindings limits the figures that Findings names of a run.
const maxFindings = 3

// Findings says in sentences without full stops what differs: of each run which reviews and
// pauses it has in place of those of the baseline, which thresholds have another verdict, and
// how the figures change that thresholds and limits are about.
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

// verdictsOf says which reviews and pauses a run changes and how many verdicts or, without
// such a change, which verdicts.
func (c *Comparison) verdictsOf(run int) string {
	with := "With " + ShortLabel(c.Runs[run].Label) + ", "
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
		return with + "no verdict changes"
	}
	verb := "change"
	if len(changed) == 1 {
		verb = "changes"
	}
	count := fmt.Sprintf("%d of %d %s %s", len(changed), len(c.Thresholds), of, verb)
	if decided := c.decisionsOf(run); len(decided) > 0 {
		return with + strings.Join(decided, ", ") + "; " + count
	}
	more := ""
	if n := len(changed) - maxFindings; n > 0 {
		more = fmt.Sprintf(" and %d more", n)
	}
	return with + count + ": " + strings.Join(changed[:min(len(changed), maxFindings)], ", ") + more
}

// decisionsOf says which accounts come under review or are paused in a run and never in the
// baseline, or the other way round.
func (c *Comparison) decisionsOf(run int) (list []string) {
	for i := range c.Figures {
		f := &c.Figures[i]
		account, kind, event, ok := sim.EventMetric(f.Metric)
		before, now := f.Values[0], f.Values[run]
		if !ok || kind != criteria.Count || before != 0 && now != 0 || !(before+now > 0) || !f.Changes[run-1].Certain() || len(list) == maxFindings {
			continue
		}
		words := wording.Decision(event)
		if words != "" && now == 0 {
			words = never[event]
		}
		if words != "" {
			list = append(list, wording.Clean(account)+" "+words)
		}
	}
	return list
}

// never says that what wording.Decision says does not happen.
var never = map[ses.Event]string{ses.EventUnderReview: "does not come under review", ses.EventPaused: "is not paused"}

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
