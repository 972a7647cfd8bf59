package data_test

import (
	"bytes"
	"encoding/csv"
	"io"
	"strconv"
	"strings"
	"testing"

	"sesim/reports"
	"sesim/reports/compare"
	"sesim/reports/data"
	"sesim/reports/internal/reporttest"
)

// records reads a table as any reader of CSV does, without its header.
func records(t *testing.T, write func(io.Writer) error) [][]string {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	list, err := csv.NewReader(&b).ReadAll() // all rows have the columns of the header
	if err != nil {
		t.Fatal(err)
	}
	return list[1:]
}

// TestTables compares the tables with the summary that they are made of.
func TestTables(t *testing.T) {
	r := reporttest.New(t, 2)
	s := &r.Summary
	s.Thresholds = append(s.Thresholds, reports.Threshold{Expression: "acme.delay.max < 1s", Verdict: "inconclusive", Kind: "duration"})
	figures := records(t, func(w io.Writer) error { return data.WriteFigures(w, r) })
	if len(figures) != len(r.Figures()) {
		t.Errorf("%d rows for %d figures", len(figures), len(r.Figures()))
	}
	found := false
	for _, row := range figures {
		if row[0] == "acme" && row[1] == "bounce_rate.max" {
			value, err := strconv.ParseFloat(row[3], 64)
			found = err == nil && row[2] == "share" && value == s.Accounts[0].BounceRate.Max
		}
	}
	if !found {
		t.Error("acme's highest bounce rate is not among the figures")
	}

	timeline := records(t, func(w io.Writer) error { return data.WriteTimeline(w, s) })
	if first := s.Accounts[0].Timeline[0]; timeline[0][1] != "acme" || timeline[0][2] != first.Event.String() || timeline[0][4] != first.Why {
		t.Errorf("the timeline begins with %q, want %+v", timeline[0], first)
	}
	if n := len(s.Accounts[0].Timeline) + len(s.Accounts[1].Timeline); len(timeline) != n {
		t.Errorf("%d rows for %d lines of the timelines", len(timeline), n)
	}

	thresholds := records(t, func(w io.Writer) error { return data.WriteThresholds(w, s) })
	if last := thresholds[len(thresholds)-1]; len(thresholds) != 3 || last[2] != "" || last[3] != "inconclusive" {
		t.Errorf("the thresholds are %q", thresholds)
	}
}

// TestTablesGuardFormulas puts texts into the tables that a spreadsheet would
// take for formulas.
func TestTablesGuardFormulas(t *testing.T) {
	const evil = `=HYPERLINK("http://x","y")`
	side := func(label string, more int64) (*reports.Report, *compare.Side) {
		r := reporttest.New(t, 1)
		a := &r.Summary.Accounts[0]
		a.Name, a.Timeline[0].Why = evil, "@SUM(A1)"
		a.Accepted += more
		r.Summary.Thresholds[0].Expression = "-1+1 < 2"
		s, err := compare.Of(label, r)
		if err != nil {
			t.Fatal(err)
		}
		return r, s
	}
	r, first := side(evil, 0)
	_, second := side("=2", 1)
	c := compare.New([]*compare.Side{first, second}, nil, nil)
	for name, write := range map[string]func(io.Writer) error{
		"figures":    func(w io.Writer) error { return data.WriteFigures(w, r) },
		"timeline":   func(w io.Writer) error { return data.WriteTimeline(w, &r.Summary) },
		"thresholds": func(w io.Writer) error { return data.WriteThresholds(w, &r.Summary) },
		"comparison": func(w io.Writer) error { return data.WriteComparison(w, c) },
	} {
		guarded := false
		for _, row := range records(t, write) {
			for _, field := range row {
				if _, err := strconv.ParseFloat(field, 64); err == nil || field == "" {
					continue
				}
				guarded = guarded || field[0] == '\''
				if strings.IndexByte("=+-@", field[0]) >= 0 {
					t.Errorf("%s: the field %q begins a formula", name, field)
				}
			}
		}
		if !guarded {
			t.Errorf("%s: no field is guarded", name)
		}
	}
}
