package client

import "time"

// idleConnection is a connection without a call.
type idleConnection struct {
	since time.Duration
	calls int64 // it has had
}

// connections are those of a process. A call takes the connection that was used last.
type connections struct {
	spec    *Connection
	session Session
	idle    []idleConnection // the one that was used last is the last
	busy    int64
}

// free reports whether a call can have a connection.
func (c *connections) free() bool { return c.spec.Max == 0 || c.busy < c.spec.Max }

// connection is what a call has got: how many calls there were before on its
// connection, whether it is new, and whether SES had closed the one that it tried.
type connection struct {
	calls  int64
	fresh  bool
	closed Closing
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
		return connection{fresh: true}
	}
	got := c.idle[last]
	c.idle = c.idle[:last]
	closed := c.session.closes(now-got.since, got.calls)
	if closed != NotClosed && c.spec.Reconnect {
		return connection{fresh: true, closed: closed}
	}
	return connection{calls: got.calls, closed: closed}
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
func (c *connections) release(now time.Duration, calls int64, broken bool) {
	c.busy--
	if !broken && (c.spec.MaxMessages == 0 || calls < c.spec.MaxMessages) {
		c.idle = append(c.idle, idleConnection{now, calls})
	}
}
