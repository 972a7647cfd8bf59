package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image/png"
	"slices"
	"strings"
	"testing"
	"time"

	"sesim/reports/benchmark"
)

// tiny are options of a run that takes no time.
func tiny() Options {
	o := Quick()
	o.Addresses, o.Rounds, o.PerRound, o.Samples, o.MailADay, o.Cores = []int64{1000, 5000}, 1, 2048, 500, 2000, 2
	o.RateFor, o.GrowTo = time.Millisecond, LeastGrowth
	return o
}

// TestRun measures everything on a tiny scale, and looks for figures that
// cannot be.
func TestRun(t *testing.T) {
	o := tiny()
	short := traffic(1_000_000, 1000, 1)
	short.Horizon = 10 * time.Minute
	parts := halves(1_000_000, 1000)
	parts.Horizon = 10 * time.Minute
	o.Scenarios = []Scenario{{Name: "short", Config: short, Compared: true}, {Name: "halves", Config: parts, Apart: true}}
	var said []string
	o.Say = func(format string, args ...any) { said = append(said, fmt.Sprintf(format, args...)) }
	result, err := Run(t.Context(), o, Decisions|Simulations|Growth)
	if err != nil {
		t.Fatal(err)
	}
	r := result.Report
	if r.Status != benchmark.Complete || len(r.Notes) == 0 || len(said) == 0 || r.Clock.CostNS <= 0 || r.Clock.ResolutionNS < 1 || r.Machine.Cores != 2 {
		t.Errorf("the report is %+v", r)
	}
	// Two sizes, three orders, one core and two, shared or not, five subjects; four
	// rungs on one core with a shared list; and drawing alone in a Zipf order.
	if len(r.Decisions) != 2*(3*4*5+3*4+4) || len(r.RungsLack) == 0 {
		t.Errorf("%d decisions; the rungs lack %q", len(r.Decisions), r.RungsLack)
	}
	for _, d := range r.Decisions {
		if d.NS <= 0 || d.LeastNS > d.NS || d.MostNS < d.NS || d.PerSecond <= 0 {
			t.Errorf("%+v", d)
		}
		besideRungs := d.Cores == 1 && d.Shared && (d.Subject == benchmark.Model || d.Subject == benchmark.OneByOne)
		if besideRungs != (d.TimesBestRung > 0) {
			t.Errorf("%+v", d)
		}
		if compared := d.Subject != benchmark.Reference; compared != (d.TimesReference > 0) {
			t.Errorf("%+v", d)
		}
	}
	checkLatencies(t, r)
	for _, m := range r.Memory {
		if m.Listed == m.Addresses && (m.KnownBytes < 0.5 || m.KnownBytes > 10 || m.AccountBytes <= 0 || m.GlobalBytes <= 0) {
			t.Errorf("%+v", m)
		}
	}
	if len(r.Simulations) == 4 && (r.Simulations[2].TimesOneCore <= 0 || r.Simulations[2].Fingerprint != r.Simulations[3].Fingerprint) {
		t.Errorf("simulations of two parts are %+v", r.Simulations[2:])
	}
	if len(r.Simulations) != 4 || r.Simulations[0].Recipients != r.Simulations[1].Recipients || r.Simulations[0].TimesReference <= 0 || r.Simulations[0].PeakBytes <= 0 {
		t.Errorf("simulations are %+v", r.Simulations)
	}
	checkGrowth(t, r)
	checkFiles(t, result)
}

func checkLatencies(t *testing.T, r *benchmark.Report) {
	t.Helper()
	if len(r.Latency) != 2*3 || len(r.OpenLoop) != 2 {
		t.Fatalf("%d latencies and %d open loops", len(r.Latency), len(r.OpenLoop))
	}
	for _, l := range r.Latency {
		if l.Samples != 500 || len(l.Percentiles) != 3 || len(l.Spectrum) < 5 || l.Percentiles[0].NS > l.Percentiles[2].NS || l.MaxNS < l.Percentiles[2].NS {
			t.Errorf("%+v", l)
		}
		if (l.Batch > 1) != (l.Subject == benchmark.Model) {
			t.Errorf("%s in batches of %d", l.Subject, l.Batch)
		}
	}
	for _, o := range r.OpenLoop {
		// An interruption may leave so few samples that there is no percentile.
		if o.Addresses != 5000 || o.Samples == 0 || o.Achieved <= 0 || len(o.Service) != len(o.Response) ||
			len(o.Service) > 0 && o.Service[0].NS > o.Response[0].NS {
			t.Errorf("%+v", o)
		}
	}
}

// checkFiles decodes what a folder would hold.
func checkFiles(t *testing.T, result *Result) {
	t.Helper()
	files, err := Files(result)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range files {
		names = append(names, f.Name)
		switch {
		case strings.HasSuffix(f.Name, ".png"):
			if _, err := png.Decode(bytes.NewReader(f.Data)); err != nil {
				t.Errorf("%s: %v", f.Name, err)
			}
		case f.Name == "latency.hlog":
			// A histogram for each round of each latency, and two for each open
			// loop.
			if got, want := bytes.Count(f.Data, []byte(",HISTF")), len(result.Traces); got != want {
				t.Errorf("%d histograms, want %d", got, want)
			}
		case f.Name == Mark:
			var again benchmark.Report
			if err := json.Unmarshal(f.Data, &again); err != nil || len(again.Decisions) != len(result.Report.Decisions) {
				t.Errorf("%s: %v", f.Name, err)
			}
		}
	}
	for _, want := range []string{
		"latency-sesim-5e3-batch.hgrm", "latency-sesim-5e3-single.hgrm", "latency-reference-5e3-single.hgrm", "latency-sesim-5e3-open-response.hgrm",
		"latency.hlog", "bench-throughput.svg", "bench-bytes.png", "bench-latency.svg", "bench-open-loop.svg", "bench-growth-time.svg", "bench-growth-memory.svg", "bench-growth-cost.svg",
	} {
		if !slices.Contains(names, want) {
			t.Errorf("no %s among %v", want, names)
		}
	}
	if names[len(names)-1] != Mark {
		t.Errorf("the last file is %s", names[len(names)-1])
	}
}

// TestInterrupted: what was measured until the interrupt is kept, and nothing
// half.
func TestInterrupted(t *testing.T) {
	o := tiny()
	ctx, cancel := context.WithCancel(t.Context())
	o.Say = func(format string, args ...any) {
		if strings.Contains(fmt.Sprintf(format, args...), "zipf") {
			cancel()
		}
	}
	result, err := Run(ctx, o, Decisions|Simulations)
	if err != nil {
		t.Fatal(err)
	}
	r := result.Report
	if r.Status != benchmark.Interrupted || len(r.Decisions) == 0 || len(r.Decisions) != 5*4*2+4*2 || len(r.Latency) != 0 || len(r.Memory) == 0 {
		t.Errorf("the report is %+v", r)
	}
}

// TestInterruptedRun: a scenario that is cut off leaves no figure.
func TestInterruptedRun(t *testing.T) {
	o := tiny()
	long := traffic(1_000_000, 1000, 1)
	long.Horizon = 100_000 * time.Hour
	o.Scenarios = []Scenario{{Name: "long", Config: long}}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	result, err := Run(ctx, o, Simulations)
	if err != nil || result.Report.Status != benchmark.Interrupted || len(result.Report.Simulations) != 0 {
		t.Errorf("%v, %+v", err, result.Report)
	}
}

// TestFits leaves out what no machine has room for, and says so.
func TestFits(t *testing.T) {
	o := tiny()
	s := &session{Options: o, report: &benchmark.Report{}}
	if f := s.fits(1000); !f.model || !f.reference || len(s.report.Notes) != 0 {
		t.Errorf("a thousand addresses: %+v, %q", f, s.report.Notes)
	}
	if f := s.fits(1e15); f.model || f.reference || len(s.report.Notes) != 1 || !strings.HasPrefix(s.report.Notes[0], "1e15 addresses: all left out; it takes about ") {
		t.Errorf("1e15 addresses: %+v, %q", f, s.report.Notes)
	}
	_, free := memory()
	n := free / 2 / modelBytes / 2
	if f := s.fits(n); !f.model || f.reference || len(s.report.Notes) != 2 {
		t.Errorf("%d addresses: %+v, %q", n, f, s.report.Notes)
	}
}
