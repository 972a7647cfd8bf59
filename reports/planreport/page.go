package planreport

import (
	"fmt"
	"strings"
	"time"

	"sesim/reports/wording"
)

// Answer says in sentences without full stops what to choose, and how well that is
// confirmed.
func (p *Plan) Answer() []string {
	var list []string
	switch p.Status {
	case "found":
		values := make([]string, len(p.Choices))
		for j := range p.Choices {
			values[j] = p.Choices[j].short(p) + " " + wording.Grouped(p.Choices[j].Value)
		}
		verb := "keep"
		if len(values) == 1 {
			verb = "keeps"
		}
		list = append(list, fmt.Sprintf("%s %s %s", strings.Join(values, " and "), verb, p.kept()))
	case "none":
		list = append(list, "No answer in the searched range")
	}
	list = append(list, strings.TrimSuffix(p.Statement, "."))
	for j := range p.Choices {
		if c := &p.Choices[j]; c.Next != nil && len(c.Binds) > 0 {
			list = append(list, fmt.Sprintf("%s %s does not keep %s",
				c.short(p), wording.Grouped(c.Next.Values[j]), strings.Join(c.Binds, ", ")))
		}
	}
	return list
}

// short is the last word of a key, or the key if another one has the same.
func (c *Choice) short(p *Plan) string {
	word := func(key string) string { return key[strings.LastIndexByte(key, '.')+1:] }
	for i := range p.Choices {
		if other := &p.Choices[i]; other != c && word(other.Key) == word(c.Key) {
			return c.Key
		}
	}
	return word(c.Key)
}

// kept says which promises the answer keeps.
func (p *Plan) kept() string {
	if len(p.Apart) == 0 {
		return "all promises"
	}
	return fmt.Sprintf("%d of %d promises", len(p.Promises)-len(p.Apart), len(p.Promises))
}

// Basis says what the answer rests on, in sentences without full stops.
func (p *Plan) Basis() []string {
	list := append(p.Rests(), wording.Given(p.Before, p.Uncertain, wording.EachRun)...)
	if p.Without != nil {
		list = append(list, p.Increases())
	}
	list = append(list, fmt.Sprintf("%s of %s; intervals have %s confidence",
		runs(p.Runs.Total), candidates(p.Runs.Candidates), wording.Percent(p.Confidence)))
	if p.CostUSD > 0 {
		horizon := wording.Span(time.Duration(p.Horizon * float64(time.Second)))
		list = append(list, fmt.Sprintf("Cost: USD %s in %s on average", wording.USD(p.CostUSD), horizon))
	}
	return list
}

// Rows is the table of the candidates, its first row the heading.
func (p *Plan) Rows() [][]string {
	var head []string
	for _, c := range p.Choices {
		head = append(head, c.Key)
	}
	rows := [][]string{append(head, "outcome")}
	for i := range p.Candidates {
		n := &p.Candidates[i]
		var row []string
		for _, v := range n.Values {
			row = append(row, wording.Grouped(v))
		}
		rows = append(rows, append(row, p.Outcome(n)))
	}
	return rows
}

// Outcome says in a few words which promises a candidate does not keep.
func (p *Plan) Outcome(n *Point) string {
	if n.Impossible != "" {
		return "not a valid value"
	}
	parts := p.unkept(n, "broken", "breaks %s: %s")
	if len(parts) == 0 {
		parts = p.unkept(n, "open", "leaves %s open: %s")
	}
	if len(parts) == 0 {
		return "keeps all promises"
	}
	return strings.Join(parts, "; ")
}
