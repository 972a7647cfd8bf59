package planreport

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"sesim/reports/wording"
	"sesim/sim/unit"
)

// Write writes the plan as text. Replay is the shell command that repeats it,
// run the one that simulates the answer.
func (p *Plan) Write(w io.Writer, replay, run string) error {
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, "# Plan: %s, seed %d\n\n%s\n\n", wording.Clean(p.Scenario), p.Seed, p.headline())
	p.table(b)
	switch {
	case p.Status == "found":
		p.promises(b)
		p.aparts(b)
		p.losses(b)
		if p.CostUSD > 0 {
			fmt.Fprintf(b, "Cost: USD %s in %s on average; every accepted recipient is billed.\n\n", wording.USD(p.CostUSD),
				wording.Span(time.Duration(p.Horizon*float64(time.Second))))
		}
		p.around(b)
	case p.Nearest != nil:
		p.aparts(b)
		p.nearest(b)
	}
	for _, given := range wording.Given(p.Before, p.Uncertain, wording.EachRun) {
		fmt.Fprintf(b, "%s\n\n", wording.Clean(given))
	}
	p.headroom(b)
	p.growth(b)
	p.without(b)
	p.assumptions(b)
	p.doubts(b)
	fmt.Fprintf(b, "%s%s of %s, %s of them to confirm the answer and %s to look further. "+
		"Intervals in brackets have %s confidence.\n\nTo repeat: %s\n",
		order(p.Choices), runs(p.Runs.Total), candidates(p.Runs.Candidates),
		wording.Count(int64(p.Runs.Confirming)), wording.Count(int64(p.Runs.Further)),
		wording.Percent(p.Confidence), wording.Clean(replay))
	if p.Status == "found" {
		fmt.Fprintf(b, "To run it: %s\n", wording.Clean(run))
	}
	return b.Flush()
}

func candidates(n int) string { return unit.Plural(int64(n), "candidate", "candidates") }

// headline states the outcome of the search and its confidence.
func (p *Plan) headline() string {
	switch p.Status {
	case "found":
		s := p.found() + p.Statement
		if p.Unfinished {
			s += " What follows was interrupted and is not complete."
		}
		return s
	case "none":
		return "No answer. " + p.Statement
	}
	return p.Statement
}

// found says that there is an answer, and for which promises.
func (p *Plan) found() string {
	if len(p.Apart) == 0 {
		return "There is an answer. "
	}
	values := make([]string, len(p.Choices))
	for j := range p.Choices {
		values[j] = p.Choices[j].Value
	}
	var missed, open []string
	for _, a := range p.Apart {
		if a.Undecided {
			open = append(open, a.Promise)
		} else {
			missed = append(missed, a.Promise)
		}
	}
	verb, left := "keep", len(p.Promises)-len(p.Apart)
	if len(values) == 1 {
		verb = "keeps"
	}
	text := fmt.Sprintf("%s %s %s", strings.Join(values, " and "), verb, unit.Plural(int64(left), "promise", "promises"))
	if len(missed) > 0 {
		text += fmt.Sprintf("; whatever you choose, %s not kept", are(missed))
	}
	if len(open) > 0 {
		text += fmt.Sprintf("; whatever you choose, %s undecided in so few runs", are(open))
	}
	return text + ". "
}

// are joins texts with the verb for their number.
func are(list []string) string {
	if len(list) == 1 {
		return list[0] + " is"
	}
	return strings.Join(list, " and ") + " are"
}

// table writes the answer and the searched range of each key.
func (p *Plan) table(w io.Writer) {
	fmt.Fprint(w, "| key | answer | searched range |\n| --- | --- | --- |\n")
	for _, c := range p.Choices {
		answer := c.Value
		if answer == "" {
			answer = "–"
		}
		fmt.Fprintf(w, "| %s | %s | %s; %s wanted |\n", c.Key, answer, c.among(), c.Wanted)
	}
	fmt.Fprintln(w)
}

func (c *Choice) among() string {
	if c.Step == "" {
		return strings.Join(c.Values, ", ")
	}
	return fmt.Sprintf("%s to %s in steps of %s", c.From, c.To, c.Step)
}

// promises writes a line for each promise.
func (p *Plan) promises(w io.Writer) {
	for _, promise := range p.Promises {
		if slices.ContainsFunc(p.Apart, func(a Apart) bool { return a.Promise == promise.Expression }) {
			continue
		}
		f := promise.Search
		if promise.Fresh != nil {
			f = promise.Fresh
		}
		fmt.Fprintf(w, "- %s %s: %s\n", mark(f.Verdict), promise.Expression, f.Sentence)
	}
	fmt.Fprintln(w)
}

// aparts writes the promises that the keys do not move.
func (p *Plan) aparts(w io.Writer) {
	for _, a := range p.Apart {
		fmt.Fprintf(w, "- %s %s, whatever you choose: %s", mark(a.Figure.Verdict), a.Promise, a.Figure.Sentence)
		if a.Cause != "" {
			fmt.Fprintf(w, "; it comes from %s", a.Cause)
		}
		fmt.Fprintln(w)
	}
	if len(p.Apart) > 0 {
		fmt.Fprintln(w)
	}
}

// losses writes which senders give up mail under the answer.
func (p *Plan) losses(w io.Writer) {
	for _, l := range p.Lost {
		fmt.Fprintf(w, "Lost under this answer: %s gives up mail in %s of %s, %s %s on average, which is %s, and at most %s.\n\n",
			wording.Clean(l.Sender), wording.Count(int64(l.Lossy)), runs(l.Runs), wording.Decimal(l.Mean, 2), l.Unit,
			wording.Percent(l.Share), wording.Count(l.Most))
	}
}

// headroom writes which growth of the mail the answer stands.
func (p *Plan) headroom(w io.Writer) {
	if len(p.Headroom) == 0 {
		return
	}
	fmt.Fprint(w, "Headroom of the answer, with more mail at once:\n\n")
	for i := range p.Headroom {
		h := &p.Headroom[i]
		p.outcome(w, fmt.Sprintf("%s more", wording.Percent(h.Growth)), &h.Point)
	}
	fmt.Fprintln(w)
}

// growth writes by when to ask for which increase.
func (p *Plan) growth(w io.Writer) {
	g := p.Growth
	if g == nil {
		return
	}
	span := func(seconds float64) string { return wording.Span(time.Duration(seconds) * time.Second) }
	fmt.Fprintf(w, "Growth by %s every %s, followed for %s:\n\n", wording.Percent(g.Share), span(g.EverySeconds), span(g.OverSeconds))
	for _, i := range g.Increases {
		by := i.By.Format(time.DateOnly)
		if len(i.Values) == 0 {
			fmt.Fprintf(w, "- by %s: no values in the searched range keep the promises until %s (mail × %s)\n", by,
				i.Until.Format(time.DateOnly), wording.Decimal(i.Mail, 2))
			continue
		}
		fmt.Fprintf(w, "- have by %s: %s; lasts until %s (mail × %s)\n", by, p.settings(i.Values), i.Until.Format(time.DateOnly),
			wording.Decimal(i.Mail, 2))
	}
	switch {
	case p.Unfinished:
		fmt.Fprint(w, "- interrupted: what comes later is not known\n")
	case len(g.Increases) == 0:
		fmt.Fprint(w, "- the answer lasts\n")
	}
	fmt.Fprint(w, "\nAsk early: AWS does not publish how long an increase takes.\n\n")
}

// without writes the answer without automatic quota increases.
func (p *Plan) without(w io.Writer) {
	o := p.Without
	if o == nil {
		return
	}
	fmt.Fprintf(w, "%s. %s (%s, --set %s)\n\n", p.Increases(), o.Statement, runs(o.Runs.Total), o.Setting)
}

// Increases says what the answer is without automatic quota increases, without a full
// stop; "" if it does not rest on any.
func (p *Plan) Increases() string {
	if p.Without == nil {
		return ""
	}
	text := "This rests on automatic quota increases, which AWS might give and nobody can ask for. "
	switch o := p.Without; {
	case len(o.Values) > 0:
		return text + "Without them the answer is " + p.settings(o.Values)
	case o.Status == "interrupted":
		return text + "Whether there is an answer without them is not known"
	}
	return text + "Without them there is no answer"
}

// settings lists values of the keys.
func (p *Plan) settings(values []string) string {
	list := make([]string, len(values))
	for j, v := range values {
		list[j] = p.Choices[j].Key + " = " + v
	}
	return strings.Join(list, ", ")
}

func mark(verdict string) string {
	switch verdict {
	case "kept":
		return "✓"
	case "broken":
		return "✗"
	}
	return "?"
}

// around writes the effect of one step less, half and double.
func (p *Plan) around(w io.Writer) {
	for j := range p.Choices {
		c := &p.Choices[j]
		fmt.Fprintf(w, "%s, everything else unchanged:\n\n", c.Key)
		switch {
		case c.Next == nil && c.Value != c.end():
		case c.Next == nil:
			fmt.Fprintf(w, "- %s is the %s value of the searched range: no promise is binding\n", c.Value, c.Wanted)
		default:
			p.neighbour(w, step(c), j, c.Next)
		}
		p.neighbour(w, "half", j, c.Half)
		p.neighbour(w, "double", j, c.Double)
		fmt.Fprintln(w)
	}
}

// end returns the wanted end of the searched range.
func (c *Choice) end() string {
	if c.Wanted == "largest" {
		return c.To
	}
	return c.From
}

// step names one step towards the wanted end.
func step(c *Choice) string {
	if c.Wanted == "largest" {
		return "one step more"
	}
	return "one step less"
}

func (p *Plan) neighbour(w io.Writer, what string, j int, n *Point) {
	if n == nil {
		return
	}
	if n.Impossible != "" {
		fmt.Fprintf(w, "- %s, %s, is not a valid value\n", what, n.Values[j])
		return
	}
	p.outcome(w, fmt.Sprintf("%s, %s", what, n.Values[j]), n)
}

// outcome writes which promises a point does not keep, and what it loses.
func (p *Plan) outcome(w io.Writer, what string, n *Point) {
	parts := p.unkept(n, "broken", "breaks %s: %s")
	if len(parts) == 0 { // open promises matter only if none is broken: only then were more runs made
		parts = p.unkept(n, "open", "leaves %s open: %s")
	}
	if len(parts) == 0 {
		parts = []string{"keeps all promises"}
	}
	for _, l := range n.Lost {
		parts = append(parts, fmt.Sprintf("%s loses %s of its mail", wording.Clean(l.Sender), wording.Percent(l.Share)))
	}
	fmt.Fprintf(w, "- %s, %s\n", what, strings.Join(parts, "; "))
}

// unkept returns a phrase for each promise with that verdict.
func (p *Plan) unkept(n *Point, verdict, format string) []string {
	var parts []string
	for i, f := range n.Figures {
		if f.Verdict == verdict && !f.Aside {
			parts = append(parts, fmt.Sprintf(format, p.Promises[i].Expression, f.Sentence))
		}
	}
	return parts
}

// nearest writes the candidate closest to an answer.
func (p *Plan) nearest(w io.Writer) {
	n := p.Nearest
	what := "The nearest miss"
	if n.Kept {
		what = "The best so far"
	}
	fmt.Fprintf(w, "%s: %s.\n\n", what, p.settings(n.Values))
	for i, f := range n.Figures {
		fmt.Fprintf(w, "- %s %s: %s, %s\n", mark(f.Verdict), p.Promises[i].Expression, f.Verdict, f.Sentence)
	}
	fmt.Fprintln(w)
}

// maxDoubts limits the witnesses written; the JSON has all.
const maxDoubts = 5

// doubts writes which promises are not monotone and which runs refuted earlier
// answers.
func (p *Plan) doubts(w io.Writer) {
	for _, n := range p.NoOrder {
		var turns []string
		for _, t := range n.Turns {
			turns = append(turns, t.Verdict+" from "+t.Value)
		}
		fmt.Fprintf(w, "%s is not monotone in %s: %s at the points tested. Values in between may differ.\n\n",
			n.Promise, n.Key, strings.Join(turns, ", "))
	}
	if len(p.Witnesses) == 0 {
		return
	}
	first := max(0, len(p.Witnesses)-maxDoubts)
	fmt.Fprintf(w, "Earlier answers were refuted by %s, most recently:\n\n", runs(len(p.Witnesses)))
	for _, x := range p.Witnesses[first:] {
		fmt.Fprintf(w, "- seed %d breaks %s at %s\n", x.Seed, x.Promise, strings.Join(x.Values, ", "))
	}
	fmt.Fprintln(w)
}

// order names the order in which the keys were chosen; "" for a single key.
func order(choices []Choice) string {
	if len(choices) == 1 {
		return ""
	}
	keys := make([]string, len(choices))
	verb := "minimized"
	if choices[0].Wanted == "largest" {
		verb = "maximized"
	}
	for j, c := range choices {
		keys[j] = c.Key
		if c.Wanted != choices[0].Wanted {
			verb = "optimized"
		}
	}
	return "The keys are " + verb + " in this order: " + strings.Join(keys, ", ") + ".\n"
}
