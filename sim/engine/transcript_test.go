package engine_test

import (
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sesim/sim"
	"sesim/sim/engine"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

var update = flag.Bool("update", false, "write the responses of the transcripts anew")

// TestTranscripts runs the scenarios of testdata/transcripts against the real
// engine. A transcript states a rule and its source, then a scenario, then,
// below a line of four hyphens, all that the run told: every call with the
// figures that decided it, every outcome, every change of state. What stands
// there was checked by hand against the rule before it was kept.
func TestTranscripts(t *testing.T) {
	files, err := filepath.Glob("testdata/transcripts/*.txt")
	if err != nil || len(files) != 16 {
		t.Fatalf("%d transcripts, want 16 (%v)", len(files), err)
	}
	for _, name := range files {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txt"), func(t *testing.T) { transcript(t, name) })
	}
}

const separator = "\n----\n"

func transcript(t *testing.T, name string) {
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	scenario, want, _ := strings.Cut(string(text), separator)
	if !strings.HasPrefix(scenario, "# ") || !strings.Contains(scenario, "\n# Source: ") {
		t.Errorf("%s begins with a comment that states the rule and, in a line \"# Source: …\", where it stands", name)
	}
	told, res := play(t, scenario)
	got := told.String() + ending(told.cfg, res)
	if *update {
		if err := os.WriteFile(name, []byte(scenario+separator+got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(strings.Split(want, "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("%s: the response changed (-want +got); -update rewrites it\n%s", name, diff)
	}
}

// play runs a scenario and returns what it told.
func play(t *testing.T, scenario string) (*recorder, *sim.Result) {
	t.Helper()
	cfg, err := readScript(scenario)
	if err != nil {
		t.Fatal(err)
	}
	told := &recorder{cfg: &cfg}
	res, err := engine.Run(cfg, sim.Hooks{Observer: told})
	if err != nil {
		t.Fatal(err)
	}
	return told, res
}

// timelineIs plays four days of a scenario that adds accounts to the stage, and
// compares what became of the first of them and when.
func timelineIs(t *testing.T, scenario, want string) {
	t.Helper()
	_, res := play(t, stage+"run horizon=96h\n"+scenario)
	var got []string
	for _, line := range res.Accounts[1].Timeline {
		got = append(got, fmt.Sprintf("%v %s", line.At, line.Event))
	}
	if text := strings.Join(got, ", "); text != want {
		t.Errorf("%s\ngot  %s\nwant %s", scenario, text, want)
	}
}

// ending writes what the run left.
func ending(cfg *sim.Config, res *sim.Result) string {
	var out strings.Builder
	fmt.Fprintf(&out, "\nat the end, %s\n", unit.FormatDuration(res.End))
	for i, a := range res.Accounts {
		fmt.Fprintf(&out, "%s: %s, %s (%s); %s\n", cfg.Accounts[i].Name, a.Access, a.Enforcement, a.Status, quotaUse(&a))
		fmt.Fprintf(&out, "  %s\n", counts(&a.Counts))
		fmt.Fprintf(&out, "  bounce rate %s; complaint rate %s; %d on the account's list\n", rate(a.Bounce), rate(a.Complaint), a.Listed)
	}
	fmt.Fprintf(&out, "global list: %d stays begun, %d addresses listed\n", res.Global.Added, res.Global.Listed)
	return out.String()
}

func quotaUse(a *sim.AccountResult) string {
	used := math.Round(a.QuotaUseFinal * float64(a.Quota))
	return fmt.Sprintf("used %g of %d, %d a second", used, a.Quota, a.MaxRate)
}

func rate(r sim.Rate) string {
	return fmt.Sprintf("%d/%d = %g%%", r.Events, r.Eligible, 100*r.Final)
}

// counts writes the counts that are not zero.
func counts(c *sim.Counts) string {
	var parts []string
	add := func(n int64, word string) {
		if n != 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, word))
		}
	}
	add(c.Accepted, "accepted")
	for reason, n := range c.Refused {
		add(n, "refused by "+ses.Reason(reason).String())
	}
	add(c.Delivered, "delivered")
	add(c.HardBounced, "bounced hard")
	add(c.SoftBounced, "bounced softly")
	add(c.SuppressedAccount, "suppressed by the account's list")
	add(c.SuppressedGlobal, "suppressed by the global list")
	add(c.Simulator, "to the simulator")
	add(c.Rejected, "rejected")
	add(c.Complaints, "complaints")
	add(c.InFlight, "under way")
	if len(parts) == 0 {
		return "no mail"
	}
	return strings.Join(parts, ", ")
}
