package twin_test

import (
	"maps"
	"slices"
	"testing"
	"time"

	"sesim/sim"
	"sesim/sim/client"
	"sesim/sim/engine"
	"sesim/sim/internal/simtest"
	"sesim/sim/unit"
)

// clients is about programs that call for their senders' messages, on accounts that refuse
// some of the calls.
func clients(s simtest.Source, cfg *sim.Config) {
	if chance(s, "traffic", 60) {
		traffic(s, cfg)
	}
	simtest.WithClients(s, cfg)
	if chance(s, "slow campaigns", 40) {
		slowCampaigns(s, cfg)
	}
}

// slowCampaigns lets campaigns that are due as a whole overlap: lists become shorter and
// longer while clients call for them.
func slowCampaigns(s simtest.Source, cfg *sim.Config) {
	mild(s, cfg, 60, 10, 10)
	for i := range cfg.Senders {
		if x := &cfg.Senders[i]; x.Traffic.Whole {
			x.RemoveBounced, x.Traffic.Every = true, cfg.Horizon/8
			to := &cfg.Audiences[x.Audience]
			if to.Growth.Grows() {
				to.Growth = sim.Growth{Rate: unit.Rate{N: 1, Per: time.Hour}, Limit: to.Size + 10}
			}
			interval := cfg.Horizon / time.Duration(2*to.Size)
			cfg.Clients[x.Client-1].Limiters = []client.Limiter{{
				Name: "slow", N: client.Count{N: 1}, Per: max(interval, time.Second), Burst: client.Count{N: 1}, Retries: true,
			}}
		}
	}
}

// TestClientsMeetAll draws scenarios until clients have retried, lost messages for every
// reason, had messages waiting at the end, and called for campaigns that were due whole:
// else their theme would agree on little.
func TestClientsMeetAll(t *testing.T) {
	missing := map[string]bool{
		"a retry": true, "messages that wait": true, "a whole campaign": true, "a shared client": true, "a closed session": true, "lost: attempts": true,
		"lost: refused": true, "lost: dropped": true, "lost: waited": true, "lost: stopped": true,
	}
	theme := themes[slices.IndexFunc(themes, func(t theme) bool { return t.name == "clients" })]
	for seed := range uint64(2000) {
		cfg := theme.draw(newSeeded(seed))
		res, err := engine.Run(cfg, sim.Hooks{})
		if err != nil {
			t.Fatal(err)
		}
		for i := range cfg.Senders {
			if calls := res.Senders[i].Calls; calls != nil {
				maps.DeleteFunc(missing, func(what string, _ bool) bool { return met(&cfg, i, calls)[what] })
			}
		}
		if len(missing) == 0 {
			return
		}
	}
	t.Errorf("2000 scenarios do not meet %v", slices.Sorted(maps.Keys(missing)))
}

// met returns what the client of a sender has met.
func met(cfg *sim.Config, sender int, calls *sim.ClientCalls) map[string]bool {
	s := &cfg.Senders[sender]
	lost := func(why client.Reason) bool { return calls.GivenUp[why] > 0 }
	return map[string]bool{
		"a retry":            len(calls.Attempts) > 1 && calls.Attempts[1] > 0,
		"messages that wait": calls.Waiting > 0,
		"a closed session":   calls.Closed > 0,
		"a whole campaign":   s.Traffic.Whole && calls.Accepted > 1,
		"a shared client": calls.Accepted > 0 && slices.ContainsFunc(cfg.Senders, func(o sim.Sender) bool {
			return o.Client == s.Client && o.Name != s.Name
		}),
		"lost: attempts": lost(client.Attempts), "lost: refused": lost(client.Refused), "lost: dropped": lost(client.Dropped),
		"lost: waited": lost(client.Waited), "lost: stopped": lost(client.Stopped),
	}
}
