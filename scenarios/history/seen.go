package history

import (
	"slices"
	"time"
)

// The seen set keeps mostSeen identities, and beyond them those of the last three days
// of the log.
const (
	mostSeen   = 1 << 24
	remembered = 3 // days
)

// seen holds the identities of records, by the day on which they happened.
type seen struct {
	days      map[int64]*idSet
	day       int64 // of last
	last      *idSet
	count     int
	forgotten bool // a repeat may have been missed
}

// add puts an identity in and reports whether it is new.
func (s *seen) add(identity uint64, at Moment) bool {
	day := int64(at) / int64(24*time.Hour)
	if s.last == nil || day != s.day {
		if s.days == nil {
			s.days = make(map[int64]*idSet)
		}
		if s.days[day] == nil {
			s.days[day] = new(idSet)
		}
		s.day, s.last = day, s.days[day]
	}
	if !s.last.add(max(1, identity)) {
		return false
	}
	if s.count++; s.count > mostSeen {
		s.forget()
	}
	return true
}

// forget drops the oldest day, unless it is one of the last.
func (s *seen) forget() {
	newest, oldest := s.day, s.day
	for day := range s.days {
		newest, oldest = max(newest, day), min(oldest, day)
	}
	if newest-oldest <= remembered || oldest == s.day {
		return
	}
	s.count -= s.days[oldest].count
	delete(s.days, oldest)
	s.forgotten = true
}

// idSet is a set of numbers other than 0, with open addressing.
type idSet struct {
	slots []uint64 // a power of two
	count int
}

// add puts a number in and reports whether it is new.
func (t *idSet) add(n uint64) bool {
	if t.count >= len(t.slots)/4*3 {
		old := t.slots
		t.slots = make([]uint64, max(64, 2*len(old)))
		for _, n := range old {
			if n != 0 {
				t.slots[t.place(n)] = n
			}
		}
	}
	at := t.place(n)
	if t.slots[at] == n {
		return false
	}
	t.slots[at] = n
	t.count++
	return true
}

// place returns where a number is, or belongs.
func (t *idSet) place(n uint64) uint64 {
	mask := uint64(len(t.slots) - 1)
	at := n & mask
	for t.slots[at] != 0 && t.slots[at] != n {
		at = (at + 1) & mask
	}
	return at
}

// texts shares equal texts, up to a number of different ones.
type texts struct {
	known map[string]string
	full  bool // some texts were replaced by ""
}

const mostTexts = 1 << 16

// of returns a text, shared.
func (t *texts) of(b []byte) string {
	if s, ok := t.known[string(b)]; ok {
		return s
	}
	if len(t.known) >= mostTexts {
		t.full = true
		return ""
	}
	if t.known == nil {
		t.known = make(map[string]string)
	}
	s := string(b)
	t.known[s] = s
	return s
}

// medianOf sorts moments and returns the middle one.
func medianOf(list []Moment) Moment {
	slices.Sort(list)
	return list[len(list)/2]
}
