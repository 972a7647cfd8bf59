package calibrate_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"sesim/cmd/internal/calibrate"
	"sesim/cmd/internal/study"
	"sesim/cmd/internal/terminal"
)

// small has campaigns to few addresses.
var small = strings.Replace(newsletter, "size = 600", "size = 120", 1)

// tripled sends to one list, each address some twice in three days, and three times as much
// in the last week; and mail to the account's own domain, which counts towards no rate.
var tripled = strings.NewReplacer(`horizon = "22d"`, `horizon = "43d"`, `complaint = "3%"`, `complaint = "0.2%"`,
	"size = 600", "size = 120", `traffic = { kind = "campaign", every = "7d", pace = "1/s" }`, `pick = "uniform"
traffic = { kind = "poisson", rate = "3/h" }
peak = { at = "36d", for = "7d", factor = 3 }`).Replace(newsletter) + `
[[audience]]
name = "staff"
size = 20
domain = "acme-mailings.example"
[[sender]]
name = "s"
account = "acme"
from = "s@acme-mailings.example"
audience = "staff"
traffic = { kind = "poisson", rate = "50/d" }
`

// backtest runs a back-test on a log with these options. It returns the outputs by name.
func backtest(t *testing.T, ctx context.Context, log string, set func(*calibrate.BacktestOptions)) (map[string]string, error) {
	t.Helper()
	dir := t.TempDir()
	name := filepath.Join(dir, "log")
	if err := os.WriteFile(name, []byte(log), 0o666); err != nil {
		t.Fatal(err)
	}
	var out, fault bytes.Buffer
	watch := &watcher{}
	s := &study.System{
		In: strings.NewReader(log), Out: study.NewOutput(&out), Text: terminal.Set(&out, 0), Err: io.MultiWriter(&fault, watch),
		Getenv: func(string) string { return "" }, Clock: func() time.Duration { return 0 },
	}
	t.Cleanup(func() { _ = s.Close() })
	o := &calibrate.BacktestOptions{Holdout: "7d", Folds: 2}
	o.Dir, o.Name, o.By, o.Campaign, o.Birth, o.Progress = filepath.Join(dir, "to"), "acme", "source", "burst", true, terminal.None
	names := []string{name}
	if set != nil {
		set(o)
		if o.Form == "stdin" {
			o.Form, names = "", []string{"-"}
		}
	}
	ctx, watch.stop = context.WithCancel(ctx)
	defer watch.stop()
	err := calibrate.Backtest(ctx, s, names, o)
	outputs := map[string]string{"stdout": strings.ReplaceAll(out.String(), dir, ""), "stderr": strings.ReplaceAll(fault.String(), dir, "")}
	if err != nil {
		outputs["error"] = err.Error()
	}
	for _, file := range []string{"backtest.json", "report.html"} {
		if content, err := os.ReadFile(filepath.Join(dir, "to", file)); err == nil {
			outputs[file] = string(content)
		}
	}
	return outputs, err
}

// watcher interrupts when it reads that 60 % of the predictions are there.
type watcher struct{ stop func() }

func (w *watcher) Write(p []byte) (int, error) {
	if bytes.Contains(p, []byte("predicting:  60%")) {
		w.stop()
	}
	return len(p), nil
}

// tested is what tests read of backtest.json.
type tested struct {
	Status  string `json:"status"`
	Verdict string `json:"verdict"`
	Folds   []struct {
		Past int `json:"weeks_before"`
	} `json:"folds"`
	Given way `json:"with_real_sends"`
	All   way `json:"with_predicted_sends"`
}

type way struct {
	Coverage []struct {
		Value, Low, High float64
		K, N, Folds      int
	} `json:"coverage"`
	Scores map[string]struct {
		Own    float64
		Rivals map[string]float64
	} `json:"interval_scores"`
	PIT         [10]int `json:"pit_histogram"`
	Predictions []struct {
		Fold, Week int
		Measure    string
		Came       float64
		Median     float64
		Intervals  map[string][2]float64
	} `json:"predictions"`
}

func read(t *testing.T, outputs map[string]string) (of tested) {
	t.Helper()
	if err := json.Unmarshal([]byte(outputs["backtest.json"]), &of); err != nil {
		t.Fatal(err)
	}
	return of
}

// TestBacktest: all figures are there, coverage is what the predictions say, and a limit
// above it fails. Mail that triples is missed, and what comes of it is not. The quota of now
// is not that at the cut.
func TestBacktest(t *testing.T) {
	if testing.Short() {
		t.Skip("runs a back-test")
	}
	now := `{"SendQuota":{"Max24HourSend":1,"MaxSendRate":1,"SentLast24Hours":0},"EnforcementStatus":"SHUTDOWN"}`
	outputs, err := backtest(t, t.Context(), strings.Join(append(lines(t, tripled), now), "\n"), func(o *calibrate.BacktestOptions) {
		o.Folds, o.FailOn, o.OwnDomains = 1, []string{"coverage < 10%", "coverage_all<100%"}, []string{"acme-mailings.example"}
	})
	if study.OutcomeOf(err) != study.Unmet || !strings.HasPrefix(err.Error(), "--fail-on: coverage_all<100%: it is ") {
		t.Fatal(err)
	}
	of := read(t, outputs)
	if len(of.Given.Predictions) != 4 || len(of.All.Predictions) != 5 || len(of.Given.Coverage) != 3 {
		t.Fatalf("%d and %d predictions", len(of.Given.Predictions), len(of.All.Predictions))
	}
	for i, level := range []string{"50%", "80%", "95%"} {
		held := 0
		for _, p := range of.Given.Predictions {
			if x := p.Intervals[level]; x[0] <= p.Came && p.Came <= x[1] {
				held++
			}
		}
		if c := of.Given.Coverage[i]; c.K != held || c.N != 4 || c.Value != float64(held)/4 || c.Low > c.Value || c.High < c.Value {
			t.Errorf("%s: %+v, want %d of 4", level, c, held)
		}
	}
	sum := 0
	for _, n := range of.Given.PIT {
		sum += n
	}
	if sum != 4 || len(of.All.Scores) != 5 || len(of.Folds) != 1 || of.Folds[0].Past != 5 {
		t.Errorf("%d in the histogram, %d scores, %v", sum, len(of.All.Scores), of.Folds)
	}
	if p := of.All.Predictions[0]; p.Measure != "mail" || p.Median < 450 || p.Median > 560 { // 3 an hour
		t.Errorf("%+v", p)
	}
	for _, p := range of.All.Predictions {
		narrow, wide := p.Intervals["50%"], p.Intervals["95%"]
		if narrow[0] < wide[0] || narrow[1] > wide[1] || p.Median < narrow[0] || p.Median > narrow[1] {
			t.Errorf("%+v", p)
		}
	}
	if !strings.HasPrefix(of.Verdict, "The sends missed") || !strings.Contains(outputs["stdout"], of.Verdict) ||
		!strings.Contains(outputs["report.html"], "week by week") {
		t.Errorf("%s\n%s", of.Verdict, outputs["stdout"])
	}
	answer, facts, _ := strings.Cut(of.Verdict, ": ")
	for _, part := range []string{
		`<p class="answer">` + answer + ".", facts[1:], "coverage_all &gt;= 100%", "coverage &gt;= 10%", "At the last cut a bounce rate of 5% within 7d",
		"The highest bounce rate lies in its 95% interval in 1 of 1 week", `<svg`,
	} {
		if page := strings.ReplaceAll(outputs["report.html"], "&#39;", "'"); !strings.Contains(page, part) {
			t.Errorf("%q is not on the page", part)
		}
	}
}

// TestNewLists: campaigns to lists that differ in quality by more than chance. Those of the
// second half are predicted from the first half; the pooled share would hold few of them.
func TestNewLists(t *testing.T) {
	if testing.Short() {
		t.Skip("runs a back-test")
	}
	text := strings.Replace(newsletter[:strings.Index(newsletter, "[[audience]]")], `"22d"`, `"112d"`, 1)
	for i, invalid := range []string{
		"3.6981%", "8.4824%", "2.7077%", "0.1602%", "4.7335%", "1.5865%", "1.08%", "2.4156%", "1.7951%", "1.6118%", "9.1766%", "2.3895%",
		"0.8703%", "1.905%", "0.601%", "0.386%",
	} {
		text += fmt.Sprintf("[[audience]]\nname = \"a%d\"\nsize = 300\ninvalid = \"%s\"\nmailbox_full = \"0.5%%\"\n"+
			"complaint = \"0.03%%\"\n[[sender]]\nname = \"s%d\"\naccount = \"acme\"\nfrom = \"news@acme-mailings.example\"\n"+
			"audience = \"a%d\"\nbegin = \"%dd\"\ntraffic = { kind = \"campaign\", pace = \"10/s\" }\n", i, invalid, i, i, 7*i)
	}
	outputs, err := backtest(t, t.Context(), strings.Join(lines(t, text), "\n"), func(o *calibrate.BacktestOptions) {
		o.Holdout, o.Folds, o.Until = "49d", 1, "2026-06-22T09:00:00Z"
	})
	if err != nil {
		t.Fatal(err)
	}
	of := read(t, outputs)
	if c := of.Given.Coverage[2]; c.Value < 0.85 || c.N != 28 {
		t.Errorf("%+v\n%s", c, outputs["stdout"])
	}
}

// TestSteady: mail to addresses picked evenly, of which some had no mail before each cut, and
// those that bounced get none. Predictions that leave either out miss bounces or mail.
func TestSteady(t *testing.T) {
	if testing.Short() {
		t.Skip("runs a back-test")
	}
	text := strings.NewReplacer(`horizon = "22d"`, `horizon = "56d"`, `complaint = "3%"`, `complaint = "0.2%"`, "size = 600", "size = 3000",
		`invalid = "3%"`, `invalid = "20%"`, "4%/30d", "0.1%/30d", `traffic = { kind = "campaign", every = "7d", pace = "1/s" }`,
		`pick = "uniform"
traffic = { kind = "poisson", rate = "4/h" }`).Replace(newsletter)
	outputs, err := backtest(t, t.Context(), strings.Join(lines(t, text), "\n"), func(o *calibrate.BacktestOptions) { o.Folds = 1 })
	if err != nil {
		t.Fatal(err)
	}
	of := read(t, outputs)
	for _, way := range []way{of.Given, of.All} {
		if c := way.Coverage[2]; c.N != 4 || c.Value < 0.75 || c.Folds != 1 {
			t.Errorf("%+v", c)
		}
		came, median := make(map[string]float64), make(map[string]float64)
		for _, p := range way.Predictions {
			came[p.Measure] += p.Came
			median[p.Measure] += p.Median
		}
		if math.Abs(median["bounces"]/came["bounces"]-1) > 0.4 || math.Abs(median["mail"]-came["mail"]) > came["mail"]/12 {
			t.Errorf("predicted %v, came %v", median, came)
		}
	}
}

// TestBacktestForms gives the same bytes for the same events in any order, and no address.
func TestBacktestForms(t *testing.T) {
	if testing.Short() {
		t.Skip("runs a back-test")
	}
	list := lines(t, small)
	all := map[string]string{"plain": strings.Join(list, "\n"), "shuffled": forms(list)["shuffled, one in twenty twice"]}
	var first map[string]string
	for name, content := range all {
		outputs, err := backtest(t, t.Context(), content, func(o *calibrate.BacktestOptions) { o.Folds = 1 })
		if err != nil {
			t.Fatal(name, err)
		}
		delete(outputs, "stderr")
		if first == nil {
			first = outputs
		}
		if !maps.Equal(first, outputs) {
			t.Errorf("%s: outputs differ", name)
		}
	}
	for file, text := range first {
		for _, secret := range []string{"jane", "secretive", "acme-mailings", "news@", "0100019"} {
			if strings.Contains(strings.ToLower(text), secret) {
				t.Errorf("%q is in %s", secret, file)
			}
		}
	}
}

// TestWithoutSends: a log without events of sends has its mail by outcomes.
func TestWithoutSends(t *testing.T) {
	if testing.Short() {
		t.Skip("runs a back-test")
	}
	list := lines(t, small)
	outcomes := slices.DeleteFunc(slices.Clone(list), func(line string) bool { return strings.HasPrefix(line, `{"eventType":"Send"`) })
	if len(outcomes) == len(list) {
		t.Fatal("no sends")
	}
	outputs, err := backtest(t, t.Context(), strings.Join(outcomes, "\n"), func(o *calibrate.BacktestOptions) { o.Folds, o.Until = 1, "2026-03-23" })
	if err != nil {
		t.Fatal(err)
	}
	p := read(t, outputs).All.Predictions[0]
	if p.Measure != "mail" || p.Came < 100 || p.Came > 120 {
		t.Errorf("%+v", p)
	}
}

// TestBacktestEnds: wrong input is bad usage, a limit fails, an interrupt leaves the cuts that
// are complete.
func TestBacktestEnds(t *testing.T) {
	log := strings.Join(lines(t, small), "\n")
	var bounces []string
	for _, line := range lines(t, newsletter) { // of more addresses, so that there is one a week
		if strings.HasPrefix(line, `{"eventType":"Bounce"`) {
			bounces = append(bounces, line)
		}
	}
	statistics := `{"SendDataPoints":[{"Timestamp":"2026-03-02T10:00:00Z","DeliveryAttempts":900,"Bounces":9,"Complaints":0,"Rejects":0}]}`
	stopped, stop := context.WithCancel(t.Context())
	stop()
	for _, c := range []struct {
		ctx     context.Context
		set     func(*calibrate.BacktestOptions)
		want    string
		ends    study.Outcome
		content string // "" for the log
	}{
		{t.Context(), nil, "the inputs have no email events", study.BadUsage,
			statistics},
		{t.Context(), nil, "neither a delivery nor a send is before the cut", study.BadUsage, strings.Join(append(bounces, statistics), "\n")},
		{t.Context(), func(o *calibrate.BacktestOptions) { o.Holdout = "10d" }, `--holdout: "10d" is not a number of whole weeks`, study.BadUsage, ""},
		{t.Context(), func(o *calibrate.BacktestOptions) { o.Holdout = "soon" }, `--holdout: "soon" is not`, study.BadUsage, ""},
		{t.Context(), func(o *calibrate.BacktestOptions) { o.Folds = 0 }, "--folds: 0 is not a number from 1 to 50", study.BadUsage, ""},
		{t.Context(), func(o *calibrate.BacktestOptions) { o.Folds = 5 }, "--holdout 7d --folds 5: no event is before the cut at", study.BadUsage, ""},
		{t.Context(), func(o *calibrate.BacktestOptions) { o.FailOn = []string{"bounces > 3"} }, `--fail-on: "bounces > 3" is not a limit`, study.BadUsage, ""},
		{t.Context(), func(o *calibrate.BacktestOptions) { o.FailOn = []string{"coverage < 101%"} }, "is not a limit", study.BadUsage, ""},
		{t.Context(), func(o *calibrate.BacktestOptions) { o.Until = "2027-01-01" }, "no mail was sent from", study.BadUsage, ""},
		{t.Context(), func(o *calibrate.BacktestOptions) { o.By = "who" }, "--by", study.BadUsage, ""},
		{t.Context(), func(o *calibrate.BacktestOptions) { o.Form = "stdin" }, "say with --until", study.BadUsage, ""},
		{t.Context(), func(o *calibrate.BacktestOptions) { o.Dir = filepath.Join(o.Dir, "..", "log", "in") }, "output folder", study.BadUsage, ""},
		{stopped, nil, "interrupted", study.Interrupted, ""},
	} {
		if c.content == "" {
			c.content = log
		}
		outputs, err := backtest(t, c.ctx, c.content, c.set)
		if err == nil || !strings.Contains(err.Error(), c.want) || study.OutcomeOf(err) != c.ends || outputs["backtest.json"] != "" {
			t.Errorf("%q: %v, %v", c.want, study.OutcomeOf(err), err)
		}
	}
	outputs, err := backtest(t, t.Context(), log, func(o *calibrate.BacktestOptions) { o.Progress = terminal.Plain })
	if of := read(t, outputs); study.OutcomeOf(err) != study.Interrupted || of.Status != "interrupted" || len(of.Folds) != 1 ||
		len(of.All.Predictions) != 5 || !strings.Contains(outputs["report.html"], "Interrupted: 1 of 2 cuts are complete.") {
		t.Errorf("%v, %+v", err, of)
	}
	outputs, err = backtest(t, t.Context(), log, func(o *calibrate.BacktestOptions) {
		o.Form, o.Until, o.FailOn = "stdin", "2026-03-23", []string{"coverage < 75%"}
	})
	if of := read(t, outputs); err != nil || of.Status != "complete" || of.Given.Coverage[2].Value != 0.75 { // the limit is not met
		t.Errorf("%v, coverage %v", err, of.Given.Coverage)
	}
}
