package engine_test

import (
	"fmt"
	"time"

	"sesim/sim"
	"sesim/sim/client"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// client adds a client, which reconnects unless it gives up.
func (s *script) client(a *args) {
	k := sim.Client{Name: a.word(), Config: client.Default()}
	k.Workers.N = a.integer("workers", 0)
	k.Processes = int(a.integer("processes", 1))
	latency := a.duration("latency", 0)
	k.Latency.Spread = unit.Spread{Median: latency, Upper: latency, Tail: 99}
	k.Connection = client.Connection{
		Setup: a.duration("setup", 0), Max: a.integer("connections", 0), MaxMessages: a.integer("messages", 0),
		Wait: a.duration("wait", 0), Reconnect: !a.flag("gives-up"),
	}
	if kind := a.take("limiter"); kind != "" {
		k.Limiters = []client.Limiter{s.limiter(a, kind)}
	}
	if a.has("attempts") {
		l := client.Layer{On: 1<<ses.RefusedRate | 1<<ses.RefusedQuota, Attempts: int(a.integer("attempts", 1)), Hold: !a.flag("requeues")}
		for _, text := range a.list("waits") {
			wait, err := unit.ParseDuration(text)
			a.note(err)
			l.Waits = append(l.Waits, wait)
		}
		k.Retry = []client.Layer{l}
	}
	k.Stop = client.Stop{Errors: a.integer("errors", 0), Abort: a.flag("aborts")}
	s.cfg.Clients = append(s.cfg.Clients, k)
}

// limiter reads the limiter of a client.
func (s *script) limiter(a *args, kind string) client.Limiter {
	kinds := map[string]client.LimiterKind{"bucket": client.Bucket, "window": client.Window, "log": client.Log}
	of, known := kinds[kind]
	if !known {
		a.note(fmt.Errorf("%q is no kind of limiter", kind))
	}
	l := client.Limiter{Kind: of, N: client.Count{N: a.integer("n", 1)}, Per: a.duration("per", time.Second), Retries: true}
	l.Burst.N = a.integer("burst", 1)
	if a.flag("drops") {
		l.Full.Policy = client.Drop
	}
	return l
}

// clientNamed returns the number of a client, from 1.
func (s *script) clientNamed(a *args, name string) int {
	for i := range s.cfg.Clients {
		if s.cfg.Clients[i].Name == name {
			return i + 1
		}
	}
	a.note(fmt.Errorf("there is no client %q", name))
	return 0
}
