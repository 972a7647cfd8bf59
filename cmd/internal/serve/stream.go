package serve

import (
	"context"
	"encoding/json"
	"sync"
	"time"
)

// Event is a published event in the stream.
type Event struct {
	Seq         int64           `json:"seq"`         // from 1
	Virtual     time.Time       `json:"virtual"`     // when SES published it
	Account     string          `json:"account"`     // of the scenario
	Destination string          `json:"destination"` // CONFIGURATION-SET/NAME or identity/NAME; empty: none takes it
	Event       json.RawMessage `json:"event"`
}

// maxStreamBytes bounds the memory of the events that are kept.
const maxStreamBytes = 256 << 20

// stream keeps the latest events for readers. It may be used by several goroutines at
// once.
type stream struct {
	limit int64

	mu      sync.Mutex
	first   int64 // number of the first event that is kept
	events  []Event
	bytes   int
	changed chan struct{} // closed when there are further events
	closed  bool          // no event will come
}

func newStream(limit int64) *stream {
	return &stream{limit: limit, first: 1, changed: make(chan struct{})}
}

// add appends an event and gives it its number.
func (s *stream) add(e Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e.Seq = s.first + int64(len(s.events))
	s.events = append(s.events, e)
	s.bytes += len(e.Event)
	for int64(len(s.events)) > s.limit || s.bytes > maxStreamBytes && len(s.events) > 1 {
		s.bytes -= len(s.events[0].Event)
		s.events[0] = Event{}
		s.events = s.events[1:]
		s.first++
	}
}

// wake lets the readers go on that wait for events.
func (s *stream) wake() {
	s.mu.Lock()
	defer s.mu.Unlock()
	close(s.changed)
	s.changed = make(chan struct{})
}

// close ends the stream: nobody waits for its events any longer.
func (s *stream) close() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.wake()
}

// last returns the number of the latest event.
func (s *stream) last() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.first + int64(len(s.events)) - 1
}

// after returns up to most events after a number, for which it waits until ctx ends. If
// events after that number are kept no longer, oldest is the first one that is.
func (s *stream) after(ctx context.Context, number int64, most int) (events []Event, oldest int64) {
	for {
		s.mu.Lock()
		from := number + 1 - s.first
		if from < 0 {
			defer s.mu.Unlock()
			return nil, s.first
		}
		if from < int64(len(s.events)) {
			defer s.mu.Unlock()
			list := s.events[from:]
			return append([]Event(nil), list[:min(len(list), most)]...), 0
		}
		changed, closed := s.changed, s.closed
		s.mu.Unlock()
		if closed {
			return nil, 0
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, 0
		}
	}
}
