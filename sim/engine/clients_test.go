package engine_test

import (
	"maps"
	"reflect"
	"slices"
	"testing"
	"time"

	"sesim/sim"
	"sesim/sim/client"
	"sesim/sim/engine"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// fixed is a latency without spread.
func fixed(d time.Duration) client.Latency {
	return client.Latency{Spread: unit.Spread{Median: d, Upper: d, Tail: 99}}
}

// campaigning is a scenario of accounts with a rate of 14 a second, each of which
// sends a campaign of that many messages through a client of its own.
func campaigning(t *testing.T, accounts int, messages int64, of client.Config) sim.Config {
	t.Helper()
	c := traffic(t, 1, messages, 1)
	account, audience, sender := c.Accounts[0], c.Audiences[0], c.Senders[0]
	c.Accounts, c.Audiences, c.Senders = nil, nil, nil
	for i := range accounts {
		name := string(rune('a' + i))
		account.Name, audience.Name, audience.Local, sender.Name = name, name, name, name
		account.Rate, account.Quota, audience.Size = 14, -1, messages
		audience.Decay, audience.DecayPer, audience.Invalid = 0, 0, 0
		sender.Account, sender.Audience, sender.Client = i, i, i+1
		sender.Traffic = sim.Traffic{Kind: sim.Campaign, Rate: unit.Rate{N: 14, Per: time.Second}, Whole: true}
		sender.Pick, sender.Retry = sim.Sequential, sim.Retry{}
		c.Accounts, c.Audiences, c.Senders = append(c.Accounts, account), append(c.Audiences, audience), append(c.Senders, sender)
		c.Clients = append(c.Clients, sim.Client{Name: name, Config: of})
	}
	return c
}

func outcome(t *testing.T, cfg sim.Config) *sim.Result {
	t.Helper()
	r, err := engine.Run(cfg, sim.Hooks{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// A campaign that is due as a whole goes to those who are on the list then, though many
// join before it has ended; the next one goes to all of them.
func TestWholeCampaignOfAGrowingList(t *testing.T) {
	slow := client.Default()
	slow.Workers.N, slow.Latency = 1, fixed(4*time.Minute)
	c := campaigning(t, 1, 100, slow)
	c.Horizon = 30 * time.Hour
	c.Audiences[0].Growth = sim.Growth{Rate: unit.Rate{N: 10, Per: time.Hour}, Limit: 150}
	c.Senders[0].Traffic.Every = 10 * time.Hour
	s := outcome(t, c).Senders[0]
	if len(s.Campaigns) != 3 || s.Messages != 100+150+150 || s.Accepted+s.Waiting != s.Due || s.Due != s.Messages {
		t.Errorf("%d messages to %d in %d campaigns, accepted %d, waiting %d", s.Messages, s.Due, len(s.Campaigns), s.Accepted, s.Waiting)
	}
}

// TestClientSends has listmonk's arithmetic: ten workers send ten mails back to back
// and rest for a second. In each round the bucket of 14 tokens takes 14 and what is
// refilled meanwhile; the others are lost.
func TestClientSends(t *testing.T) {
	listmonk := client.Default()
	listmonk.Workers.N, listmonk.Rest = 10, client.Rest{After: client.Count{N: 10}, Rest: time.Second}
	listmonk.Latency = fixed(286 * time.Millisecond)
	r := outcome(t, campaigning(t, 1, 1000, listmonk))
	s := &r.Senders[0]
	if s.Accepted != 500 || s.GivenUp != 500 || s.Waiting != 0 || s.Refused[ses.RefusedRate] != 500 || s.Requests != 1000 {
		t.Errorf("accepted %d, given up %d, waiting %d, requests %d", s.Accepted, s.GivenUp, s.Waiting, s.Requests)
	}
	c := &r.Clients[0]
	if c.Calls != 1000 || c.GivenUp[client.Refused] != 500 || c.InFlight != 0 || c.Waiting != 0 {
		t.Errorf("%+v", c)
	}
}

// TestClientFigures compares the figures of a client that two senders share with the sums
// of theirs, and its last sample with them.
func TestClientFigures(t *testing.T) {
	of := client.Default()
	of.Workers.N, of.Latency = 10, fixed(500*time.Millisecond)
	of.Retry = []client.Layer{{On: 1 << ses.RefusedRate, Attempts: 2, Waits: []time.Duration{time.Second}}}
	cfg := campaigning(t, 2, 100, of)
	cfg.Senders[1].Client, cfg.Senders[1].Account, cfg.Horizon = 1, 0, 11500*time.Millisecond
	r := outcome(t, cfg)
	c, a, b := &r.Clients[0], r.Senders[0].Calls, r.Senders[1].Calls
	sum := client.Counts{Attempts: make([]int64, 2)}
	sum.Add(&a.Counts)
	sum.Add(&b.Counts)
	if !reflect.DeepEqual(sum, c.Counts) || a.Calls == 0 || b.Calls == 0 {
		t.Errorf("the senders have %+v, the client %+v", sum, c.Counts)
	}
	if c.Due != 200 || c.Due != c.Accepted+c.Lost()+c.Waiting+c.InFlight || c.Lost() == 0 || c.Calls != c.Accepted+c.Refused+c.InFlight {
		t.Errorf("%+v", c)
	}
	if n := a.GaveUp.Count() + b.GaveUp.Count(); n != c.Lost() || c.GaveUp.Count() != n || c.GaveUp.Min() < 10*time.Second {
		t.Errorf("%d of %d messages were lost, after %v or more", n, c.Lost(), c.GaveUp.Min())
	}
	if c.Delay.Count() != c.Accepted || c.Delay.Max() > c.OldestMax || c.OldestEnd != cfg.Horizon || c.OldestMax != c.OldestEnd {
		t.Errorf("%d delays up to %v; oldest %v, %v", c.Delay.Count(), c.Delay.Max(), c.OldestEnd, c.OldestMax)
	}
	if rate, ok := c.Rate(); !ok || rate != 20 || c.MostCalls != 20 {
		t.Errorf("%v calls a second, at most %d: want 10 workers / 0.5 s", rate, c.MostCalls)
	}
	want := []int64{c.Due, c.Accepted, c.Refused, c.Lost(), c.Waiting, c.InFlight}
	for i, metric := range sim.QueueMetrics {
		column := r.Queues.Find("a", metric)
		if n := len(column.Values); n != len(r.Queues.Times) || int64(column.Values[n-1]) != want[i] {
			t.Errorf("%s: %d samples, the last is %v, want %d", metric, n, column.Values[n-1], want[i])
		}
	}
}

// TestClientPeople checks that a client loses nobody: what is due is accepted, given
// up or waiting, in total and of the client, whenever the run ends; also if the list
// has become shorter than it was when the campaign was due.
func TestClientPeople(t *testing.T) {
	of := client.Default()
	of.Workers.N, of.Latency = 3, fixed(300*time.Millisecond)
	of.Retry = []client.Layer{{On: 1 << ses.RefusedRate, Attempts: 3, Waits: []time.Duration{time.Second}}}
	of.Limiters = []client.Limiter{{N: client.Count{N: 5}, Per: time.Second, Burst: client.Count{N: 5}, Full: client.Full{Policy: client.Drop}}}
	for _, end := range []time.Duration{time.Second, 10*time.Second + 1, time.Minute, time.Hour} {
		cfg := campaigning(t, 1, 1001, of)
		cfg.Horizon, cfg.Senders[0].Recipients = end, 2
		early := cfg.Senders[0]
		early.Name, early.Client, early.Recipients, early.Pick = "early", 0, 1, sim.Uniform
		early.Traffic = sim.Traffic{Kind: sim.Poisson, Rate: unit.Rate{N: 10, Per: time.Second}}
		early.Client = 1
		cfg.Senders = append(cfg.Senders, early)
		cfg.Audiences[0].Invalid, cfg.Senders[0].RemoveBounced = unit.Whole/3, true
		r := outcome(t, cfg)
		waiting := int64(0)
		for i := range r.Senders {
			s := &r.Senders[i]
			if s.Due != s.Accepted+s.GivenUp+s.Waiting || s.Accepted < 0 || s.Waiting < 0 {
				t.Errorf("until %v: %d due, %d accepted, %d given up, %d waiting", end, s.Due, s.Accepted, s.GivenUp, s.Waiting)
			}
			waiting += s.Waiting
		}
		if r.Senders[0].Due != 1001 {
			t.Errorf("%d due", r.Senders[0].Due)
		}
		c := &r.Clients[0]
		if gone := c.GivenUp[client.Dropped] > 0; !gone || (c.Waiting+c.InFlight > 0) != (waiting > 0) {
			t.Errorf("until %v: %+v with %d recipients waiting", end, c, waiting)
		}
	}
}

// TestClientPartitions compares the results of runs on one and two cores, and with an
// observer, of clients of their own and of one that two accounts share.
func TestClientPartitions(t *testing.T) {
	of := client.Default()
	of.Workers.N, of.Latency = 4, fixed(200*time.Millisecond)
	of.Retry = []client.Layer{{On: 1 << ses.RefusedRate, Attempts: 4, Waits: []time.Duration{time.Second}, Jitter: client.Jitter{Kind: client.FullJitter}, Hold: true}}
	of.Stop.Errors = 5
	cfg := campaigning(t, 4, 500, of)
	cfg.Senders[3].Client = 2
	cfg.Actions = append(cfg.Actions, sim.Action{At: time.Hour, Do: sim.DoResume, Client: 3})
	if got := engine.Partitions(&cfg); got != 3 {
		t.Fatalf("%d partitions: the two accounts of one client belong together", got)
	}
	var want *sim.Result
	for _, hooks := range []sim.Hooks{{Undivided: true}, {Workers: 1}, {Workers: 2}, {Observer: blindObserver{}}} {
		r, err := engine.Run(cfg, hooks)
		if err != nil {
			t.Fatal(err)
		}
		if want == nil {
			want = r
		}
		if !reflect.DeepEqual(r, want) {
			t.Errorf("%+v: another result", hooks)
		}
	}
}

// blindObserver looks at nothing.
type blindObserver struct{}

// Observe implements sim.Observer.
func (blindObserver) Observe(*sim.Record) {}

// TestClientPauses has a client that stops after three lost messages until it is
// resumed, and one that gives up the rest.
func TestClientPauses(t *testing.T) {
	of := client.Default()
	of.Workers.N, of.Latency, of.Stop.Errors = 1, fixed(50*time.Millisecond), 3
	cfg := campaigning(t, 1, 1000, of)
	paused := outcome(t, cfg)
	if s := &paused.Senders[0]; s.GivenUp != 3 || s.Waiting == 0 {
		t.Errorf("%d given up, %d waiting", s.GivenUp, s.Waiting)
	}
	cfg.Actions = []sim.Action{{At: time.Hour, Do: sim.DoResume, Client: 1}}
	resumed := outcome(t, cfg)
	if s := &resumed.Senders[0]; s.GivenUp != 6 || s.Accepted <= paused.Senders[0].Accepted {
		t.Errorf("resumed: %d given up, %d accepted", s.GivenUp, s.Accepted)
	}
	cfg.Clients[0].Stop.Abort = true
	aborted := outcome(t, cfg)
	if s := &aborted.Senders[0]; s.Waiting != 0 || s.GivenUp != 1000-s.Accepted {
		t.Errorf("aborted: %d given up, %d waiting", s.GivenUp, s.Waiting)
	}
}

// TestClientRepeats has campaigns that follow one another while the one before is not
// over: each writes to everybody once.
func TestClientRepeats(t *testing.T) {
	of := client.Default()
	of.Workers.N, of.Latency = 2, fixed(time.Second)
	of.Limiters = []client.Limiter{{N: client.Count{N: 1}, Per: time.Second, Burst: client.Count{N: 1},
		Full: client.Full{Policy: client.Requeue, Least: 0, Most: time.Minute}}}
	cfg := campaigning(t, 1, 100, of)
	cfg.Senders[0].Traffic.Every, cfg.Horizon = 2*time.Minute, 2*time.Hour
	seen := map[[2]int64]bool{}
	_, err := engine.Run(cfg, sim.Hooks{Observer: observed(func(r *sim.Record) {
		if r.Kind != sim.Sent {
			return
		}
		of := [2]int64{r.Message / 100, r.Recipients[0].Number}
		if seen[of] {
			t.Errorf("campaign %d sends to address %d twice", of[0], of[1])
		}
		seen[of] = true
	})})
	if err != nil {
		t.Fatal(err)
	}
	if len(seen) < 5000 {
		t.Errorf("only %d messages of 60 campaigns were sent", len(seen))
	}
}

type observed func(*sim.Record)

// Observe implements sim.Observer.
func (o observed) Observe(r *sim.Record) { o(r) }

// TestClientRecords has a message of each fate: the records say when it was due, when
// each call began, and why the client gave it up, once for each message that it lost.
func TestClientRecords(t *testing.T) {
	of := client.Default()
	of.Workers.N, of.Latency = 20, fixed(500*time.Millisecond)
	of.Retry = []client.Layer{{On: 1 << ses.RefusedRate, Attempts: 2, Waits: []time.Duration{0}, Hold: true}}
	of.Stop = client.Stop{Errors: 1, Abort: true}
	cfg := campaigning(t, 1, 40, of)
	cfg.Senders[0].Begin = time.Second
	begun, lost := map[int64][]time.Duration{}, map[client.Reason]int64{}
	r, err := engine.Run(cfg, sim.Hooks{Observer: observed(func(r *sim.Record) {
		switch r.Kind {
		case sim.Sent, sim.Refused:
			if r.Attempt != len(begun[r.Message]) || r.Due != time.Second || r.At-r.Started != 500*time.Millisecond {
				t.Errorf("call %d for message %d, due at %v and begun at %v, is decided at %v", r.Attempt, r.Message, r.Due, r.Started, r.At)
			}
			begun[r.Message] = append(begun[r.Message], r.Started)
		case sim.GaveUp:
			if r.Attempt != len(begun[r.Message]) || r.Due != time.Second || len(r.Recipients) != 1 {
				t.Errorf("message %d to %v, due at %v, is lost after %d calls, and %d were made", r.Message, r.Recipients, r.Due, r.Attempt, len(begun[r.Message]))
			}
			lost[r.Loss]++
		}
	})})
	if err != nil {
		t.Fatal(err)
	}
	c := &r.Clients[0]
	if lost[client.Stopped] != c.GivenUp[client.Stopped] || lost[client.Attempts] != c.GivenUp[client.Attempts] || lost[client.Attempts] != 1 ||
		lost[client.Stopped] == 0 || int64(len(lost)) != 2 {
		t.Errorf("the records tell %v lost, the result %v", lost, c.GivenUp)
	}
	want := []time.Duration{time.Second, 1500 * time.Millisecond}
	if !slices.ContainsFunc(slices.Collect(maps.Values(begun)), func(times []time.Duration) bool { return slices.Equal(times, want) }) {
		t.Errorf("no message has two calls that begin at %v: %v", want, begun)
	}
}
