package scenarios

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sesim/sim"
	"sesim/sim/ses"
)

func TestOverrides(t *testing.T) {
	for _, c := range []struct {
		override Override
		is       func(*sim.Config) any
		want     any
	}{
		{Override{"seed", "42"}, func(c *sim.Config) any { return c.Seed }, uint64(42)},
		{Override{"horizon", "60d"}, func(c *sim.Config) any { return c.Horizon }, 60 * 24 * time.Hour},
		{Override{"horizon", `"60d"`}, func(c *sim.Config) any { return c.Horizon }, 60 * 24 * time.Hour},
		{Override{"start", "2027-01-01T00:00:00Z"}, func(c *sim.Config) any { return c.Start }, time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)},
		{Override{"edition", "flat14"}, func(c *sim.Config) any { return len(c.Rules.Global.Durations) }, 1},
		{Override{"rules.rep.min_eligible", "9_000"}, func(c *sim.Config) any { return c.Rules.Rep.MinEligible }, int64(9000)},
		{Override{"rules.rep.window_eligible", "2000"}, func(c *sim.Config) any { return c.Rules.Rep.WindowEligible }, int64(2000)},
		{Override{"rules.rep.min_events", "{ bounces = 1 }"}, func(c *sim.Config) any { return c.Rules.Rep.MinBounces }, int64(1)},
		{Override{"rules.rep.min_events.bounces", "2"}, func(c *sim.Config) any { return c.Rules.Rep.MinBounces }, int64(2)},
		{Override{"account.acme.quota", "-1"}, func(c *sim.Config) any { return c.Accounts[0].Quota }, int64(-1)},
		{Override{"account[0].quota", "7"}, func(c *sim.Config) any { return c.Accounts[0].Quota }, int64(7)},
		{Override{"account.acme.suppression", "[]"}, func(c *sim.Config) any { return c.Accounts[0].Suppression }, ses.ListReasons(0)},
		{Override{"account.acme.identities[0]", "other.example"}, func(c *sim.Config) any { return c.Accounts[0].Identities }, []string{"other.example"}},
		{Override{"account.acme.request[0].after", "1h"}, func(c *sim.Config) any { return c.Accounts[0].Requests[0].After }, time.Hour},
		{Override{"audience.customers.invalid", "6%"}, func(c *sim.Config) any { return c.Audiences[0].Invalid.String() }, "6%"},
		{Override{"audience.customers.invalid", "0.06"}, func(c *sim.Config) any { return c.Audiences[0].Invalid.String() }, "6%"},
		{Override{"sender.news.traffic.rate", "90/h"}, func(c *sim.Config) any { return c.Senders[0].Traffic.Rate.String() }, "90/h"},
		{Override{"sender.news.retry.attempts", "3"}, func(c *sim.Config) any { return c.Senders[0].Retry.Attempts }, 3},
		{Override{"action[0].at", "6d"}, func(c *sim.Config) any { return c.Actions[0].At }, 6 * 24 * time.Hour},
		{Override{"thresholds", `["acme.accepted > 5"]`}, func(c *sim.Config) any { return len(c.Thresholds) }, 1},
		// not TOML, though it begins like it: a text
		{Override{"question", "1\n[x]"}, nil, `--set question: "1\n[x]" contains a control character`},
		{Override{"question", "12 monkeys?"}, func(c *sim.Config) any { return c.Question }, "12 monkeys?"},
		{Override{"question", ""}, func(c *sim.Config) any { return c.Question }, ""},
		// problems
		{Override{"account.acme.quota", "-5"}, nil, `--set account.acme.quota: -5 is not at least -1`},
		{Override{"account.acme.qota", "5"}, nil, `--set account.acme.qota: unknown key (did you mean "quota"?)`},
		{Override{"acount.acme.quota", "5"}, nil, `--set acount.acme.quota: unknown key (did you mean "account"?)`},
		{Override{"account.amce.quota", "5"}, nil, `--set account.amce.quota: no account is named "amce" (did you mean "acme"?)`},
		{Override{"account[1].quota", "5"}, nil, `--set account[1].quota: account has 1 elements, counted from 0`},
		{Override{"account.acme", "5"}, nil, `--set account.acme: it names a whole table; set one of its keys`},
		{Override{"account.acme.access.x", "5"}, nil, `--set account.acme.access.x: account.acme.access is not a table`},
		{Override{"name.x", "5"}, nil, `--set name.x: name is not a table`},
		{Override{"rules[0]", "5"}, nil, `--set rules[0]: rules is not a list`},
		{Override{"rules[0].x", "5"}, nil, `--set rules[0].x: rules is not a list`},
		{Override{"action[7]", "5"}, nil, `--set action[7]: action has 1 elements, counted from 0`},
		{Override{"rules.rep.min_eligble", "5"}, nil, `--set rules.rep.min_eligble: unknown rule parameter (did you mean "rep.min_eligible"?)`},
		{Override{"Seed", "5"}, nil, `--set Seed: keys are written in lower case (did you mean "seed"?)`},
		{Override{"seed", "nan"}, nil, `--set seed: nan is not a number that a scenario can hold`},
		{Override{"start", "2027-01-01"}, nil, `--set start: 2027-01-01 has no offset from UTC, so it would be another instant on every machine: write it as 2027-01-01T00:00:00Z`},
		{Override{"", "5"}, nil, `--set "": this is not a key: write one such as "account.acme.quota"`},
		{Override{"a..b", "5"}, nil, `--set "a..b": this is not a key: write one such as "account.acme.quota"`},
		{Override{"action[x].at", "5"}, nil, `--set "action[x].at": this is not a key: write one such as "account.acme.quota"`},
		{Override{"seed", strings.Repeat("[", 100_000)}, nil, `--set seed: "` + strings.Repeat("[", 60) + `…" is not a whole number`},
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
	cfg, err := Load("x.toml", []byte(base), Override{"account.acme.quota", "5"}, Override{"account.acme.name", "ajax"},
		Override{"account.ajax.quota", "6"}, Override{"sender.news.account", "ajax"}, Override{"action[0].account", "ajax"})
	if err != nil {
		t.Fatal(err)
	}
	if a := cfg.Accounts[0]; a.Name != "ajax" || a.Quota != 6 {
		t.Errorf("the account is %s with quota %d, want ajax with 6", a.Name, a.Quota)
	}
}
