package check

import (
	"cmp"
	"slices"
	"time"

	"sesim/sim"
	"sesim/sim/client"
)

// clients checks what a client promises of its calls. Their records come when SES has
// decided them; what limiters promise is about their starts, and is checked in the end.
type clients struct {
	cfg   *sim.Config
	found *findings
	of    []clientCalls
}

// clientCalls are the calls of a client.
type clientCalls struct {
	decided []time.Duration // since the least latency ago
	starts  []start
	tokens  int64 // of the retry quota that retries and successes leave at most
	lost    [client.Reasons]int64
}

// start is the start of a call.
type start struct {
	at      time.Duration
	process int
	retry   bool
	account int
}

func newClients(cfg *sim.Config, found *findings) *clients {
	c := &clients{cfg: cfg, found: found, of: make([]clientCalls, len(cfg.Clients))}
	for i := range cfg.Clients {
		k := &cfg.Clients[i]
		if len(k.Retry) == 1 {
			c.of[i].tokens = k.Retry[0].Quota.Size * int64(k.Processes)
		}
	}
	return c
}

func (c *clients) observe(r *sim.Record) {
	switch r.Kind {
	case sim.Sent, sim.Refused, sim.TimedOut, sim.SessionClosed, sim.GaveUp:
	default:
		return
	}
	if r.Sender < 0 || r.Sender >= len(c.cfg.Senders) || c.cfg.Senders[r.Sender].Client == 0 {
		return
	}
	number := c.cfg.Senders[r.Sender].Client
	k, calls := &c.cfg.Clients[number-1], &c.of[number-1]
	switch {
	case r.Kind == sim.GaveUp:
		c.loss(r, k, calls)
		return
	case r.Kind == sim.SessionClosed && k.Connection.Reconnect:
		return // the call is made again at once, and is one
	}
	if took := r.At - r.Started; r.Started < r.Due || took < leastLatency(&k.Latency) {
		c.bad(r.At, r.Account, "client %s starts a call at %v that was due at %v, and it takes %v", k.Name, r.Started, r.Due, took)
	}
	c.workers(r, k, calls)
	if len(k.Limiters) > 0 {
		calls.starts = append(calls.starts, start{r.Started, r.Process, r.Attempt > 0, r.Account})
	}
	c.quota(r, k, calls)
}

// leastLatency is shorter than no call of a client.
func leastLatency(l *client.Latency) time.Duration {
	switch {
	case l.Mean > 0:
		return l.Floor
	case l.Spread.Median == l.Spread.Upper:
		return l.Spread.Median
	}
	return 0
}

// workers checks that calls which must have been in flight together are no more than
// the workers.
func (c *clients) workers(r *sim.Record, k *sim.Client, calls *clientCalls) {
	least := leastLatency(&k.Latency)
	if k.Workers.N == 0 || least == 0 {
		return
	}
	for len(calls.decided) > 0 && calls.decided[0] <= r.At-least {
		calls.decided = calls.decided[1:]
	}
	calls.decided = append(calls.decided, r.At)
	if most := k.Workers.N * int64(k.Processes); int64(len(calls.decided)) > most {
		c.bad(r.At, r.Account, "client %s has %d calls in flight, and %d workers", k.Name, len(calls.decided), most)
	}
}

// limiters checks the starts of all clients.
func (c *clients) limiters() {
	for i := range c.of {
		k, starts := &c.cfg.Clients[i], c.of[i].starts
		slices.SortStableFunc(starts, func(a, b start) int { return cmp.Compare(a.at, b.at) })
		for l := range k.Limiters {
			c.limiter(k, &k.Limiters[l], starts)
		}
	}
}

// limiter checks the starts that a limiter counts, in their order: all of a client's, or
// those of each process.
func (c *clients) limiter(k *sim.Client, l *client.Limiter, starts []start) {
	if l.N.Rate != 0 || l.Burst.Rate != 0 {
		return
	}
	copies := map[int]*counted{}
	for _, s := range starts {
		if s.retry && !l.Retries {
			continue
		}
		process := s.process
		if l.Shared {
			process = 0
		}
		if copies[process] == nil {
			copies[process] = &counted{}
		}
		if l.Kind == client.Bucket {
			c.bucket(k, l, copies[process], s)
		} else {
			c.window(k, l, copies[process], s)
		}
	}
}

// counted is what a limiter has counted.
type counted struct {
	within []time.Duration // starts within the period
	full   time.Duration   // when a bucket is full again, if it was never more than full
}

// window checks that no more calls start in a window, or within an interval, than may.
func (c *clients) window(k *sim.Client, l *client.Limiter, n *counted, s start) {
	for len(n.within) > 0 && c.before(l, n.within[0], s.at) {
		n.within = n.within[1:]
	}
	n.within = append(n.within, s.at)
	most := l.N.N
	if l.Kind == client.Window && !l.Clock {
		most *= 2 // of two windows that begin with their first calls
	}
	if int64(len(n.within)) > most {
		c.bad(s.at, s.account, "client %s starts %d calls within %v, and its limiter %q lets %d", k.Name, len(n.within), l.Per, l.Name, most)
	}
}

// before reports whether a start is in no window, or interval, with a later one.
func (c *clients) before(l *client.Limiter, at, start time.Duration) bool {
	if l.Kind == client.Window && l.Clock {
		epoch := time.Duration(c.cfg.Start.UnixNano())
		return (at+epoch)/l.Per != (start+epoch)/l.Per
	}
	return at <= start-l.Per
}

// bucket checks that no more tokens are taken than come. A bucket is full at a moment,
// which each token puts off by the time that one takes; rounding leaves a nanosecond.
func (c *clients) bucket(k *sim.Client, l *client.Limiter, n *counted, s start) {
	each := l.Per / time.Duration(l.N.N)
	n.full = max(n.full, s.at) + each
	if depth := each * time.Duration(l.Burst.N); n.full-s.at > depth {
		c.bad(s.at, s.account, "client %s takes more from limiter %q than it has: it would be full in %v, and %v fill it", k.Name, l.Name,
			n.full-s.at, depth)
	}
}

// quota checks that retries take no more tokens than there were and successes gave
// back, at most.
func (c *clients) quota(r *sim.Record, k *sim.Client, calls *clientCalls) {
	if len(k.Retry) != 1 || k.Retry[0].Quota.Size == 0 {
		return
	}
	q := &k.Retry[0].Quota
	if r.Attempt > 0 {
		if calls.tokens -= min(q.Throttle, q.Other); calls.tokens < 0 {
			c.bad(r.At, r.Account, "client %s retries beyond its quota of %d tokens", k.Name, q.Size)
		}
	}
	if r.Kind == sim.Sent {
		gain := q.Success
		if r.Attempt > 0 {
			gain = max(q.Throttle, q.Other)
		}
		calls.tokens = min(calls.tokens+gain, q.Size*int64(k.Processes))
	}
}

// loss checks that a client can lose a message for the reason, and counts it.
func (c *clients) loss(r *sim.Record, k *sim.Client, calls *clientCalls) {
	calls.lost[r.Loss]++
	if !mayLose(k, r) {
		c.bad(r.At, r.Account, "client %s gives a message up after %d calls for reason %s, which its keys do not allow",
			k.Name, r.Attempt, r.Loss)
	}
}

// mayLose reports whether a client may give a message up for the reason.
func mayLose(k *sim.Client, r *sim.Record) bool {
	policy := func(of ...client.FullPolicy) bool {
		return slices.ContainsFunc(k.Limiters, func(l client.Limiter) bool { return slices.Contains(of, l.Full.Policy) })
	}
	switch r.Loss {
	case client.Attempts: // also of those to come back to the queue
		return len(k.Retry) > 0 && r.Attempt > 0 || policy(client.Requeue, client.RequeueReset)
	case client.Dropped:
		return policy(client.Drop)
	case client.Waited:
		return k.Connection.Wait > 0
	case client.Stopped:
		return k.Stop.Errors > 0 && k.Stop.Abort
	}
	return r.Loss == client.Refused && r.Attempt > 0
}

func (c *clients) bad(at time.Duration, account int, format string, args ...any) {
	c.found.add("clients", at, account, "", format, args...)
}

// finish checks the starts, and compares the messages given up with those of the result,
// which has also those of campaigns whose lists became too short for them.
func (c *clients) finish(res *sim.Result) {
	c.limiters()
	for i := range min(len(res.Clients), len(c.of)) {
		whole := slices.ContainsFunc(c.cfg.Senders, func(s sim.Sender) bool { return s.Client == i+1 && s.Traffic.Whole })
		for why, told := range c.of[i].lost {
			if got := res.Clients[i].GivenUp[why]; told > got || told < got && !whole {
				c.found.add("clients", res.End, -1, "", "the result counts %d messages of client %s given up for reason %s, the records tell %d",
					got, c.cfg.Clients[i].Name, client.Reason(why), told)
			}
		}
	}
}
