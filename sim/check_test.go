package sim_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"sesim/sim"
	"sesim/sim/rules"
	"sesim/sim/unit"
)

// TestCheck breaks a sound Config in one place at a time: the error wraps
// ErrConfig and names the place. A kind or a pick that does not exist must not
// pass for the first of its type.
func TestCheck(t *testing.T) {
	sound := func() *sim.Config {
		set, err := rules.Edition("current")
		if err != nil {
			t.Fatal(err)
		}
		return &sim.Config{
			Horizon: time.Hour, Rules: set,
			Accounts:  []sim.Account{{Name: "acme", Rate: 1}},
			Audiences: []sim.Audience{{Name: "people", Size: 1}},
			Senders:   []sim.Sender{{Name: "news", Recipients: 1, Traffic: sim.Traffic{Rate: unit.Rate{N: 1, Per: time.Second}}}},
			Actions:   []sim.Action{{Do: sim.DoPause}},
		}
	}
	if err := sound().Check(); err != nil {
		t.Fatalf("the Config to begin with: %v", err)
	}
	for want, spoil := range map[string]func(*sim.Config){
		"the horizon 0s is not positive":  func(c *sim.Config) { c.Horizon = 0 },
		"0 accounts and 1 senders":        func(c *sim.Config) { c.Accounts = nil },
		"the rules are not filled in":     func(c *sim.Config) { c.Rules = rules.Set{} },
		"1073741825 addresses: at most":   func(c *sim.Config) { c.Audiences = append(c.Audiences, sim.Audience{Size: sim.MaxAddresses}) },
		"audience people: size 0":         func(c *sim.Config) { c.Audiences[0].Size = 0 },
		"audience people: decay without":  func(c *sim.Config) { c.Audiences[0].Decay = 1 },
		"audience people: revive without": func(c *sim.Config) { c.Audiences[0].Revive = 1 },
		"audience people: churn without":  func(c *sim.Config) { c.Audiences[0].Churn = 1 },
		"without a period, or of all":     func(c *sim.Config) { c.Audiences[0].Churn, c.Audiences[0].ChurnPer = unit.Whole, unit.Day },
		"audience people: growth without": func(c *sim.Config) { c.Audiences[0].Growth = sim.Growth{Share: 1, Limit: 2} },
		"audience people: growth by a rate and": func(c *sim.Config) {
			c.Audiences[0].Growth = sim.Growth{Rate: unit.Rate{N: 1, Per: unit.Day}, Share: 1, Per: unit.Day, Limit: 2}
		},
		"audience people: size 1 with a limit of 0": func(c *sim.Config) { c.Audiences[0].Growth.Rate = unit.Rate{N: 1, Per: unit.Day} },
		"audience people: growth of named": func(c *sim.Config) {
			c.Audiences[0].Growth = sim.Growth{Share: 1, Per: unit.Day, Limit: 2}
			c.Audiences[0].Addresses = []string{"a@people.example"}
		},
		"account acme: quota 0, rate 0":          func(c *sim.Config) { c.Accounts[0].Rate = 0 },
		"sender news: no such account":           func(c *sim.Config) { c.Senders[0].Audience = 1 },
		"sender news: mail of kind 0 among":      func(c *sim.Config) { c.Senders[0].Mixture = []sim.AudienceShare{{0, unit.Whole / 2}} },
		"sender news: accounts {Of:[{Account:0":  func(c *sim.Config) { c.Senders[0].Accounts = &sim.Accounts{Of: []sim.SenderAccount{{}}, Check: 1} },
		"there is no traffic of kind 5":          func(c *sim.Config) { c.Senders[0].Traffic.Kind = sim.Recorded + 1 },
		"there is no pick 3":                     func(c *sim.Config) { c.Senders[0].Pick = sim.Zipf + 1 },
		"sender news: no trace":                  func(c *sim.Config) { c.Senders[0].Traffic.Kind = sim.Recorded },
		"sender news: no rate":                   func(c *sim.Config) { c.Senders[0].Traffic.Rate.N = 0 },
		"sender news: 51 recipients":             func(c *sim.Config) { c.Senders[0].Recipients = 51 },
		"sender news: retry":                     func(c *sim.Config) { c.Senders[0].Retry.Attempts = 1 },
		"action 0: no such account":              func(c *sim.Config) { c.Actions[0].Account = 1 },
		"quota 0, rate 0\nsender news: 0 recipi": func(c *sim.Config) { c.Accounts[0].Rate, c.Senders[0].Recipients = 0, 0 },
	} {
		c := sound()
		spoil(c)
		if err := c.Check(); !errors.Is(err, sim.ErrConfig) || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want ErrConfig with %q", err, want)
		}
	}
}
