package html

import (
	"fmt"
	"io"
	"time"

	"sesim/reports"
	"sesim/reports/plot"
	"sesim/reports/wording"
	"sesim/sim/unit"
)

// maxCells limits the cells that a page lists.
const maxCells = 400

// WriteSweep writes the page of a sweep, with the charts that package plot draws of it.
func WriteSweep(w io.Writer, s *reports.Sweep, charts []plot.Chart) error {
	sheet := &Sheet{Front: Front{
		Eyebrow: "sesim sweep", Title: s.Scenario, Question: s.Question, Verdicts: cellVerdicts(s),
		Facts: []string{
			unit.Plural(int64(s.CellCount), "cell", "cells"), wording.Span(time.Duration(s.HorizonSeconds)),
			fmt.Sprintf("seed %d", s.Seed), "edition " + wording.Clean(s.Edition), s.Status,
		},
		Rests: Sentences(wording.SweepNotes(s)),
	}}
	sheet.Add(charts)
	for i := range charts[:min(len(charts), maxAnswers)] {
		sheet.Answer = append(sheet.Answer, charts[i].Title)
	}
	if len(charts) == 0 {
		sheet.Answer = []string{kept(s)}
	}
	if s.Status == reports.Interrupted {
		sheet.Warnings = append(sheet.Warnings, "The sweep was interrupted. The page has the cells that were finished.")
	}
	sheet.Sections = []Section{cellTable(s)}
	return WriteSheet(w, sheet)
}

// kept says in how many cells every threshold passes.
func kept(s *reports.Sweep) string {
	n := int64(0)
	for i := range s.Cells {
		if s.Cells[i].Worst() == "pass" {
			n++
		}
	}
	return fmt.Sprintf("Every threshold passes in %s of %s", wording.Count(n), unit.Plural(int64(len(s.Cells)), "cell", "cells"))
}

// cellVerdicts says of each threshold in how many cells it passes.
func cellVerdicts(s *reports.Sweep) (list []Verdict) {
	passes, judged := map[string]int64{}, map[string]int64{}
	var order []string
	for i := range s.Cells {
		for k := range s.Cells[i].Thresholds {
			t := &s.Cells[i].Thresholds[k]
			if judged[t.Expression] == 0 {
				order = append(order, t.Expression)
			}
			judged[t.Expression]++
			if t.Verdict == "pass" {
				passes[t.Expression]++
			}
		}
	}
	for _, expression := range order {
		word := "in part"
		switch n := passes[expression]; {
		case n == judged[expression]:
			word = "pass"
		case n == 0:
			word = "fail"
		}
		value := fmt.Sprintf("passes in %s of %s", wording.Count(passes[expression]), unit.Plural(judged[expression], "cell", "cells"))
		list = append(list, Verdict{word, expression, value})
	}
	return list
}

// cellTable is the table of the cells, with the figures of the thresholds.
func cellTable(s *reports.Sweep) Section {
	judged := s.Judged()
	section := Section{ID: "cells", Title: "Cells", Head: append([]string{"cell"}, s.Keys...)}
	section.Head = append(append(section.Head, "verdict"), judged...)
	shown := s.Cells[:min(len(s.Cells), maxCells)]
	for i := range shown {
		c := &shown[i]
		row := []string{wording.Count(int64(c.Number))}
		for _, value := range c.Values {
			row = append(row, wording.Grouped(value))
		}
		row = append(row, c.Worst())
		for _, name := range judged {
			text := c.Status
			if m, ok := c.Figure(name, s.Confidence); ok {
				text = wording.Estimate(reports.Kind(m.Kind), &m.Mean)
			}
			row = append(row, text)
		}
		section.Rows = append(section.Rows, row)
	}
	if more := len(s.Cells) - len(shown); more > 0 {
		section.Note = wording.Count(int64(more)) + " more cells are in sweep.csv."
	}
	return section
}
