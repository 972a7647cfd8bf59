package engine

import (
	"cmp"
	"container/heap"
	"sesim/sim"
	"slices"
	"time"
)

// This file puts the records of parts that ran apart into the order in which
// one world for all would have told them.
//
// A world does one step after the other: it handles an event, or an arrival,
// or evaluates an account. At the same time all events come first, by their
// numbers, then evaluations and ends of days by account, then arrivals by
// sender. Everything but the numbers of events is known of a step by itself.
// An event's number is given when it is scheduled, which is in an earlier step
// of the same part: so whoever goes through the steps of all parts in order
// can number the events of all as one event list would have, and that settles
// the order of the steps to come.

// phase is when a step comes among those of the same time.
type phase uint8

const (
	phaseEvent      phase = iota // number: of the event, in its part
	phaseEvaluation              // number: of the account
	phaseDay                     // number: of the account
	phaseArrival                 // number: of the sender
)

// step is a step of a part and what it left.
type step struct {
	at        time.Duration
	phase     phase
	number    uint64
	scheduled uint64 // events that the part has scheduled up to its end
	records   int    // records in the log up to its end
}

// partLog keeps what a part does and tells until the parts meet. It is the
// part's observer.
type partLog struct {
	part    *part
	steps   []step
	records []sim.Record
}

// Observe implements Observer. It gives accounts, senders and audiences the
// numbers that they have in the whole scenario.
func (l *partLog) Observe(r *sim.Record) {
	kept := *r
	kept.Account = l.part.accounts[r.Account]
	if r.Sender >= 0 {
		kept.Sender = l.part.senders[r.Sender]
	}
	switch r.Kind {
	case sim.Refused, sim.Sent, sim.TimedOut:
		kept.Recipients = slices.Clone(r.Recipients)
		for i, to := range r.Recipients {
			kept.Recipients[i].Audience = l.part.audiences[to.Audience]
		}
	case sim.Changed:
	default:
		kept.Address.Audience = l.part.audiences[r.Address.Audience]
	}
	l.records = append(l.records, kept)
}

// mark notes the step that ends now.
func (w *world) mark(p phase, number uint64) {
	if w.log != nil {
		w.log.steps = append(w.log.steps, step{w.now, p, number, w.events.Scheduled(), len(w.log.records)})
	}
}

// line tells an observer the records of all parts in order.
type line struct {
	observer sim.Observer
	queues   []*queue
	events   uint64 // numbered so far
}

// queue is a part's log, as far as it has not been told.
type queue struct {
	log       *partLog
	told      int               // records of the log
	scheduled uint64            // events numbered
	numbers   map[uint64]uint64 // of the events that are pending, as one list would number them
}

// newLine connects the worlds of parts with an observer.
func newLine(d *division, worlds []*world, observer sim.Observer) *line {
	l := &line{observer: observer}
	for k, w := range worlds {
		w.log = &partLog{part: &d.parts[k]}
		w.hooks.Observer = w.log
		l.queues = append(l.queues, &queue{log: w.log, numbers: map[uint64]uint64{}})
	}
	for _, k := range d.initial() {
		l.number(l.queues[k], l.queues[k].scheduled+1)
	}
	return l
}

// number numbers a part's events up to the one that the part scheduled as its
// last-th.
func (l *line) number(q *queue, last uint64) {
	for q.scheduled < last {
		q.scheduled++
		l.events++
		q.numbers[q.scheduled] = l.events
	}
}

// tell tells what the logs hold and empties them.
func (l *line) tell() {
	var heads waiting
	for _, q := range l.queues {
		q.told = 0
		if len(q.log.steps) > 0 {
			heads = append(heads, q)
		}
	}
	heap.Init(&heads)
	for len(heads) > 0 {
		q := heads[0]
		s := q.log.steps[0]
		q.log.steps = q.log.steps[1:]
		if s.phase == phaseEvent {
			delete(q.numbers, s.number)
		}
		l.number(q, s.scheduled)
		for ; q.told < s.records; q.told++ {
			l.observer.Observe(&q.log.records[q.told])
		}
		if len(q.log.steps) == 0 {
			heap.Pop(&heads)
		} else {
			heap.Fix(&heads, 0)
		}
	}
	for _, q := range l.queues {
		q.log.steps, q.log.records = nil, q.log.records[:0]
	}
}

// waiting is a heap of queues that are not empty, by their first steps.
type waiting []*queue

func (h waiting) Len() int      { return len(h) }
func (h waiting) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h waiting) Less(i, j int) bool {
	a, b := &h[i].log.steps[0], &h[j].log.steps[0]
	return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.phase, b.phase), cmp.Compare(h[i].rank(a), h[j].rank(b))) < 0
}

// Push implements heap.Interface; queues do not come back.
func (h *waiting) Push(any) {}

// Pop implements heap.Interface.
func (h *waiting) Pop() any {
	last := len(*h) - 1
	*h = (*h)[:last]
	return nil
}

// rank is the number of a step among those of the same time and phase.
func (q *queue) rank(s *step) uint64 {
	if s.phase == phaseEvent {
		return q.numbers[s.number]
	}
	return s.number
}
