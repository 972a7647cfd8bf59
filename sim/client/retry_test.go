package client

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"sesim/sim/proptest"
	"sesim/sim/rng"
	"sesim/sim/unit"
)

// TestWaits: each kind of jitter at its least, its middle and its most.
func TestWaits(t *testing.T) {
	const s = time.Second
	waits := []time.Duration{s, 2 * s, 4 * s}
	for _, c := range []struct {
		name   string
		jitter Jitter
		retry  int
		want   [3]time.Duration
	}{
		{"none", Jitter{}, 1, [3]time.Duration{s, s, s}},
		{"none, beyond the list", Jitter{}, 9, [3]time.Duration{4 * s, 4 * s, 4 * s}},
		{"full", Jitter{Kind: FullJitter}, 2, [3]time.Duration{0, s, 2 * s}},
		{"equal", Jitter{Kind: EqualJitter}, 2, [3]time.Duration{s, 3 * s / 2, 2 * s}},
		{"15 % more", Jitter{Kind: PlusJitter, Plus: 15 * unit.Percent}, 3, [3]time.Duration{4 * s, 4300 * time.Millisecond, 4600 * time.Millisecond}},
		{"added", Jitter{Kind: AddJitter, Least: s, Most: 3 * s}, 2, [3]time.Duration{3 * s, 4 * s, 5 * s}},
		{"added, growing", Jitter{Kind: AddJitter, Most: 10 * s, Grows: true}, 3, [3]time.Duration{4 * s, 19 * s, 34 * s}},
	} {
		l := Layer{Waits: waits, Jitter: c.jitter}
		for i, u := range [3]uint64{0, 1 << 63, 1<<64 - 1} {
			if got := l.wait(c.retry, u); got != c.want[i] {
				t.Errorf("%s: wait %d at %d/2: %v, want %v", c.name, c.retry, i, got, c.want[i])
			}
		}
	}
}

// TestPolls: the first poll at a moment or later is the one that a walk through all
// polls finds, and their intervals are as they should be.
func TestPolls(t *testing.T) {
	proptest.Check(t, func(t *rapid.T) {
		d := proptest.Draws{T: t}
		p := Poll{Least: time.Duration(d.Int("least", 1, 50))}
		p.Most = p.Least + time.Duration(d.Int("range", 0, 50))
		key := rng.Derive(uint64(d.Int("seed", 0, 1000)), "client", "a", "poll")
		var polls []time.Duration
		for at := time.Duration(0); at < 1000; at++ {
			next := p.after(at, key)
			if next < at {
				t.Fatalf("%+v: the poll after %d is at %d", p, at, next)
			}
			if n := len(polls); n == 0 || polls[n-1] != next {
				if n > 0 && (next < polls[n-1] || next-polls[n-1] < p.Least || next-polls[n-1] > p.Most+1 || at != polls[n-1]+1) {
					t.Fatalf("%+v: polls at %v, then %d after %d", p, polls, next, at)
				}
				polls = append(polls, next)
			}
		}
	})
	if got := (&Poll{}).after(7, 0); got != 7 {
		t.Errorf("without polling, what is due at 7 is back at %d", got)
	}
}

// TestQuotaUnderSteadyThrottling: of calls of which a share succeeds, three attempts
// with a retry quota lose this much more than without one.
func TestQuotaUnderSteadyThrottling(t *testing.T) {
	for _, c := range []struct {
		success    unit.Share
		free, with float64
	}{{30 * unit.Percent, 0.343, 0.67}, {50 * unit.Percent, 0.125, 0.40}, {90 * unit.Percent, 0.001, 0.001}} {
		for size, want := range map[int64]float64{0: c.free, 500: c.with} {
			q := retryQuota{&Quota{Size: size, Throttle: 5, Other: 14, Success: 1}, size}
			draws := rng.Derive(1, "test", "quota", "draws").Stream()
			const messages = 200_000
			lost := 0
			for range messages {
				cost, ok := int64(0), true
				for attempt := 1; ; attempt++ {
					if c.success.Of(draws.Next()) {
						q.succeed(attempt > 1, cost)
						break
					}
					if attempt < 3 {
						cost, ok = q.take(true)
					}
					if attempt == 3 || !ok {
						lost++
						break
					}
				}
			}
			if got := float64(lost) / messages; got < want-0.012 || got > want+0.012 {
				t.Errorf("%v succeed, quota %d: %.4f are lost, want %.3f", c.success, size, got, want)
			}
		}
	}
}

// TestQuotaTokens follows the tokens of a quota.
func TestQuotaTokens(t *testing.T) {
	q := retryQuota{&Quota{Size: 20, Throttle: 5, Other: 14, Success: 1}, 20}
	for i, step := range []struct {
		do   func() bool
		ok   bool
		left int64
	}{
		{func() bool { _, ok := q.take(true); return ok }, true, 15},
		{func() bool { _, ok := q.take(false); return ok }, true, 1},
		{func() bool { _, ok := q.take(true); return ok }, false, 1},
		{func() bool { q.succeed(false, 0); return true }, true, 2},
		{func() bool { q.succeed(true, 14); return true }, true, 16},
		{func() bool { q.succeed(true, 14); return true }, true, 20},
	} {
		if ok := step.do(); ok != step.ok || q.tokens != step.left {
			t.Errorf("step %d: %v, %d tokens, want %v and %d", i, ok, q.tokens, step.ok, step.left)
		}
	}
}
