package client

import "time"

// Begin gives the message of the last Begun its ref.
func (c *Client) Begin(ref uint32) {
	c.workers[c.deciding].ref = ref
	c.deciding = -1
}

// Answer tells the client what SES has decided about the call of the last Decide. The
// Reason is that of GivenUp.
func (c *Client) Answer(a Answer) (Verdict, Reason) {
	id := uint32(c.deciding)
	c.deciding = -1
	w := &c.workers[id]
	p := &c.processes[w.process]
	broken := w.closed != NotClosed && !c.cfg.Connection.Reconnect
	counts := &c.counts[w.sender]
	counts.InFlight--
	counts.Waiting++
	c.pace.last = c.now
	p.connections.release(c.now, w.conn, w.onConn, broken || !a.Accepted && !a.Void && c.cfg.Connection.CloseOnRefusal)
	if c.cfg.Adaptive && !broken && !a.Void {
		p.adaptive.answer(c.now, a.Throttled)
	}
	switch {
	case a.Void:
		counts.Due--
		counts.Calls--
		counts.Attempts[0]--
		if w.closed != NotClosed {
			counts.Closed--
		}
		c.settle(&w.message)
		c.finish(id)
		return Done, 0
	case a.Accepted:
		counts.Accepted++
		for i := range p.quotas {
			p.quotas[i].succeed(w.failed[i] > 0, int64(w.cost[i]))
		}
		c.settle(&w.message)
		c.finish(id)
		return Done, 0
	}
	counts.Refused++
	if c.aborted {
		c.giveUp(id, Stopped)
		return GivenUp, Stopped
	}
	return c.retry(id, a)
}

// retry asks the layers of retries, the innermost first, what becomes of a refused
// call.
func (c *Client) retry(id uint32, a Answer) (Verdict, Reason) {
	w := &c.workers[id]
	p := &c.processes[w.process]
	why := Refused
	for i := range c.cfg.Retry {
		l := &c.cfg.Retry[i]
		w.failed[i]++
		if !a.Unreached && l.On&(1<<a.Reason) == 0 {
			w.failed[i] = 0
			continue
		}
		why = Attempts
		if int(w.failed[i]) < l.Attempts && w.draws < MaxDraws {
			if cost, ok := p.quotas[i].take(a.Throttled); ok {
				w.cost[i] = int32(cost)
				w.draws++
				wait := l.wait(int(w.failed[i]), c.senders[w.sender].Jitter.At(w.drawn()))
				c.sendAgain(id, l, wait)
				return Again, 0
			}
		}
		w.failed[i], w.cost[i] = 0, 0
	}
	c.giveUp(id, why)
	return GivenUp, why
}

// sendAgain makes a worker sleep before a retry, or puts its message back into the
// queue.
func (c *Client) sendAgain(id uint32, l *Layer, wait time.Duration) {
	if l.Hold {
		c.workers[id].state = sleeping
		c.schedule(id, c.now+wait)
		return
	}
	c.requeue(id, l.Poll.after(c.now+wait, c.poll))
}

// requeue puts a worker's message back into the queue for later.
func (c *Client) requeue(id uint32, at time.Duration) {
	w := &c.workers[id]
	if len(c.spare) == 0 {
		c.kept = append(c.kept, message{})
		c.spare = append(c.spare, uint32(len(c.kept)-1))
	}
	k := c.spare[len(c.spare)-1]
	c.spare = c.spare[:len(c.spare)-1]
	c.kept[k] = w.message
	pushJob(&c.later, job{at: at, number: w.number, sender: w.sender, count: 1, kept: k + 1})
	c.finish(id)
}

// lossOf returns the event of a message that is given up between its calls.
func (c *Client) lossOf(id uint32, why Reason) Event { return c.workers[id].message.loss(why) }

func (m *message) loss(why Reason) Event {
	return Event{Kind: Lost, Reason: why, Sender: m.sender, Attempt: m.calls, Ref: m.ref, Number: m.number, Count: 1, Due: m.due}
}

// settle counts a message that is accepted or given up.
func (c *Client) settle(m *message) {
	counts := &c.counts[m.sender]
	counts.Waiting--
	counts.Oldest = max(counts.Oldest, c.now-m.due)
}

// giveUp gives up a worker's message, and stops the client after too many.
func (c *Client) giveUp(id uint32, why Reason) {
	m := &c.workers[id].message
	c.counts[m.sender].GivenUp[why]++
	c.settle(m)
	c.finish(id)
	if c.errors++; c.errors == c.cfg.Stop.Errors {
		c.errors = 0
		if c.cfg.Stop.Abort {
			c.abort()
		} else {
			c.paused = true
		}
	}
}

// Paused reports whether the client has stopped until Resume.
func (c *Client) Paused() bool { return c.paused }

// Resume ends the pause of a client that has met too many errors.
func (c *Client) Resume(now time.Duration) {
	if !c.paused {
		return
	}
	c.now, c.paused, c.errors = now, false, 0
	for i := range c.processes {
		c.touch(int32(i))
	}
}

// abort gives up all messages but those whose call SES has. The client starts nothing
// any more.
func (c *Client) abort() {
	if c.aborted {
		return
	}
	c.aborted, c.paused = true, true
	for i := range c.queue.lines {
		for line := &c.queue.lines[i]; line.count > 0; line.drop() {
			c.abortJob(line.front())
		}
	}
	c.queue.messages = 0
	for len(c.later) > 0 {
		j := popJob(&c.later)
		c.abortJob(&j)
	}
	for i := range c.processes {
		p := &c.processes[i]
		p.head, p.asking, p.lining = -1, ring[uint32]{}, ring[uint32]{}
	}
	for id := range c.workers {
		if s := c.workers[id].state; s == asking || s == lining || s == sleeping {
			c.unschedule(uint32(id))
			c.lost.push(c.lossOf(uint32(id), Stopped))
			c.giveUp(uint32(id), Stopped)
		}
	}
}

// abortJob gives up messages of the queue.
func (c *Client) abortJob(j *job) {
	e := Event{Sender: j.sender, Number: j.number, Count: int64(j.count), Due: j.at, Ref: j.ref}
	if j.kept > 0 {
		e = c.kept[j.kept-1].loss(Stopped)
		c.spare = append(c.spare, j.kept-1)
	}
	c.lose(e)
}

// lose gives up messages that no worker has because the client has stopped.
func (c *Client) lose(e Event) {
	e.Kind, e.Reason = Lost, Stopped
	counts := &c.counts[e.Sender]
	counts.GivenUp[Stopped] += e.Count
	counts.Waiting -= e.Count
	counts.Oldest = max(counts.Oldest, c.now-e.Due)
	c.lost.push(e)
}
