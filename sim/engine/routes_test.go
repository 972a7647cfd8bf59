package engine_test

import (
	"math"
	"testing"
	"time"

	"sesim/sim"
	"sesim/sim/client"
	"sesim/sim/engine"
	"sesim/sim/unit"
)

// mixed is a scenario of a sender whose messages go to two audiences, the first of which
// gets that share.
func mixed(t *testing.T, perDay int64, first unit.Share) sim.Config {
	t.Helper()
	c := traffic(t, 2, perDay, 1000)
	more := c.Audiences[0]
	more.Name, more.Local, more.Size = "leads", "leads-", 100
	c.Audiences = append(c.Audiences, more)
	c.Senders[0].Mixture = []sim.AudienceShare{{Audience: 0, Share: first}, {Audience: 1, Share: unit.Whole - first}}
	return c
}

// called notes the audience of each message.
type called map[int64]int

func (c called) Observe(r *sim.Record) {
	if r.Kind == sim.Sent || r.Kind == sim.Refused {
		c[r.Message] = r.Recipients[0].Audience
	}
}

func routed(t *testing.T, cfg sim.Config) (called, *sim.Result) {
	t.Helper()
	to := called{}
	r, err := engine.Run(cfg, sim.Hooks{Observer: to})
	if err != nil {
		t.Fatal(err)
	}
	return to, r
}

// TestMixture compares how many messages go to each audience with their shares, within
// four standard deviations.
func TestMixture(t *testing.T) {
	cfg := mixed(t, 10_000, 80*unit.Percent)
	to, r := routed(t, cfg)
	n, first := float64(len(to)), 0.0
	for _, audience := range to {
		if audience == 0 {
			first++
		}
	}
	if got, most := first/n-0.8, 4*math.Sqrt(0.8*0.2/n); math.Abs(got) > most {
		t.Errorf("%.0f of %.0f messages go to the audience of 80%%", first, n)
	}
	s := &r.Senders[0]
	if s.Due != int64(n) || s.Messages != s.Due || r.Accounts[0].Due != s.Due || len(r.Senders) != 1 {
		t.Errorf("%d messages, %d due; %d due of the account; %d senders", s.Messages, s.Due, r.Accounts[0].Due, len(r.Senders))
	}
	if s.Rates == nil || s.Rates.Bounce != r.Accounts[0].Bounce {
		t.Errorf("the account's only sender has other rates: %+v", s.Rates)
	}
}

// TestMixtureKeepsRandomNumbers moves a tenth of the mail to the other audience: the other
// messages go where they went, when they went.
func TestMixtureKeepsRandomNumbers(t *testing.T) {
	one, before := routed(t, mixed(t, 5000, 80*unit.Percent))
	other, after := routed(t, mixed(t, 5000, 70*unit.Percent))
	moved := 0
	for message, audience := range one {
		switch {
		case other[message] == audience:
		case audience == 0:
			moved++
		default:
			t.Fatalf("message %d goes to the audience whose share is smaller", message)
		}
	}
	if before.Senders[0].Messages != after.Senders[0].Messages {
		t.Errorf("%d messages, then %d", before.Senders[0].Messages, after.Senders[0].Messages)
	}
	if n := len(one); math.Abs(float64(moved)/float64(n)-0.1) > 4*math.Sqrt(0.1*0.9/float64(n)) {
		t.Errorf("%d of %d messages move, want a tenth", moved, n)
	}
}

// TestMixtureEndsOneByOne has an audience of addresses that do not exist. Once all have
// bounced, what would go to it is not due any more, and the rest goes on.
func TestMixtureEndsOneByOne(t *testing.T) {
	cfg := mixed(t, 10_000, 50*unit.Percent)
	cfg.Audiences[1].Invalid, cfg.Audiences[1].Decay = unit.Whole, 0
	to, r := routed(t, cfg)
	dead := 0
	for _, audience := range to {
		dead += audience
	}
	if s := &r.Senders[0]; s.Removed < 100 || s.Messages < 9500 || s.Messages > 11_500 || dead > 1000 {
		t.Errorf("%d messages, %d of them to the dead; %d addresses removed", s.Messages, dead, s.Removed)
	}
	cfg.Audiences[0].Invalid, cfg.Audiences[0].Decay = unit.Whole, 0
	cfg.Audiences[0].Size = 1
	if _, r := routed(t, cfg); r.Senders[0].Messages > 2000 {
		t.Errorf("%d messages to audiences in which nobody is left", r.Senders[0].Messages)
	}
}

// TestMixtureOfClient gives the sender a client that makes each call at once: all of its
// figures are those without one.
func TestMixtureOfClient(t *testing.T) {
	cfg := mixed(t, 5000, 80*unit.Percent)
	without, want := routed(t, cfg)
	cfg.Clients = []sim.Client{{Name: "program", Config: client.Default()}}
	cfg.Senders[0].Client = 1
	with, got := routed(t, cfg)
	if a, b := &got.Senders[0].Counts, &want.Senders[0].Counts; *a != *b {
		t.Errorf("with a client %+v, without %+v", a, b)
	}
	for message, audience := range without {
		if with[message] != audience {
			t.Fatalf("message %d goes to audience %d with a client, and to %d without", message, with[message], audience)
		}
	}
	cfg.Clients[0].Latency = fixed(time.Second)
	cfg.Clients[0].Stop = client.Stop{Errors: 1, Abort: true}
	cfg.Accounts[0].Quota = 2000
	_, cut := routed(t, cfg)
	if s := &cut.Senders[0]; s.GivenUp == 0 || s.Due != s.Accepted+s.GivenUp+s.Waiting {
		t.Errorf("%d due, %d accepted, %d given up, %d waiting", s.Due, s.Accepted, s.GivenUp, s.Waiting)
	}
}
