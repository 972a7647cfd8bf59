package engine

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sesim/sim"
	"sesim/sim/internal/simtest"
	"sesim/sim/proptest"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// TestCertainRefusals compares runs that take certain refusals together with runs that
// decide every call, in random scenarios with little room: small quotas, low rates, and
// senders that try again for long, among everything else that scenarios may have. All that
// a run leaves must be the same, also if it is made in steps.
func TestCertainRefusals(t *testing.T) {
	together := 0
	proptest.Check(t, func(t *rapid.T) {
		cfg := crowded(t)
		want, err := Run(cfg, sim.Hooks{Undivided: true})
		if err != nil {
			t.Fatal(err)
		}
		p := unpartitioned(&cfg)
		w := newWorld(&p, newShared(&cfg), sim.Hooks{})
		for to, n := time.Duration(0), rapid.Int64Range(1, 40).Draw(t, "steps"); !w.stopped && to < cfg.Horizon-1; {
			to = min(to+cfg.Horizon/time.Duration(n), cfg.Horizon-1)
			for !w.stopped && !w.step(to) {
			}
		}
		if retriesOf(w) > int64(w.changes) {
			together++
		}
		w.finish()
		got, err := gather(&cfg, []*world{w})
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("taken together, refusals leave another result:\n%s", simtest.Page(&cfg))
		}
	})
	if together == 0 {
		t.Error("no scenario had retries that were taken together for sure")
	}
}

// retriesOf returns the number of retries. Those that were made one by one, as all other
// entries of the event list, are counted as changes.
func retriesOf(w *world) (n int64) {
	for i := range w.senders {
		n += w.senders[i].tally.Requests
	}
	return n
}

// crowded draws a scenario most of whose calls are refused.
func crowded(t *rapid.T) sim.Config {
	s := proptest.Draws{T: t}
	cfg := simtest.Config(s)
	draw := func(name string, values ...int64) int64 { return values[s.Int(name, 0, int64(len(values)-1))] }
	for i := range cfg.Accounts {
		a := &cfg.Accounts[i]
		a.Quota, a.Rate = draw(a.Name+" small quota", 0, 1, 3, 10, 40), draw(a.Name+" low rate", 1, 1, 2, 100)
	}
	for i := range cfg.Senders {
		a := &cfg.Senders[i]
		if a.Client > 0 {
			continue
		}
		a.Retry = sim.Retry{
			First:  time.Duration(draw(a.Name+" first", 1, int64(time.Second)/4, int64(time.Second), int64(10*time.Minute), int64(unit.Day))),
			Factor: draw(a.Name+" factor", 1000, 1001, 1500, 2000, 10_000), Attempts: int(draw(a.Name+" attempts", 1, 3, 20, 60)),
		}
		a.Retry.Cap = max(a.Retry.First, time.Duration(draw(a.Name+" cap", int64(time.Second), int64(20*time.Minute), int64(time.Hour))))
		for r := range a.Retry.On {
			a.Retry.On[r] = s.Int(fmt.Sprint(a.Name, " on ", r), 0, 4) > 0
		}
	}
	return cfg
}

// TestRefusalsAreTakenTogether checks, for each reason for which refusals are certain,
// that nearly all retries are taken together, which the results do not show. With an
// observer of refused calls, a probe or Hooks.Undivided none must be.
func TestRefusalsAreTakenTogether(t *testing.T) {
	for _, c := range []struct {
		reason ses.Reason
		adapt  func(*sim.Config)
	}{
		{ses.RefusedQuota, func(c *sim.Config) { c.Accounts[0].Quota = 20 }},
		{ses.RefusedQuota, func(c *sim.Config) { c.Accounts[0].Quota = 0 }},
		{ses.RefusedPaused, func(c *sim.Config) { c.Actions = []sim.Action{{At: time.Hour, Do: sim.DoPause}} }},
		{ses.RefusedPaused, func(c *sim.Config) {
			c.Accounts[0].Sets, c.Senders[0].Set = []sim.ConfigurationSet{{Name: "set", Paused: true}}, 1
		}},
		{ses.RefusedUnverified, func(c *sim.Config) { c.Senders[0].From = "news@elsewhere.example" }},
		{ses.RefusedRate, func(c *sim.Config) {
			c.Senders[0].Traffic.Rate, c.Senders[0].Retry.First = unit.Rate{N: 300, Per: time.Hour}, time.Second/100
			c.Senders[0].Retry.Cap, c.Horizon, c.Senders[0].Recipients = time.Second/100, time.Hour, 20
		}},
	} {
		cfg := fieldConfig(t, 1)
		cfg.Actions, cfg.Accounts, cfg.Audiences = nil, cfg.Accounts[:1], cfg.Audiences[:1]
		cfg.Accounts[0].Quota, cfg.Horizon = 1_000_000, 12*time.Hour
		cfg.Senders = cfg.Senders[:1]
		s := &cfg.Senders[0]
		s.Traffic.Rate = unit.Rate{N: 200, Per: unit.Day}
		s.Retry = sim.Retry{First: 2 * time.Minute, Factor: 1000, Cap: 2 * time.Minute, Attempts: 1000}
		for r := range s.Retry.On {
			s.Retry.On[r] = true
		}
		c.adapt(&cfg)
		w := finished(t, cfg, sim.Hooks{})
		if retries := retriesOf(w); w.accounts[0].rules.calls[c.reason] < retries/2 || retries < 10*int64(w.changes) {
			t.Errorf("%v: %d of %d retries, and %d changes", c.reason, w.accounts[0].rules.calls[c.reason], retries, w.changes)
		}
		for _, hooks := range []sim.Hooks{{Undivided: true}, {Observer: blind{}}, {Probe: idle{}}} {
			if w := finished(t, cfg, hooks); retriesOf(w) > int64(w.changes) {
				t.Errorf("%v: with %+v refusals are taken together", c.reason, hooks)
			}
		}
	}
}

// idle is a probe that times nothing.
type idle struct{}

func (idle) Start() {}
func (idle) Stop()  {}

// finished returns a world at the end of its run.
func finished(t *testing.T, cfg sim.Config, hooks sim.Hooks) *world {
	t.Helper()
	p := unpartitioned(&cfg)
	w := newWorld(&p, newShared(&cfg), hooks)
	for !w.step(cfg.Horizon - 1) {
	}
	return w
}

// TestCertainRefusalsAtTheirEnds has retries at, just before and just after the moments at
// which certain refusals end: a recipient leaves the window, the bucket has a token again,
// a message is due, somebody acts, a day ends, a step of the run ends. Everything happens at
// whole minutes, and some senders wait a nanosecond less or more. TestCertainRefusals
// hardly ever draws such moments.
func TestCertainRefusalsAtTheirEnds(t *testing.T) {
	for _, limits := range []struct{ quota, rate int64 }{{60, 1}, {600, 1}, {60, 1000}} {
		cfg := fieldConfig(t, 1)
		cfg.Accounts, cfg.Audiences, cfg.Horizon = cfg.Accounts[:1], cfg.Audiences[:1], 4*unit.Day
		cfg.Accounts[0].Quota, cfg.Accounts[0].Rate = limits.quota, limits.rate
		cfg.Rules.AutoIncrease.Days, cfg.Rules.AutoIncrease.Of, cfg.Rules.AutoIncrease.Use = 2, 2, unit.Percent
		cfg.Actions = []sim.Action{{At: 7 * time.Hour, Do: sim.DoPause}, {At: 9 * time.Hour, Do: sim.DoResume}}
		one := cfg.Senders[0]
		cfg.Senders = nil
		for i, wait := range []time.Duration{time.Minute, time.Minute - 1, time.Minute + 1, 20 * time.Second, time.Hour, time.Hour - 1, 20*time.Second + 1} {
			s := one
			s.Name = fmt.Sprint("sender", i)
			s.Traffic = sim.Traffic{Kind: sim.Constant, Rate: unit.Rate{N: 1, Per: time.Duration(1+i%2*20) * time.Minute}}
			s.Recipients = 1 + i%3*9
			s.Retry = sim.Retry{First: wait, Factor: 1000, Cap: wait, Attempts: 5}
			s.Retry.On[ses.RefusedRate], s.Retry.On[ses.RefusedQuota], s.Retry.On[ses.RefusedPaused] = true, true, true
			cfg.Senders = append(cfg.Senders, s)
		}
		want := result(t, cfg, sim.Hooks{Undivided: true})
		p := unpartitioned(&cfg)
		w := newWorld(&p, newShared(&cfg), sim.Hooks{})
		for to := time.Duration(0); to < cfg.Horizon-1; {
			for _, past := range []time.Duration{-1, 0, 1} {
				stepTo(t, w, min(to+7*time.Minute+past, cfg.Horizon-1))
			}
			to += 7 * time.Minute
		}
		w.finish()
		got, err := gather(&cfg, []*world{w})
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("with quota %d and rate %d, refusals taken together leave another result", limits.quota, limits.rate)
		}
	}
}

// TestOtherRetries has senders whose retries are refused for reasons of their own, or not
// refused, while those of another sender of the account are certain to be refused because
// the quota is full. Both senders' results must be those of runs that decide every call.
func TestOtherRetries(t *testing.T) {
	verified := func(c *sim.Config) {
		c.Accounts[0].Access = ses.Sandbox
		c.Accounts[0].Identities = append(c.Accounts[0].Identities, "p-1@people.example", "box.example")
	}
	for name, adapt := range map[string]func(c *sim.Config, s *sim.Sender){
		"malformed": func(_ *sim.Config, s *sim.Sender) { s.Malformed = unit.Whole / 2 },
		"too large": func(_ *sim.Config, s *sim.Sender) { s.Size = 100 << 20 },
		"port 25":   func(_ *sim.Config, s *sim.Sender) { s.Interface, s.Throttled25 = sim.SMTP, true },
		"sandbox":   func(c *sim.Config, _ *sim.Sender) { verified(c) },
		"simulator": func(c *sim.Config, _ *sim.Sender) {
			c.Audiences[0].Domain, c.Audiences[0].Local = ses.SimulatorDomain, "success+"
		},
		"simulator, which empties the bucket": func(c *sim.Config, s *sim.Sender) {
			c.Audiences[0].Domain, c.Audiences[0].Local = ses.SimulatorDomain, "success+"
			c.Accounts[0].Rate, s.Traffic.Rate = 1, unit.Rate{N: 1000, Per: time.Hour}
		},
		"names": func(c *sim.Config, _ *sim.Sender) {
			c.Audiences[0] = sim.Audience{Name: "named", Size: 2, Addresses: []string{"ann@people.example", "success@" + ses.SimulatorDomain}}
		},
		"missing set": func(c *sim.Config, s *sim.Sender) {
			c.Accounts[0].Sets, s.Set = []sim.ConfigurationSet{{Name: "set"}}, 1
			c.Actions = []sim.Action{{At: 30 * time.Hour, Do: sim.DoDeleteSet, Set: 1}}
		},
	} {
		cfg := fieldConfig(t, 1)
		cfg.Accounts, cfg.Actions = cfg.Accounts[:1], nil
		cfg.Accounts[0].Quota, cfg.Accounts[0].Rate = 40, 1000
		other, s := cfg.Senders[0], cfg.Senders[0]
		other.Name, other.Audience, other.Traffic.Rate = "other", 1, unit.Rate{N: 100, Per: unit.Day}
		s.Retry = sim.Retry{First: 10 * time.Minute, Factor: 1000, Cap: 10 * time.Minute, Attempts: 50}
		for r := range s.Retry.On {
			s.Retry.On[r] = true
		}
		other.Retry = s.Retry
		adapt(&cfg, &s)
		cfg.Senders = []sim.Sender{s, other}
		want, got := result(t, cfg, sim.Hooks{Undivided: true}), result(t, cfg, sim.Hooks{})
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: the result is another where refusals are taken together", name)
		}
	}
}

// TestCertainRefusalsInSession pauses and resumes a session's account whose quota is full,
// between the retries of a sender of the scenario: they are refused for another reason at
// once, as in a session that decides every call.
func TestCertainRefusalsInSession(t *testing.T) {
	cfg := fieldConfig(t, 1)
	cfg.Actions, cfg.Accounts[0].Quota = nil, 20
	cfg.Senders[0].Retry = sim.Retry{First: 20 * time.Second, Factor: 1000, Cap: 20 * time.Second, Attempts: 1000}
	cfg.Senders[0].Retry.On[ses.RefusedQuota], cfg.Senders[0].Retry.On[ses.RefusedPaused] = true, true
	var results []*sim.Result
	for _, hooks := range []sim.Hooks{{Observer: blind{}}, {}} {
		s, err := Open(cfg, hooks)
		if err != nil {
			t.Fatal(err)
		}
		for i := range 60 {
			s.Advance(time.Duration(i)*31*time.Minute+time.Minute, nil)
			action := sim.Action{Do: []sim.Do{sim.DoPause, sim.DoResume}[i%2]}
			if _, err := s.Do(&sim.Operation{Action: action}); err != nil {
				t.Fatal(err)
			}
		}
		r, err := s.Close()
		if err != nil {
			t.Fatal(err)
		}
		results = append(results, r)
	}
	refused := results[0].Accounts[0].Refused
	if refused[ses.RefusedQuota] == 0 || refused[ses.RefusedPaused] == 0 || !reflect.DeepEqual(results[0], results[1]) {
		t.Errorf("refused %v, want quota and pauses; where refusals are taken together %v", refused, results[1].Accounts[0].Refused)
	}
}
