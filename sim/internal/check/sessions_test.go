package check

import (
	"testing"
	"time"

	"sesim/sim"
	"sesim/sim/client"
	"sesim/sim/rules"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// mailing is a scenario with a client over SMTP whose calls take 100 ms, and 300 ms more on
// a new connection.
func mailing(change func(*client.Config, *sim.Config)) func(*sim.Config) {
	return func(cfg *sim.Config) {
		of := client.Default()
		of.Latency.Spread = unit.Spread{Median: 100 * time.Millisecond, Upper: 100 * time.Millisecond, Tail: 99}
		of.Connection.Setup, of.Connection.Reconnect = 300*time.Millisecond, false
		cfg.Senders[0].Client, cfg.Senders[0].Interface = 1, ses.SMTP
		cfg.Accounts[0].Rate, cfg.Accounts[0].Quota = 1000, -1
		if change != nil {
			change(&of, cfg)
		}
		cfg.Clients = []sim.Client{{Name: "mailer", Config: of}}
	}
}

// TestSessions has calls that connections and sessions allow, and one more each.
func TestSessions(t *testing.T) {
	const ms, second = time.Millisecond, time.Second
	call := func(message int64, from, to time.Duration, on int) sim.Record {
		r := sent(to, message, message)
		r.Started, r.Connection = from, on
		return r
	}
	first := call(0, 0, 400*ms, 1)
	closed := func(message int64, from time.Duration, rule rules.ID) sim.Record {
		r := call(message, from, from+100*ms, 1)
		r.Kind, r.Rule = sim.SessionClosed, rule
		return r
	}
	invalid := func(message int64, from, to time.Duration, on int) sim.Record {
		r := call(message, from, to, on)
		r.Kind, r.Reason = sim.Refused, ses.RefusedInvalid
		return r
	}
	plain := mailing(nil)
	reconnecting := mailing(func(k *client.Config, _ *sim.Config) { k.Connection.Reconnect = true })
	of := func(messages int64) func(*sim.Config) {
		return mailing(func(_ *client.Config, cfg *sim.Config) { cfg.Rules.Session.MaxMessages = messages })
	}
	own := mailing(func(k *client.Config, _ *sim.Config) {
		k.Connection.MaxMessages, k.Connection.Idle, k.Connection.CloseOnRefusal = 2, 5*second, true
	})
	refusing := func(cfg *sim.Config) { own(cfg); cfg.Senders[0].Malformed = unit.Whole }
	shared := mailing(func(_ *client.Config, cfg *sim.Config) {
		api := cfg.Senders[0]
		api.Name, api.Interface = "alerts", ses.V2
		cfg.Senders = append(cfg.Senders, api)
	})
	play(t, []sequence{
		{"a session", plain, []sim.Record{first, call(1, 500*ms, 600*ms, 1)}, ""},
		{"a connection without set-up", plain, []sim.Record{call(0, 0, 399*ms, 1)}, "sessions: client mailer opens a connection for a call that takes 399ms"},
		{"two calls on it at a time", plain, []sim.Record{first, call(1, 300*ms, 500*ms, 1)}, "sessions: client mailer makes two calls at a time on connection 1"},
		{"two connections", plain, []sim.Record{first, call(1, 300*ms, 700*ms, 2)}, ""},
		{"idle just not too long", plain, []sim.Record{first, call(1, 10399*ms, 10499*ms, 1)}, ""},
		{"idle too long", plain, []sim.Record{first, call(1, 10400*ms, 10500*ms, 1)}, "sessions: client mailer calls on a session that was idle for 10s"},
		{"idle, and one sender uses the API", shared, []sim.Record{first, call(1, 10400*ms, 10500*ms, 1)}, ""},
		{"closed for that", plain, []sim.Record{first, closed(1, 10400*ms, rules.SessionIdle)}, ""},
		{"closed too early", plain, []sim.Record{first, closed(1, 10399*ms, rules.SessionIdle)}, "sessions: a session of client mailer is closed by rule session.idle after 1 messages, idle for 9.999s"},
		{"closed by another rule", plain, []sim.Record{first, closed(1, 10400*ms, rules.SessionFull)}, "sessions: a session of client mailer is closed by rule session.max-messages"},
		{"as many as a session may have", of(2), []sim.Record{first, call(1, 400*ms, 500*ms, 1)}, ""},
		{"one more", of(1), []sim.Record{first, call(1, 400*ms, 500*ms, 1)}, "sessions: call 2 of client mailer on one session, and SES closes it after 1"},
		{"closed as it is full", of(1), []sim.Record{first, closed(1, 400*ms, rules.SessionFull)}, ""},
		{"a call after that", of(1), []sim.Record{first, closed(1, 400*ms, rules.SessionFull), call(2, second, 1100*ms, 1)},
			"sessions: client mailer calls on connection 1 of process 0, which was closed"},
		{"on another one at once", reconnecting, []sim.Record{first, closed(1, 10400*ms, rules.SessionIdle), call(1, 10400*ms, 10800*ms, 2)}, ""},
		{"as many as the client sends on one", own, []sim.Record{first, call(1, 400*ms, 500*ms, 1)}, ""},
		{"one more than that", own, []sim.Record{first, call(1, 400*ms, 500*ms, 1), call(2, 500*ms, 600*ms, 1)}, "sessions: client mailer calls on connection 1 of process 0, which was closed"},
		{"idle for longer than it keeps one", own, []sim.Record{first, call(1, 5400*ms, 5500*ms, 1)}, "sessions: client mailer calls on a connection that was idle for 5s, and closes it after 5s"},
		{"after a refusal that ends it", refusing, []sim.Record{invalid(0, 0, 400*ms, 1), invalid(1, second, 1100*ms, 1)}, "sessions: client mailer calls on connection 1 of process 0, which was closed"},
	})
}

// TestCallsInFlight counts those of each process.
func TestCallsInFlight(t *testing.T) {
	for _, c := range []struct {
		workers, connections int64
		processes            [3]int
		from                 [3]time.Duration
		fine                 bool
	}{
		{2, 0, [3]int{}, [3]time.Duration{0, 0, 9}, false}, {2, 0, [3]int{}, [3]time.Duration{0, 0, 10}, true},
		{2, 0, [3]int{0, 0, 1}, [3]time.Duration{0, 0, 9}, true}, {0, 2, [3]int{}, [3]time.Duration{0, 0, 9}, false},
		{0, 0, [3]int{}, [3]time.Duration{0, 0, 9}, true},
	} {
		cfg := scenario(t)
		mailing(func(k *client.Config, _ *sim.Config) {
			k.Workers.N, k.Connection.Max, k.Connection.Setup, k.Latency = c.workers, c.connections, 0, client.Latency{}
		})(cfg)
		found := newFindings(cfg)
		checker := newSessions(cfg, found)
		for i, from := range c.from {
			r := sent(from+10, int64(i), int64(i))
			r.Started, r.Process, r.Connection = from, c.processes[i], i+1
			checker.observe(&r)
		}
		checker.finish(&sim.Result{})
		if fine := found.err() == nil; fine != c.fine {
			t.Errorf("%+v: %v", c, found.err())
		}
	}
}
