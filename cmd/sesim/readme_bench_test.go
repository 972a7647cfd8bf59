package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sesim/reports/benchmark"
	"sesim/reports/plot"
)

// The README's figures of speed are those of recorded measurements: the
// machine differs from reader to reader, so that no test can measure them
// again. The test makes tables and charts of the records, or with -update
// writes them anew.
func TestReadmeFigures(t *testing.T) {
	const begin, end = "<!-- figures of sesim bench -->\n", "<!-- end of figures -->\n"
	t.Chdir("../..")
	var tables strings.Builder
	for _, name := range []string{"bench", "growth"} {
		r := measurement(t, "reports/gallery/"+name+".json")
		if err := benchmark.WriteMarkdown(&tables, r); err != nil {
			t.Fatal(err)
		}
		tables.WriteString("\n")
		checkRecordedCharts(t, r)
	}
	src, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(src), begin)
	_, after, closed := strings.Cut(rest, end)
	if !found || !closed {
		t.Fatal("the README has no place for figures")
	}
	want := before + begin + "\n" + tables.String() + end + after
	if *update {
		if err := os.WriteFile(readme, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(strings.Split(want, "\n"), strings.Split(string(src), "\n")); diff != "" {
		t.Errorf("the README's figures are not the recorded ones (- recorded, + README); go test ./cmd/sesim -run Readme -update writes them anew:\n%s", diff)
	}
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

// checkRecordedCharts compares the charts that the README shows with those of
// a record.
func checkRecordedCharts(t *testing.T, r *benchmark.Report) {
	t.Helper()
	charts, err := plot.Benchmarks(r)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range charts {
		pinned := filepath.Join("reports/gallery", c.Name+".svg")
		if *update {
			if err := os.WriteFile(pinned, c.SVG, 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if shown, err := os.ReadFile(pinned); err != nil || !bytes.Equal(shown, c.SVG) {
			t.Errorf("%s is not the chart of what was recorded (%v); go test ./cmd/sesim -run Readme -update draws it anew", pinned, err)
		}
	}
}
