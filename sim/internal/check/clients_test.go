package check

import (
	"testing"
	"time"

	"sesim/sim"
	"sesim/sim/client"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// TestClientPromises has calls that a client's workers, limiters and retry quota allow,
// and one more each.
func TestClientPromises(t *testing.T) {
	const ms, second = time.Millisecond, time.Second
	with := func(change func(*client.Config)) func(*sim.Config) {
		return func(cfg *sim.Config) {
			of := client.Default()
			cfg.Start = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
			of.Latency.Spread = unit.Spread{Median: 100 * ms, Upper: 100 * ms, Tail: 99}
			change(&of)
			cfg.Clients, cfg.Senders[0].Client = []sim.Client{{Name: "mailer", Config: of}}, 1
			cfg.Accounts[0].Rate, cfg.Accounts[0].Quota = 1000, -1
		}
	}
	limited := func(l client.Limiter) func(*sim.Config) {
		l.N.N, l.Per, l.Burst.N = 2, second, max(l.Burst.N, 1)
		return with(func(c *client.Config) { c.Limiters = []client.Limiter{l} })
	}
	at := func(times ...time.Duration) (list []sim.Record) {
		for i, at := range times {
			list = append(list, sent(100*ms+at, int64(i), int64(i)))
		}
		return list
	}
	workers := with(func(c *client.Config) { c.Workers.N = 2 })
	retrying := with(func(c *client.Config) {
		c.Retry = []client.Layer{{On: 1 << ses.RefusedInvalid, Attempts: 5, Waits: []time.Duration{0}, Quota: client.Quota{Size: 10, Throttle: 5, Other: 5, Success: 1}}}
	})
	form := func(attempt int) sim.Record {
		return again(attempt, refused(second*time.Duration(attempt), 0, ses.RefusedInvalid, 0))
	}
	invalid := func(change func(*sim.Config)) func(*sim.Config) {
		return func(cfg *sim.Config) { change(cfg); cfg.Senders[0].Malformed = unit.Whole }
	}
	play(t, []sequence{
		{"two workers", workers, at(0, 0, 100*ms, 150*ms), ""},
		{"three calls of two workers", workers, at(0, 0, 99*ms), "clients: client mailer has 3 calls in flight, and 2 workers"},
		{"a bucket", limited(client.Limiter{}), at(0, 500*ms, second), ""},
		{"a bucket that overflows", limited(client.Limiter{}), at(0, 500*ms, 900*ms), "clients: client mailer takes more from limiter"},
		{"a bucket with a burst", limited(client.Limiter{Burst: client.Count{N: 3}}), at(0, 0, 0, 500*ms), ""},
		{"a burst too large", limited(client.Limiter{Burst: client.Count{N: 3}}), at(0, 0, 0, 400*ms), "clients: client mailer takes more from limiter"},
		{"a log", limited(client.Limiter{Kind: client.Log}), at(0, 900*ms, second, 1900*ms), ""},
		{"a log with three", limited(client.Limiter{Kind: client.Log}), at(0, 900*ms, 999*ms), "clients: client mailer starts 3 calls within 1s"},
		{"windows of the clock", limited(client.Limiter{Kind: client.Window, Clock: true}), at(900*ms, 950*ms, second, second), ""},
		{"a window with three", limited(client.Limiter{Kind: client.Window, Clock: true}), at(0, 0, 900*ms), "clients: client mailer starts 3 calls within 1s"},
		{"a quota for two", invalid(retrying), []sim.Record{form(0), form(1), form(2)}, ""},
		{"three retries of it", invalid(retrying), []sim.Record{form(0), form(1), form(2), form(3)}, "clients: client mailer retries beyond its quota of 10 tokens"},
		{"a message called for twice", workers, []sim.Record{sent(second, 0, 0), sent(2*second, 0, 0)}, "calls: message 0 of sender news is called for anew"},
	})
}
