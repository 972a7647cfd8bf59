package calibrate_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"sesim/cmd/internal/calibrate"
	"sesim/cmd/internal/study"
	"sesim/cmd/internal/terminal"
	"sesim/reports/events"
	"sesim/scenarios"
	"sesim/sim"
	"sesim/sim/engine"
)

const newsletter = `
version = 1
name = "newsletter"
start = 2026-03-02T09:00:00Z
horizon = "22d"
[[account]]
name = "acme"
access = "production"
identities = ["acme-mailings.example"]
[[audience]]
name = "readers"
size = 600
domain = "secretive.example"
local = "jane-doe-"
invalid = "3%"
mailbox_full = "2%"
complaint = "3%"
decay = "4%/30d"
[[sender]]
name = "n"
account = "acme"
from = "news@acme-mailings.example"
audience = "readers"
traffic = { kind = "campaign", every = "7d", pace = "1/s" }
`

// lines returns the events of a run, a JSON value each.
func lines(t *testing.T, text string) []string {
	t.Helper()
	c, err := scenarios.Load("s.toml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w := events.New(&b, c, events.EventPublishing)
	if _, err := engine.Run(*c, sim.Hooks{Observer: w}); err != nil {
		t.Fatal(err)
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(b.String()), "\n")
}

// run calibrates from files with these contents. It returns the outputs by name, among
// them what was printed.
func run(t *testing.T, ctx context.Context, set func(*calibrate.Options), contents ...string) (map[string]string, error) {
	t.Helper()
	return runWith(t, ctx, set, nil, contents...)
}

// runWith runs with a defect planted in the access to the process. A panic is an error with
// the text that the program prints of it.
func runWith(
	t *testing.T, ctx context.Context, set func(*calibrate.Options), plant func(*study.System), contents ...string,
) (map[string]string, error) {
	t.Helper()
	dir := t.TempDir()
	var names []string
	for i, content := range contents {
		name := filepath.Join(dir, fmt.Sprintf("log-%d", i))
		if err := os.WriteFile(name, []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	var out, err bytes.Buffer
	s := &study.System{
		In: strings.NewReader(""), Out: study.NewOutput(&out), Text: terminal.Set(&out, 0), Err: &err,
		Getenv: func(string) string { return "" }, Clock: func() time.Duration { return 0 },
	}
	t.Cleanup(func() { _ = s.Close() })
	o := &calibrate.Options{Name: "acme", By: "source", Campaign: "burst", Horizon: "30d", Confidence: "95%", Birth: true}
	o.Progress, o.Dir = terminal.None, filepath.Join(dir, "to")
	if set != nil {
		set(o)
	}
	if plant != nil {
		plant(s)
	}
	fault := func() (err error) {
		defer func() {
			if defect := recover(); defect != nil {
				err = fmt.Errorf("%v\n%s", defect, debug.Stack())
			}
		}()
		return calibrate.Run(ctx, s, names, o)
	}()
	outputs := map[string]string{"stdout": strings.ReplaceAll(out.String(), dir, ""), "stderr": strings.ReplaceAll(err.String(), dir, "")}
	if fault != nil {
		outputs["error"] = fault.Error()
	}
	files, _ := filepath.Glob(filepath.Join(o.Dir, "*"))
	for _, name := range files {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(filepath.Base(name), "log-") { // an input
			continue
		}
		if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s has the mode %v, %v", name, info.Mode(), err)
		}
		outputs[filepath.Base(name)] = string(content)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*partial*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	return outputs, fault
}

// TestRuns: the scenario runs, and says what is assumed.
func TestRuns(t *testing.T) {
	outputs, err := run(t, t.Context(), nil, strings.Join(lines(t, newsletter), "\n"))
	if err != nil || len(outputs) != 6 {
		t.Fatalf("%v, %d outputs", err, len(outputs))
	}
	text := strings.Replace(outputs["scenario.toml"], `file = "history.csv"`, "", 1)
	for _, part := range []string{
		`size = 541 # 600 addresses had mail; 33 bounced, and 26 complained`, `# 3% [`, `every = "7d"`, `pace = "3600/h"`, `contacted = "`, "mailbox_full = { beta = [", `feedback_loop = "40%" # assumed`,
		`per = "30d" }`, "horizon = \"30d\"", "start = 2026-03-23T23:15:00Z",
	} {
		if !strings.Contains(text, part) {
			t.Errorf("%q is not in the scenario:\n%s", part, text)
		}
	}
	for _, part := range []string{
		`<p class="answer">3% of sender-1's new addresses do not exist; 0.894% of its later mail bounces hard.`, "Mail of sender-1 to new addresses bounces hard most often: 3% [", "<svg",
	} {
		if page := strings.ReplaceAll(outputs["report.html"], "&#39;", "'"); !strings.Contains(page, part) {
			t.Errorf("%q is not on the page", part)
		}
	}
	c, err := scenarios.Load("scenario.toml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	r, err := engine.Run(*c, sim.Hooks{})
	if err != nil || r.Senders[0].Messages < 4*500 {
		t.Errorf("%d messages, %v", r.Senders[0].Messages, err)
	}
}

// TestAside: mail to own domains and to the simulator is in the scenario, and in no rate.
func TestAside(t *testing.T) {
	const aside = `
[[audience]]
name = "staff"
size = 20
domain = "acme-mailings.example"
invalid = "50%"
[[audience]]
name = "probe"
size = 2
domain = "simulator.amazonses.com"
[[sender]]
name = "s"
account = "acme"
from = "s@acme-mailings.example"
audience = "staff"
traffic = { kind = "poisson", rate = "200/d" }
[[sender]]
name = "p"
account = "acme"
from = "p@acme-mailings.example"
audience = "probe"
traffic = { kind = "poisson", rate = "30/d" }
`
	own := func(o *calibrate.Options) { o.OwnDomains = []string{"acme-mailings.example"} }
	without, err := run(t, t.Context(), own, strings.Join(lines(t, newsletter), "\n"))
	if err != nil {
		t.Fatal(err)
	}
	outputs, err := run(t, t.Context(), own, strings.Join(lines(t, newsletter+aside), "\n"))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(without["scenario.toml"], "own-domains") || strings.Contains(without["calibration.json"], "towards_no_rate") {
		t.Errorf("of nothing:\n%s", without["scenario.toml"])
	}
	text := strings.Replace(outputs["scenario.toml"], `file = "history.csv"`, "", 1)
	c, err := scenarios.Load("scenario.toml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	r, err := engine.Run(*c, sim.Hooks{})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range map[int]float64{1: 200 * 30, 2: 30 * 30} {
		if got := float64(r.Senders[i].Messages); got < want*0.9 || got > want*1.1 {
			t.Errorf("%s sends %v, want about %v:\n%s", c.Senders[i].Name, got, want, text)
		}
	}
	if got := r.Accounts[0].Counts; got.Simulator != r.Senders[2].Messages || got.HardBounced > r.Senders[0].HardBounced {
		t.Errorf("%+v", got)
	}
	if outputs["history.csv"] != without["history.csv"] {
		t.Error("the past has mail that counts towards no rate")
	}
	_, list, _ := strings.Cut(without["scenario.toml"], "\n# of a list") // after its size and contacted, which the start moves
	if list, _, _ = strings.Cut(list, "\n[[sender]]"); !strings.Contains(list, "mailbox_full") || !strings.Contains(outputs["scenario.toml"], list) {
		t.Errorf("the list is another than\n%s\n%s", list, outputs["scenario.toml"])
	}
	if !strings.Contains(outputs["report.html"], "own-domains: traffic") || !strings.Contains(outputs["stdout"], "\nsimulator\n") {
		t.Error("page or text do not say it")
	}
}

// TestFresh writes a list for each campaign where campaigns went to new lists.
func TestFresh(t *testing.T) {
	text := newsletter[:strings.Index(newsletter, "[[audience]]")]
	for i, invalid := range []string{"0%", "1%", "2%", "6%", "12%", "3%"} {
		text += fmt.Sprintf("[[audience]]\nname = \"a%d\"\nsize = 300\ninvalid = \"%s\"\n[[sender]]\nname = \"s%d\"\naccount = \"acme\"\n"+
			"from = \"news@acme-mailings.example\"\naudience = \"a%d\"\nbegin = \"%dd\"\ntraffic = { kind = \"campaign\", pace = \"1/s\" }\n", i, invalid, i, i, 3*i)
	}
	outputs, err := run(t, t.Context(), nil, strings.Join(lines(t, text), "\n"))
	if err != nil {
		t.Fatal(err)
	}
	scenario := outputs["scenario.toml"]
	if n := strings.Count(scenario, "[[audience]]"); n < 9 || n > 10 || !strings.Contains(scenario, "6 campaigns, phi ") {
		t.Errorf("%d lists:\n%s", n, scenario)
	}
	if strings.Contains(scenario, "contacted") {
		t.Error("new lists had mail")
	}
}

// TestCampaignTag: campaigns that a tag names may have gaps of hours, in which they are two
// by their bursts.
func TestCampaignTag(t *testing.T) {
	text := strings.Replace(newsletter[:strings.Index(newsletter, "[[sender]]")], `complaint = "3%"`, "", 1)
	for i := range 4 {
		for half, at := range []string{"0h", "5h"} {
			text += fmt.Sprintf("[[sender]]\nname = \"c%d-%d\"\naccount = \"acme\"\nfrom = \"news@acme-mailings.example\"\naudience = \"readers\"\n"+
				"begin = \"%dd%s\"\ntraffic = { kind = \"campaign\", pace = \"1/s\" }\n", i, half, 5*i, at)
		}
	}
	log := strings.Join(lines(t, text), "\n")
	for i := range 4 { // the sender's mail of a day is a campaign
		day := fmt.Sprintf(`"mail":{"timestamp":"2026-03-%02dT`, 2+5*i)
		log = strings.ReplaceAll(log, day, fmt.Sprintf(`"mail":{"tags":{"mailing":["issue-%d"]},"timestamp":"2026-03-%02dT`, i, 2+5*i))
	}
	for campaign, want := range map[string]string{"burst": "# 8 campaigns", "tag:mailing": `every = "5d", pace = "`} {
		outputs, err := run(t, t.Context(), func(o *calibrate.Options) { o.Campaign = campaign }, log)
		if err != nil || !strings.Contains(outputs["scenario.toml"], want) {
			t.Errorf("%s: %v: %q is not in\n%s", campaign, err, want, outputs["scenario.toml"])
		}
	}
	outputs, err := run(t, t.Context(), func(o *calibrate.Options) { o.Campaign = "tag:other" }, log)
	if err != nil || !strings.Contains(outputs["scenario.toml"], "# 8 campaigns") {
		t.Errorf("no message has the tag: %v\n%s", err, outputs["scenario.toml"])
	}
}

// forms are ways in which the same events come.
func forms(list []string) map[string]string {
	wrapped := make([]string, len(list))
	for i, line := range list {
		text, _ := json.Marshal(line)
		wrapped[i] = `{"Type":"Notification","MessageId":"m","TopicArn":"arn:aws:sns:us-east-1:1:t","Message":` + string(text) + `}`
	}
	var zipped bytes.Buffer
	w := gzip.NewWriter(&zipped)
	_, _ = w.Write([]byte(strings.Join(list, "\n"))) // a buffer
	_ = w.Close()
	r := rand.New(rand.NewPCG(1, 2))
	shuffled := append([]string(nil), list...)
	for i := 0; i < len(list); i += 20 {
		shuffled = append(shuffled, list[i])
	}
	r.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	return map[string]string{
		"gzip": zipped.String(), "concatenated": strings.Join(list, ""), "SNS": strings.Join(wrapped, "\n"),
		"shuffled, one in twenty twice": strings.Join(shuffled, "\n"),
	}
}

// withoutInputs takes the object away that may differ.
func withoutInputs(t *testing.T, outputs map[string]string) map[string]string {
	t.Helper()
	var all map[string]any
	if err := json.Unmarshal([]byte(outputs["calibration.json"]), &all); err != nil || all["inputs"] == nil {
		t.Fatal(err, all["inputs"])
	}
	before, _, _ := strings.Cut(outputs["calibration.json"], `"inputs"`)
	outputs["calibration.json"] = before
	delete(outputs, "stderr")
	return outputs
}

// TestForms calibrates from the same events in several forms: all give the same bytes.
func TestForms(t *testing.T) {
	list := lines(t, newsletter)
	first, err := run(t, t.Context(), nil, strings.Join(list, "\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := withoutInputs(t, first)
	for name, content := range forms(list) {
		outputs, err := run(t, t.Context(), nil, content)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for file, got := range withoutInputs(t, outputs) {
			if got != want[file] {
				t.Errorf("%s: %s differs:\n%s\n%s", name, file, got, want[file])
			}
		}
	}
	half := len(list) / 2
	outputs, err := run(t, t.Context(), nil, strings.Join(list[half:], "\n"), strings.Join(list[:half], "\n"))
	if err != nil || withoutInputs(t, outputs)["calibration.json"] != want["calibration.json"] {
		t.Errorf("two files: %v", err)
	}
}

// onClock makes the clock, which is asked whenever a part of an input has been read, do
// something the fifth time.
func onClock(do func()) func(*study.System) {
	return func(s *study.System) {
		calls := 0
		s.Clock = func() time.Duration {
			if calls++; calls == 5 {
				do()
			}
			return 0
		}
	}
}

// broken is a writer with a defect.
type broken struct{}

func (broken) Write([]byte) (int, error) { panic("planted") }

// TestPrivacy looks for addresses in everything that is written, also by runs that fail: by
// bad input, by a signal, by a panic. The folder is whole or not there; it is where the
// result was complete.
func TestPrivacy(t *testing.T) {
	list := lines(t, newsletter)
	log := strings.Join(list, "\n")
	stopped, stop := context.WithCancel(t.Context())
	stop()
	halfway, interrupt := context.WithCancel(t.Context())
	bad := strings.ReplaceAll(log, `"eventType":"Delivery"`, `"eventType":"Delivery","oops":jane-doe-1@secretive.example`)
	for name, c := range map[string]struct {
		ctx     context.Context
		content string
		set     func(*calibrate.Options)
		plant   func(*study.System)
		want    string // of the error
		whole   bool   // there is a folder
	}{
		"good":               {t.Context(), log, nil, nil, "", true},
		"JSON":               {t.Context(), log, func(o *calibrate.Options) { o.JSON = true }, nil, "", true},
		"bad input":          {t.Context(), bad, nil, nil, "unreadable", false},
		"cut short":          {t.Context(), log[:len(log)-40], nil, nil, "", true},
		"interrupted":        {stopped, log, nil, nil, "interrupted", false},
		"a signal halfway":   {halfway, log, nil, onClock(interrupt), "interrupted", false},
		"a panic halfway":    {t.Context(), log, nil, onClock(func() { panic("planted") }), "planted", false},
		"a panic at telling": {t.Context(), log, nil, func(s *study.System) { s.Err = broken{} }, "planted", false},
		"a panic at the end": {t.Context(), log, nil, func(s *study.System) { s.Text = terminal.Set(broken{}, 0) }, "planted", true},
	} {
		outputs, err := runWith(t, c.ctx, c.set, c.plant, c.content)
		if (err != nil) != (c.want != "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
		for file, text := range outputs {
			for _, secret := range []string{"jane", "secretive", "acme-mailings", "news@", "0100019"} {
				if strings.Contains(strings.ToLower(text), secret) {
					t.Errorf("%s: %q is in %s", name, secret, file)
				}
			}
		}
		for _, file := range []string{"scenario.toml", "history.csv", "calibration.json", "report.html"} {
			if (outputs[file] != "") != c.whole {
				t.Errorf("%s: %s has %d bytes", name, file, len(outputs[file]))
			}
		}
	}
}

// TestNoFolder: a result that cannot be written is printed.
func TestNoFolder(t *testing.T) {
	var dir string
	set := func(o *calibrate.Options) { dir = o.Dir }
	plant := onClock(func() {
		if err := errors.Join(os.Mkdir(dir, 0o777), os.WriteFile(filepath.Join(dir, "already"), nil, 0o600)); err != nil {
			t.Error(err)
		}
	})
	outputs, err := runWith(t, t.Context(), set, plant, strings.Join(lines(t, newsletter), "\n"))
	if err == nil || !strings.Contains(outputs["stdout"], "mailbox_full") || strings.Contains(outputs["stdout"], "To run it") {
		t.Errorf("%v: %s", err, outputs["stdout"])
	}
}

// TestWrongInput: what cannot be used is said, and nothing is written.
func TestWrongInput(t *testing.T) {
	list := lines(t, newsletter)
	log := strings.Join(list, "\n")
	var bounces []string
	for _, line := range list {
		if strings.HasPrefix(line, `{"eventType":"Bounce"`) {
			bounces = append(bounces, line)
		}
	}
	for _, c := range []struct {
		set     func(*calibrate.Options)
		content string
		want    string
	}{
		{nil, strings.Join(list[:100], "\n"), "which is less than a day"},
		{nil, strings.Join(bounces, "\n"), "bounces and complaints only"},
		{nil, `{"SendQuota":{"Max24HourSend":50000.0,"MaxSendRate":14.0,"SentLast24Hours":0.0},"EnforcementStatus":"HEALTHY"}`, "the inputs have no mail"},
		{nil, "nothing", "log-0"},
		{func(o *calibrate.Options) { o.From = "2027-01-01" }, log, "--from: all "},
		{func(o *calibrate.Options) { o.From = "soon" }, log, `--from: "soon" is not a time`},
		{func(o *calibrate.Options) { o.Until = "2026-03-02T10:00:00Z" }, log, "which is less than a day"},
		{func(o *calibrate.Options) { o.By = "tag:" }, log, `--by: "tag:" is none of`},
		{func(o *calibrate.Options) { o.Campaign = "tag" }, log, `--campaign: "tag" is neither burst nor tag:NAME`},
		{func(o *calibrate.Options) { o.Name = "Acme Inc." }, log, `--name: "Acme Inc." is not a name`},
		{func(o *calibrate.Options) { o.Confidence = "2%" }, log, `--confidence: "2%" is not`},
		{func(o *calibrate.Options) { o.Confidence = "95%abc" }, log, `--confidence: "95%abc" is not a percentage from 50% to 99.9%`},
		{func(o *calibrate.Options) { o.Confidence = "95" }, log, `--confidence: "95" is not`},
		{func(o *calibrate.Options) { o.Horizon = "1h" }, log, `--horizon: "1h" is not`},
		{func(o *calibrate.Options) { o.Dir = filepath.Dir(o.Dir) }, log, "already exists"},
		{func(o *calibrate.Options) { o.Dir = filepath.Join(filepath.Dir(o.Dir), "log-0", "in") }, log, "output folder"},
	} {
		outputs, err := run(t, t.Context(), c.set, c.content)
		if err == nil || !strings.Contains(err.Error(), c.want) || outputs["scenario.toml"] != "" {
			t.Errorf("%q: %v", c.want, err)
		}
	}
}

// TestFeedbackLoop: readings of the complaint rate beside the events, or a history.csv, tell
// how much mail goes to providers with a feedback loop.
func TestFeedbackLoop(t *testing.T) {
	text := strings.Replace(newsletter, "complaint =", "feedback_loop = \"60%\"\ncomplaint =", 1)
	c, err := scenarios.Load("s.toml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	r, err := engine.Run(*c, sim.Hooks{})
	if err != nil {
		t.Fatal(err)
	}
	var times, values []string
	for i, rate := range r.Series.Find("acme", "complaint_rate").Values {
		if rate > 0 { // also not a number
			times = append(times, c.Start.Add(r.Series.Times[i]).UTC().Format(`"`+time.RFC3339+`"`))
			values = append(values, fmt.Sprint(rate))
		}
	}
	metric := fmt.Sprintf(`{"MetricDataResults":[{"Id":"c","Label":"Reputation.ComplaintRate","Timestamps":[%s],"Values":[%s],"StatusCode":"Complete"}]}`,
		strings.Join(times, ","), strings.Join(values, ","))
	outputs, err := run(t, t.Context(), nil, strings.Join(lines(t, text), "\n"), metric)
	if err != nil {
		t.Fatal(err)
	}
	var known struct {
		Loop struct{ Value, Low, High float64 } `json:"feedback_loop"`
	}
	if err := json.Unmarshal([]byte(outputs["calibration.json"]), &known); err != nil {
		t.Fatal(err)
	}
	if l := known.Loop; l.Low < 0.58 || l.High > 0.62 { // of the mail: mail that bounces is not among it
		t.Errorf("%+v, want 60%% of the addresses", l)
	}
	share := strconv.FormatFloat(100*known.Loop.Value, 'f', -1, 64) + "%"
	if scenario := outputs["scenario.toml"]; !strings.Contains(scenario, fmt.Sprintf("feedback_loop = %q # %s [", share, share)) {
		t.Errorf("%s is not in the scenario:\n%s", share, scenario)
	}
	if strings.Contains(outputs["stdout"], "assumed: feedback_loop") || !strings.Contains(outputs["stdout"], "feedback_loop                "+share+" [") {
		t.Errorf("the text: %s", outputs["stdout"])
	}
	again, err := run(t, t.Context(), nil, outputs["history.csv"])
	if err != nil || !strings.Contains(again["scenario.toml"], `%" # `+share+" [") {
		t.Errorf("%v: of history.csv:\n%s", err, again["scenario.toml"])
	}
}

// TestOutcomesOnly calibrates from bounces and complaints with statistics of all mail.
func TestOutcomesOnly(t *testing.T) {
	var outcomes, points []string
	full := 0
	for _, line := range lines(t, newsletter) {
		if strings.HasPrefix(line, `{"eventType":"Bounce"`) || strings.HasPrefix(line, `{"eventType":"Complaint"`) {
			outcomes = append(outcomes, line)
			full += strings.Count(line, `"bounceSubType":"MailboxFull"`)
		}
	}
	for day := range 25 {
		points = append(points, fmt.Sprintf(`{"Timestamp":"2026-03-%02dT09:00:00Z","DeliveryAttempts":100,"Bounces":2,"Complaints":1,"Rejects":0}`, day+2))
	}
	outputs, err := run(t, t.Context(), nil, strings.Join(outcomes, "\n"), `{"SendDataPoints":[`+strings.Join(points, ",")+`]}`)
	if err != nil {
		t.Fatal(err)
	}
	scenario := outputs["scenario.toml"]
	for _, part := range []string{
		"hard_bounce = { beta = [50.5, 2450.5] } # 2% [", fmt.Sprintf("mailbox_full = { beta = [%d.5, %d.5] }", full, 2500-full),
		"complaint = { gamma = [25.5, 1000] }", "# invalid: not identifiable: there are no events of deliveries or sends", `kind = "poisson"`,
	} {
		if full == 0 || !strings.Contains(scenario, part) {
			t.Errorf("%q is not in the scenario:\n%s", part, scenario)
		}
	}
	if !strings.Contains(outputs["stderr"], "email events are bounces and complaints only") || strings.Contains(scenario, "decay = ") {
		t.Errorf("%s\n%s", outputs["stderr"], scenario)
	}
}

// TestStatistics calibrates without an event.
func TestStatistics(t *testing.T) {
	var points []string
	for day := range 10 {
		points = append(points, fmt.Sprintf(`{"Timestamp":"2026-03-%02dT10:00:00Z","DeliveryAttempts":1000,"Bounces":30,"Complaints":1,"Rejects":0}`, day+1))
	}
	outputs, err := run(t, t.Context(), nil, `{"SendDataPoints":[`+strings.Join(points, ",")+`]}`)
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"hard_bounce = { beta = [300.5, 9700.5] } # 3% [", `kind = "poisson"`, "# invalid: not identifiable: there are no events"} {
		if !strings.Contains(outputs["scenario.toml"], part) {
			t.Errorf("%q is not in the scenario:\n%s", part, outputs["scenario.toml"])
		}
	}
}

// TestPageLog: the log that the page back-tests is what its scenario writes.
func TestPageLog(t *testing.T) {
	text, err := os.ReadFile("testdata/newsletter.toml")
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.Open("testdata/newsletter.jsonl.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	z, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Split(strings.TrimSpace(string(content)), "\n"); !slices.Equal(got, lines(t, string(text))) {
		t.Error(`newsletter.jsonl.gz is out of date: "sesim run newsletter.toml --events newsletter.jsonl.gz" writes it`)
	}
}
