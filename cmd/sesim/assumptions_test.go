package main

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sesim/reports"
	"sesim/reports/compare"
	"sesim/reports/planreport"
	"sesim/sim/rules"
)

// summaryOf returns the summary that a call prints.
func summaryOf(t *testing.T, args ...string) (*reports.Summary, outcome) {
	t.Helper()
	result := call(t, append(args, "--json", "--progress", "none")...)
	var s reports.Summary
	if err := json.Unmarshal([]byte(result.stdout), &s); err != nil {
		t.Fatalf("%v: exit status %d: %v: %s", args, result.code, err, result.stderr)
	}
	return &s, result
}

// verdictsWith returns the verdicts of a run with another value of a parameter.
func verdictsWith(t *testing.T, scenario, parameter, value string) []string {
	t.Helper()
	s, _ := summaryOf(t, "run", scenario, "--assumptions=off", "--set", "rules."+parameter+"="+value)
	return verdictWords(s)
}

func verdictWords(s *reports.Summary) []string {
	var list []string
	for _, t := range s.Thresholds {
		list = append(list, t.Verdict)
	}
	return list
}

// TestWhatTheAnswerRestsOn changes by hand what a study has tried: every value that
// turns a verdict and the one before it, and every setting.
func TestWhatTheAnswerRestsOn(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, scenario := range []string{"repeat-bouncer", "shared-audience"} {
		s, _ := summaryOf(t, "run", scenario, "--assumptions=each")
		a, own := s.Assumptions, verdictWords(s)
		turns, settings := 0, 0
		for _, p := range a.Parameters {
			for _, turn := range p.Turns {
				turns++
				if got := verdictsWith(t, scenario, p.Name, turn.At)[turn.Threshold]; got == own[turn.Threshold] {
					t.Errorf("%s: with %s = %s the verdict %d is %s still", scenario, p.Name, turn.At, turn.Threshold, got)
				}
				if got := verdictsWith(t, scenario, p.Name, turn.Before)[turn.Threshold]; got != own[turn.Threshold] {
					t.Errorf("%s: with %s = %s the verdict %d is %s already", scenario, p.Name, turn.Before, turn.Threshold, got)
				}
			}
			for _, setting := range p.Settings {
				settings++
				if got := verdictsWith(t, scenario, p.Name, setting.Value); !slices.Equal(got, setting.Verdicts) {
					t.Errorf("%s: with %s = %s the verdicts are %v, said to be %v", scenario, p.Name, setting.Value, got, setting.Verdicts)
				}
			}
		}
		if turns < 4 || settings != a.Settings || a.Incomplete {
			t.Errorf("%s: %d turns, %d settings of %d, incomplete %v", scenario, turns, settings, a.Settings, a.Incomplete)
		}
	}
}

// reviewed is a list of which 15 % does not exist: the account is under review, and
// with a review shorter than the horizon it would be paused.
const reviewed = `name = "reviewed"
horizon = "20d"
thresholds = ["acme.count.paused == 0", "acme.count.under-review == 1"]
[[account]]
name = "acme"
access = "production"
quota = 50_000
rate = 100
identities = ["acme.example"]
[[audience]]
name = "people"
size = 5_000
domain = "people.example"
invalid = "15%"
[[sender]]
name = "news"
account = "acme"
from = "news@acme.example"
audience = "people"
traffic = { kind = "campaign", pace = "5000/h" }
`

func TestAssumptionsInTheText(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "s.toml", reviewed)
	for _, c := range []struct {
		args []string
		want []string
	}{
		{nil, []string{"The verdicts rest on", "review.length"}},
		{[]string{"--assumptions=each"}, []string{"What AWS does not publish: holds in", "settings; turns at", "review.length 19.9d and below"}},
		{[]string{"--joint", "20"}, []string{"of 20 combinations; turns at", "rep.min_eligible 5,010 and above"}},
		{[]string{"--assumptions=each", "--set", "rules.review.length=30d"}, []string{"Set by the scenario and so not varied: review.length."}},
	} {
		result := call(t, append([]string{"run", "s.toml", "--progress", "none"}, c.args...)...)
		text := strings.Join(strings.Fields(result.stdout), " ")
		for _, want := range c.want {
			if result.code != 0 || !strings.Contains(text, want) {
				t.Errorf("%v: exit status %d, want %q in:\n%s", c.args, result.code, want, result.stdout)
			}
		}
		if strings.Contains(text, "probab") || strings.Contains(text, "confiden") {
			t.Errorf("%v: a count of settings is called a probability:\n%s", c.args, result.stdout)
		}
	}
	for _, args := range [][]string{
		{"--assumptions=off"}, {"--replications", "3"}, {"--set", "thresholds=[]"}, {"--set", `assumptions="off"`},
	} {
		if s, _ := summaryOf(t, append([]string{"run", "s.toml"}, args...)...); s.Assumptions != nil {
			t.Errorf("%v: examined unasked: %+v", args, s.Assumptions)
		}
	}
	if result := call(t, "run", "s.toml", "--quiet", "--assumptions"); result.stdout != "" {
		t.Errorf("quiet: %s", result.stdout)
	}
}

// TestAskedForComesAfterTheRun: the run as it is comes first, and the folder that is
// written twice is whole.
func TestAskedForComesAfterTheRun(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "s.toml", reviewed)
	plain := call(t, "run", "s.toml", "-o", "plain", "--progress", "none", "--assumptions=off")
	asked := call(t, "run", "s.toml", "-o", "asked", "--progress", "none", "--assumptions=each")
	base, _, _ := strings.Cut(plain.stdout, "\nReport: ")
	if !strings.HasPrefix(asked.stdout, base) || !strings.Contains(asked.stdout, "\nReport: asked") {
		t.Errorf("printed\n%s\nwant first\n%s", asked.stdout, base)
	}
	for _, name := range []string{"charts/assumptions-settings.svg", "charts/assumptions-turns.png", "report.html"} {
		if !exists("asked/" + name) {
			t.Errorf("%s is missing", name)
		}
	}
	page := string(contents(t, "asked")["report.html"])
	if !strings.Contains(page, "What the verdicts rest on") || !strings.Contains(page, "19.9d and below") {
		t.Error("the page does not say what the verdicts rest on")
	}
	before := contents(t, "asked")
	if result := call(t, "report", "asked"); result.code != 0 {
		t.Fatalf("%+v", result)
	}
	for name, want := range before {
		if got := contents(t, "asked")[name]; !bytes.Equal(got, want) {
			t.Errorf("%s differs when it is drawn again", name)
		}
	}
}

func TestRobust(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "s.toml", reviewed)
	write(t, "own.toml", "robust = true\nassumptions = \"each\"\n"+reviewed)
	for _, args := range [][]string{{"s.toml", "--robust"}, {"own.toml"}, {"own.toml", "--assumptions"}} {
		s, result := summaryOf(t, append([]string{"run"}, args...)...)
		if got := verdictWords(s); result.code != int(exitThreshold) || !slices.Equal(got, []string{"fail", "fail"}) || s.Thresholds[0].Own != "pass" {
			t.Errorf("%v: exit status %d, verdicts %v, own %q", args, result.code, got, s.Thresholds[0].Own)
		}
	}
	if s, result := summaryOf(t, "run", "own.toml", "--robust=false"); result.code != 0 || s.Thresholds[0].HoldsIn == s.Thresholds[0].Of {
		t.Errorf("exit status %d, %+v", result.code, s.Thresholds[0])
	}
	// What holds whatever AWS does passes.
	if s, result := summaryOf(t, "run", "s.toml", "--robust", "--set", `thresholds=["acme.recipients == 5000"]`, "--joint", "10"); result.code != 0 {
		t.Errorf("exit status %d, %+v", result.code, s.Thresholds)
	}
}

// TestInterruptedStudy interrupts the settings: the run as it is stays whole.
func TestInterruptedStudy(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "s.toml", reviewed)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var stdout strings.Builder
	stderr := onWrite{do: func() {}}
	stderr.do = func() {
		if exists("out/manifest.json") { // the run is safe
			cancel()
		}
	}
	code := run(ctx, []string{"run", "s.toml", "-o", "out", "--joint", "5000", "--progress", "plain"}, nil, &stdout, &stderr)
	s := summaryIn(t, "out")
	if code != int(exitInterrupted) || s.Status != "complete" || s.Assumptions == nil || !s.Assumptions.Incomplete || len(s.Thresholds) != 2 {
		t.Errorf("exit status %d, status %s, assumptions %+v\n%s", code, s.Status, s.Assumptions, stderr.String())
	}
	if !strings.Contains(stdout.String(), "acme comes under review") || !strings.Contains(stdout.String(), "of 5,000 combinations were tried to the end") {
		t.Errorf("printed:\n%s", stdout.String())
	}
}

// TestDryRunCountsSettings: the dry run foresees at least as many settings as are tried.
func TestDryRunCountsSettings(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "s.toml", reviewed)
	var plan struct{ Runs, Settings int }
	result := call(t, "run", "s.toml", "--dry-run", "--json", "--joint", "10")
	if err := json.Unmarshal([]byte(result.stdout), &plan); err != nil {
		t.Fatalf("%v: %s", err, result.stderr)
	}
	s, _ := summaryOf(t, "run", "s.toml", "--joint", "10")
	if tried := s.Assumptions.Settings + s.Assumptions.Joint; plan.Settings < tried || plan.Runs != plan.Settings+1 {
		t.Errorf("%d settings and %d runs are foreseen, %d settings were tried", plan.Settings, plan.Runs, tried)
	}
	if text := call(t, "run", "s.toml", "--dry-run", "--assumptions=off").stdout; strings.Contains(text, "setting") {
		t.Errorf("switched off:\n%s", text)
	}
}

func TestAssumptionsRefused(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "s.toml", reviewed)
	write(t, "sweep.toml", reviewed+"[sweep]\n\"rules.review.length\" = [\"7d\", \"30d\"]\n")
	write(t, "word.toml", "assumptions = \"some\"\n"+reviewed)
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"s.toml", "--assumptions=some"}, `--assumptions: "some" is not one of "off", "each", "joint"`},
		{[]string{"word.toml"}, `word.toml:1:15: assumptions: "some" is not one of "off", "each", "joint"`},
		{[]string{"s.toml", "--robust=maybe"}, `--robust`},
		{[]string{"s.toml", "--joint", "-1"}, "--joint must be between 1 and 10000"},
		{[]string{"s.toml", "--joint", "5", "--assumptions=each"}, "it cannot be combined with --assumptions=each"},
		{[]string{"s.toml", "--robust", "--assumptions=off"}, "--robust: needs the settings"},
		{[]string{"sweep.toml", "--assumptions"}, "not of a sweep"},
		{[]string{"sweep.toml", "--robust"}, "not of a sweep: give its keys with --set, or use --robust=false"},
		{[]string{"s.toml", "--replications", "4", "--shard", "1/2", "-o", "part", "--assumptions=each"}, "not studied in shards"},
	} {
		result := call(t, append([]string{"run"}, c.args...)...)
		if result.code != int(exitUsage) || !strings.Contains(result.stderr, c.want) {
			t.Errorf("%v: exit status %d, want %q in:\n%s", c.args, result.code, c.want, result.stderr)
		}
	}
}

// Validate knows what run refuses.
func TestValidateRefusesAssumptions(t *testing.T) {
	t.Chdir(t.TempDir())
	for text, want := range map[string]string{
		"robust = true\nassumptions = \"off\"\n" + reviewed: `s.toml:1:10: robust: needs the settings that assumptions = "off" leaves out`,
		"assumptions = \"each\"\n" + reviewed + "[sweep]\nseed = [1, 2]\n": "s.toml:1:15: assumptions: " +
			"assumptions are studied of one scenario, not of a sweep: give its keys with --set, or use --assumptions=off",
		"robust = true\n" + reviewed + "[sweep]\nseed = [1, 2]\n": "s.toml:1:10: robust: assumptions are studied of one scenario",
	} {
		write(t, "s.toml", text)
		for _, command := range []string{"validate", "run"} {
			if result := call(t, command, "s.toml"); result.code != int(exitUsage) || !strings.Contains(result.stderr, want) {
				t.Errorf("%s: exit status %d, want %q in:\n%s", command, result.code, want, result.stderr)
			}
		}
	}
}

// comparedBy returns the comparison that a call prints.
func comparedBy(t *testing.T, args ...string) *compare.Comparison {
	t.Helper()
	result := call(t, append(args, "--json", "--progress", "none")...)
	var c compare.Comparison
	if err := json.Unmarshal([]byte(result.stdout), &c); err != nil {
		t.Fatalf("%v: exit status %d: %v: %s", args, result.code, err, result.stderr)
	}
	return &c
}

// changeOf returns the change of a figure in the first variant; 0 if there is none.
func changeOf(c *compare.Comparison, metric string) compare.Change {
	for _, f := range c.Figures {
		if f.Metric == metric {
			return f.Changes[0]
		}
	}
	return compare.Change{}
}

// TestComparedInSettings compares two variants by hand in every setting, and counts in how
// many of them a difference keeps its sign and a limit its verdict.
func TestComparedInSettings(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "s.toml", reviewed)
	args := []string{"compare", "s.toml", "--vs", "audience.people.invalid=25%", "--fail-on", "acme.count.paused > 0"}
	const metric = "acme.count.paused"
	c := comparedBy(t, append(args, "--assumptions=each")...)
	own := changeOf(c, metric)
	want := compare.Held{}
	for _, name := range c.Assumptions.Parameters {
		p := rules.Find(name)
		for _, v := range p.Plausible.Values(5) {
			if v.Text == p.Of(currentRules(t)).Text {
				continue
			}
			by := comparedBy(t, append(args, "--set", "rules."+name+"="+v.Text)...)
			want.Of++
			if (changeOf(by, metric).Difference > 0) == (own.Difference > 0) {
				want.HoldsIn++
			}
			if (by.Limits[0].Verdict == "fail") != (changeOf(by, metric).Difference > 0) {
				t.Errorf("%s = %s: the limit is %s, the change %v", name, v.Text, by.Limits[0].Verdict, changeOf(by, metric))
			}
		}
	}
	if own.Difference != 1 || own.Held == nil || *own.Held != want || *c.Limits[0].Held != want || want.HoldsIn == want.Of {
		t.Errorf("the change %v holds in %+v, its limit in %+v; by hand %+v", own.Difference, own.Held, c.Limits[0].Held, want)
	}
	if a := c.Assumptions; a.Settings != want.Of || a.Joint != 0 || a.Incomplete {
		t.Errorf("%+v", a)
	}
	// Over many replications each setting has the first twenty seeds.
	many := comparedBy(t, append(args, "--joint", "6", "--replications", "22", "--set", `rules.rep.eval_interval="15m"`)...)
	if h := changeOf(many, metric).Held; h == nil || h.JointOf != 6 || h.Of != many.Assumptions.Settings {
		t.Errorf("over replications it holds in %+v", h)
	}
	if c := comparedBy(t, args...); c.Assumptions != nil || changeOf(c, metric).Held != nil {
		t.Error("compared in settings unasked")
	}
	for _, args := range [][]string{{"a", "b", "--assumptions"}, {"s.toml", "--vs", "seed=1", "--assumptions=some"}} {
		if result := call(t, append([]string{"compare"}, args...)...); result.code != int(exitUsage) || !strings.Contains(result.stderr, "--assumptions") {
			t.Errorf("%v: exit status %d: %s", args, result.code, result.stderr)
		}
	}
}

// currentRules returns the parameters of the edition current.
func currentRules(t *testing.T) *rules.Set {
	t.Helper()
	set, err := rules.Edition("current")
	if err != nil {
		t.Fatal(err)
	}
	return &set
}

// fives sends 1,000 messages to five people each: a quota of 4,996 accepts the last one
// whole if any quota that is left admits a call, and else 5,000 are needed.
const fives = `name = "fives"
horizon = "2d"
[[account]]
name = "acme"
access = "production"
quota = 5_000
rate = 100
identities = ["acme.example"]
[[audience]]
name = "people"
size = 5_000
domain = "people.example"
[[sender]]
name = "news"
account = "acme"
from = "news@acme.example"
audience = "people"
recipients = 5
traffic = { kind = "campaign", pace = "1/s" }
[goal]
promise = ["acme.refused == 0", "P(acme.under-review) <= 12%"]
choose = { "account.acme.quota" = { from = 4_000, to = 20_000, step = 1 } }
replications = 30
confirm = 30
`

// TestPlanInSettings judges the answer of a plan where AWS admits only calls that fit, and
// wants a quota near the answer that suffices there.
func TestPlanInSettings(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "s.toml", fives)
	var p planreport.Plan
	result := call(t, "plan", "s.toml", "--joint", "10", "--json", "--bare", "--progress", "none")
	if err := json.Unmarshal([]byte(result.stdout), &p); err != nil {
		t.Fatalf("%v: %s", err, result.stderr)
	}
	a := p.Assumptions
	if p.Choices[0].Value != "4996" || a == nil || a.Seeds != 20 || !slices.Equal(a.Judged, []string{"acme.refused == 0"}) {
		t.Fatalf("answer %s, %+v", p.Choices[0].Value, a)
	}
	want := []planreport.Break{{
		Parameter: "quota.multi_recipient", Value: "must_fit", Promises: []string{"acme.refused == 0"}, Answer: []string{"5551"},
	}}
	if diff := cmp.Diff(want, a.Breaks); diff != "" || a.HoldsIn != a.Settings-1 || a.Joint != 10 || a.JointHoldsIn != 5 {
		t.Errorf("%+v (-want +got):\n%s", a, diff)
	}
	for quota, refused := range map[string]bool{"4996": true, "5551": false} {
		s, _ := summaryOf(t, "run", "s.toml", "--set", "account.acme.quota="+quota, "--set", "rules.quota.multi_recipient=must_fit")
		if (s.Accounts[0].Refused.Total() > 0) != refused {
			t.Errorf("with a quota of %s %d are refused", quota, s.Accounts[0].Refused.Total())
		}
	}
	text := call(t, "plan", "s.toml", "--assumptions=each", "--bare", "--progress", "none").stdout
	for _, want := range []string{
		"What AWS does not publish: the answer holds in ", "Given and so not varied: auto_increase.", "- with quota.multi_recipient must_fit: acme.refused == 0 is not kept; account.acme.quota = 5551 would",
		"sesim plan s.toml --bare --assumptions=each",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	// A request carries both, below what is sent, from its own plan or from a saved one.
	if result := call(t, "plan", "s.toml", "--assumptions=each", "--bare", "--quiet", "-o", "plan"); result.code != 0 {
		t.Fatalf("%+v", result)
	}
	for _, args := range [][]string{{"--assumptions=each"}, {"--plan", "plan"}} {
		draft := call(t, append([]string{"request", "s.toml", "--replications", "2", "--progress", "none"}, args...)...).stdout
		sent, local, _ := strings.Cut(draft, "## What quota and rate rest on")
		if !strings.Contains(local, "must\\_fit: acme.refused == 0 is not kept") || strings.Contains(sent, "does not publish") {
			t.Errorf("%v:\n%s", args, draft)
		}
	}
	for _, args := range [][]string{{"plan", "s.toml", "--assumptions=some"}, {"request", "s.toml", "--no-plan", "--assumptions"}} {
		if result := call(t, args...); result.code != int(exitUsage) || !strings.Contains(result.stderr, "--assumptions") {
			t.Errorf("%v: exit status %d: %s", args, result.code, result.stderr)
		}
	}
}
