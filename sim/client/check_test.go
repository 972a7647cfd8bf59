package client_test

import (
	"strings"
	"testing"
	"time"

	"sesim/sim/client"
	"sesim/sim/unit"
)

// TestCheck has configurations that cannot be, each with the key that its error begins
// with, and the ends of the ranges, which can.
func TestCheck(t *testing.T) {
	limiter := func(change func(l *client.Limiter)) func(*client.Config) {
		return func(c *client.Config) {
			l := client.Limiter{N: client.Count{N: 10}, Per: second, Burst: client.Count{N: 1}}
			change(&l)
			c.Limiters = append(c.Limiters, l)
		}
	}
	layer := func(change func(l *client.Layer)) func(*client.Config) {
		return func(c *client.Config) {
			l := client.Layer{Attempts: 3, Waits: []time.Duration{second}}
			change(&l)
			c.Retry = append(c.Retry, l)
		}
	}
	for _, c := range []struct {
		name   string
		change func(c *client.Config)
		want   string // "": it is right
	}{
		{"nothing", func(*client.Config) {}, ""},
		{"a million workers", func(c *client.Config) { c.Workers.N = client.MaxWorkers }, ""},
		{"one more", func(c *client.Config) { c.Workers.N = client.MaxWorkers + 1 }, "workers"},
		{"fewer than none", func(c *client.Config) { c.Workers.N = -1 }, "workers"},
		{"workers of no rate", func(c *client.Config) { c.Workers.Rate = -1 }, "workers.rate"},
		{"no process", func(c *client.Config) { c.Processes = 0 }, "processes"},
		{"a million workers in all", func(c *client.Config) { c.Workers.N, c.Processes = 100, 10_000 }, ""},
		{"more in all", func(c *client.Config) { c.Workers.N, c.Processes = 101, 10_000 }, "workers"},
		{"processes without workers", func(c *client.Config) { c.Processes = 2 }, "processes"},
		{"a negative latency", func(c *client.Config) { c.Latency = fixedLatency(-1) }, "latency"},
		{"a latency of an hour", func(c *client.Config) { c.Latency = fixedLatency(time.Hour) }, ""},
		{"a longer one", func(c *client.Config) { c.Latency = fixedLatency(time.Hour + 1) }, "latency"},
		{"a mean below the floor", func(c *client.Config) { c.Latency = client.Latency{Mean: 1, Floor: 2} }, "latency.mean"},
		{"a sigma of 3", func(c *client.Config) { c.Latency = client.Latency{Mean: second, Sigma: 3000} }, ""},
		{"a larger one", func(c *client.Config) { c.Latency = client.Latency{Mean: second, Sigma: 3001} }, "latency.sigma"},
		{"a negative set-up", func(c *client.Config) { c.Connection.Setup = -1 }, "connection.setup"},
		{"a negative wait", func(c *client.Config) { c.Connection.Wait = -1 }, "connection.wait"},
		{"a limiter of one", limiter(func(l *client.Limiter) { l.N.N = 1 }), ""},
		{"a limiter of zero", limiter(func(l *client.Limiter) { l.N.N = 0 }), "limiter.n"},
		{"a limiter beyond a million", limiter(func(l *client.Limiter) { l.N.N = 1_000_001 }), "limiter.n"},
		{"a window of a millisecond", limiter(func(l *client.Limiter) { l.Kind, l.Per = client.Window, time.Millisecond }), ""},
		{"a window of nanoseconds", limiter(func(l *client.Limiter) { l.Kind, l.Per = client.Window, 5 }), "limiter.per"},
		{"a window of 31 days", limiter(func(l *client.Limiter) { l.Kind, l.Per = client.Window, 31*unit.Day }), ""},
		{"a longer one", limiter(func(l *client.Limiter) { l.Kind, l.Per = client.Window, 31*unit.Day+1 }), "limiter.per"},
		{"a bucket without tokens", limiter(func(l *client.Limiter) { l.Burst.N = 0 }), "limiter.burst"},
		{"a bucket that never fills", limiter(func(l *client.Limiter) { l.Per, l.N.N, l.Burst.N = unit.Day, 1, 40_000 }), "limiter.burst"},
		{"a log with spacing", limiter(func(l *client.Limiter) { l.Kind, l.Spacing = client.Log, 1 }), "limiter"},
		{"starts that do not fit", limiter(func(l *client.Limiter) { l.Kind, l.Spacing = client.Window, second/10+1 }), "limiter.spacing"},
		{"starts that fit", limiter(func(l *client.Limiter) { l.Kind, l.Spacing = client.Window, second/10 }), ""},
		{"a place without a clock", limiter(func(l *client.Limiter) { l.Kind, l.Random = client.Window, true }), "limiter.place"},
		{"logs that keep too much", func(c *client.Config) {
			c.Workers.N, c.Processes = 1, 1000
			limiter(func(l *client.Limiter) { l.Kind, l.N.N = client.Log, 100_000 })(c)
		}, "limiter.n"},
		{"the same log, shared", func(c *client.Config) {
			c.Workers.N, c.Processes = 1, 1000
			limiter(func(l *client.Limiter) { l.Kind, l.N.N, l.Shared = client.Log, 100_000, true })(c)
		}, ""},
		{"two random places", func(c *client.Config) {
			for _, name := range []string{"a", "b"} {
				limiter(func(l *client.Limiter) { l.Name, l.Kind, l.Clock, l.Random = name, client.Window, true, true })(c)
			}
		}, "limiter.place"},
		{"two of one name", func(c *client.Config) {
			for range 2 {
				limiter(func(l *client.Limiter) { l.Name = "a" })(c)
			}
		}, "limiter"},
		{"back at once", limiter(func(l *client.Limiter) { l.Full.Policy = client.Requeue }), "limiter.full.requeue"},
		{"back the wrong way round", limiter(func(l *client.Limiter) {
			l.Full = client.Full{Policy: client.Requeue, Least: 2 * second, Most: second}
		}), "limiter.full.requeue"},
		{"a thousand attempts", layer(func(l *client.Layer) { l.Attempts = 1000 }), ""},
		{"one more attempt", layer(func(l *client.Layer) { l.Attempts = 1001 }), "retry.max_attempts"},
		{"no attempt", layer(func(l *client.Layer) { l.Attempts = 0 }), "retry.max_attempts"},
		{"retries without waits", layer(func(l *client.Layer) { l.Waits = nil }), "retry.waits"},
		{"a negative wait", layer(func(l *client.Layer) { l.Waits[0] = -1 }), "retry.waits"},
		{"sleep and poll", layer(func(l *client.Layer) { l.Hold, l.Poll = true, client.Poll{Least: second, Most: second} }), "retry.poll"},
		{"polls without a pause", layer(func(l *client.Layer) { l.Poll = client.Poll{Most: second} }), "retry.poll"},
		{"five layers", func(c *client.Config) {
			for range 5 {
				layer(func(*client.Layer) {})(c)
			}
		}, "retry"},
		{"a rest", func(c *client.Config) { c.Rest = client.Rest{After: client.Count{N: 1_000_000}, Rest: second} }, ""},
		{"a negative rest", func(c *client.Config) { c.Rest = client.Rest{After: client.Count{N: 1}, Rest: -1} }, "rest.rest"},
		{"a barrier of one worker", func(c *client.Config) { c.Rest = client.Rest{After: client.Count{N: 1}, Barrier: true} }, "rest.barrier"},
	} {
		cfg := client.Default()
		c.change(&cfg)
		err := cfg.Check()
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%s: %v", c.name, err)
		case c.want != "" && (err == nil || !strings.HasPrefix(err.Error(), c.want+": ")):
			t.Errorf("%s: %v, want an error about %s", c.name, err, c.want)
		}
	}
}
