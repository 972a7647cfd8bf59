package scenarios

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sesim/sim"
	"sesim/sim/criteria"
	"sesim/sim/rules"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// everyKey is a scenario that sets every key of the language that most
// scenarios use; further sets the others.
const everyKey = `
version  = 1
name     = "every-key"
question = "Is every key read?"
edition  = "classic"
start    = 2026-03-02T10:00:00+01:00
horizon  = "30d"
seed     = 7
thresholds = ["acme.bounce_rate.max < 5%", "news.given_up == 0"]

[rules]
rep.window_eligible = 20_000
review.length = "14d"
rep.min_events = { bounces = 3 }
[rules.auto_increase]
on = false

[[account]]
name        = "acme"
region      = "eu-west-1"
access      = "production"
quota       = -1
rate        = 20
identities  = ["acme.example", "ops@partner.example"]
suppression = ["COMPLAINT"]
price       = { per_thousand = 0.16, plan_month = 15, dedicated_month = 24.95 }

[[account.request]]
at          = "2d"
mail_type   = "MARKETING"
website     = "http://acme.example/mail"
use_case    = """Receipts;
and news."""
contacts    = ["ops@acme.example"]
language    = "JA"
acknowledge = true
outcome     = "more-info"
after       = "18h"
quota       = 70_000
rate        = 15

[[account.request]]
at = "3d"

[[account]]
name = "newcomer"

[[audience]]
name          = "customers"
size          = 20_000
domain        = "Mail.Customers.example"
local         = "c."
invalid       = "6%"
hard_bounce   = "0.1%"
mailbox_full  = 0.005
full_for      = "2h"
complaint     = "0.03%"
feedback_loop = 1
decay         = "2.1%/30d"
revive        = "1%/30d"
churn         = "2%/30d"
growth        = { rate = "40/d", limit = 50000 }
match         = ["*.customers.example", "vip*@"]

[[audience]]
name   = "probe"
domain = "simulator.amazonses.com"

[[sender]]
name         = "news"
account      = "acme"
from         = "news@acme.example"
audience     = "customers"
traffic      = { kind = "campaign", every = "7d", pace = "12/s" }
begin        = "1h"
end          = "20d"
pick         = "sequential"
recipients   = 50
interface    = "smtp"
retry        = { on = ["paused", "rate"], first = "5s", factor = 1.1, cap = "20m", attempts = 3 }
on_bounce    = "keep"
on_complaint = "remove"

[[sender]]
name     = "receipts"
account  = "newcomer"
from     = "shop@newcomer.example"
audience = "probe"
pick     = "zipf"
[sender.traffic]
kind = "constant"
rate = "0.5/h"

[[sender]]
name     = "list"
account  = "acme"
from     = "list@acme.example"
audience = "customers"
traffic  = { kind = "campaign" }
recipients = 10
retry    = {}

[[action]]
at = "1d"
do = "appeal"
account = "acme"
outcome = "rejected"
after = "3h"
[[action]]
at = "1d"
do = "verify"
account = "newcomer"
identity = "newcomer.example"
[[action]]
at = "1d"
do = "unverify"
account = "newcomer"
identity = "me@newcomer.example"
[[action]]
at = "1d"
do = "suppress"
account = "acme"
address = "c.17@mail.customers.EXAMPLE"
reason = "COMPLAINT"
[[action]]
at = "1d"
do = "unsuppress"
account = "acme"
address = "c.20000@mail.customers.example"
[[action]]
at = "1d"
do = "import"
account = "acme"
audience = "customers"
count = 10_000
mode = "delete"
[[action]]
at = "1d"
do = "import"
account = "acme"
audience = "customers"
reason = "COMPLAINT"
[[action]]
at = "1d"
do = "remove-global"
address = "Success+3@Simulator.amazonses.com"
region = "eu-west-1"
characters = "typed"
[[action]]
at = "1d"
do = "pause"
account = "acme"
[[action]]
at = "2d"
do = "resume"
account = "acme"
[[action]]
at = "1d"
do = "set"
key = "account.newcomer.quota"
value = 500
[[action]]
at = "1d"
do = "set"
key = "account.acme.suppression"
value = []
[[action]]
at = "1d"
do = "set"
key = "sender.news.on_bounce"
value = "remove"
[[action]]
at = "1d"
do = "set"
key = "sender.news.rate"
value = "3/s"
[[action]]
at = "1d"
do = "set"
key = "audience.probe.mailbox_full"
value = "1%"

[serve]
addresses    = 5000
events       = 6000
queue        = 7000
magic        = true
verify_after = "never"

[[serve.topic]]
arn = "arn:aws:sns:us-east-1:123456789012:bounces"
url = "http://127.0.0.1:9000/webhook"
raw = true

[[serve.topic]]
arn   = "arn:aws:sns:us-east-1:123456789012:bounces"
queue = "bounces"
`

func TestEveryKeyIsRead(t *testing.T) {
	got, err := Load("every.toml", []byte(everyKey))
	if err != nil {
		t.Fatal(err)
	}
	set, _ := rules.Edition("classic")
	set.Rep.WindowEligible, set.Rep.MinBounces, set.AutoIncrease.On = 20_000, 3, false
	set.Review.Length = 14 * 24 * time.Hour
	const day = 24 * time.Hour
	both := ses.ListBounce | ses.ListComplaint
	defaults := sim.Retry{On: [ses.Reasons]bool{true, true}, First: time.Second, Factor: 2000, Cap: 10 * time.Minute, Attempts: 8}
	action := func(a sim.Action) sim.Action {
		a.At, a.Characters = max(a.At, day), "typed"
		if a.Reason == 0 {
			a.Reason = ses.ListBounce
		}
		if a.Region == "" {
			a.Region = "us-east-1"
		}
		if a.After == 0 {
			a.After = -1
		}
		a.Accepted = a.Do != sim.DoAppeal
		return a
	}
	want := &sim.Config{
		Name: "every-key", Question: "Is every key read?", Edition: "classic", Start: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC),
		Horizon: 30 * day, Seed: 7, Rules: set,
		OwnRules: []string{"auto_increase", "rep.min_events", "rep.window_eligible", "review.length"},
		Thresholds: []criteria.Criterion{
			{Expression: "acme.bounce_rate.max < 5%", Metric: "acme.bounce_rate.max", Op: criteria.Less, Limit: 0.05},
			{Expression: "news.given_up == 0", Metric: "news.given_up", Op: criteria.Equal},
		},
		Accounts: []sim.Account{{
			Name: "acme", Region: "eu-west-1", Access: ses.Production, Quota: -1, Rate: 20,
			Identities: []string{"acme.example", "ops@partner.example"}, Suppression: ses.ListComplaint,
			Price: sim.Price{PerThousand: 160, PlanMonth: 15_000, DedicatedMonth: 24_950},
			Requests: []sim.Request{{
				At: 2 * day, MailType: "MARKETING", Website: "http://acme.example/mail", UseCase: "Receipts;\nand news.",
				Contacts: []string{"ops@acme.example"}, Language: "JA", Outcome: ses.MoreInfo, After: 18 * time.Hour, Quota: 70_000, Rate: 15,
			}, {
				At: 3 * day, MailType: "TRANSACTIONAL", Website: "https://acme.example", Language: "EN", Outcome: ses.Granted, After: -1,
			}},
		}, {Name: "newcomer", Region: "us-east-1", Access: ses.Sandbox, Quota: 200, Rate: 1, Suppression: both, Price: sim.ListPrice}},
		Audiences: []sim.Audience{{
			Name: "customers", Size: 20_000, Domain: "Mail.Customers.example", Local: "c.", Invalid: 6 * unit.Percent, HardBounce: unit.Percent / 10,
			MailboxFull: unit.Percent / 2, FullFor: 2 * time.Hour, Complaint: unit.Percent * 3 / 100, FeedbackLoop: unit.Whole,
			Decay: unit.Percent * 21 / 10, DecayPer: 30 * day, Revive: unit.Percent, RevivePer: 30 * day,
			Churn: 2 * unit.Percent, ChurnPer: 30 * day, Growth: sim.Growth{Rate: unit.Rate{N: 40, Per: day}, Limit: 21_200},
			Match: []string{"*.customers.example", "vip*@"},
		}, {Name: "probe", Size: 1000, Domain: "simulator.amazonses.com", Local: "success+", FeedbackLoop: 40 * unit.Percent}},
		Senders: []sim.Sender{{
			Name: "news", Account: 0, From: "news@acme.example", Audience: 0, Begin: time.Hour, End: 20 * day, Recipients: 50, Interface: sim.SMTP,
			Traffic:          sim.Traffic{Kind: sim.Campaign, Rate: unit.Rate{N: 12, Per: time.Second}, Every: 7 * day},
			Retry:            sim.Retry{On: [ses.Reasons]bool{true, false, false, true, false}, First: 5 * time.Second, Factor: 1100, Cap: 20 * time.Minute, Attempts: 3},
			RemoveComplained: true,
		}, {
			Name: "receipts", Account: 1, From: "shop@newcomer.example", Audience: 1, Pick: sim.Zipf, Recipients: 1, RemoveBounced: true,
			Traffic: sim.Traffic{Kind: sim.Constant, Rate: unit.Rate{N: 500, Per: 1000 * time.Hour}},
		}, {
			Name: "list", Account: 0, From: "list@acme.example", Audience: 0, Recipients: 10, RemoveBounced: true, Retry: defaults,
			Traffic: sim.Traffic{Kind: sim.Campaign, Rate: unit.Rate{N: 20, Per: 10 * time.Second}}, // 20 recipients a second
		}},
		Actions: []sim.Action{
			action(sim.Action{Do: sim.DoAppeal, After: 3 * time.Hour}),
			action(sim.Action{Do: sim.DoVerify, Account: 1, Identity: "newcomer.example"}),
			action(sim.Action{Do: sim.DoUnverify, Account: 1, Identity: "me@newcomer.example"}),
			action(sim.Action{Do: sim.DoSuppress, Address: sim.Address{Audience: 0, Number: 16}, Reason: ses.ListComplaint}),
			action(sim.Action{Do: sim.DoUnsuppress, Address: sim.Address{Audience: 0, Number: 19_999}}),
			action(sim.Action{Do: sim.DoImport, Count: 10_000, Delete: true}),
			action(sim.Action{Do: sim.DoImport, Count: 20_000, Reason: ses.ListComplaint}),
			action(sim.Action{Do: sim.DoRemoveGlobal, Address: sim.Address{Audience: 1, Number: 2}, Region: "eu-west-1"}),
			action(sim.Action{Do: sim.DoPause}),
			action(sim.Action{Do: sim.DoResume, At: 2 * day}),
			action(sim.Action{Do: sim.DoSet, Change: sim.Change{Key: sim.KeyAccountQuota, Index: 1, Number: 500}}),
			action(sim.Action{Do: sim.DoSet, Change: sim.Change{Key: sim.KeyAccountSuppression}}),
			action(sim.Action{Do: sim.DoSet, Change: sim.Change{Key: sim.KeySenderOnBounce, Flag: true}}),
			action(sim.Action{Do: sim.DoSet, Change: sim.Change{Key: sim.KeySenderRate, Rate: unit.Rate{N: 3, Per: time.Second}}}),
			action(sim.Action{Do: sim.DoSet, Change: sim.Change{Key: sim.KeyAudienceMailboxFull, Index: 1, Share: unit.Percent}}),
		},
		Serve: sim.Serve{
			Addresses: 5000, Events: 6000, Queue: 7000, Magic: true, VerifyAfter: -1,
			Topics: []sim.Topic{
				{ARN: "arn:aws:sns:us-east-1:123456789012:bounces", URL: "http://127.0.0.1:9000/webhook", Raw: true},
				{ARN: "arn:aws:sns:us-east-1:123456789012:bounces", Queue: "bounces"},
			},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the scenario reads as (-want +got):\n%s", diff)
	}
}

func TestDefaults(t *testing.T) {
	got, err := Load("small.toml", []byte("name = \"small\"\nhorizon = \"1d\"\n[[account]]\nname = \"a\"\naccess = \"production\"\n[rules]\nprod.rate = 9\n"))
	if err != nil {
		t.Fatal(err)
	}
	set, _ := rules.Edition("current")
	set.Prod.Rate = 9
	want := &sim.Config{
		Name: "small", Edition: "current", Start: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), Horizon: 24 * time.Hour, Seed: 1, Rules: set,
		OwnRules: []string{"prod.rate"},
		Filled: []sim.Filled{
			{Key: "account.a.quota", Value: 50_000, Parameter: "prod.quota"}, {Key: "account.a.rate", Value: 9, Parameter: "prod.rate"},
		},
		Accounts: []sim.Account{{
			Name: "a", Region: "us-east-1", Access: ses.Production, Quota: 50_000, Rate: 9, Suppression: ses.ListBounce | ses.ListComplaint, Price: sim.ListPrice,
		}},
		Serve: sim.Serve{Addresses: 1_000_000, Events: 1_000_000, Queue: 1_000_000, VerifyAfter: 30 * time.Second},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the scenario reads as (-want +got):\n%s", diff)
	}
}

// The start is an instant: how its offset is written does not matter.
func TestStartIsTheSameInstantEverywhere(t *testing.T) {
	for _, start := range []string{"2026-03-02T09:00:00Z", "2026-03-02T10:00:00+01:00", "2026-03-02 04:00:00-05:00", "2026-03-02T09:00:00.000Z",
		`"2026-03-02T09:00:00Z"`, `"2026-03-02 10:00:00+01:00"`} {
		got, err := Load("x.toml", []byte("name = \"x\"\nhorizon = \"1d\"\nstart = "+start+"\n[[account]]\nname = \"a\"\n"))
		if err != nil || got.Start != time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC) {
			t.Errorf("start = %s: %v, %v", start, got, err)
		}
	}
}

// A moment is a duration or a date, in the file, in --set and in a sweep. An end may be
// beyond the horizon as a duration.
func TestMomentsAreDates(t *testing.T) {
	const day = 24 * time.Hour
	for value, want := range map[string]time.Duration{
		`"36h"`: 36 * time.Hour, `2026-01-02T12:00:00Z`: 36 * time.Hour, `"2026-01-02T13:30:00+01:30"`: 36 * time.Hour,
		`2026-01-02 12:00:00.25Z`: 36*time.Hour + 250*time.Millisecond, `2026-01-30T23:59:59.999999999Z`: 30*day - 1,
	} {
		src := strings.Replace(base, `at = "5d"`, "at = "+value, 1)
		cfg, err := Load("x.toml", []byte(src), set("sender.news.begin", value))
		if err != nil || cfg.Actions[0].At != want || cfg.Senders[0].Begin != want {
			t.Errorf("%s: %v, want %v", value, err, want)
		}
	}
	cfg, err := Load("x.toml", []byte(base), set("sender.news.end", "2026-01-02T12:00:00Z"))
	if err != nil || cfg.Senders[0].End != 36*time.Hour {
		t.Errorf("an end on a date: %v", err)
	}
	if cfg, err = Load("x.toml", []byte(base), set("sender.news.end", "90d")); err != nil || cfg.Senders[0].End != 90*day {
		t.Errorf("an end beyond the horizon: %v", err)
	}
	s := studyOf(t, base+"\n[sweep]\n\"sender.news.begin\" = [2026-01-02T00:00:00Z, \"2d\"]\n")
	for i, want := range []time.Duration{day, 2 * day} {
		if cell, _, err := s.Load(i); err != nil || cell.Senders[0].Begin != want {
			t.Errorf("cell %d: %v, want a begin at %v", i, err, want)
		}
	}
}

// problemsOf loads a text that must be wrong and returns what is.
func problemsOf(t *testing.T, src string, overrides ...Override) []Problem {
	t.Helper()
	_, err := Load("x.toml", []byte(src), overrides...)
	var all *Errors
	if !errors.As(err, &all) || len(all.Problems) == 0 {
		t.Fatalf("the error is %v, want *Errors with problems", err)
	}
	if lines := strings.Split(err.Error(), "\n"); len(lines) < len(all.Problems) {
		t.Errorf("%d problems in %d lines", len(all.Problems), len(lines))
	}
	if len(overrides) == 0 {
		checkSchemaRefuses(t, src, all.Problems)
	}
	return all.Problems
}
