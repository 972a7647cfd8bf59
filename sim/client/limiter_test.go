package client

import (
	"math/big"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sesim/sim/proptest"
	"sesim/sim/rng"
)

// drawnLimiter draws a limiter with intervals of some nanoseconds, which can be
// searched one by one.
func drawnLimiter(d proptest.Draws) Limiter {
	l := Limiter{
		Kind: LimiterKind(d.Int("kind", 0, 2)), N: Count{N: d.Int("n", 1, 6)}, Per: time.Duration(d.Int("per", 10, 60)),
		Burst: Count{N: d.Int("burst", 1, 8)},
	}
	switch l.Kind {
	case Bucket:
		l.Empty = d.Int("empty", 0, 1) == 1
		if d.Int("of the rate", 0, 1) == 1 {
			l.N = Count{Rate: d.Int("times the rate, in millionths", 100_000, 3*Million), Plus: d.Int("plus", 0, 2)}
		}
	case Window:
		l.Clock = d.Int("clock", 0, 1) == 1
		l.Random = l.Clock && d.Int("random", 0, 1) == 1
		l.Spacing = time.Duration(d.Int("spacing", 0, int64(l.Per)/l.N.N))
	}
	return l
}

// history is the slow twin of a limiter: it knows all starts, and decides from them.
type history struct {
	spec         Limiter
	rate         int64
	begin, epoch time.Duration
	place        func(window time.Duration) time.Duration
	starts       []time.Duration
}

// allows reports whether a start may be at a moment.
func (h *history) allows(at time.Duration) bool {
	switch h.spec.Kind {
	case Bucket:
		return h.level(at).Cmp(big.NewRat(1, 1)) >= 0
	case Log:
		n := int64(0)
		for _, s := range h.starts {
			if at < s+h.spec.Per {
				n++
			}
		}
		return n < h.spec.N.N
	}
	begin, inside := h.window(at)
	if h.spec.Random && at < begin+h.place(begin) {
		return false
	}
	n := len(inside)
	return int64(n) < h.spec.N.N && (n == 0 || at >= inside[n-1]+h.spec.Spacing)
}

// level returns the tokens of a bucket, counted from its begin.
func (h *history) level(at time.Duration) *big.Rat {
	full := big.NewRat(h.spec.Burst.N, 1)
	level, last := new(big.Rat).Set(full), h.begin
	if h.spec.Empty {
		level.SetInt64(0)
	}
	perNano := big.NewRat(h.spec.N.Of(h.rate), Million*int64(h.spec.Per))
	gain := func(to time.Duration) {
		level.Add(level, new(big.Rat).Mul(perNano, big.NewRat(int64(to-last), 1)))
		if level.Cmp(full) > 0 {
			level.Set(full)
		}
		last = to
	}
	for _, s := range h.starts {
		gain(s)
		level.Sub(level, big.NewRat(1, 1))
	}
	gain(at)
	return level
}

// window returns the begin of the window that holds a moment, and its starts.
func (h *history) window(at time.Duration) (begin time.Duration, inside []time.Duration) {
	per := h.spec.Per
	if h.spec.Clock {
		begin = at - (at+h.epoch)%per
		for _, s := range h.starts {
			if s >= begin && s < begin+per {
				inside = append(inside, s)
			}
		}
		return begin, inside
	}
	begin = -per
	for _, s := range h.starts {
		if s >= begin+per {
			begin, inside = s, nil
		}
		inside = append(inside, s)
	}
	if at >= begin+per {
		return at, nil
	}
	return begin, inside
}

// TestLimitersKeepTheirPromise compares limiters of all kinds with their slow twins,
// and counts the starts of every window.
func TestLimitersKeepTheirPromise(t *testing.T) {
	proptest.Check(t, func(t *rapid.T) {
		d := proptest.Draws{T: t}
		h := history{
			spec: drawnLimiter(d), rate: d.Int("rate", 1, 3),
			begin: time.Duration(d.Int("begin", 0, 50)), epoch: time.Duration(d.Int("epoch", 0, 1000)),
		}
		l := newLimiter(&h.spec, h.rate, h.begin, h.epoch, rng.Derive(1, "client", "a", "place"))
		h.place = l.placeOf
		now := h.begin
		for range 25 {
			now += time.Duration(d.Int("pause", 0, 1) * d.Int("until the next one asks", 0, 90))
			want := now
			for !h.allows(want) {
				want++
			}
			if got := l.earliest(now); got != want {
				t.Fatalf("%+v after %v: asked at %d, granted at %d, want %d", h.spec, h.starts, now, got, want)
			}
			now = want + time.Duration(d.Int("late", 0, 1)*d.Int("by", 0, 30))
			if !h.allows(now) {
				now = want
			}
			l.charge(now)
			h.starts = append(h.starts, now)
		}
		h.checkPromise(t)
	})
}

// checkPromise counts the starts of every interval that the limiter speaks of.
func (h *history) checkPromise(t *rapid.T) {
	for i, first := range h.starts {
		n := int64(0)
		for _, s := range h.starts[i:] {
			if s < first+h.spec.Per {
				n++
			}
		}
		most := h.spec.N.N
		switch h.spec.Kind {
		case Bucket:
			most = h.spec.Burst.N + (h.spec.N.Of(h.rate)+Million-1)/Million
		case Window:
			most = 2 * most // of two windows
		}
		if n > most {
			t.Fatalf("%+v: %d starts from %d on, at most %d: %v", h.spec, n, first, most, h.starts)
		}
	}
}

// TestLimiterFirstGrants has the first grants of limiters of each kind, asked at once.
func TestLimiterFirstGrants(t *testing.T) {
	const ms = time.Millisecond
	for _, c := range []struct {
		name string
		spec Limiter
		rate int64
		want []time.Duration
	}{
		{"a bucket of one", Limiter{N: Count{N: 10}, Per: time.Second, Burst: Count{N: 1}}, 14, []time.Duration{0, 100 * ms, 200 * ms}},
		{"one of three", Limiter{N: Count{N: 10}, Per: time.Second, Burst: Count{N: 3}}, 14, []time.Duration{0, 0, 0, 100 * ms}},
		{"an empty one", Limiter{N: Count{N: 10}, Per: time.Second, Burst: Count{N: 3}, Empty: true}, 14, []time.Duration{100 * ms, 200 * ms}},
		{"14 a second, to the nanosecond", Limiter{N: Count{N: 14}, Per: time.Second, Burst: Count{N: 1}}, 14,
			[]time.Duration{0, 71428572, 142857144, 214285716}}, // what a full bucket gains before it is asked is lost
		{"nine tenths of the rate", Limiter{N: Count{Rate: 900_000}, Per: time.Second, Burst: Count{N: 1}}, 14, []time.Duration{0, 79365080}},
		{"the rate and one", Limiter{N: Count{Rate: Million}, Per: time.Second, Burst: Count{Rate: Million, Plus: 1}}, 2,
			[]time.Duration{0, 0, 0, 500 * ms}},
		{"a window", Limiter{Kind: Window, N: Count{N: 2}, Per: time.Second}, 14, []time.Duration{0, 0, 1000 * ms, 1000 * ms, 2000 * ms}},
		{"windows of the clock", Limiter{Kind: Window, N: Count{N: 2}, Per: time.Second, Clock: true}, 14,
			[]time.Duration{0, 0, 700 * ms, 700 * ms, 1700 * ms}},
		{"a window with spacing", Limiter{Kind: Window, N: Count{N: 3}, Per: time.Second, Spacing: 25 * ms}, 14,
			[]time.Duration{0, 25 * ms, 50 * ms, 1000 * ms}},
		{"a log", Limiter{Kind: Log, N: Count{N: 2}, Per: time.Second}, 14, []time.Duration{0, 0, 1000 * ms, 1000 * ms, 2000 * ms}},
		{"a log of half the rate, rounded down", Limiter{Kind: Log, N: Count{Rate: 500_000, Plus: 1}, Per: time.Second}, 3,
			[]time.Duration{0, 0, 1000 * ms}},
	} {
		l := newLimiter(&c.spec, c.rate, 0, 1300*ms, 0)
		for i, want := range c.want {
			got := l.earliest(0)
			if got != want {
				t.Errorf("%s: grant %d at %v, want %v", c.name, i, got, want)
			}
			l.charge(got)
		}
	}
}

// TestRandomPlaces: the starts of a window lie in it, and their places differ.
func TestRandomPlaces(t *testing.T) {
	spec := Limiter{Kind: Window, N: Count{N: 14}, Per: time.Second, Clock: true, Random: true, Spacing: 25 * time.Millisecond}
	l := newLimiter(&spec, 14, 0, 0, rng.Derive(1, "client", "a", "place"))
	sum := time.Duration(0)
	const windows = 10_000
	for w := range time.Duration(windows) {
		for i := range time.Duration(14) {
			at := l.earliest(0)
			if i == 0 {
				sum += at - w*time.Second
			}
			if at < w*time.Second || at >= (w+1)*time.Second {
				t.Fatalf("start %d of window %d at %v", i, w, at)
			}
			l.charge(at)
		}
	}
	if mean := sum / windows; mean < 320*time.Millisecond || mean > 330*time.Millisecond { // half of 1 s - 14·25 ms
		t.Errorf("the mean place is %v", mean)
	}
}
