package bench

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"sesim/reports/benchmark"
	"sesim/scenarios"
)

// checkGrowth wants each axis to have grown to LeastGrowth recipients.
func checkGrowth(t *testing.T, r *benchmark.Report) {
	t.Helper()
	var got []string
	for _, g := range r.Growth {
		got = append(got, fmt.Sprintf("%d %s", g.Size, g.Axis))
		if g.Recipients < g.Size*95/100 || g.Recipients > LeastGrowth*105/100 || g.Addresses < 10_000 || g.VirtualSeconds < 800 || g.Rounds != 1 ||
			g.NS <= 0 || g.WallSeconds <= 0 || g.LiveBytes <= 0 || g.PeakBytes <= g.LiveBytes {
			t.Errorf("%+v", g)
		}
	}
	if want := []string{
		"100000 recipients", "100 senders, an audience each", "1000 senders, an audience each", "100 accounts, one audience", "1000 accounts, one audience",
		"10000 known addresses", "100000 known addresses", "1 virtual years",
		"10000 trace rows, loading", "100000 trace rows, loading", "10000 trace rows, running", "100000 trace rows, running",
	}; !slices.Equal(got, want) {
		t.Errorf("the rows are %q, want %q", got, want)
	}
}

// TestSizes: tenfold steps, and the most that the axis has or that the limit allows.
func TestSizes(t *testing.T) {
	a := axis{from: 100, to: 100_000, each: 100}
	for most, want := range map[int64][]int64{
		100_000: {100, 1000}, 250_000: {100, 1000, 2500}, 10_000_000: {100, 1000, 10_000, 100_000}, 1e11: {100, 1000, 10_000, 100_000},
	} {
		if got := a.sizes(most); !slices.Equal(got, want) {
			t.Errorf("up to %d recipients: %d, want %d", most, got, want)
		}
	}
	open := axis{from: 100, each: 1}
	if got, want := open.sizes(3000), []int64{100, 1000, 3000}; !slices.Equal(got, want) {
		t.Errorf("without an end: %d, want %d", got, want)
	}
}

// TestHasRoom: where the peak has not grown it is not expected to grow, and what it is
// expected to take beyond half of the free memory is left out with a note.
func TestHasRoom(t *testing.T) {
	_, free := memory()
	s := &session{Options: tiny(), report: &benchmark.Report{}}
	a := &axis{name: "things"}
	row := func(size, peak int64) benchmark.Growth { return benchmark.Growth{Size: size, PeakBytes: peak} }
	for _, c := range []struct {
		rows []benchmark.Growth
		want bool
	}{
		{nil, true},
		{[]benchmark.Growth{row(100, free/40)}, true},
		{[]benchmark.Growth{row(100, free/10)}, false},
		{[]benchmark.Growth{row(10, free/10), row(100, free/10)}, true},
		{[]benchmark.Growth{row(10, free/10), row(100, free/6)}, false},
	} {
		s.report.Notes = nil
		got := s.hasRoom(c.rows, a, 1000)
		noted := len(s.report.Notes) == 1 && strings.HasPrefix(s.report.Notes[0], "1e3 things: all left out; it takes about ")
		if got != c.want || got == noted {
			t.Errorf("%+v: %v, %q", c.rows, got, s.report.Notes)
		}
	}
}

// TestGrowthInterrupted: the rows that were finished are kept, with what they say.
func TestGrowthInterrupted(t *testing.T) {
	o := tiny()
	ctx, cancel := context.WithCancel(t.Context())
	o.Say = func(format string, args ...any) {
		if strings.HasPrefix(fmt.Sprintf(format, args...), "growth: senders, an audience each: 1e3") {
			cancel()
		}
	}
	result, err := Run(ctx, o, Growth)
	if err != nil {
		t.Fatal(err)
	}
	if r := result.Report; r.Status != benchmark.Interrupted || len(r.Growth) != 2 || len(r.GrowthAxes) != 2 || r.Growth[1].Size != 100 {
		t.Errorf("the report is %+v", r)
	}
}

// TestTraces: a trace has all its rows, and an interrupt ends its reading.
func TestTraces(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	files := traces{ctx: ctx, dir: t.TempDir()}
	g, err := files.load(1000)
	if err != nil || g.recipients != 1000 || g.config.Senders[0].Traffic.File.Rows != 1000 {
		t.Fatalf("%+v, %v", g, err)
	}
	text, err := os.ReadFile(filepath.Join(files.dir, "1000.csv"))
	if err != nil || bytes.Count(text, []byte("\n")) != 1001 ||
		!bytes.HasSuffix(text, []byte("\n2026-01-01T00:01:26.3136Z,customers-11082@customers.example\n")) {
		t.Errorf("the trace ends with %q, %v", text[max(0, len(text)-100):], err)
	}
	cancel()
	if _, err := files.load(1000); err == nil || !strings.Contains(err.Error(), context.Canceled.Error()) {
		t.Errorf("after an interrupt: %v", err)
	}
}

// TestNoRoomForTrace: a file that cannot be written ends its axis with a note.
func TestNoRoomForTrace(t *testing.T) {
	s := &session{Options: tiny(), ctx: t.Context(), report: &benchmark.Report{}}
	files := traces{ctx: t.Context(), dir: filepath.Join(t.TempDir(), "missing")}
	if err := s.growAlong(&axis{name: "rows", from: 100, to: 1000, each: 1}, files.load); err != nil {
		t.Fatal(err)
	}
	if n := s.report.Notes; len(n) != 1 || !strings.HasPrefix(n[0], "100 rows: all left out; open ") || len(s.report.Growth) != 0 {
		t.Errorf("notes %q, rows %+v", n, s.report.Growth)
	}
}

// BenchmarkTrace compares what a row of a trace takes, with a number of recipients or with
// an address, with the same mail simulated: constant traffic in the order of the list. It
// reports processor time in alternating rounds, and the ratios' medians.
//
//	go test ./cmd/internal/bench -run '^$' -bench Trace -benchtime 9x
func BenchmarkTrace(b *testing.B) {
	const rows = 1_000_000
	constant := strings.Replace(fmt.Sprintf(traced, "1d", tracedAddresses, rows),
		fmt.Sprintf(`{ kind = "trace", file = "%d.csv" }`, rows), fmt.Sprintf(`{ kind = "constant", rate = "%d/d" }`, rows), 1)
	same, err := scenarios.Load("same.toml", []byte(constant))
	if err != nil {
		b.Fatal(err)
	}
	s := &session{ctx: b.Context()}
	cost := func(run func() (grown, error)) float64 {
		runtime.GC()
		g, err := run()
		if err != nil || g.recipients != rows {
			b.Fatal(g.recipients, err)
		}
		return float64(g.work) / rows
	}
	for _, counts := range []bool{true, false} {
		b.Run(map[bool]string{true: "counts", false: "addresses"}[counts], func(b *testing.B) {
			files := traces{ctx: b.Context(), dir: b.TempDir(), counts: counts}
			g, err := files.load(rows)
			if err != nil {
				b.Fatal(err)
			}
			var loading, running, simulated, ratios []float64
			for b.Loop() {
				loading = append(loading, cost(func() (grown, error) { return files.load(rows) }))
				running = append(running, cost(func() (grown, error) { return s.growOnce(g.config) }))
				simulated = append(simulated, cost(func() (grown, error) { return s.growOnce(same) }))
				last := len(running) - 1
				ratios = append(ratios, running[last]/simulated[last])
			}
			b.ReportMetric(median(loading), "loading-ns/row")
			b.ReportMetric(median(running), "running-ns/row")
			b.ReportMetric(median(simulated), "simulated-ns/row")
			b.ReportMetric(median(ratios), "running/simulated")
		})
	}
}
