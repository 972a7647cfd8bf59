package simtest_test

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sesim/sim"
	"sesim/sim/client"
	"sesim/sim/internal/simtest"
	"sesim/sim/proptest"
	"sesim/sim/rules"
)

// mostCalls bounds what a drawn scenario costs to run.
const mostCalls = 40_000

// TestConfigIsSmallAndValid draws scenarios: each must run, and quickly.
func TestConfigIsSmallAndValid(t *testing.T) {
	proptest.Check(t, func(t *rapid.T) {
		cfg := simtest.Config(proptest.Draws{T: t})
		if res := run(t, cfg, sim.Hooks{}); res.Admissions > mostCalls {
			t.Fatalf("%d calls, more than %d\n%s", res.Admissions, mostCalls, simtest.Page(&cfg))
		}
	})
}

// seeded draws from a generator that begins with a seed.
type seeded struct{ *rand.Rand }

func (s seeded) Int(_ string, least, most int64) int64 { return least + s.Int64N(most-least+1) }

// TestEveryFieldIsDrawn draws scenarios until each field of a Config has been
// something else than its zero value: a new field must be drawn too. What the
// rules hold is TestParameters's.
func TestEveryFieldIsDrawn(t *testing.T) {
	drawn := map[string]bool{}
	for seed := range uint64(1000) {
		cfg := simtest.Config(seeded{rand.New(rand.NewPCG(seed, 0))})
		simtest.WithClients(seeded{rand.New(rand.NewPCG(seed, 1))}, &cfg)
		cfg.Rules = rules.Set{}
		mark(drawn, "Config", reflect.ValueOf(cfg))
	}
	// Thresholds and figures judge a run and do not change it, as what is asked for; a trace that is
	// drawn comes from no file. What is drawn leaves nothing to be filled in.
	kept := []string{
		"Config.Rules", "Config.Thresholds", "Config.Figures", "Config.Asked", "Config.Filled", "Config.Senders.Traffic.File",
		"Config.Audiences.Seen", "Config.Actions.Change.After", // of sessions
		"Config.Draws", "Config.Uncertain.Times", "Config.Uncertain.Limit", // of replications, of plans, and of growth, which is not drawn
	}
	for path, yes := range drawn {
		if !yes && !slices.ContainsFunc(kept, func(k string) bool { return path == k || strings.HasPrefix(path, k+".") }) {
			t.Errorf("%s is never drawn", path)
		}
	}
}

// mark notes which fields of a value are set, and which have ever been.
func mark(drawn map[string]bool, path string, v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		if path := v.Type().PkgPath(); path != reflect.TypeFor[sim.Config]().PkgPath() && path != reflect.TypeFor[client.Config]().PkgPath() {
			return // no part of a Config
		}
		for i := range v.NumField() {
			name := path + "." + v.Type().Field(i).Name
			drawn[name] = drawn[name] || !v.Field(i).IsZero()
			mark(drawn, name, v.Field(i))
		}
	case reflect.Slice:
		for i := range v.Len() {
			mark(drawn, path, v.Index(i))
		}
	}
}
