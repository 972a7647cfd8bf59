package check

import (
	"testing"
	"time"

	"sesim/sim"
	"sesim/sim/client"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// began turns a record of a call into one of a call that began then, and was due then.
func began(at time.Duration, r sim.Record) sim.Record {
	r.Due, r.Started = at, at
	return r
}

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
			list = append(list, began(at, sent(100*ms+at, int64(i), int64(i))))
		}
		return list
	}
	workers := with(func(c *client.Config) { c.Workers.N = 2 })
	retrying := with(func(c *client.Config) {
		c.Retry = []client.Layer{{On: 1 << ses.RefusedInvalid, Attempts: 5, Waits: []time.Duration{0}, Quota: client.Quota{Size: 10, Throttle: 5, Other: 5, Success: 1}}}
	})
	form := func(attempt int) sim.Record {
		at := second * time.Duration(attempt)
		return again(attempt, began(at-100*ms, refused(at, 0, ses.RefusedInvalid, 0)))
	}
	invalid := func(change func(*sim.Config)) func(*sim.Config) {
		return func(cfg *sim.Config) { change(cfg); cfg.Senders[0].Malformed = unit.Whole }
	}
	lost := func(at time.Duration, calls int, why client.Reason) sim.Record {
		return sim.Record{Kind: sim.GaveUp, At: at, Attempt: calls, Loss: why, Recipients: to(0)}
	}
	dropping := limited(client.Limiter{Full: client.Full{Policy: client.Drop}})
	aborting := with(func(c *client.Config) { c.Stop = client.Stop{Errors: 1, Abort: true} })
	drawn := func(cfg *sim.Config) {
		limited(client.Limiter{Kind: client.Log})(cfg)
		cfg.Clients[0].Latency, cfg.Clients[0].Processes = client.Latency{Mean: 300 * ms, Sigma: 1000}, 2
	}
	took := func(at, length time.Duration, message int64) sim.Record {
		return began(at, sent(at+length, message, message))
	}
	of := func(process int, r sim.Record) sim.Record {
		r.Process = process
		return r
	}
	const refusedOnce = "calls: message 0 of sender news is given up after 0 calls, of which the records tell 1"
	play(t, []sequence{
		{"a call that lasts", workers, []sim.Record{began(second, sent(second+100*ms, 0, 0))}, ""},
		{"one that is too short", workers, []sim.Record{began(second, sent(second+99*ms, 0, 0))}, "clients: client mailer starts a call at 1s that was due at 1s, and it takes 99ms"},
		{"given up after its last call", invalid(retrying), []sim.Record{form(0), lost(0, 1, client.Attempts)}, ""},
		{"called for after it was given up", invalid(retrying), []sim.Record{form(0), lost(0, 1, client.Attempts), form(1)}, "calls: retry 1 of message 0 of sender news"},
		{"called for where no retry is allowed", invalid(workers), []sim.Record{form(0), form(1)}, "calls: retry 1 of message 0 of sender news"},
		{"given up twice", dropping, []sim.Record{lost(0, 0, client.Dropped), lost(1, 0, client.Dropped)}, "calls: message 0 of sender news is given up, which was"},
		{"given up and called for", dropping, []sim.Record{lost(0, 0, client.Dropped), sent(second, 0, 0)}, "calls: message 0 of sender news is called for anew"},
		{"accepted and given up", dropping, []sim.Record{sent(second, 0, 0), lost(second, 1, client.Dropped)}, "calls: message 0 of sender news is given up, which was"},
		{"fewer calls than there were", invalid(dropping), []sim.Record{form(0), lost(0, 0, client.Dropped)}, refusedOnce},
		{"no client", nil, []sim.Record{lost(0, 0, client.Dropped)}, "calls: message 0 of a sender without a client is given up"},
		{"dropped", dropping, []sim.Record{lost(0, 0, client.Dropped)}, ""},
		{"dropped by no limiter", workers, []sim.Record{lost(0, 0, client.Dropped)}, "clients: client mailer gives a message up after 0 calls for reason dropped"},
		{"after attempts of none", workers, []sim.Record{lost(0, 0, client.Attempts)}, "clients: client mailer gives a message up after 0 calls for reason attempts"},
		{"no connection to wait for", workers, []sim.Record{lost(0, 0, client.Waited)}, "clients: client mailer gives a message up after 0 calls for reason wait"},
		{"stopped", aborting, []sim.Record{lost(0, 0, client.Stopped)}, ""},
		{"stopped by nothing", workers, []sim.Record{lost(0, 0, client.Stopped)}, "clients: client mailer gives a message up after 0 calls for reason stopped"},
		{"refused without a call", workers, []sim.Record{lost(0, 0, client.Refused)}, "clients: client mailer gives a message up after 0 calls for reason refused"},
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
		{"a log out of order", drawn, []sim.Record{took(500*ms, 100*ms, 0), took(0, 900*ms, 1), took(1000*ms, 10*ms, 2)}, ""},
		{"a log with three out of order", drawn, []sim.Record{took(500*ms, 100*ms, 0), took(0, 900*ms, 1), took(999*ms, 10*ms, 2)},
			"clients: client mailer starts 3 calls within 1s"},
		{"three of two processes", drawn, []sim.Record{took(0, 100*ms, 0), of(1, took(10*ms, 100*ms, 1)), took(20*ms, 100*ms, 2)}, ""},
		{"a quota for two", invalid(retrying), []sim.Record{form(0), form(1), form(2)}, ""},
		{"three retries of it", invalid(retrying), []sim.Record{form(0), form(1), form(2), form(3)}, "clients: client mailer retries beyond its quota of 10 tokens"},
		{"a message called for twice", workers, []sim.Record{sent(second, 0, 0), sent(2*second, 0, 0)}, "calls: message 0 of sender news is called for anew"},
	})
}

// TestClientLosses compares the messages that a client lost with its result, which has
// more of them only where a campaign was due as a whole.
func TestClientLosses(t *testing.T) {
	for _, c := range []struct {
		counted, told int64
		whole, fine   bool
	}{{1, 1, false, true}, {2, 1, false, false}, {2, 1, true, true}, {0, 1, true, false}} {
		cfg := scenario(t)
		cfg.Clients, cfg.Senders[0].Client = []sim.Client{{Name: "mailer", Config: client.Default()}}, 1
		cfg.Senders[0].Traffic.Whole = c.whole
		found := New(cfg).found
		checker := newClients(cfg, found)
		for i := range c.told {
			checker.observe(&sim.Record{Kind: sim.GaveUp, Message: i, Attempt: 1, Loss: client.Refused, Recipients: to(0)})
		}
		res := &sim.Result{Clients: make([]sim.ClientResult, 1)}
		res.Clients[0].GivenUp[client.Refused] = c.counted
		checker.finish(res)
		if fine := found.err() == nil; fine != c.fine {
			t.Errorf("%+v: %v", c, found.err())
		}
	}
}
