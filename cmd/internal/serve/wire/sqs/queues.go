package sqs

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"sesim/cmd/internal/serve/wire"
)

// DefaultWaiting is the number of messages that may wait in a queue.
const DefaultWaiting = 1_000_000

// Queues are the queues of a server, by name. They are safe for concurrent use.
type Queues struct {
	// Refused is told of each request that is refused, before it is answered; nil: nobody is. It
	// must be set before the first request.
	Refused func(ctx context.Context, e *wire.Refusal)

	limit int
	now   func() time.Time

	mu     sync.Mutex
	byName map[string]*Queue
}

// New returns queues without any. Up to limit messages may wait in each; now is the wall
// clock.
func New(limit int, now func() time.Time) *Queues {
	return &Queues{limit: limit, now: now, byName: map[string]*Queue{}}
}

// Open returns the queue with the name of an ARN, and makes it if there is none.
func (s *Queues) Open(arn string) *Queue {
	s.mu.Lock()
	defer s.mu.Unlock()
	q := newQueue(arn, s.limit, s.now)
	if old := s.byName[q.name]; old != nil {
		return old
	}
	s.byName[q.name] = q
	return q
}

// Purge deletes all messages of all queues.
func (s *Queues) Purge() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, q := range s.byName {
		q.purge()
	}
}

// Drained waits until no queue has a message waiting or in flight.
func (s *Queues) Drained(ctx context.Context) error {
	s.mu.Lock()
	queues := slices.Collect(maps.Values(s.byName))
	s.mu.Unlock()
	for _, q := range queues {
		if err := q.drained(ctx); err != nil {
			return err
		}
	}
	return nil
}

// find returns the queue of a name, nil if there is none.
func (s *Queues) find(name string) *Queue {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.byName[name]
}
