package client_test

import (
	"testing"
	"time"

	"sesim/sim/client"
	"sesim/sim/rng"
)

const (
	ms     = time.Millisecond
	second = time.Second
	minute = time.Minute
)

// reasons of refusals, as the service below numbers them.
const (
	byRate  = 0
	byOther = 1
)

// bucket is SES as far as a client can tell: a token bucket of rate a second that
// holds depth tokens, full at first, may go into debt, and admits with one token.
type bucket struct {
	rate, depth int64
	level       int64 // in billionths of a token
	last        time.Duration
	refused     int64
}

func newBucket(rate, depth int64) *bucket {
	return &bucket{rate: rate, depth: depth, level: depth * int64(second)}
}

func (b *bucket) admit(now time.Duration, n int64) bool {
	elapsed := min(now-b.last, 1000*second)
	b.level = min(b.level+int64(elapsed)*b.rate, b.depth*int64(second))
	b.last = now
	if b.level < int64(second) {
		b.refused++
		return false
	}
	b.level -= n * int64(second)
	return true
}

// offer is count messages of a sender that are due at a moment.
type offer struct {
	at     time.Duration
	sender int32
	count  int64
}

// call is a call as it was decided.
type call struct {
	client.Event
	at       time.Duration // when it was decided
	accepted bool
}

// outcome is what became of a run's messages.
type outcome struct {
	calls    []call
	accepted int64
	lost     [client.Reasons]int64
	delay    time.Duration // sum of the accepted messages'
	last     time.Duration // when the last one was settled
	counts   client.Counts
	client   *client.Client
}

func (o *outcome) givenUp() (n int64) {
	for _, count := range o.lost {
		n += count
	}
	return n
}

// refused returns the number of calls that were refused.
func (o *outcome) refused() int64 { return int64(len(o.calls)) - o.accepted }

// setting is that of a client at an account of the given rate.
func setting(rate int64, seed uint64) client.Setting {
	return client.Setting{Rate: rate, Draws: rng.Of(seed, "client", "test")}
}

func newSender(seed uint64, name string) client.Sender {
	key := rng.Of(seed, "sender", name).For
	return client.Sender{Latency: key("latency"), Jitter: key("jitter"), Requeue: key("requeue")}
}

// drive runs a client until the messages of the offers, which are in order, are
// settled, or until a moment.
func drive(t testing.TB, cfg client.Config, s client.Setting, senders []client.Sender, offers []offer, until time.Duration,
	decide func(now time.Duration, e client.Event) client.Answer) outcome {
	t.Helper()
	if err := cfg.Check(); err != nil {
		t.Fatal(err)
	}
	c := client.New(&cfg, senders, s)
	numbers := make([]int64, len(senders))
	out := outcome{client: c}
	for {
		now := c.Next()
		if len(offers) > 0 && offers[0].at <= now && offers[0].at < until {
			o := offers[0]
			offers = offers[1:]
			c.Offer(o.at, o.sender, numbers[o.sender], o.count, 0)
			numbers[o.sender] += o.count
			continue
		}
		if now >= until {
			break
		}
		for e, ok := c.Step(now); ok; e, ok = c.Step(now) {
			out.handle(c, now, *e, decide)
		}
	}
	out.counts = c.Counts()
	return out
}

func (o *outcome) handle(c *client.Client, now time.Duration, e client.Event, decide func(time.Duration, client.Event) client.Answer) {
	if e.Kind == client.Begun {
		c.Begin(uint32(e.Number) + 1)
		return
	}
	if e.Kind == client.Lost {
		o.lost[e.Reason] += e.Count
		o.last = now
		return
	}
	if e.Ref != uint32(e.Number)+1 {
		panic("an event with the ref of another message")
	}
	a := decide(now, e)
	verdict, why := c.Answer(a)
	o.calls = append(o.calls, call{e, now, a.Accepted})
	switch verdict {
	case client.Done:
		o.accepted++
		o.delay += now - e.Due
		o.last = now
	case client.GivenUp:
		o.lost[why]++
		o.last = now
	}
}

// at returns SES's decisions by a bucket for messages to one recipient.
func (b *bucket) at(now time.Duration, e client.Event) client.Answer {
	ok := b.admit(now, 1)
	return client.Answer{Accepted: ok, Throttled: !ok, Reason: byRate}
}

// once is n messages that are due at the begin.
func once(n int64) []offer { return []offer{{count: n}} }

// every is n messages a second apart from each other by the inverse of a rate.
func every(rate, n int64) []offer {
	list := make([]offer, n)
	for i := range list {
		list[i] = offer{at: time.Duration(int64(i) * int64(second) / rate), count: 1}
	}
	return list
}

// poisson is n messages of a Poisson process.
func poisson(rate float64, n int64, seed uint64) []offer {
	draws := rng.Derive(seed, "test", "arrivals", "gaps").Stream()
	list := make([]offer, n)
	at := time.Duration(0)
	for i := range list {
		at += time.Duration(float64(draws.Gap(perSecond)) / rate)
		list[i] = offer{at: at, count: 1}
	}
	return list
}
