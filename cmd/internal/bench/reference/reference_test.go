package reference_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sesim/cmd/internal/bench/reference"
	"sesim/sim"
	"sesim/sim/engine"
	"sesim/sim/rules"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

const day = 24 * time.Hour

// plain is a scenario of the reference's shape in which nothing special
// happens; the cases of the tests change it.
func plain(t *testing.T, seed uint64, change func(*sim.Config)) *sim.Config {
	t.Helper()
	set, err := rules.Edition("current")
	if err != nil {
		t.Fatal(err)
	}
	set.AutoIncrease.On = false
	cfg := &sim.Config{
		Name: "plain", Start: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), Horizon: 30 * day, Seed: seed, Rules: set,
		Accounts: []sim.Account{{
			Name: "acme", Region: "us-east-1", Access: ses.Production, Quota: 10_000, Rate: 14,
			Identities: []string{"acme.example"}, Suppression: ses.ListBounce | ses.ListComplaint,
		}},
		Audiences: []sim.Audience{{
			Name: "customers", Size: 1_000, Domain: "customers.example", Local: "c", Invalid: 2 * unit.Percent,
			MailboxFull: unit.Percent, FullFor: 6 * time.Hour, Complaint: unit.Percent / 10, FeedbackLoop: 40 * unit.Percent,
			Decay: 2 * unit.Percent, DecayPer: 30 * day,
		}},
		Senders: []sim.Sender{{
			Name: "news", From: "news@acme.example", Traffic: sim.Traffic{Kind: sim.Poisson, Rate: unit.Rate{N: 1_000, Per: day}},
			Pick: sim.Uniform, Recipients: 1, RemoveBounced: true, RemoveComplained: true,
		}},
	}
	change(cfg)
	return cfg
}

// TestTakesTheSameDecisions holds the counts of engine.Run against those of the
// reference. Each case names the figure that it is about, which must not be 0.
func TestTakesTheSameDecisions(t *testing.T) {
	type result = reference.Result
	for _, c := range []struct {
		name   string
		shows  func(result) int64
		change func(*sim.Config)
	}{
		{"clean", func(r result) int64 { return r.Removed }, func(*sim.Config) {}},
		{"sequential", func(r result) int64 { return r.Removed }, func(c *sim.Config) {
			c.Senders[0].Pick = sim.Sequential
		}},
		{"constant", func(r result) int64 { return r.Complaints }, func(c *sim.Config) {
			c.Senders[0].Traffic = sim.Traffic{Kind: sim.Constant, Rate: unit.Rate{N: 240, Per: time.Hour}}
			c.Senders[0].Begin, c.Senders[0].End = time.Hour, 10*day
		}},
		{"no hygiene", func(r result) int64 { return r.SuppressedAccount }, func(c *sim.Config) {
			c.Senders[0].RemoveBounced, c.Senders[0].RemoveComplained = false, false
		}},
		{"no account list", func(r result) int64 { return r.SuppressedGlobal }, func(c *sim.Config) {
			c.Senders[0].RemoveBounced = false
			c.Accounts[0].Suppression = 0
			c.Rules.Rep.MinBounces = 1 << 40 // nobody is reviewed
			c.Rules.Global.StrikeMemory = 14 * day
		}},
		{"bounces of addresses that exist", func(r result) int64 { return r.HardBounced }, func(c *sim.Config) {
			c.Audiences[0].HardBounce = 4 * unit.Percent // in the end of nearly all addresses
			c.Rules.Delay.AsyncShare = 50 * unit.Percent
		}},
		{"mailboxes that stay full", func(r result) int64 { return r.SoftBounced }, func(c *sim.Config) {
			c.Audiences[0].MailboxFull, c.Audiences[0].FullFor = 5*unit.Percent, 0
		}},
		{"over the quota", func(r result) int64 { return r.Refused[ses.RefusedQuota] }, func(c *sim.Config) {
			c.Accounts[0].Quota = 900
		}},
		{"over the rate", func(r result) int64 { return r.Refused[ses.RefusedRate] }, func(c *sim.Config) {
			c.Accounts[0].Rate, c.Accounts[0].Quota, c.Horizon = 1, -1, 8*time.Hour
			c.Senders[0].Traffic.Rate = unit.Rate{N: 3, Per: time.Second}
		}},
		{"over rate and quota", func(r result) int64 { return min(r.Refused[ses.RefusedQuota], r.Refused[ses.RefusedRate]) }, func(c *sim.Config) {
			c.Accounts[0].Rate, c.Accounts[0].Quota, c.Horizon = 1, 8_000, 30*time.Hour
			c.Senders[0].Traffic.Rate = unit.Rate{N: 1, Per: time.Second}
		}},
		{"in debt", func(r result) int64 { return r.Refused[ses.RefusedRate] }, func(c *sim.Config) {
			c.Accounts[0].Rate, c.Accounts[0].Quota, c.Horizon = 2, -1, day
			c.Senders[0].Recipients = 7
			c.Senders[0].Traffic.Rate = unit.Rate{N: 20_000, Per: day}
		}},
		{"a purchased list", func(r result) int64 { return r.Refused[ses.RefusedPaused] }, func(c *sim.Config) {
			c.Audiences[0].Size, c.Audiences[0].Invalid = 50_000, 30*unit.Percent
		}},
		{"an old list", func(r result) int64 { return int64(r.Enforcement) }, func(c *sim.Config) {
			c.Audiences[0].Size, c.Audiences[0].Invalid = 50_000, 7*unit.Percent
			c.Senders[0].Pick = sim.Sequential
		}},
		{"more mail in a day than in the volume", func(r result) int64 { return int64(r.Enforcement) }, func(c *sim.Config) {
			c.Rules.Rep.WindowDays = 2
			c.Accounts[0].Quota, c.Horizon = 50_000, 5*day
			c.Senders[0].Traffic.Rate = unit.Rate{N: 20_000, Per: day}
			c.Audiences[0].Size, c.Audiences[0].Invalid = 50_000, 7*unit.Percent
			c.Senders[0].Pick = sim.Sequential
		}},
		{"complaints", func(r result) int64 { return int64(r.Enforcement) }, func(c *sim.Config) {
			c.Audiences[0].Size, c.Audiences[0].Complaint = 50_000, unit.Percent
		}},
		{"fifty senders", func(r result) int64 { return min(r.Removed, r.SuppressedGlobal) }, func(c *sim.Config) {
			c.Accounts[0].Suppression = 0
			c.Rules.Rep.MinBounces = 1 << 40
			many(c, 50)
		}},
		{"senders at the same moments", func(r result) int64 { return min(r.Refused[ses.RefusedRate], r.Removed) }, func(c *sim.Config) {
			c.Accounts[0].Rate, c.Horizon = 1, 5*day
			c.Senders[0].Traffic = sim.Traffic{Kind: sim.Constant, Rate: unit.Rate{N: 2_000, Per: day}}
			many(c, 20)
		}},
		{"nobody is left", func(r result) int64 { return r.Removed }, func(c *sim.Config) {
			c.Audiences[0].Size, c.Audiences[0].Invalid = 20, unit.Whole
			c.Senders[0].Recipients = 3
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for seed := uint64(1); seed <= 3; seed++ {
				got, want := both(t, plain(t, seed, c.change))
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("seed %d: reference (-) and engine.Run (+):\n%s", seed, diff)
				}
				if c.shows(want) == 0 {
					t.Errorf("seed %d: the scenario does not show what it is about: %+v", seed, want)
				}
			}
		})
	}
}

// many makes so many senders of the one, which share its mail.
func many(c *sim.Config, n int64) {
	one := c.Senders[0]
	c.Senders = nil
	for i := range n {
		s := one
		s.Name = fmt.Sprintf("news-%d", i)
		s.Traffic.Rate.Per = one.Traffic.Rate.Per * time.Duration(n) / 2
		c.Senders = append(c.Senders, s)
	}
}

// both runs a scenario in package engine and in the reference.
func both(t *testing.T, cfg *sim.Config) (got, want reference.Result) {
	t.Helper()
	r, err := engine.Run(*cfg, sim.Hooks{})
	if err != nil {
		t.Fatal(err)
	}
	s, err := reference.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	a, removed := &r.Accounts[0], int64(0)
	for i := range r.Senders {
		removed += r.Senders[i].Removed
	}
	a.SentAfterBounce = 0 // the reference does not count it
	return reference.Result{
		Counts: a.Counts, Enforcement: a.Enforcement, ListAdded: a.ListAdded, GlobalAdded: r.Global.Added, Removed: removed,
	}, s.Run()
}

func TestRefusesOtherShapes(t *testing.T) {
	for name, change := range map[string]func(*sim.Config){
		"sandbox":        func(c *sim.Config) { c.Accounts[0].Access = ses.Sandbox },
		"no sender":      func(c *sim.Config) { c.Senders = nil },
		"two audiences":  func(c *sim.Config) { c.Audiences = append(c.Audiences, c.Audiences[0]) },
		"campaign":       func(c *sim.Config) { c.Senders[0].Traffic.Kind = sim.Campaign },
		"auto-increase":  func(c *sim.Config) { c.Rules.AutoIncrease.On = true },
		"unverified":     func(c *sim.Config) { c.Accounts[0].Identities = nil },
		"own recipients": func(c *sim.Config) { c.Audiences[0].Domain = "mail.acme.example" },
	} {
		if _, err := reference.New(plain(t, 1, change)); !errors.Is(err, reference.ErrShape) {
			t.Errorf("%s: the error is %v, want one that wraps ErrShape", name, err)
		}
	}
}
