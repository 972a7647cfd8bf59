package reference

import (
	"sync"
	"time"

	"sesim/sim/ses"
)

// globalList is the suppression list of all customers.
type globalList struct {
	durations []time.Duration
	memory    time.Duration // a longer time without a hard bounce resets the stays; 0: never

	mu      sync.Mutex
	entries map[string]stay
	added   int64
}

// stay is the last stay of an address.
type stay struct {
	until   time.Duration
	struck  time.Duration // the last hard bounce
	strikes int
}

// suppresses reports whether the address is listed now.
func (l *globalList) suppresses(address string, now time.Duration) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return now < l.entries[address].until
}

// strike lists an address after a hard bounce, unless it is listed.
func (l *globalList) strike(address string, now time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := l.entries[address]
	if now < s.until {
		return
	}
	if l.memory > 0 && now-s.struck >= l.memory {
		s.strikes = 0
	}
	until := now + l.durations[min(s.strikes, len(l.durations)-1)]
	l.entries[address] = stay{until, now, s.strikes + 1}
	l.added++
}

// accountList is the suppression list of one account.
type accountList struct {
	reasons ses.ListReasons // for which it takes addresses

	mu      sync.Mutex
	entries map[string]ses.ListReasons
}

// suppresses reports whether the address is listed, and why.
func (l *accountList) suppresses(address string) (ses.ListReasons, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	reason, listed := l.entries[address]
	return reason, listed
}

// learn lists an address; an entry that is there keeps its reason.
func (l *accountList) learn(address string, reason ses.ListReasons) {
	if l.reasons&reason == 0 {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, listed := l.entries[address]; !listed {
		l.entries[address] = reason
	}
}
