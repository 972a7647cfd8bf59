package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sesim/cmd/internal/study"
	"sesim/cmd/internal/terminal"
)

// planned is the quick scenario with a goal: one message a minute asks for a
// quota of exactly 1440.
func planned(goal string) string {
	return thresholds("") + "\n[goal]\nreplications = 2\nconfirm = 2\n" + goal
}

const (
	quotaPromise = "promise = [\"acme.refused.quota == 0\"]\n"
	quotaChoice  = "choose = { \"account.acme.quota\" = { from = 1_000, to = 200_000 } }\n"
)

// planJSON is what tests read of a plan.
type planJSON struct {
	Status  string
	Choices []struct {
		Key, Value string
		Binds      []string
		Next       struct{ Values []string }
	}
	Nearest struct{ Values []string }
	Runs    struct{ Total, Confirming int }
}

func readPlan(t *testing.T, text string) planJSON {
	t.Helper()
	var p planJSON
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		t.Fatalf("%v in:\n%s", err, text)
	}
	return p
}

// TestPlan finds the answer of a closed form, as text, as JSON and in a
// folder.
func TestPlan(t *testing.T) {
	inside(t)
	write(t, "goal.toml", planned(quotaPromise+quotaChoice))
	got := expect(t, exitPassed, "plan", "goal.toml", "--progress", "none")
	for _, want := range []string{
		"| account.acme.quota | 1440 | 1000 to 200000 in steps of 1; smallest wanted |\n",
		"- one step less, 1439, breaks acme.refused.quota == 0: fails in 2 of 2 runs (worst: ",
		"- half, 720, breaks", "- double, 2880, keeps all promises\n",
		"2 fresh runs, which had no part in the search, confirm all promises", "sesim run goal.toml --set rules.auto_increase=false --set account.acme.quota=1440\n",
	} {
		if !strings.Contains(got.stdout, want) {
			t.Errorf("stdout lacks %q:\n%s", want, got.stdout)
		}
	}

	got = expect(t, exitPassed, "plan", "goal.toml", "--json", "--quiet", "-o", "plan", "--confirm", "3")
	p := readPlan(t, got.stdout)
	if p.Status != "found" || p.Choices[0].Value != "1440" || strings.Join(p.Choices[0].Binds, " ") != "acme.refused.quota == 0" || p.Choices[0].Next.Values[0] != "1439" || p.Runs.Confirming != 3 {
		t.Errorf("the plan is %+v", p)
	}
	if files := strings.Join(entries(t, "plan"), " "); files != "candidates.csv charts plan.json plan.md report.html" {
		t.Errorf("the folder holds %s", files)
	}
	table, err := os.ReadFile(filepath.Join("plan", "candidates.csv"))
	if err != nil || !strings.Contains(string(table), "\n1440,acme.refused.quota == 0,kept,2,2,0,1,") {
		t.Errorf("the table is (%v):\n%s", err, table)
	}
	expect(t, exitUsage, "plan", "goal.toml", "-o", "plan")
	expect(t, exitPassed, "plan", "goal.toml", "-o", "plan", "--force", "--quiet")
}

// TestPlanOfLimiter: with priority for the resets there is a limiter for the newsletter,
// 14/1.2 calls a second rounded down, and three workers keep up with it; without
// priority there is none. A newcomer gets there by a template.
func TestPlanOfLimiter(t *testing.T) {
	t.Chdir(t.TempDir())
	few := []string{"--replications", "5", "--confirm", "5", "--json", "--quiet"}
	p := readPlan(t, expect(t, exitPassed, append([]string{"plan", "which-limiter"}, few...)...).stdout)
	if p.Status != "found" || p.Choices[0].Value != "11" || p.Choices[1].Value != "3" || p.Choices[0].Next.Values[0] != "12" {
		t.Errorf("the plan is %+v", p)
	}
	expect(t, exitThreshold, append([]string{"plan", "which-limiter", "--set", "sender.newsletter.priority=0"}, few...)...)

	if got := expect(t, exitPassed, "init", "limiter").stdout; !strings.HasSuffix(got, "\n  sesim plan limiter.toml\n") {
		t.Errorf("init prints %q", got)
	}
	got := expect(t, exitPassed, "plan", "limiter.toml", "--progress", "none").stdout
	for _, want := range []string{
		"| sender.newsletter.client.limiter.n | 11 | 1 to 28 in steps of 1; largest wanted |\n",
		"| sender.newsletter.client.workers | 3 | 1 to 20 in steps of 1; smallest wanted |\n",
		"- one step more, 12, breaks newsletter.given_up == 0: fails in ",
		"--set sender.newsletter.client.limiter.n=11 --set sender.newsletter.client.workers=3\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the plan lacks %q:\n%s", want, got)
		}
	}
}

// TestPlanWithoutAnswer: the status is 99, and the nearest miss is named.
func TestPlanWithoutAnswer(t *testing.T) {
	inside(t)
	write(t, "goal.toml", planned(quotaPromise+strings.Replace(quotaChoice, "200_000", "1_400", 1)))
	got := expect(t, exitThreshold, "plan", "goal.toml", "--progress", "none", "-o", "plan")
	if !strings.Contains(got.stdout, "The nearest miss: account.acme.quota = 1400.\n\n- ✗ acme.refused.quota == 0: broken, fails in 2 of 2 runs") || got.stderr != "" {
		t.Errorf("stdout:\n%s\nstderr: %s", got.stdout, got.stderr)
	}
	kept, err := os.ReadFile("plan/plan.json")
	if err != nil {
		t.Fatal(err)
	}
	if p := readPlan(t, string(kept)); p.Status != "none" || p.Nearest.Values[0] != "1400" {
		t.Errorf("the plan is %+v", p)
	}
}

// TestPlanOfEveryKind chooses a volume, a share, a rate and a list, of which
// the largest value is wanted.
func TestPlanOfEveryKind(t *testing.T) {
	inside(t)
	for _, c := range []struct{ goal, want string }{
		// A quota of 720 is half the mail of 60 an hour.
		{`choose = { "sender.receipts.traffic.rate" = { from = "1/h", to = "90/h" } }`, "30/h"},
		{`choose = { "sender.receipts.traffic.rate" = ["10/h", "20/h", "40/h"] }`, "20/h"},
		// Of 100 addresses 4 must not exist: the share is rounded to whole ones.
		{`choose = { "audience.customers.invalid" = { from = "0%", to = "50%" } }` + "\n" + `promise = ["acme.hard_bounced <= 4"]`, "4.4%"},
	} {
		goal := c.goal
		if !strings.Contains(goal, "promise") {
			goal += "\n" + quotaPromise
		}
		write(t, "goal.toml", planned(goal))
		args := []string{"plan", "goal.toml", "--json", "--progress", "none"}
		if strings.Contains(goal, "traffic") {
			args = append(args, "--set", "account.acme.quota=720")
		}
		if p := readPlan(t, expect(t, exitPassed, args...).stdout); p.Choices[0].Value != c.want {
			t.Errorf("%s: %+v, want %s", c.goal, p.Choices, c.want)
		}
	}
}

// TestPlanRefuses: what is wrong is said before anything is simulated.
func TestPlanRefuses(t *testing.T) {
	inside(t)
	write(t, "goal.toml", planned(quotaPromise+quotaChoice))
	write(t, "bad.toml", planned(quotaPromise+strings.Replace(quotaChoice, "acme", "acne", 1)))
	for _, c := range []struct{ args, says string }{
		{"quick.toml", "quick.toml: the scenario has no [goal]"},
		{"bad.toml", `no account is named "acne" (did you mean "acme"?)`},
		{"missing.toml", "missing.toml: no such file"},
		{"goal.toml --replications 0", "--replications must be between 1 and 1000000"},
		{"goal.toml --confirm 2000000", "--confirm must be between 0 and 1000000"},
		{"goal.toml -o goal.toml/x", "output folder goal.toml/x"},
	} {
		got := expect(t, exitUsage, append([]string{"plan"}, strings.Fields(c.args)...)...)
		if !strings.Contains(got.stderr, c.says) || got.stdout != "" {
			t.Errorf("%s: stderr %q, stdout %q", c.args, got.stderr, got.stdout)
		}
	}
}

// TestPlanInterrupted keeps what is known and says that it is not all.
func TestPlanInterrupted(t *testing.T) {
	inside(t)
	write(t, "goal.toml", planned(quotaPromise+quotaChoice))
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var stdout strings.Builder
	s := newSystem(nil, &stdout, &strings.Builder{})
	s.Clock = func() time.Duration { cancel(); return 0 } // first read when the search begins
	failed := s.Plan(ctx, "goal.toml", &study.PlanOptions{
		Search: study.SearchOptions{Replications: -1, Confirm: -1}, Delivery: study.Delivery{Dir: "plan"}, Progress: terminal.None,
	})
	kept, err := os.ReadFile("plan/plan.json")
	if err != nil || readPlan(t, string(kept)).Status != "interrupted" || !strings.Contains(stdout.String(), "The search was interrupted") {
		t.Errorf("%v, stdout:\n%s", err, stdout.String())
	}
	if code := exitOf(failed); code != exitInterrupted {
		t.Errorf("exit status %d", code)
	}
}

// TestPlanUnfinished interrupts a plan that has its answer, and one whose answer without
// automatic increases is being searched.
func TestPlanUnfinished(t *testing.T) {
	for _, c := range []struct {
		name, rules, at string
		says            []string
	}{
		{"headroom", "", "looking for headroom", []string{
			"| account.app.quota | 2000 |", "There is an answer. ", "What follows was interrupted and is not complete.", "To run it: ",
		}},
		{"without", "[rules]\nauto_increase = true\n", "searching", []string{
			"| account.app.quota | 1000 |", "Whether there is an answer without them is not known. The search was interrupted; ",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			inside(t)
			write(t, "grows.toml", grows+c.rules)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			var stdout strings.Builder
			seen := ""
			errs := writer(func(text []byte) (int, error) {
				if further := strings.Contains(seen, "looking for headroom"); strings.Contains(string(text), c.at) && (further || c.rules == "") {
					cancel()
				}
				seen += string(text)
				return len(text), nil
			})
			s := newSystem(nil, &stdout, errs)
			clock := time.Duration(0)
			s.Clock = func() time.Duration { clock += time.Minute; return clock } // each step of the progress is shown
			failed := s.Plan(ctx, "grows.toml", &study.PlanOptions{
				Search: study.SearchOptions{Replications: -1, Confirm: -1}, Progress: terminal.Plain,
			})
			for _, want := range c.says {
				if !strings.Contains(stdout.String(), want) {
					t.Errorf("stdout lacks %q:\n%s\nprogress:\n%s", want, stdout.String(), seen)
				}
			}
			if code := exitOf(failed); code != exitInterrupted {
				t.Errorf("exit status %d", code)
			}
		})
	}
}

// writer is a function that is written to.
type writer func([]byte) (int, error)

func (w writer) Write(text []byte) (int, error) { return w(text) }

// TestRequestWithPlan: a request takes quota and rate from the scenario's
// goal, or from a saved plan of the same scenario.
func TestRequestWithPlan(t *testing.T) {
	inside(t)
	write(t, "goal.toml", planned(quotaPromise+quotaChoice))
	ask := func(args ...string) string {
		return expect(t, exitPassed, append([]string{"request", "goal.toml", "--progress", "none", "--replications", "2"}, args...)...).stdout
	}
	const want = "We request a sending quota of 1,440 recipients in 24 hours"
	if got := ask(); !strings.Contains(got, want) || !strings.Contains(got, "these are the smallest figures that meet our targets: acme.refused.quota == 0.") {
		t.Errorf("without --plan:\n%s", got)
	}
	expect(t, exitPassed, "plan", "goal.toml", "-o", "saved", "--quiet")
	for _, name := range []string{"saved", "saved/plan.json"} {
		if got := ask("--plan", name); !strings.Contains(got, want) {
			t.Errorf("--plan %s:\n%s", name, got)
		}
	}
	if got := ask("--no-plan"); strings.Contains(got, want) || !strings.Contains(got, "Our sending quota is") {
		t.Errorf("--no-plan:\n%s", got)
	}
	if got := ask("--set", `goal.promise=["acme.refused.quota > 0"]`, "--set", "sender.receipts.traffic.rate=1/h"); !strings.Contains(got, "No quota and rate were found that keep the promises.") {
		t.Errorf("a plan without an answer:\n%s", got)
	}
	write(t, "other.json", "{}")
	volume := `goal.choose={ "sender.receipts.traffic.rate" = ["10/h", "20/h"] }`
	if got := ask("--set", volume); !strings.Contains(got, "receipts, a constant 60 messages an hour") || strings.Contains(got, "our targets") {
		t.Errorf("a goal about volume changes the mail:\n%s", got)
	}
	expect(t, exitPassed, "plan", "goal.toml", "--set", volume, "-o", "volume", "--quiet")
	for _, c := range []struct{ args, says string }{
		{"--plan nowhere", "--plan nowhere: no such file"},
		{"--plan other.json", "its version is 0, not 1"},
		{"--plan goal.toml", "not a plan written by sesim"},
		{"--plan saved --set seed=2", "the plan is for scenario quick, seed 1, edition current, not for quick, seed 2"},
		{"--plan saved --no-plan", "cannot be combined"},
		{"--plan volume", "the plan chooses sender.receipts.traffic.rate, but a request needs a quota and a rate"},
	} {
		got := expect(t, exitUsage, append([]string{"request", "goal.toml"}, strings.Fields(c.args)...)...)
		if !strings.Contains(got.stderr, c.says) {
			t.Errorf("%s: %q", c.args, got.stderr)
		}
	}
}

// batch is a campaign of 1,500 messages paced at 50 a second without retries. The
// bucket begins with a second's worth and refills for the 29.98 s of the campaign: at
// 49 a second that is 1,518, at 48 it is 1,487, and 75 are lost at 46.
const batch = `version = 1
name = "batch"
horizon = "1h"
[[account]]
name = "app"
access = "production"
quota = 10_000
rate = 5
identities = ["app.example"]
[[audience]]
name = "people"
size = 1500
[[sender]]
name = "batch"
account = "app"
from = "x@app.example"
audience = "people"
traffic = { kind = "campaign", pace = "50/s" }
[goal]
promise = ["batch.campaign_time.max < 10m"]
choose = { "account.app.rate" = { from = 1, to = 50 } }
replications = 2
confirm = 2
`

// TestPlanCountsLostMail plans for a campaign that loses its mail at a low rate:
// the promise about its length is not kept by mail that was given up, and where a
// promise allows losses the plan names them.
func TestPlanCountsLostMail(t *testing.T) {
	inside(t)
	write(t, "batch.toml", batch)
	got := expect(t, exitPassed, "plan", "batch.toml", "--progress", "none")
	for _, want := range []string{
		"| account.app.rate | 49 |", "- one step less, 48, breaks batch.campaign_time.max < 10m: fails in 2 of 2 runs (worst: never); " +
			"batch loses 0.867% of its mail\n", // 48 at once and 48/s for 29.98 s are 1,487 of 1,500
	} {
		if !strings.Contains(got.stdout, want) {
			t.Errorf("stdout lacks %q:\n%s", want, got.stdout)
		}
	}
	if strings.Contains(got.stdout, "Lost") {
		t.Errorf("mail is lost at 49:\n%s", got.stdout)
	}
	got = expect(t, exitPassed, "plan", "batch.toml", "--progress", "none", "--set", `goal.promise=["batch.given_up <= 100"]`)
	if want := "Lost under this answer: batch gives up mail in 4 of 4 runs, 75 "; !strings.Contains(got.stdout, want) {
		t.Errorf("stdout lacks %q:\n%s", want, got.stdout)
	}
	got = expect(t, exitThreshold, "run", "batch.toml", "--json", "--quiet", "--set",
		`thresholds=["batch.campaign_time.max < 10m", "batch.campaign_time.max > 10m"]`)
	for _, want := range []string{
		`"max": null,\n        "never": true`, `"expression": "batch.campaign_time.max < 10m",\n      "value": null,\n      "never": true,\n      "verdict": "fail"`,
		`"expression": "batch.campaign_time.max > 10m",\n      "value": null,\n      "never": true,\n      "verdict": "pass"`,
	} {
		if !strings.Contains(got.stdout, strings.ReplaceAll(want, `\n`, "\n")) {
			t.Errorf("the summary lacks %s:\n%s", want, got.stdout)
		}
	}
}

// grows is mail that an automatic increase of the quota would let through: 1,000
// messages a day, and 2,000 from day 15 on.
const grows = `version = 1
name = "grows"
horizon = "30d"
[[account]]
name = "app"
access = "production"
quota = 10_000
rate = 5
identities = ["app.example"]
[[audience]]
name = "people"
size = 1500
[[sender]]
name = "mail"
account = "app"
from = "x@app.example"
audience = "people"
traffic = { kind = "constant", rate = "1000/d" }
[[action]]
at = "15d"
do = "set"
key = "sender.mail.rate"
value = "2000/d"
[goal]
promise = ["app.refused.quota == 0"]
choose = { "account.app.quota" = { from = 1_000, to = 9_000, step = 1_000 } }
replications = 2
confirm = 2
`

// TestPlanWithoutIncrease plans without automatic increases of the quota unless the
// scenario has them, and then with and without. Its commands carry the setting.
func TestPlanWithoutIncrease(t *testing.T) {
	inside(t)
	write(t, "grows.toml", grows)
	got := expect(t, exitPassed, "plan", "grows.toml", "--progress", "none")
	for _, want := range []string{
		"| account.app.quota | 2000 |", "To repeat: sesim plan grows.toml --set rules.auto_increase=false\n",
		"To run it: sesim run grows.toml --set rules.auto_increase=false --set account.app.quota=2000\n",
	} {
		if !strings.Contains(got.stdout, want) {
			t.Errorf("stdout lacks %q:\n%s", want, got.stdout)
		}
	}
	write(t, "own.toml", grows+"[rules]\nauto_increase = true\n")
	got = expect(t, exitPassed, "plan", "own.toml", "--progress", "none", "--json")
	var p struct {
		Choices []struct{ Value string }
		Without struct{ Values []string } `json:"without_auto_increase"`
	}
	if err := json.Unmarshal([]byte(got.stdout), &p); err != nil || p.Choices[0].Value != "1000" || strings.Join(p.Without.Values, " ") != "2000" {
		t.Errorf("%v, %+v in:\n%s", err, p, got.stdout)
	}
	got = expect(t, exitPassed, "request", "own.toml", "--progress", "none", "--replications", "2")
	sent, below, _ := strings.Cut(got.stdout, "## What quota and rate rest on")
	const want = "Without them the answer is account.app.quota = 2000."
	if strings.Contains(sent, want) || !strings.Contains(below, want) {
		t.Errorf("the request lacks %q below its draft:\n%s", want, got.stdout)
	}
}

// TestPlanGrowth follows the growth of the mail, and leaves it out on request.
func TestPlanGrowth(t *testing.T) {
	inside(t)
	write(t, "goal.toml", planned(quotaPromise+quotaChoice+"growth = \"10%/30d\"\n"))
	got := expect(t, exitPassed, "plan", "goal.toml", "--progress", "none", "--over", "30w")
	for _, want := range []string{
		"Headroom of the answer, with more mail at once:\n\n- 5% more, breaks acme.refused.quota == 0: ",
		"Growth by 10% every 30 d, followed for 210 d:\n\n- have by ", ": account.acme.quota = 2807; lasts until ", "sesim plan goal.toml --over 30w --set",
	} {
		if !strings.Contains(got.stdout, want) {
			t.Errorf("stdout lacks %q:\n%s", want, got.stdout)
		}
	}
	got = expect(t, exitPassed, "plan", "goal.toml", "--progress", "none", "--bare")
	if strings.Contains(got.stdout, "Growth") || strings.Contains(got.stdout, "half") || !strings.Contains(got.stdout, "and 0 to look further") ||
		!strings.Contains(got.stdout, "one step less, 1439, breaks") {
		t.Errorf("the bare plan is:\n%s", got.stdout)
	}
	for _, wrong := range [][]string{{"--over", "3"}, {"--over", "1d"}, {"--over", "52w", "--bare"}, {"--over", "52w", "--set", "goal.growth=5%"}} {
		expect(t, exitUsage, append([]string{"plan", "goal.toml", "--progress", "none"}, wrong...)...)
	}
	write(t, "none.toml", planned(quotaPromise+quotaChoice))
	if got = expect(t, exitUsage, "plan", "none.toml", "--over", "52w"); !strings.Contains(got.stderr, "--over needs a growth") {
		t.Errorf("stderr is %q", got.stderr)
	}
}
