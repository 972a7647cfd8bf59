package reference

import (
	"container/heap"
	"time"
)

// rank orders what is due at the same time, as package engine does: what was
// scheduled comes first, then the duties that come back, then arrivals.
type rank int

const (
	event rank = iota
	duty
	arrival
)

// task is a closure that is due at a time.
type task struct {
	at   time.Duration
	rank rank
	seq  int64 // of scheduling, or of an arrival its sender's number; it breaks the remaining ties
	run  func()
}

// agenda holds the pending tasks. It implements heap.Interface.
type agenda struct {
	tasks []*task
	seq   int64
	now   time.Duration
}

var _ heap.Interface = (*agenda)(nil)

// Len implements heap.Interface.
func (a *agenda) Len() int { return len(a.tasks) }

// Less implements heap.Interface.
func (a *agenda) Less(i, j int) bool {
	s, t := a.tasks[i], a.tasks[j]
	if s.at != t.at {
		return s.at < t.at
	}
	if s.rank != t.rank {
		return s.rank < t.rank
	}
	return s.seq < t.seq
}

// Swap implements heap.Interface.
func (a *agenda) Swap(i, j int) { a.tasks[i], a.tasks[j] = a.tasks[j], a.tasks[i] }

// Push implements heap.Interface; use schedule.
func (a *agenda) Push(x any) { a.tasks = append(a.tasks, x.(*task)) }

// Pop implements heap.Interface; use next.
func (a *agenda) Pop() any {
	last := len(a.tasks) - 1
	t := a.tasks[last]
	a.tasks[last] = nil
	a.tasks = a.tasks[:last]
	return t
}

// schedule makes run due at a time.
func (a *agenda) schedule(at time.Duration, rank rank, run func()) {
	a.seq++
	heap.Push(a, &task{at, rank, a.seq, run})
}

// expect makes the arrival of a sender's message due at a time.
func (a *agenda) expect(at time.Duration, sender int, run func()) {
	heap.Push(a, &task{at, arrival, int64(sender), run})
}

// work runs the tasks that are due before the horizon, in order.
func (a *agenda) work(horizon time.Duration) {
	for len(a.tasks) > 0 && a.tasks[0].at < horizon {
		t := heap.Pop(a).(*task)
		a.now = t.at
		t.run()
	}
	a.now = horizon
}
