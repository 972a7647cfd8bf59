package des

import "time"

// List is an event list, ordered by time and then by insertion. The zero value
// is an empty list.
//
// It consists of a 4-ary heap of values and FIFO queues for events that are
// scheduled in the order of their times, such as those after a fixed delay, each
// delay with a queue of its own: in the heap, all others would have to be sifted
// through them.
//
// The heap was chosen by measurement, with the hold model at 100, 10,000 and
// 1,000,000 pending events as large as those of a run. A calendar queue with
// adaptive bucket width took 1.2, 0.6 and 1.3 times as long, a hierarchical
// timing wheel 2.8, 0.8 and 2.9 times: moving an event of 64 bytes from list to
// list misses the cache as often as sifting it. To measure the heap again:
//
//	go test ./sim/des -run '^$' -bench Hold
type List[T any] struct {
	heap   []entry[T]
	queues []queue[T]      // at most maxQueues
	heads  []time.Duration // of the queues, the time of the first event, or Never
	next   int             // of the queues, the one with their earliest event
	rival  time.Duration   // of the other queues, the time of the earliest event, or Never
	queued int             // events in queues
	seq    uint64
	spare  time.Duration // from the earliest event to Never; 0 for an empty list
}

// maxQueues limits the queues. Looking through them costs every event of a queue.
const maxQueues = 16

type entry[T any] struct {
	at    time.Duration
	seq   uint64
	event T
}

func (a *entry[T]) before(b *entry[T]) bool {
	return a.at < b.at || a.at == b.at && a.seq < b.seq
}

// queue is a FIFO queue of entries in a ring buffer.
type queue[T any] struct {
	key  time.Duration
	ring []entry[T] // its length is 0 or a power of two
	head int        // index of the first entry
	n    int
}

// Len returns the number of pending events.
func (l *List[T]) Len() int { return len(l.heap) + l.queued }

// Next returns the time of the earliest event, or Never.
func (l *List[T]) Next() time.Duration { return Never - l.spare }

// look recomputes the time of the earliest event.
func (l *List[T]) look() {
	l.spare = 0
	if l.queued > 0 {
		l.spare = Never - l.heads[l.next]
	}
	if len(l.heap) > 0 {
		l.spare = max(l.spare, Never-l.heap[0].at)
	}
}

// First returns the earliest event, which stays in the list. The list must not
// be empty, and the event must not be changed.
func (l *List[T]) First() *T { return &l.first().event }

func (l *List[T]) first() *entry[T] {
	if l.inQueue() {
		return l.queues[l.next].first()
	}
	return &l.heap[0]
}

// inQueue reports whether the earliest event is in a queue.
func (l *List[T]) inQueue() bool {
	return l.queued > 0 && (len(l.heap) == 0 || l.queues[l.next].first().before(&l.heap[0]))
}

// Push schedules an event.
func (l *List[T]) Push(at time.Duration, event T) {
	l.seq++
	l.rise(entry[T]{at, l.seq, event})
	l.spare = max(l.spare, Never-at)
}

// PushQueued is Push for an event that is unlikely to be earlier than any other
// scheduled by PushQueued with the same key.
func (l *List[T]) PushQueued(key, at time.Duration, event T) {
	i := l.queueOf(key)
	if i < 0 || l.queues[i].n > 0 && at < l.queues[i].last().at {
		l.Push(at, event)
		return
	}
	l.seq++
	l.queues[i].append(entry[T]{at, l.seq, event})
	l.queued++
	if l.heads[i] == Never {
		l.begin(i, at)
	}
	l.spare = max(l.spare, Never-at)
}

// begin notes that the i-th queue, which was empty, has an event.
func (l *List[T]) begin(i int, at time.Duration) {
	l.heads[i] = at
	switch {
	case i == l.next:
	case at < l.heads[l.next]:
		l.next, l.rival = i, l.heads[l.next]
	default:
		l.rival = min(l.rival, at)
	}
}

// queueOf returns the queue of a key, -1 if there are too many keys.
func (l *List[T]) queueOf(key time.Duration) int {
	if l.next < len(l.queues) && l.queues[l.next].key == key {
		return l.next
	}
	for i := range l.queues {
		if l.queues[i].key == key {
			return i
		}
	}
	if len(l.queues) == maxQueues {
		return -1
	}
	if len(l.queues) == 0 {
		l.rival = Never
	}
	l.queues, l.heads = append(l.queues, queue[T]{key: key}), append(l.heads, Never)
	return len(l.queues) - 1
}

// take removes and returns the earliest event of the queues, of which there is one.
func (l *List[T]) take() entry[T] {
	e := l.queues[l.next].take()
	l.queued--
	l.lookQueues()
	return e
}

// lookQueues finds the queue with their earliest event, after that of the queue that had
// it has changed.
func (l *List[T]) lookQueues() {
	at, q := Never, &l.queues[l.next]
	if q.n > 0 {
		at = q.first().at
	}
	if l.heads[l.next] = at; at < l.rival {
		return
	}
	l.search()
}

// search does so if it may be another one than before.
func (l *List[T]) search() {
	least := l.heads[l.next]
	for i, at := range l.heads {
		if at < least || at == least && at != Never && l.queues[i].first().before(l.queues[l.next].first()) {
			l.next, least = i, at
		}
	}
	l.rival = Never
	for i, at := range l.heads {
		if i != l.next {
			l.rival = min(l.rival, at)
		}
	}
}

// FirstQueued returns the earliest event and its time, if it is in a queue and comes before
// the given moment and all events that are not in queues; otherwise nil. The event stays in
// the list, and is valid until the list changes.
func (l *List[T]) FirstQueued(before time.Duration) (time.Duration, *T) {
	if len(l.heap) > 0 {
		before = min(before, l.heap[0].at)
	}
	if l.queued == 0 || l.heads[l.next] >= before {
		return Never, nil
	}
	e := l.queues[l.next].first()
	return e.at, &e.event
}

// Requeue schedules the event that FirstQueued has returned for another time, as Pop and
// PushQueued would. It returns the event, which the caller may change until the list
// changes.
func (l *List[T]) Requeue(key, at time.Duration) *T {
	i := l.queueOf(key)
	if i < 0 || l.queues[i].n > 0 && at < l.queues[i].last().at {
		_, e := l.Pop()
		l.seq++
		moved := l.rise(entry[T]{at, l.seq, e})
		l.look()
		return moved
	}
	to, from := &l.queues[i], &l.queues[l.next]
	if to.n == len(to.ring) {
		to.grow()
	}
	l.seq++
	to.n++
	// The copy comes first: a processor stalls if it is to copy what was written just before.
	e := to.last()
	*e = *from.first()
	e.at, e.seq = at, l.seq
	if from.drop(); to.n == 1 {
		l.begin(i, at)
	}
	l.lookQueues()
	l.look()
	return &e.event
}

// Pop removes and returns the earliest event. The list must not be empty.
func (l *List[T]) Pop() (time.Duration, T) {
	if l.inQueue() {
		e := l.take()
		l.look()
		return e.at, e.event
	}
	top := l.heap[0]
	n := len(l.heap) - 1
	last := l.heap[n]
	l.heap[n] = entry[T]{}
	l.heap = l.heap[:n]
	if n > 0 {
		l.sink(last)
	}
	l.look()
	return top.at, top.event
}

// rise inserts e into the heap, and returns where its event is.
func (l *List[T]) rise(e entry[T]) *T {
	l.heap = append(l.heap, e)
	i := len(l.heap) - 1
	for i > 0 {
		parent := (i - 1) / 4
		if !e.before(&l.heap[parent]) {
			break
		}
		l.heap[i] = l.heap[parent]
		i = parent
	}
	l.heap[i] = e
	return &l.heap[i].event
}

// sink sifts e down from the root until no child is before it.
func (l *List[T]) sink(e entry[T]) {
	h, i := l.heap, 0
	for {
		first := 4*i + 1
		if first >= len(h) {
			break
		}
		least := first
		for c := first + 1; c < min(first+4, len(h)); c++ {
			if h[c].before(&h[least]) {
				least = c
			}
		}
		if !h[least].before(&e) {
			break
		}
		h[i] = h[least]
		i = least
	}
	h[i] = e
}

// first and last return the entries at both ends. The queue must not be empty.
func (q *queue[T]) first() *entry[T] { return &q.ring[q.head] }
func (q *queue[T]) last() *entry[T]  { return &q.ring[(q.head+q.n-1)&(len(q.ring)-1)] }

// append adds e at the end.
func (q *queue[T]) append(e entry[T]) {
	if q.n == len(q.ring) {
		q.grow()
	}
	q.n++
	*q.last() = e
}

// grow doubles the ring.
func (q *queue[T]) grow() {
	ring := make([]entry[T], max(8, 2*q.n))
	n := copy(ring, q.ring[q.head:])
	copy(ring[n:], q.ring[:q.head])
	q.ring, q.head = ring, 0
}

// take removes and returns the first entry.
func (q *queue[T]) take() entry[T] {
	e := *q.first()
	*q.first() = entry[T]{}
	q.drop()
	return e
}

// drop removes the first entry, whose place keeps its value until it is used again.
func (q *queue[T]) drop() {
	q.head = (q.head + 1) & (len(q.ring) - 1)
	q.n--
}
