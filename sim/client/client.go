package client

import (
	"time"

	"sesim/sim/rng"
)

// Sender is what a client knows of a sender: the sender's streams and its priority.
type Sender struct {
	Latency, Jitter, Requeue rng.Key
	Priority                 uint8 // less than Priorities
}

// Setting is what surrounds a client.
type Setting struct {
	Rate    int64         // the account's maximum send rate when the client begins
	Begin   time.Duration // when that is
	Epoch   time.Duration // from 1970 UTC to moment 0
	Session Session
	Draws   rng.Entity // the client's own streams
}

// Reason is why a client gives a message up.
type Reason uint8

// The reasons.
const (
	Refused  Reason = iota // SES refused it for a reason without retries
	Attempts               // all attempts were refused, or the retry quota is empty
	Dropped                // a limiter did not grant its call
	Waited                 // no connection was free in time
	Stopped                // the client has stopped
	Reasons  = iota
)

// String returns the reason's word in figures: refused, attempts, dropped, wait or stopped.
func (r Reason) String() string {
	return [Reasons]string{"refused", "attempts", "dropped", "wait", "stopped"}[r]
}

// EventKind says what a client asks its caller to do.
type EventKind uint8

// The kinds.
const (
	Decide EventKind = iota // decide a call now, and call Answer
	Lost                    // messages are given up, for Event.Reason
	Begun                   // the first call for a message without a Ref has started: call Begin
)

// Event is a call that starts or that SES is to decide, or messages that are given up.
type Event struct {
	Kind    EventKind
	Reason  Reason
	Sender  int32
	Attempt int32  // calls before for the message
	Ref     uint32 // the caller's, of Offer or Begin
	Process int32
	// Connection is the number of the call's connection among those that the process has
	// opened, from 1.
	Connection int32
	Number     int64         // of the message, among the sender's
	Count      int64         // Lost: consecutive messages, else 1
	Due        time.Duration // when the message was due
	Started    time.Duration // Decide: when the call started
	// Closed says that the call met a session that SES had closed. With
	// Connection.Reconnect it was repeated on a new one, and SES decides it; otherwise the
	// answer is Unreached, and the caller must not decide it.
	Closed Closing
	Met    int32 // number of the connection whose session was closed
}

// Closing says why SES has closed a session.
type Closing uint8

// The reasons.
const (
	NotClosed  Closing = iota
	ClosedIdle         // there was no call for Session.Idle
	ClosedFull         // it has had Session.MaxMessages
	Closings   = iota
)

// Answer is SES's decision on a call.
type Answer struct {
	Accepted  bool
	Throttled bool  // refused by rate or sending quota
	Reason    uint8 // bit of Layer.On
	Unreached bool  // SES did not get the call: every layer of retries calls again
	// Void takes the call back: there was nobody to call for. The message counts as
	// accepted.
	Void bool
}

// Verdict is what a client does after an answer.
type Verdict uint8

// The verdicts.
const (
	Done    Verdict = iota // the message was accepted
	Again                  // it will be called for again
	GivenUp                // it will not, for the Reason beside
)

// Counts are the figures of a client, or of one of its senders.
type Counts struct {
	Due      int64   // messages offered: those accepted, given up, waiting and in flight
	Calls    int64   // started
	Attempts []int64 // calls by their number for the message; the last one counts all further ones too
	Accepted int64   // calls
	Refused  int64   // calls
	InFlight int64   // calls without an answer
	Waiting  int64   // messages neither accepted, given up nor in flight
	Closed   int64   // calls that met a session closed by SES
	GivenUp  [Reasons]int64
	// Oldest is the longest time that a message has taken to be accepted or given up.
	Oldest time.Duration
}

// maxCounted limits Counts.Attempts.
const maxCounted = 64

// state is what a worker is doing.
type state uint8

const (
	idle     state = iota
	asking         // for a grant
	lining         // up for a connection
	calling        // SES has the call
	sleeping       // before a retry
	resting
	timer // not a worker: the end of a process's rest
)

// message is a message under way.
type message struct {
	due    time.Duration
	number int64
	sender int32
	ref    uint32
	draws  int32            // number of the last draw
	calls  int32            // with the present one
	failed [MaxLayers]int16 // attempts of each layer
	cost   [MaxLayers]int32 // of the last retry of each layer
}

// worker makes one call at a time.
type worker struct {
	message
	asked   time.Duration // for its start
	started time.Duration
	onConn  int64 // calls on its connection, with the present one
	done    int64 // messages since its last rest
	process int32
	conn    int32 // number of its connection
	met     int32 // number of the connection that it tried and SES had closed
	place   int32 // in the list of events, of an answer 0; -1: none
	state   state
	closed  Closing // of the session that the call met
}

// process is a copy of the program.
type process struct {
	limiters    []*limiter
	asking      ring[uint32]  // workers that wait for a grant
	head        int32         // the one whose turn it is; -1: none
	granted     time.Duration // when the limiters grant its start, as far as they know
	lining      ring[uint32]  // workers that wait for a connection
	connections connections
	quotas      []retryQuota
	adaptive    adaptive
	free        []uint32 // idle workers, a heap: the lowest is first
	workers     int64    // made so far
	started     int64    // messages since its last rest
	active      int64    // messages of its workers
	closed      bool     // rests
	timer       uint32
	dirty       bool
}

// Client is the state of a client.
type Client struct {
	cfg     *Config
	spread  rng.Spread
	senders []Sender
	poll    rng.Key
	limit   int64 // workers of a process
	after   int64 // messages from one rest to the next; 0: none
	lazy    bool  // unlimited workers: messages stay in the queue until their turn
	patient bool  // and until there is a connection, as nothing else keeps them
	shared  bool  // there are limiters that all processes share

	now       time.Duration
	queue     queue
	later     []job // that come back to the queue, a heap
	kept      []message
	spare     []uint32 // of kept
	workers   []worker
	events    []due // of workers, a heap
	processes []process
	open      []uint64 // bits of the processes that can take a message
	dirty     []turn   // of processes at which something may start, a heap
	lost      ring[Event]
	begun     ring[uint32] // workers whose call has started, for a message without a ref
	deciding  int32        // worker whose call SES decides or whose call has started; -1: none
	asked     Event        // of which Step has told
	paused    bool
	aborted   bool
	errors    int64

	counts []Counts // of each sender
	pace   pace
}

// New returns a client of the given senders. The Config must have passed Check.
func New(cfg *Config, senders []Sender, s Setting) *Client {
	c := &Client{
		cfg: cfg, spread: cfg.Latency.spread(), senders: senders, poll: s.Draws.For("poll"), now: s.Begin, deciding: -1,
		limit: MaxWorkers, lazy: cfg.Workers == (Count{}),
		processes: make([]process, cfg.Processes), open: make([]uint64, (cfg.Processes+63)/64),
	}
	c.patient = c.lazy && cfg.Connection.Wait == 0 && len(cfg.Limiters) == 0 && !cfg.Adaptive
	if !c.lazy {
		c.limit = min(cfg.Workers.whole(s.Rate), MaxWorkers/int64(cfg.Processes))
	}
	if cfg.Rest.After != (Count{}) {
		c.after = cfg.Rest.After.whole(s.Rate)
	}
	attempts := 1
	for i := range cfg.Retry {
		attempts = min(attempts*cfg.Retry[i].Attempts, maxCounted)
	}
	c.counts = make([]Counts, len(senders))
	for i := range c.counts {
		c.counts[i].Attempts = make([]int64, attempts)
	}
	shared := make([]*limiter, len(cfg.Limiters))
	for i := range c.processes {
		c.newProcess(i, shared, s)
	}
	return c
}

// newProcess fills in a process; shared collects the limiters that all have.
func (c *Client) newProcess(i int, shared []*limiter, s Setting) {
	p := &c.processes[i]
	*p = process{head: -1, adaptive: newAdaptive(s.Begin), connections: connections{spec: &c.cfg.Connection, session: s.Session}}
	for j := range c.cfg.Limiters {
		spec := &c.cfg.Limiters[j]
		l := shared[j]
		if l == nil {
			made := newLimiter(spec, s.Rate, s.Begin, s.Epoch, placeKey(s.Draws, j, i))
			l = &made
			if spec.Shared {
				c.shared = true
				shared[j] = l
			}
		}
		p.limiters = append(p.limiters, l)
	}
	for j := range c.cfg.Retry {
		q := &c.cfg.Retry[j].Quota
		p.quotas = append(p.quotas, retryQuota{q, q.Size})
	}
	p.timer = c.newWorker(i, timer)
	c.open[i/64] |= 1 << (i % 64)
}

// placeKey is the stream of the places of a limiter's windows.
func placeKey(draws rng.Entity, limiter, process int) rng.Key {
	return rng.Key(draws.For("place").At(uint64(process)*MaxLimiters + uint64(limiter)))
}

func (c *Client) newWorker(process int, s state) uint32 {
	c.workers = append(c.workers, worker{process: int32(process), place: -1, state: s})
	return uint32(len(c.workers) - 1)
}

// Offer puts count consecutive messages of a sender into the queue; they are due now.
// A single message may have a ref, which its events bear.
func (c *Client) Offer(now time.Duration, sender int32, number, count int64, ref uint32) {
	c.now = now
	counts := &c.counts[sender]
	counts.Due += count
	counts.Waiting += count
	if c.aborted {
		c.lose(Event{Reason: Stopped, Sender: sender, Number: number, Count: count, Due: now, Ref: ref})
		return
	}
	for count > 0 {
		n := min(count, 1<<31)
		c.queue.push(c.senders[sender].Priority, job{at: now, number: number, sender: sender, count: uint32(n), ref: ref})
		number, count = number+n, count-n
	}
	c.touch(0)
}

// touch notes that something may start at a process, or that a message may be taken.
func (c *Client) touch(process int32) {
	if p := &c.processes[process]; !p.dirty {
		p.dirty = true
		t := turn{process: process}
		if len(c.processes) > 1 {
			t.asked = c.askedAt(process)
		}
		push(&c.dirty, t, (*turn).before)
	}
}

// turn is when the head of a process has asked for its grant. While the process waits for
// its turn no other worker becomes the head.
type turn struct {
	asked   time.Duration
	process int32
}

func (a *turn) before(b *turn) bool {
	return a.asked < b.asked || a.asked == b.asked && a.process < b.process
}

// Next returns the moment of the client's next event: now if there is one left, else
// a later moment or des.Never.
func (c *Client) Next() time.Duration {
	if len(c.dirty) > 0 || c.lost.count > 0 || c.begun.count > 0 {
		return c.now
	}
	next := never
	if len(c.events) > 0 {
		next = c.events[0].at
	}
	if len(c.later) > 0 {
		next = min(next, c.later[0].at)
	}
	return next
}
