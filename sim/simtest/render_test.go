package simtest_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"sesim/scenarios"
	"sesim/sim"
	"sesim/sim/check"
	"sesim/sim/simtest"
	"sesim/sim/unit"
)

// plain takes out of a scenario what the language has no word for. Render
// writes that in comments.
func plain(cfg *sim.Config) {
	for i := range cfg.Accounts {
		a := &cfg.Accounts[i]
		a.Customer, a.Delegates, a.Sets = "", nil, nil
		for n := range a.Requests {
			a.Requests[n].Regions = nil
		}
	}
	for i := range cfg.Audiences {
		a := &cfg.Audiences[i]
		if len(a.Addresses) > 0 {
			a.Addresses, a.Domain, a.Local = nil, "named.example", a.Name+"-"
		}
		a.DeadDomain, a.TooLarge, a.ContentRejected, a.AttachmentRejected, a.Undetermined, a.OutOfOffice = 0, 0, 0, 0, 0, 0
	}
	for i := range cfg.Senders {
		s := &cfg.Senders[i]
		if s.Traffic.Kind == sim.Diurnal {
			s.Traffic = sim.Traffic{Kind: sim.Poisson, Rate: s.Traffic.Rate}
		}
		s.Checked, s.Delegated, s.Owner, s.Set, s.Size, s.Rejected, s.Throttled25 = nil, false, 0, 0, 0, 0, false
	}
	kept := cfg.Actions[:0]
	for _, a := range cfg.Actions {
		if a.Do != sim.DoGet && a.Do != sim.DoList && a.Do != sim.DoTrigger {
			kept = append(kept, a)
		}
	}
	cfg.Actions = kept
}

// atMostAll cuts shares of the messages that are more than all of them
// together, which the language refuses and a run cuts in the same order.
func atMostAll(cfg *sim.Config) {
	for i := range cfg.Audiences {
		a, left := &cfg.Audiences[i], unit.Whole
		for _, share := range []*unit.Share{&a.HardBounce, &a.MailboxFull, &a.TooLarge, &a.ContentRejected, &a.AttachmentRejected, &a.Undetermined} {
			*share = min(*share, left)
			left -= *share
		}
	}
}

// used keeps those fields of an action that what it does uses.
func used(a sim.Action) sim.Action {
	u := sim.Action{At: a.At, Do: a.Do, Account: a.Account}
	switch a.Do {
	case sim.DoAppeal:
		u.Accepted, u.After = a.Accepted, max(a.After, -1)
	case sim.DoVerify, sim.DoUnverify:
		u.Identity = a.Identity
	case sim.DoSuppress:
		u.Address, u.Reason = a.Address, a.Reason
	case sim.DoUnsuppress:
		u.Address = a.Address
	case sim.DoImport:
		u.Audience, u.Count, u.Delete = a.Audience, a.Count, a.Delete
		if !a.Delete {
			u.Reason = a.Reason
		}
	case sim.DoRemoveGlobal:
		u.Address, u.Region, u.Characters = a.Address, a.Region, a.Characters
	case sim.DoSet:
		u.Change = a.Change
	}
	return u
}

// TestRenderReadsBack renders random scenarios and reads them again.
func TestRenderReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cfg := simtest.Config(draws{t})
		plain(&cfg)
		atMostAll(&cfg)
		text := simtest.Render(&cfg)
		back, err := scenarios.Load("drawn.toml", []byte(text))
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		for _, c := range []*sim.Config{&cfg, back} {
			for i := range c.Actions {
				c.Actions[i] = used(c.Actions[i])
			}
		}
		if diff := cmp.Diff(&cfg, back, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("the scenario read back differs (-drawn +read):\n%s\n%s", diff, text)
		}
	})
}

// TestCommentsDoNotSpoil renders scenarios with what the language has no word
// for: the text must be a scenario all the same.
func TestCommentsDoNotSpoil(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cfg := simtest.Config(draws{t})
		for i := range cfg.Audiences {
			if len(cfg.Audiences[i].Addresses) > 0 {
				t.Skip("the addresses of such an audience have no other form")
			}
		}
		atMostAll(&cfg)
		for i := range cfg.Senders {
			if s := &cfg.Senders[i]; s.Traffic.Kind == sim.Diurnal {
				s.Traffic = sim.Traffic{Kind: sim.Poisson, Rate: s.Traffic.Rate}
			}
		}
		text := simtest.Render(&cfg)
		if _, err := scenarios.Load("drawn.toml", []byte(text)); err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
	})
}

// TestShippedScenarios runs every scenario that ships under all checkers.
func TestShippedScenarios(t *testing.T) {
	if testing.Short() {
		t.Skip("a million calls; the random scenarios go the same ways")
	}
	for _, shipped := range scenarios.Shipped() {
		t.Run(shipped.Name, func(t *testing.T) {
			t.Parallel()
			src, ok := scenarios.Source(shipped.Name)
			if !ok {
				t.Fatal("no such scenario")
			}
			cfg, err := scenarios.Load(shipped.Name, src)
			if err != nil {
				t.Fatal(err)
			}
			checker, start := check.New(cfg), time.Now()
			res, err := sim.Run(*cfg, sim.Hooks{Observer: checker})
			if err != nil {
				t.Fatal(err)
			}
			if err := checker.Finish(res); err != nil {
				t.Error(err)
			}
			t.Logf("%d calls checked in %v", res.Admissions, time.Since(start).Round(time.Millisecond))
		})
	}
}
