package html

import (
	"io"

	"sesim/reports/compare"
	"sesim/reports/plot"
	"sesim/reports/wording"
)

// WriteComparison writes the page of a comparison, with the charts that package plot draws
// of it.
func WriteComparison(w io.Writer, c *compare.Comparison, charts []plot.Chart) error {
	rows, notes := c.Rows()
	sheet := &Sheet{Front: Front{
		Eyebrow: "sesim comparison", Title: c.Scenario, Question: "What differs between the runs?",
		Answer: c.Findings(), Facts: []string{c.Conditions()}, Rests: Sentences(notes),
	}}
	for i := range c.Limits {
		l := &c.Limits[i]
		sheet.Verdicts = append(sheet.Verdicts, Verdict{l.Verdict, "not " + l.Limit + " in " + l.Run, l.Why})
	}
	sheet.Add(charts)
	names := Section{ID: "runs", Title: "Runs", Head: []string{"run", "settings or folder", "fingerprint"}}
	for i, r := range c.Runs {
		name := compare.Letter(i)
		if i == 0 {
			name += ", the baseline"
		}
		names.Rows = append(names.Rows, []string{name, wording.Clean(r.Label), r.Fingerprint})
	}
	sheet.Sections = append(sheet.Sections, names)
	if verdicts := c.Verdicts(); len(verdicts) > 1 {
		sheet.Sections = append(sheet.Sections, section("verdicts-of-runs", "Verdicts", verdicts))
	}
	sheet.Sections = append(sheet.Sections, section("figures", "Figures that changed", rows))
	return WriteSheet(w, sheet)
}

// section is a table of which the first row is the heading.
func section(id, title string, rows [][]string) Section {
	return Section{ID: id, Title: title, Head: rows[0], Rows: rows[1:]}
}
