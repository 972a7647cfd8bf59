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

// maxStreamBytes bounds the memory of the events that are kept, and room is how much is
// taken at a time.
const (
	maxStreamBytes = 256 << 20
	room           = 64 << 10
)

// stream keeps the latest events for readers. It may be used by several goroutines at
// once. What it keeps has hardly any pointers, which the garbage collector would follow
// again and again.
type stream struct {
	limit int64

	mu        sync.Mutex
	first     int64 // number of the first event that is kept
	events    []kept
	firstRoom int32    // number of the first of rooms
	bytes     int      // of the texts of these
	rooms     [][]byte // the texts, one after another
	names     []string // of accounts and destinations
	numbers   map[string]int32
	changed   chan struct{} // closed when there are further events; nil: nobody waits
	closed    bool          // no event will come
}

// kept is an event that is kept.
type kept struct {
	virtual              int64 // nanoseconds since 1970
	account, destination int32 // in names
	room, begin, end     int32 // of the text
}

func newStream(limit int64) *stream {
	return &stream{limit: limit, first: 1, numbers: map[string]int32{}}
}

// add appends an event, of whose text it keeps a copy.
func (s *stream) add(e *Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	k := kept{virtual: e.Virtual.UnixNano(), account: s.number(e.Account), destination: s.number(e.Destination)}
	last := len(s.rooms) - 1
	if last < 0 || len(e.Event) > cap(s.rooms[last])-len(s.rooms[last]) {
		s.rooms = append(s.rooms, make([]byte, 0, max(room, len(e.Event))))
		last++
	}
	k.room, k.begin = s.firstRoom+int32(last), int32(len(s.rooms[last]))
	s.rooms[last] = append(s.rooms[last], e.Event...)
	k.end = int32(len(s.rooms[last]))
	s.events = append(s.events, k)
	s.bytes += len(e.Event)
	for int64(len(s.events)) > s.limit || s.bytes > maxStreamBytes && len(s.events) > 1 {
		s.bytes -= int(s.events[0].end - s.events[0].begin)
		s.events = s.events[1:]
		s.first++
	}
	if n := s.events[0].room - s.firstRoom; n > 0 {
		clear(s.rooms[:n])
		s.rooms = s.rooms[n:]
		s.firstRoom += n
	}
}

// number returns the number of a name.
func (s *stream) number(name string) int32 {
	n, known := s.numbers[name]
	if !known {
		n = int32(len(s.names))
		s.names, s.numbers[name] = append(s.names, name), n
	}
	return n
}

// event returns the event at an index.
func (s *stream) event(i int64) Event {
	k := &s.events[i]
	return Event{
		Seq: s.first + i, Virtual: time.Unix(0, k.virtual).UTC(), Account: s.names[k.account], Destination: s.names[k.destination],
		Event: s.rooms[k.room-s.firstRoom][k.begin:k.end:k.end],
	}
}

// wake lets the readers go on that wait for events.
func (s *stream) wake() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.changed != nil {
		close(s.changed)
		s.changed = nil
	}
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
		if n := int64(len(s.events)); from < n {
			defer s.mu.Unlock()
			for i := from; i < min(n, from+int64(most)); i++ {
				events = append(events, s.event(i))
			}
			return events, 0
		}
		if s.changed == nil {
			s.changed = make(chan struct{})
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
