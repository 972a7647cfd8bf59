package client_test

import (
	"slices"
	"testing"
	"time"

	"sesim/sim/client"
	"sesim/sim/unit"
)

// TestFigures has a client with two workers and calls of a second. Its two senders offer
// three messages and one at the start; every first call is refused and made again 2 s
// later, so that two calls start at 0, 1, 3 and 4 s each. It looks at 4.5 s, and at the end.
func TestFigures(t *testing.T) {
	cfg := client.Default()
	cfg.Workers.N, cfg.Latency = 2, client.Latency{Spread: unit.Spread{Median: time.Second, Upper: time.Second, Tail: 99}}
	cfg.Retry = []client.Layer{{On: 1, Attempts: 2, Waits: []time.Duration{2 * time.Second}}}
	first := func(_ time.Duration, e client.Event) client.Answer { return client.Answer{Accepted: e.Attempt > 0} }
	offers := []offer{{at: 0, sender: 0, count: 3}, {at: 0, sender: 1, count: 1}}
	senders := make([]client.Sender, 2)

	out := drive(t, cfg, setting(14, 1), senders, offers, 4500*ms, first)
	c := out.counts
	if c.Due != 4 || c.Calls != 8 || !slices.Equal(c.Attempts, []int64{4, 4}) || c.Accepted != 2 || c.Refused != 4 || c.InFlight != 2 || c.Waiting != 0 {
		t.Errorf("at 4.5 s: %+v", c)
	}
	if got := out.client.MostCalls(); got != 2 {
		t.Errorf("%d calls within a second", got)
	}
	if got := out.client.Active(4500 * time.Millisecond); got != 4500*ms {
		t.Errorf("active for %v", got)
	}
	if got := out.client.OldestOpen(4500 * time.Millisecond); got != 4500*ms {
		t.Errorf("the oldest has waited for %v", got)
	}
	if a, b := out.client.SenderCounts(0), out.client.SenderCounts(1); a.Due != 3 || b.Due != 1 || a.Accepted+b.Accepted != 2 || a.Calls+b.Calls != 8 {
		t.Errorf("by sender: %+v, %+v", a, b)
	}

	out = drive(t, cfg, setting(14, 1), senders, offers, minute, first)
	if got := out.client.OldestOpen(time.Minute); got != 0 || out.counts.Oldest != 5*time.Second || out.counts.Accepted != 4 {
		t.Errorf("at the end: oldest %v, %+v", got, out.counts)
	}
	if got := out.client.Active(time.Minute); got != 5*time.Second {
		t.Errorf("active for %v", got)
	}
}

// TestMostCalls counts the calls of half-open seconds: two that start exactly a second
// apart are never in one.
func TestMostCalls(t *testing.T) {
	accept := func(time.Duration, client.Event) client.Answer { return client.Answer{Accepted: true} }
	for _, c := range []struct {
		gap  time.Duration
		want int64
	}{{time.Second, 3}, {time.Second - 1, 5}} {
		offers := []offer{{at: 0, count: 3}, {at: c.gap, count: 2}}
		out := drive(t, client.Default(), setting(14, 1), make([]client.Sender, 1), offers, minute, accept)
		if got := out.client.MostCalls(); got != c.want {
			t.Errorf("three calls, and two %v later: %d within a second, want %d", c.gap, got, c.want)
		}
	}
}
