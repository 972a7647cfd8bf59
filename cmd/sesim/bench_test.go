package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"

	"sesim/reports/benchmark"
)

// fast are flags that make a measurement of the decision take no time.
var fast = []string{"bench", "--quick", "--quiet", "--rounds", "1", "--addresses", "1e3,2_000", "--rate", "200k/s"}

// readBench decodes what --json prints.
func readBench(t *testing.T, stdout string) *benchmark.Report {
	t.Helper()
	r := &benchmark.Report{}
	if err := json.Unmarshal([]byte(stdout), r); err != nil || r.Version != benchmark.Version {
		t.Fatalf("%v, version %d in:\n%s", err, r.Version, stdout)
	}
	return r
}

// TestBench measures on a tiny scale, and tells the same figures as text, as a
// folder and as JSON.
func TestBench(t *testing.T) {
	if testing.Short() {
		t.Skip("measures for seconds")
	}
	inside(t)
	var stdout, stderr strings.Builder
	cmd := process(t, append(slices.Clone(fast), "-o", "figures")...) // which starts itself for the replications
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v: %s", err, stderr.String())
	}
	got := outcome{stdout: stdout.String(), stderr: stderr.String()}
	for _, want := range []string{
		"sesim bench · ", "The decision on one core, with a shared global list", "2,000  uniform", "Latency of consecutive decisions", "Open loop at a fixed rate",
		"Memory: live bytes per address", "first-campaign", "Note: only 1 rounds", "Figures, distributions and charts: figures\n",
	} {
		if !strings.Contains(got.stdout, want) {
			t.Errorf("stdout does not hold %q:\n%s", want, got.stdout)
		}
	}
	if got.stderr != "" {
		t.Errorf("stderr is %q", got.stderr)
	}
	for _, want := range []string{"bench.json", "report.html", "latency.hlog", "latency-sesim-1e3-batch.hgrm", "bench-throughput.png"} {
		if !slices.Contains(entries(t, "figures"), want) {
			t.Errorf("no %s among %v", want, entries(t, "figures"))
		}
	}
	if again := call(t, append(slices.Clone(fast), "-o", "figures")...); again.code != int(exitUsage) || !strings.Contains(again.stderr, "output folder figures: ") {
		t.Errorf("a second time: %+v", again)
	}
	checkPlain(t, "figures/bench.json")
	kept, err := os.ReadFile("figures/bench.json")
	if err != nil {
		t.Fatal(err)
	}
	list := readBench(t, string(kept)).Replications
	if runtime.GOMAXPROCS(0) < 2 {
		if len(list) != 0 {
			t.Errorf("on one core: %+v", list)
		}
		return
	}
	if len(list) != 1 || list[0].Rounds != 1 || list[0].WallSeconds <= 0 || list[0].ProcessesWallSeconds <= 0 || list[0].TimesProcesses <= 0 ||
		list[0].TimesOneCore <= 0 || list[0].ProcessorSeconds < 0.02 || list[0].ProcessesProcessorSeconds < 0.02 {
		t.Errorf("replications %+v", list)
	}
}

// checkPlain wants standard output with --json to be what the folder holds, one
// value in which no figure is a NaN or an infinity, which JSON cannot hold.
func checkPlain(t *testing.T, file string) {
	t.Helper()
	kept, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	d := json.NewDecoder(bytes.NewReader(kept))
	var value map[string]any
	if err := d.Decode(&value); err != nil {
		t.Fatal(err)
	}
	if d.More() {
		t.Error("more than one value")
	}
	var stdout strings.Builder
	s := newSystem(nil, &stdout, nil)
	if err := printBench(s, readBench(t, string(kept)), &benchOptions{json: true}); err != nil || stdout.String() != string(kept) {
		t.Errorf("--json prints %d bytes, the folder holds %d, %v", stdout.Len(), len(kept), err)
	}
}

// TestBenchScenario measures a user's own scenario, and nothing else.
func TestBenchScenario(t *testing.T) {
	inside(t)
	r := readBench(t, expect(t, exitPassed, "bench", "quick.toml", "--json", "--rounds", "3", "--quiet", "--set", "horizon=1d").stdout)
	if len(r.Decisions)+len(r.Memory)+len(r.Growth) != 0 || len(r.Simulations) != 1 {
		t.Fatalf("the report is %+v", r)
	}
	s := r.Simulations[0]
	if s.Scenario != "quick" || s.Recipients != 24*60 || s.VirtualSeconds != 86_400 || s.Rounds != 3 || s.PerSecond <= 0 || s.Allocations <= 0 || len(s.Fingerprint) != 32 {
		t.Errorf("the simulation is %+v", s)
	}
	if want := "sesim bench quick.toml --json=true --quiet=true --rounds=3 --set=[horizon=1d]"; r.Command != want {
		t.Errorf("the command is %q, want %q", r.Command, want)
	}
}

func TestBenchGrowth(t *testing.T) {
	r := readBench(t, expect(t, exitPassed, "bench", "--growth=1e5", "--json", "--quiet", "--rounds=1").stdout)
	if len(r.Growth) != 12 || len(r.GrowthAxes) != 7 || len(r.Decisions)+len(r.Simulations) != 0 {
		t.Errorf("the report is %+v", r)
	}
}

// TestBenchRefuses: what is wrong is said with what would be right, before
// anything is measured.
func TestBenchRefuses(t *testing.T) {
	inside(t)
	for _, c := range []struct{ args, want string }{
		{"--addresses 1e3,many", `sesim: --addresses 1e3,many: "many" is not a whole number from 1000 to 1073741824, such as 1e6`},
		{"--addresses 10", `sesim: --addresses 10: "10" is not a whole number from 1000 to 1073741824, such as 1e6`},
		{"--addresses 1e12", `sesim: --addresses 1e12: "1e12" is not a whole number from 1000 to 1073741824, such as 1e6`},
		{"--addresses NaN", `sesim: --addresses NaN: "NaN" is not a whole number from 1000 to 1073741824, such as 1e6`},
		{"--rate 5M", `sesim: --rate 5M: "5M" is not a rate from 1/s to 1G/s, such as 5M/s or 200k/s`},
		{"--rate -1/s", `sesim: --rate -1/s: "-1/s" is not a rate from 1/s to 1G/s, such as 5M/s or 200k/s`},
		{"--rate NaN/s", `sesim: --rate NaN/s: "NaN/s" is not a rate from 1/s to 1G/s, such as 5M/s or 200k/s`},
		{"--rate 2G/s", `sesim: --rate 2G/s: "2G/s" is not a rate from 1/s to 1G/s, such as 5M/s or 200k/s`},
		{"--rounds -1", "sesim: --rounds -1 is not between 1 and 1000; use five or more for a meaningful median"},
		{"--rounds five", `sesim: --rounds: "five" is not a whole number; see sesim bench --help`},
		{"--growth=0", `sesim: --growth=0: "0" is not a whole number from 100000 to 100000000000, such as 1e6`},
		{"--growth quick.toml", "sesim: --growth simulates scenarios of its own and cannot be combined with scenarios"},
		{"--growth --rate 1M/s", "sesim: --addresses and --rate apply to single decisions, which are not measured with --growth or with scenarios"},
		{"--rate 1M/s quick.toml", "sesim: --addresses and --rate apply to single decisions, which are not measured with --growth or with scenarios"},
		{"--set seed=1", "sesim: --set seed=1: name the scenarios it applies to"},
		{"quik.toml", "sesim: quik.toml: no such file, and no shipped scenario of that name"},
		{"--adresses 1e3", "sesim: unknown flag: --adresses (did you mean --addresses?); see sesim bench --help"},
		{"-o quick.toml/x", "sesim: output folder quick.toml/x: "},
	} {
		got := call(t, append([]string{"bench"}, strings.Fields(c.args)...)...)
		if got.code != int(exitUsage) || !strings.HasPrefix(got.stderr, c.want) || got.stdout != "" {
			t.Errorf("%s: exit status %d, stderr %q, want %q", c.args, got.code, got.stderr, c.want)
		}
	}
}

// TestBenchInterrupted: what was measured so far, whole runs and decisions, is
// printed, marked, and the exit status is 130.
func TestBenchInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	stderr := onMatch{text: "2e3 addresses: latency", do: cancel}
	var stdout strings.Builder
	args := append(slices.DeleteFunc(slices.Clone(fast), func(arg string) bool { return arg == "--quiet" }), "--json")
	code := run(ctx, args, nil, &stdout, &stderr)
	if code != int(exitInterrupted) || !strings.HasSuffix(stderr.String(), "sesim: interrupted; the figures measured so far were kept\n") {
		t.Errorf("exit status %d, stderr:\n%s", code, stderr.String())
	}
	r := readBench(t, stdout.String())
	if r.Status != benchmark.Interrupted || len(r.Simulations) == 0 || len(r.Decisions) == 0 || len(r.OpenLoop) != 0 {
		t.Errorf("the report is %+v", r)
	}
}

// TestBenchFailed: a scenario that cannot be simulated, here because its trace changes
// meanwhile, does not lose the figures of another.
func TestBenchFailed(t *testing.T) {
	t.Chdir(t.TempDir())
	const rows = "time,recipients\n1h,1\n2h,1\n"
	write := func(name, text string) {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	text := func(name, traffic string) string {
		return "version = 1\nname = \"" + name + "\"\nhorizon = \"1d\"\n[[account]]\nname = \"acme\"\naccess = \"production\"\n" +
			"identities = [\"acme.example\"]\n[[audience]]\nname = \"readers\"\nsize = 100\n[[sender]]\nname = \"news\"\n" +
			"account = \"acme\"\nfrom = \"n@acme.example\"\naudience = \"readers\"\ntraffic = " + traffic + "\n"
	}
	write("good.toml", text("good", `{ kind = "constant", rate = "100/d" }`))
	write("bad.toml", text("bad", `{ kind = "trace", file = "rows.csv" }`))
	write("rows.csv", rows)
	stderr := onMatch{text: "scenario bad", do: func() { write("rows.csv", rows[:len(rows)-5]+"?") }}
	var stdout strings.Builder
	code := run(t.Context(), []string{"bench", "good.toml", "bad.toml", "--quick", "--json"}, nil, &stdout, &stderr)
	if code == 0 || !strings.Contains(stderr.String(), "rows.csv") {
		t.Errorf("exit status %d, stderr:\n%s", code, stderr.String())
	}
	if r := readBench(t, stdout.String()); r.Status != benchmark.Failed || len(r.Simulations) != 1 || r.Simulations[0].Scenario != "good" {
		t.Errorf("the report is %+v", r)
	}
}

// onMatch calls a function when a text is written.
type onMatch struct {
	strings.Builder
	text string
	do   func()
}

func (o *onMatch) Write(p []byte) (int, error) {
	if strings.Contains(string(p), o.text) {
		o.do()
	}
	return o.Builder.Write(p)
}
