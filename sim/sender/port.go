package sender

import "time"

// Port is a throttled outgoing port: so many connections a minute pass, with
// a minute's worth at once at the most; the others time out. The zero value
// lets everything pass.
type Port struct {
	gap  time.Duration // between connections in the long run; 0: no throttle
	room time.Duration // a minute but one gap
	next time.Duration // when the port has recovered from all connections so far
}

// NewPort returns a port that lets n connections a minute pass. n must be
// positive.
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
