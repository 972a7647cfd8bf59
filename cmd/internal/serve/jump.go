package serve

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"sesim/sim/criteria"
)

// Settle is what a jump waits for.
type Settle uint8

// What a jump waits for: nothing; at its end, until all notifications were taken or have
// failed; or so after each moment with notifications, so that the application reacts within
// the jump.
const (
	SettleNone Settle = iota
	SettleEnd
	SettleEach
)

// Jump moves the clock on.
type Jump struct {
	By     time.Duration // from now; 0: see the others
	To     time.Duration // since the start of the scenario; 0: see the others
	Next   bool          // to what happens by itself next
	Until  string        // ends where this holds: a threshold, or "ACCOUNT.quota_free >= N"
	Settle Settle
}

// Jumped is what a jump has brought.
type Jumped struct {
	From     time.Time `json:"from"`
	To       time.Time `json:"to"`
	Events   int64     `json:"events"`   // in the stream
	Notified int64     `json:"notified"` // notifications
	Failed   int64     `json:"failed"`   // notifications that nobody took
	Unread   bool      `json:"unread"`   // messages were left in a queue
	Full     bool      `json:"full"`     // it ended early: there is no room for further notifications
	Until    *bool     `json:"until,omitempty"`
	Changes  []Change  `json:"changes"`
}

// Errors of jumps.
var (
	ErrJumping = errors.New("the clock is being advanced already")
	ErrJump    = errors.New("the jump cannot be made")
)

// patience is how long a jump waits for notifications to be taken, on the wall: three
// attempts to deliver one, 20 s apart, and for a queue to be read.
const (
	patience      = 90 * time.Second
	queuePatience = 10 * time.Second
)

// jump is a jump that somebody waits for.
type jump struct {
	Jump
	ctx    context.Context
	result Jumped
	err    error
	done   chan struct{}
}

// Advance moves the clock on, and serves calls meanwhile at the moment that it has reached.
func (s *Server) Advance(ctx context.Context, j Jump) (Jumped, error) {
	if !s.jumping.CompareAndSwap(false, true) {
		return Jumped{}, ErrJumping
	}
	defer s.jumping.Store(false)
	k := &jump{Jump: j, ctx: ctx, done: make(chan struct{})}
	select {
	case s.jumps <- k:
	case <-ctx.Done():
		return Jumped{}, ctx.Err()
	case <-s.closed:
		return Jumped{}, ErrClosed
	}
	select {
	case <-k.done:
		return k.result, k.err
	case <-s.closed:
		return Jumped{}, ErrClosed
	}
}

// jump carries a jump out on the owner's goroutine.
func (s *Server) jump(k *jump) {
	defer close(k.done)
	s.advance(s.clock.at(s.config.Now()), nil)
	to, until, err := s.target(k)
	if err != nil {
		k.err = err
		return
	}
	s.advancing, s.feed.changes = true, nil
	from, events, notified := s.session.Now(), s.feed.stream.last(), s.feed.published
	_, failedBefore := s.config.Notifier.Counts()
	holds := s.run(k, to, until)
	s.feed.flush()
	if k.Settle != SettleNone {
		s.settle(k, false)
	}
	s.advancing = false
	s.clock.set(s.session.Now(), s.config.Now())
	_, failed := s.config.Notifier.Counts()
	start := s.cfg.Start
	k.result.From, k.result.To = start.Add(from), start.Add(s.session.Now())
	k.result.Events, k.result.Notified = s.feed.stream.last()-events, s.feed.published-notified
	k.result.Failed, k.result.Changes = failed-failedBefore, append([]Change{}, s.feed.changes...)
	if k.Until != "" {
		k.result.Until = &holds
	}
}

// run advances the session to a time, or until a condition holds, which it returns.
func (s *Server) run(k *jump, to time.Duration, until func() bool) (holds bool) {
	if until != nil && until() {
		return true
	}
	for {
		if k.result.Full = s.config.Notifier.Full(); k.result.Full {
			s.config.Notices.Add("full queue", "a jump has ended early: as many notifications are waiting as serve.queue allows")
			return false
		}
		mark := s.feed.published
		seen := mark
		stop := func() bool {
			if k.Settle == SettleEach {
				s.feed.flush()
			}
			holds = until != nil && until()
			more := s.feed.published > seen
			seen = s.feed.published
			return holds || more && (k.Settle == SettleEach || s.config.Notifier.Full()) || k.ctx.Err() != nil
		}
		reached := s.advance(to, stop)
		if s.feed.flush(); k.Settle == SettleEach && s.feed.published > mark {
			s.settle(k, true)
		}
		if holds || reached >= to || k.ctx.Err() != nil {
			return holds
		}
	}
}

// settle waits until notifications were taken or given up, and queues were read, and
// serves calls meanwhile. A queue that nobody reads is not waited for again.
func (s *Server) settle(k *jump, queues bool) {
	settled := make(chan bool, 1)
	ctx, cancel := context.WithTimeout(k.ctx, patience)
	defer cancel()
	go func() {
		unread := false
		_ = s.config.Notifier.Settle(ctx) // after the patience the jump goes on
		if queues && !k.result.Unread {
			ctx, cancel := context.WithTimeout(ctx, queuePatience)
			defer cancel()
			unread = s.config.Queues.Drained(ctx) != nil
		}
		settled <- unread
	}()
	for {
		select {
		case j := <-s.calls:
			s.batch(j)
		case unread := <-settled:
			k.result.Unread = k.result.Unread || unread
			return
		}
	}
}

// target returns where a jump goes, and its condition.
func (s *Server) target(k *jump) (to time.Duration, until func() bool, err error) {
	now := s.session.Now()
	given := 0
	for _, is := range []bool{k.By != 0, k.To != 0, k.Next} {
		if is {
			given++
		}
	}
	switch {
	case given > 1 || given == 0 && k.Until == "":
		return 0, nil, fmt.Errorf("%w: give one of by, to and next, or until", ErrJump)
	case k.By < 0 || k.To != 0 && k.To < now:
		return 0, nil, fmt.Errorf("%w: the clock only goes forward; it is %s", ErrJump, s.now().Format(time.RFC3339))
	case k.By > 0:
		to = now + min(k.By, s.cfg.Horizon-now)
	case k.To > 0:
		to = k.To
	case k.Next:
		to, _ = s.session.Next()
	default:
		to = s.cfg.Horizon
	}
	to = min(to, s.cfg.Horizon-1)
	if k.Until != "" {
		until, err = s.condition(k.Until)
	}
	return to, until, err
}

// condition returns what tells whether an expression holds now.
func (s *Server) condition(text string) (func() bool, error) {
	if account, rest, ok := strings.Cut(text, ".quota_free"); ok {
		i := s.named(strings.TrimSpace(account))
		least, isAtLeast := strings.CutPrefix(strings.TrimSpace(rest), ">=")
		n, err := strconv.ParseInt(strings.TrimSpace(least), 10, 64)
		if i < 0 || !isAtLeast || err != nil {
			return nil, fmt.Errorf("%w: until is %q; right would be \"ACCOUNT.quota_free >= N\"", ErrJump, text)
		}
		return func() bool {
			d := s.session.Describe(i)
			return d.Max24HourSend < 0 || d.Max24HourSend-d.SentLast24Hours >= n
		}, nil
	}
	c, err := criteria.Parse(text, s.cfg.Metric)
	if err != nil {
		return nil, fmt.Errorf("%w: until: %w", ErrJump, err)
	}
	return func() bool {
		value, data := s.session.Value(c.Metric)
		return c.Judge(value, data) == criteria.Pass
	}, nil
}

// named returns the index of an account, -1 if there is none of that name.
func (s *Server) named(name string) int {
	for i := range s.cfg.Accounts {
		if s.cfg.Accounts[i].Name == name {
			return i
		}
	}
	return -1
}
