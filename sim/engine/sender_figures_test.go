package engine_test

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"sesim/sim"
	"sesim/sim/criteria"
	"sesim/sim/engine"
	"sesim/sim/internal/simtest"
	"sesim/sim/rules"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// TestRatesBesideASilentSender gives an account a second sender that sends nothing: the
// rates of the first are then computed on their own, and must be the account's, with
// its fresh start after an appeal, and those of the run in which it is alone.
func TestRatesBesideASilentSender(t *testing.T) {
	for _, recipients := range []int{1, 3} { // the fast path and the slow one
		cfg := traffic(t, 20, 3000, 20_000)
		cfg.Audiences[0].Invalid, cfg.Audiences[0].Complaint = 8*unit.Percent, unit.Percent
		cfg.Senders[0].Recipients = recipients
		cfg.Actions = []sim.Action{{At: 12 * day, Do: sim.DoAppeal, After: 5 * time.Hour, Accepted: true}}
		alone, err := engine.Run(cfg, sim.Hooks{})
		if err != nil {
			t.Fatal(err)
		}
		silent := cfg.Senders[0]
		silent.Name, silent.Begin = "silent", cfg.Horizon-1
		silent.Traffic = sim.Traffic{Kind: sim.Campaign, Rate: unit.Rate{N: 1, Per: time.Second}, Every: day}
		silent.End = silent.Begin
		cfg.Senders = append(cfg.Senders, silent)
		beside, err := engine.Run(cfg, sim.Hooks{})
		if err != nil {
			t.Fatal(err)
		}
		if n := beside.Senders[1].Due; n != 0 {
			t.Fatalf("%d recipients of the silent sender are due", n)
		}
		a, got := &beside.Accounts[0], beside.Senders[0].Rates
		if got == nil || got.Bounce != a.Bounce || got.Complaint != a.Complaint || !reflect.DeepEqual(got, alone.Senders[0].Rates) {
			t.Errorf("%d recipients: the sender has %+v, the account %+v, %+v", recipients, got, a.Bounce, a.Complaint)
		}
		if fresh := (sim.SenderRates{}); *beside.Senders[1].Rates != fresh {
			t.Errorf("the silent sender has %+v", beside.Senders[1].Rates)
		}
		if a.Bounce.Span > 8*day+time.Hour || a.Bounce.Events == 0 || a.Complaint.Events == 0 {
			t.Errorf("%d recipients: there was no fresh start, or nothing after it: %+v, %+v", recipients, a.Bounce, a.Complaint)
		}
	}
}

// TestRatesOfManySenders has one sender more than those whose rates are computed unasked.
func TestRatesOfManySenders(t *testing.T) {
	cfg := traffic(t, 1, 20_000, 5000)
	cfg = shared(cfg, sim.MaxRated+1)
	cfg.Accounts = append(cfg.Accounts, cfg.Accounts[0])
	cfg.Accounts[1].Name = "other"
	cfg.Senders[7].Account = 1
	cfg.Thresholds = []criteria.Criterion{{Metric: cfg.Senders[3].Name + ".bounce_rate.max"}, {Metric: cfg.Senders[5].Name + ".accepted"}}
	cfg.Asked = []string{cfg.Senders[4].Name + ".complaint_rate.final"}
	if err := cfg.Check(); err != nil {
		t.Fatal(err)
	}
	res, err := engine.Run(cfg, sim.Hooks{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range res.Senders {
		if has, want := res.Senders[i].Rates != nil, i == 3 || i == 4 || i == 7; has != want {
			t.Errorf("sender %d has rates: %v", i, has)
		}
	}
	if r := res.Senders[7].Rates; r != nil && r.Bounce != res.Accounts[1].Bounce {
		t.Errorf("the sender that is alone has %+v, its account %+v", r.Bounce, res.Accounts[1].Bounce)
	}
	cfg.Senders = cfg.Senders[:sim.MaxRated]
	cfg.Thresholds, cfg.Asked = nil, nil
	for i, wanted := range cfg.OwnRates() {
		if !wanted {
			t.Errorf("of %d senders the rates of number %d are not wanted", len(cfg.Senders), i)
		}
	}
}

// TestSentAfterBounce mails one address that does not exist every minute: it bounces
// ten seconds after each call, and SES publishes that a while later.
func TestSentAfterBounce(t *testing.T) {
	const minute = time.Minute
	for name, c := range map[string]struct {
		publish time.Duration
		change  func(*sim.Config)
		want    int64
	}{
		"of ten messages all after the first":    {20 * time.Second, nil, 9},
		"published at the very moment of a call": {50 * time.Second, nil, 9},
		"published just after it":                {50*time.Second + 1, nil, 8},
		"published after the last":               {time.Hour, nil, 0},
		"the account's list suppresses the mail": {20 * time.Second, func(c *sim.Config) { c.Accounts[0].Suppression = ses.ListBounce }, 9},
		"an address that exists":                 {20 * time.Second, func(c *sim.Config) { c.Audiences[0].Invalid = 0 }, 0},
		"soft bounces do not count":              {20 * time.Second, func(c *sim.Config) { c.Audiences[0].Invalid, c.Audiences[0].MailboxFull = 0, unit.Whole }, 0},
		"refused calls do not count": {20 * time.Second, func(c *sim.Config) {
			c.Actions = []sim.Action{{At: 210 * time.Second, Do: sim.DoPause}}
		}, 3},
		"hygiene leaves nobody to write to": {20 * time.Second, func(c *sim.Config) { c.Senders[0].RemoveBounced = true }, 0},
		"hygiene that begins later": {20 * time.Second, func(c *sim.Config) {
			c.Actions = append(c.Actions, sim.Action{At: 150 * time.Second, Do: sim.DoSet, Change: sim.Change{Key: sim.KeySenderOnBounce, Flag: true}})
		}, 3},
		"a retry of a call from before the hygiene": {20 * time.Second, func(c *sim.Config) {
			s := &c.Senders[0]
			s.RemoveBounced, s.Traffic.Rate = true, unit.Rate{N: 1, Per: 5 * time.Second}
			c.Accounts[0].Quota = 1
			s.Retry = sim.Retry{First: 2 * minute, Factor: 1000, Cap: 2 * minute, Attempts: 1}
			s.Retry.On[ses.RefusedQuota] = true
			c.Actions = append(c.Actions, sim.Action{At: minute, Do: sim.DoSet, Change: sim.Change{Key: sim.KeyAccountQuota, Number: -1}})
		}, 5}, // those of seconds 5 to 25, at the second 30 nobody is left
		"a recording that names the address": {20 * time.Second, func(c *sim.Config) {
			s := &c.Senders[0]
			s.RemoveBounced = true
			s.Traffic = sim.Traffic{Kind: sim.Recorded, Trace: simtest.Recording{{At: 0, Numbers: []uint32{0}}, {At: minute, Numbers: []uint32{0, 0}}}}
		}, 2},
		"another sender's bounces do not count": {20 * time.Second, func(c *sim.Config) {
			other := c.Senders[0]
			other.Name, other.Begin, other.End = "other", 30*time.Second, 40*time.Second
			c.Senders = append(c.Senders, other)
			c.Senders[0].Begin = 9 * minute
		}, 0},
	} {
		for _, senders := range []int{1, 4} { // one by one, and in batches
			for _, hooks := range []sim.Hooks{{}, {Observer: watcher{}}, {Undivided: true}} {
				cfg := bouncing(t, c.publish, senders)
				if c.change != nil {
					c.change(&cfg)
				}
				res, err := engine.Run(cfg, hooks)
				if err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				sum := int64(0)
				for i := range res.Senders {
					sum += res.Senders[i].SentAfterBounce
				}
				if got := res.Senders[0].SentAfterBounce; got != c.want || res.Accounts[0].SentAfterBounce != sum {
					t.Errorf("%s, %d senders, observed %v: %d, want %d; the account has %d of %d",
						name, senders, hooks.Observer != nil, got, c.want, res.Accounts[0].SentAfterBounce, sum)
				}
			}
		}
	}
}

// bouncing is the scenario of TestSentAfterBounce: further senders write to an address
// that exists.
func bouncing(t *testing.T, publish time.Duration, senders int) sim.Config {
	cfg := traffic(t, 1, 1000, 1)
	fixed := func(d time.Duration) rules.Spread { return rules.Spread{Median: d, Upper: d, Tail: 99} }
	d := &cfg.Rules.Delay
	d.Bounce, d.Publish, d.AsyncShare = fixed(10*time.Second), fixed(publish), 0
	cfg.Horizon = 10 * time.Minute
	cfg.Accounts[0].Suppression, cfg.Accounts[0].Quota = 0, -1
	cfg.Audiences[0] = sim.Audience{Name: "dead", Size: 1, Domain: "dead.example", Local: "d", Invalid: unit.Whole}
	cfg.Audiences = append(cfg.Audiences, sim.Audience{Name: "alive", Size: 9, Domain: "alive.example", Local: "a"})
	s := &cfg.Senders[0]
	s.Traffic = sim.Traffic{Kind: sim.Constant, Rate: unit.Rate{N: 1, Per: time.Minute}}
	s.RemoveBounced, s.RemoveComplained = false, false
	for i := 1; i < senders; i++ {
		other := *s
		other.Name, other.Audience = fmt.Sprint("other", i), 1
		cfg.Senders = append(cfg.Senders, other)
	}
	return cfg
}
