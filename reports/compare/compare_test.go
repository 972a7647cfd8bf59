package compare_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math"
	"strings"
	"testing"
	"time"

	"sesim/reports"
	"sesim/reports/compare"
	"sesim/reports/internal/reporttest"
	"sesim/sim"
	"sesim/sim/criteria"
	"sesim/sim/replicate"
)

// twoRuns are runs of the same scenario; the second accepted more, had a lower
// bounce rate, and was never paused.
func twoRuns(t *testing.T) []*compare.Side {
	t.Helper()
	a, err := compare.Of("main", reporttest.Coarse(t, 1))
	if err != nil {
		t.Fatal(err)
	}
	cfg, res := reporttest.Run(1)
	acme := &res.Accounts[0]
	acme.Accepted, acme.Delivered, acme.Bounce.Max = acme.Accepted+100, acme.Delivered+100, 0.04
	acme.Timeline = acme.Timeline[:1]
	res.Fingerprint = "fedcba9876543210fedcba9876543210"
	b, err := compare.Of("branch", reporttest.Of(t, cfg, res))
	if err != nil {
		t.Fatal(err)
	}
	return []*compare.Side{a, b}
}

// comparison compares two runs with limits that pass, fail and stay open.
func comparison(t *testing.T) *compare.Comparison {
	t.Helper()
	cfg, _ := reporttest.Run(1)
	var limits []compare.Limit
	for _, text := range []string{"acme.accepted < -5%", "acme.accepted > +50", "acme.time_to.paused > +1d"} {
		l, err := compare.ParseLimit(text, cfg.Metric)
		if err != nil {
			t.Fatal(err)
		}
		limits = append(limits, l)
	}
	sides := twoRuns(t)
	notes, err := compare.Check(sides, nil)
	if err != nil {
		t.Fatal(err)
	}
	return compare.New(sides, notes, limits)
}

func TestGolden(t *testing.T) {
	c := comparison(t)
	for name, write := range map[string]func(io.Writer) error{
		"two.txt":  func(w io.Writer) error { return compare.WriteText(w, c) },
		"two.json": func(w io.Writer) error { return compare.WriteJSON(w, c) },
		"two.md": func(w io.Writer) error {
			return compare.WriteMarkdown(w, c, compare.Picture{Title: "Bounce rate", File: "charts/acme-bounce-rate.svg"})
		},
	} {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Fatal(err)
		}
		reporttest.Golden(t, name, b.String())
	}
}

// TestGiven: what accounts bring along is said once where it is the same, and what is not
// known exactly of each run where that differs.
func TestGiven(t *testing.T) {
	sides := twoRuns(t)
	for _, s := range sides {
		s.Summary.Accounts[0].History = &reports.History{Status: reports.StateReview, SinceSeconds: reports.Seconds(time.Hour)}
	}
	said := func(of ...reports.Uncertain) string {
		t.Helper()
		sides[0].Summary.Uncertain = of
		var b bytes.Buffer
		if err := compare.WriteText(&b, compare.New(sides, nil, nil)); err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(b.String(), "Before the start: acme (under review for 1 h)."); n != 1 {
			t.Errorf("the past is told %d times:\n%s", n, b.String())
		}
		return b.String()
	}
	u := reports.Uncertain{Key: "audience.p.invalid", Value: "3%", Distribution: "beta = [3, 97]"}
	if got := said(); strings.Contains(got, "exactly") {
		t.Errorf("of nothing:\n%s", got)
	}
	if got := said(u); !strings.Contains(got, "\nA: Not known exactly, and at their means in this run: audience.p.invalid 3%") {
		t.Errorf("of one:\n%s", got)
	}
	sides[1].Summary.Uncertain = []reports.Uncertain{u}
	if got := said(u); !strings.Contains(got, "\nNot known exactly, and at their means in all runs: audience.p.invalid 3%") {
		t.Errorf("of both:\n%s", got)
	}
}

// TestTextIsInJSON: every figure that the text shows stands in the JSON.
func TestTextIsInJSON(t *testing.T) {
	c := comparison(t)
	var text, data bytes.Buffer
	if err := errors.Join(compare.WriteText(&text, c), compare.WriteJSON(&data, c)); err != nil {
		t.Fatal(err)
	}
	var back compare.Comparison
	if err := json.Unmarshal(data.Bytes(), &back); err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, f := range back.Figures {
		known[f.Metric] = true
	}
	seen := 0
	for line := range strings.Lines(text.String()) {
		if name, _, _ := strings.Cut(strings.TrimSpace(line), " "); strings.HasPrefix(line, "  acme.") && !strings.Contains(line, "==") && !strings.Contains(line, " < ") {
			seen++
			if !known[name] {
				t.Errorf("the JSON has no %s", name)
			}
		}
	}
	if seen < 5 {
		t.Errorf("the text shows %d figures", seen)
	}
}

// TestPairs: the difference of each pair counts, not the spread of the runs.
// Replications 10, 20, 30 against 11, 22, 33 differ by 2 ± 2.48, though the
// runs themselves spread over 20.
func TestPairs(t *testing.T) {
	nan := math.NaN()
	c := compare.New([]*compare.Side{
		sideOf("a", criteria.Count, 10, 20, 30, nan), sideOf("b", criteria.Count, 11, 22, 33, 5), sideOf("c", criteria.Count, 12, 22, 32, nan),
	}, nil, nil)
	f := c.Figures[0]
	half := 4.302652729749464 / math.Sqrt(3) // Student's t with two degrees of freedom; the differences have variance 1
	if got := f.Changes[0]; got.Difference != 2 || math.Abs(float64(got.High)-2-half) > 1e-9 || math.Abs(float64(got.Low)-2+half) > 1e-9 || got.Pairs != 3 || got.Certain() {
		t.Errorf("the change is %+v, want 2 ± %v of 3 pairs, which may be luck", got, half)
	}
	if got := f.Changes[1]; got.Difference != 2 || got.Low != 2 || got.High != 2 || !got.Certain() {
		t.Errorf("a change that is the same in all pairs is %+v", got)
	}
	if f.Values[0] != 20 || c.Same != 0 {
		t.Errorf("the figure is %+v", f)
	}
}

// TestReplications takes the values of replications from reports, and judges
// thresholds over all of them.
func TestReplications(t *testing.T) {
	cfg, res := reporttest.Run(1)
	side := func(more int64) *compare.Side {
		frame := replicate.NewFrame(cfg, true, replicate.Fixed(3))
		sample := replicate.NewSample(frame)
		report := reporttest.Of(t, cfg, res)
		for i := range 3 {
			one := *res
			one.Accounts = append([]sim.AccountResult{}, res.Accounts...)
			one.Accounts[0].Accepted += int64(i)*10 + more
			record := frame.Record(cfg, i, &one)
			if err := sample.Add(&record); err != nil {
				t.Fatal(err)
			}
		}
		if err := report.Replicate(sample, replicate.Fixed(3)); err != nil {
			t.Fatal(err)
		}
		s, err := compare.Of("x", report)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	c := compare.New([]*compare.Side{side(0), side(7)}, nil, nil)
	if c.Replications != 3 || len(c.Thresholds) != 2 || len(c.Curves()[0]) == 0 {
		t.Fatalf("%d replications, %d thresholds, %d curves", c.Replications, len(c.Thresholds), len(c.Curves()[0]))
	}
	for _, f := range c.Figures {
		if ch := f.Changes[0]; f.Metric == "acme.accepted" && (ch.Difference != 7 || ch.Low != 7 || ch.Pairs != 3) {
			t.Errorf("accepted changed by %+v, want 7 in every pair", ch)
		}
	}

	alone := reporttest.New(t, 1)
	alone.Summary.Replications = &reports.Replications{Count: 3}
	if _, err := compare.Of("x", alone); !errors.Is(err, compare.ErrValues) {
		t.Errorf("a summary of replications without their values: %v", err)
	}
}

// TestCheck changes one condition of the second run.
func TestCheck(t *testing.T) {
	for name, c := range map[string]struct {
		change func(s *compare.Side)
		allow  compare.Difference
		ok     bool // with what is allowed
	}{
		"nothing":           {func(*compare.Side) {}, "", true},
		"scenario":          {func(s *compare.Side) { s.Summary.Scenario = "other" }, compare.Scenario, true},
		"edition":           {func(s *compare.Side) { s.Summary.Edition = "classic" }, compare.Edition, true},
		"seed":              {func(s *compare.Side) { s.Summary.Seed = 2 }, compare.Seed, true},
		"version":           {func(s *compare.Side) { s.Tool = "0.9" }, compare.Tool, true},
		"trace":             {func(s *compare.Side) { s.Summary.Traces = []reports.Trace{{Sender: "news", SHA256: "ab"}} }, compare.Trace, true},
		"other allowed":     {func(s *compare.Side) { s.Summary.Seed = 2 }, compare.Edition, false},
		"unknown version":   {func(s *compare.Side) { s.Tool = "" }, "", true},
		"horizon":           {func(s *compare.Side) { s.Summary.HorizonSeconds *= 2 }, compare.Scenario, false},
		"start":             {func(s *compare.Side) { s.Summary.Start = s.Summary.Start.Add(time.Hour) }, compare.Seed, false},
		"interrupted":       {func(s *compare.Side) { s.Summary.Status = reports.Interrupted }, compare.Scenario, false},
		"more replications": {func(s *compare.Side) { s.Figures[0].Values = []float64{1, 2, 3} }, compare.Scenario, false},
	} {
		sides := twoRuns(t)
		c.change(sides[1])
		_, strict := compare.Check(sides, nil)
		notes, err := compare.Check(sides, []compare.Difference{c.allow})
		if (err == nil) != c.ok || err != nil && !errors.Is(err, compare.ErrNotComparable) {
			t.Errorf("%s: %v", name, err)
		}
		if c.allow != "" && strict == nil {
			t.Errorf("%s: it is allowed without being asked for", name)
		}
		if c.ok && (len(notes) > 0) == (name == "nothing") {
			t.Errorf("%s: the notes are %q", name, notes)
		}
	}
	same := twoRuns(t)
	same[1] = same[0]
	if notes, err := compare.Check(same, nil); err != nil || len(notes) != 1 || !strings.Contains(notes[0], "identical runs") {
		t.Errorf("a run and itself: %q, %v", notes, err)
	}
	if _, err := compare.ParseDifference("horizon"); err == nil {
		t.Error("a difference of horizons can be allowed")
	}
}

// TestFindings: a review or pause that only one of two runs has is said in words, in place of
// the thresholds whose verdicts change.
func TestFindings(t *testing.T) {
	for _, c := range []struct {
		metric      string
		before, now replicate.Number
		want        string
	}{
		{"acme.count.under-review", 1, 0, "With invalid 3%, acme does not come under review; 1 of 1 verdict changes"},
		{"acme.count.paused", 0, 2, "With invalid 3%, acme is paused; 1 of 1 verdict changes"},
		{"acme.count.paused", 1, 2, "With invalid 3%, 1 of 1 verdict changes: acme.count.paused == 0"},
		{"acme.count.healthy", 1, 0, "With invalid 3%, 1 of 1 verdict changes: acme.count.healthy == 0"},
		{"acme.refused", 1, 0, "With invalid 3%, 1 of 1 verdict changes: acme.refused == 0"},
	} {
		got := (&compare.Comparison{
			Runs:       []compare.Run{{Label: "as it is"}, {Label: "audience.customers.invalid=3%"}},
			Thresholds: []compare.Threshold{{Expression: c.metric + " == 0", Verdicts: []string{"pass", "fail"}}},
			Figures: []compare.Figure{{Metric: c.metric, Kind: "count", Values: []replicate.Number{c.before, c.now},
				Changes: []compare.Change{{Difference: c.now - c.before, Low: c.now - c.before, High: c.now - c.before}}}},
		}).Findings()
		if got[0] != c.want {
			t.Errorf("%s from %v to %v: %q, want %q", c.metric, c.before, c.now, got[0], c.want)
		}
	}
}
