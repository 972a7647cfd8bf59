package forecast_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"sesim/scenarios"
	"sesim/sim"
	"sesim/sim/engine"
	"sesim/sim/forecast"
	"sesim/sim/internal/simtest"
	"sesim/sim/rules"
	"sesim/sim/sender"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// truth are the counts of a run.
type truth struct{ messages, calls, refused, recipients, listed, removed int64 }

func run(t *testing.T, c *sim.Config) truth {
	t.Helper()
	r, err := engine.Run(*c, sim.Hooks{})
	if err != nil {
		t.Fatal(err)
	}
	var is truth
	for i := range r.Accounts {
		a := &r.Accounts[i]
		is.calls += a.Requests
		is.recipients += a.Accepted
		is.listed += a.Listed
	}
	is.refused = is.calls
	for i := range r.Senders {
		s := &r.Senders[i]
		is.messages += s.Messages
		is.removed += s.Removed
		is.refused -= s.Accepted
	}
	return is
}

// near reports whether two numbers are within a factor of two, or differ by few.
func near(a, b, few int64) bool { return a <= 2*b+few && b <= 2*a+few }

// check compares foreseen counts with those of a run.
func check(t *testing.T, c *sim.Config) {
	t.Helper()
	n, is := forecast.Of(c, engine.Partitions(c)), run(t, c)
	t.Logf("foreseen %+v, run %+v", n, is)
	if !near(n.Messages, is.messages, 20) || !near(n.Calls, is.calls, 100) {
		t.Errorf("%d messages and %d calls are foreseen, and the run made %d and %d", n.Messages, n.Calls, is.messages, is.calls)
	}
}

// TestShipped compares what is foreseen of the shipped scenarios and of the lessons
// with what they do. A whole Region has an hour.
func TestShipped(t *testing.T) {
	for _, e := range append(scenarios.Shipped(), scenarios.Lessons()...) {
		t.Run(e.Name, func(t *testing.T) {
			src, _ := scenarios.Source(e.Name)
			c, err := scenarios.Load(e.Name, src)
			if err != nil {
				t.Fatal(err)
			}
			if len(c.Accounts) > 1000 {
				c.Horizon = time.Hour
			}
			check(t, c)
		})
	}
}

// scenario is an account with one sender, which a test changes.
func scenario() *sim.Config {
	set, _ := rules.Edition("current")
	return &sim.Config{
		Name: "s", Edition: "current", Horizon: 10 * unit.Day, Seed: 1, Rules: set,
		Accounts:  []sim.Account{{Name: "acme", Region: "us-east-1", Access: ses.Production, Quota: 50_000, Rate: 14, Identities: []string{"acme.example"}}},
		Audiences: []sim.Audience{{Name: "people", Size: 1000, Domain: "people.example"}},
		Senders: []sim.Sender{{
			Name: "news", From: "news@acme.example", Recipients: 1,
			Traffic: sim.Traffic{Kind: sim.Poisson, Rate: unit.Rate{N: 1000, Per: unit.Day}},
		}},
	}
}

// retry tries again after refusals by rate and quota.
func retry(first, most time.Duration, factor int64, attempts int) sim.Retry {
	r := sim.Retry{First: first, Cap: most, Factor: factor, Attempts: attempts}
	r.On[ses.RefusedRate], r.On[ses.RefusedQuota] = true, true
	return r
}

// TestCalendar compares mail in office hours, of each kind of traffic.
func TestCalendar(t *testing.T) {
	for name, traffic := range map[string]sim.Traffic{
		"constant": {Kind: sim.Constant, Rate: unit.Rate{N: 1000, Per: unit.Day}},
		"diurnal":  {Kind: sim.Diurnal, Rate: unit.Rate{N: 1000, Per: unit.Day}, Depth: unit.Whole, Peak: 14 * time.Hour},
		"campaign": {Kind: sim.Campaign, Rate: unit.Rate{N: 1, Per: time.Minute}, Every: unit.Day},
	} {
		t.Run(name, func(t *testing.T) {
			c := scenario()
			c.Senders[0].Traffic = traffic
			c.Senders[0].Traffic.Calendar = &sim.Calendar{
				Weekdays: [7]bool{true, true, true, true, true}, Open: 9 * time.Hour, Close: 17 * time.Hour,
				Zone: sim.Zone{Offsets: []sim.Offset{{East: -8 * time.Hour}}},
			}
			check(t, c)
		})
	}
}

// TestMixture compares mail to two audiences, one of which is dead.
func TestMixture(t *testing.T) {
	c := scenario()
	c.Audiences = append(c.Audiences, sim.Audience{Name: "leads", Size: 50, Domain: "leads.example", Invalid: unit.Whole})
	c.Senders[0].RemoveBounced = true
	c.Senders[0].Mixture = []sim.AudienceShare{{Share: 90 * unit.Percent}, {Audience: 1, Share: 10 * unit.Percent}}
	check(t, c)
	if n, is := forecast.Of(c, 1), run(t, c); !near(n.Removed, is.removed, 0) {
		t.Errorf("%d removed addresses are foreseen, and %d were removed", n.Removed, is.removed)
	}
}

// TestChangingLists compares daily campaigns to an audience that changes its size tenfold.
func TestChangingLists(t *testing.T) {
	for name, change := range map[string]func(u *sim.Audience){
		"grows": func(u *sim.Audience) {
			u.Growth = sim.Growth{Rate: unit.Rate{N: 1000, Per: unit.Day}, Limit: 10_000}
		},
		"shrinks": func(u *sim.Audience) { u.Churn, u.ChurnPer = 90*unit.Percent, 10*unit.Day },
		"turns over": func(u *sim.Audience) {
			u.Churn, u.ChurnPer = 90*unit.Percent, 5*unit.Day
			u.Growth = sim.Growth{Share: 20 * unit.Percent, Per: unit.Day, Limit: 10_000}
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := scenario()
			change(&c.Audiences[0])
			c.Senders[0].Traffic = sim.Traffic{Kind: sim.Campaign, Rate: unit.Rate{N: 1, Per: time.Second}, Every: unit.Day}
			check(t, c)
			n, is := forecast.Of(c, 1), run(t, c)
			if math.Abs(float64(n.Messages-is.messages)) > 0.1*float64(is.messages) {
				t.Errorf("%d messages are foreseen, and the run made %d", n.Messages, is.messages)
			}
		})
	}
}

// TestAccounts compares mail that is divided between two accounts, or takes turns, with a
// quota that is a third of it.
func TestAccounts(t *testing.T) {
	for name, of := range map[string]sim.Accounts{
		"split": {Of: []sim.SenderAccount{{Account: 0, Share: unit.Whole / 2}, {Account: 1, Share: unit.Whole / 2}}},
		"turns": {Of: []sim.SenderAccount{{Account: 0}, {Account: 1}}, Check: time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			c := scenario()
			c.Accounts[0].Quota = 300
			other := c.Accounts[0]
			other.Name = "other"
			c.Accounts = append(c.Accounts, other)
			c.Senders[0].Accounts, c.Senders[0].Retry = &of, retry(time.Hour, 4*time.Hour, 2000, 5)
			check(t, c)
		})
	}
}

// TestThrottled compares calls under limits far below the demand.
func TestThrottled(t *testing.T) {
	for name, change := range map[string]func(c *sim.Config){
		"a quota of 200 for 100,000 a day": func(c *sim.Config) {
			c.Horizon, c.Accounts[0].Quota, c.Senders[0].Traffic.Rate.N = 2*unit.Day, 200, 100_000
			c.Senders[0].Retry = retry(time.Second, 10*time.Minute, 2000, 8)
		},
		"a quota of none": func(c *sim.Config) {
			c.Accounts[0].Quota = 0
			c.Senders[0].Retry = retry(time.Minute, time.Hour, 1500, 40)
		},
		"retries without end": func(c *sim.Config) {
			c.Accounts[0].Quota = 500
			c.Senders[0].Retry = retry(time.Hour, time.Hour, 1000, 1000)
		},
		"a campaign above the rate": func(c *sim.Config) {
			c.Accounts[0].Rate, c.Audiences[0].Size = 2, 20_000
			c.Senders[0].Traffic = sim.Traffic{Kind: sim.Campaign, Rate: unit.Rate{N: 20, Per: time.Second}}
			c.Senders[0].Retry = retry(time.Second, 10*time.Minute, 2000, 100)
		},
		"the quota grows": func(c *sim.Config) {
			c.Accounts[0].Quota = 100
			c.Senders[0].Retry = retry(time.Second, time.Hour, 2000, 12)
			c.Actions = []sim.Action{{At: 5 * unit.Day, Do: sim.DoSet, Change: sim.Change{Key: sim.KeyAccountQuota, Number: 5000}}}
		},
		"the demand grows": func(c *sim.Config) {
			c.Accounts[0].Quota = 1500
			c.Senders[0].Retry = retry(time.Second, time.Hour, 2000, 12)
			c.Actions = []sim.Action{{At: 8 * unit.Day, Do: sim.DoSet, Change: sim.Change{
				Key: sim.KeySenderRate, Rate: unit.Rate{N: 20_000, Per: unit.Day},
			}}}
		},
		"port 25": func(c *sim.Config) {
			c.Senders[0].Interface, c.Senders[0].Throttled25, c.Senders[0].Traffic.Rate.N = sim.SMTP, true, 20_000
			c.Senders[0].Retry = retry(time.Minute, time.Hour, 2000, 5)
		},
		"messages of 50": func(c *sim.Config) {
			c.Accounts[0].Quota, c.Senders[0].Recipients = 5000, 50
			c.Senders[0].Retry = retry(time.Minute, time.Hour, 2000, 10)
		},
		"mail that ends early": func(c *sim.Config) {
			c.Accounts[0].Quota, c.Senders[0].End = 100, unit.Day
			c.Senders[0].Retry = retry(time.Minute, time.Hour, 2000, 10)
		},
		"mail that ends early, without limits": func(c *sim.Config) { c.Senders[0].End = unit.Day },
		"mail at one moment": func(c *sim.Config) {
			rows := simtest.Recording{{At: time.Hour, Count: 1}, {At: time.Hour, Count: 1}, {At: time.Hour, Count: 3}}
			c.Senders[0].Traffic = sim.Traffic{Kind: sim.Recorded, Trace: rows, File: sim.TraceFile{
				Rows: 3, Recipients: 5, First: time.Hour, Last: time.Hour,
			}}
		},
		"a sandbox": func(c *sim.Config) {
			c.Accounts[0].Access, c.Accounts[0].Quota, c.Accounts[0].Rate = ses.Sandbox, 200, 1
			c.Senders[0].Retry.On[ses.RefusedUnverified] = true
			c.Senders[0].Retry.First, c.Senders[0].Retry.Cap, c.Senders[0].Retry.Factor, c.Senders[0].Retry.Attempts = time.Hour, time.Hour, 1000, 3
		},
		"paused for days": func(c *sim.Config) {
			c.Senders[0].Retry = retry(time.Hour, time.Hour, 1000, 5)
			c.Senders[0].Retry.On[ses.RefusedPaused] = true
			c.Actions = []sim.Action{{At: unit.Day, Do: sim.DoPause}, {At: 8 * unit.Day, Do: sim.DoResume}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := scenario()
			change(c)
			check(t, c)
		})
	}
}

// TestRandom compares random demands under random limits.
func TestRandom(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for i := range 60 {
		c := random(r)
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			check(t, c)
			if t.Failed() {
				t.Logf("account %+v, senders %+v, audiences %+v", c.Accounts[0], c.Senders, c.Audiences)
			}
		})
	}
}

func random(r *rand.Rand) *sim.Config {
	log := func(low, high int64) int64 { // any order of magnitude alike
		n := low
		for n < high && r.IntN(3) > 0 {
			n = min(n*int64(1+r.IntN(4))+r.Int64N(n+1), high)
		}
		return n
	}
	c := scenario()
	c.Horizon = time.Duration(log(1, 20)) * unit.Day / 2
	c.Accounts[0].Quota, c.Accounts[0].Rate = log(50, 50_000), log(1, 100)
	if r.IntN(4) == 0 {
		c.Accounts[0].Quota = -1
	}
	c.Audiences[0].Size, c.Audiences[0].Invalid = log(10, 5000), unit.Share(r.Int64N(int64(unit.Whole)/25))
	proto := c.Senders[0]
	c.Senders = nil
	for i := range 1 + r.IntN(3) {
		s := proto
		s.Name, s.Recipients, s.Begin = fmt.Sprint("s", i), int(1+r.Int64N(2)*log(1, 49)), time.Duration(r.Int64N(int64(c.Horizon)/4))
		s.Traffic.Kind = []sim.TrafficKind{sim.Constant, sim.Poisson, sim.Diurnal, sim.Campaign}[r.IntN(4)]
		s.Traffic.Rate.N = log(10, 20_000)
		switch s.Traffic.Kind {
		case sender.Campaign:
			s.Traffic.Rate = unit.Rate{N: log(1, 50), Per: time.Second}
			s.Traffic.Every = time.Duration(r.IntN(3)) * unit.Day
		case sender.Diurnal:
			s.Traffic.Depth = unit.Share(r.Int64N(int64(unit.Whole)))
		}
		if r.IntN(3) > 0 {
			s.Retry = retry(time.Duration(log(1, 600))*time.Second, time.Hour, 1000+r.Int64N(2000), int(log(1, 20)))
		}
		s.RemoveBounced = r.IntN(2) > 0
		c.Senders = append(c.Senders, s)
	}
	return c
}
