package main

import (
	"encoding/json"
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
	var written tables
	for _, name := range []string{"bench", "growth"} {
		r := measurement(t, "reports/gallery/"+name+".json")
		written.report(r)
		written.line("")
		checkRecordedCharts(t, r)
	}
	before, rest, found := strings.Cut(src, begin)
	_, after, closed := strings.Cut(rest, end)
	if !found || !closed {
		t.Fatalf("%s has no place for figures", page)
	}
	updatePage(t, page, src, before+begin+"\n"+written.String()+end+after)
}

func measurement(t *testing.T, path string) *benchmark.Report {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	r := &benchmark.Report{}
	if err := json.Unmarshal(text, r); err != nil {
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
