package client

import "time"

// idleConnection is a connection without a call.
type idleConnection struct {
	since  time.Duration
	calls  int64 // it has had
	number int32 // among those of its process, from 1
}

// connections are those of a process. A call takes the connection that was used last.
type connections struct {
	spec    *Connection
	session Session
	idle    []idleConnection // the one that was used last is the last
	busy    int64
	opened  int32
}

// free reports whether a call can have a connection.
func (c *connections) free() bool { return c.spec.Max == 0 || c.busy < c.spec.Max }

// connection is what a call has got: how many calls there were before on its
// connection, its number, whether it is new, and whether SES had closed the one that it
// tried, with that one's number.
type connection struct {
	calls       int64
	number, met int32
	fresh       bool
	closed      Closing
}

// take returns a connection for a call that starts now.
func (c *connections) take(now time.Duration) connection {
	c.busy++
	last := len(c.idle) - 1
	if last >= 0 && c.spec.Idle > 0 && now-c.idle[last].since >= c.spec.Idle {
		c.idle = c.idle[:0]
		last = -1
	}
	if last < 0 {
		return c.open()
	}
	got := c.idle[last]
	c.idle = c.idle[:last]
	of := connection{calls: got.calls, number: got.number}
	if closed := c.session.closes(now-got.since, got.calls); closed != NotClosed {
		if c.spec.Reconnect {
			of = c.open()
		}
		of.closed, of.met = closed, got.number
	}
	return of
}

// open returns a new connection.
func (c *connections) open() connection {
	c.opened++
	return connection{number: c.opened, fresh: true}
}

// closes reports whether SES has closed a session after so long without a call, which has
// had so many.
func (s *Session) closes(idle time.Duration, calls int64) Closing {
	switch {
	case s.MaxMessages > 0 && calls >= s.MaxMessages:
		return ClosedFull
	case s.Idle > 0 && idle >= s.Idle:
		return ClosedIdle
	}
	return NotClosed
}

// release gives a connection back after its call.
func (c *connections) release(now time.Duration, number int32, calls int64, broken bool) {
	c.busy--
	if !broken && (c.spec.MaxMessages == 0 || calls < c.spec.MaxMessages) {
		c.idle = append(c.idle, idleConnection{now, calls, number})
	}
}
