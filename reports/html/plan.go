package html

import (
	"cmp"
	"fmt"
	"io"

	"sesim/reports/planreport"
	"sesim/reports/plot"
	"sesim/reports/wording"
)

// planWords are the verdicts of promises.
var planWords = map[string]string{"kept": "pass", "broken": "fail"}

// WritePlan writes the page of a plan, with the charts that package plot draws of it.
func WritePlan(w io.Writer, p *planreport.Plan, charts []plot.Chart) error {
	sheet := &Sheet{Front: Front{
		Eyebrow: "sesim plan", Title: p.Scenario, Question: cmp.Or(p.Question, "Which values keep the promises?"), Answer: p.Answer(), Rests: p.Basis(),
		Facts: []string{fmt.Sprintf("seed %d", p.Seed), "edition " + wording.Clean(p.Edition), p.Status},
	}}
	if p.Unfinished || p.Status == "interrupted" {
		sheet.Warnings = append(sheet.Warnings, "The search was interrupted. The page has the results so far.")
	}
	for i := range p.Promises {
		promise := &p.Promises[i]
		f := promise.Search
		if promise.Fresh != nil {
			f = promise.Fresh
		}
		v := Verdict{Word: "inconclusive", Text: promise.Expression}
		if f != nil {
			v.Value = f.Sentence
			if word, ok := planWords[f.Verdict]; ok {
				v.Word = word
			}
		}
		sheet.Verdicts = append(sheet.Verdicts, v)
	}
	sheet.Add(charts)
	sheet.Sections = []Section{section("candidates", "Candidates that were tested", p.Rows())}
	return WriteSheet(w, sheet)
}
