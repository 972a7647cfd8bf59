package sqs

import (
	"cmp"
	"container/heap"
	"context"
	"crypto/md5"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"sesim/cmd/internal/serve/wire"
)

// Bounds of a queue.
const (
	maxInFlight       = 120_000
	defaultVisibility = 30 * time.Second
)

// errOverLimit refuses to hand out more messages before some have been deleted.
var errOverLimit = errors.New("sqs: too many messages in flight")

// Content is what a message says. It is asked for when the message is handed out, so that
// it need not be kept before.
type Content interface {
	// Body returns the same text each time. It is called by several goroutines at a time.
	Body() string
}

// Text is content that is kept.
type Text string

// Body returns the text.
func (t Text) Body() string { return string(t) }

// message is a message of a queue.
type message struct {
	id       string
	content  Content
	number   int64 // in the order of arrival, from 0
	sent     time.Time
	first    time.Time // received; zero: never
	received int64     // times
	visible  time.Time // again, while in flight
	place    int       // in the heap of those in flight; -1: not there
	deleted  bool
}

// Queue is a standard queue. Messages are handed out in the order of their arrival; those
// that come back because nobody has deleted them go first. It is safe for concurrent use.
type Queue struct {
	arn, name string
	created   time.Time
	limit     int // of messages waiting
	now       func() time.Time

	mu       sync.Mutex
	changed  chan struct{} // closed when a message comes, or the last one goes
	next     int64
	waiting  []*message // from head
	head     int
	back     []*message         // have come back, the first to arrive last
	handed   map[int64]*message // received at least once, by number
	inFlight flights
	live     int // in waiting and back
}

func newQueue(arn string, limit int, now func() time.Time) *Queue {
	name := arn[strings.LastIndexByte(arn, ':')+1:]
	return &Queue{
		arn: arn, name: name, created: now(), limit: limit, now: now, changed: make(chan struct{}), handed: map[int64]*message{},
	}
}

// Put adds a message, unless as many are waiting as the queue has room for.
func (q *Queue) Put(content Content) (ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.live >= q.limit {
		return false
	}
	q.waiting = append(q.waiting, &message{id: wire.NewRequestID(), content: content, number: q.next, sent: q.now(), place: -1})
	q.next++
	q.live++
	q.change()
	return true
}

// Full reports whether there is no room for another message.
func (q *Queue) Full() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.live >= q.limit
}

// change wakes all that wait for a change.
func (q *Queue) change() {
	close(q.changed)
	q.changed = make(chan struct{})
}

// delivery is a message as it was handed out.
type delivery struct {
	*message
	receipt         string
	received        int64
	firstReceivedAt time.Time
}

// receive hands out up to most messages, which are invisible for a time. Without any, it
// waits.
func (q *Queue) receive(ctx context.Context, most int, invisible, wait time.Duration) ([]delivery, error) {
	end := q.now().Add(wait)
	for {
		list, changed, until, err := q.take(most, invisible)
		left := end.Sub(q.now())
		if err != nil || len(list) > 0 || left <= 0 {
			return list, err
		}
		if until > 0 { // a message comes back
			left = min(left, until)
		}
		timer := time.NewTimer(left)
		select {
		case <-changed:
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return nil, ctx.Err()
		}
		timer.Stop()
	}
}

// take hands out messages. Without any, it says what to wait for: a change, and the time
// until a message comes back, 0 if none is in flight.
func (q *Queue) take(most int, invisible time.Duration) (list []delivery, changed <-chan struct{}, until time.Duration, err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	now := q.now()
	q.comeBack(now)
	for len(list) < most && q.live > 0 {
		if len(q.inFlight) == maxInFlight {
			if len(list) == 0 {
				err = errOverLimit
			}
			return list, nil, 0, err
		}
		m := q.pop()
		if m.received++; m.received == 1 {
			m.first = now
		}
		q.handed[m.number] = m
		q.fly(m, now.Add(invisible))
		list = append(list, delivery{m, m.receipt(), m.received, m.first})
	}
	if len(q.inFlight) > 0 {
		until = max(q.inFlight[0].visible.Sub(now), 1)
	}
	return list, q.changed, until, nil
}

// pop removes the first message that is waiting and not deleted; there is one.
func (q *Queue) pop() *message {
	for {
		var m *message
		if n := len(q.back); n > 0 {
			m = q.back[n-1]
			q.back = q.back[:n-1]
		} else {
			m = q.waiting[q.head]
			q.waiting[q.head] = nil
			if q.head++; 2*q.head > len(q.waiting) { // give the memory back
				q.waiting = append(q.waiting[:0:0], q.waiting[q.head:]...)
				q.head = 0
			}
		}
		if !m.deleted {
			q.live--
			return m
		}
	}
}

// fly makes a message invisible until a time.
func (q *Queue) fly(m *message, until time.Time) {
	m.visible = until
	heap.Push(&q.inFlight, m)
}

// comeBack makes visible again what was not deleted in time.
func (q *Queue) comeBack(now time.Time) {
	n := len(q.back)
	for len(q.inFlight) > 0 && !q.inFlight[0].visible.After(now) {
		q.back = append(q.back, heap.Pop(&q.inFlight).(*message))
	}
	if added := len(q.back) - n; added > 0 {
		q.live += added
		slices.SortFunc(q.back, func(a, b *message) int { return cmp.Compare(b.number, a.number) })
	}
}

// errReceipt is about a receipt that this queue has not handed out.
var errReceipt = errors.New("sqs: invalid receipt")

// receipt names a message and the time it was received.
func (m *message) receipt() string { return fmt.Sprintf("%s:%d:%d", m.id, m.number, m.received) }

// find returns the message of a receipt, and whether that is the latest. A message that
// was deleted is nil.
func (q *Queue) find(receipt string) (m *message, latest bool, err error) {
	id, rest, _ := strings.Cut(receipt, ":")
	of, at, _ := strings.Cut(rest, ":")
	number, err := strconv.ParseInt(of, 10, 64)
	received, fault := strconv.ParseInt(at, 10, 64)
	if err != nil || fault != nil || received < 1 || number < 0 || number >= q.next {
		return nil, false, errReceipt
	}
	m = q.handed[number]
	if m != nil && m.id != id {
		return nil, false, errReceipt
	}
	return m, m != nil && received == m.received, nil
}

// remove deletes a message, once or again. A receipt that is not the latest deletes
// nothing, as a message that has been handed to somebody else is theirs.
func (q *Queue) remove(receipt string) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	m, latest, err := q.find(receipt)
	if err != nil || m == nil || !latest {
		return err
	}
	delete(q.handed, m.number)
	m.deleted = true
	if m.place >= 0 {
		heap.Remove(&q.inFlight, m.place)
	} else {
		q.live--
	}
	if q.live == 0 && len(q.inFlight) == 0 {
		q.change()
	}
	return nil
}

// errVisible is about a message that is not in flight.
var errVisible = errors.New("sqs: message not in flight")

// hide changes the time for which a message in flight is invisible, from now.
func (q *Queue) hide(receipt string, invisible time.Duration) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	now := q.now()
	q.comeBack(now)
	m, latest, err := q.find(receipt)
	switch {
	case err != nil:
		return err
	case !latest || m.place < 0:
		return errVisible
	}
	m.visible = now.Add(invisible)
	heap.Fix(&q.inFlight, m.place)
	q.change() // it may come back earlier than those who wait know
	return nil
}

// purge deletes all messages.
func (q *Queue) purge() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.waiting, q.head, q.back, q.inFlight, q.live = nil, 0, nil, nil, 0
	clear(q.handed)
	q.change()
}

// counts returns the numbers of messages that are waiting and in flight.
func (q *Queue) counts() (waiting, inFlight int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.comeBack(q.now())
	return q.live, len(q.inFlight)
}

// drained waits until no message is waiting or in flight: the consumer has taken
// everything and deleted it.
func (q *Queue) drained(ctx context.Context) error {
	for {
		q.mu.Lock()
		changed, empty := q.changed, q.live == 0 && len(q.inFlight) == 0
		q.mu.Unlock()
		if empty {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// flights is a heap of messages by the time at which they are visible again, and their
// order of arrival.
type flights []*message

func (f flights) Len() int { return len(f) }

func (f flights) Less(i, j int) bool {
	if order := f[i].visible.Compare(f[j].visible); order != 0 {
		return order < 0
	}
	return f[i].number < f[j].number
}

func (f flights) Swap(i, j int) {
	f[i], f[j] = f[j], f[i]
	f[i].place, f[j].place = i, j
}

func (f *flights) Push(x any) {
	m := x.(*message)
	m.place = len(*f)
	*f = append(*f, m)
}

func (f *flights) Pop() any {
	last := len(*f) - 1
	m := (*f)[last]
	(*f)[last] = nil
	*f = (*f)[:last]
	m.place = -1
	return m
}

// md5Of returns the check sum that clients compare.
func md5Of(body string) string {
	sum := md5.Sum([]byte(body))
	return hex.EncodeToString(sum[:])
}
