package client_test

import (
	"testing"
	"time"

	"sesim/sim/client"
)

// refusingFrom refuses all calls of message first and later ones.
func refusingFrom(first int64) func(time.Duration, client.Event) client.Answer {
	return func(_ time.Duration, e client.Event) client.Answer {
		return client.Answer{Accepted: e.Number < first, Reason: byOther}
	}
}

// TestAbort: the first error of a script ends it.
func TestAbort(t *testing.T) {
	cfg := client.Default()
	cfg.Workers.N, cfg.Latency, cfg.Stop = 1, fixedLatency(100*ms), client.Stop{Errors: 1, Abort: true}
	out := drive(t, cfg, setting(14, 1), []client.Sender{newSender(1, "a")}, append(once(1000), offer{at: minute, count: 5}), long, refusingFrom(14))
	if out.accepted != 14 || out.lost[client.Refused] != 1 || out.lost[client.Stopped] != 990 || out.counts.Waiting != 0 {
		t.Errorf("accepted %d, lost %v, waiting %d", out.accepted, out.lost, out.counts.Waiting)
	}
	if out.counts.GivenUp != out.lost || out.counts.Oldest != 1500*ms {
		t.Errorf("%+v", out.counts)
	}
}

// TestAbortInTheMiddle: calls that SES has are decided, sleeping messages are given up,
// and those of the queue, new or back.
func TestAbortInTheMiddle(t *testing.T) {
	cfg := client.Default()
	cfg.Workers.N, cfg.Latency, cfg.Stop = 3, client.Latency{Mean: 100 * ms, Sigma: 500}, client.Stop{Errors: 1, Abort: true}
	retry := sdk(4, client.NoJitter, 50*ms)
	back := sdk(2, client.NoJitter, 200*ms)
	back.Hold = false
	cfg.Retry = []client.Layer{retry, back}
	b := newBucket(5, 3)
	out := drive(t, cfg, setting(14, 1), []client.Sender{newSender(1, "a")}, once(100), long, b.at)
	if n := out.accepted + out.givenUp(); n != 100 || out.lost[client.Attempts] != 1 || out.lost[client.Stopped] == 0 {
		t.Errorf("accepted %d, lost %v", out.accepted, out.lost)
	}
	if w := out.counts.Waiting + out.counts.InFlight; w != 0 {
		t.Errorf("%d left", w)
	}
}

// TestPauseAndResume: after so many errors nothing starts until Resume.
func TestPauseAndResume(t *testing.T) {
	cfg := client.Default()
	cfg.Workers.N, cfg.Latency, cfg.Stop = 1, fixedLatency(100*ms), client.Stop{Errors: 3}
	out := drive(t, cfg, setting(14, 1), []client.Sender{newSender(1, "a")}, once(100), long, refusingFrom(10))
	if out.accepted != 10 || out.lost[client.Refused] != 3 || out.counts.Waiting != 87 || !out.client.Paused() {
		t.Errorf("accepted %d, lost %v, waiting %d", out.accepted, out.lost, out.counts.Waiting)
	}
	c := out.client
	c.Resume(minute)
	for now := c.Next(); now < long; now = c.Next() {
		for e, ok := c.Step(now); ok; e, ok = c.Step(now) {
			out.handle(c, now, *e, everything)
		}
	}
	if out.accepted != 97 || out.last != minute+8700*ms {
		t.Errorf("after resuming, accepted %d until %v", out.accepted, out.last)
	}
}

// TestConnections: set-up is paid for the first call of a connection, which ends after
// so many messages, after a pause, or after a refusal.
func TestConnections(t *testing.T) {
	for _, c := range []struct {
		name       string
		connection client.Connection
		session    client.Session
		offers     []offer
		decide     func(time.Duration, client.Event) client.Answer
		last       time.Duration // when the last one is settled
		closed     int64
	}{
		{"one connection", client.Connection{Setup: second}, client.Session{}, once(10), everything, 2 * second, 0},
		{"three messages each", client.Connection{Setup: second, MaxMessages: 3}, client.Session{}, once(10), everything, 5 * second, 0},
		{"closed after a refusal", client.Connection{Setup: second, CloseOnRefusal: true}, client.Session{}, once(10), refusingFrom(8), 3 * second, 0},
		{"idle just not too long", client.Connection{Setup: second, Idle: 5 * second}, client.Session{},
			[]offer{{0, 0, 1}, {6100*ms - 1, 0, 1}}, everything, 6200*ms - 1, 0},
		{"idle too long", client.Connection{Setup: second, Idle: 5 * second}, client.Session{},
			[]offer{{0, 0, 1}, {6100 * ms, 0, 1}}, everything, 7200 * ms, 0},
		{"closed by SES, idle", client.Connection{Setup: second, Idle: 15 * second, Reconnect: true}, client.Session{Idle: 10 * second},
			[]offer{{0, 0, 1}, {11100 * ms, 0, 1}}, everything, 12200 * ms, 1},
		{"closed by SES, full", client.Connection{Setup: second, Reconnect: true}, client.Session{MaxMessages: 4}, once(10), everything, 4 * second, 2},
		{"closed by SES, and not tried again", client.Connection{Setup: second}, client.Session{MaxMessages: 4}, once(10),
			func(_ time.Duration, e client.Event) client.Answer {
				return client.Answer{Accepted: e.Closed == client.NotClosed, Unreached: true}
			}, 3 * second, 2},
	} {
		cfg := client.Default()
		cfg.Workers.N, cfg.Latency, cfg.Connection = 1, fixedLatency(100*ms), c.connection
		s := setting(14, 1)
		s.Session = c.session
		out := drive(t, cfg, s, []client.Sender{newSender(1, "a")}, c.offers, long, c.decide)
		if out.last != c.last || out.counts.Closed != c.closed {
			t.Errorf("%s: the last is settled at %v, want %v; %d sessions were closed, want %d", c.name, out.last, c.last, out.counts.Closed, c.closed)
		}
	}
}

// TestConnectionWait: two calls of a second each leave the fourth message of three at
// once without a connection in time.
func TestConnectionWait(t *testing.T) {
	cfg := client.Default()
	cfg.Latency, cfg.Connection = fixedLatency(second), client.Connection{Max: 2, Wait: 1500 * ms}
	out := drive(t, cfg, setting(14, 1), []client.Sender{newSender(1, "a")}, once(10), long, everything)
	if out.accepted != 4 || out.lost[client.Waited] != 6 || out.last != 2*second {
		t.Errorf("accepted %d, lost %v until %v", out.accepted, out.lost, out.last)
	}
}

// TestConnectionWaitTogether: calls of two senders that have waited for as long, the later
// sender's first, are given up at the same moment.
func TestConnectionWaitTogether(t *testing.T) {
	cfg := client.Default()
	cfg.Latency, cfg.Connection = fixedLatency(minute), client.Connection{Max: 1, Wait: second}
	first, second := newSender(1, "a"), newSender(1, "b")
	first.Priority = 5
	out := drive(t, cfg, setting(14, 1), []client.Sender{first, second}, []offer{{0, 0, 1}, {10 * ms, 0, 3}, {10 * ms, 1, 2}}, long, everything)
	if out.accepted != 1 || out.lost[client.Waited] != 5 {
		t.Errorf("accepted %d, lost %v", out.accepted, out.lost)
	}
}

// TestPriority: with a worker a message of a lower number overtakes those that wait.
func TestPriority(t *testing.T) {
	cfg := client.Default()
	cfg.Workers.N, cfg.Latency = 1, fixedLatency(second)
	first, second := newSender(1, "a"), newSender(1, "b")
	first.Priority = 5
	out := drive(t, cfg, setting(14, 1), []client.Sender{first, second}, []offer{{0, 0, 3}, {1500 * ms, 1, 1}, {1600 * ms, 1, 1}}, long, everything)
	var order []int32
	for _, c := range out.calls {
		order = append(order, c.Sender)
	}
	for i, want := range []int32{0, 0, 1, 1, 0} {
		if order[i] != want {
			t.Fatalf("the calls were of senders %v", order)
		}
	}
}
