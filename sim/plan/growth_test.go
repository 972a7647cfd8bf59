package plan

import (
	"testing"

	"sesim/sim"
	"sesim/sim/unit"
)

// only is a scenario that has no candidates but itself.
type only struct{ cfg sim.Config }

// Candidate implements Candidates.
func (o *only) Candidate([]int64) (*sim.Config, error) { return &o.cfg, nil }

// Mail that grows does so from what a replication draws.
func TestGrowthOfDrawnRates(t *testing.T) {
	rate := unit.Rate{N: 60, Per: unit.Day}
	of := &only{sim.Config{
		Seed: 1, Audiences: []sim.Audience{{Name: "people", Size: 10}}, Senders: []sim.Sender{{Name: "news", Traffic: sim.Traffic{Rate: rate}}},
		Uncertain: []sim.Uncertain{{Of: sim.TrafficRate, Per: unit.Day, Distribution: sim.NewDistribution(sim.Between, 30_000, 90_000)}},
	}}
	cfg, err := grown{of, unit.Whole * 3 / 2}.Candidate(nil)
	if err != nil {
		t.Fatal(err)
	}
	drawn, more := of.cfg.Draw(), cfg.Draw()
	for what, pair := range map[string][2]unit.Rate{
		"the mean": {rate, cfg.Senders[0].Traffic.Rate}, "what is drawn": {drawn.Senders[0].Traffic.Rate, more.Senders[0].Traffic.Rate},
	} {
		if ratio := pair[1].PerSecond() / pair[0].PerSecond(); ratio < 1.4999 || ratio > 1.5001 {
			t.Errorf("%s grows by the factor %g, want 1.5", what, ratio)
		}
	}
	if of.cfg.Uncertain[0].Times != 0 {
		t.Error("the scenario itself has changed")
	}
}
