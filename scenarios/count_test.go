package scenarios_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sesim/scenarios"
	"sesim/sim"
)

const many = `
name = "many"
horizon = "1d"
thresholds = ["acme-07.bounce_rate.max < 5%"]

[[account]]
name = "acme"
count = 12
access = "production"
quota = 1000
identities = ["acme.example"]
[[account.request]]
outcome = "granted"

[[account]]
name = "other"

[[audience]]
name = "people"
count = 5
size = 10

[[sender]]
name = "news"
count = 14
account = "acme"
from = "news@acme.example"
audience = "people"
traffic = { kind = "poisson", rate = "60/h" }

[[sender]]
name = "lone"
account = "acme-12"
from = "news@acme.example"
audience = "people-3"
traffic = { kind = "poisson", rate = "60/h" }

[[action]]
at = "1h"
do = "set"
key = "account.acme-02.quota"
value = 5
`

// TestCount reads tables with a count: names, whose account and audience each
// sender has, and what the copies share.
func TestCount(t *testing.T) {
	doc, err := scenarios.Read(nil, "many.toml", []byte(many), scenarios.Override{Key: "account.acme.rate", Value: "33"})
	if err != nil {
		t.Fatal(err)
	}
	cfg := doc.Config
	var got []string
	for _, s := range cfg.Senders {
		got = append(got, fmt.Sprintf("%s %s %s", s.Name, cfg.Accounts[s.Account].Name, cfg.Audiences[s.Audience].Name))
	}
	var want []string
	for i := range 14 {
		want = append(want, fmt.Sprintf("news-%02d acme-%02d people-%d", i+1, i%12+1, i%5+1))
	}
	if diff := cmp.Diff(append(want, "lone acme-12 people-3"), got); diff != "" {
		t.Errorf("senders (-want +got):\n%s", diff)
	}
	if len(cfg.Accounts) != 13 || cfg.Accounts[11].Rate != 33 || cfg.Accounts[11].Quota != 1000 || cfg.Accounts[12].Rate == 33 || len(doc.Forms) != 12 || doc.Forms[11].Account != 11 {
		t.Errorf("%d accounts, %d forms; the twelfth is %+v", len(cfg.Accounts), len(doc.Forms), cfg.Accounts[11])
	}
	if a := cfg.Audiences[4]; a.Domain != "people-5.example" || a.Local != "people-5-" || a.Size != 10 {
		t.Errorf("the fifth audience is %+v", a)
	}
	if c := cfg.Actions[0].Change; c.Key != sim.KeyAccountQuota || c.Index != 1 {
		t.Errorf("the action changes %+v", c)
	}
}

// TestCountErrors shows what is said of counts that will not do.
func TestCountErrors(t *testing.T) {
	change := func(old, with string) string { return strings.Replace(many, old, with, 1) }
	for _, c := range []struct{ name, src, want string }{
		{"none", change("count = 12", "count = 0"), "many.toml:8:9: account.acme.count: 0 is not at least 1"},
		{"too many", change("count = 12", "count = 100_001"), "100001 is not at most 100000"},
		{"too many together", change("count = 12", "count = 100_000"), `account.other: with this there are 100001, and a scenario holds at most 100000`},
		{"a text", change("count = 12", `count = "12"`), "account.acme.count: \"12\" is not a whole number: write 12 without quotes"},
		{"a name that is taken", change(`name = "other"`, `name = "acme-03"`), "account.acme-03.name: there is another account of this name in line 7"},
		{"a name that gets too long", strings.ReplaceAll(many, "acme", strings.Repeat("a", 63)), "the name is longer than 64 characters"},
		{"a customer", change("quota = 1000", "customer = \"Acme\""), "account.acme.customer: this key does not go with a count: a customer has one account in a Region"},
		{"an audience that names recipients", change("size = 10", `addresses = ["a@b.example"]`), "audience.people.addresses: this key does not go with a count: an address belongs to one audience"},
		{"audiences with the same addresses", change("size = 10", "domain = \"d.example\"\nlocal = \"x-\""), "it has the same addresses as audience people-1"},
		{"all where one is wanted", change(`account = "acme-12"`, `account = "acme"`), `sender.lone.account: "acme" stands for 12 accounts, acme-01 to acme-12: name one of them`},
		{"all where an action wants one", change("account.acme-02.quota", "account.acme.quota"), `"acme" stands for 12 accounts, acme-01 to acme-12: name one of them`},
		{"a number beyond the last", change(`account = "acme-12"`, `account = "acme-13"`), `no account is named "acme-13"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := scenarios.Load("many.toml", []byte(c.src))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("the error is\n%v\nwant one with\n%s", err, c.want)
			}
		})
	}
}
