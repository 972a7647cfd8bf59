package smtp

import (
	"context"
	"net"
	"time"
)

// timed is a connection whose reads and writes end in time, and at the end of a context,
// whoever makes them: TLS reads through it too.
type timed struct {
	net.Conn
	ctx   context.Context // its end sets a read deadline in the past
	idle  time.Duration   // of one read or write
	until time.Time       // of all reads
}

// within sets the time in which all reads from now on must be made.
func (c *timed) within(d time.Duration) { c.until = time.Now().Add(d) }

func (c *timed) Read(p []byte) (int, error) {
	deadline := time.Now().Add(c.idle)
	if c.until.Before(deadline) {
		deadline = c.until
	}
	if err := c.SetReadDeadline(deadline); err != nil {
		return 0, err
	}
	if err := c.ctx.Err(); err != nil { // before the deadline was set; later ends are seen by the read
		return 0, err
	}
	return c.Conn.Read(p)
}

func (c *timed) Write(p []byte) (int, error) {
	if err := c.SetWriteDeadline(time.Now().Add(c.idle)); err != nil {
		return 0, err
	}
	return c.Conn.Write(p)
}
