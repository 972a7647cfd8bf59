package bench

import (
	"fmt"
	"time"

	"sesim/sim"
	"sesim/sim/rules"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// traffic is a scenario of the reference's shape: one production account whose
// senders mail the same addresses at random, perDay recipients a day in total,
// with hard bounces, soft bounces that SES retries, complaints, stays that
// grow, and rates that count. A single sender takes bounced addresses off its
// list, as its account does; several write to them again and again, and only
// the global list suppresses them.
func traffic(perDay, addresses int64, senders int) *sim.Config {
	set, err := rules.Edition("current")
	if err != nil {
		panic(err) // the edition ships with the program
	}
	set.AutoIncrease.On = false // the reference does not know it
	c := &sim.Config{
		Name: fmt.Sprintf("traffic-%d", senders), Start: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), Horizon: 30 * unit.Day, Seed: 1, Rules: set,
		Accounts: []sim.Account{{
			Name: "acme", Region: "us-east-1", Access: ses.Production, Quota: 2 * perDay, Rate: max(100, perDay/10_000),
			Identities: []string{"acme.example"}, Suppression: ses.ListBounce | ses.ListComplaint,
		}},
		Audiences: []sim.Audience{{
			Name: "customers", Size: addresses, Domain: "customers.example", Local: "customers-", Invalid: 2 * unit.Percent,
			MailboxFull: unit.Percent / 2, Complaint: unit.Percent / 50, FeedbackLoop: 40 * unit.Percent,
			Decay: 2 * unit.Percent, DecayPer: 30 * unit.Day,
		}},
	}
	if senders > 1 {
		c.Accounts[0].Suppression = 0
	}
	for i := range senders {
		c.Senders = append(c.Senders, sim.Sender{
			Name: fmt.Sprintf("news-%d", i+1), From: from, Pick: sim.Uniform, Recipients: 1,
			Traffic:       sim.Traffic{Kind: sim.Poisson, Rate: unit.Rate{N: perDay / int64(senders), Per: unit.Day}},
			RemoveBounced: senders == 1, RemoveComplained: true,
		})
	}
	return c
}

// halves is a scenario of two customers who share nothing, each with the same
// number of recipients a day and of addresses.
func halves(perDay, addresses int64) *sim.Config {
	c, other := traffic(perDay, addresses, 1), traffic(perDay, addresses, 1)
	c.Name = "halves"
	a, s := other.Accounts[0], other.Senders[0]
	a.Name, a.Identities, other.Audiences[0].Name, other.Audiences[0].Domain = "other", []string{"other.example"}, "others", "others.example"
	// One global list for all customers of a Region: another Region, and lists
	// that are each Region's own.
	a.Region = "eu-west-1"
	s.Name, s.From, s.Account, s.Audience = "other-news", "news@other.example", 1, 1
	c.Rules.Global.PerRegion = true
	c.Accounts, c.Audiences, c.Senders = append(c.Accounts, a), append(c.Audiences, other.Audiences[0]), append(c.Senders, s)
	return c
}

// BuiltIn are the runs that are measured beside something else: one sender with
// a million addresses and ten thousand with a hundred thousand beside the
// reference, and two halves beside one core.
func BuiltIn(quick bool) []Scenario {
	one, many, two := traffic(1e6, 1e6, 1), traffic(1e6, 1e5, 10_000), halves(1e6, 1e6)
	one.Horizon, many.Horizon, two.Horizon = 36*time.Hour, 72*time.Hour, 7*24*time.Hour
	if quick {
		one.Horizon, many.Horizon, two.Horizon = time.Hour, time.Hour, time.Hour
	}
	return []Scenario{
		{Name: one.Name, Config: one, Compared: true}, {Name: many.Name, Config: many, Compared: true},
		{Name: two.Name, Config: two, Apart: true},
	}
}
