package sender

import "time"

// Port is a throttled outbound port. It passes a limited number of connections a
// minute, at most a minute's worth in a burst; the others time out. The zero value
// passes all connections.
type Port struct {
	gap  time.Duration // mean time between connections at the limit; 0: no throttle
	room time.Duration // a minute minus one gap
	next time.Duration // when the full burst is available again
}

// NewPort returns a port that passes n connections a minute. n must be positive.
func NewPort(n int64) Port {
	gap := time.Minute / time.Duration(n)
	return Port{gap: gap, room: time.Duration(n-1) * gap}
}

// Connect reports whether a connection made now passes.
func (p *Port) Connect(now time.Duration) bool {
	if p.gap == 0 {
		return true
	}
	next := max(p.next, now)
	if next-now > p.room {
		return false
	}
	p.next = next + p.gap
	return true
}
