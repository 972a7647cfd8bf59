package request

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sesim/sim"
	"sesim/sim/engine"
	"sesim/sim/rules"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// config is an account in the sandbox that sends 100 messages at one a second,
// and asks for production access before that.
func config(t *testing.T) *sim.Config {
	t.Helper()
	set, err := rules.Edition("current")
	if err != nil {
		t.Fatal(err)
	}
	return &sim.Config{
		Name: "test", Horizon: 4 * 24 * time.Hour, Seed: 1, Rules: set,
		Accounts: []sim.Account{{
			Name: "acme", Region: "us-east-1", Quota: 200, Rate: 1, Identities: []string{"acme.example"},
			Suppression: ses.ListBounce | ses.ListComplaint,
			Requests:    []sim.Request{{At: time.Hour, MailType: "MARKETING", Outcome: ses.Granted, After: time.Hour}},
		}},
		Audiences: []sim.Audience{
			{Name: "people", Size: 100, Domain: "people.example", Local: "p-"},
			{Name: "probe", Size: 1, Domain: ses.SimulatorDomain, Local: "bounce+"},
		},
		Senders: []sim.Sender{
			{
				Name: "news", From: "news@acme.example", Recipients: 1, Begin: 24 * time.Hour, RemoveBounced: true, RemoveComplained: true,
				Traffic: sim.Traffic{Kind: sim.Campaign, Rate: unit.Rate{N: 1, Per: time.Second}, Every: 48 * time.Hour},
			},
			{
				Name: "trial", From: "news@acme.example", Audience: 1, Recipients: 1, RemoveBounced: true, RemoveComplained: true,
				Traffic: sim.Traffic{Kind: sim.Campaign, Rate: unit.Rate{N: 1, Per: time.Second}},
			},
		},
	}
}

// full is a form with nothing left to ask.
func full() Form {
	return Form{
		MailType: "MARKETING", Website: "https://acme.example", Contacts: []string{"ops@acme.example"}, Language: "EN",
		UseCase:    "A newsletter every other day to people who asked for it on our website and confirmed it by a link.",
		ListSource: "A form on the website.", OptOut: "A link in each mail.", Quota: 300, Rate: 14,
	}
}

func gather(t *testing.T, cfg *sim.Config, runs int) *Evidence {
	t.Helper()
	e, err := Gather(engine.Run, cfg, 0, runs, 0.95, func(int) bool { return true })
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func draft(t *testing.T, cfg *sim.Config, form Form) *Draft {
	t.Helper()
	return New(Input{Config: cfg, Form: form, Key: "account.acme.request[0]", Evidence: gather(t, cfg, 2), Tool: "1"})
}

// A scenario that says everything and whose mail is good leaves no blank and
// no concerns.
func TestCompleteDraft(t *testing.T) {
	d := draft(t, config(t), full())
	if !d.Ready || len(d.Blanks)+len(d.Problems)+len(d.Concerns) > 0 {
		t.Errorf("blanks %v, problems %v, concerns %v", d.Blanks, d.Problems, d.Concerns)
	}
	for _, want := range []string{
		"We request 300 recipients in 24 hours and 14 a second.",
		"At most 100 recipients are due within 24 hours, and 1 within a second.",
		"news, the whole list of 100 every 2 d, paced at 1 message a second",
		"removed from the list as soon as SES reports the bounce.",
		"removed from the list as soon as SES reports the complaint.",
	} {
		if !strings.Contains(d.Fields.UseCaseDescription, want) {
			t.Errorf("the description lacks %q:\n%s", want, d.Fields.UseCaseDescription)
		}
	}
}

// Each thing that the scenario does not say is a blank with the key that
// fills it, and is in no place made up; the command is a comment then.
func TestBlanks(t *testing.T) {
	for key, clear := range map[string]func(*Form){
		"mail_type":   func(f *Form) { f.MailType = "" },
		"website":     func(f *Form) { f.Website = "" },
		"use_case":    func(f *Form) { f.UseCase = "" },
		"list_source": func(f *Form) { f.ListSource = "" },
		"opt_out":     func(f *Form) { f.OptOut = "" },
	} {
		form := full()
		clear(&form)
		d := draft(t, config(t), form)
		if d.Ready || len(d.Blanks) != 1 || d.Blanks[0].Key != "account.acme.request[0]."+key {
			t.Errorf("%s: ready %v, blanks %v", key, d.Ready, d.Blanks)
		}
		if !strings.Contains(strings.Join(d.Arguments(), "\n"), "[FILL IN: ") {
			t.Errorf("%s: no blank in %q", key, d.Arguments())
		}
		for line := range strings.Lines(d.Command()) {
			if !strings.HasPrefix(line, "#") {
				t.Errorf("%s: the line %q would run", key, line)
			}
		}
		var out bytes.Buffer
		if err := d.Write(&out); err != nil || !strings.Contains(out.String(), "**Not ready**: 1 blank to fill in.") {
			t.Errorf("%s: %v in\n%s", key, err, out.String())
		}
	}
}

// A quota and a rate that the scenario lacks are those of the mail that is due, and
// one that it has is raised to it, so that the draft never asks for less.
func TestProposed(t *testing.T) {
	for _, c := range []struct {
		name        string
		set         func(*sim.Config, *Form)
		quota, rate Asked
	}{
		{"none", func(_ *sim.Config, f *Form) { f.Quota, f.Rate = 0, 0 }, Asked{100, dueSource}, Asked{1, dueSource}},
		{"too small a quota", func(_ *sim.Config, f *Form) { f.Quota = 99 }, Asked{100, dueSource}, Asked{14, "the scenario's request"}},
		{"a rate that refuses calls", func(c *sim.Config, f *Form) {
			c.Senders[0].Traffic.Rate = unit.Rate{N: 20, Per: time.Second}
			c.Accounts[0].Requests[0].Rate, f.Rate = 10, 10
		}, Asked{300, "the scenario's request"}, Asked{20, dueSource}},
		{"unlimited", func(_ *sim.Config, f *Form) { f.Quota = -1 }, Asked{-1, "the scenario's request"}, Asked{14, "the scenario's request"}},
	} {
		cfg, form := config(t), full()
		c.set(cfg, &form)
		d := draft(t, cfg, form)
		if d.Quota != c.quota || d.Rate != c.rate || !d.Ready {
			t.Errorf("%s: quota %+v, rate %+v, ready %v", c.name, d.Quota, d.Rate, d.Ready)
		}
		with, changed := d.Granted(cfg, 0)
		if r := with.Accounts[0].Requests[0]; changed && (r.Quota != d.Quota.Value || r.Rate != d.Rate.Value) {
			t.Errorf("%s: granted %d and %d", c.name, r.Quota, r.Rate)
		}
	}
}

// An account in production is told first that there is nothing to request but an
// increase, and the command is a comment.
func TestInProduction(t *testing.T) {
	cfg := config(t)
	cfg.Accounts[0].Access = ses.Production
	d := draft(t, cfg, full())
	var out bytes.Buffer
	if err := d.Write(&out); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(out.String(), "# Request for production access: acme, us-east-1\n\n**Nothing to request but an increase**: acme has") {
		t.Errorf("it begins with\n%.300s", out.String())
	}
	if d.Ready || d.Concerns[0].Evidence != `access = "production"` || !strings.HasPrefix(d.Command(), "# NOT NEEDED") {
		t.Errorf("ready %v, %+v, %.80s", d.Ready, d.Concerns[0], d.Command())
	}
}

// A draft cites what the mail before the start met, beside what is simulated.
func TestPast(t *testing.T) {
	cfg := config(t)
	day := 24 * time.Hour
	for _, c := range []struct {
		before sim.HistoryPoint
		want   string
	}{
		{sim.HistoryPoint{At: -75 * day, For: 75 * day, Eligible: 10_000, Bounces: 800, ComplaintEligible: 4000, Complaints: 3},
			"Of our recipients of the last 75 d, as counted and not simulated, 800 of 10,000 bounced (8%), and 3 of 4,000 complained (0.075%)."},
		{sim.HistoryPoint{At: -75 * day, For: 75 * day, Eligible: 10_000},
			"Of our recipients of the last 75 d, as counted and not simulated, 0 of 10,000 bounced (0%)."},
		{sim.HistoryPoint{}, ""},
	} {
		cfg.Accounts[0].Access, cfg.Accounts[0].History = ses.Production, &sim.History{Before: c.before}
		text := draft(t, cfg, full()).Fields.UseCaseDescription
		if !strings.Contains(text, c.want) || c.want == "" && strings.Contains(text, "not simulated") {
			t.Errorf("the description lacks %q:\n%s", c.want, text)
		}
	}
}

// Of an account in production, only what goes beyond its quota and rate is requested, and
// what the scenario does not say of them is a blank.
func TestIncrease(t *testing.T) {
	plan := &Plan{Found: true, Promises: []string{"acme.refused.quota == 0"}, Quota: 120, Rate: 2, Statement: "They held."}
	for _, c := range []struct {
		name   string
		today  Limits
		plan   *Plan
		want   string
		blanks int
	}{
		{"enough", Limits{Quota: 200, Rate: 14}, nil,
			"We request no increase: our sending quota is 200 recipients in 24 hours, our maximum send rate is 14 a second. Our mail", 0},
		{"unlimited", Limits{Quota: -1, Rate: 14}, nil,
			"We request no increase: our sending quota is unlimited recipients in 24 hours, our maximum send rate is 14 a second. Our mail", 0},
		{"too small", Limits{Quota: 60, Rate: 14}, nil,
			"We request a sending quota of 100 recipients in 24 hours (today: 60). Our maximum send rate is 14 a second. Our mail", 0},
		{"not said", Limits{Rate: 14}, nil,
			"Our sending quota is [FILL IN: the account's sending quota] recipients in 24 hours, our maximum send rate is 14 a second. Our", 1},
		{"not said, and planned", Limits{Rate: 14}, plan,
			"We request a sending quota of 120 recipients in 24 hours (today: [FILL IN: the account's sending quota]). Our maximum", 1},
		{"planned", Limits{Quota: 110, Rate: 1}, plan,
			"We request a sending quota of 120 recipients in 24 hours (today: 110) and a maximum send rate of 2 a second (today: 1). Our mail", 0},
		{"more than planned", Limits{Quota: 50_000, Rate: 14}, plan,
			"We request no increase: our sending quota is 50,000 recipients in 24 hours, our maximum send rate is 14 a second. Our mail", 0},
	} {
		cfg, form := config(t), full()
		cfg.Accounts[0].Access, form.Quota, form.Rate = ses.Production, 0, 0
		if c.today.Quota != 0 {
			cfg.Accounts[0].Quota = c.today.Quota
		}
		d := New(Input{Config: cfg, Form: form, Evidence: gather(t, cfg, 2), Today: c.today, Plan: c.plan})
		if text := d.Answers[4].Text; !strings.HasPrefix(text, c.want) || len(d.Blanks) != c.blanks {
			t.Errorf("%s: %q with blanks %v, want %q", c.name, text, d.Blanks, c.want)
		}
		if planned := strings.Contains(d.Answers[4].Text, "smallest figures"); planned != (c.name == "planned") {
			t.Errorf("%s: the smallest figures are named: %v", c.name, planned)
		}
		if granted, _ := d.Granted(cfg, 0); granted.Accounts[0].Quota != max(cfg.Accounts[0].Quota, d.Quota.Value) && d.Quota.Value != -1 {
			t.Errorf("%s: the figures are those of a quota of %d", c.name, granted.Accounts[0].Quota)
		}
		for _, s := range d.Concerns {
			if strings.Contains(s.Matter, "requested") || strings.Contains(s.Matter, "more than the mail needs") {
				t.Errorf("%s: a concern about what is not requested: %+v", c.name, s)
			}
		}
	}
}

// The highest rate over a handful of complaints is not called the highest.
func TestHandful(t *testing.T) {
	e := &Evidence{Runs: 20, Accepted: 100_000, Complaint: Figure{Most: 0.004}}
	if got, want := e.rate("complaint", e.Complaint, 40), "In all runs together there were 40 complaints for 100,000 recipients (0.04%)."; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got, want := e.rate("complaint", e.Complaint, 1), "In all runs together there was 1 complaint for 100,000"; !strings.HasPrefix(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if got := e.above("complaint", e.Complaint, 40, goodComplaintRate, goodComplaintRate, ""); got != nil {
		t.Errorf("%+v", got)
	}
	if got, want := e.rate("complaint", e.Complaint, 200), "The highest simulated complaint rate is 0.4%"; !strings.HasPrefix(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if got := e.above("complaint", e.Complaint, 200, goodComplaintRate, goodComplaintRate, ""); got == nil {
		t.Error("0.4% raises no concern")
	}
}

// An account in the sandbox that asks nowhere in the scenario gets its figures from runs
// in which it may send; where no mail is accepted, there are none.
func TestFiguresWithoutRequest(t *testing.T) {
	cfg := config(t)
	cfg.Accounts[0].Requests = nil
	d := draft(t, cfg, full())
	if d.Evidence.Accepted != 2*1 { // the simulator takes mail in the sandbox
		t.Errorf("%d accepted in the sandbox", d.Evidence.Accepted)
	}
	granted, changed := d.Granted(cfg, 0)
	if got := gather(t, granted, 2); !changed || got.Accepted != 2*201 || cfg.Accounts[0].Access == ses.Production {
		t.Errorf("changed %v, %d accepted in production", changed, got.Accepted)
	}
	e := &Evidence{Runs: 20}
	if got := e.rate("bounce", e.Bounce, 0); got != "" {
		t.Errorf("figures of no mail: %q", got)
	}
}

// The shell reads the command as the arguments that it was made of, whatever
// they hold.
func TestCommandIsQuotedExactly(t *testing.T) {
	form := full()
	form.UseCase = "It's \"news\": $HOME `id` $(id) \\ \\n !! *?[a] #x ~ {a,b} <b> & ; |\n\nsecond\tparagraph; ünïcode 日本語 'quoted''"
	form.Contacts = []string{"o'brien+x=y@acme.example", "a{b}$c@acme.example", "=x@acme.example", "`id`@acme.example"}
	form.Website = "https://acme.example/?a=b&c='d'#e"
	d := draft(t, config(t), form)
	if !d.Ready {
		t.Fatalf("problems %v", d.Problems)
	}
	command := "aws() { printf '%s\\0' aws \"$@\"; }\n" + d.Command()
	for _, shell := range []string{"sh", "bash", "zsh"} {
		path, err := exec.LookPath(shell)
		if err != nil {
			continue
		}
		out, err := exec.Command(path, "-c", command).Output()
		if err != nil {
			t.Fatalf("%s: %v", shell, err)
		}
		got := strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
		if diff := cmp.Diff(d.Arguments(), got); diff != "" {
			t.Errorf("%s reads something else (- meant, + read):\n%s", shell, diff)
		}
	}
}

// In Markdown the command stands in a fence that its own text cannot close.
func TestFence(t *testing.T) {
	form := full()
	form.UseCase += "\n````sh\n# heading\n````"
	var out bytes.Buffer
	if err := draft(t, config(t), form).Write(&out); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "`````sh\naws ") || strings.Count(out.String(), "`````") != 2 {
		t.Errorf("the fence is not longer than what it holds:\n%s", out.String())
	}
}

// Carriage returns and characters that turn the direction of writing do not
// reach the terminal or the form.
func TestVisible(t *testing.T) {
	if got := visible("a\r\nb\rc\u202ed\u2066e"); got != "a\nb\nc"+"de" {
		t.Errorf("visible gives %q", got)
	}
}

// The limits of PutAccountDetails, on both sides.
func TestFieldLimits(t *testing.T) {
	good := func() Fields {
		return Fields{MailType: "MARKETING", WebsiteURL: "https://a.example", ContactLanguage: "JA", UseCaseDescription: "x", AdditionalContactEmailAddresses: []string{"a@b.cd"}}
	}
	for _, c := range []struct {
		name  string
		set   func(*Fields)
		field string // that is refused; "" for none
		says  string
	}{
		{"good", func(*Fields) {}, "", ""},
		{"transactional", func(f *Fields) { f.MailType = "TRANSACTIONAL" }, "", ""},
		{"the guide's mail type", func(f *Fields) { f.MailType = "PROMOTIONAL" }, "MailType", "its API has MARKETING"},
		{"lower case", func(f *Fields) { f.MailType = "marketing" }, "MailType", "not MARKETING or TRANSACTIONAL"},
		{"the guide's language", func(f *Fields) { f.ContactLanguage = "JP" }, "ContactLanguage", "its API has JA"},
		{"longest website", func(f *Fields) { f.WebsiteURL = "https://" + strings.Repeat("a", 992) }, "", ""},
		{"too long a website", func(f *Fields) { f.WebsiteURL = "https://" + strings.Repeat("a", 993) }, "WebsiteURL", "1001 characters"},
		{"website of two lines", func(f *Fields) { f.WebsiteURL = "https://a.example/#a\nb" }, "WebsiteURL", "not a URI"},
		{"longest description", func(f *Fields) { f.UseCaseDescription = strings.Repeat("é", 5000) }, "", ""},
		{"too long a description", func(f *Fields) { f.UseCaseDescription = strings.Repeat("é", 5001) }, "UseCaseDescription", "5001 characters"},
		{"four contacts", func(f *Fields) { f.AdditionalContactEmailAddresses = slices.Repeat([]string{"a@b.cd"}, 4) }, "", ""},
		{"five contacts", func(f *Fields) { f.AdditionalContactEmailAddresses = slices.Repeat([]string{"a@b.cd"}, 5) }, "AdditionalContactEmailAddresses", "5 addresses"},
		{"too short a contact", func(f *Fields) { f.AdditionalContactEmailAddresses = []string{"a@b.c"} }, "AdditionalContactEmailAddresses", "6 to 254"},
		{"longest contact", func(f *Fields) {
			f.AdditionalContactEmailAddresses = []string{"a@" + strings.Repeat("b", 252)}
		}, "", ""},
		{"too long a contact", func(f *Fields) {
			f.AdditionalContactEmailAddresses = []string{"a@" + strings.Repeat("b", 253)}
		}, "AdditionalContactEmailAddresses", "6 to 254"},
		{"contact like an option", func(f *Fields) { f.AdditionalContactEmailAddresses = []string{"--x@b.cd"} }, "AdditionalContactEmailAddresses", "hyphen"},
	} {
		f := good()
		c.set(&f)
		got := f.Check()
		if c.field == "" && len(got) > 0 || c.field != "" && (len(got) != 1 || got[0].Field != c.field || !strings.Contains(got[0].Why, c.says)) {
			t.Errorf("%s: %v, want a problem of %q that says %q", c.name, got, c.field, c.says)
		}
	}
}

// A field that AWS would refuse keeps the command from being one.
func TestProblemsAreNotReady(t *testing.T) {
	form := full()
	form.UseCase = strings.Repeat("long ", 1000)
	d := draft(t, config(t), form)
	if d.Ready || len(d.Problems) != 1 || !strings.HasPrefix(d.Command(), "# NOT READY") {
		t.Errorf("ready %v, problems %v", d.Ready, d.Problems)
	}
}

// A plan's figures win over the scenario's, and are said to be the plan's.
func TestPlanIsAskedFor(t *testing.T) {
	cfg := config(t)
	plan := &Plan{Found: true, Promises: []string{"acme.refused.quota == 0"}, Quota: 120, Rate: 2, Statement: "They held in 1,000 of 1,000 further runs."}
	d := New(Input{Config: cfg, Form: full(), Key: "account.acme.request[0]", Evidence: gather(t, cfg, 2), Plan: plan})
	if d.Quota != (Asked{120, "the plan"}) || d.Rate != (Asked{2, "the plan"}) {
		t.Errorf("asked for %v and %v", d.Quota, d.Rate)
	}
	if want := "acme.refused.quota == 0. They held in 1,000 of 1,000 further runs."; !strings.HasSuffix(d.Fields.UseCaseDescription, want) {
		t.Errorf("the description does not end with %q:\n%s", want, d.Fields.UseCaseDescription)
	}
}

// The JSON holds the parameters as the AWS CLI takes them, and lists that are
// never null.
func TestJSON(t *testing.T) {
	d := draft(t, config(t), full())
	var out bytes.Buffer
	if err := d.WriteJSON(&out); err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Ready   bool
		Details Fields `json:"put_account_details"`
		Blanks  []Blank
		Command []string
	}
	if err := json.Unmarshal(out.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	if !doc.Ready || doc.Blanks == nil || !cmp.Equal(doc.Details, d.Fields) || !cmp.Equal(doc.Command, d.Arguments()) {
		t.Errorf("the document is\n%s", out.String())
	}
	if strings.Contains(out.String(), "null") {
		t.Errorf("something is null in\n%s", out.String())
	}
}

// demand agrees with counting every span anew.
func TestDemand(t *testing.T) {
	times := []time.Duration{0, 1, 500, 500, 999, 1000, 1001, 2500, 2501, 3499, 3500, 3501}
	d := demand{span: 1000, exact: true}
	want := int64(0)
	for i, at := range times {
		d.add(at, int64(i+1))
		sum := int64(0)
		for k := range times[:i+1] {
			if times[k] > at-1000 {
				sum += int64(k + 1)
			}
		}
		want = max(want, sum)
	}
	if d.most != want {
		t.Errorf("at most %d, want %d", d.most, want)
	}
}

// The evidence of mail without luck is exact: every run comes to the same.
func TestEvidenceOfDeterministicMail(t *testing.T) {
	e := gather(t, config(t), 5)
	if e.Due24h.Most != 100 || e.Due24h.Low != 100 || e.Due24h.High != 100 || e.DueSecond.Most != 1 || e.Tested != 1 {
		t.Errorf("%+v", e)
	}
	if one := gather(t, config(t), 1); one.Due24h.OK() || !math.IsNaN(one.Due24h.Low) {
		t.Errorf("one run gives an interval: %+v", one.Due24h)
	}
}

func TestGatherStops(t *testing.T) {
	if _, err := Gather(engine.Run, config(t), 0, 3, 0.95, func(done int) bool { return done < 2 }); !errors.Is(err, ErrInterrupted) {
		t.Errorf("the error is %v", err)
	}
	if _, err := Gather(engine.Run, config(t), 1, 3, 0.95, nil); err == nil {
		t.Error("an account that is not there was accepted")
	}
}
