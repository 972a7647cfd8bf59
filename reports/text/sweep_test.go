package text_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"sesim/reports"
	"sesim/reports/text"
)

// TestSweepGiven: tables of sweeps say what accounts bring along and what is not known
// exactly.
func TestSweepGiven(t *testing.T) {
	s := &reports.Sweep{
		Scenario: "test", Keys: []string{"a"}, Confidence: 0.9,
		Before:    []reports.Before{{Account: "acme", History: &reports.History{Status: reports.StateHealthy}}},
		Uncertain: []reports.Uncertain{{Key: "audience.p.invalid", Value: "3%", Distribution: "beta = [3, 97]"}},
	}
	for n, want := range []string{1: "at their means in all runs: audience.p", 2: "drawn in each of the runs: audience.p"} {
		s.Cells = []reports.Cell{{Values: []string{"1"}, Status: reports.Complete, Replications: n}}
		var plain, markdown bytes.Buffer
		if err := errors.Join(text.WriteSweep(&plain, s, text.Style{}), text.WriteSweepMarkdown(&markdown, s)); err != nil {
			t.Fatal(err)
		}
		for _, got := range []string{plain.String(), strings.ReplaceAll(markdown.String(), "\\", "")} {
			if n > 0 && (!strings.Contains(got, want) || !strings.Contains(got, "Before the start: acme (nothing that counts).")) {
				t.Errorf("with %d replications it does not say %q:\n%s", n, want, got)
			}
		}
	}
}

// TestSweepNote: tables of replications say what their figures are, on the
// terminal and in Markdown; those of single runs have nothing to say.
func TestSweepNote(t *testing.T) {
	cells := func(replications ...int) *reports.Sweep {
		s := &reports.Sweep{Scenario: "test", Keys: []string{"a"}, Confidence: 0.9}
		for i, n := range replications {
			s.Cells = append(s.Cells, reports.Cell{Number: i, Values: []string{"1"}, Status: reports.Complete, Replications: n})
		}
		return s
	}
	for _, c := range []struct {
		s    *reports.Sweep
		want string
	}{
		{cells(40, 40), "Each cell has 40 replications;"},
		{cells(0, 10, 2000), "Each cell has 10 to 2,000 replications;"},
		{cells(1, 1), ""},
		{cells(), ""},
	} {
		var plain, markdown bytes.Buffer
		if err := text.WriteSweep(&plain, c.s, text.Style{}); err != nil {
			t.Fatal(err)
		}
		if err := text.WriteSweepMarkdown(&markdown, c.s); err != nil {
			t.Fatal(err)
		}
		for _, got := range []string{plain.String(), markdown.String()} {
			if noted := strings.Contains(got, "replications;") && strings.Contains(got, "90%"); noted != (c.want != "") || !strings.Contains(got, c.want) {
				t.Errorf("it does not say %q:\n%s", c.want, got)
			}
		}
	}
}
