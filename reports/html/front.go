package html

import (
	"cmp"
	"slices"
	"strings"

	"sesim/reports"
	"sesim/reports/plot"
	"sesim/reports/wording"
)

// Front is the first screen of a page: the question, its answer, the chart that shows it,
// what it rests on, and the verdicts.
type Front struct {
	Eyebrow, Title string
	Question       string
	Answer         []string // sentences without a full stop; the first one stands out
	Facts          []string // what was run
	Warnings       []string
	Chart          *plot.Chart // nil: none
	Verdicts       []Verdict
	Rests          []string // what the answer rests on, sentences without a full stop
}

// Verdict is a line about a threshold or a promise.
type Verdict struct {
	Word string // pass, fail, inconclusive, as expected or surprise
	Text string
	// Value is the figure that was judged.
	Value string
}

// maxVerdicts limits the verdicts that the first screen shows at once.
const maxVerdicts = 8

// First returns the verdicts that the first screen shows at once.
func (f Front) First() []Verdict { return f.Verdicts[:min(len(f.Verdicts), maxVerdicts)] }

// Tally counts the verdicts by their words: "1 failed, 3 passed, 2 as expected".
func (f Front) Tally() string {
	counts := map[string]int{}
	for _, v := range f.Verdicts {
		counts[v.Word]++
	}
	var parts []string
	for _, word := range verdictOrder {
		if n := counts[word]; n > 0 {
			parts = append(parts, wording.Count(int64(n))+" "+cmp.Or(tallied[word], word))
		}
	}
	return strings.Join(parts, ", ")
}

// verdictOrder has the words of verdicts, the one that matters most first.
var verdictOrder = []string{"fail", "surprise", "inconclusive", "pass", "as expected"}

var tallied = map[string]string{"fail": "failed", "pass": "passed", "surprise": "not as expected"}

// Describes reports whether some verdict is about what the scenario describes, not about what
// it asks for.
func (f Front) Describes() bool {
	return slices.ContainsFunc(f.Verdicts, func(v Verdict) bool { return v.Word == "as expected" || v.Word == "surprise" })
}

// More returns the others.
func (f Front) More() []Verdict { return f.Verdicts[len(f.First()):] }

// Class is the style of a verdict.
func (v Verdict) Class() string {
	switch v.Word {
	case "pass", "fail":
		return v.Word
	case "as expected":
		return "expected"
	case "surprise":
		return "surprise"
	}
	return "inconclusive"
}

// Mark is the verdict's sign.
func (v Verdict) Mark() string {
	switch v.Word {
	case "pass":
		return "✓"
	case "fail":
		return "✗"
	case "as expected":
		return "="
	case "surprise":
		return "!"
	}
	return "?"
}

// Sentences returns texts without their full stops, as a Front has them.
func Sentences(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = strings.TrimSuffix(s, ".")
	}
	return out
}

// newFront returns the first screen of a run.
func newFront(r *reports.Report, charts []plot.Chart) Front {
	s := &r.Summary
	f := Front{
		Eyebrow: "sesim report", Title: s.Scenario, Question: s.Question, Answer: wording.Answer(r), Facts: wording.Facts(r),
		Verdicts: verdicts(s.Thresholds), Rests: wording.Rests(r),
	}
	if s.EndSeconds != nil {
		f.Warnings = append(f.Warnings, "The run was interrupted. The report covers the time until then.")
	}
	if i := slices.IndexFunc(charts, plot.Chart.Drawn); i >= 0 {
		f.Chart = &charts[i]
	}
	return f
}

// verdicts returns the lines of thresholds: first what failed or surprises.
func verdicts(list []reports.Threshold) []Verdict {
	describes := reports.Describing(list)
	lines := make([]Verdict, len(list))
	for i := range list {
		t := &list[i]
		lines[i] = Verdict{wording.Verdict(t, describes[i]), t.Expression, wording.Value(t)}
	}
	slices.SortStableFunc(lines, func(a, b Verdict) int { return weight(a) - weight(b) })
	return lines
}

// weight is the place of a verdict among others.
func weight(v Verdict) int { return slices.Index(verdictOrder, v.Word) }
