package twin_test

import (
	"testing"

	"pgregory.net/rapid"

	"sesim/sim"
	"sesim/sim/simtest"
	"sesim/sim/twin"
	"sesim/sim/unit"
	"time"
)

type draws struct{ t *rapid.T }

var bits = rapid.SliceOfN(rapid.Bool(), 16, 16)

const few = 1 << 10

func (d draws) Int(name string, least, most int64) int64 {
	if most-least >= few {
		return rapid.Int64Range(least, most).Draw(d.t, name)
	}
	u := int64(0)
	for _, bit := range bits.Draw(d.t, name) {
		u <<= 1
		if bit {
			u++
		}
	}
	return least + u%(most-least+1)
}

func TestTwin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cfg := simtest.Config(draws{t})
		bound(&cfg)
		diff, err := twin.Diff(cfg)
		if err != nil {
			t.Fatal(err)
		}
		if diff != "" {
			t.Fatalf("%s\n%s", diff, simtest.Page(&cfg))
		}
	})
}

// bound slows a scenario's senders down to a few hundred messages in all.
func bound(cfg *sim.Config) {
	if cfg.Horizon > 5*24*time.Hour {
		cfg.Rules.Rep.EvalInterval = max(cfg.Rules.Rep.EvalInterval, time.Hour)
	}
	seen := map[string]bool{}
	for i := range cfg.Audiences {
		for n, a := range cfg.Audiences[i].Addresses {
			for seen[cfg.Audiences[i].Addresses[n]] {
				cfg.Audiences[i].Addresses = append([]string(nil), cfg.Audiences[i].Addresses...)
				cfg.Audiences[i].Addresses[n] = "x" + a
				a = "x" + a
			}
			seen[a] = true
		}
	}
	most := int64(200 / len(cfg.Senders))
	for i := range cfg.Senders {
		s := &cfg.Senders[i]
		t := &s.Traffic
		if t.Kind == sim.Recorded {
			continue
		}
		size := cfg.Audiences[s.Audience].Size
		if t.Kind == sim.Campaign {
			pass := (size + int64(s.Recipients) - 1) / int64(s.Recipients)
			if passes := max(1, most/pass); t.Every > 0 {
				t.Every = max(t.Every, (cfg.Horizon/time.Duration(passes)).Truncate(time.Second)+time.Second)
			}
			continue
		}
		t.Rate = slow(t.Rate, cfg.Horizon, most)
	}
	for i := range cfg.Actions {
		c := &cfg.Actions[i].Change
		if cfg.Actions[i].Do == sim.DoSet && c.Key == sim.KeySenderRate && cfg.Senders[c.Index].Traffic.Kind != sim.Campaign {
			c.Rate = slow(c.Rate, cfg.Horizon, most)
		}
	}
}

// slow returns a rate of at most so many messages within the horizon.
func slow(rate unit.Rate, horizon time.Duration, most int64) unit.Rate {
	if rate.At(most) >= horizon {
		return rate
	}
	for _, per := range []time.Duration{time.Second, time.Minute, time.Hour, 24 * time.Hour} {
		if n := most / int64(horizon/per+1); n > 0 {
			return unit.Rate{N: n, Per: per}
		}
	}
	return unit.Rate{N: 1, Per: 7 * 24 * time.Hour}
}
