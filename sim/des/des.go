// Package des is a discrete-event engine without I/O, goroutines or a wall
// clock: an event list on an integer virtual clock, and Merge and Batch for
// arrival streams, which are known in advance and never enter the list.
//
// Time is a time.Duration since the start of the run. Events are values, not
// closures: the caller defines a payload type and switches on it. Events at the
// same time are returned in the order in which they were scheduled.
//
// The package knows nothing about mail. Out of scope: processes, resources, and
// priorities other than time.
package des

import "time"

// Never is later than every event.
const Never = time.Duration(1<<63 - 1)

// Merge is a tournament tree over arrival streams, each with one pending time.
// If two are due at the same time, the stream with the lower number comes first.
// The zero value has no streams.
type Merge struct {
	times []time.Duration
	tree  []int32 // tree[1] is the winner; tree[i] the better of its two children
	leafs int     // a power of two
}

// NewMerge returns a merge of streams with the given first times. The merge owns
// the slice afterwards.
func NewMerge(times []time.Duration) *Merge {
	m := &Merge{times: times, leafs: 1}
	for m.leafs < len(times) {
		m.leafs *= 2
	}
	m.tree = make([]int32, 2*m.leafs)
	for i := range m.leafs {
		m.tree[m.leafs+i] = -1
		if i < len(times) {
			m.tree[m.leafs+i] = int32(i)
		}
	}
	for i := m.leafs - 1; i > 0; i-- {
		m.tree[i] = m.better(m.tree[2*i], m.tree[2*i+1])
	}
	return m
}

// better returns the stream that comes first; a must be the lower number, and -1
// is no stream.
func (m *Merge) better(a, b int32) int32 {
	if b < 0 || a >= 0 && m.times[a] <= m.times[b] {
		return a
	}
	return b
}

// Next returns the earliest time and its stream, or Never and -1.
func (m *Merge) Next() (time.Duration, int) {
	if len(m.times) == 0 {
		return Never, -1
	}
	i := m.tree[1]
	return m.times[i], int(i)
}

// Set gives stream i a new pending time; Never ends it.
func (m *Merge) Set(i int, at time.Duration) {
	m.times[i] = at
	for node := (m.leafs + i) / 2; node > 0; node /= 2 {
		m.tree[node] = m.better(m.tree[2*node], m.tree[2*node+1])
	}
}
