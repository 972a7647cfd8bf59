package main

import (
	"context"
	"encoding/json"
	"os"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sesim/reports/compare"
)

// noisy is a scenario in which luck matters.
var noisy = strings.Replace(strings.Replace(thresholds(`"acme.bounce_rate.max < 5%", "acme.accepted > 1"`),
	`size = 100`, "size = 2_000\nhard_bounce = \"1%\"", 1),
	`{ kind = "constant", rate = "60/h" }`, `{ kind = "poisson", rate = "60/h" }`, 1)

// comparisonOf compares and decodes what is printed.
func comparisonOf(t *testing.T, code exitCode, args ...string) compare.Comparison {
	t.Helper()
	var c compare.Comparison
	got := expect(t, code, append([]string{"compare", "--json"}, args...)...)
	if err := json.Unmarshal([]byte(got.stdout), &c); err != nil {
		t.Fatalf("%v in:\n%s", err, got.stdout)
	}
	return c
}

func figure(t *testing.T, c *compare.Comparison, metric string) compare.Figure {
	t.Helper()
	for _, f := range c.Figures {
		if f.Metric == metric {
			return f
		}
	}
	t.Fatalf("no %s among the %d figures that changed", metric, len(c.Figures))
	return compare.Figure{}
}

// TestCompareFinished runs two settings, compares their folders and their
// summaries, and wants what compare finds when it simulates both itself.
func TestCompareFinished(t *testing.T) {
	inside(t)
	write(t, "noisy.toml", noisy)
	expect(t, exitPassed, "run", "noisy.toml", "--quiet", "-o", "main")
	expect(t, exitThreshold, "run", "noisy.toml", "--quiet", "-o", "branch", "--set", "audience.customers.hard_bounce=8%", "--set", "thresholds=[\"acme.accepted > 1\", \"acme.bounce_rate.max < 5%\", \"acme.count.under-review == 5\"]")

	folders := comparisonOf(t, exitPassed, "main", "branch")
	summaries := comparisonOf(t, exitPassed, "main/summary.json", "branch/summary.json")
	variants := comparisonOf(t, exitPassed, "noisy.toml", "--vs", "audience.customers.hard_bounce=8%")
	rate := figure(t, &folders, "acme.hard_bounced").Changes[0]
	if rate.Difference <= 0 || rate.OK() {
		t.Errorf("hard bounces changed by %+v", rate)
	}
	for name, other := range map[string]compare.Comparison{"summaries": summaries, "variants": variants} {
		if got := figure(t, &other, "acme.hard_bounced").Changes[0].Difference; got != rate.Difference {
			t.Errorf("%s: hard bounces changed by %v, and by %v between the folders", name, got, rate.Difference)
		}
	}
	if folders.Runs[0].Label != "main" || folders.Runs[1].Label != "branch" || summaries.Runs[0].Label != "main" || variants.Runs[1].Label != "audience.customers.hard_bounce=8%" {
		t.Errorf("the labels are %v, %v, %v", folders.Runs, summaries.Runs, variants.Runs)
	}
	if n := len(folders.Thresholds); n != 3 || !folders.Thresholds[2].Changed {
		t.Errorf("the thresholds are %+v", folders.Thresholds)
	}

	text := expect(t, exitPassed, "compare", "main", "branch").stdout
	markdown := expect(t, exitPassed, "compare", "main", "branch", "--markdown").stdout
	if !strings.Contains(text, "acme.hard_bounced") || !strings.HasPrefix(markdown, "## quick, compared\n") {
		t.Errorf("the text is\n%s\nand the Markdown\n%s", text, markdown)
	}
}

// TestCompareReplications pairs replications: of variants, and of folders.
func TestCompareReplications(t *testing.T) {
	inside(t)
	write(t, "noisy.toml", noisy)
	args := []string{"noisy.toml", "--replications", "6", "--vs", "audience.customers.hard_bounce=8%", "--and", "account.acme.rate=2", "--vs", "seed=1"}
	c := comparisonOf(t, exitPassed, args...)
	bounced := figure(t, &c, "acme.hard_bounced")
	if c.Replications != 6 || len(c.Runs) != 3 || bounced.Changes[0].Pairs != 6 || !bounced.Changes[0].OK() || !bounced.Changes[0].Certain() {
		t.Errorf("%d replications of %d runs: %+v", c.Replications, len(c.Runs), bounced)
	}
	if same := bounced.Changes[1]; same.Difference != 0 || same.Low != 0 || same.High != 0 {
		t.Errorf("the same scenario differs from itself by %+v", same)
	}
	several := expect(t, exitPassed, append([]string{"compare", "--json"}, args...)...).stdout
	previous := runtime.GOMAXPROCS(1)
	alone := expect(t, exitPassed, append([]string{"compare", "--json"}, args...)...).stdout
	runtime.GOMAXPROCS(previous)
	if diff := cmp.Diff(several, alone); diff != "" {
		t.Errorf("one core comes to something else (-several +one):\n%s", diff)
	}
	if got := entries(t, "."); len(got) != 2 {
		t.Errorf("a comparison without -o leaves %v", got)
	}

	expect(t, exitPassed, "run", "noisy.toml", "--quiet", "-o", "main", "--replications", "6")
	expect(t, exitThreshold, "run", "noisy.toml", "--quiet", "-o", "branch", "--replications", "4", "--set", "audience.customers.hard_bounce=8%", "--set", "account.acme.rate=2")
	folders := comparisonOf(t, exitPassed, "main", "branch")
	if got := figure(t, &folders, "acme.hard_bounced").Changes[0]; folders.Replications != 4 || got.Pairs != 4 || !got.Certain() || len(folders.Notes) == 0 {
		t.Errorf("of 6 and 4 replications %d are compared: %+v, %q", folders.Replications, got, folders.Notes)
	}
	four := comparisonOf(t, exitPassed, "noisy.toml", "--replications", "4", "--vs", "audience.customers.hard_bounce=8%", "--and", "account.acme.rate=2")
	if got, want := figure(t, &folders, "acme.hard_bounced").Changes[0], figure(t, &four, "acme.hard_bounced").Changes[0]; got != want {
		t.Errorf("the folders differ by %+v, and the variants by %+v", got, want)
	}
	if got := expect(t, exitUsage, "compare", "main/summary.json", "branch/summary.json"); !strings.Contains(got.stderr, "folder") {
		t.Errorf("summaries of replications: %q", got.stderr)
	}

	expect(t, exitThreshold, append([]string{"compare", "--fail-on", "acme.hard_bounced > +10%"}, args...)...)
	expect(t, exitPassed, append([]string{"compare", "--fail-on", "acme.accepted < -50%", "--fail-on", "acme.hard_bounced < -10%"}, args...)...)
}

// TestCompareFolder writes JSON, Markdown and charts, and replaces nothing
// without being told to.
func TestCompareFolder(t *testing.T) {
	inside(t)
	write(t, "noisy.toml", noisy)
	args := []string{"compare", "noisy.toml", "--vs", "audience.customers.hard_bounce=8%", "-o", "out/both"}
	expect(t, exitPassed, args...)
	names := strings.Join(entries(t, "out/both"), " ") + " " + strings.Join(entries(t, "out/both/charts"), " ")
	if want := "charts comparison.csv comparison.json comparison.md report.html acme-bounce-rate.png acme-bounce-rate.svg"; !strings.HasPrefix(names, want) {
		t.Errorf("the folder holds %s", names)
	}
	markdown, _ := os.ReadFile("out/both/comparison.md")
	if !strings.Contains(string(markdown), "](charts/acme-bounce-rate.svg)") {
		t.Errorf("the Markdown shows no chart:\n%s", markdown)
	}
	first, _ := os.ReadFile("out/both/comparison.json")
	if got := expect(t, exitUsage, args...); !strings.Contains(got.stderr, "already") {
		t.Errorf("stderr is %q", got.stderr)
	}
	expect(t, exitPassed, append(args, "--force")...)
	if second, _ := os.ReadFile("out/both/comparison.json"); len(first) == 0 || string(first) != string(second) {
		t.Error("the same comparison has other bytes")
	}
	if err := os.Mkdir("mine", 0o777); err != nil {
		t.Fatal(err)
	}
	write(t, "mine/notes.txt", "")
	expect(t, exitUsage, "compare", "noisy.toml", "--vs", "seed=2", "-o", "mine", "--force")
}

// TestCompareRefusals: what cannot be compared is refused with the reason, and
// what is only unusual unless it is allowed.
func TestCompareRefusals(t *testing.T) {
	inside(t)
	write(t, "noisy.toml", noisy)
	expect(t, exitPassed, "run", "noisy.toml", "--quiet", "-o", "main")
	expect(t, exitPassed, "run", "noisy.toml", "--quiet", "-o", "seed", "--seed", "2")
	expect(t, exitPassed, "run", "noisy.toml", "--quiet", "-o", "short", "--set", "horizon=1d")
	expect(t, exitPassed, "run", "noisy.toml", "--quiet", "-o", "classic", "--set", "edition=classic")
	for _, c := range []struct {
		args string
		want string
	}{
		{"main", "main alone cannot be compared"},
		{"noisy.toml", "--vs KEY=VALUE"},
		{"main seed", "main has the seed 1, seed has 2; --allow seed"},
		{"main short --allow seed", "main has the horizon 172800 s, short has 86400 s"},
		{"main classic", "--allow edition"},
		{"main nowhere", "nowhere: no such run"},
		{"main noisy.toml", "noisy.toml: not the summary.json of a run"},
		{"main seed --allow luck", `"luck" is not a difference that can be allowed`},
		{"main seed --replications 5", "require --vs"},
		{"main seed --json --markdown", "--json and --markdown cannot be combined"},
		{"noisy.toml main --vs seed=2", "one scenario, not of 2"},
		{"noisy.toml --and seed=2", "begin one with --vs"},
		{"noisy.toml --vs seed", "write KEY=VALUE"},
		{"noisy.toml --vs sender.receipts.acccount=x", `did you mean "account"?`},
		{"noisy.toml --vs seed=2", "--allow seed"},
		{"noisy.toml --vs account.acme.rate=1 --replications -1", "is not between"},
		{"main main --fail-on acme.bounce_rate.maxx>1pp", "did you mean acme.bounce_rate.max?"},
		{"main main --fail-on acme.bounce_rate.max>1", "write percentage points"},
	} {
		got := expect(t, exitUsage, append([]string{"compare"}, strings.Fields(c.args)...)...)
		if !strings.Contains(got.stderr, c.want) || got.stdout != "" {
			t.Errorf("compare %s: stderr is %q, want %q; stdout %q", c.args, got.stderr, c.want, got.stdout)
		}
	}
	expect(t, exitPassed, "compare", "main", "seed", "--allow", "seed")
	expect(t, exitPassed, "compare", "main", "classic", "--allow", "seed,edition")
}

// A summary that was changed is rejected like its folder, as a file that failed,
// also by a link; a copy elsewhere has no manifest to be compared with.
func TestCompareDamaged(t *testing.T) {
	inside(t)
	expect(t, exitPassed, "run", "quick.toml", "--quiet", "-o", "main")
	expect(t, exitPassed, "run", "quick.toml", "--quiet", "-o", "other")
	link(t, os.Symlink, "other/summary.json", "link.json")
	expect(t, exitPassed, "compare", "main/summary.json", "link.json")
	damaged(t, "other", "altered", "summary.json")
	link(t, os.Symlink, "altered/summary.json", "altered.json")
	for _, name := range []string{"altered", "altered/summary.json", "altered.json"} {
		got := expect(t, exitInternal, "compare", "main", name)
		if !strings.Contains(got.stderr, "altered: summary.json: damaged: its content does not match the manifest") || got.stdout != "" {
			t.Errorf("%s: %+v", name, got)
		}
	}
	damaged(t, "other", "sealed", "manifest.json")
	if got := expect(t, exitInternal, "compare", "main", "sealed/summary.json"); !strings.Contains(got.stderr, "sealed: manifest.json: ") {
		t.Errorf("%+v", got)
	}
}

// TestCompareInterrupted ends with 130 and leaves nothing.
func TestCompareInterrupted(t *testing.T) {
	inside(t)
	write(t, "noisy.toml", noisy)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var stdout, stderr strings.Builder
	code := run(ctx, []string{"compare", "noisy.toml", "--vs", "account.acme.rate=2", "-o", "out"}, strings.NewReader(""), &stdout, &stderr)
	if exitCode(code) != exitInterrupted || stdout.Len() > 0 || exists("out") {
		t.Errorf("it exits with %d and prints %q, %q", code, stdout.String(), stderr.String())
	}
}
