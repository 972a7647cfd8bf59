package scenarios_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sesim/scenarios"
	"sesim/sim"
	"sesim/sim/criteria"
	"sesim/sim/engine"
	"sesim/sim/unit"
)

var update = flag.Bool("update", false, "write the answers of the shipped scenarios anew")

// The answer of every shipped scenario is pinned: its verdicts, counts, rates
// and timeline, and the fingerprint of its whole sequence of events. A change
// that moves one of them has to say so.
func TestShippedScenariosAnswer(t *testing.T) { pinned(t, "testdata/answers.txt", scenarios.Shipped()) }

// pinned runs scenarios and compares their answers with those in a file. All
// thresholds must pass: they state the answer.
func pinned(t *testing.T, answers string, list []scenarios.Entry) {
	t.Helper()
	var b strings.Builder
	for _, entry := range list {
		cfg, result := runShipped(t, entry.Name)
		fmt.Fprintf(&b, "%s: %s\n", entry.Name, result.Fingerprint)
		writeAnswer(&b, cfg, result)
		for _, j := range result.Judge(cfg) {
			if j.Verdict != criteria.Pass {
				t.Errorf("%s: %s is %v, which is a %v: a shipped scenario's thresholds state its answer", entry.Name, j.Criterion.Expression, j.Value, j.Verdict)
			}
		}
	}
	if *update {
		if err := os.WriteFile(answers, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(answers)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(b.String(), "\n")); diff != "" {
		t.Errorf("answers moved (- pinned, + now); if that is meant, run the test with -update:\n%s", diff)
	}
}

// shortened are the scenarios that are too long for a test, as far as one runs
// them. Names, audiences and thresholds are those of the whole.
var shortened = map[string][]scenarios.Override{"region-day": {{Key: "horizon", Value: "2m"}}}

func runShipped(t *testing.T, name string) (*sim.Config, *sim.Result) {
	t.Helper()
	src, ok := scenarios.Source(name)
	if !ok {
		t.Fatalf("%s is listed but has no source", name)
	}
	cfg, err := scenarios.Load(name+".toml", src, shortened[name]...)
	if err != nil {
		t.Fatal(err)
	}
	if cfg.Name != name || cfg.Question == "" {
		t.Errorf("%s.toml is named %q and asks %q", name, cfg.Name, cfg.Question)
	}
	result, err := engine.Run(*cfg, sim.Hooks{})
	if err != nil {
		t.Fatal(err)
	}
	return cfg, result
}

func writeAnswer(b *strings.Builder, cfg *sim.Config, r *sim.Result) {
	for i := range min(len(r.Accounts), 10) { // the fingerprint has all
		a := &r.Accounts[i]
		fmt.Fprintf(b, "  %s: %s %s; %+v\n", cfg.Accounts[i].Name, a.Access, a.Enforcement, a.Counts)
		fmt.Fprintf(b, "    bounces %d of %d, highest %.5f; complaints %d of %d, highest %.5f\n",
			a.Bounce.Events, a.Bounce.Eligible, a.Bounce.Max, a.Complaint.Events, a.Complaint.Eligible, a.Complaint.Max)
		for _, line := range a.Timeline {
			fmt.Fprintf(b, "    %s %s [%s] %s\n", unit.FormatDuration(line.At), line.Event, line.Rule, line.Why)
		}
	}
	fmt.Fprintf(b, "  global list: %d stays, %d listed, %d censored, longest %s\n", r.Global.Added, r.Global.Listed, r.Global.Dwell.Censored, unit.FormatDuration(r.Global.Dwell.Max))
}
