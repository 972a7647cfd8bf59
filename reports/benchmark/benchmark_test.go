package benchmark_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sesim/reports/benchmark"
	"sesim/reports/internal/reporttest"
)

// sample is a report in which every kind of figure stands once.
func sample() *benchmark.Report {
	five := []benchmark.Quantile{quantile(50, 26, 25, true), quantile(90, 40, 25, true), quantile(99, 120, 30, true), quantile(99.9, 900, 850, false), quantile(99.99, 2.5e6, 2.4e6, false)}
	points := []benchmark.Point{{Percentile: 0, NS: 20}, {Percentile: 50, NS: 26}, {Percentile: 90, NS: 40}, {Percentile: 99.9, NS: 900}, {Percentile: 100, NS: 2.6e6}}
	held := benchmark.Interruptions{Count: 70, PerSecond: 794, LongestNS: 12_111_679, ThresholdNS: 1000, ControlSecond: 0.088}
	r := &benchmark.Report{
		Version: benchmark.Version, Status: benchmark.Complete, Command: "sesim bench", Sesim: "0.1.0", WallSeconds: 93.4,
		Machine: benchmark.Machine{Processor: "AMD EPYC", Cores: 2, MemoryBytes: 24 << 30, FreeBytes: 20 << 30, Load: 0.5, OS: "linux", Arch: "amd64", Go: "go1.26.8"},
		Clock:   benchmark.Clock{CostNS: 30, LowNS: 20, HighNS: 40, ResolutionNS: 10},
		Protocol: benchmark.Protocol{
			Rounds: 5, PerRound: 65_536, LookAhead: 64, ListedShare: 0.005, MailADay: 1_000_000, QuotaADay: 1_050_000, SampleEvery: 7,
			OpenLoopNanos: 2e8, SimulationFor: 1e9,
		},
		Notes: []string{"1e8 addresses: the reference left out; it takes about 5.7 GiB, and half of the free 8.0 GiB is 4.0 GiB"},
		Decisions: []benchmark.Decision{
			decision(benchmark.Model, 10_000, benchmark.Uniform, 20, 15, 4),
			decision(benchmark.OneByOne, 10_000, benchmark.Uniform, 22, 14, 5),
			decision(benchmark.Read, 10_000, benchmark.Uniform, 5, 60, 0),
			decision(benchmark.Reference, 10_000, benchmark.Uniform, 300, 0, 60),
			decision(benchmark.RungTexts, 10_000, benchmark.Uniform, 24, 12.5, 4.8),
			decision(benchmark.RungBits, 10_000, benchmark.Uniform, 10, 30, 2),
			decision(benchmark.RungBitsAhead, 10_000, benchmark.Uniform, 16, 18.8, 3.2),
			decision(benchmark.Model, 10_000_000, benchmark.Uniform, 26.3, 27.1, 0.2),
			decision(benchmark.Read, 10_000_000, benchmark.Uniform, 131.4, 5.4, 0),
			decision(benchmark.Reference, 10_000_000, benchmark.Uniform, 714.6, 0, 5.4),
			{Subject: benchmark.Model, Addresses: 10_000_000, Order: benchmark.Zipf, Cores: 2, PerSecond: 83.3e6, NS: 120, WallNS: 120, LeastNS: 110, MostNS: 130},
			{Subject: benchmark.DrawAlone, Addresses: 10_000_000, Order: benchmark.Zipf, Cores: 2, PerSecond: 9.3e6, NS: 108, WallNS: 108, LeastNS: 105, MostNS: 112},
		},
		RungsLack: []string{"debt", "strikes"},
		Memory: []benchmark.Memory{
			{Addresses: 10_000, Listed: 50, KnownBytes: 1.1, AccountBytes: 15.2, GlobalBytes: 54.6, ReferenceText: 49.2, ReferenceList: 52.8},
			{Addresses: 10_000_000, Listed: 10_000_000, KnownBytes: 1, AccountBytes: 4, GlobalBytes: 11},
		},
		Latency: []benchmark.Latency{
			{Subject: benchmark.Model, Addresses: 10_000_000, Batch: 32, Samples: 50_000, Percentiles: five, MaxNS: 2.6e6, Spectrum: points, Interruptions: held},
			{Subject: benchmark.Reference, Addresses: 10_000_000, Batch: 1, Samples: 50_000, Percentiles: five[:3], MaxNS: 2.6e6, Spectrum: points, Interruptions: held},
		},
		OpenLoop: []benchmark.OpenLoop{{
			Subject: benchmark.Model, Addresses: 10_000_000, Rate: 5e6, Achieved: 4.99e6, Batch: 1, Samples: 1_000_000,
			Service: five, Response: five, ServiceSpectrum: points, ResponseSpectrum: points, Late: 0.1,
		}},
		Simulations: []benchmark.Simulation{{
			Scenario: "stale-list", Subject: benchmark.Model, Seed: 1, Rounds: 5, Recipients: 91_906, Events: 97_000, VirtualSeconds: 2_592_000,
			WallSeconds: 0.027, ProcessorSeconds: 0.025, LeastSeconds: 0.02, MostSeconds: 0.03, PerSecond: 3.4e6, EventsPerSec: 3.6e6, SpeedUp: 9.6e7,
			Allocations: 459, AllocatedBytes: 12 << 20, PeakBytes: 17 << 20, Fingerprint: "00112233445566778899aabbccddeeff", TimesReference: 21.5, TimesOneCore: 1.9,
		}},
	}
	r.Replications = []benchmark.Replications{{
		Scenario: "stale-list", Replications: 200, Cores: 2, Rounds: 5, WallSeconds: 0.62, ProcessorSeconds: 1.2, ProcessesWallSeconds: 0.61, ProcessesProcessorSeconds: 1.19,
		OneCoreWallSeconds: 1.15, TimesProcesses: 0.98, TimesOneCore: 1.85, ProcessesTimesOneCore: 1.89,
	}}
	for _, g := range []benchmark.Growth{
		{Axis: benchmark.OfRecipients, Size: 100_000, Recipients: 100_000, Addresses: 1_000_000, VirtualSeconds: 8640, Rounds: 5, WallSeconds: 0.006, ProcessorSeconds: 0.006, PerSecond: 1.6e7, PeakBytes: 30 << 20, LiveBytes: 3 << 20},
		{Axis: benchmark.OfRecipients, Size: 1_000_000, Recipients: 1_001_045, Addresses: 1_000_000, VirtualSeconds: 86_400, Rounds: 5, WallSeconds: 0.05, ProcessorSeconds: 0.05, PerSecond: 2e7, PeakBytes: 60 << 20, LiveBytes: 19 << 20},
		grownTo(benchmark.OfSenders, 100, 10_000, 0.002), grownTo(benchmark.OfSenders, 1000, 100_000, 0.032), grownTo(benchmark.OfSenders, 2500, 250_000, 0.09),
		grownTo(benchmark.OfYears, 1, 100_000, 0.002),
	} {
		r.AddGrowth(g)
	}
	r.Decisions[0].TimesBestRung, r.Decisions[1].TimesBestRung = 2, 2.2
	return r
}

func grownTo(axis string, size, recipients int64, seconds float64) benchmark.Growth {
	return benchmark.Growth{
		Axis: axis, Size: size, Recipients: recipients, Addresses: 1_000_000, VirtualSeconds: 86_400, Rounds: 5,
		WallSeconds: seconds * 1.1, ProcessorSeconds: seconds, PerSecond: 1e6, PeakBytes: 30 << 20, LiveBytes: 3 << 20,
	}
}

func quantile(p, ns, control float64, conclusive bool) benchmark.Quantile {
	return benchmark.Quantile{Percentile: p, NS: ns, ControlNS: control, Conclusive: conclusive}
}

func decision(subject string, addresses int64, order string, ns, reference, read float64) benchmark.Decision {
	return benchmark.Decision{
		Subject: subject, Addresses: addresses, Order: order, Cores: 1, Shared: true, PerSecond: 1e9 / ns,
		NS: ns, WallNS: ns * 1.1, LeastNS: ns * 0.9, MostNS: ns * 1.5, Suppressed: 0.005, TimesReference: reference, TimesRead: read,
	}
}

func TestJSONRoundTrip(t *testing.T) {
	var b bytes.Buffer
	if err := benchmark.WriteJSON(&b, sample()); err != nil {
		t.Fatal(err)
	}
	got := &benchmark.Report{}
	if err := json.Unmarshal(b.Bytes(), got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(sample(), got); diff != "" {
		t.Errorf("(-written +read):\n%s", diff)
	}
}

// TestKeys pins the keys of version 1: programs read them.
func TestKeys(t *testing.T) {
	var b bytes.Buffer
	if err := benchmark.WriteJSON(&b, sample()); err != nil {
		t.Fatal(err)
	}
	var value any
	if err := json.Unmarshal(b.Bytes(), &value); err != nil {
		t.Fatal(err)
	}
	keys := map[string]bool{}
	collect(keys, "", value)
	reporttest.Golden(t, "keys.txt", strings.Join(slices.Sorted(maps.Keys(keys)), "\n")+"\n")
}

func collect(keys map[string]bool, path string, value any) {
	switch v := value.(type) {
	case map[string]any:
		for key, child := range v {
			keys[path+key] = true
			collect(keys, path+key+".", child)
		}
	case []any:
		for _, child := range v {
			collect(keys, path, child)
		}
	}
}

// TestText pins what people read.
func TestText(t *testing.T) {
	var b bytes.Buffer
	if err := benchmark.Write(&b, sample()); err != nil {
		t.Fatal(err)
	}
	reporttest.Golden(t, "text.txt", b.String())
}

// TestEmptyText: an interrupt before the first figure leaves a text all the
// same.
func TestEmptyText(t *testing.T) {
	var b strings.Builder
	r := &benchmark.Report{Version: benchmark.Version, Status: benchmark.Interrupted}
	if err := benchmark.Write(&b, r); err != nil || !strings.Contains(b.String(), "unknown processor") || !strings.Contains(b.String(), " · interrupted\n") {
		t.Errorf("%v:\n%s", err, b.String())
	}
}

// TestWriteFails: a writer that fails is told of.
func TestWriteFails(t *testing.T) {
	for after := range 30 {
		if err := benchmark.Write(&failing{left: after}, sample()); err == nil {
			t.Fatalf("no error with a writer that fails after %d writes", after)
		}
	}
}

type failing struct{ left int }

var errFull = errors.New("full")

func (f *failing) Write(p []byte) (int, error) {
	if f.left--; f.left < 0 {
		return 0, errFull
	}
	return len(p), nil
}

func TestWords(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{benchmark.Nanos(26.34), "26.3"}, {benchmark.Nanos(714.6), "715"},
		{benchmark.Span(26.34), "26.3 ns"}, {benchmark.Span(1500), "1.5 µs"}, {benchmark.Span(2.5e6), "2.5 ms"}, {benchmark.Span(3e9), "3 s"},
		{benchmark.Rate(38e6), "38 M"}, {benchmark.Rate(1.234e6), "1.23 M"}, {benchmark.Rate(12_345), "12 k"}, {benchmark.Rate(999), "999"},
		{benchmark.Bytes(3 << 30), "3 GiB"}, {benchmark.Bytes(1.5 * (1 << 20)), "1.5 MiB"}, {benchmark.Bytes(512), "0.5 KiB"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}

// TestGrowthWithoutTime: sizes that took no measurable time, or that are the same, are not
// compared, and JSON can hold them.
func TestGrowthWithoutTime(t *testing.T) {
	r := &benchmark.Report{}
	for _, g := range []benchmark.Growth{
		grownTo(benchmark.OfYears, 1, 1000, 0), grownTo(benchmark.OfYears, 10, 10_000, 0), grownTo(benchmark.OfYears, 11, 10_000, 1), grownTo(benchmark.OfYears, 12, 10_000, 2),
	} {
		r.AddGrowth(g)
	}
	for _, g := range r.Growth {
		if g.TimesBefore != 0 || g.TimesTenfold != 0 {
			t.Errorf("%+v", g)
		}
	}
	if err := benchmark.WriteJSON(io.Discard, r); err != nil {
		t.Error(err)
	}
}

// TestGrowthVerdict: time in proportion, time that grows by less than the root of ten, and by
// the square; a row of a size that is no tenfold of the one before counts as what it would be
// for a tenfold.
func TestGrowthVerdict(t *testing.T) {
	r := &benchmark.Report{}
	if got := r.GrowthVerdict(); got != "" {
		t.Errorf("without rows: %q", got)
	}
	add := func(axis string, size int64, seconds float64) { r.AddGrowth(grownTo(axis, size, size, seconds)) }
	add(benchmark.OfYears, 1, 1)
	check := func(want string, findings ...string) {
		t.Helper()
		if got := r.GrowthVerdict(); got != want {
			t.Errorf("the verdict is %q, want %q", got, want)
		}
		for i, want := range findings {
			if got := r.GrowthAxes[i].Finding(); got != want {
				t.Errorf("axis %d is %q, want %q", i, got, want)
			}
		}
	}
	check("", "")
	add(benchmark.OfRecipients, 100, 1)
	add(benchmark.OfRecipients, 1000, 10)
	check("No time grows faster than the work: ten times the recipients take at most 1 times as long each, by recipients", "", "recipients: in proportion to the work")
	add(benchmark.OfAccounts, 100, 1)
	add(benchmark.OfAccounts, 1000, 20)
	add(benchmark.OfAccounts, 2000, 44)
	check("No time grows faster than the work: ten times the recipients take at most 2 times as long each, by accounts, one audience", "", "recipients: in proportion to the work",
		"accounts, one audience: ten times the recipients take up to 2 times as long each, at 1,000; the state of all accounts no longer fits into the caches")
	add(benchmark.OfLoadedRows, 100, 1)
	add(benchmark.OfLoadedRows, 200, 4)
	check("Time grows faster than the work by trace rows, loading", "", "recipients: in proportion to the work",
		"accounts, one audience: ten times the recipients take up to 2 times as long each, at 1,000; the state of all accounts no longer fits into the caches",
		"trace rows, loading: ten times the recipients take up to 10 times as long each, at 200: faster than the work")
}
