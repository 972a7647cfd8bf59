package client_test

import (
	"math"
	"testing"
	"time"

	"sesim/sim/client"
	"sesim/sim/rng"
	"sesim/sim/unit"
)

var perSecond = rng.MeanOf(unit.Rate{N: 1, Per: second})

// fixedLatency is the same for all calls.
func fixedLatency(d time.Duration) client.Latency {
	return client.Latency{Spread: unit.Spread{Median: d, Upper: d, Tail: 99}}
}

// near fails unless a value is within a share of what was wanted.
func near(t *testing.T, what string, got, want, share float64) {
	t.Helper()
	t.Logf("%s: %.6g, wanted %.6g", what, got, want)
	if math.Abs(got-want) > share*math.Abs(want) {
		t.Errorf("%s: %.6g, want %.6g within %.3g %%", what, got, want, 100*share)
	}
}

// rate is calls a second from the first start to the last.
func rate(calls []call) float64 {
	first, last := calls[0].Started, calls[len(calls)-1].Started
	return float64(len(calls)-1) / (last - first).Seconds()
}

var everything = func(time.Duration, client.Event) client.Answer { return client.Answer{Accepted: true} }

func listmonk(workers, perSecond int64, latency client.Latency) client.Config {
	c := client.Default()
	c.Workers.N, c.Latency = workers, latency
	c.Rest = client.Rest{After: client.Count{N: perSecond}, Rest: second}
	return c
}

const long = 1000 * time.Hour

// TestWorkersThatRest: λ = C·m/(m·L+1).
func TestWorkersThatRest(t *testing.T) {
	for _, c := range []struct {
		workers, m int64
		latency    client.Latency
		want       float64
	}{
		{25, 2, fixedLatency(second), 50. / 3},
		{25, 1, fixedLatency(second), 12.5},
		{25, 2, client.Latency{Mean: second, Sigma: 500}, 50. / 3},
		{25, 2, client.Latency{Mean: second, Floor: 150 * ms, Sigma: 400}, 50. / 3},
	} {
		out := drive(t, listmonk(c.workers, c.m, c.latency), setting(14, 1), []client.Sender{newSender(1, "a")}, once(100_000), long, everything)
		near(t, "calls a second", rate(out.calls), c.want, 0.01)
	}
}

// TestListmonkDefaults: about half of the mail is refused for good.
func TestListmonkDefaults(t *testing.T) {
	for _, n := range []int64{1000, 20_000} {
		for _, mean := range []time.Duration{250 * ms, 270 * ms, 290 * ms} {
			b := newBucket(14, 14)
			out := drive(t, listmonk(10, 10, client.Latency{Mean: mean, Sigma: 500}), setting(14, 2), []client.Sender{newSender(2, "a")}, once(n), long, b.at)
			lost := float64(out.givenUp()) / float64(n)
			t.Logf("%d messages, mean latency %v: %.2f %% lost", n, mean, 100*lost)
			if lost < 0.45 || lost > 0.55 {
				t.Errorf("%d messages, mean latency %v: %.2f %% lost", n, mean, 100*lost)
			}
		}
	}
}

func sdk(attempts int, kind client.JitterKind, waits ...time.Duration) client.Layer {
	return client.Layer{On: 1 << byRate, Attempts: attempts, Waits: waits, Jitter: client.Jitter{Kind: kind}, Hold: true}
}

// TestHundredAtOnce: 100 calls at once on 14 a second.
func TestHundredAtOnce(t *testing.T) {
	standard := client.Quota{Size: 500, Throttle: 5, Other: 14, Success: 1}
	for name, c := range map[string]struct {
		layer  client.Layer
		quota  bool
		apart  float64 // accepted if each message has an SDK client of its own
		shared float64 // with one retry quota for all; the 2026 one is the SDK for Go's, see TestSDKHundredAtOnce
	}{
		"boto3-legacy": {sdk(5, client.FullJitter, second, 2*second, 4*second, 8*second), false, 99, 0},
		"go2-2025":     {sdk(3, client.FullJitter, 2*second, 4*second), true, 84, 70.6},
		"net-legacy":   {sdk(5, client.NoJitter, 400*ms, 1600*ms, 6400*ms, 25600*ms), true, 63, 40},
		"java2":        {sdk(4, client.EqualJitter, 500*ms, second, 2*second), false, 63, 0},
		"aws-sdk-2026": {sdk(3, client.FullJitter, second, 2*second), true, 54, 44.5},
		"ruby-legacy":  {sdk(4, client.NoJitter, 300*ms, 600*ms, 1200*ms), false, 43, 0},
		"js3-2025":     {sdk(3, client.FullJitter, 500*ms, second), true, 36, 30.1},
		"js2":          {sdk(4, client.FullJitter, 100*ms, 200*ms, 400*ms), false, 27, 0},
		"none":         {sdk(1, client.NoJitter), false, 14, 0},
	} {
		for _, shared := range []bool{false, true} {
			want := c.apart
			if shared {
				want = c.shared
				c.layer.Quota = standard
			}
			if shared && !c.quota {
				continue
			}
			sum := 0.
			for seed := range uint64(50) {
				cfg := client.Default()
				cfg.Latency, cfg.Retry = fixedLatency(50*ms), []client.Layer{c.layer}
				b := newBucket(14, 14)
				out := drive(t, cfg, setting(14, seed), one(seed), once(100), long, b.at)
				sum += float64(out.accepted) / 50
			}
			within(t, name, sum, want, 4)
		}
	}
}

// TestAdaptive: threads of 0.1 s on 14 a second settle below the rate, with a throttle
// each 2 to 3 s. With 50 threads the cycle is shorter, as it is for the SDK for Go
// v1.48.0, which TestSDKAdaptive runs.
func TestAdaptive(t *testing.T) {
	for threads, want := range map[int64]float64{5: 0.36, 20: 0.36, 50: 0.42} {
		cfg := client.Default()
		cfg.Workers.N, cfg.Latency, cfg.Adaptive = threads, fixedLatency(100*ms), true
		cfg.Retry = []client.Layer{sdk(3, client.FullJitter, second, 2*second)}
		b := newBucket(14, 14)
		out := drive(t, cfg, setting(14, 1), []client.Sender{newSender(1, "a")}, once(20_000), long, b.at)
		near(t, "accepted a second", float64(out.accepted)/out.last.Seconds(), 13.98, 0.02)
		near(t, "throttles a second", float64(out.refused())/out.last.Seconds(), want, 0.15)
		if out.givenUp() > 1 {
			t.Errorf("%d lost", out.givenUp())
		}
	}
}

// within fails unless a value is at most so far from what was wanted.
func within(t *testing.T, what string, got, want, by float64) {
	t.Helper()
	t.Logf("%s: %.6g, wanted %.6g", what, got, want)
	if math.Abs(got-want) > by {
		t.Errorf("%s: %.6g, want %.6g within %.3g", what, got, want, by)
	}
}

// paced is a client with one limiter.
func paced(l client.Limiter) client.Config {
	cfg := client.Default()
	if l.Kind == client.Bucket && l.Burst == (client.Count{}) {
		l.Burst.N = 1
	}
	if l.Per == 0 {
		l.Per = second
	}
	cfg.Limiters = []client.Limiter{l}
	return cfg
}

func one(seed uint64) []client.Sender { return []client.Sender{newSender(seed, "a")} }

// severalRecipients gives each message one or two recipients, with the given mean in
// hundredths.
func (b *bucket) severalRecipients(hundredths uint64) func(time.Duration, client.Event) client.Answer {
	draws := rng.Derive(1, "test", "recipients", "draws")
	return func(now time.Duration, e client.Event) client.Answer {
		n := int64(hundredths / 100)
		if draws.At(uint64(e.Number))%100 < hundredths%100 {
			n++
		}
		ok := b.admit(now, n)
		return client.Answer{Accepted: ok, Throttled: !ok}
	}
}

// TestJobsAreNotRecipients: a limiter counts calls, SES recipients. With a queue that is
// never empty the limiter passes nearly n jobs a second, and SES refuses what is beyond
// 14 recipients a second.
func TestJobsAreNotRecipients(t *testing.T) {
	for _, c := range []struct {
		jobs       int64
		recipients uint64
	}{{12, 120}, {10, 120}, {12, 150}, {10, 150}, {12, 100}, {10, 100}} {
		cfg := paced(client.Limiter{Kind: client.Log, N: client.Count{N: c.jobs}, Full: client.Full{Policy: client.Requeue, Least: second, Most: 5 * second}})
		cfg.Latency = fixedLatency(50 * ms)
		b := newBucket(14, 14)
		const n = 5000
		out := drive(t, cfg, setting(14, 1), one(1), once(n), long, b.severalRecipients(c.recipients))
		beyond := max(0, 1-14/(float64(c.jobs)*float64(c.recipients)/100))
		within(t, "per cent refused", 100*float64(out.refused())/n, 100*beyond, 1.5)
		if c.recipients == 100 && out.refused() > 0 {
			t.Errorf("%d jobs a second to one recipient each: %d refused", c.jobs, out.refused())
		}
	}
}

// TestLoopAroundAnSDK: a loop of ten around four attempts loses nobody of a hundred.
func TestLoopAroundAnSDK(t *testing.T) {
	cfg := client.Default()
	cfg.Workers.N, cfg.Latency = 100, fixedLatency(50*ms)
	cfg.Retry = []client.Layer{sdk(4, client.EqualJitter, 500*ms, second, 2*second), sdk(10, client.NoJitter, 0)}
	b := newBucket(14, 14)
	out := drive(t, cfg, setting(14, 1), one(1), once(100), long, b.at)
	if out.accepted != 100 {
		t.Errorf("%d accepted", out.accepted)
	}
	within(t, "the last is accepted after", out.last.Seconds(), 6.8, 0.7)
	within(t, "calls", float64(len(out.calls)), 452, 45)
}

// TestRateAsConcurrency: fourteen workers on 14 a second. Their latencies differ a
// little; with one latency for all they are in step.
func TestRateAsConcurrency(t *testing.T) {
	for latency, want := range map[time.Duration]float64{30 * ms: 38, 50 * ms: 43, 100 * ms: 54, 144 * ms: 63} {
		cfg := client.Default()
		cfg.Workers.Rate, cfg.Latency = client.Million, client.Latency{Mean: latency, Sigma: 300}
		cfg.Retry = []client.Layer{sdk(4, client.FullJitter, 100*ms, 200*ms, 400*ms)}
		b := newBucket(14, 14)
		out := drive(t, cfg, setting(14, 1), one(1), once(20_000), long, b.at)
		within(t, "per cent accepted", float64(out.accepted)/200, want, 2)
	}
}

// TestOpenLoad: no limiter, no retries.
func TestOpenLoad(t *testing.T) {
	for _, c := range []struct {
		name                 string
		rate, depth, load, n int64
		accepted             int64
	}{
		{"1,352 at 33 a second on 14", 14, 14, 33, 1352, 587}, {"1,500 at 150 a second on 5", 5, 5, 150, 1500, 55},
	} {
		b := newBucket(c.rate, c.depth)
		out := drive(t, client.Default(), setting(c.rate, 1), one(1), every(c.load, c.n), long, b.at)
		within(t, c.name, float64(out.accepted), float64(c.accepted), 1)
	}
	for _, c := range []struct {
		rate, depth, load int64
		first             float64
	}{{200, 200, 280, 2.49}, {100, 1000, 116, 61.5}} {
		cfg := paced(client.Limiter{N: client.Count{N: c.load}})
		b := newBucket(c.rate, c.depth)
		out := drive(t, cfg, setting(c.rate, 1), one(1), once(20_000), long, b.at)
		for _, made := range out.calls {
			if !made.accepted {
				near(t, "first refusal after", made.at.Seconds(), float64(c.depth-1)/float64(c.load-c.rate), 0.01)
				break
			}
		}
	}
}

// TestLimiterPerWorker: two processes, each with its own limiter of the whole rate.
func TestLimiterPerWorker(t *testing.T) {
	cfg := paced(client.Limiter{N: client.Count{Rate: client.Million}})
	cfg.Workers.N, cfg.Processes = 1, 2
	b := newBucket(14, 14)
	out := drive(t, cfg, setting(14, 1), one(1), once(14_000), long, b.at)
	within(t, "per cent refused", float64(out.refused())/140, 49.9, 0.5)
	cfg.Limiters[0].Shared = true
	b = newBucket(14, 14)
	out = drive(t, cfg, setting(14, 1), one(1), once(14_000), long, b.at)
	if out.refused() != 0 {
		t.Errorf("with a shared limiter %d are refused", out.refused())
	}
}

// TestPoissonOnABucket: the loss of M/D/1 with a full queue of 13.
func TestPoissonOnABucket(t *testing.T) {
	if testing.Short() {
		t.Skip("six million calls, on one goroutine")
	}
	for rate, want := range map[float64]float64{10: 5.7e-5, 12: 2.6e-3, 13: 1.0e-2} {
		b := newBucket(14, 14)
		out := drive(t, client.Default(), setting(14, 1), one(1), poisson(rate, 2_000_000, 11), long, b.at)
		near(t, "share refused", float64(out.refused())/2_000_000, want, 0.25)
	}
}

// TestClumpsInWindows: n starts 25 ms apart, somewhere in each second. Two clumps are
// free if 2n ≤ 14 + 14·(their span in seconds): for n ≤ 10 wherever they are.
func TestClumpsInWindows(t *testing.T) {
	for _, c := range []struct {
		n           int64
		random      bool
		least, most float64 // of 14,000
	}{{10, true, 0, 0}, {11, true, 0.1, 60}, {12, true, 0.1, 60}, {13, true, 107 * 0.8, 107 * 1.2}, {14, true, 453 * 0.85, 453 * 1.15}, {14, false, 0, 0}} {
		refused := 0.
		for seed := range uint64(10) {
			cfg := paced(client.Limiter{Kind: client.Window, N: client.Count{N: c.n}, Clock: true, Random: c.random, Spacing: 25 * ms})
			b := newBucket(14, 14)
			out := drive(t, cfg, setting(14, seed), one(seed), once(14_000), long, b.at)
			refused += float64(out.refused()) / 10
		}
		t.Logf("%d a window: %.1f refused", c.n, refused)
		if refused < c.least || refused > c.most {
			t.Errorf("%d a window, anywhere %v: %.1f of 14,000 refused, want %.1f to %.1f", c.n, c.random, refused, c.least, c.most)
		}
	}
}

// TestWindowOfAMinute: 840 a minute is not 14 a second.
func TestWindowOfAMinute(t *testing.T) {
	cfg := paced(client.Limiter{Kind: client.Window, N: client.Count{N: 840}, Per: minute})
	cfg.Workers.N, cfg.Latency = 1, fixedLatency(ms)
	b := newBucket(14, 14)
	out := drive(t, cfg, setting(14, 1), one(1), once(14_280), long, b.at)
	within(t, "per cent accepted of the first 840", 100*float64(out.accepted)/14_280, 100*25./840, 1)
}

// TestBucketsAfterIdling: a client's bucket of more tokens than SES's loses the difference.
func TestBucketsAfterIdling(t *testing.T) {
	for name, c := range map[string]struct {
		burst   client.Count
		refused int64
	}{
		"Guava, r + 1":  {client.Count{Rate: client.Million, Plus: 1}, 1},
		"x/time, b = r": {client.Count{N: 14}, 0}, "x/time, b = 2 r": {client.Count{N: 28}, 14},
	} {
		b := newBucket(14, 14)
		out := drive(t, paced(client.Limiter{N: client.Count{Rate: client.Million}, Burst: c.burst}), setting(14, 1), one(1), once(1400), long, b.at)
		if out.refused() != c.refused {
			t.Errorf("%s: %d refused, want %d", name, out.refused(), c.refused)
		}
	}
}

// TestDjangoSES: a log of 2·r·f + 1 starts in two seconds, one worker.
func TestDjangoSES(t *testing.T) {
	for _, c := range []struct {
		factor  int64
		rate    float64
		refused float64
	}{{client.Million, 7.5, 0}, {2 * client.Million, 14.65, 551}} {
		cfg := paced(client.Limiter{Kind: client.Log, N: client.Count{Rate: c.factor, Plus: 1}, Per: 2 * second})
		cfg.Workers.N, cfg.Latency = 1, fixedLatency(20*ms)
		b := newBucket(14, 14)
		out := drive(t, cfg, setting(14, 1), one(1), once(2000), long, b.at)
		near(t, "calls a second", rate(out.calls), c.rate, 0.01)
		within(t, "refused", float64(out.refused()), c.refused, 0.03*c.refused)
	}
}

// TestNodemailerPool: five connections of 0.15 s.
func TestNodemailerPool(t *testing.T) {
	for n, want := range map[int64]float64{0: 33.3, 14: 14} {
		cfg := client.Default()
		if n > 0 {
			cfg = paced(client.Limiter{Kind: client.Window, N: client.Count{N: n}})
		}
		cfg.Workers.N, cfg.Latency = 5, fixedLatency(150*ms)
		b := newBucket(14, 14)
		out := drive(t, cfg, setting(14, 1), one(1), once(20_000), long, b.at)
		near(t, "calls a second", rate(out.calls), want, 0.01)
		if n > 0 && out.refused() > 0 {
			t.Errorf("%d refused", out.refused())
		}
	}
}
