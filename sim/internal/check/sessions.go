package check

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"sesim/sim"
	"sesim/sim/rules"
	"sesim/sim/ses"
)

// sessions checks the connections of clients: a call at a time on each, no more of them in
// use than the client has workers and connections, set-up for the first call, and no call on
// one that the client would have closed, or whose session SES has closed.
type sessions struct {
	cfg    *sim.Config
	found  *findings
	of     map[connection]*connected
	spans  map[connection][]span // of calls, for each process: Number is 0
	hidden []bool                // by client: it has calls that no record tells
}

// connection names one of a client's process.
type connection struct{ Client, Process, Number int }

// connected is the state of a connection.
type connected struct {
	calls int64
	free  time.Duration // since when
	over  bool
}

// span is how long a call was in flight.
type span struct{ from, to time.Duration }

func newSessions(cfg *sim.Config, found *findings) *sessions {
	c := &sessions{
		cfg: cfg, found: found, of: map[connection]*connected{}, spans: map[connection][]span{}, hidden: make([]bool, len(cfg.Clients)),
	}
	for i := range cfg.Senders {
		// A campaign that is due whole calls for people who have left the list meanwhile.
		if s := &cfg.Senders[i]; s.Client > 0 && s.Traffic.Whole {
			c.hidden[s.Client-1] = true
		}
	}
	return c
}

func (c *sessions) observe(r *sim.Record) {
	switch r.Kind {
	case sim.Sent, sim.Refused, sim.TimedOut, sim.SessionClosed:
	default:
		return
	}
	if r.Connection == 0 || r.Sender < 0 || r.Sender >= len(c.cfg.Senders) || c.cfg.Senders[r.Sender].Client == 0 {
		return
	}
	client := c.cfg.Senders[r.Sender].Client - 1
	k := &c.cfg.Clients[client]
	key := connection{client, r.Process, r.Connection}
	s := c.of[key]
	if s == nil {
		s = &connected{}
		c.of[key] = s
	}
	if r.Kind != sim.SessionClosed || !k.Connection.Reconnect {
		process := connection{client, r.Process, 0}
		c.spans[process] = append(c.spans[process], span{r.Started, r.At})
	}
	if s.over {
		c.bad(r, "client %s calls on connection %d of process %d, which was closed", k.Name, r.Connection, r.Process)
	}
	if r.Kind == sim.SessionClosed {
		c.closed(r, client, s)
		s.over = true
		return
	}
	c.open(r, client, s)
	s.calls++
	s.free = r.At
	s.over = r.Kind != sim.Sent && k.Connection.CloseOnRefusal || s.calls == k.Connection.MaxMessages
}

// open checks a call on a connection that is open.
func (c *sessions) open(r *sim.Record, client int, s *connected) {
	k := &c.cfg.Clients[client]
	if s.calls == 0 {
		if least := leastLatency(&k.Latency) + k.Connection.Setup; !c.hidden[client] && r.At-r.Started < least {
			c.bad(r, "client %s opens a connection for a call that takes %v, and set-up and latency take %v", k.Name, r.At-r.Started, least)
		}
		return
	}
	idle := r.Started - s.free
	limits := c.limits(client)
	switch {
	case idle < 0:
		c.bad(r, "client %s makes two calls at a time on connection %d of process %d", k.Name, r.Connection, r.Process)
	case limits.MaxMessages > 0 && s.calls >= limits.MaxMessages:
		c.bad(r, "call %d of client %s on one session, and SES closes it after %d", s.calls+1, k.Name, limits.MaxMessages)
	case c.hidden[client]:
	case limits.Idle > 0 && idle >= limits.Idle:
		c.bad(r, "client %s calls on a session that was idle for %v, and SES closes it after %v", k.Name, idle, limits.Idle)
	case k.Connection.Idle > 0 && idle >= k.Connection.Idle:
		c.bad(r, "client %s calls on a connection that was idle for %v, and closes it after %v", k.Name, idle, k.Connection.Idle)
	}
}

// closed checks that SES had a reason to close a session.
func (c *sessions) closed(r *sim.Record, client int, s *connected) {
	limits := c.limits(client)
	full := limits.MaxMessages > 0 && s.calls >= limits.MaxMessages
	idle := limits.Idle > 0 && r.Started-s.free >= limits.Idle
	if !c.hidden[client] && !(full && r.Rule == rules.SessionFull || !full && idle && r.Rule == rules.SessionIdle) {
		c.bad(r, "a session of client %s is closed by rule %s after %d messages, idle for %v", c.cfg.Clients[client].Name, r.Rule,
			s.calls, r.Started-s.free)
	}
}

// limits are those of SES on the sessions of a client, whose senders must all use SMTP.
func (c *sessions) limits(client int) rules.Session {
	api := func(s sim.Sender) bool { return s.Client == client+1 && s.Interface != ses.SMTP }
	if slices.ContainsFunc(c.cfg.Senders, api) {
		return rules.Session{}
	}
	return c.cfg.Rules.Session
}

// finish counts the calls in flight of each process.
func (c *sessions) finish(res *sim.Result) {
	byNumber := func(a, b connection) int {
		return cmp.Or(cmp.Compare(a.Client, b.Client), cmp.Compare(a.Process, b.Process))
	}
	for _, process := range slices.SortedFunc(maps.Keys(c.spans), byNumber) {
		k := &c.cfg.Clients[process.Client]
		most := mostAtOnce(c.spans[process])
		if k.Workers.N > 0 && most > k.Workers.N || k.Connection.Max > 0 && most > k.Connection.Max {
			c.found.add("sessions", res.End, -1, "", "process %d of client %s has %d calls in flight, %d workers and %d connections",
				process.Process, k.Name, most, k.Workers.N, k.Connection.Max)
		}
	}
}

// mostAtOnce returns how many of the spans overlap at most. One that ends when another
// begins does not overlap it.
func mostAtOnce(spans []span) (most int64) {
	type edge struct {
		at time.Duration
		by int64
	}
	var edges []edge
	for _, s := range spans {
		if s.to > s.from {
			edges = append(edges, edge{s.from, 1}, edge{s.to, -1})
		}
	}
	slices.SortFunc(edges, func(a, b edge) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.by, b.by)) })
	now := int64(0)
	for _, e := range edges {
		now += e.by
		most = max(most, now)
	}
	return most
}

func (c *sessions) bad(r *sim.Record, format string, args ...any) {
	c.found.add("sessions", r.At, r.Account, "", format, args...)
}
