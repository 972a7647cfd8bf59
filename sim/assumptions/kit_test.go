package assumptions_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"sesim/sim"
	"sesim/sim/assumptions"
	"sesim/sim/criteria"
	"sesim/sim/engine"
	"sesim/sim/rules"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

const day = unit.Day

// list is an account that sends a campaign, in an hour, to people of whom a share
// does not exist.
func list(t testing.TB, size int64, invalid unit.Share, horizon time.Duration, thresholds ...string) *sim.Config {
	t.Helper()
	set, err := rules.Edition("current")
	if err != nil {
		t.Fatal(err)
	}
	set.Delay.AsyncShare = 0
	cfg := &sim.Config{
		Name: "list", Horizon: horizon, Seed: 1, Rules: set,
		Accounts: []sim.Account{{
			Name: "acme", Region: "us-east-1", Access: ses.Production, Quota: 50_000, Rate: 100, Identities: []string{"acme.example"},
		}},
		Audiences: []sim.Audience{{Name: "people", Size: size, Domain: "people.example", Local: "p-", Invalid: invalid}},
		Senders: []sim.Sender{{
			Name: "mail", From: "a@acme.example", Recipients: 1,
			Traffic: sim.Traffic{Kind: sim.Campaign, Rate: unit.Rate{N: size, Per: time.Hour}},
		}},
	}
	judgedBy(t, cfg, thresholds...)
	return cfg
}

// judgedBy sets the thresholds of a scenario.
func judgedBy(t testing.TB, cfg *sim.Config, thresholds ...string) {
	t.Helper()
	for _, text := range thresholds {
		c, err := criteria.Parse(text, cfg.Metric)
		if err != nil {
			t.Fatal(err)
		}
		cfg.Thresholds = append(cfg.Thresholds, c)
	}
}

// own runs a scenario as it is.
func own(t testing.TB, cfg *sim.Config) *sim.Result {
	t.Helper()
	r, err := engine.Run(*cfg, sim.Hooks{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// study returns the study of a scenario with one replication, in which only the
// named parameters are varied; none: all.
func study(t testing.TB, cfg *sim.Config, only ...string) *assumptions.Study {
	t.Helper()
	s := assumptions.New(cfg, 0.95)
	s.Parameters = slices.DeleteFunc(s.Parameters, func(p assumptions.Parameter) bool {
		return len(only) > 0 && !slices.Contains(only, p.Name)
	})
	if err := s.AddOwn(0, own(t, cfg)); err != nil {
		t.Fatal(err)
	}
	return s
}

// tried runs a study on two workers.
func tried(t testing.TB, s *assumptions.Study, o assumptions.Options) *assumptions.Outcome {
	t.Helper()
	if o.Run == nil {
		o.Run = engine.Run
	}
	if o.Workers == 0 {
		o.Workers = 2
	}
	out, err := s.Run(o)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// turnsOf writes the turns of a study: "review.length 19.9d and below turns 0".
func turnsOf(s *assumptions.Study, out *assumptions.Outcome) []string {
	var texts []string
	for _, turn := range out.Turns {
		where := ""
		if turn.Beyond {
			where = " and above"
			if turn.Way == assumptions.Below {
				where = " and below"
			}
		}
		texts = append(texts, fmt.Sprintf("%s %s%s turns %d", s.Parameters[turn.Parameter].Name, turn.At.Text, where, turn.Threshold))
	}
	return texts
}
