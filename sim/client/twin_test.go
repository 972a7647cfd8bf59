package client

import (
	"cmp"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sesim/sim/proptest"
	"sesim/sim/rng"
	"sesim/sim/unit"
)

// The slow twin of a client goes through time nanosecond by nanosecond, and through
// all that it knows at each. It has lists where the client has heaps and counts.

// twinMessage is a message of the twin.
type twinMessage struct {
	message
	at   time.Duration // when it came to the queue
	cost []int64
}

// twinWorker is a worker of the twin.
type twinWorker struct {
	m       *twinMessage
	process int
	state   state
	until   time.Duration // of calling, sleeping, resting, and of lining where it is limited
	asked   time.Duration
	started time.Duration
	done    int64
	closed  Closing // of the session of its call
	conn    int32   // its connection's number
	met     int32   // and that of the connection whose session was closed
}

// twinProcess is a process of the twin.
type twinProcess struct {
	limiters []*history
	asking   []*twinWorker
	lining   []*twinWorker
	quota    []int64
	idle     []time.Duration // connections: since when
	used     []int64         // calls they had
	numbers  []int32         // theirs
	opened   int32
	busy     int64
	started  int64
	closed   bool
	until    time.Duration // of its rest, never: not known yet
	waiting  *twinMessage  // for its limiters, which said
	granted  time.Duration
}

type twin struct {
	cfg       *Config
	senders   []Sender
	session   Session
	decide    func(m *message) Answer
	queue     []*twinMessage
	later     []*twinMessage
	workers   []*twinWorker
	processes []*twinProcess
	errors    int64
	stopped   bool
	aborted   bool
	log       []string
	closed    int64 // calls on closed sessions
	lost      map[string]int64
}

// ofMessage orders by sender, message and attempt.
func ofMessage(a, b *message) int {
	return cmp.Or(cmp.Compare(a.sender, b.sender), cmp.Compare(a.number, b.number), cmp.Compare(a.draws, b.draws))
}

func (w *twin) note(now time.Duration, what string, m *message) {
	w.lost[what]++
	w.log = append(w.log, fmt.Sprintf("%6d %s sender %d message %d attempt %d", now, what, m.sender, m.number, m.calls))
}

// tick does everything that happens at a moment.
func (w *twin) tick(now time.Duration, due []*twinMessage) {
	if w.aborted {
		for _, m := range due {
			w.note(now, "stops", &m.message)
		}
		due = nil
	}
	w.queue = append(w.queue, due...)
	for again := true; again; {
		again = w.answers(now)
		again = w.wake(now) || again
		for _, p := range w.processes {
			if p.closed && p.until <= now {
				p.closed, again = false, true
			}
		}
		for _, m := range slices.Clone(w.later) {
			if m.at <= now {
				w.later = slices.DeleteFunc(w.later, func(o *twinMessage) bool { return o == m })
				w.queue = append(w.queue, m)
				again = true
			}
		}
		again = w.starts(now) || again
	}
}

// wake ends what lasts until now: rests, waits for a connection, and sleeps in the order of
// their messages.
func (w *twin) wake(now time.Duration) bool {
	rested := false
	for _, r := range w.workers {
		if r.state == resting && r.until <= now {
			r.state, rested = idle, true
		}
	}
	for r := w.first(lining, now); r != nil && w.cfg.Connection.Wait > 0; r = w.first(lining, now) {
		p := w.processes[r.process]
		r, p.lining = p.lining[0], p.lining[1:] // of those that came at one moment, the one that asked first
		w.lose(now, r, "waits too long")
	}
	for r := w.first(sleeping, now); r != nil; r = w.first(sleeping, now) {
		r.state, r.asked = asking, now
		p := w.processes[r.process]
		p.asking = append(p.asking, r)
	}
	return rested
}

// first returns the worker whose state ends now with the first message; nil: there is none.
func (w *twin) first(s state, now time.Duration) (first *twinWorker) {
	for _, r := range w.workers {
		if r.state == s && r.until <= now && (first == nil || ofMessage(&r.m.message, &first.m.message) < 0) {
			first = r
		}
	}
	return first
}

// answers hands out the answers that are due, one by one.
func (w *twin) answers(now time.Duration) (any bool) {
	for first := w.first(calling, now); first != nil; first = w.first(calling, now) {
		any = true
		w.answer(now, first)
	}
	return any
}

func (w *twin) answer(now time.Duration, r *twinWorker) {
	p := w.processes[r.process]
	m := r.m
	lost := r.closed != NotClosed && !w.cfg.Connection.Reconnect
	a := Answer{Unreached: true}
	if !lost {
		a = w.decide(&m.message)
	}
	w.note(now, answered(r.process, r.started, r.conn, r.met, r.closed, a), &m.message)
	p.busy--
	kept := w.cfg.Connection.MaxMessages == 0 || m.conn() < w.cfg.Connection.MaxMessages
	if kept && !lost && (a.Accepted || !w.cfg.Connection.CloseOnRefusal) {
		p.idle, p.used, p.numbers = append(p.idle, now), append(p.used, m.conn()), append(p.numbers, r.conn)
	}
	if a.Accepted {
		for i := range w.cfg.Retry {
			gain := w.cfg.Retry[i].Quota.Success
			if m.failed[i] > 0 {
				gain = m.cost[i]
			}
			p.quota[i] = min(p.quota[i]+gain, w.cfg.Retry[i].Quota.Size)
		}
		w.over(now, r)
		return
	}
	if w.aborted {
		w.lose(now, r, "gives up")
		return
	}
	for i := range w.cfg.Retry {
		l := &w.cfg.Retry[i]
		m.failed[i]++
		cost := l.Quota.Throttle
		if !a.Throttled {
			cost = l.Quota.Other
		}
		if int(m.failed[i]) < l.Attempts && (l.Quota.Size == 0 || p.quota[i] >= cost) {
			if l.Quota.Size > 0 {
				p.quota[i] -= cost
			}
			m.cost[i] = cost
			m.draws++
			wait := l.wait(int(m.failed[i]), w.senders[m.sender].Jitter.At(uint64(m.number)<<16+uint64(m.draws)))
			if l.Hold {
				r.state, r.until = sleeping, now+wait
				return
			}
			w.back(now, r, now+wait)
			return
		}
		m.failed[i], m.cost[i] = 0, 0
	}
	w.lose(now, r, "gives up")
}

// conn is the number of calls on the message's connection, which the twin keeps in ref.
func (m *twinMessage) conn() int64 { return int64(m.ref) }

func (w *twin) lose(now time.Duration, r *twinWorker, why string) {
	w.note(now, why, &r.m.message)
	w.over(now, r)
	if w.errors++; w.errors == w.cfg.Stop.Errors {
		w.errors, w.stopped = 0, true
		if w.cfg.Stop.Abort && !w.aborted {
			w.abort(now)
		}
	}
}

// abort gives up all messages but those whose calls SES has.
func (w *twin) abort(now time.Duration) {
	w.aborted = true
	for _, m := range slices.Concat(w.queue, w.later) {
		w.note(now, "stops", &m.message)
	}
	w.queue, w.later = nil, nil
	for _, r := range w.workers {
		if r.m != nil && r.state != calling {
			w.note(now, "stops", &r.m.message)
			w.over(now, r)
		}
	}
	for _, p := range w.processes {
		p.asking, p.lining = nil, nil
	}
}

// resume ends a pause.
func (w *twin) resume() {
	if w.stopped {
		w.errors, w.stopped = 0, false
	}
}

// back puts a worker's message back into the queue.
func (w *twin) back(now time.Duration, r *twinWorker, at time.Duration) {
	r.m.at = at
	w.later = append(w.later, r.m)
	w.over(now, r)
}

// over frees a worker.
func (w *twin) over(now time.Duration, r *twinWorker) {
	r.m, r.state = nil, idle
	p, rest := w.processes[r.process], &w.cfg.Rest
	if p.closed && rest.Barrier && !slices.ContainsFunc(w.workers, func(o *twinWorker) bool { return o.process == r.process && o.m != nil }) {
		p.until = now + rest.Rest
	}
	if !rest.All && rest.After.N > 0 {
		if r.done++; r.done == rest.After.N {
			r.done, r.state, r.until = 0, resting, now+rest.Rest
		}
	}
}

// starts starts what can start, and reports whether anything did.
func (w *twin) starts(now time.Duration) (any bool) {
	for !w.stopped {
		did := false
		for _, p := range w.inOrder(now) {
			if did = w.grant(now, p); did {
				break
			}
		}
		did = did || w.assign(now)
		if !did {
			return any
		}
		any = true
	}
	return any
}

// inOrder returns the processes in the order in which their heads have asked.
func (w *twin) inOrder(now time.Duration) []*twinProcess {
	asked := func(p *twinProcess) time.Duration {
		if len(p.asking) == 0 {
			return now
		}
		return p.asking[0].asked
	}
	list := slices.Clone(w.processes)
	slices.SortStableFunc(list, func(a, b *twinProcess) int { return cmp.Compare(asked(a), asked(b)) })
	return list
}

// assign gives the head of the queue to the first free worker.
func (w *twin) assign(now time.Duration) bool {
	slices.SortStableFunc(w.queue, func(a, b *twinMessage) int {
		byPriority := 0
		if w.cfg.Workers != (Count{}) {
			byPriority = cmp.Compare(w.senders[a.sender].Priority, w.senders[b.sender].Priority)
		}
		return cmp.Or(byPriority, cmp.Compare(a.at, b.at),
			cmp.Compare(w.senders[a.sender].Priority, w.senders[b.sender].Priority), ofMessage(&a.message, &b.message))
	})
	if len(w.queue) == 0 {
		return false
	}
	m := w.queue[0]
	for _, r := range w.workers {
		p := w.processes[r.process]
		if r.state != idle || p.closed {
			continue
		}
		w.queue = w.queue[1:]
		r.m, r.state, r.asked = m, asking, now
		if w.cfg.Workers == (Count{}) {
			r.asked = m.at // also after a pause, when retries have asked since
		}
		behind := slices.IndexFunc(p.asking, func(o *twinWorker) bool { return o.asked > r.asked })
		if behind < 0 {
			behind = len(p.asking)
		}
		p.asking = slices.Insert(p.asking, behind, r)
		if rest := &w.cfg.Rest; rest.All && rest.After.N > 0 {
			if p.started++; p.started == rest.After.N {
				p.started, p.closed, p.until = 0, true, never
				if !rest.Barrier {
					p.until = now + rest.Rest
				}
			}
		}
		return true
	}
	return false
}

// grant lets the first of those that ask go on, if it may.
func (w *twin) grant(now time.Duration, p *twinProcess) bool {
	free := func() bool { return w.cfg.Connection.Max == 0 || p.busy < w.cfg.Connection.Max }
	if len(p.lining) > 0 && free() {
		r := p.lining[0]
		p.lining = p.lining[1:]
		w.begin(now, p, r)
		return true
	}
	if len(p.asking) == 0 {
		return false
	}
	r := p.asking[0]
	m := r.m
	counts := func(h *history) bool { return m.calls == 0 || h.spec.Retries }
	if r.m == p.waiting && now < p.granted {
		return false
	}
	ok := true
	for _, h := range p.limiters {
		if !counts(h) || h.allows(now) {
			continue
		}
		ok = false
		switch full := h.spec.Full; full.Policy {
		case Drop:
			p.asking = p.asking[1:]
			w.lose(now, r, "drops")
			return true
		case Requeue:
			p.asking = p.asking[1:]
			m.draws++
			w.back(now, r, now+draw(w.senders[m.sender].Requeue.At(uint64(m.number)<<16+uint64(m.draws)), full.Least, full.Most))
			return true
		case RequeueReset:
			p.asking = p.asking[1:]
			at := now
			for !h.allows(at) {
				at++
			}
			m.draws++
			w.back(now, r, at+full.Plus)
			return true
		}
	}
	if !ok {
		p.waiting, p.granted = r.m, now
		for slices.ContainsFunc(p.limiters, func(h *history) bool { return counts(h) && !h.allows(p.granted) }) {
			p.granted++
		}
		return false
	}
	for _, h := range p.limiters {
		if counts(h) {
			h.starts = append(h.starts, now)
		}
	}
	p.asking = p.asking[1:]
	if len(p.lining) > 0 || !free() {
		r.state, r.until = lining, now+w.cfg.Connection.Wait
		p.lining = append(p.lining, r)
		return true
	}
	w.begin(now, p, r)
	return true
}

func (w *twin) begin(now time.Duration, p *twinProcess, r *twinWorker) {
	r.state, r.started = calling, now
	r.until = now + w.cfg.Latency.Spread.Median
	p.busy++
	r.m.ref, r.met, r.closed = 1, 0, NotClosed
	last := len(p.idle) - 1
	if last >= 0 && w.cfg.Connection.Idle > 0 && now-p.idle[last] >= w.cfg.Connection.Idle {
		p.idle, p.used, p.numbers, last = nil, nil, nil, -1
	}
	fresh := last < 0
	if !fresh {
		r.m.ref, r.conn = uint32(p.used[last])+1, p.numbers[last]
		if r.closed = w.closing(now-p.idle[last], p.used[last]); r.closed != NotClosed {
			r.met, fresh = r.conn, w.cfg.Connection.Reconnect
			w.closed++
		}
		p.idle, p.used, p.numbers = p.idle[:last], p.used[:last], p.numbers[:last]
	}
	if fresh {
		p.opened++
		r.m.ref, r.conn = 1, p.opened
		r.until += w.cfg.Connection.Setup
	}
	r.m.calls++
}

// closing is why SES has closed a session; one that is full was closed first.
func (w *twin) closing(idle time.Duration, calls int64) Closing {
	if most := w.session.MaxMessages; most > 0 && calls >= most {
		return ClosedFull
	}
	if longest := w.session.Idle; longest > 0 && idle >= longest {
		return ClosedIdle
	}
	return NotClosed
}

// answered is what client and twin note about a call.
func answered[P int | int32](process P, started time.Duration, conn, met int32, closed Closing, a Answer) string {
	return fmt.Sprintf("process %d started at %d on connection %d, session %d closed %d, accepted %v:", process, started, conn, met, closed, a.Accepted)
}

// drawnConfig draws a client whose times are some nanoseconds.
func drawnConfig(d proptest.Draws) Config {
	cfg := Default()
	cfg.Workers.N, cfg.Processes = d.Int("workers", 0, 4), 1
	if cfg.Workers.N > 0 {
		cfg.Processes = int(d.Int("processes", 1, 3))
	}
	latency := time.Duration(d.Int("latency", 0, 9))
	cfg.Latency.Spread = unit.Spread{Median: latency, Upper: latency, Tail: 99}
	if d.Int("connections", 0, 1) == 1 {
		cfg.Connection = Connection{
			Reconnect: d.Int("reconnect", 0, 1) == 1, Setup: time.Duration(d.Int("setup", 0, 5)), Max: d.Int("most connections", 0, 3),
			MaxMessages: d.Int("messages of a connection", 0, 4), Idle: time.Duration(d.Int("idle", 0, 20)),
			CloseOnRefusal: d.Int("close on refusal", 0, 1) == 1, Wait: time.Duration(max(d.Int("wait", -9, 12), 0)),
		}
	}
	if cfg.Workers.N > 0 && d.Int("rests", 0, 1) == 1 {
		cfg.Rest = Rest{After: Count{N: d.Int("after", 1, 4)}, Rest: time.Duration(d.Int("rest", 0, 15)), All: d.Int("all", 0, 1) == 1}
		cfg.Rest.Barrier = cfg.Rest.All && d.Int("barrier", 0, 1) == 1
	}
	placed := false
	for range d.Int("limiters", 0, 2) {
		l := drawnLimiter(d)
		l.Random = l.Random && !placed
		placed = placed || l.Random
		l.Shared, l.Retries = d.Int("shared", 0, 1) == 1, d.Int("retries", 0, 1) == 1
		l.Full = Full{Policy: FullPolicy(d.Int("full", 0, 5) % 4), Least: 3, Most: 12, Plus: 2}
		cfg.Limiters = append(cfg.Limiters, l)
	}
	for range d.Int("layers", 0, 2) {
		cfg.Retry = append(cfg.Retry, Layer{
			On: 1, Attempts: int(d.Int("attempts", 1, 3)), Waits: []time.Duration{time.Duration(d.Int("first wait", 0, 9)), 8},
			Jitter: Jitter{Kind: JitterKind(d.Int("jitter", 0, 2))}, Hold: d.Int("hold", 0, 1) == 1,
			Quota: Quota{Size: d.Int("quota", 0, 1) * 20, Throttle: 5, Other: 7, Success: 1},
		})
	}
	if d.Int("stops", 0, 3) == 3 {
		cfg.Stop = Stop{Errors: d.Int("errors", 1, 4), Abort: d.Int("abort", 0, 1) == 1}
	}
	return cfg
}

// refusing decides by the message and the attempt alone.
func refusing(share unit.Share) func(m *message) Answer {
	key := rng.Derive(1, "test", "decisions", "refused")
	return func(m *message) Answer {
		refused := share.Of(key.At(uint64(m.sender)<<40 + uint64(m.number)<<10 + uint64(m.calls)))
		return Answer{Accepted: !refused, Throttled: refused}
	}
}

// TestClientIsItsTwin compares calls, answers and losses, moment for moment.
func TestClientIsItsTwin(t *testing.T) {
	proptest.Check(t, func(t *rapid.T) {
		d := proptest.Draws{T: t}
		cfg := drawnConfig(d)
		of := func(name string) Sender {
			key := rng.Of(1, "sender", name).For
			return Sender{Latency: key("latency"), Jitter: key("jitter"), Requeue: key("requeue"), Priority: uint8(d.Int("priority", 0, 2))}
		}
		senders := []Sender{of("a"), of("b")}
		decide := refusing(unit.Share(d.Int("refused", 0, 9)) * 10 * unit.Percent)
		setting := Setting{Rate: 1, Epoch: 1003, Draws: rng.Of(1, "client", "test")}
		setting.Session = Session{Idle: time.Duration(d.Int("session idle", 0, 20)), MaxMessages: d.Int("messages of a session", 0, 4)}
		c := New(&cfg, senders, setting)
		w := twin{cfg: &cfg, senders: senders, session: setting.Session, decide: decide, lost: map[string]int64{}}
		w.make(setting)
		var log []string
		numbers := [2]int64{}
		var offers []offered
		for range d.Int("offers", 1, 25) {
			offers = append(offers, offered{time.Duration(d.Int("due", 0, 150)), int32(d.Int("sender", 0, 1)), d.Int("messages", 1, 4)})
		}
		slices.SortStableFunc(offers, func(a, b offered) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.sender, b.sender)) })
		for now := time.Duration(0); len(offers) > 0 || w.busy(); now++ {
			var due []*twinMessage
			for ; len(offers) > 0 && offers[0].at == now; offers = offers[1:] {
				o := offers[0]
				c.Offer(now, o.sender, numbers[o.sender], o.count, 1)
				for range o.count {
					m := &twinMessage{at: now, cost: make([]int64, MaxLayers)}
					m.due, m.number, m.sender = now, numbers[o.sender], o.sender
					numbers[o.sender]++
					due = append(due, m)
				}
			}
			if now%resumes == 0 {
				c.Resume(now)
				w.resume()
			}
			if c.Next() < now {
				t.Fatalf("at %v: the next event was at %v", now, c.Next())
			}
			for c.Next() == now {
				log = steps(c, now, decide, log)
			}
			w.tick(now, due)
		}
		slices.Sort(log) // what happens at one moment
		slices.Sort(w.log)
		if !slices.Equal(log, w.log) {
			t.Fatalf("%+v\nclient and twin differ:%s", cfg, firstDifference(log, w.log))
		}
		if n := c.Counts(); !w.agrees(&n) {
			t.Fatalf("%+v\nthe client counts %+v, the twin %v and %d calls on closed sessions", cfg, n, w.lost, w.closed)
		}
	})
}

// make fills in the workers and processes of a twin.
func (w *twin) make(s Setting) {
	shared := make([]*history, len(w.cfg.Limiters))
	for i := range w.cfg.Processes {
		p := &twinProcess{}
		for j, spec := range w.cfg.Limiters {
			h := shared[j]
			if h == nil {
				l := newLimiter(&spec, s.Rate, s.Begin, s.Epoch, placeKey(s.Draws, j, i))
				h = &history{spec: spec, rate: s.Rate, begin: s.Begin, epoch: s.Epoch, place: l.placeOf}
				if spec.Shared {
					shared[j] = h
				}
			}
			p.limiters = append(p.limiters, h)
		}
		for j := range w.cfg.Retry {
			p.quota = append(p.quota, w.cfg.Retry[j].Quota.Size)
		}
		w.processes = append(w.processes, p)
		n := w.cfg.Workers.N
		if n == 0 {
			n = 150
		}
		for range n {
			w.workers = append(w.workers, &twinWorker{process: i})
		}
	}
}

// agrees compares the client's counts of losses and of closed sessions.
func (w *twin) agrees(n *Counts) bool {
	all := w.lost["drops"] + w.lost["waits too long"] + w.lost["stops"] + w.lost["gives up"]
	for _, given := range n.GivenUp {
		all -= given
	}
	return all == 0 && n.GivenUp[Dropped] == w.lost["drops"] && n.GivenUp[Waited] == w.lost["waits too long"] && n.Closed == w.closed
}

// resumes is the interval at which a client that has paused is resumed.
const resumes = 64

// offered is count messages of a sender that fall due at a moment.
type offered struct {
	at     time.Duration
	sender int32
	count  int64
}

// busy reports whether there is a message that is neither accepted nor given up.
func (w *twin) busy() bool {
	return len(w.queue)+len(w.later) > 0 || slices.ContainsFunc(w.workers, func(r *twinWorker) bool { return r.m != nil })
}

// steps takes the events of a moment and notes them as the twin does.
func steps(c *Client, now time.Duration, decide func(*message) Answer, log []string) []string {
	for e, ok := c.Step(now); ok; e, ok = c.Step(now) {
		m := &message{sender: e.Sender, number: e.Number, calls: e.Attempt}
		what := map[Reason]string{Dropped: "drops", Waited: "waits too long", Stopped: "stops"}[e.Reason]
		if e.Kind == Decide {
			m.calls++
			a := Answer{Unreached: true}
			if e.Closed == NotClosed || c.cfg.Connection.Reconnect {
				a = decide(m)
			}
			what = answered(e.Process, e.Started, e.Connection, e.Met, e.Closed, a)
			if verdict, _ := c.Answer(a); verdict == GivenUp {
				log = append(log, fmt.Sprintf("%6d gives up sender %d message %d attempt %d", now, m.sender, m.number, m.calls))
			}
		}
		for range e.Count {
			log = append(log, fmt.Sprintf("%6d %s sender %d message %d attempt %d", now, what, m.sender, m.number, m.calls))
			m.number++
		}
	}
	return log
}

// firstDifference shows where two logs part.
func firstDifference(a, b []string) string {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	from := max(i-10, 0)
	return fmt.Sprintf("\nclient\n%q\ntwin\n%q", a[from:min(i+5, len(a))], b[from:min(i+5, len(b))])
}
