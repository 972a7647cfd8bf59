package client

import "time"

// pace is how fast a client calls.
type pace struct {
	begun       bool
	first, last time.Duration // start of the first call, and the last answer
	recent      ring[starts]  // of the last second
	calls       int64         // recent ones
	most        int64         // that there were of them
}

// starts are calls that start at one moment.
type starts struct {
	at time.Duration
	n  int64
}

// start counts a call.
func (p *pace) start(now time.Duration) {
	if !p.begun {
		p.begun, p.first = true, now
	}
	for p.recent.count > 0 && p.recent.front().at <= now-time.Second {
		p.calls -= p.recent.front().n
		p.recent.drop()
	}
	if n := p.recent.count; n > 0 && p.recent.at(n-1).at == now {
		p.recent.at(n-1).n++
	} else {
		p.recent.push(starts{now, 1})
	}
	p.calls++
	p.most = max(p.most, p.calls)
}

// SenderCounts returns the figures of a sender so far. Attempts is the client's own.
func (c *Client) SenderCounts(sender int) Counts { return c.counts[sender] }

// Counts returns the figures of all senders together.
func (c *Client) Counts() Counts {
	all := Counts{Attempts: make([]int64, len(c.counts[0].Attempts))}
	for i := range c.counts {
		all.Add(&c.counts[i])
	}
	return all
}

// Add adds the figures of another sender of the same client.
func (a *Counts) Add(b *Counts) {
	a.Due += b.Due
	a.Calls += b.Calls
	for i, n := range b.Attempts {
		a.Attempts[i] += n
	}
	a.Accepted += b.Accepted
	a.Refused += b.Refused
	a.InFlight += b.InFlight
	a.Waiting += b.Waiting
	a.Closed += b.Closed
	for i, n := range b.GivenUp {
		a.GivenUp[i] += n
	}
	a.Oldest = max(a.Oldest, b.Oldest)
}

// MostCalls returns the highest number of calls that started within a second.
func (c *Client) MostCalls() int64 { return c.pace.most }

// Active returns the time from the start of the first call to the last answer, or to now
// while there are calls without one.
func (c *Client) Active(now time.Duration) time.Duration {
	switch {
	case !c.pace.begun:
		return 0
	case c.inFlight() > 0:
		return now - c.pace.first
	}
	return max(c.pace.last-c.pace.first, 0)
}

func (c *Client) inFlight() (calls int64) {
	for i := range c.counts {
		calls += c.counts[i].InFlight
	}
	return calls
}

// OldestOpen returns the age of the oldest message that is neither accepted nor given
// up; 0 if there is none.
func (c *Client) OldestOpen(now time.Duration) time.Duration {
	due := now
	for i := range c.queue.lines {
		for k := range c.queue.lines[i].count {
			due = min(due, c.dueOf(c.queue.lines[i].at(k)))
		}
	}
	for i := range c.later {
		due = min(due, c.dueOf(&c.later[i]))
	}
	for i := range c.workers {
		switch w := &c.workers[i]; w.state {
		case asking, lining, calling, sleeping:
			due = min(due, w.due)
		}
	}
	return now - due
}

// dueOf returns when a message of the queue was due.
func (c *Client) dueOf(j *job) time.Duration {
	if j.kept > 0 {
		return c.kept[j.kept-1].due
	}
	return j.at
}
