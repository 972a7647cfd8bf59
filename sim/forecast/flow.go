package forecast

import (
	"cmp"
	"math"
	"slices"
	"time"

	"sesim/sim"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// flow follows the calls of one account through its horizon, as quantities that
// need not be whole, in steps. In each step the calls meet what quota and rate have
// left; what is refused comes back after its wait.
type flow struct {
	streams []*stream
	limits  []limit // in the order of time, the first at 0
	horizon time.Duration
	burst   float64 // seconds of the maximum send rate that may be saved
	step    time.Duration
	most    int // steps; what lies beyond is like what came before

	kinds   []kind // of streams, by what follows a refusal
	of      []int  // the kind of each stream
	present limit
	tokens  float64
	window  []accepted // in the last 24 hours
	used    float64    // recipients in it
	runs    float64
	waiting float64
	total   totals
}

// limit is what the account allows from a moment on.
type limit struct {
	at      time.Duration
	quota   float64 // +Inf: unlimited
	rate    float64
	sandbox bool
	paused  bool
}

// totals are what a flow has counted.
type totals struct {
	messages, calls, refused, timedOut float64 // refused of the calls
	recipients                         float64 // of accepted calls
	runs                               float64 // most moments of acceptance in 24 hours
	waiting                            float64 // most messages that wait for a retry
}

// accepted are the calls accepted in a step.
type accepted struct {
	at               time.Duration
	recipients, runs float64
}

// kind is the calls of streams that are alike in what limits them: by attempt, those
// of the present step, and those that will come back.
type kind struct {
	demand         // of one of its streams
	runs   float64 // to an accepted call
	fresh  float64
	lost   float64 // messages given up
	most   float64 // of them, before the clients stop; 0: they do not
	queue  float64 // messages that wait for their clients
	able   float64 // calls a second that these can make; 0: no limit
	left   float64 // retries that their quotas allow now
	size   float64 // and at most; 0: no quotas
	now    []made
	trial  []made        // scratch
	later  [][]returning // by attempt, in the order of time
	waits  []float64     // before the n-th retry, in seconds
}

// made are the calls of an attempt that are made in a step.
type made struct {
	calls float64
	at    float64 // their mean time, in seconds from the step's begin
}

// add adds calls made at a time.
func (m *made) add(calls, at float64) {
	if calls <= 0 {
		return
	}
	m.at = (m.at*m.calls + at*calls) / (m.calls + calls)
	m.calls += calls
}

// returning are calls that come back at a moment.
type returning struct {
	at    time.Duration
	calls float64
}

const day = unit.Day

// newFlow returns the flow of streams through limits, at time 0.
func newFlow(streams []*stream, limits []limit, c *sim.Config, most int) *flow {
	f := &flow{streams: streams, limits: limits, horizon: c.Horizon, burst: float64(c.Rules.Rate.BurstSeconds), most: most}
	f.step = min(max(c.Horizon/time.Duration(most), time.Second), 15*time.Minute)
	for _, s := range streams {
		k := slices.IndexFunc(f.kinds, func(k kind) bool { return k.terms == s.terms })
		if k < 0 {
			k = len(f.kinds)
			f.kinds = append(f.kinds, newKind(s.demand))
		}
		f.of = append(f.of, k)
		f.kinds[k].most += s.errors * s.senders
		f.kinds[k].able += s.callRate * s.senders
		f.kinds[k].size += s.quota * s.senders
		f.kinds[k].left = f.kinds[k].size
	}
	f.present = limits[0]
	f.tokens = f.present.rate * f.burst
	return f
}

func newKind(d demand) kind {
	k := kind{demand: d}
	b := d.backoff()
	n := 1
	for i := range d.retry.Attempts {
		n++
		k.waits = append(k.waits, b.Wait(i+1).Seconds())
	}
	k.now, k.trial, k.later = make([]made, n), make([]made, n), make([][]returning, n)
	return k
}

// follow follows the calls to the horizon.
func (f *flow) follow() totals {
	if f.free() {
		return f.total
	}
	now := time.Duration(0)
	for steps := 0; now < f.horizon && steps < f.most; steps++ {
		to := f.until(now)
		f.expire(now + (to-now)/2)
		f.arrive(now, to)
		f.decide(now, to)
		now = to
	}
	if now > 0 && now < f.horizon {
		f.total.stretch(float64(f.horizon) / float64(now))
	}
	return f.total
}

// stretch extrapolates what adds up.
func (t *totals) stretch(by float64) {
	for _, v := range [...]*float64{&t.messages, &t.calls, &t.refused, &t.timedOut, &t.recipients} {
		*v *= by
	}
}

// free counts a flow that no limit can touch, and reports whether it is one.
func (f *flow) free() bool {
	least := limit{quota: math.Inf(1), rate: math.Inf(1)}
	for _, l := range f.limits {
		least = limit{
			quota: min(least.quota, l.quota), rate: min(least.rate, l.rate),
			sandbox: least.sandbox || l.sandbox, paused: least.paused || l.paused,
		}
	}
	if least.paused {
		return false
	}
	var rate, together float64
	for _, s := range f.streams {
		if s.invalid || s.unverified || s.port > 0 || s.callRate > 0 || least.sandbox && !s.verified {
			return false
		}
		rate += s.mostRate() * s.recipients
		if s.runs() < 1 {
			together += s.senders // at one moment, perhaps
		}
	}
	if rate > least.rate || together > least.rate*f.burst {
		return false
	}
	window, t := 0.0, totals{}
	for _, s := range f.streams {
		n := s.messages(f.horizon) * s.senders
		t.messages += n
		t.recipients += n * s.recipients
		inDay := min(s.mostIn(f.horizon), n)
		window += inDay * s.recipients
		t.runs += inDay * s.runs()
	}
	if window > least.quota {
		return false
	}
	t.calls = t.messages
	f.total = t
	return true
}

// mostIn bounds the messages of the stream in 24 hours.
func (s *stream) mostIn(horizon time.Duration) float64 {
	most := s.mostRate() * min(day, horizon).Seconds()
	if s.kind == sim.Campaign {
		each := math.Ceil(s.list(s.end)/s.recipients) * s.senders
		if s.every > 0 {
			each *= math.Ceil(day.Seconds() / s.every.Seconds())
		}
		most = min(most, each)
	}
	return most
}

// until returns the end of the step that begins now.
func (f *flow) until(now time.Duration) time.Duration {
	to, next, quiet := now+f.step, f.horizon, true
	for _, s := range f.streams {
		next = min(next, s.next(now))
		quiet = quiet && s.due(now, now+1) == 0
	}
	for i := range f.kinds {
		quiet = quiet && f.kinds[i].queue == 0
	}
	for i := range f.limits {
		if f.limits[i].at > now {
			next = min(next, f.limits[i].at)
			break
		}
	}
	if quiet {
		to = next
		for i := range f.kinds {
			for _, later := range f.kinds[i].later {
				if len(later) > 0 {
					to = min(to, max(later[0].at, now+f.step))
				}
			}
		}
	}
	return max(min(to, next), now+1)
}

// expire takes what was accepted 24 hours ago off the window.
func (f *flow) expire(now time.Duration) {
	gone := 0
	for gone < len(f.window) && f.window[gone].at+day <= now {
		f.used -= f.window[gone].recipients
		f.runs -= f.window[gone].runs
		gone++
	}
	f.window = f.window[gone:]
}

// arrive gathers the calls of a step.
func (f *flow) arrive(from, to time.Duration) {
	for len(f.limits) > 1 && f.limits[1].at <= from {
		f.limits = f.limits[1:]
		f.present = f.limits[0]
	}
	for i := range f.kinds {
		k := &f.kinds[i]
		k.fresh, k.runs = 0, 0
		clear(k.now)
		for attempt := range k.later {
			f.waiting -= k.comeBack(attempt, from, to)
		}
	}
	for i, s := range f.streams {
		n := s.due(from, to)
		k := &f.kinds[f.of[i]]
		f.total.messages += n
		k.fresh += n
		k.runs += n * s.runs()
	}
	for i := range f.kinds {
		k := &f.kinds[i]
		if k.fresh > 0 {
			k.runs /= k.fresh
		} else {
			k.runs = 1
		}
		k.call((to - from).Seconds())
		k.now[0].add(k.fresh, (to-from).Seconds()/2)
	}
}

// call queues the messages of a step, and leaves those that clients call for.
func (k *kind) call(seconds float64) {
	if k.able == 0 && k.most == 0 {
		return
	}
	k.queue += k.fresh
	k.fresh = k.queue
	if k.able > 0 {
		again := 0.0
		for _, now := range k.now {
			again += now.calls
		}
		k.fresh = min(k.queue, max(k.able*seconds-again, 0))
	}
	if k.most > 0 && k.lost >= k.most {
		k.fresh = 0
	}
	k.queue -= k.fresh
}

// comeBack makes the calls that come back in a step, and returns their number.
func (k *kind) comeBack(attempt int, from, to time.Duration) float64 {
	sum, gone := 0.0, 0
	for _, r := range k.later[attempt] {
		if r.at >= to {
			break
		}
		k.now[attempt].add(r.calls, max(r.at-from, 0).Seconds())
		sum += r.calls
		gone++
	}
	k.later[attempt] = k.later[attempt][gone:]
	return sum
}

// decide lets the calls of a step meet the limits.
func (f *flow) decide(from, to time.Duration) {
	seconds := (to - from).Seconds()
	byRate := f.tokens + f.present.rate*seconds
	byQuota := max(f.present.quota-f.used, 0)
	reason, room := ses.RefusedRate, byRate
	if byQuota < byRate {
		reason, room = ses.RefusedQuota, byQuota
	}
	refused := f.share(room, reason, seconds)
	var in accepted
	in.at = from + (to-from)/2
	for i := range f.kinds {
		k := &f.kinds[i]
		p, why := f.meets(k, refused, reason)
		calls, left := k.pass(p, k.again(why), seconds, func(attempt int, calls, at float64) {
			k.later[attempt] = append(k.later[attempt], returning{from + time.Duration(at*1e9), calls})
			f.waiting += calls
		})
		if k.port > 0 {
			timedOut := max(calls-k.port*seconds, 0)
			calls -= timedOut
			left = min(left, calls)
			f.total.timedOut += timedOut
		}
		f.total.calls += calls
		f.total.refused += calls - left
		k.lost += (calls - left) / float64(len(k.now))
		f.total.recipients += left * k.recipients
		f.tokens -= left * k.recipients
		if k.counted {
			in.recipients += left * k.recipients
			in.runs += left * k.runs
		}
	}
	f.tokens = min(max(f.tokens+f.present.rate*seconds, -50), f.present.rate*f.burst)
	if in.recipients > 0 {
		f.window = append(f.window, in)
		f.used += in.recipients
		f.runs += in.runs
	}
	f.total.runs = max(f.total.runs, f.runs)
	f.total.waiting = max(f.total.waiting, f.waiting)
}

// meets returns the share of a kind's calls that is refused, and why.
func (f *flow) meets(k *kind, refused float64, reason ses.Reason) (float64, ses.Reason) {
	switch {
	case f.present.paused:
		return 1, ses.RefusedPaused
	case k.invalid:
		return 1, ses.RefusedInvalid
	case k.unverified || f.present.sandbox && !k.verified:
		return 1, ses.RefusedUnverified
	case reason == ses.RefusedQuota && !k.counted:
		return 0, reason
	}
	return refused, reason
}

// share returns the share of the calls that limits refuse, so that the accepted
// recipients fit into the room.
func (f *flow) share(room float64, reason ses.Reason, seconds float64) float64 {
	low, high := 0.0, 1.0
	if f.accepts(0, reason, seconds) <= room {
		return 0
	}
	for range 24 {
		middle := (low + high) / 2
		if f.accepts(middle, reason, seconds) > room {
			low = middle
		} else {
			high = middle
		}
	}
	return high
}

// accepts returns how many recipients are accepted if limits refuse a share of the
// calls.
func (f *flow) accepts(refused float64, reason ses.Reason, seconds float64) float64 {
	sum := 0.0
	for i := range f.kinds {
		k := &f.kinds[i]
		p, why := f.meets(k, refused, reason)
		if p == 0 && refused > 0 {
			continue // the quota does not count it
		}
		_, left := k.pass(p, k.again(why), seconds, nil)
		sum += left * k.recipients
	}
	return sum
}

// again reports whether refused calls are made again.
func (k *kind) again(why ses.Reason) bool { return k.port > 0 || k.retry.On[why] }

// pass makes the calls of a step, of which a share is refused. Those that come back
// within the step are made again; later ones are handed on.
func (k *kind) pass(refused float64, again bool, seconds float64, later func(attempt int, calls, at float64)) (calls, left float64) {
	copy(k.trial, k.now)
	allowed := k.left
	for attempt := range k.trial {
		now := k.trial[attempt]
		calls += now.calls
		left += now.calls * (1 - refused)
		if !again || attempt == len(k.waits) || refused*now.calls == 0 {
			continue
		}
		back, when := now.calls*refused, now.at+k.waits[attempt]
		if k.size > 0 {
			back = min(back, allowed)
			allowed -= back
		}
		switch {
		case when < seconds:
			k.trial[attempt+1].add(back, when)
		case later != nil:
			later(attempt+1, back, when)
		}
	}
	if later != nil {
		k.left = min(allowed+left*k.earned, k.size)
	}
	return calls, left
}

// limits returns what an account allows over time: as the scenario begins, as its
// requests are answered, and as actions change it.
func (f *foresight) limits(account int) []limit {
	a := &f.c.Accounts[account]
	now := limit{quota: quotaOf(a.Quota), rate: float64(a.Rate), sandbox: a.Access == ses.Sandbox}
	list := []limit{now}
	for _, change := range f.changes[account] {
		change.to(&now)
		now.at = change.at
		list = append(list, now)
	}
	return list
}

// change is what changes an account's limits at a moment.
type change struct {
	at time.Duration
	to func(*limit)
}

// changes returns the changes of accounts' limits, in the order of time.
func changes(c *sim.Config) map[int][]change {
	list := map[int][]change{}
	add := func(account int, at time.Duration, to func(*limit)) {
		list[account] = append(list[account], change{at, to})
	}
	for i := range c.Accounts {
		for r := range c.Accounts[i].Requests {
			if q := &c.Accounts[i].Requests[r]; q.Outcome == ses.Granted {
				at, to := granted(c, q)
				add(i, at, to)
			}
		}
	}
	for i := range c.Actions {
		a := &c.Actions[i]
		switch {
		case a.Do == sim.DoSet && a.Change.Key == sim.KeyAccountQuota:
			add(a.Change.Index, a.At, func(l *limit) { l.quota = quotaOf(a.Change.Number) })
		case a.Do == sim.DoSet && a.Change.Key == sim.KeyAccountRate:
			add(a.Change.Index, a.At, func(l *limit) { l.rate = float64(a.Change.Number) })
		case (a.Do == sim.DoPause || a.Do == sim.DoResume) && a.Set == 0:
			add(a.Account, a.At, func(l *limit) { l.paused = a.Do == sim.DoPause })
		}
	}
	for i := range list {
		slices.SortStableFunc(list[i], func(x, y change) int { return cmp.Compare(x.at, y.at) })
	}
	return list
}

// granted is the answer to a request.
func granted(c *sim.Config, r *sim.Request) (time.Duration, func(*limit)) {
	prod := &c.Rules.Prod
	after, quota, rate := r.After, r.Quota, r.Rate
	if after < 0 {
		after = prod.ReviewWithin / 2
	}
	if quota == 0 {
		quota = prod.Quota
	}
	if rate == 0 {
		rate = prod.Rate
	}
	return r.At + after, func(l *limit) { l.quota, l.rate, l.sandbox = quotaOf(quota), float64(rate), false }
}

func quotaOf(n int64) float64 {
	if n < 0 {
		return math.Inf(1)
	}
	return float64(n)
}
