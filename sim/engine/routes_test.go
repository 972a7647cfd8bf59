package engine_test

import (
	"math"
	"testing"
	"time"

	"sesim/sim"
	"sesim/sim/client"
	"sesim/sim/engine"
	"sesim/sim/ses"
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

// twoAccounts is a scenario of a sender with an account in each of two Regions.
func twoAccounts(t *testing.T, perDay int64, of sim.Accounts) sim.Config {
	t.Helper()
	c := traffic(t, 3, perDay, 1000)
	c.Audiences[0].Decay = 0
	more := c.Accounts[0]
	more.Name, more.Region = "further", "eu-west-1"
	c.Accounts = append(c.Accounts, more)
	c.Senders[0].Accounts = &of
	return c
}

// inTurn has the accounts take turns.
func inTurn(check time.Duration) sim.Accounts {
	return sim.Accounts{Of: []sim.SenderAccount{{Account: 0}, {Account: 1}}, Check: check}
}

// inShares divides the mail among the accounts.
func inShares(first unit.Share) sim.Accounts {
	return sim.Accounts{Of: []sim.SenderAccount{{Account: 0, Share: first}, {Account: 1, Share: unit.Whole - first}}}
}

// TestSplit compares how many messages go through each account with their shares, and the
// figures of the sender with those of its accounts.
func TestSplit(t *testing.T) {
	r := outcome(t, twoAccounts(t, 5000, inShares(70*unit.Percent)))
	s, first := &r.Senders[0], float64(r.Accounts[0].Due)
	if got, most := first/float64(s.Due)-0.7, 4*math.Sqrt(0.7*0.3/float64(s.Due)); math.Abs(got) > most {
		t.Errorf("%.0f of %d recipients go through the account of 70%%", first, s.Due)
	}
	if len(r.Shares) != 2 || len(r.Turns) != 0 || s.Rates != nil {
		t.Fatalf("%d shares, %d turns, rates %v", len(r.Shares), len(r.Turns), s.Rates)
	}
	var sum sim.Counts
	for i := range r.Shares {
		if of := &r.Shares[i]; of.Account != i || of.Counts != r.Accounts[i].Counts {
			t.Errorf("through account %d %+v, and the account has %+v", of.Account, of.Counts, r.Accounts[i].Counts)
		}
		sum.Add(&r.Shares[i].Counts)
	}
	if sum != s.Counts || s.Removed == 0 {
		t.Errorf("the accounts have %+v together, and their sender %+v; %d removed", sum, s.Counts, s.Removed)
	}
}

// pausing pauses the first account for a day, from a moment on.
func pausing(c *sim.Config, from time.Duration) {
	c.Actions = append(c.Actions, sim.Action{At: from, Do: sim.DoPause}, sim.Action{At: from + day, Do: sim.DoResume})
}

// TestFailover pauses the first account for a day. What is due until the sender looks is
// refused, and what is tried again then goes through the other one.
func TestFailover(t *testing.T) {
	cfg := twoAccounts(t, 24*60, inTurn(time.Hour))
	cfg.Senders[0].Traffic.Kind = sim.Constant
	pausing(&cfg, 10*time.Hour+30*time.Minute+time.Second)
	r := outcome(t, cfg)
	want := []sim.Turn{{At: 11 * time.Hour, Account: 1}, {At: 35 * time.Hour, Account: 0}}
	if len(r.Turns) != 2 || r.Turns[0] != want[0] || r.Turns[1] != want[1] {
		t.Errorf("turns %v, want %v", r.Turns, want)
	}
	if s := &r.Senders[0]; s.GivenUp != 29 || r.Accounts[1].Accepted != 24*60 || s.Refused != r.Accounts[0].Refused {
		t.Errorf("%d given up, want those due in 29 minutes; %d accepted by the other account", s.GivenUp, r.Accounts[1].Accepted)
	}

	retry := sim.Retry{First: time.Minute, Factor: 2000, Cap: time.Hour, Attempts: 10}
	retry.On[ses.RefusedPaused] = true
	cfg.Senders[0].Retry = retry
	r = outcome(t, cfg)
	s, other := &r.Senders[0], &r.Shares[1]
	if s.GivenUp != 0 || s.Waiting != 0 || s.Late != 29 || other.Late != 29 || other.Due != 24*60+29 || r.Shares[0].Waiting != 0 {
		t.Errorf("%d given up, %d waiting, %d late; through the other account %+v", s.GivenUp, s.Waiting, s.Late, other.Counts)
	}
}

// TestFailoverStays pauses both accounts: the sender stays where it is. Then the other one
// resumes, and it turns; a paused configuration set counts as a paused account.
func TestFailoverStays(t *testing.T) {
	cfg := twoAccounts(t, 1000, inTurn(15*time.Minute))
	pausing(&cfg, time.Hour)
	cfg.Actions = append(cfg.Actions, sim.Action{At: 30 * time.Minute, Do: sim.DoPause, Account: 1},
		sim.Action{At: 2 * time.Hour, Do: sim.DoResume, Account: 1})
	r := outcome(t, cfg)
	want := []sim.Turn{{At: 2 * time.Hour, Account: 1}, {At: 25 * time.Hour, Account: 0}}
	if len(r.Turns) != 2 || r.Turns[0] != want[0] || r.Turns[1] != want[1] {
		t.Errorf("turns %v, want %v", r.Turns, want)
	}

	cfg = twoAccounts(t, 1000, inTurn(15*time.Minute))
	for i := range cfg.Accounts {
		cfg.Accounts[i].Sets = []sim.ConfigurationSet{{Name: "news", Paused: i == 0}}
		cfg.Senders[0].Accounts.Of[i].Set = 1
	}
	cfg.Senders[0].Set, cfg.Senders[0].Begin = 1, time.Hour
	r = outcome(t, cfg)
	if s := &r.Senders[0]; len(r.Turns) != 1 || r.Turns[0].At != time.Hour || s.Accepted != s.Due || r.Accounts[0].Due != 0 {
		t.Errorf("turns %v; %d of %d accepted", r.Turns, s.Accepted, s.Due)
	}
}

// TestOneListForAllAccounts has an address that does not exist. Once it has bounced through
// one account the sender writes to it through none.
func TestOneListForAllAccounts(t *testing.T) {
	for _, of := range []sim.Accounts{inShares(50 * unit.Percent), inTurn(time.Hour)} {
		cfg := twoAccounts(t, 5000, of)
		cfg.Audiences[0] = sim.Audience{Name: "dead", Size: 50, Domain: "dead.example", Invalid: unit.Whole}
		if s := &outcome(t, cfg).Senders[0]; s.Removed != 50 || s.HardBounced < 50 || s.Due > 1000 {
			t.Errorf("%d due, %d bounced, %d removed", s.Due, s.HardBounced, s.Removed)
		}
		cfg.Senders[0].RemoveBounced = false
		if s := &outcome(t, cfg).Senders[0]; s.SentAfterBounce < s.Accepted/2 || s.Removed != 0 {
			t.Errorf("%d of %d after a published bounce", s.SentAfterBounce, s.Accepted)
		}
	}
}

// TestAccountsOfClient sends a campaign that is due whole through a client, while the first
// account is paused for an hour: what the client calls for meanwhile goes through the other.
func TestAccountsOfClient(t *testing.T) {
	cfg := campaigning(t, 2, 100_000, client.Default())
	cfg.Clients[0].Workers.N, cfg.Clients[0].Latency = 1, fixed(500*time.Millisecond)
	of := inTurn(15 * time.Minute)
	cfg.Senders, cfg.Clients = cfg.Senders[:1], cfg.Clients[:1]
	cfg.Senders[0].Accounts, cfg.Senders[0].From = &of, "news@acme.example"
	cfg.Actions = append(cfg.Actions, sim.Action{At: time.Hour, Do: sim.DoPause}, sim.Action{At: 2 * time.Hour, Do: sim.DoResume})
	r := outcome(t, cfg)
	s, other := &r.Senders[0], &r.Shares[1]
	if math.Abs(float64(other.Accepted-2*3600)) > 2 || s.GivenUp != 0 || s.Due != 100_000 || s.Waiting != other.Waiting+r.Shares[0].Waiting {
		t.Errorf("%+v through the other account; all %+v", other.Counts, s.Counts)
	}
	if other.Waiting != 0 || s.Calls == nil || s.Calls.Accepted != s.Accepted {
		t.Errorf("%d wait at the other account; calls %+v", other.Waiting, s.Calls)
	}
	split := inShares(50 * unit.Percent)
	cfg.Senders[0].Accounts, cfg.Actions = &split, nil
	r = outcome(t, cfg)
	if a, b := r.Shares[0].Accepted, r.Shares[1].Accepted; math.Abs(float64(a-b)) > 4*math.Sqrt(float64(a+b)) || a+b != r.Senders[0].Accepted {
		t.Errorf("%d and %d accepted, want half each", a, b)
	}
}

// TestAccountsOfCampaign sends what goes through a list.
func TestAccountsOfCampaign(t *testing.T) {
	cfg := twoAccounts(t, 1000, inTurn(time.Hour))
	s := &cfg.Senders[0]
	s.Pick, s.Traffic = sim.Sequential, sim.Traffic{Kind: sim.Campaign, Rate: unit.Rate{N: 100, Per: time.Hour}, Every: day}
	pausing(&cfg, 2*time.Hour)
	r := outcome(t, cfg)
	if n := len(r.Senders[0].Campaigns); n != 3 || r.Accounts[1].Accepted < 900 || r.Senders[0].Messages < 2900 {
		t.Errorf("%d campaigns, %d accepted by the other account, %d messages", n, r.Accounts[1].Accepted, r.Senders[0].Messages)
	}
}
