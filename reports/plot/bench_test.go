package plot_test

import (
	"bytes"
	"image/png"
	"slices"
	"strings"
	"testing"

	"sesim/reports/benchmark"
	"sesim/reports/plot"
)

// measured is a report with two sides and two sizes.
func measured() *benchmark.Report {
	r := &benchmark.Report{Version: benchmark.Version, Status: benchmark.Complete, Machine: benchmark.Machine{Processor: "EPYC <2>", Cores: 2, Go: "go1.26"}}
	for _, n := range []int64{10_000, 10_000_000} {
		for i, subject := range []string{benchmark.Model, benchmark.OneByOne, benchmark.Read, benchmark.Reference} {
			ns := 20 * float64(i+1)
			r.Decisions = append(r.Decisions, benchmark.Decision{Subject: subject, Addresses: n, Order: benchmark.Uniform, Cores: 1, Shared: true, NS: ns, PerSecond: 1e9 / ns, TimesReference: 4})
		}
		r.Memory = append(r.Memory, benchmark.Memory{Addresses: n, Listed: n / 200, KnownBytes: 1, AccountBytes: 4, GlobalBytes: 11, ReferenceText: 50, ReferenceList: 60})
	}
	for _, axis := range []string{benchmark.OfRecipients, benchmark.OfSenders} {
		for _, n := range []int64{10_000, 10_000_000} {
			took := float64(n) / 2e7
			r.AddGrowth(benchmark.Growth{Axis: axis, Size: n, Recipients: n, WallSeconds: took, ProcessorSeconds: took, PerSecond: 2e7, PeakBytes: 30 << 20, LiveBytes: 20 << 20})
		}
	}
	points := []benchmark.Point{{Percentile: 0, NS: 0}, {Percentile: 50, NS: 20}, {Percentile: 99, NS: 100}, {Percentile: 100, NS: 1e6}}
	quantiles := []benchmark.Quantile{{Percentile: 50, NS: 20}, {Percentile: 90, NS: 40}, {Percentile: 99, NS: 100}}
	for _, subject := range []string{benchmark.OneByOne, benchmark.Reference} {
		r.Latency = append(r.Latency, benchmark.Latency{Subject: subject, Addresses: 10_000_000, Batch: 1, Samples: 1000, Percentiles: quantiles, Spectrum: points})
	}
	r.OpenLoop = []benchmark.OpenLoop{{Subject: benchmark.Model, Addresses: 10_000_000, Rate: 1e6, Samples: 1000, Service: quantiles, Response: quantiles, ServiceSpectrum: points, ResponseSpectrum: points}}
	return r
}

// TestBenchmarks checks what every chart must have, and that it is drawn the
// same the second time.
func TestBenchmarks(t *testing.T) {
	charts, err := plot.Benchmarks(measured())
	if err != nil {
		t.Fatal(err)
	}
	again, err := plot.Benchmarks(measured())
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for i, c := range charts {
		names = append(names, c.Name)
		if c.Title == "" || c.Caption == "" || !strings.Contains(c.Alt, c.Title) || len(c.Rows) == 0 || len(c.Rows) > 40 {
			t.Errorf("%s lacks words: %q, %q, %q, %d rows", c.Name, c.Title, c.Caption, c.Alt, len(c.Rows))
		}
		if _, err := png.Decode(bytes.NewReader(c.PNG)); err != nil {
			t.Errorf("%s: %v", c.Name, err)
		}
		checkSVG(t, c.Name, c.SVG)
		if strings.Contains(string(c.SVG), "NaN") || strings.Contains(string(c.SVG), "Inf") {
			t.Errorf("%s has a place that is none", c.Name)
		}
		if !bytes.Equal(c.SVG, again[i].SVG) || !bytes.Equal(c.PNG, again[i].PNG) {
			t.Errorf("%s is drawn differently the second time", c.Name)
		}
	}
	want := []string{"bench-throughput", "bench-bytes", "bench-latency", "bench-open-loop", "bench-growth-time", "bench-growth-memory", "bench-growth-cost"}
	if !slices.Equal(names, want) {
		t.Errorf("charts are %q, want %q", names, want)
	}
}

// TestBenchmarkIntervals: titles have the spread of the rounds where there are several.
func TestBenchmarkIntervals(t *testing.T) {
	r := measured()
	r.Protocol.Rounds = 5
	for i := range r.Decisions {
		d := &r.Decisions[i]
		d.LeastNS, d.MostNS = 0.8*d.NS, 1.25*d.NS
	}
	for i := range r.Latency[0].Percentiles { // all share them
		q := &r.Latency[0].Percentiles[i]
		q.LowNS, q.HighNS = q.NS-1, q.NS+2
	}
	charts, err := plot.Benchmarks(r)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range map[int]string{
		0: "With 1e7 addresses the model decides 50 M recipients a second (40 M to 62.5 M in 5 rounds), 4 times the reference",
		2: "90% of the decisions take at most 40 ns (39 ns to 42 ns in 5 rounds)",
		3: "At 1 M a second, 99% have a service time of at most 100 ns (99 ns to 102 ns in 5 rounds)",
	} {
		if !strings.HasPrefix(charts[i].Title, want) {
			t.Errorf("the title is %q, want %q", charts[i].Title, want)
		}
	}
}

// TestBenchmarksOfLittle: what was not measured has no chart, and one point
// makes one all the same.
func TestBenchmarksOfLittle(t *testing.T) {
	if charts, err := plot.Benchmarks(&benchmark.Report{}); err != nil || len(charts) != 0 {
		t.Errorf("%d charts of nothing: %v", len(charts), err)
	}
	r := measured()
	r.Decisions, r.Memory, r.Latency, r.OpenLoop, r.Growth = r.Decisions[:1], r.Memory[:1], r.Latency[:1], nil, r.Growth[:1]
	charts, err := plot.Benchmarks(r)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range charts {
		checkSVG(t, c.Name, c.SVG)
		if strings.Contains(string(c.SVG), "NaN") {
			t.Errorf("%s has a place that is none", c.Name)
		}
	}
}
