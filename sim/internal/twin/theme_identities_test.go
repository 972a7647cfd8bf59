package twin_test

import (
	"fmt"
	"strings"
	"time"

	"sesim/sim"
	"sesim/sim/internal/simtest"
	"sesim/sim/ses"
)

// identities is about who may send and, in the sandbox, who may receive:
// domains, subdomains, labels, capitals, delegates, and identities that come
// and go.
func identities(s simtest.Source, cfg *sim.Config) {
	within(s, cfg, 2*day, 5*day, time.Hour)
	for i := range cfg.Accounts {
		owner(s, cfg, i)
	}
	for i := range cfg.Senders {
		x := &cfg.Senders[i]
		x.Size, x.Throttled25 = 0, false
		owner := x.Account
		if chance(s, "delegated", 40) {
			owner = account(s, cfg)
		}
		x.Delegated, x.Owner = owner != x.Account, 0
		if x.Delegated {
			x.Owner = owner
		}
		x.From = pick(s, "from", froms(owner)...)
		x.Checked = nil
		for len(x.Checked) < 3 && chance(s, "checked", 20) {
			x.Checked = append(x.Checked, pick(s, "checked identity", froms(owner)...))
		}
	}
	cfg.Rules.Identity.AfterLimits = chance(s, "identities last", 40)
	cfg.Rules.Sandbox.RecipientLabels = chance(s, "recipient labels", 50)
	for range s.Int("scene actions", 0, 12) {
		cfg.Actions = append(cfg.Actions, verification(s, cfg))
	}
}

// owner draws what an account has verified, and whom it has authorized.
func owner(s simtest.Source, cfg *sim.Config, i int) {
	a := &cfg.Accounts[i]
	a.Region = pick(s, "region", "us-east-1", "us-east-1", "eu-west-1")
	a.Access = pick(s, "access", ses.Sandbox, ses.Production)
	a.Quota, a.Rate = 10_000, 100
	if chance(s, "limits are tight", 30) {
		a.Quota, a.Rate = 10, 1
	}
	a.Identities, a.Delegates = nil, nil
	for _, name := range names(i) {
		if chance(s, "verified", 30) {
			a.Identities = append(a.Identities, name)
		}
	}
	for j := range cfg.Accounts {
		if j != i && chance(s, "authorized", 50) {
			a.Delegates = append(a.Delegates, j)
		}
	}
	for j := range a.Sets {
		a.Sets[j].Paused = false
	}
}

// names are what an account may verify.
func names(i int) []string {
	return []string{
		fmt.Sprintf("a%d.example", i), fmt.Sprintf("eu.a%d.example", i), fmt.Sprintf("EU.a%d.Example", i),
		fmt.Sprintf("news@a%d.example", i), fmt.Sprintf("news+x@a%d.example", i),
		"customers.example", "eu.customers.example", "People.example", "Customers.Example",
		"p0-1@customers.example", "p0-@customers.example", "p0-2@CUSTOMERS.example", "carol@people.example",
	}
}

// froms are what mail for an account's identities comes from.
func froms(i int) []string {
	return []string{
		fmt.Sprintf("news@a%d.example", i), fmt.Sprintf("News@a%d.example", i), fmt.Sprintf("newsy@a%d.example", i),
		fmt.Sprintf("news+x@a%d.example", i), fmt.Sprintf("news+x+y@a%d.example", i),
		fmt.Sprintf("news@eu.A%d.example", i), fmt.Sprintf("news@x.eu.a%d.example", i), fmt.Sprintf("news@xa%d.example", i),
	}
}

// verification draws an identity that is verified, at once or later, or
// dropped.
func verification(s simtest.Source, cfg *sim.Config) sim.Action {
	a := sim.Action{
		At: moment(s, "verification at", cfg.Horizon, time.Minute), Account: account(s, cfg),
		Do: pick(s, "verification", sim.DoVerify, sim.DoUnverify),
	}
	a.Identity = pick(s, "identity", names(a.Account)...)
	if a.Do == sim.DoVerify {
		a.After = pick(s, "verification takes", -1, 0, time.Hour, day, day+1, 3*day, 3*day+1)
		a.Fails = chance(s, "verification fails", 20)
		a.Template = strings.Contains(a.Identity, "@") && chance(s, "verification mail is custom", 30)
	}
	return a
}
