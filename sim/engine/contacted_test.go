package engine_test

import (
	"testing"
	"time"

	"sesim/sim"
	"sesim/sim/engine"
	"sesim/sim/sender"
	"sesim/sim/unit"
)

// TestSetInvalidSparesTheContacted sends 150 messages to 100 addresses in order. After the
// first 30, all addresses that had no mail yet become invalid: 30 messages of the first pass
// and 30 of the second arrive.
func TestSetInvalidSparesTheContacted(t *testing.T) {
	cfg := traffic(t, 10, 1000, 100)
	cfg.Horizon, cfg.Accounts[0].Suppression = 200*time.Minute, 0
	cfg.Audiences[0] = sim.Audience{Name: "people", Size: 100, Domain: "people.example", Local: "p-"}
	s := &cfg.Senders[0]
	s.Pick, s.RemoveBounced, s.End = sender.Sequential, false, 150*time.Minute
	s.Traffic = sim.Traffic{Kind: sim.Constant, Rate: unit.Rate{N: 1, Per: time.Minute}}
	cfg.Actions = []sim.Action{{
		At: 29*time.Minute + 30*time.Second, Do: sim.DoSet, Change: sim.Change{Key: sim.KeyAudienceInvalid, Share: unit.Whole},
	}}
	cfg.Rules.Delay.AsyncShare = 0
	r, err := engine.Run(cfg, sim.Hooks{})
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Accounts[0].Counts; got.Recipients != 150 || got.Delivered != 60 {
		t.Errorf("%d of %d recipients have mail, want 60 of 150: %+v", got.Delivered, got.Recipients, got)
	}
}
