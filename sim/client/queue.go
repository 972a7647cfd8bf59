package client

import (
	"cmp"
	"time"
)

// Priorities is the number of priorities; 0 is taken first.
const Priorities = 10

// job is what waits in the queue: count consecutive messages of a sender that nobody
// has called for, or one that is back, whose state is kept.
type job struct {
	at     time.Duration // when it came to the queue
	number int64
	sender int32
	count  uint32
	kept   uint32 // 0: none, else an index and one
	ref    uint32 // of one that nobody has called for
}

// before reports whether a job comes before another of its priority.
func (j *job) before(o *job) bool {
	return cmp.Or(cmp.Compare(j.at, o.at), cmp.Compare(j.sender, o.sender), cmp.Compare(j.number, o.number)) < 0
}

// ring is a queue that grows.
type ring[T any] struct {
	list  []T // its length is a power of two
	first int
	count int
}

func (r *ring[T]) at(i int) *T { return &r.list[(r.first+i)&(len(r.list)-1)] }

func (r *ring[T]) front() *T { return &r.list[r.first] }

func (r *ring[T]) push(v T) {
	if r.count == len(r.list) {
		longer := make([]T, max(2*len(r.list), 16))
		n := copy(longer, r.list[r.first:])
		copy(longer[n:], r.list[:r.first])
		r.list, r.first = longer, 0
	}
	r.count++
	*r.at(r.count - 1) = v
}

func (r *ring[T]) drop() {
	r.first = (r.first + 1) & (len(r.list) - 1)
	r.count--
}

// queue holds the jobs of a client in the order of priority, time, sender and number.
type queue struct {
	lines    [Priorities]ring[job]
	messages int64 // that wait
}

// push puts a job in its place, which is nearly always the end.
func (q *queue) push(priority uint8, j job) {
	line := &q.lines[priority]
	line.push(j)
	q.messages += int64(j.count)
	for i := line.count - 1; i > 0 && line.at(i).before(line.at(i-1)); i-- {
		*line.at(i), *line.at(i - 1) = *line.at(i - 1), *line.at(i)
	}
}

// head returns the line whose job is next: that of the lowest number, or if byTime
// the one whose job came first; nil if all are empty.
func (q *queue) head(byTime bool) *ring[job] {
	var best *ring[job]
	for i := range q.lines {
		line := &q.lines[i]
		switch {
		case line.count == 0:
		case !byTime:
			return line
		case best == nil || line.front().at < best.front().at:
			best = line
		}
	}
	return best
}

// take takes one message off a line.
func (q *queue) take(line *ring[job]) job {
	q.messages--
	j := *line.front()
	if j.count == 1 {
		line.drop()
		return j
	}
	f := line.front()
	f.number++
	f.count--
	j.count = 1
	return j
}
