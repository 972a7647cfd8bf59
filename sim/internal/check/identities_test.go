package check

import (
	"testing"
	"time"

	"sesim/sim"
	"sesim/sim/rules"
	"sesim/sim/ses"
)

// TestCovers goes through the rules of identities, on both sides of each.
func TestCovers(t *testing.T) {
	for _, c := range []struct {
		identity, address string
		want              bool
	}{
		{"acme.example", "news@acme.example", true},
		{"acme.example", "news@eu.mail.acme.example", true},
		{"Acme.Example", "news@ACME.example", true},
		{"acme.example", "news@notacme.example", false},
		{"eu.acme.example", "news@acme.example", false},
		{"news@acme.example", "news@acme.example", true},
		{"news@acme.example", "news@ACME.EXAMPLE", true},
		{"news@acme.example", "News@acme.example", false},
		{"news@acme.example", "news+tag@acme.example", true},
		{"news@acme.example", "newsletter@acme.example", false},
		{"news@acme.example", "news@eu.acme.example", false},
		{"news+tag@acme.example", "news@acme.example", false},
		{"news+tag@acme.example", "news+tag@acme.example", true},
	} {
		if got := covers(c.identity, c.address); got != c.want {
			t.Errorf("%s covers %s: %v, want %v", c.identity, c.address, got, c.want)
		}
	}
}

func TestIdentities(t *testing.T) {
	verified := func(list ...string) func(*sim.Config) {
		return func(cfg *sim.Config) {
			cfg.Accounts[0].Access, cfg.Accounts[0].Identities = ses.Sandbox, list
		}
	}
	labelled := func(count bool) func(*sim.Config) {
		return func(cfg *sim.Config) {
			verified("acme.example", "ann@people.example")(cfg)
			cfg.Audiences[0].Addresses = []string{"ann+x@people.example", "ann+y@people.example", "bob@people.example"}
			cfg.Rules.Sandbox.RecipientLabels = count
		}
	}
	last := func(cfg *sim.Config) {
		verified("acme.example")(cfg)
		cfg.Rules.Identity.AfterLimits = true
	}
	empty := func(cfg *sim.Config) {
		last(cfg)
		cfg.Accounts[0].Rate = 0
	}
	full := func(cfg *sim.Config) {
		last(cfg)
		cfg.Accounts[0].Quota = 0
	}
	acts := func(do sim.Do, identity string, list ...string) func(*sim.Config) {
		return func(cfg *sim.Config) {
			verified(list...)(cfg)
			cfg.Accounts[0].Access = ses.Production
			cfg.Actions = []sim.Action{{At: time.Hour, Do: do, Identity: identity}}
		}
	}
	simulator := func(cfg *sim.Config) {
		verified("acme.example")(cfg)
		cfg.Audiences[0].Domain = "simulator.amazonses.com"
	}
	granted := func(cfg *sim.Config) {
		verified("acme.example")(cfg)
		cfg.Accounts[0].Requests = []sim.Request{{At: time.Hour, After: time.Hour}}
	}
	named := func(cfg *sim.Config) {
		verified("acme.example", "ann@people.example")(cfg)
		cfg.Audiences[0].Addresses = []string{"ann@people.example", "success@simulator.amazonses.com", "bob@people.example"}
	}
	more := func(cfg *sim.Config) {
		cfg.Senders[0].Checked = []string{"bounces@acme.example", "ops@partner.example"}
	}
	// acme sends for a second account, partner.
	delegate := func(region string, access ses.Access, delegates ...int) func(*sim.Config) {
		return func(cfg *sim.Config) {
			cfg.Accounts = append(cfg.Accounts, sim.Account{
				Name: "partner", Region: region, Access: access, Rate: 1, Identities: []string{"partner.example"}, Delegates: delegates,
			})
			cfg.Senders[0].Delegated, cfg.Senders[0].Owner, cfg.Senders[0].From = true, 1, "news@partner.example"
		}
	}
	one, no := sent(0, 0, 0), refused(0, 0, ses.RefusedUnverified, 0)
	play(t, []sequence{
		{"the domain is verified", acts(sim.DoVerify, "x.example", "acme.example"), []sim.Record{one}, ""},
		{"nothing is verified", acts(sim.DoVerify, "x.example"), []sim.Record{one}, "identities: a call was accepted, but no identity"},
		{"refused though verified", acts(sim.DoVerify, "x.example", "news@acme.example"), []sim.Record{no}, "identities: a call was refused as unverified, but every address is covered"},
		{"verified later", acts(sim.DoVerify, "acme.example"), []sim.Record{refused(time.Hour-1, 0, ses.RefusedUnverified, 0), noted(time.Hour, ses.EventVerified, "acme.example"), sent(time.Hour, 1, 0)}, ""},
		{"sent before it was verified", acts(sim.DoVerify, "acme.example"), []sim.Record{sent(time.Hour-1, 0, 0)}, "identities: a call was accepted"},
		{"dropped, in other letters", acts(sim.DoUnverify, "ACME.example", "acme.example"), []sim.Record{one, noted(time.Hour, ses.EventUnverified, "ACME.example"), refused(time.Hour, 1, ses.RefusedUnverified, 0)}, ""},
		{"sent after it was dropped", acts(sim.DoUnverify, "acme.example", "acme.example"), []sim.Record{noted(time.Hour, ses.EventUnverified, "acme.example"), sent(time.Hour, 0, 0)}, "identities: a call was accepted"},
		{"a label of a verified recipient", labelled(true), []sim.Record{one}, ""},
		{"a label that does not count", labelled(false), []sim.Record{one}, "identities: a call was accepted"},
		{"refused for a label", labelled(false), []sim.Record{no}, ""},
		{"a verified recipient in the sandbox", verified("acme.example", "c1@customers.example"), []sim.Record{one}, ""},
		{"one unverified recipient fails the call", verified("acme.example", "c1@customers.example"), []sim.Record{sent(0, 0, 0, 1)}, "identities: a call was accepted"},
		{"and is refused", verified("acme.example", "c1@customers.example"), []sim.Record{refused(0, 0, ses.RefusedUnverified, 0, 1)}, ""},
		{"a verified domain of recipients", verified("acme.example", "customers.example"), []sim.Record{sent(0, 0, 0, 1)}, ""},
		{"the simulator in the sandbox", simulator, []sim.Record{one, mailed(sim.Simulated, 0, 0, 0, 0)}, ""},
		{"out of the sandbox", granted, []sim.Record{no, changed(time.Hour, ses.EventRequested, rules.ProdRequest), changed(2*time.Hour, ses.EventGranted, 0), sent(2*time.Hour, 1, 0)}, ""},
		{"named recipients", named, []sim.Record{sent(0, 0, 0, 1)}, ""},
		{"one of them is not verified", named, []sim.Record{sent(0, 0, 1, 2)}, "identities: a call was accepted"},
		{"a further identity is not verified", more, []sim.Record{one}, "identities: a call was accepted"},
		{"an authorized delegate", delegate("us-east-1", ses.Production, 0), []sim.Record{one}, ""},
		{"a delegate without authorization", delegate("us-east-1", ses.Production), []sim.Record{one}, "identities: a call was accepted"},
		{"a delegate in another Region", delegate("eu-west-1", ses.Production, 0), []sim.Record{one}, "identities: a call was accepted"},
		{"the owner is in the sandbox", delegate("us-east-1", ses.Sandbox, 0), []sim.Record{one}, "identities: a call was accepted"},
		{"the rate lets it pass, and comes first by the rules", last, []sim.Record{refused(0, 0, ses.RefusedUnverified, 0)}, ""},
		{"but the rate would have refused", last, []sim.Record{refused(0, 0, ses.RefusedRate, 0)}, "rate: refused 1 recipients"},
		{"and it did not", empty, []sim.Record{refused(0, 0, ses.RefusedUnverified, 0)}, "rate: refused as unverified, but the send rate is checked first"},
		{"the quota did not", full, []sim.Record{refused(0, 0, ses.RefusedUnverified, 0)}, "quota: refused as unverified, but the quota is checked first"},
		{"identities come before the rate", verified("acme.example"), []sim.Record{refused(0, 0, ses.RefusedRate, 0)}, "identities: identities are checked first"},
	})
}
