package engine_test

import (
	"reflect"
	"testing"
	"time"

	"sesim/sim"
	"sesim/sim/engine"
	"sesim/sim/internal/simtest"
	"sesim/sim/rules"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// campaign is one mailing of two recipients a message, one message each second, to
// seven addresses, under limits that do not matter. Nothing is tried again.
func campaign(t *testing.T) sim.Config {
	cfg := traffic(t, 1, 1000, 7)
	cfg.Accounts[0].Quota = -1
	cfg.Audiences[0].Invalid, cfg.Audiences[0].Decay, cfg.Audiences[0].MailboxFull = 0, 0, 0
	s := &cfg.Senders[0]
	s.Traffic = sim.Traffic{Kind: sim.Campaign, Rate: unit.Rate{N: 1, Per: time.Second}}
	s.Pick, s.Recipients = sim.Sequential, 2
	return cfg
}

// retrying lets the sender try refused calls again.
func retrying(c *sim.Config, attempts int) {
	r := &c.Senders[0].Retry
	*r = sim.Retry{First: 10 * time.Second, Factor: 1000, Cap: time.Minute, Attempts: attempts}
	for reason := range r.On {
		r.On[reason] = true
	}
}

// TestPeople counts recipients, however many calls there are for each: what is due
// is accepted, given up or waiting.
func TestPeople(t *testing.T) {
	type people struct{ due, accepted, givenUp, waiting, late, messages, requests, recipients int64 }
	for name, c := range map[string]struct {
		change func(*sim.Config)
		want   people
	}{
		"all accepted at once": {func(*sim.Config) {}, people{7, 7, 0, 0, 0, 4, 4, 7}},
		"without retries what is refused is given up": {
			func(c *sim.Config) { c.Accounts[0].Quota = 4 }, people{7, 4, 3, 0, 0, 4, 4, 7},
		},
		"with retries after the last one": {
			func(c *sim.Config) { c.Accounts[0].Quota = 4; retrying(c, 5) }, people{7, 4, 3, 0, 0, 4, 14, 4 + 6*3},
		},
		"a retry that is accepted is late": {
			func(c *sim.Config) {
				c.Accounts[0].Quota = 4
				retrying(c, 5)
				c.Actions = []sim.Action{{At: 25 * time.Second, Do: sim.DoSet, Change: sim.Change{Key: sim.KeyAccountQuota, Number: 50}}}
			}, people{7, 7, 0, 0, 3, 4, 4 + 2*3, 7 + 3*3},
		},
		"a retry at the horizon waits": {
			func(c *sim.Config) { c.Accounts[0].Quota, c.Horizon = 4, 22*time.Second; retrying(c, 5) },
			people{7, 4, 0, 3, 0, 4, 4 + 2, 7 + 3},
		},
		"what is due at the horizon is not due": {
			func(c *sim.Config) { c.Horizon = 2 * time.Second }, people{4, 4, 0, 0, 0, 2, 2, 4},
		},
		"nor what is due at the sender's end": {
			func(c *sim.Config) { c.Senders[0].End = time.Second }, people{2, 2, 0, 0, 0, 1, 1, 2},
		},
		"a paused account refuses, and its mail is given up": {
			func(c *sim.Config) { c.Actions = []sim.Action{{At: time.Second, Do: sim.DoPause}} }, people{7, 2, 5, 0, 0, 4, 4, 7},
		},
		"one that resumes accepts it late": {
			func(c *sim.Config) {
				retrying(c, 1)
				c.Actions = []sim.Action{{At: time.Second, Do: sim.DoPause}, {At: 5 * time.Second, Do: sim.DoResume}}
			}, people{7, 7, 0, 0, 5, 4, 7, 12},
		},
		"content that SES rejects is accepted": {
			func(c *sim.Config) { c.Senders[0].Rejected = unit.Whole }, people{7, 7, 0, 0, 0, 4, 4, 7},
		},
		"malformed calls are given up whole": {
			func(c *sim.Config) { c.Senders[0].Malformed = unit.Whole }, people{7, 0, 7, 0, 0, 4, 4, 7},
		},
		"so is mail to the simulator, whatever the quota": {
			func(c *sim.Config) {
				c.Audiences[0].Domain, c.Accounts[0].Quota = ses.SimulatorDomain, 1
				retrying(c, 1)
			},
			people{7, 7, 0, 0, 0, 4, 4, 7},
		},
		"connections that time out are no calls": {
			func(c *sim.Config) {
				c.Senders[0].Throttled25, c.Senders[0].Interface = true, ses.SMTP
				c.Rules.Mail.Port25PerMinute = 1
				retrying(c, 2)
			}, people{7, 2, 5, 0, 0, 4, 1, 2},
		},
		"recorded messages are of their own sizes, from the sender's begin on": {
			func(c *sim.Config) {
				c.Senders[0].Begin = time.Second
				c.Senders[0].Traffic = sim.Traffic{Kind: sim.Recorded, Trace: simtest.Recording{
					{At: 0, Count: 4}, {At: time.Second, Count: 3}, {At: 3 * time.Second, Numbers: []uint32{1, 1, 2, 6}}, {At: day, Count: 2},
				}}
			}, people{7, 7, 0, 0, 0, 2, 2, 7},
		},
		"one recipient a message, sent fast and again": {
			func(c *sim.Config) {
				s := &c.Senders[0]
				s.Traffic, s.Recipients, s.End = sim.Traffic{Kind: sim.Constant, Rate: unit.Rate{N: 1, Per: time.Second}}, 1, 9*time.Second
				c.Accounts[0].Quota = 5
				retrying(c, 1)
				c.Actions = []sim.Action{{At: 16 * time.Second, Do: sim.DoSet, Change: sim.Change{Key: sim.KeyAccountQuota, Number: 50}}}
			}, people{9, 8, 1, 0, 3, 9, 9 + 4, 9 + 4},
		},
	} {
		cfg := campaign(t)
		c.change(&cfg)
		res, err := engine.Run(cfg, sim.Hooks{})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		s := &res.Senders[0]
		got := people{s.Due, s.Accepted, s.GivenUp, s.Waiting, s.Late, s.Messages, s.Requests, s.Recipients}
		if got != c.want {
			t.Errorf("%s: got %+v, want %+v", name, got, c.want)
		}
		if !reflect.DeepEqual(s.Counts, res.Accounts[0].Counts) {
			t.Errorf("%s: the sender has %+v, its account %+v", name, s.Counts, res.Accounts[0].Counts)
		}
	}
}

// TestInterruptedCounts interrupts a run of two senders of one account at many
// samples: deliveries that are known but lie ahead are in flight, the account's as the
// senders'.
func TestInterruptedCounts(t *testing.T) {
	cfg := traffic(t, 2, 20_000, 3000)
	cfg.Rules.Delay.Delivery = rules.Spread{Median: time.Hour, Upper: 30 * time.Hour, Tail: 90} // many beyond the frames counted ahead
	second := cfg.Senders[0]
	second.Name, second.Recipients, second.Traffic.Rate.N = "more", 3, 2000
	cfg.Senders = append(cfg.Senders, second)
	for _, at := range []time.Duration{time.Minute, 5 * time.Hour, 11 * time.Hour, 47 * time.Hour} {
		res, err := engine.Run(cfg, sim.Hooks{Tick: func(p sim.Progress) bool { return p.Now < at }})
		if err != nil || !res.Interrupted {
			t.Fatalf("interrupted: %v, error %v", res.Interrupted, err)
		}
		sum := int64(0)
		for _, s := range res.Senders {
			if s.InFlight == 0 || s.Delivered+s.InFlight > s.Accepted {
				t.Errorf("at %v: %+v", at, s.Counts)
			}
			sum += s.InFlight
		}
		if a := res.Accounts[0]; a.InFlight != sum || a.Delivered != res.Senders[0].Delivered+res.Senders[1].Delivered {
			t.Errorf("at %v: the account has %d in flight, its senders %d", at, a.InFlight, sum)
		}
	}
}
