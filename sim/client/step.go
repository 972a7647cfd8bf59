package client

import "time"

// Step does what is left to do up to now, which must be Next. It returns false when
// nothing is left at that moment, else an event, which is valid until the next call. After
// a Decide the caller must call Answer before it steps on, after a Begun Begin.
func (c *Client) Step(now time.Duration) (*Event, bool) {
	c.now = now
	for {
		switch {
		case c.lost.count > 0:
			c.asked = *c.lost.front()
			c.lost.drop()
			return &c.asked, true
		case c.begun.count > 0:
			id := *c.begun.front()
			c.begun.drop()
			return c.eventOf(id, Begun), true
		case len(c.events) > 0 && c.events[0].at <= now:
			if e := c.event(); e != nil {
				return e, true
			}
		case len(c.later) > 0 && c.later[0].at <= now:
			j := popJob(&c.later)
			c.queue.push(c.senders[j.sender].Priority, j)
			c.touch(0)
		case len(c.dirty) > 0:
			c.start()
		default:
			return nil, false
		}
	}
}

// event handles the first event of a worker. It returns nil if that is not the caller's.
func (c *Client) event() *Event {
	id := c.events[0].id
	w := &c.workers[id]
	c.unschedule(id)
	c.touch(w.process)
	switch w.state {
	case calling:
		return c.eventOf(id, Decide)
	case lining:
		id = c.leaveLine(id)
		c.lost.push(c.lossOf(id, Waited))
		c.giveUp(id, Waited)
	case sleeping:
		c.ask(id, c.now)
	case resting:
		c.release(id)
	case timer:
		c.reopen(w.process)
	}
	return nil
}

// eventOf returns an event of a worker's call, about which the caller decides.
func (c *Client) eventOf(id uint32, kind EventKind) *Event {
	c.deciding = int32(id)
	w := &c.workers[id]
	c.asked = Event{
		Kind: kind, Sender: w.sender, Attempt: w.calls - 1, Ref: w.ref, Process: w.process,
		Number: w.number, Count: 1, Due: w.due, Started: w.started,
		Connection: w.conn, Closed: w.closed, Met: w.met,
	}
	return &c.asked
}

// start starts what can start now: first the calls that have waited, then those of
// messages that free workers take.
func (c *Client) start() {
	for len(c.dirty) > 0 {
		p := c.nextDirty()
		if c.paused {
			continue
		}
		c.connect(p)
		c.grant(p)
		for len(c.dirty) == 0 && c.assign() {
		}
	}
}

// nextDirty returns the process at which something may start whose head has asked
// first, and of several the lowest.
func (c *Client) nextDirty() *process {
	p := &c.processes[pop(&c.dirty, (*turn).before).process]
	p.dirty = false
	return p
}

// askedAt returns when the head of a process has asked for its grant.
func (c *Client) askedAt(process int32) time.Duration {
	p := &c.processes[process]
	switch {
	case p.head >= 0:
		return c.workers[p.head].asked
	case p.asking.count > 0:
		return c.workers[*p.asking.front()].asked
	}
	return c.now
}

// assign gives the head of the queue to a free worker, which asks for a grant. With
// unlimited workers grant takes the messages.
func (c *Client) assign() bool {
	if c.lazy || c.paused {
		return false
	}
	line := c.queue.head(false)
	i := c.firstOpen()
	if line == nil || i < 0 {
		return false
	}
	id := c.hire(i)
	c.take(id, line)
	c.ask(id, c.now)
	c.grant(&c.processes[i])
	return true
}

// take gives a worker the next message of a line.
func (c *Client) take(id uint32, line *ring[job]) {
	j := c.queue.take(line)
	w := &c.workers[id]
	if j.kept > 0 {
		w.message = c.kept[j.kept-1]
		c.spare = append(c.spare, j.kept-1)
	} else {
		w.message = message{due: j.at, number: j.number, sender: j.sender, ref: j.ref}
	}
	w.asked = j.at
	p := &c.processes[w.process]
	p.active++
	rest := &c.cfg.Rest
	if !rest.All || c.after == 0 {
		return
	}
	if p.started++; p.started < c.after {
		return
	}
	p.started, p.closed = 0, true
	c.setOpen(w.process)
	if !rest.Barrier {
		c.schedule(p.timer, c.now+rest.Rest)
	}
}

// ask lines a worker up for a grant.
func (c *Client) ask(id uint32, at time.Duration) {
	w := &c.workers[id]
	w.state, w.asked = asking, at
	c.processes[w.process].asking.push(id)
}

// grant lets calls start in the order in which their workers have asked. The limiters
// are asked when a call's turn has come, and again at the moment that they have given.
func (c *Client) grant(p *process) {
	for !c.paused {
		turned := p.head < 0
		if turned && !c.turn(p) {
			return
		}
		id := uint32(p.head)
		w := &c.workers[id]
		if turned || c.now >= p.granted {
			var blocked int
			if p.granted, blocked = granted(p.limiters, c.now, w.calls > 0); blocked >= 0 {
				p.head = -1
				c.unschedule(id)
				c.meetFull(id, &p.limiters[blocked].full, p.granted)
				continue
			}
		}
		at := p.granted
		if c.cfg.Adaptive {
			at = max(at, p.adaptive.earliest(c.now))
		}
		if at > c.now {
			c.schedule(id, at)
			return
		}
		p.head = -1
		c.unschedule(id)
		c.charge(p, w.calls > 0)
		c.line(p, id)
		if c.shared && len(c.dirty) > 0 { // another process may have asked earlier
			c.touch(w.process)
			return
		}
	}
}

// charge takes from all that has granted a start.
func (c *Client) charge(p *process, retry bool) {
	for _, l := range p.limiters {
		if !retry || l.retries {
			l.charge(c.now)
		}
	}
	if c.cfg.Adaptive {
		p.adaptive.take(c.now)
	}
}

// turn makes the worker that has asked first the head, and reports whether there is
// one. With unlimited workers a message of the queue has asked when it came there.
func (c *Client) turn(p *process) bool {
	if c.lazy {
		if c.patient && (p.lining.count > 0 || !p.connections.free()) {
			return false
		}
		line := c.queue.head(true)
		first := p.asking.count == 0 || line != nil && c.workers[*p.asking.front()].asked > line.front().at
		if line != nil && first && !p.closed {
			if len(p.free) == 0 && p.workers == c.limit {
				return false
			}
			id := c.hire(0)
			c.take(id, line)
			c.workers[id].state = asking
			p.head = int32(id)
			return true
		}
	}
	if p.asking.count == 0 {
		return false
	}
	p.head = int32(*p.asking.front())
	p.asking.drop()
	return true
}

// meetFull does what a limiter says about a call that it would grant at a later moment.
func (c *Client) meetFull(id uint32, f *Full, at time.Duration) {
	w := &c.workers[id]
	switch {
	case f.Policy == Drop:
		c.lost.push(c.lossOf(id, Dropped))
		c.giveUp(id, Dropped)
	case w.draws == MaxDraws:
		c.lost.push(c.lossOf(id, Attempts))
		c.giveUp(id, Attempts)
	case f.Policy == Requeue:
		w.draws++
		c.requeue(id, c.now+draw(c.senders[w.sender].Requeue.At(w.drawn()), f.Least, f.Most))
	default:
		w.draws++
		c.requeue(id, at+f.Plus)
	}
}

// line gives a call a connection, or lines it up for one.
func (c *Client) line(p *process, id uint32) {
	if p.lining.count == 0 && p.connections.free() {
		c.begin(p, id)
		return
	}
	c.workers[id].state = lining
	p.lining.push(id)
	if wait := c.cfg.Connection.Wait; wait > 0 {
		c.schedule(id, c.now+wait)
	}
}

// connect gives free connections to the calls that wait for one.
func (c *Client) connect(p *process) {
	for p.lining.count > 0 && p.connections.free() {
		id := *p.lining.front()
		p.lining.drop()
		c.unschedule(id)
		c.begin(p, id)
	}
}

// leaveLine takes the first of a line off it, of which a worker has waited too long: all
// wait for the same time. If several have come at the same moment it is another one, and
// the worker's own turn is next.
func (c *Client) leaveLine(id uint32) uint32 {
	line := &c.processes[c.workers[id].process].lining
	first := *line.front()
	line.drop()
	if first != id {
		c.unschedule(first)
		c.schedule(id, c.now)
	}
	return first
}

// begin starts a call.
func (c *Client) begin(p *process, id uint32) {
	w := &c.workers[id]
	got := p.connections.take(c.now)
	w.conn, w.onConn, w.met, w.closed = got.number, got.calls+1, got.met, got.closed
	w.started, w.state = c.now, calling
	took := c.spread.Draw(c.senders[w.sender].Latency.At(w.drawn()))
	if got.fresh {
		took += c.cfg.Connection.Setup
	}
	counts := &c.counts[w.sender]
	if got.closed != NotClosed {
		counts.Closed++
	}
	counts.Calls++
	counts.Attempts[min(int(w.calls), len(counts.Attempts)-1)]++
	counts.InFlight++
	counts.Waiting--
	c.pace.start(c.now)
	w.calls++
	if w.ref == 0 && w.calls == 1 {
		c.begun.push(id)
	}
	c.schedule(id, c.now+took)
}

// drawn returns the number of a message's present draws.
func (m *message) drawn() uint64 { return uint64(m.number)<<16 + uint64(m.draws) }
