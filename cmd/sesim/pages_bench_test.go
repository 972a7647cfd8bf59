package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sesim/reports/benchmark"
	"sesim/reports/plot"
)

// The figures of speed are those of recorded measurements: the machine differs
// from reader to reader, so that no test can measure them again. The test makes
// tables and charts of the records, or with -update writes them anew.
func TestPagesFiguresOfSpeed(t *testing.T) {
	const (
		page  = "cmd/internal/bench/README.md"
		begin = "<!-- figures of sesim bench -->\n"
		end   = "<!-- end of figures -->\n"
	)
	src := pages(t)[page]
	var tables strings.Builder
	for _, name := range []string{"bench", "growth"} {
		r := measurement(t, "reports/gallery/"+name+".json")
		if err := benchmark.WriteMarkdown(&tables, r); err != nil {
			t.Fatal(err)
		}
		tables.WriteString("\n")
		checkRecordedCharts(t, r)
	}
	before, rest, found := strings.Cut(src, begin)
	_, after, closed := strings.Cut(rest, end)
	if !found || !closed {
		t.Fatalf("%s has no place for figures", page)
	}
	updatePage(t, page, src, before+begin+"\n"+tables.String()+end+after)
}

func measurement(t *testing.T, path string) *benchmark.Report {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	r, err := benchmark.ReadJSON(file)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return r
}

// checkRecordedCharts compares the charts of a record with those in the
// gallery.
func checkRecordedCharts(t *testing.T, r *benchmark.Report) {
	t.Helper()
	charts, err := plot.Benchmarks(r)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range charts {
		updateChart(t, filepath.Join("reports/gallery", c.Name+".svg"), c.SVG)
	}
}
