package simtest_test

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"sesim/sim"
	"sesim/sim/engine"
	"sesim/sim/internal/check"
	"sesim/sim/internal/simtest"
	"sesim/sim/measure"
	"sesim/sim/proptest"
	"sesim/sim/rules"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

const day = 24 * time.Hour

func init() { proptest.Checks(40) } // each runs its scenario several times

// run runs a scenario that must be valid.
func run(t *rapid.T, cfg sim.Config, hooks sim.Hooks) *sim.Result {
	t.Helper()
	res, err := engine.Run(cfg, hooks)
	if err != nil {
		t.Fatalf("the drawn scenario is not valid: %v\n%s", err, simtest.Page(&cfg))
	}
	return res
}

// taped runs a scenario and keeps its records.
func taped(t *rapid.T, cfg sim.Config) (*sim.Result, []sim.Record) {
	t.Helper()
	var tape simtest.Tape
	return run(t, cfg, sim.Hooks{Observer: &tape}), tape.Records
}

// same fails the test where two things that must be equal differ.
func same(t *rapid.T, what string, a, b any, cfg *sim.Config) {
	t.Helper()
	if !reflect.DeepEqual(a, b) {
		t.Fatalf("%s differ: %s\n%s", what, cmp.Diff(a, b, cmp.AllowUnexported(measure.Histogram{}), cmp.Exporter(func(reflect.Type) bool { return true })), simtest.Page(cfg))
	}
}

// TestCheckersPass runs random scenarios under all checkers.
func TestCheckersPass(t *testing.T) {
	proptest.Check(t, func(t *rapid.T) {
		cfg := simtest.Config(proptest.Draws{T: t})
		checker := check.New(&cfg)
		res := run(t, cfg, sim.Hooks{Observer: checker})
		if err := checker.Finish(res); err != nil {
			t.Fatalf("%v\n%s", err, simtest.Page(&cfg))
		}
	})
}

// TestInterrupted stops random scenarios somewhere: what was recorded must be
// the beginning of the whole run's records, and the Result must fit it.
func TestInterrupted(t *testing.T) {
	proptest.Check(t, func(t *rapid.T) {
		cfg := simtest.Config(proptest.Draws{T: t})
		ticks := proptest.Draws{T: t}.Int("ticks", 0, 50)
		checker, tape := check.New(&cfg), &simtest.Tape{}
		res := run(t, cfg, sim.Hooks{Observer: simtest.Both{First: checker, Second: tape}, Tick: func(sim.Progress) bool {
			ticks--
			return ticks >= 0
		}})
		if err := checker.Finish(res); err != nil {
			t.Fatalf("%v\n%s", err, simtest.Page(&cfg))
		}
		_, whole := taped(t, cfg)
		if len(tape.Records) > len(whole) {
			t.Fatalf("%d records of the interrupted run, %d of the whole\n%s", len(tape.Records), len(whole), simtest.Page(&cfg))
		}
		if len(tape.Records) > 0 {
			same(t, "the records of an interrupted and a whole run", tape.Records, whole[:len(tape.Records)], &cfg)
		}
	})
}

// probe is a probe that measures nothing.
type probe struct{ started, stopped int }

func (p *probe) Start() { p.started++ }
func (p *probe) Stop()  { p.stopped++ }

// TestHooksChangeNothing compares a run that nobody watches with one that has
// all hooks.
func TestHooksChangeNothing(t *testing.T) {
	proptest.Check(t, func(t *rapid.T) {
		cfg := simtest.Config(proptest.Draws{T: t})
		alone := run(t, cfg, sim.Hooks{})
		p, last := &probe{}, time.Duration(-1)
		tape, stays, both := &simtest.Tape{}, &simtest.Tape{}, &simtest.Tape{}
		watched := run(t, cfg, sim.Hooks{Observer: tape, Stays: both, Probe: p, Tick: func(progress sim.Progress) bool {
			if progress.Now < last || progress.Horizon != cfg.Horizon || len(progress.States) != len(cfg.Accounts) {
				t.Fatalf("progress %+v after %v\n%s", progress, last, simtest.Page(&cfg))
			}
			last = progress.Now
			return true
		}})
		same(t, "a run and one with hooks", alone, watched, &cfg)
		same(t, "a run and one whose stays are watched", alone, run(t, cfg, sim.Hooks{Stays: stays}), &cfg)
		tape.Records = slices.DeleteFunc(tape.Records, func(r sim.Record) bool { return r.Kind != sim.ListedGlobal && r.Kind != sim.UnlistedGlobal })
		if diff := cmp.Diff(tape.Records, stays.Records, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("the observer and the watcher of stays see different ones (-observer +stays):\n%s\n%s", diff, simtest.Page(&cfg))
		}
		if diff := cmp.Diff(stays.Records, both.Records, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("stays beside an observer (-alone +beside):\n%s\n%s", diff, simtest.Page(&cfg))
		}
		if p.started != p.stopped || last != cfg.Horizon {
			t.Fatalf("the probe was started %d times and stopped %d times; the last tick came at %v\n%s", p.started, p.stopped, last, simtest.Page(&cfg))
		}
	})
}

// TestInterruptedBetweenSamples asks a run to stop in the middle of a sampling
// interval, which only long runs allow: what was delivered by the time that it
// does stop must be counted as delivered.
func TestInterruptedBetweenSamples(t *testing.T) {
	set, err := rules.Edition("current")
	if err != nil {
		t.Fatal(err)
	}
	cfg := sim.Config{
		Name: "long", Horizon: 30 * day, Seed: 1, Rules: set,
		Accounts:  []sim.Account{{Name: "acme", Region: "us-east-1", Access: ses.Production, Quota: -1, Rate: 1000, Identities: []string{"acme.example"}}},
		Audiences: []sim.Audience{{Name: "customers", Size: 1000, Domain: "customers.example", Local: "c"}},
		Senders: []sim.Sender{{
			Name: "news", From: "news@acme.example", Recipients: 1, Traffic: sim.Traffic{Rate: unit.Rate{N: 10_000, Per: day}},
		}},
	}
	checker, asked := check.New(&cfg), time.Duration(0)
	res, err := engine.Run(cfg, sim.Hooks{Observer: checker, Tick: func(p sim.Progress) bool {
		if p.Now%time.Minute != 0 { // samples come at whole minutes
			asked = p.Now
		}
		return asked == 0
	}})
	if err != nil {
		t.Fatal(err)
	}
	if asked == 0 || !res.Interrupted || res.End < asked || res.End == cfg.Horizon {
		t.Fatalf("asked to stop at %v, the run stopped at %v", asked, res.End)
	}
	if err := checker.Finish(res); err != nil {
		t.Error(err)
	}
}
