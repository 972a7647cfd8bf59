package client

import (
	"math/bits"
	"time"

	"sesim/sim/rng"
	"sesim/sim/unit"
)

// never is later than every moment of a run.
const never = time.Duration(1<<63 - 1)

// before is earlier than every moment of a run by more than any interval.
const before = -time.Duration(1 << 62)

// limiter is the state of a Limiter. It answers when the next start is granted, and
// is charged at that moment.
type limiter struct {
	kind    LimiterKind
	retries bool
	full    Full

	n   int64
	per time.Duration

	// Bucket: it is full at a moment of full/parts ns, counted in whole nanoseconds and
	// parts of one; each token moves that moment on by step. A token is there if full is
	// at most depth ahead.
	fullAt, step, depth              time.Duration
	fullParts, stepParts, depthParts int64
	parts                            int64

	// Window: the present one, and how many starts it has.
	clock, random bool
	spacing       time.Duration
	begin, last   time.Duration
	count         int64
	phase         time.Duration // of the clock's windows, since the epoch
	place         rng.Key

	// Log: the last n starts, a ring once there are so many; the oldest is at next.
	starts []time.Duration
	next   int
}

// newLimiter returns a limiter that begins at a moment. rate is the account's maximum
// send rate, epoch the time from 1970 UTC to moment 0.
func newLimiter(spec *Limiter, rate int64, begin, epoch time.Duration, place rng.Key) limiter {
	l := limiter{
		kind: spec.Kind, retries: spec.Retries, full: spec.Full, n: min(spec.N.whole(rate), maxNumber), per: spec.Per,
		clock: spec.Clock, random: spec.Random, spacing: spec.Spacing, place: place,
	}
	switch spec.Kind {
	case Bucket:
		l.bucket(uint64(max(spec.N.Of(rate), leastRate)), uint64(spec.Burst.whole(rate)))
		l.fullAt = begin
		if spec.Empty {
			l.fullAt, l.fullParts = l.fullAt+l.depth, l.depthParts
			l.charge(begin)
		}
	case Window:
		l.phase = epoch % spec.Per
		l.begin = before
	}
	return l
}

// leastRate is the least number of calls, in millionths, for which a bucket has a
// token each Per: a multiple of the maximum send rate may be small. A step is less
// than 85 years then.
const leastRate = 1000

// bucket sets the step between tokens and the depth: the time in which all tokens
// but one come back. Check limits both to what fits.
func (l *limiter) bucket(millionths, burst uint64) {
	hi, lo := bits.Mul64(uint64(l.per), Million)
	whole, parts := bits.Div64(hi, lo, millionths)
	l.step, l.stepParts, l.parts = time.Duration(whole), int64(parts), int64(millionths)
	hi, lo = bits.Mul64(burst-1, parts)
	more, parts := bits.Div64(hi, lo, millionths)
	hi, lo = bits.Mul64(burst-1, whole)
	lo, carry := bits.Add64(lo, more, 0)
	if hi+carry != 0 || lo > uint64(unit.MaxDuration) {
		lo = uint64(unit.MaxDuration)
	}
	l.depth, l.depthParts = time.Duration(lo), int64(parts)
}

// earliest returns the first moment from now on at which a start is granted, given
// all that were charged.
func (l *limiter) earliest(now time.Duration) time.Duration {
	switch l.kind {
	case Bucket:
		at := l.fullAt - l.depth
		if l.fullParts > l.depthParts {
			at++
		}
		return max(at, now)
	case Log:
		if int64(len(l.starts)) < l.n {
			return now
		}
		return max(l.starts[l.next]+l.per, now)
	}
	return l.inWindow(now)
}

// inWindow is earliest for windows.
func (l *limiter) inWindow(now time.Duration) time.Duration {
	end := l.begin + l.per
	if now < end && l.count < l.n {
		if at := max(now, l.last+l.spacing); at < end {
			return at
		}
	}
	now = max(now, end)
	if !l.clock {
		return now
	}
	at := now - (now+l.phase)%l.per
	return max(now, at+l.placeOf(at))
}

// placeOf returns where in a window of the clock the first start may be: at its
// begin, or where there is room for n starts.
func (l *limiter) placeOf(begin time.Duration) time.Duration {
	if !l.random {
		return 0
	}
	room := max(l.per-time.Duration(l.n)*l.spacing, 1)
	hi, _ := bits.Mul64(l.place.At(uint64((begin+l.phase)/l.per)), uint64(room))
	return time.Duration(hi)
}

// charge counts a start at a moment that earliest has returned, or later.
func (l *limiter) charge(at time.Duration) {
	switch l.kind {
	case Bucket:
		if l.fullAt < at {
			l.fullAt, l.fullParts = at, 0
		}
		l.fullAt, l.fullParts = l.fullAt+l.step, l.fullParts+l.stepParts
		l.carry()
	case Log:
		if int64(len(l.starts)) < l.n {
			l.starts = append(l.starts, at)
			return
		}
		l.starts[l.next] = at
		if l.next++; l.next == len(l.starts) {
			l.next = 0
		}
	case Window:
		if at >= l.begin+l.per {
			l.begin, l.count = at, 0
			if l.clock {
				l.begin -= (at + l.phase) % l.per
			}
		}
		l.last = at
		l.count++
	}
}

// carry makes a nanosecond of its parts.
func (l *limiter) carry() {
	if l.fullParts >= l.parts {
		l.fullParts -= l.parts
		l.fullAt++
	}
}

// granted returns the first moment from now on at which all limiters grant a start.
// If one of them would not wait for it, blocked is its number, else -1.
func granted(list []*limiter, now time.Duration, retry bool) (at time.Duration, blocked int) {
	at, placed := now, -1
	for i, l := range list {
		if retry && !l.retries {
			continue
		}
		when := l.earliest(now)
		if when > now && l.full.Policy != Wait {
			return when, i
		}
		if l.random {
			placed = i
		}
		at = max(at, when)
	}
	// All but a random window grant at every moment after the first one.
	if placed >= 0 {
		at = list[placed].earliest(at)
	}
	return at, -1
}
