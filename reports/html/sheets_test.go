package html_test

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"sesim/reports"
	"sesim/reports/benchmark"
	"sesim/reports/compare"
	"sesim/reports/html"
	"sesim/reports/internal/reporttest"
	"sesim/reports/planreport"
	"sesim/reports/plot"
)

// has wants texts in a page, in order, and a page that is allowed its own script only.
func has(t *testing.T, err error, b *bytes.Buffer, parts ...string) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	rest := oneScript(t, b.String())
	for _, part := range parts {
		_, after, found := strings.Cut(rest, part)
		if !found {
			t.Fatalf("%q is missing, or not in its place", part)
		}
		rest = after
	}
}

func cell(number int, value string, hits int) reports.Cell {
	share, low, high := float64(hits)/5, 0.1, 0.6
	return reports.Cell{
		Number: number, Values: []string{value}, Numbers: []*float64{nil}, Status: reports.Complete, Replications: 5,
		Metrics:    []reports.Metric{{Name: "acme.refused.rate", Kind: "share", Data: 5, Mean: reports.Estimate{Value: &share, Low: &low, High: &high}}},
		Thresholds: []reports.Threshold{{Expression: "acme.refused.rate < 50%", Verdict: map[bool]string{true: "pass", false: "fail"}[hits < 3], Kind: "share"}},
	}
}

// TestSweepPage: the page of a sweep has the finding of its chart, in how many cells each
// threshold passes, and all cells with their intervals.
func TestSweepPage(t *testing.T) {
	s := &reports.Sweep{
		Scenario: "which", Question: "Which <quota>?", Edition: "current", Seed: 3, Status: reports.Interrupted, Keys: []string{"account.acme.quota"},
		Axes: [][]int{{0}}, Confidence: 0.95, CellCount: 2, Cells: []reports.Cell{cell(0, "10000", 5), cell(1, "20000", 1)},
	}
	charts, err := plot.Sweep(s)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	has(t, html.WriteSweep(&b, s, charts), &b, "<title>which – sesim sweep", "Which &lt;quota&gt;?", "The sweep was interrupted",
		`<p class="answer">acme.refused.rate falls from 100% (10% to 60%) to 20% (10% to 60%) as quota goes from 10,000 to 20,000.</p>`,
		"<figure", "in part</strong> <code>acme.refused.rate &lt; 50%", "passes in 1 of 2 cells", "Each cell has 5 replications",
		`id="cells"`, "<td>10,000</td><td>fail</td><td>100% (10% to 60%)</td>", "<td>20,000</td><td>pass</td><td>20% (10% to 60%)</td>")
}

// TestComparisonPage: what differs is said first, with the figures of the comparison.
func TestComparisonPage(t *testing.T) {
	sides := make([]*compare.Side, 2)
	for i, label := range []string{"as it is", "audience.customers.invalid=3%"} {
		r := reporttest.Coarse(t, 1)
		if i > 0 {
			r.Summary.Accounts[0].BounceRate.Max = 0.031
			v := 0.031
			r.Summary.Thresholds[0].Value, r.Summary.Thresholds[0].Verdict = &v, "pass"
		}
		side, err := compare.Of(label, r)
		if err != nil {
			t.Fatal(err)
		}
		sides[i] = side
	}
	c := compare.New(sides, nil, nil)
	charts, err := plot.Overlays(c)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	has(t, html.WriteComparison(&b, c, charts), &b, "sesim comparison",
		`<p class="answer">With invalid 3%, 1 of 2 verdicts changes: acme.bounce_rate.max &lt; 5%.</p>`,
		"acme.bounce_rate.max goes from 11.7% to 3.1% (-8.56 pp)", "Single runs: the differences have no confidence intervals",
		"A, the baseline", "audience.customers.invalid=3%", "fail, 11.7%</td><td>pass, 3.1%", `id="figures"`, "-8.56 pp")
}

// TestPlanPage: the answer, the map of the candidates and the verdicts of the promises.
func TestPlanPage(t *testing.T) {
	half := 0.5
	point := func(quota, rate, verdict string) planreport.Point {
		return planreport.Point{Values: []string{quota, rate}, Kept: verdict == "kept",
			Figures: []planreport.Figure{{Verdict: verdict, Runs: 2, Value: &half, Sentence: "fails in 1 of 2 runs"}}}
	}
	p := &planreport.Plan{
		Scenario: "steady", Seed: 7, Edition: "current", Status: "found", Statement: "2 fresh runs confirm it.", Confidence: 0.95,
		Choices: []planreport.Choice{
			{Key: "account.acme.quota", Wanted: "smallest", From: "100", Value: "4000", Binds: []string{"acme.refused == 0"},
				Next: &planreport.Point{Values: []string{"3990", "2"}}},
			{Key: "account.acme.rate", Wanted: "smallest", From: "1", Value: "2"},
		},
		Promises:   []planreport.Promise{{Expression: "acme.refused == 0", Fresh: &planreport.Figure{Verdict: "kept", Sentence: "holds in all 2 runs"}}},
		Candidates: []planreport.Point{point("100", "1", "broken"), point("4000", "2", "kept"), point("9000", "2", "open")},
	}
	charts, err := plot.Plan(p)
	if err != nil || len(charts) != 1 || !charts[0].Drawn() {
		t.Fatalf("%d charts: %v", len(charts), err)
	}
	var b bytes.Buffer
	has(t, html.WritePlan(&b, p, charts), &b, `<p class="question">Which values keep the promises?</p>`, `<p class="answer">quota 4,000 and rate 2 keep all promises.</p>`,
		"2 fresh runs confirm it. quota 3,990 does not keep acme.refused == 0.", "<h3>quota 4,000 and rate 2 keep all promises</h3>",
		"pass</strong> <code>acme.refused == 0</code>", "holds in all 2 runs",
		`<th scope="row">100</th><td>1</td><td>breaks acme.refused == 0: fails in 1 of 2 runs</td>`,
		`<th scope="row">4,000</th><td>2</td><td>keeps all promises</td>`)
	p.Question = "Which quota?"
	b.Reset()
	has(t, html.WritePlan(&b, p, charts), &b, `<p class="question">Which quota?</p>`)
	one := *p
	one.Choices, one.Candidates = p.Choices[:1], nil
	for _, n := range p.Candidates {
		n.Values = n.Values[:1]
		one.Candidates = append(one.Candidates, n)
	}
	if charts, err := plot.Plan(&one); err != nil || len(charts) != 1 || charts[0].Title != "quota 4,000 keeps all promises" {
		t.Errorf("a plan of one key has %d charts, %v", len(charts), err)
	}
	p.Candidates[0].Values[0] = "no number"
	if charts, err := plot.Plan(p); err != nil || len(charts) != 0 {
		t.Errorf("values that are no numbers have %d charts, %v", len(charts), err)
	}
}

// TestBenchmarkPage: the findings of the charts of the recorded figures are the answer.
func TestBenchmarkPage(t *testing.T) {
	text, err := os.ReadFile("../gallery/bench.json")
	r := &benchmark.Report{}
	if err == nil {
		err = json.Unmarshal(text, r)
	}
	if err != nil {
		t.Fatal(err)
	}
	charts, err := plot.Benchmarks(r)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	has(t, html.WriteBenchmark(&b, r, charts), &b, "sesim bench", `<p class="answer">`+charts[0].Title+".</p>", "<figure", charts[1].Title+"</h3>")
}

// TestTally: what failed and what surprises stands first.
func TestTally(t *testing.T) {
	f := html.Front{}
	if f.Tally() != "" {
		t.Errorf("without verdicts the tally is %q", f.Tally())
	}
	for _, word := range []string{"pass", "as expected", "surprise", "pass", "fail", "inconclusive"} {
		f.Verdicts = append(f.Verdicts, html.Verdict{Word: word})
	}
	if got := f.Tally(); got != "1 failed, 1 not as expected, 1 inconclusive, 2 passed, 1 as expected" {
		t.Errorf("the tally is %q", got)
	}
	const note = "what is only described is as expected or a surprise"
	for _, c := range []struct {
		verdicts []html.Verdict
		told     bool
	}{{f.Verdicts, true}, {f.Verdicts[:1], false}} {
		var b bytes.Buffer
		if err := html.WriteSheet(&b, &html.Sheet{Front: html.Front{Verdicts: c.verdicts}}); err != nil || strings.Contains(b.String(), note) != c.told {
			t.Errorf("of %d verdicts the page tells what they are: %t, want %t (%v)", len(c.verdicts), !c.told, c.told, err)
		}
	}
}
