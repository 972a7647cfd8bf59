package bench

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sesim/reports/benchmark"
)

var update = flag.Bool("update", false, "write the figures of the documentation anew")

// docAddresses is the number of addresses whose latencies the documentation
// shows.
const docAddresses = 10_000_000

// TestDocFigures: the figures of the package's documentation are those of the
// recorded measurement.
func TestDocFigures(t *testing.T) {
	recorded, err := os.ReadFile("../../../reports/gallery/bench.json")
	if err != nil {
		t.Fatal(err)
	}
	var r benchmark.Report
	if err := json.Unmarshal(recorded, &r); err != nil {
		t.Fatal(err)
	}
	r.Latency = slices.DeleteFunc(r.Latency, func(l benchmark.Latency) bool { return l.Addresses != docAddresses })
	r.OpenLoop = slices.DeleteFunc(r.OpenLoop, func(o benchmark.OpenLoop) bool { return o.Addresses != docAddresses })
	r.Decisions, r.Memory, r.Simulations, r.Growth, r.Notes = nil, nil, nil, nil, nil
	var table bytes.Buffer
	if err := benchmark.Write(&table, &r); err != nil {
		t.Fatal(err)
	}
	src, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	const begin, end = "// figures:\n", "// end of figures\n"
	before, rest, found := strings.Cut(string(src), begin)
	_, after, closed := strings.Cut(rest, end)
	if !found || !closed {
		t.Fatal("doc.go has no place for figures")
	}
	var b strings.Builder
	b.WriteString(before + begin + "//\n")
	for line := range strings.Lines(table.String()) {
		b.WriteString(strings.TrimRight("//\t"+strings.TrimRight(line, "\n"), " \t") + "\n")
	}
	b.WriteString("//\n" + end + after)
	if *update {
		if err := os.WriteFile("doc.go", []byte(b.String()), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(b.String(), string(src)); diff != "" {
		t.Errorf("doc.go is not what was recorded (- recorded, + doc.go); -update writes it anew:\n%s", diff)
	}
}
