package simtest_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"sesim/sim"
	"sesim/sim/check"
	"sesim/sim/measure"
	"sesim/sim/rules"
	"sesim/sim/ses"
	"sesim/sim/simtest"
	"sesim/sim/unit"
)

const day = 24 * time.Hour

// run runs a scenario that must be valid.
func run(t *rapid.T, cfg sim.Config, hooks sim.Hooks) *sim.Result {
	t.Helper()
	res, err := sim.Run(cfg, hooks)
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
	rapid.Check(t, func(t *rapid.T) {
		cfg := simtest.Config(draws{t})
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
	rapid.Check(t, func(t *rapid.T) {
		cfg := simtest.Config(draws{t})
		ticks := draws{t}.Int("ticks", 0, 50)
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

// TestRepeatable runs the same scenario twice, and once with another epoch:
// all three must give the same Result and the same records.
func TestRepeatable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cfg := simtest.Config(draws{t})
		first, firstRecords := taped(t, cfg)
		second, secondRecords := taped(t, cfg)
		same(t, "two runs", first, second, &cfg)
		same(t, "the records of two runs", firstRecords, secondRecords, &cfg)
		cfg.Start = cfg.Start.Add(1000*day + 7*time.Nanosecond)
		shifted, shiftedRecords := taped(t, cfg)
		same(t, "runs with two epochs", first, shifted, &cfg)
		same(t, "the records with two epochs", firstRecords, shiftedRecords, &cfg)
	})
}

// probe is a probe that measures nothing.
type probe struct{ started, stopped int }

func (p *probe) Start() { p.started++ }
func (p *probe) Stop()  { p.stopped++ }

// TestHooksChangeNothing compares a run that nobody watches with one that has
// all hooks.
func TestHooksChangeNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cfg := simtest.Config(draws{t})
		alone := run(t, cfg, sim.Hooks{})
		p, last := &probe{}, time.Duration(-1)
		watched := run(t, cfg, sim.Hooks{Observer: &simtest.Tape{}, Probe: p, Tick: func(progress sim.Progress) bool {
			if progress.Now < last || progress.Horizon != cfg.Horizon || len(progress.States) != len(cfg.Accounts) {
				t.Fatalf("progress %+v after %v\n%s", progress, last, simtest.Page(&cfg))
			}
			last = progress.Now
			return true
		}})
		same(t, "a run and one with hooks", alone, watched, &cfg)
		if p.started != p.stopped || last != cfg.Horizon {
			t.Fatalf("the probe was started %d times and stopped %d times; the last tick came at %v\n%s", p.started, p.stopped, last, simtest.Page(&cfg))
		}
	})
}

// TestStrangersChangeNothing adds an account, an audience and a sender that
// share nothing with the others: whatever it does, the others' results and
// records stay what they were. That needs common random numbers.
func TestStrangersChangeNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cfg := simtest.Config(draws{t})
		before, beforeRecords := taped(t, cfg)
		with := cfg
		with.Accounts = append(cfg.Accounts[:len(cfg.Accounts):len(cfg.Accounts)], sim.Account{
			Name: "stranger", Region: "us-east-1", Access: ses.Production, Quota: -1, Rate: 1000, Identities: []string{"stranger.example"}, Suppression: ses.ListBounce,
		})
		with.Audiences = append(cfg.Audiences[:len(cfg.Audiences):len(cfg.Audiences)], sim.Audience{
			Name: "strangers", Size: 50, Domain: "strangers.example", Local: "s-", Invalid: unit.Whole / 5, Complaint: unit.Whole / 5, FeedbackLoop: unit.Whole, Decay: unit.Whole / 2, DecayPer: day,
		})
		with.Senders = append(cfg.Senders[:len(cfg.Senders):len(cfg.Senders)], sim.Sender{
			Name: "stranger-mail", Account: len(cfg.Accounts), From: "a@stranger.example", Audience: len(cfg.Audiences), Recipients: 3,
			Traffic: sim.Traffic{Kind: sim.Poisson, Rate: unit.Rate{N: 400, Per: cfg.Horizon}}, Pick: sim.Uniform, RemoveBounced: true,
		})
		after, afterRecords := taped(t, with)
		n := len(cfg.Accounts)
		same(t, "the accounts with and without a stranger", before.Accounts, after.Accounts[:n], &cfg)
		same(t, "the senders with and without a stranger", before.Senders, after.Senders[:len(cfg.Senders)], &cfg)
		var others []sim.Record
		for _, r := range afterRecords {
			if r.Account < n {
				others = append(others, r)
			}
		}
		same(t, "the records with and without a stranger", beforeRecords, others, &cfg)
	})
}

// TestLargerQuotaAcceptsNoLess compares two quotas. It holds where every call
// has as many recipients as the next, the rate does not matter, nobody
// retries, hygiene is off and the reputation has no say: otherwise a call that
// the larger quota lets pass can cost a later one.
func TestLargerQuotaAcceptsNoLess(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := draws{t}
		cfg := simtest.Config(d)
		set, err := rules.Edition("current")
		if err != nil {
			t.Fatal(err)
		}
		set.Quota.MustFit = d.Int("all must fit", 0, 1) == 1
		set.AutoIncrease.On = false
		set.Rep.MinBounces, set.Rep.MinComplaints = 1<<40, 1<<40 // no rate ever decides
		cfg.Rules, cfg.Actions = set, nil
		for i := range cfg.Accounts {
			a := &cfg.Accounts[i]
			a.Requests, a.Rate = nil, 1_000_000
			a.Quota = d.Int("quota", 0, 300)
		}
		for i := range cfg.Senders {
			s := &cfg.Senders[i]
			s.Recipients, s.Retry, s.RemoveBounced, s.RemoveComplained = 1, sim.Retry{}, false, false
		}
		less := run(t, cfg, sim.Hooks{})
		for i := range cfg.Accounts {
			cfg.Accounts[i].Quota += d.Int("more quota", 0, 300)
		}
		more := run(t, cfg, sim.Hooks{})
		for i := range less.Accounts {
			if less.Accounts[i].Accepted > more.Accounts[i].Accepted {
				t.Fatalf("account %s accepts %d with the smaller quota and %d with the larger\n%s",
					cfg.Accounts[i].Name, less.Accounts[i].Accepted, more.Accounts[i].Accepted, simtest.Page(&cfg))
			}
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
	res, err := sim.Run(cfg, sim.Hooks{Observer: checker, Tick: func(p sim.Progress) bool {
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
