package client_test

import (
	"math"
	"slices"
	"testing"
	"time"

	"sesim/sim/client"
)

// waits returns how long each message waited for its start.
func waits(calls []call) (sum time.Duration) {
	for _, c := range calls {
		sum += c.Started - c.Due
	}
	return sum
}

// TestQueueingTheory: Poisson arrivals at c workers with a constant latency. M/D/1 is
// exact; M/D/2 is that of clients.md's simulation, 98.6 ms.
func TestQueueingTheory(t *testing.T) {
	for _, c := range []struct {
		workers int64
		rate    float64
		latency time.Duration
		want    float64 // mean wait in seconds
	}{
		{1, 10, 50 * ms, 0.05 * 0.5 / (2 * 0.5)},
		{1, 16, 50 * ms, 0.05 * 0.8 / (2 * 0.2)},
		{2, 10, 150 * ms, 0.0986},
	} {
		cfg := client.Default()
		cfg.Workers.N, cfg.Latency = c.workers, fixedLatency(c.latency)
		out := drive(t, cfg, setting(14, 1), []client.Sender{newSender(1, "a")}, poisson(c.rate, 400_000, 7), long, everything)
		near(t, "mean wait", waits(out.calls).Seconds()/400_000, c.want, 0.03)
	}
}

// TestLimiterIsAServer: a bucket of one in front of Poisson arrivals is M/D/1.
func TestLimiterIsAServer(t *testing.T) {
	cfg := client.Default()
	cfg.Limiters = []client.Limiter{{N: client.Count{N: 14}, Per: second, Burst: client.Count{N: 1}}}
	out := drive(t, cfg, setting(14, 1), []client.Sender{newSender(1, "a")}, poisson(10, 400_000, 5), long, everything)
	rho := 10. / 14
	near(t, "mean wait", waits(out.calls).Seconds()/400_000, rho/14/(2*(1-rho)), 0.03)
}

// TestErlang: Poisson arrivals at three workers with latencies whose logarithm has a
// standard deviation such that the coefficient of variation is 1: near Erlang C.
func TestErlang(t *testing.T) {
	const workers, rate, mean = 3, 24., 0.1
	a := rate * mean
	sum, term := 0., 1.
	for k := range workers {
		sum += term
		term *= a / float64(k+1)
	}
	last := term * workers / (workers - a)
	want := last / (sum + last) / (workers/mean - rate)
	cfg := client.Default()
	cfg.Workers.N, cfg.Latency = workers, client.Latency{Mean: 100 * ms, Sigma: 833} // e^(0.833²) - 1 = 1
	out := drive(t, cfg, setting(14, 1), []client.Sender{newSender(1, "a")}, poisson(rate, 400_000, 3), long, everything)
	near(t, "mean wait", waits(out.calls).Seconds()/400_000, want, 0.08)
}

// TestLittle: the mean number of messages is their rate times their mean time, by
// counting both.
func TestLittle(t *testing.T) {
	cfg := client.Default()
	cfg.Workers.N, cfg.Latency = 4, client.Latency{Mean: 200 * ms, Sigma: 500}
	cfg.Retry = []client.Layer{sdk(3, client.FullJitter, second, 2*second)}
	b := newBucket(14, 14)
	const n = 20_000
	out := drive(t, cfg, setting(14, 1), []client.Sender{newSender(1, "a")}, poisson(12, n, 3), long, b.at)
	var area, inside time.Duration
	type step struct {
		at time.Duration
		by int
	}
	var steps []step
	for _, c := range out.calls {
		if c.Attempt == 0 {
			steps = append(steps, step{c.Due, 1})
		}
		if c.accepted {
			steps = append(steps, step{c.at, -1})
			inside += c.at - c.Due
		}
	}
	slices.SortFunc(steps, func(a, b step) int { return int(a.at - b.at) })
	messages, last := 0, time.Duration(0)
	for _, s := range steps {
		area += time.Duration(messages) * (s.at - last)
		messages, last = messages+s.by, s.at
	}
	if out.accepted != n || area != inside {
		t.Errorf("%d accepted, area %v, times %v", out.accepted, area, inside)
	}
	near(t, "messages", area.Seconds()/last.Seconds(), n/last.Seconds()*out.delay.Seconds()/n, 1e-9)
}

// TestWorkersAreNotExceeded: no moment has more calls under way than workers, and with
// all busy there are exactly as many.
func TestWorkersAreNotExceeded(t *testing.T) {
	cfg := client.Default()
	cfg.Workers.N, cfg.Processes, cfg.Latency = 5, 3, client.Latency{Mean: 100 * ms, Sigma: 1000}
	cfg.Retry = []client.Layer{sdk(3, client.FullJitter, second, 2*second)}
	b := newBucket(100, 100)
	out := drive(t, cfg, setting(14, 1), []client.Sender{newSender(1, "a")}, once(5000), long, b.at)
	most := 0
	for i, c := range out.calls {
		now := 0
		for _, o := range out.calls[i:min(i+1000, len(out.calls))] {
			if o.Started <= c.at && o.at >= c.at {
				now++
			}
		}
		most = max(most, now)
	}
	if most > 16 { // the one that ends and those that begin then
		t.Errorf("%d calls at once", most)
	}
	if most < 15 {
		t.Errorf("at most %d calls at once", most)
	}
}

// TestConservation: every message is accepted, given up or waits, with every primitive
// at once.
func TestConservation(t *testing.T) {
	cfg := client.Default()
	cfg.Workers.N, cfg.Processes = 7, 2
	cfg.Latency = client.Latency{Mean: 100 * ms, Floor: 20 * ms, Sigma: 700}
	cfg.Connection = client.Connection{Setup: 30 * ms, Max: 6, MaxMessages: 20, Idle: 5 * second, Wait: 2 * second, Reconnect: true}
	cfg.Limiters = []client.Limiter{
		{Name: "a", N: client.Count{N: 15}, Per: second, Burst: client.Count{N: 5}, Retries: true, Shared: true},
		{Name: "b", Kind: client.Log, N: client.Count{N: 600}, Per: minute, Full: client.Full{Policy: client.RequeueReset, Plus: 3 * second}},
	}
	cfg.Rest = client.Rest{After: client.Count{N: 500}, Rest: second, All: true, Barrier: true}
	cfg.Adaptive = true
	inner := sdk(3, client.FullJitter, second, 2*second)
	inner.Quota = client.Quota{Size: 500, Throttle: 5, Other: 14, Success: 1}
	outer := sdk(4, client.PlusJitter, 3*second)
	outer.Hold, outer.Poll = false, client.Poll{Least: 2 * second, Most: 3 * second}
	cfg.Retry = []client.Layer{inner, outer}
	s := setting(14, 1)
	s.Session = client.Session{Idle: 10 * second, MaxMessages: 100}
	b := newBucket(10, 10)
	until := 400 * second
	out := drive(t, cfg, s, []client.Sender{newSender(1, "a")}, append(once(2000), every(5, 5000)...), until, b.at)
	offered := int64(2000 + until.Seconds()*5)
	if got := out.accepted + out.givenUp() + out.counts.Waiting + out.counts.InFlight; got != offered {
		t.Errorf("%d messages were due; %d accepted, %d given up, %d waiting, %d in flight: %d",
			offered, out.accepted, out.givenUp(), out.counts.Waiting, out.counts.InFlight, got)
	}
	if out.counts.GivenUp != out.lost {
		t.Errorf("given up: %v, by the events %v", out.counts.GivenUp, out.lost)
	}
	if got := int64(len(out.calls)) + out.counts.InFlight; got != out.counts.Calls {
		t.Errorf("%d calls counted, %d seen", out.counts.Calls, got)
	}
}

// TestNoAllocation: a client that has reached its size allocates nothing for a call.
func TestNoAllocation(t *testing.T) {
	cfg := client.Default()
	cfg.Workers.N, cfg.Latency, cfg.Adaptive = 20, client.Latency{Mean: 100 * ms, Sigma: 500}, true
	cfg.Connection.Setup, cfg.Connection.MaxMessages = 10*ms, 50
	cfg.Limiters = []client.Limiter{{N: client.Count{N: 20}, Per: second, Burst: client.Count{N: 3}, Retries: true}}
	cfg.Retry = []client.Layer{sdk(3, client.FullJitter, second, 2*second), sdk(3, client.FullJitter, second)}
	cfg.Retry[1].Hold = false
	c := client.New(&cfg, []client.Sender{newSender(1, "a")}, setting(14, 1))
	b := newBucket(10, 10)
	number, next := int64(0), time.Duration(0)
	send := func() {
		c.Offer(next, 0, number, 1, 1)
		number++
		for next += 90 * ms; c.Next() < next; {
			now := c.Next()
			for e, ok := c.Step(now); ok; e, ok = c.Step(now) {
				if e.Kind == client.Decide {
					c.Answer(b.at(now, *e))
				}
			}
		}
	}
	for range 5000 {
		send()
	}
	if n := testing.AllocsPerRun(5000, send); n > 0 {
		t.Errorf("%v allocations a message", n)
	}
}

// TestSameInstant: a million messages at once, and a million workers for them.
func TestSameInstant(t *testing.T) {
	if testing.Short() {
		t.Skip("a million workers")
	}
	cfg := client.Default()
	cfg.Workers.N, cfg.Latency = client.MaxWorkers, fixedLatency(second)
	out := drive(t, cfg, setting(14, 1), []client.Sender{newSender(1, "a")}, once(1_000_000), long, everything)
	if out.accepted != 1_000_000 || out.last != second {
		t.Errorf("%d accepted until %v", out.accepted, out.last)
	}
	if math.Abs(rate(out.calls)) < 1e6 { // all start at once
		t.Errorf("a rate of %v", rate(out.calls))
	}
}
