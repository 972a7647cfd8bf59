package engine_test

import (
	"slices"
	"testing"
	"time"

	"sesim/sim"
	"sesim/sim/engine"
	"sesim/sim/rules"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// TestCampaignEnds sends 100 messages, one a second, and checks what becomes of
// the campaigns: done when the last message is accepted, lost if one is given up,
// and cut by the end of the run or of the sender.
func TestCampaignEnds(t *testing.T) {
	set, err := rules.Edition("current")
	if err != nil {
		t.Fatal(err)
	}
	const hour = time.Hour
	for _, c := range []struct {
		name string
		set  func(*sim.Config)
		want []sim.CampaignResult
	}{
		{"done, again and again", func(c *sim.Config) { c.Senders[0].Traffic.Every = hour }, []sim.CampaignResult{{Length: 99 * time.Second}, {Length: 99 * time.Second}}},
		{"mail given up", func(c *sim.Config) { c.Accounts[0].Quota = 99 }, []sim.CampaignResult{{Length: 99 * time.Second, End: sim.Lost}}},
		{"cut by the horizon", func(c *sim.Config) { c.Horizon = 50 * time.Second }, []sim.CampaignResult{{Length: 50 * time.Second, End: sim.Cut}}},
		{"cut by the end of the sender", func(c *sim.Config) { c.Senders[0].End = 30 * time.Second }, []sim.CampaignResult{{Length: 30 * time.Second, End: sim.Cut}}},
		{"mail waits at the end", func(c *sim.Config) {
			c.Accounts[0].Quota = 99
			c.Senders[0].Retry = sim.Retry{First: 10 * hour, Factor: 1000, Cap: 10 * hour, Attempts: 1}
			c.Senders[0].Retry.On[ses.RefusedQuota] = true
		}, []sim.CampaignResult{{Length: 2 * hour, End: sim.Cut}}},
		{"lost and cut", func(c *sim.Config) { c.Accounts[0].Quota = 10; c.Horizon = 50 * time.Second },
			[]sim.CampaignResult{{Length: 50 * time.Second, End: sim.Lost}}},
	} {
		cfg := sim.Config{
			Horizon: 2 * hour, Seed: 1, Rules: set,
			Accounts: []sim.Account{{
				Name: "acme", Region: "us-east-1", Access: ses.Production, Quota: 1000, Rate: 14, Identities: []string{"acme.example"},
			}},
			Audiences: []sim.Audience{{Name: "people", Size: 100, Domain: "people.example", Local: "p-"}},
			Senders: []sim.Sender{{
				Name: "mail", From: "a@acme.example", Recipients: 1,
				Traffic: sim.Traffic{Kind: sim.Campaign, Rate: unit.Rate{N: 1, Per: time.Second}},
			}},
		}
		c.set(&cfg)
		r, err := engine.Run(cfg, sim.Hooks{})
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if got := r.Senders[0].Campaigns; !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}
