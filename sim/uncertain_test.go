package sim_test

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sesim/sim"
	"sesim/sim/fixed"
	"sesim/sim/unit"
)

const one = fixed.ParameterOne

// uncertain is a Config with one audience and one sender.
func uncertain(list ...sim.Uncertain) sim.Config {
	return sim.Config{
		Seed: 1, Horizon: 30 * unit.Day,
		Audiences: []sim.Audience{{Name: "people", Size: 100}},
		Senders:   []sim.Sender{{Name: "news"}},
		Uncertain: list,
	}
}

// TestDrawMeans draws from each distribution under many seeds: the mean is the one that
// a single run has, within five standard errors.
func TestDrawMeans(t *testing.T) {
	share := func(c *sim.Config) float64 { return c.Audiences[0].Invalid.Float() }
	rate := func(c *sim.Config) float64 { return c.Senders[0].Traffic.Rate.PerSecond() }
	for _, c := range []struct {
		name string
		of   sim.Uncertain
		is   func(*sim.Config) float64
		mean float64
	}{
		{"beta", sim.Uncertain{Distribution: sim.NewDistribution(sim.Beta, 1_370_000, 44_900_000)}, share, 1.37 / 46.27},
		{"gamma", sim.Uncertain{Distribution: sim.NewDistribution(sim.Gamma, 24_500_000, 38_141*one)}, share, 24.5 / 38_141},
		// E min(X, 1) of an exponential X with mean 1/1.1 is (1-exp(-1.1))/1.1.
		{"gamma cut at the whole", sim.Uncertain{Distribution: sim.NewDistribution(sim.Gamma, one, 1_100_000)}, share, (1 - math.Exp(-1.1)) / 1.1},
		{"between", sim.Uncertain{Distribution: sim.NewDistribution(sim.Between, uint64(unit.Percent), uint64(3*unit.Percent))}, share, 0.02},
		{"rate, gamma", sim.Uncertain{Of: sim.TrafficRate, Per: time.Hour, Distribution: sim.NewDistribution(sim.Gamma, 60*one, one)}, rate, 60.0 / 3600},
		{"rate, between", sim.Uncertain{Of: sim.Pace, Per: time.Second, Distribution: sim.NewDistribution(sim.Between, 5000, 10_000)}, rate, 7.5},
		{"rate, with more mail", sim.Uncertain{
			Of: sim.TrafficRate, Per: 7 * unit.Day, Times: unit.Whole * 3 / 2, Distribution: sim.NewDistribution(sim.Between, 1000, 3000),
		}, rate, 3.0 / (7 * 86_400)},
	} {
		cfg := uncertain(c.of)
		var sum, squares float64
		const n = 20_000
		for seed := range uint64(n) {
			cfg.Seed = seed
			drawn := cfg.Draw()
			x := c.is(&drawn)
			sum += x
			squares += x * x
		}
		mean := sum / n
		if deviation := math.Sqrt(squares/n-mean*mean) / math.Sqrt(n); math.Abs(mean-c.mean) > 5*deviation {
			t.Errorf("%s: the mean of draws is %g, want %g ± %g", c.name, mean, c.mean, deviation)
		}
		told := c.of.MeanShare().Float()
		if c.of.Of.IsRate() {
			told = c.of.MeanRate().PerSecond()
		}
		if math.Abs(told-c.mean) > 1e-3*c.mean {
			t.Errorf("%s: a single run has %g, want %g", c.name, told, c.mean)
		}
	}
}

// TestDrawDependsOn shows what a draw depends on: the seed, the name, and the key.
func TestDrawDependsOn(t *testing.T) {
	d := sim.NewDistribution(sim.Beta, one, one)
	base := uncertain(sim.Uncertain{Distribution: d}, sim.Uncertain{Of: sim.FeedbackLoop, Distribution: d})
	drawn := base.Draw()
	again, alone := base.Draw(), uncertain(base.Uncertain[1])
	if diff := cmp.Diff(drawn, again); diff != "" {
		t.Errorf("the same draw differs:\n%s", diff)
	}
	if second := drawn.Draw(); !cmp.Equal(second, drawn) {
		t.Error("what is drawn already is drawn otherwise")
	}
	is := alone.Draw()
	if is.Audiences[0].FeedbackLoop != drawn.Audiences[0].FeedbackLoop {
		t.Error("a draw depends on what else is uncertain")
	}
	if drawn.Audiences[0].FeedbackLoop == drawn.Audiences[0].Invalid {
		t.Error("two keys have the same draw")
	}
	if base.Audiences[0].Invalid != 0 || !drawn.Drawn || base.Drawn {
		t.Error("drawing changes the Config that it draws for")
	}
	base.Audiences[0].Name = "others"
	if other := base.Draw(); other.Audiences[0].Invalid == drawn.Audiences[0].Invalid {
		t.Error("two audiences have the same draw")
	}
}

// TestDrawLimits draws from distributions that reach far: nothing leaves its range.
func TestDrawLimits(t *testing.T) {
	list := []sim.Uncertain{
		{Of: sim.Invalid, Distribution: sim.NewDistribution(sim.Gamma, one/100, one/50)},
		{Of: sim.Churn, Per: unit.Day, Distribution: sim.NewDistribution(sim.Beta, one, one/100)},
		{Of: sim.TrafficRate, Per: time.Second, Distribution: sim.NewDistribution(sim.Gamma, one/100, fixed.LeastParameter)},
	}
	cfg := uncertain(list...)
	whole, loss, slow := false, false, false
	for seed := range uint64(3000) {
		cfg.Seed = seed
		d := cfg.Draw()
		a, r := &d.Audiences[0], d.Senders[0].Traffic.Rate
		if a.Invalid < 0 || a.Invalid > unit.Whole || a.Churn > sim.MaxLoss || r.N < 1 || r.PerSecond() > sim.MaxRate {
			t.Fatalf("seed %d: invalid %v, churn %v, rate %v", seed, a.Invalid, a.Churn, r)
		}
		whole, loss, slow = whole || a.Invalid == unit.Whole, loss || a.Churn == sim.MaxLoss, slow || r == unit.Rate{N: 1, Per: 1000 * time.Second}
	}
	if !whole || !loss || !slow {
		t.Errorf("no limit is reached: %v, %v, %v", whole, loss, slow)
	}
}
