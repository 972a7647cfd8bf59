package engine_test

import (
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"sesim/sim"
	"sesim/sim/engine"
	"sesim/sim/internal/simtest"
	"sesim/sim/proptest"
)

// TestSelection compares what observers of a random selection receive, in two scenarios
// beside each other, with what is selected of all records: one observer, and one for each
// partition. The result must be that of a run without an observer.
func TestSelection(t *testing.T) {
	proptest.Check(t, func(t *rapid.T) {
		one, other := simtest.Config(proptest.Draws{T: t}), simtest.Config(proptest.Draws{T: t})
		one.Serve, other.Serve = sim.Serve{}, sim.Serve{}
		cfg := beside(one, other)
		var all simtest.Tape
		unobserved := runWith(t, cfg, sim.Hooks{})
		runWith(t, cfg, sim.Hooks{Observer: &all})
		s := sim.Selection{Kinds: sim.Kinds(rapid.Uint32().Draw(t, "kinds")), Account: rapid.IntRange(0, len(cfg.Accounts)).Draw(t, "account")}
		if rapid.Bool().Draw(t, "quiet") {
			s.Kinds &^= sim.KindsOf(sim.Sent, sim.Delivered)
		}
		if about := rapid.SampledFrom(all.Records).Draw(t, "about"); rapid.Bool().Draw(t, "address") && about.Kind != sim.Changed {
			s.Address = &about.Address
			if len(about.Recipients) > 0 {
				s.Address = &about.Recipients[0]
			}
		}
		want := keep(all.Records, func(r sim.Record) bool { return isSelected(&s, &r) })
		compare := func(got []sim.Record, want []sim.Record) int {
			got = keep(got, func(r sim.Record) bool { return r.Kind != sim.Changed || isSelected(&s, &r) }) // of others, too
			if len(want)+len(got) > 0 && !reflect.DeepEqual(want, got) {
				t.Errorf("%+v: %d records, want %d:\n%s", s, len(got), len(want), simtest.Page(&cfg))
			}
			return len(got)
		}
		var whole simtest.Tape
		observed := runWith(t, cfg, sim.Hooks{Observer: &whole, Observed: s})
		compare(whole.Records, want)
		var tapes []*simtest.Tape
		apart := runWith(t, cfg, sim.Hooks{Observed: s, ObserverOf: func(k int) sim.Observer {
			tapes = append(tapes, &simtest.Tape{})
			return tapes[k]
		}})
		left := len(want)
		for _, tape := range tapes {
			accounts := map[int]bool{}
			for i := range tape.Records {
				accounts[tape.Records[i].Account] = true
			}
			left -= compare(tape.Records, keep(want, func(r sim.Record) bool { return accounts[r.Account] }))
		}
		if changes := len(want) - len(keep(want, func(r sim.Record) bool { return r.Kind != sim.Changed })); left < 0 || left > changes {
			t.Errorf("%+v: %d records are missing of %d:\n%s", s, left, len(want), simtest.Page(&cfg))
		}
		if !reflect.DeepEqual(unobserved, observed) || !reflect.DeepEqual(unobserved, apart) {
			t.Errorf("%+v: another result:\n%s", s, simtest.Page(&cfg))
		}
	})
}

// isSelected reports whether a record is one of a selection. Changes are so if they are of
// its account, or it names neither account nor address.
func isSelected(s *sim.Selection, r *sim.Record) bool {
	switch {
	case s.Kinds != 0 && !s.Kinds.Has(r.Kind) || s.Account > 0 && s.Account-1 != r.Account:
		return false
	case s.Address == nil:
		return true
	case r.Kind == sim.Changed:
		return s.Account > 0
	case len(r.Recipients) > 0:
		return slices.Contains(r.Recipients, *s.Address)
	}
	return r.Address == *s.Address
}

func keep(list []sim.Record, is func(sim.Record) bool) []sim.Record {
	return slices.DeleteFunc(slices.Clone(list), func(r sim.Record) bool { return !is(r) })
}

func runWith(t rapid.TB, cfg sim.Config, hooks sim.Hooks) *sim.Result {
	t.Helper()
	r, err := engine.Run(cfg, hooks)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
