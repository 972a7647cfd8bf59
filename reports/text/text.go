// Package text writes a report for a terminal: verdicts first, then a summary
// that fits on one screen. Colour is optional and never the only carrier of a
// meaning. The second format is Markdown to paste into an issue or a support
// case.
//
// Control characters are removed from the names and texts of a scenario, so
// that no scenario can control the terminal.
package text

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"sesim/reports"
	"sesim/reports/wording"
	"sesim/sim/unit"
)

// The size of the screen that the text fits on, with one or two accounts.
const (
	columns = 100 // unless a Style says otherwise
	narrow  = 40  // the least that prose is set to
	lines   = 40
	maxRows = 15 // of the table of many accounts
)

// budget limits the lines of the parts of a screen that may be long.
type budget struct{ thresholds, timeline, refusals, reads int }

// budgets are tried in turn until the text fits on the screen.
var budgets = []budget{
	{12, 8, 5, 12}, {12, 8, 5, 4}, {8, 6, 3, 8}, {6, 4, 1, 6}, {4, 3, 1, 4}, {3, 2, 0, 3}, {2, 1, 0, 0},
}

// Style says what a text is set for.
type Style struct {
	Colour  bool // with escape codes for colours
	Columns int  // of a line of prose; 0: 100
}

// printer returns a printer of this style.
func (s Style) printer(r *reports.Report) *printer {
	p := &printer{r: r, colour: s.Colour, width: columns}
	if s.Columns > 0 {
		p.width = max(s.Columns, narrow)
	}
	return p
}

// Write writes the report. Prose is set to the style's columns; lines of figures
// may be longer.
func Write(w io.Writer, r *reports.Report, style Style) error {
	chosen := budgets[len(budgets)-1]
	for _, b := range budgets {
		p := Style{}.printer(r) // what is shown does not depend on the columns
		p.screen(b)
		if bytes.Count(p.Bytes(), []byte("\n")) <= lines {
			chosen = b
			break
		}
	}
	p := style.printer(r)
	p.screen(chosen)
	_, err := w.Write(p.Bytes())
	return err
}

func (p *printer) screen(b budget) {
	p.head()
	p.verdicts(b.thresholds)
	p.orders()
	p.assumptions()
	if p.r.Summary.Replications != nil {
		p.replicated()
		return
	}
	p.answers()
	accounts := p.r.Summary.Accounts
	if len(accounts) > 2 {
		p.table()
	} else {
		for i := range accounts {
			p.account(&accounts[i], b)
		}
	}
	p.shares()
	p.clients()
	p.reads(b.reads)
	p.further()
}

// printer collects the text.
type printer struct {
	bytes.Buffer
	r      *reports.Report
	colour bool
	width  int // of a line of prose
}

// The colours, by SGR number.
const (
	red    = 31
	green  = 32
	yellow = 33
	bold   = 1
	dim    = 2
)

func (p *printer) paint(sgr int, s string) string {
	if !p.colour {
		return s
	}
	return fmt.Sprintf("\x1b[%dm%s\x1b[0m", sgr, s)
}

func (p *printer) println(parts ...string) { p.WriteString(strings.Join(parts, "") + "\n") }

// wrap breaks a text into lines and indents those after the first.
func (p *printer) wrap(first, rest, s string) {
	line, indent := first, first
	for word := range strings.FieldsSeq(s) {
		if len([]rune(line))+1+len([]rune(word)) > p.width && line != indent {
			p.println(line)
			line, indent = rest, rest
		}
		if line != indent {
			line += " "
		}
		line += wording.Shorten(word, p.width-len(rest))
	}
	p.println(line)
}

func (p *printer) head() {
	s := &p.r.Summary
	state := s.Status
	if s.Status == reports.Interrupted {
		state = fmt.Sprintf("interrupted before %s", wording.Span(time.Duration(s.HorizonSeconds)))
	}
	seed := fmt.Sprintf("seed %d", s.Seed)
	if s.Replications != nil {
		seed = unit.Plural(int64(s.Replications.Count), "replication", "replications") + " from " + seed
	}
	facts := fmt.Sprintf("%s from %s · %s · edition %s · %s",
		wording.Span(p.r.End()), s.Start.Format("2006-01-02 15:04 UTC"), seed, wording.Clean(s.Edition), state)
	name := wording.Shorten(wording.Clean(s.Scenario), max(12, columns-len([]rune(facts))-3))
	p.println(p.paint(bold, name), " · ", facts)
	if s.Question != "" {
		p.wrap("", "", wording.Shorten(wording.Clean(s.Question), 2*columns-20))
	}
}

// verdicts writes at most the given number of thresholds, failures first.
func (p *printer) verdicts(most int) {
	const widest = 56
	list := worstFirst(p.r.Summary.Thresholds)
	shown := list[:min(len(list), most)]
	width := 0
	for _, t := range shown {
		width = max(width, min(len([]rune(t.Expression)), widest))
	}
	p.println()
	for i := range shown {
		t := &shown[i]
		mark, sgr := verdict(t.Verdict)
		expression := wording.Shorten(wording.Clean(t.Expression), widest)
		p.println("  ", p.paint(sgr, fmt.Sprintf("%s %-12s", mark, t.Verdict)), "  ", pad(expression, width), "  ", wording.Value(t))
	}
	if more := len(list) - len(shown); more > 0 {
		p.println("  … ", wording.Count(int64(more)), " more in summary.json")
	}
	if len(list) == 0 {
		p.println("  no thresholds")
	}
	p.println()
}

// maxAnswers bounds the sentences about single accounts.
const maxAnswers = 5

// answers sums up each account, and the global list, in a sentence.
func (p *printer) answers() {
	most := maxAnswers
	if together := wording.Together(p.r); together != "" {
		p.wrap("", "  ", together+".")
		most -= 2 // the lines it takes
	}
	for _, i := range wording.Ranked(p.r)[:min(len(p.r.Summary.Accounts), most)] {
		p.wrap("", "  ", p.answer(&p.r.Summary.Accounts[i]))
	}
	p.wrap("", "  ", wording.GlobalList(p.r)+".")
	for _, note := range wording.Notes(&p.r.Summary) {
		p.wrap("", "  ", wording.Clean(note)+".")
	}
}

// answer returns a sentence of at most two lines. The clause about refusals is
// left out if the account's own figures follow below.
func (p *printer) answer(a *reports.Account) string {
	const most = 2*columns - 20
	clauses := wording.Clauses(p.r, a)
	if len(p.r.Summary.Accounts) <= 2 && len(clauses) > 1 {
		clauses = clauses[:len(clauses)-1]
	}
	name := wording.Shorten(wording.Clean(a.Name), 40)
	for len(clauses) > 1 && len([]rune(name+strings.Join(clauses, "; "))) > most {
		clauses = clauses[:len(clauses)-1]
	}
	return wording.Shorten(name+" "+strings.Join(clauses, "; "), most) + "."
}

// worstFirst returns failures, then inconclusive thresholds, then passes, each
// in the order of the scenario.
func worstFirst(list []reports.Threshold) []reports.Threshold {
	rank := map[string]int{"fail": 0, "inconclusive": 1, "pass": 2}
	sorted := slices.Clone(list)
	slices.SortStableFunc(sorted, func(a, b reports.Threshold) int { return rank[a.Verdict] - rank[b.Verdict] })
	return sorted
}

func verdict(word string) (mark string, sgr int) {
	switch word {
	case "pass":
		return "✓", green
	case "fail":
		return "✗", red
	}
	return "?", yellow
}

// pad appends spaces to a text up to a width in characters.
func pad(s string, width int) string {
	return s + strings.Repeat(" ", max(0, width-len([]rune(s))))
}

// padLeft prepends them.
func padLeft(s string, width int) string {
	return strings.Repeat(" ", max(0, width-len([]rune(s)))) + s
}
