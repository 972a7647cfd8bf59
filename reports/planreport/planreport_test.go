package planreport

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sesim/sim"
	"sesim/sim/criteria"
	"sesim/sim/plan"
	"sesim/sim/rules"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// steady makes scenarios of one message a minute with a quota.
type steady struct{ cfg *sim.Config }

func (s steady) Candidate(values []int64) (*sim.Config, error) {
	if values[0] < 0 {
		return nil, errors.New("negative")
	}
	c := *s.cfg
	c.Accounts = []sim.Account{c.Accounts[0]}
	c.Accounts[0].Quota = values[0]
	return &c, nil
}

// solved plans for promises about a day and a half of such mail, of which 720
// messages are on the second day.
func solved(t *testing.T, c plan.Choice, promises ...string) (*sim.Config, *plan.Answer) {
	t.Helper()
	set, err := rules.Edition("current")
	if err != nil {
		t.Fatal(err)
	}
	cfg := &sim.Config{
		Name: "steady", Edition: "current", Horizon: 36 * time.Hour, Seed: 7, Rules: set,
		Accounts:  []sim.Account{{Name: "acme", Region: "us-east-1", Access: ses.Production, Rate: 14, Identities: []string{"acme.example"}}},
		Audiences: []sim.Audience{{Name: "people", Size: 10, Domain: "people.example", Local: "p-"}},
		Senders: []sim.Sender{{
			Name: "mail", From: "a@acme.example", Recipients: 1, Traffic: sim.Traffic{Kind: sim.Constant, Rate: unit.Rate{N: 60, Per: time.Hour}},
		}},
	}
	q := &plan.Question{Choices: []plan.Choice{c}, Replications: 2, Confirm: 2, Confidence: 0.95}
	for _, text := range promises {
		p, err := criteria.ParsePromise(text, cfg.Metric)
		if err != nil {
			t.Fatal(err)
		}
		q.Promises = append(q.Promises, p)
	}
	a, err := plan.Find(t.Context(), q, steady{cfg}, 1, func(plan.Progress) {})
	if err != nil {
		t.Fatal(err)
	}
	return cfg, a
}

func written(t *testing.T, p *Plan) string {
	t.Helper()
	var out bytes.Buffer
	if err := p.Write(&out, "sesim plan x.toml", "sesim run x.toml"); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

var quotas = plan.Choice{Key: "account.acme.quota", From: 500, To: 2000, Step: 1}

// The whole text of a small plan.
func TestText(t *testing.T) {
	cfg, a := solved(t, quotas, "acme.refused.quota == 0", "mean(acme.quota_use.max) > 50%")
	const want = `# Plan: steady, seed 7

There is an answer. 2 fresh runs, which had no part in the search, confirm all promises with 95% confidence.

| key | answer | searched range |
| --- | --- | --- |
| account.acme.quota | 1440 | 500 to 2000 in steps of 1; smallest wanted |

- ✓ acme.refused.quota == 0: holds in all 2 runs (worst: 0)
- ✓ mean(acme.quota_use.max) > 50%: mean 1 [1 to 1] over 2 runs

account.acme.quota, everything else unchanged:

- one step less, 1439, breaks acme.refused.quota == 0: fails in 2 of 2 runs (worst: 1); mail loses 0.046% of its mail
- half, 720, breaks acme.refused.quota == 0: fails in 2 of 2 runs (worst: 720); mail loses 33.3% of its mail
- double, 2880, breaks mean(acme.quota_use.max) > 50%: mean 0.5 [0.5 to 0.5] over 2 runs

Headroom of the answer, with more mail at once:

- 5% more, breaks acme.refused.quota == 0: fails in 2 of 2 runs (worst: 72); mail loses 3.17% of its mail
- 10% more, breaks acme.refused.quota == 0: fails in 2 of 2 runs (worst: 144); mail loses 6.06% of its mail
- 25% more, breaks acme.refused.quota == 0: fails in 2 of 2 runs (worst: 360); mail loses 13.3% of its mail
- 50% more, breaks acme.refused.quota == 0: fails in 2 of 2 runs (worst: 720); mail loses 22.2% of its mail

52 runs of 21 candidates, 2 of them to confirm the answer and 12 to look further. Intervals in brackets have 95% confidence.

To repeat: sesim plan x.toml
To run it: sesim run x.toml
`
	if diff := cmp.Diff(want, written(t, New(cfg, a))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestGiven: a plan says what an account brings along and what its runs draw, as text and
// as JSON.
func TestGiven(t *testing.T) {
	cfg, a := solved(t, quotas, "acme.refused.quota == 0")
	cfg.Accounts[0].History = &sim.History{Before: sim.HistoryPoint{At: -75 * unit.Day, For: 75 * unit.Day, Eligible: 10_000, Bounces: 800}}
	cfg.Uncertain = []sim.Uncertain{{Of: sim.Invalid, Distribution: sim.NewDistribution(sim.Between, 0, uint64(2*unit.Percent))}}
	p := New(cfg, a)
	text := written(t, p)
	const past = "Before the start: acme (10,000 eligible over 75 d, bounce rate 8%,"
	if !strings.Contains(text, past) || !strings.Contains(text, "Not known exactly, and drawn in each of the runs: audience.people.invalid") {
		t.Errorf("not said:\n%s", text)
	}
	var b bytes.Buffer
	if err := p.WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	read, err := ReadJSON(&b)
	if err != nil || len(read.Before) != 1 || read.Before[0].Bounces != 800 || len(read.Uncertain) != 1 {
		t.Errorf("%v: %+v, %+v", err, read.Before, read.Uncertain)
	}
}

// What was searched for the largest value says so, and where a promise has no
// order that is told.
func TestTextOfOthers(t *testing.T) {
	largest := quotas
	largest.Largest = true
	cfg, a := solved(t, largest, "acme.refused.quota >= 100")
	if got := written(t, New(cfg, a)); !strings.Contains(got, "| 1") || !strings.Contains(got, "500 to 2000 in steps of 1; largest wanted") || !strings.Contains(got, "one step more, ") {
		t.Errorf("the largest:\n%s", got)
	}

	cfg, a = solved(t, quotas, "acme.refused.quota == 0")
	a.Mixed = []plan.Mixed{{Turns: []plan.Turn{{Value: 500, Verdict: plan.Broken}, {Value: 600, Verdict: plan.Kept}, {Value: 700, Verdict: plan.Broken}}}}
	a.Witnesses = []plan.Witness{{Values: []int64{600}, Seed: 42}}
	got := written(t, New(cfg, a))
	for _, want := range []string{
		"acme.refused.quota == 0 is not monotone in account.acme.quota: broken from 500, kept from 600, broken from 700 at the points tested.",
		"Earlier answers were refuted by 1 run, most recently:\n\n- seed 42 breaks acme.refused.quota == 0 at 600\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the text lacks %q:\n%s", want, got)
		}
	}
}

// Without an answer the nearest miss stands in its place.
func TestTextWithoutAnswer(t *testing.T) {
	few := plan.Choice{Key: "account.acme.quota", From: 10, To: 20, Values: []int64{10, 20}}
	cfg, a := solved(t, few, "acme.refused.quota == 0", "P(acme.paused) <= 80%")
	got := written(t, New(cfg, a))
	for _, want := range []string{"No answer. None of the 2 candidates keeps all promises.", "| account.acme.quota | – | 10, 20; smallest wanted |", "The nearest miss: account.acme.quota = 20.", "✗ acme.refused.quota == 0: broken, fails in 2 of 2 runs (worst: 2,120)"} {
		if !strings.Contains(got, want) {
			t.Errorf("the text lacks %q:\n%s", want, got)
		}
	}
	cfg, a = solved(t, plan.Choice{Key: "account.acme.quota", From: 10, To: 1009, Step: 1}, "acme.refused.quota == 0")
	if got := written(t, New(cfg, a)); !strings.Contains(got, "None of the 9 candidates tested keeps all promises; there are 1,000 in total.") {
		t.Errorf("the text does not say how many there are:\n%s", got)
	}
}

// Runs that are too few to tell are no reason to say that a promise is broken.
func TestTextUndecided(t *testing.T) {
	cfg, a := solved(t, quotas, "P(acme.paused) <= 1%")
	got := written(t, New(cfg, a))
	for _, want := range []string{"but 2 runs for each are too few to decide", "? P(acme.paused) <= 1%: open, 0% [0% to 65.8%] of 2 runs"} {
		if !strings.Contains(got, want) {
			t.Errorf("the text lacks %q:\n%s", want, got)
		}
	}
}

// What is written as JSON reads back; other documents are refused.
func TestJSONReadsBack(t *testing.T) {
	cfg, a := solved(t, quotas, "acme.refused.quota == 0", "P(acme.paused) <= 5%")
	p := New(cfg, a)
	var out bytes.Buffer
	if err := p.WriteJSON(&out); err != nil {
		t.Fatal(err)
	}
	text := out.String()
	again, err := ReadJSON(&out)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(p, again); diff != "" {
		t.Errorf("(-written +read):\n%s", diff)
	}
	for i := range text {
		if c := text[i]; c >= '0' && c <= '9' {
			changed := text[:i] + string('0'+('9'-c+1)%10) + text[i+1:]
			if _, err := ReadJSON(strings.NewReader(changed)); changed != text && err == nil {
				t.Fatalf("with another digit at %d the plan is taken over", i)
			}
		}
	}
	for _, text := range []string{"", "[]", `{"version": 2}`, `{"version": "1"}`} {
		if _, err := ReadJSON(strings.NewReader(text)); !errors.Is(err, ErrPlan) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// The table has a line for each candidate and promise, and no cell that a
// spreadsheet would take for a formula.
func TestCSV(t *testing.T) {
	cfg, a := solved(t, quotas, "acme.refused.quota == 0", "acme.accepted >= 1")
	p := New(cfg, a)
	p.Promises[0].Expression = "=1+1"
	var out bytes.Buffer
	if err := p.WriteCSV(&out); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 1+2*len(p.Candidates) || lines[0] != "account.acme.quota,promise,verdict,runs,met,no_data,value,low,high,worst" {
		t.Errorf("%d lines for %d candidates: %s", len(lines), len(p.Candidates), lines[0])
	}
	if strings.Contains(out.String(), ",=1+1") {
		t.Error("a formula stands in the table")
	}
}

// The text names the order of the keys, and to which end they were searched.
func TestOrderOfKeys(t *testing.T) {
	small, large := Choice{Key: "quota", Wanted: "smallest"}, Choice{Key: "volume", Wanted: "largest"}
	for want, choices := range map[string][]Choice{
		"": {small},
		"The keys are minimized in this order: quota, quota.\n":   {small, small},
		"The keys are maximized in this order: volume, volume.\n": {large, large},
		"The keys are optimized in this order: quota, volume.\n":  {small, large},
	} {
		if got := order(choices); got != want {
			t.Errorf("%+v: %q, want %q", choices, got, want)
		}
	}
}
