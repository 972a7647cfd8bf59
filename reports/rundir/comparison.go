package rundir

import (
	"bytes"
	"io"

	"sesim/reports/compare"
	"sesim/reports/data"
	"sesim/reports/html"
	"sesim/reports/plot"
)

// ComparisonMark is the file by which the folder of a comparison is identified.
const ComparisonMark = "comparison.json"

// The files of a comparison, besides the charts.
const (
	comparisonMarkdownFile = "comparison.md"
	comparisonTableFile    = "comparison.csv"
)

// WriteComparison writes a comparison into the folder dir, as Write writes a
// run: comparison.json, the figures as CSV, a page and Markdown with the
// charts, and the charts. With force it replaces the folder of another comparison.
func WriteComparison(dir string, c *compare.Comparison, force bool) error {
	return write(disk{}, dir, force, marked(ComparisonMark), func() ([]File, error) { return comparisonFiles(c) })
}

// comparisonFiles returns the files, comparison.json last.
func comparisonFiles(c *compare.Comparison) ([]File, error) {
	charts, err := plot.Overlays(c)
	if err != nil {
		return nil, err
	}
	var list []File
	var pictures []compare.Picture
	for _, chart := range charts {
		name := chartsFolder + "/" + chart.Name
		list = append(list, File{name + ".png", chart.PNG}, File{name + ".svg", chart.SVG})
		pictures = append(pictures, compare.Picture{Title: chart.Alt, File: name + ".svg"})
	}
	var text bytes.Buffer
	if err := compare.WriteMarkdown(&text, c, pictures...); err != nil {
		return nil, err
	}
	table, err := render(comparisonTableFile, func(w io.Writer) error { return data.WriteComparison(w, c) })
	if err != nil {
		return nil, err
	}
	page, err := render(pageFile, func(w io.Writer) error { return html.WriteComparison(w, c, charts) })
	if err != nil {
		return nil, err
	}
	last, err := render(ComparisonMark, func(w io.Writer) error { return compare.WriteJSON(w, c) })
	return append(list, File{comparisonMarkdownFile, text.Bytes()}, table, page, last), err
}
