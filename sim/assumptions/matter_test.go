package assumptions_test

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"sesim/sim"
	"sesim/sim/assumptions"
	"sesim/sim/client"
	"sesim/sim/engine"
	"sesim/sim/internal/simtest"
	"sesim/sim/measure"
	"sesim/sim/proptest"
	"sesim/sim/rules"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

func init() { proptest.Checks(40) } // each runs its scenario some hundred times

// undocumented returns the parameters that can be varied.
func undocumented() []*rules.Parameter {
	var list []*rules.Parameter
	for i := range rules.Parameters() {
		if p := &rules.Parameters()[i]; !p.Plausible.None() {
			list = append(list, p)
		}
	}
	return list
}

// figures runs a scenario. How many events the engine handled is no figure of it, and
// what a decision read explains it: with another burst, a refusal for another reason may
// not have had to look at the bucket.
func figures(t rapid.TB, cfg *sim.Config) *sim.Result {
	t.Helper()
	r, err := engine.Run(*cfg, sim.Hooks{Workers: 1})
	if err != nil {
		t.Fatalf("the scenario is not valid: %v\n%s", err, simtest.Page(cfg))
	}
	r.Events = 0
	for i := range r.Accounts {
		for k := range r.Accounts[i].Timeline {
			r.Accounts[i].Timeline[k].Reads = rules.Reads{}
		}
		for k := range r.Accounts[i].Refusals {
			r.Accounts[i].Refusals[k].Reads = rules.Reads{}
		}
	}
	return r
}

// difference shows how figures differ.
func difference(own, changed *sim.Result) string {
	contents := cmp.Transformer("Contents", func(h measure.Histogram) measure.Contents { return h.Contents() })
	return cmp.Diff(own, changed, contents, cmpopts.EquateNaNs())
}

// TestDifferenceOfHistograms shows a difference that is in a distribution only.
func TestDifferenceOfHistograms(t *testing.T) {
	var own, changed measure.Histogram
	for h, d := range map[*measure.Histogram]time.Duration{&own: time.Second, &changed: time.Minute} {
		if err := h.Record(d, 3); err != nil {
			t.Fatal(err)
		}
	}
	results := func(h *measure.Histogram) *sim.Result { return &sim.Result{Accounts: []sim.AccountResult{{Delay: h}}} }
	if d := difference(results(&own), results(&changed)); !strings.Contains(d, "Contents") {
		t.Errorf("the difference is shown as %q", d)
	}
	if d := difference(results(&own), results(&own)); d != "" {
		t.Errorf("between the same figures is the difference %s", d)
	}
}

// with returns a scenario with another value of a parameter.
func with(t rapid.TB, cfg sim.Config, p *rules.Parameter, v rules.Value) *sim.Config {
	t.Helper()
	if err := p.Apply(&cfg.Rules, v); err != nil {
		t.Fatalf("%s = %s: %v", p.Name, v.Text, err)
	}
	return &cfg
}

// TestWhatCannotMatter gives each parameter of random scenarios that cannot matter each
// of its plausible values: nothing may change. Most parameters cannot matter in most of
// these scenarios, otherwise the answer would be of no use.
func TestWhatCannotMatter(t *testing.T) {
	pairs, cannot := 0, 0
	proptest.Check(t, func(t *rapid.T) {
		d := proptest.Draws{T: t}
		cfg := simtest.Config(d)
		if d.Int("with clients", 0, 2) == 2 {
			simtest.WithClients(d, &cfg)
		}
		own := figures(t, &cfg)
		can := assumptions.CanMatter(&cfg, own)
		for _, p := range undocumented() {
			pairs++
			if slices.Contains(can, p.Name) {
				continue
			}
			cannot++
			for _, v := range p.Plausible.Values(5) {
				if r := figures(t, with(t, cfg, p, v)); !reflect.DeepEqual(own, r) {
					t.Fatalf("%s = %s instead of %s changes figures (-own +changed):\n%s\n%s", p.Name, v.Text, p.Get(&cfg.Rules),
						difference(own, r), simtest.Page(&cfg))
				}
			}
		}
	})
	share := 100 * float64(cannot) / float64(pairs)
	t.Logf("%d of %d pairs of a parameter and a scenario cannot matter: %.0f %%", cannot, pairs, share)
	if share < 40 {
		t.Errorf("only %.0f %% of the pairs of a parameter and a scenario cannot matter", share)
	}
}

// seeded draws from a generator that begins with a seed.
type seeded struct{ *rand.Rand }

func (s seeded) Int(_ string, least, most int64) int64 { return least + s.Int64N(most-least+1) }

// TestEveryParameterHasACondition is about the table: one without a condition could
// never matter.
func TestEveryParameterHasACondition(t *testing.T) {
	for _, p := range rules.Parameters() {
		if (assumptions.Conditions[p.Name] == nil) != p.Plausible.None() {
			t.Errorf("%s is %s: a condition belongs to each parameter that is not documented, and to no other", p.Name, p.Standing)
		}
	}
	if got, want := len(assumptions.Conditions), len(undocumented()); got != want {
		t.Errorf("there are %d conditions, want %d", got, want)
	}
}

// TestWhatMatters finds for each parameter a scenario in which it can matter and does:
// without its condition, TestWhatCannotMatter would fail.
func TestWhatMatters(t *testing.T) {
	left := undocumented()
	try := func(cfg *sim.Config) {
		own := figures(t, cfg)
		can := assumptions.CanMatter(cfg, own)
		left = slices.DeleteFunc(left, func(p *rules.Parameter) bool {
			return slices.Contains(can, p.Name) && slices.ContainsFunc(p.Plausible.Values(5), func(v rules.Value) bool {
				return !reflect.DeepEqual(own, figures(t, with(t, *cfg, p, v)))
			})
		})
	}
	// What is drawn has too little mail for some, and too few reviews.
	for _, invalid := range []unit.Share{2 * unit.Percent, 8 * unit.Percent} {
		cfg := list(t, 30_000, invalid, 40*day)
		cfg.Accounts[0].Quota = 2_000
		cfg.Senders[0].Traffic = sim.Traffic{Kind: sim.Constant, Rate: unit.Rate{N: 1_700, Per: day}}
		for _, after := range []time.Duration{time.Hour, -1} {
			cfg.Actions = nil
			for _, at := range []time.Duration{5 * day, 10 * day} {
				cfg.Actions = append(cfg.Actions, sim.Action{Do: sim.DoAppeal, At: at, After: after, Accepted: true})
			}
			try(cfg)
		}
	}
	mailer := list(t, 300, 0, day)
	mailer.Clients = []sim.Client{{Name: "mailer", Config: client.Default()}}
	mailer.Clients[0].Connection.Setup = time.Second
	mailer.Senders[0].Client, mailer.Senders[0].Interface = 1, ses.SMTP
	mailer.Senders[0].Traffic.Rate.Per = time.Minute
	try(mailer)
	for seed := uint64(0); len(left) > 0 && seed < 500; seed++ {
		cfg := simtest.Config(seeded{rand.New(rand.NewPCG(seed, 0))})
		try(&cfg)
	}
	for _, p := range left {
		t.Errorf("%s matters in none of the scenarios", p.Name)
	}
}
