package scenarios

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sesim/sim"
	"sesim/sim/ses"
)

// set returns an override.
func set(key, value string) Override { return Override{Key: key, Value: value} }

func TestOverrides(t *testing.T) {
	for _, c := range []struct {
		override Override
		is       func(*sim.Config) any
		want     any
	}{
		{set("seed", "42"), func(c *sim.Config) any { return c.Seed }, uint64(42)},
		{set("horizon", "60d"), func(c *sim.Config) any { return c.Horizon }, 60 * 24 * time.Hour},
		{set("horizon", `"60d"`), func(c *sim.Config) any { return c.Horizon }, 60 * 24 * time.Hour},
		{set("start", "2027-01-01T00:00:00Z"), func(c *sim.Config) any { return c.Start }, time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)},
		{set("edition", "flat14"), func(c *sim.Config) any { return len(c.Rules.Global.Durations) }, 1},
		{set("rules.rep.min_eligible", "9_000"), func(c *sim.Config) any { return c.Rules.Rep.MinEligible }, int64(9000)},
		{set("rules.rep.window_eligible", "2000"), func(c *sim.Config) any { return c.Rules.Rep.WindowEligible }, int64(2000)},
		{set("rules.rep.min_events", "{ bounces = 1 }"), func(c *sim.Config) any { return c.Rules.Rep.MinBounces }, int64(1)},
		{set("rules.rep.min_events.bounces", "2"), func(c *sim.Config) any { return c.Rules.Rep.MinBounces }, int64(2)},
		{set("account.acme.quota", "-1"), func(c *sim.Config) any { return c.Accounts[0].Quota }, int64(-1)},
		{set("account[0].quota", "7"), func(c *sim.Config) any { return c.Accounts[0].Quota }, int64(7)},
		{set("account.acme.suppression", "[]"), func(c *sim.Config) any { return c.Accounts[0].Suppression }, ses.ListReasons(0)},
		{set("account.acme.identities[0]", "other.example"), func(c *sim.Config) any { return c.Accounts[0].Identities }, []string{"other.example"}},
		{set("account.acme.request[0].after", "1h"), func(c *sim.Config) any { return c.Accounts[0].Requests[0].After }, time.Hour},
		{set("audience.customers.invalid", "6%"), func(c *sim.Config) any { return c.Audiences[0].Invalid.String() }, "6%"},
		{set("audience.customers.invalid", "0.06"), func(c *sim.Config) any { return c.Audiences[0].Invalid.String() }, "6%"},
		{set("sender.news.traffic.rate", "90/h"), func(c *sim.Config) any { return c.Senders[0].Traffic.Rate.String() }, "90/h"},
		{set("sender.news.retry.attempts", "3"), func(c *sim.Config) any { return c.Senders[0].Retry.Attempts }, 3},
		{set("action[0].at", "6d"), func(c *sim.Config) any { return c.Actions[0].At }, 6 * 24 * time.Hour},
		{set("thresholds", `["acme.accepted > 5"]`), func(c *sim.Config) any { return len(c.Thresholds) }, 1},
		// not TOML, though it begins like it: a text
		{set("question", "1\n[x]"), nil, `--set question: "1\n[x]" contains a control character`},
		{set("question", "12 monkeys?"), func(c *sim.Config) any { return c.Question }, "12 monkeys?"},
		{set("question", ""), func(c *sim.Config) any { return c.Question }, ""},
		// problems
		{set("account.acme.quota", "-5"), nil, `--set account.acme.quota: -5 is not at least -1`},
		{set("account.acme.qota", "5"), nil, `--set account.acme.qota: unknown key (did you mean "quota"?)`},
		{set("acount.acme.quota", "5"), nil, `--set acount.acme.quota: unknown key (did you mean "account"?)`},
		{set("account.amce.quota", "5"), nil, `--set account.amce.quota: no account is named "amce" (did you mean "acme"?)`},
		{set("account[1].quota", "5"), nil, `--set account[1].quota: account has 1 element, counted from 0`},
		{set("account.acme", "5"), nil, `--set account.acme: it names a whole table; set one of its keys`},
		{set("account.acme.access.x", "5"), nil, `--set account.acme.access.x: account.acme.access is not a table`},
		{set("name.x", "5"), nil, `--set name.x: name is not a table`},
		{set("client.news.workers", "5"), nil, `--set client.news.workers: the scenario has no [[client]] whose key this could be`},
		{set("rules[0]", "5"), nil, `--set rules[0]: rules is not a list`},
		{set("rules[0].x", "5"), nil, `--set rules[0].x: rules is not a list`},
		{set("action[7]", "5"), nil, `--set action[7]: action has 1 element, counted from 0`},
		{set("rules.rep.min_eligble", "5"), nil, `--set rules.rep.min_eligble: unknown rule parameter (did you mean "rep.min_eligible"?)`},
		{set("Seed", "5"), nil, `--set Seed: keys are written in lower case (did you mean "seed"?)`},
		{set("seed", "nan"), nil, `--set seed: nan is not a number that a scenario can hold`},
		{set("start", "2027-01-01"), nil, `--set start: 2027-01-01 has no offset from UTC, so it would be another instant on every machine: write it as 2027-01-01T00:00:00Z`},
		{set("", "5"), nil, `--set "": this is not a key: write one such as "account.acme.quota"`},
		{set("a..b", "5"), nil, `--set "a..b": this is not a key: write one such as "account.acme.quota"`},
		{set("action[x].at", "5"), nil, `--set "action[x].at": this is not a key: write one such as "account.acme.quota"`},
		{set("seed", strings.Repeat("[", 100_000)), nil, `--set seed: "` + strings.Repeat("[", 60) + `…" is not a whole number`},
	} {
		cfg, err := Load("x.toml", []byte(base), c.override)
		switch {
		case c.is == nil && err == nil:
			t.Errorf("%v was accepted", c.override)
		case c.is == nil:
			if diff := cmp.Diff(c.want, err.Error()); diff != "" {
				t.Errorf("%v: (-want +got):\n%s", c.override, diff)
			}
		case err != nil:
			t.Errorf("%v: %v", c.override, err)
		default:
			if diff := cmp.Diff(c.want, c.is(cfg)); diff != "" {
				t.Errorf("%v: (-want +got):\n%s", c.override, diff)
			}
		}
	}
}

// Overrides apply in order, and a later one sees what an earlier one did.
func TestOverridesInOrder(t *testing.T) {
	cfg, err := Load("x.toml", []byte(base), set("account.acme.quota", "5"), set("account.acme.name", "ajax"),
		set("account.ajax.quota", "6"), set("sender.news.account", "ajax"), set("action[0].account", "ajax"))
	if err != nil {
		t.Fatal(err)
	}
	if a := cfg.Accounts[0]; a.Name != "ajax" || a.Quota != 6 {
		t.Errorf("the account is %s with quota %d, want ajax with 6", a.Name, a.Quota)
	}
}
