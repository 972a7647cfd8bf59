package simtest_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sesim/sim"
	"sesim/sim/engine"
	"sesim/sim/internal/simtest"
	"sesim/sim/measure"
	"sesim/sim/proptest"
	"sesim/sim/rules"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// This file compares runs whose scenarios differ in a way that says how their
// results must: metamorphic relations, each with the conditions under which it
// holds.

// TestRepeatable runs the same scenario twice, and once with another epoch:
// all three must give the same Result and the same records. A calendar keeps its own
// epoch here; in a scenario file another start gives the same run only if it is whole
// weeks away, clocks are as far ahead of UTC during both, and no profile has months.
func TestRepeatable(t *testing.T) {
	proptest.Check(t, func(t *rapid.T) {
		cfg := simtest.Config(proptest.Draws{T: t})
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

// TestALimitAtTheHorizonChangesNothing gives every configuration set the time
// that SES takes anyway, or more. It always holds: a set can only shorten it.
func TestALimitAtTheHorizonChangesNothing(t *testing.T) {
	proptest.Check(t, func(t *rapid.T) {
		d := proptest.Draws{T: t}
		cfg := simtest.Config(d)
		limit := func(limit time.Duration) (*sim.Result, []sim.Record) {
			for i := range cfg.Accounts {
				for n := range cfg.Accounts[i].Sets {
					cfg.Accounts[i].Sets[n].MaxDelivery = limit
				}
			}
			return taped(t, cfg)
		}
		plain, plainRecords := limit(0)
		limited, limitedRecords := limit(cfg.Rules.Retry.Horizon + time.Duration(d.Int("longer", 0, 5))*time.Hour)
		same(t, "runs with and without a limit", plain, limited, &cfg)
		same(t, "the records with and without a limit", plainRecords, limitedRecords, &cfg)
	})
}

// unjudged makes each call a matter of quota and rate alone, as large as the
// next: nobody retries, hygiene is off, the reputation has no say and no one
// does anything. Otherwise a call that more quota or rate lets pass can cost a
// later one.
func unjudged(t *rapid.T, cfg *sim.Config) {
	t.Helper()
	set, err := rules.Edition("current")
	if err != nil {
		t.Fatal(err)
	}
	set.AutoIncrease.On = false
	set.Rep.MinBounces, set.Rep.MinComplaints = 1<<40, 1<<40 // no rate ever decides
	cfg.Rules, cfg.Actions = set, nil
	for i := range cfg.Accounts {
		cfg.Accounts[i].Requests = nil
	}
	for i := range cfg.Senders {
		s := &cfg.Senders[i]
		s.Recipients, s.OneMore, s.Retry, s.RemoveBounced, s.RemoveComplained = 1, 0, sim.Retry{}, false, false
		if s.Traffic.Kind == sim.Recorded {
			s.Traffic = sim.Traffic{Kind: sim.Poisson, Rate: unit.Rate{N: 100, Per: cfg.Horizon}}
		}
	}
}

// acceptsNoLess compares what accounts accepted with less and with more of
// something.
func acceptsNoLess(t *rapid.T, what string, less, more *sim.Result, cfg *sim.Config) {
	t.Helper()
	for i := range less.Accounts {
		if less.Accounts[i].Accepted > more.Accounts[i].Accepted {
			t.Fatalf("account %s accepts %d with the smaller %s and %d with the larger\n%s",
				cfg.Accounts[i].Name, less.Accounts[i].Accepted, what, more.Accounts[i].Accepted, simtest.Page(cfg))
		}
	}
}

// TestLargerQuotaAcceptsNoLess compares two quotas. It holds for unjudged
// calls that the rate does not refuse.
func TestLargerQuotaAcceptsNoLess(t *testing.T) {
	proptest.Check(t, func(t *rapid.T) {
		d := proptest.Draws{T: t}
		cfg := simtest.Config(d)
		unjudged(t, &cfg)
		cfg.Rules.Quota.MustFit = d.Int("all must fit", 0, 1) == 1
		for i := range cfg.Accounts {
			cfg.Accounts[i].Rate, cfg.Accounts[i].Quota = 1_000_000, d.Int("quota", 0, 300)
		}
		less := run(t, cfg, sim.Hooks{})
		for i := range cfg.Accounts {
			cfg.Accounts[i].Quota += d.Int("more quota", 0, 300)
		}
		acceptsNoLess(t, "quota", less, run(t, cfg, sim.Hooks{}), &cfg)
	})
}

// TestCoarserQuotaAcceptsNoLess compares two granularities of the quota's
// window. It holds, for unjudged calls that the rate does not refuse, where the
// wider steps are made of whole narrower ones, as every step is of events: what
// has left the window of these has left that of those.
func TestCoarserQuotaAcceptsNoLess(t *testing.T) {
	proptest.Check(t, func(t *rapid.T) {
		d := proptest.Draws{T: t}
		cfg := simtest.Config(d)
		unjudged(t, &cfg)
		for i := range cfg.Accounts {
			cfg.Accounts[i].Rate, cfg.Accounts[i].Quota = 1_000_000, d.Int("quota", 0, 300)
		}
		fine := time.Duration(d.Int("fine, in minutes", 0, 60)) * time.Minute
		coarse := max(fine, time.Minute) * time.Duration(d.Int("times", 1, 24))
		cfg.Rules.Quota.Granularity = fine
		less := run(t, cfg, sim.Hooks{})
		cfg.Rules.Quota.Granularity = coarse
		acceptsNoLess(t, "granularity", less, run(t, cfg, sim.Hooks{}), &cfg)
	})
}

// TestStepsOfANanosecondAreExact holds for every scenario: time has no
// fractions of a nanosecond.
func TestStepsOfANanosecondAreExact(t *testing.T) {
	proptest.Check(t, func(t *rapid.T) {
		cfg := simtest.Config(proptest.Draws{T: t})
		cfg.Rules.Quota.Granularity = 0
		exact, exactRecords := taped(t, cfg)
		cfg.Rules.Quota.Granularity = time.Nanosecond
		steps, stepRecords := taped(t, cfg)
		same(t, "runs by event and in steps of a nanosecond", exact, steps, &cfg)
		same(t, "the records by event and in steps of a nanosecond", exactRecords, stepRecords, &cfg)
	})
}

// TestLargerRateAcceptsNoLess compares two max send rates. It holds for
// unjudged calls of one recipient that the quota does not refuse: by the time
// that as many were accepted with both, the larger rate has at least as much
// left.
func TestLargerRateAcceptsNoLess(t *testing.T) {
	proptest.Check(t, func(t *rapid.T) {
		d := proptest.Draws{T: t}
		cfg := simtest.Config(d)
		unjudged(t, &cfg)
		cfg.Rules.Rate.Debt = d.Int("debt", 0, 1) == 1
		for i := range cfg.Accounts {
			cfg.Accounts[i].Rate, cfg.Accounts[i].Quota = d.Int("rate", 1, 10), -1
		}
		less := run(t, cfg, sim.Hooks{})
		for i := range cfg.Accounts {
			cfg.Accounts[i].Rate += d.Int("more rate", 0, 10)
		}
		acceptsNoLess(t, "rate", less, run(t, cfg, sim.Hooks{}), &cfg)
	})
}

// TestSideBySide runs the same scenario several times at once: whatever the
// processors make of it, each run must give what a run alone gives.
func TestSideBySide(t *testing.T) {
	proptest.Check(t, func(t *rapid.T) {
		cfg := simtest.Config(proptest.Draws{T: t})
		alone, aloneRecords := taped(t, cfg)
		var results [2]*sim.Result
		var tapes [len(results)]simtest.Tape
		var errs [len(results)]error
		var wait sync.WaitGroup
		for i := range results {
			wait.Go(func() { results[i], errs[i] = engine.Run(cfg, sim.Hooks{Observer: &tapes[i]}) })
		}
		wait.Wait()
		for i := range results {
			same(t, "the errors of runs side by side", nil, errs[i], &cfg)
			same(t, "a run alone and one of several", alone, results[i], &cfg)
			same(t, "the records of a run alone and one of several", aloneRecords, tapes[i].Records, &cfg)
		}
	})
}

// TestLongerHorizonGoesOn runs a scenario on: its records must begin with
// those of the shorter run. It holds for every scenario, since nothing looks
// ahead; that a record is followed by others is told of both runs alike.
func TestLongerHorizonGoesOn(t *testing.T) {
	proptest.Check(t, func(t *rapid.T) {
		cfg := simtest.Config(proptest.Draws{T: t})
		_, short := taped(t, cfg)
		cfg.Horizon += time.Duration(proptest.Draws{T: t}.Int("longer by a share of 16", 1, 4)) * (cfg.Horizon / 16)
		_, long := taped(t, cfg)
		if len(long) < len(short) {
			t.Fatalf("%d records of the longer run, %d of the shorter\n%s", len(long), len(short), simtest.Page(&cfg))
		}
		same(t, "the records of a run and of a longer one", short, long[:len(short)], &cfg)
	})
}

// TestNamesOfAccountsDoNotMatter gives the accounts other names. It holds
// where every review and every answer of AWS has its length: those that are
// drawn depend on the account's name, so that accounts have luck of their own.
func TestNamesOfAccountsDoNotMatter(t *testing.T) {
	proptest.Check(t, func(t *rapid.T) {
		cfg := simtest.Config(proptest.Draws{T: t})
		for i := range cfg.Accounts {
			for n := range cfg.Accounts[i].Requests {
				r := &cfg.Accounts[i].Requests[n]
				r.After = max(r.After, 0)
			}
		}
		for i := range cfg.Actions {
			if a := &cfg.Actions[i]; a.Do == sim.DoAppeal {
				a.After = max(a.After, 0)
			}
		}
		before, beforeRecords := taped(t, cfg)
		for i := range cfg.Accounts {
			cfg.Accounts[i].Name = "renamed-" + cfg.Accounts[i].Name
		}
		after, afterRecords := taped(t, cfg)
		for _, list := range [][]measure.Column{after.Series.Columns, after.Past.Columns} {
			for i := range list {
				list[i].Account = strings.TrimPrefix(list[i].Account, "renamed-")
			}
		}
		same(t, "runs with other names", before, after, &cfg)
		same(t, "the records with other names", beforeRecords, afterRecords, &cfg)
	})
}

// TestLookingChangesNothing looks addresses up and lists them while a scenario
// runs. It holds for accounts that nobody else makes calls for: AWS takes one
// a second, and an account that looks has one less for what matters.
func TestLookingChangesNothing(t *testing.T) {
	proptest.Check(t, func(t *rapid.T) {
		d := proptest.Draws{T: t}
		cfg := simtest.Config(d)
		cfg.Actions = slices.DeleteFunc(cfg.Actions, func(a sim.Action) bool {
			switch a.Do {
			case sim.DoAppeal, sim.DoTrigger, sim.DoRemoveGlobal:
				return false
			}
			return a.Do != sim.DoSet || a.Change.Key == sim.KeyAccountSuppression || a.Change.Key == sim.KeySetSuppression
		})
		_, before := taped(t, cfg)
		for i := range cfg.Accounts {
			for range d.Int("looks", 0, 3) {
				at := time.Duration(d.Int("look at", 0, int64(cfg.Horizon-1)))
				do := []sim.Do{sim.DoGet, sim.DoList}[d.Int("look", 0, 1)]
				cfg.Actions = append(cfg.Actions, sim.Action{At: at, Do: do, Account: i})
			}
		}
		_, after := taped(t, cfg)
		var others []sim.Record
		for _, r := range after {
			if r.Kind != sim.Changed || !slices.Contains(looked, r.Transition.Event) {
				others = append(others, r)
			}
		}
		same(t, "the records without and with a look at the lists", before, others, &cfg)
	})
}

// looked are the events of calls that look at the list.
var looked = []ses.Event{ses.EventFound, ses.EventNotFound, ses.EventListed, ses.EventBlocked, ses.EventThrottled}
