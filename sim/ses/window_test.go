package ses

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
	"unsafe"

	"pgregory.net/rapid"

	"sesim/sim/proptest"
	"sesim/sim/unit"
)

// plainWindow is the window without any cleverness: every moment at which
// something was accepted, in a slice.
type plainWindow struct {
	at []time.Duration
	n  []int64
}

func (p *plainWindow) add(now time.Duration, n int64) {
	p.at, p.n = append(p.at, now), append(p.n, n)
}

func (p *plainWindow) used(now time.Duration) int64 {
	sum := int64(0)
	for len(p.at) > 0 && p.at[0] <= now-quotaWindow {
		p.at, p.n = p.at[1:], p.n[1:]
	}
	for _, n := range p.n {
		sum += n
	}
	return sum
}

func (p *plainWindow) frees() time.Duration {
	if len(p.at) == 0 {
		return 0
	}
	return p.at[0] + quotaWindow
}

// TestWindowAgainstPlain lets waves of calls come at gaps from a nanosecond to
// days, long enough to fill and free several blocks, and compares all figures
// with those of the plain window.
func TestWindowAgainstPlain(t *testing.T) {
	proptest.Check(t, func(t *rapid.T) {
		var w window
		var plain plainWindow
		now := time.Duration(0)
		for range rapid.IntRange(1, 12).Draw(t, "waves") {
			seed := rapid.Uint64().Draw(t, "seed")
			r := rand.New(rand.NewPCG(seed, 1))
			spread := rapid.SampledFrom([]time.Duration{1, 40, time.Microsecond, time.Second, 10 * time.Minute, unit.Day, 3 * unit.Day}).Draw(t, "spread")
			most := rapid.SampledFrom([]int64{1, 2, MaxRecipients, 1 << 40}).Draw(t, "recipients")
			looks := rapid.SampledFrom([]int{1, 7, 1000}).Draw(t, "look every")
			for i := range rapid.IntRange(1, 600).Draw(t, "calls") {
				now += time.Duration(r.Int64N(int64(spread) + 1))
				n := 1 + r.Int64N(most)
				w.add(now, n)
				plain.add(now, n)
				if i%looks > 0 {
					continue
				}
				if got, want := w.used(now), plain.used(now); got != want {
					t.Fatalf("at %d: %d used, want %d", now, got, want)
				}
				if got, want := w.frees(), plain.frees(); got != want {
					t.Fatalf("at %d: the oldest leaves at %d, want %d", now, got, want)
				}
			}
			now += rapid.SampledFrom([]time.Duration{0, unit.Day - 1, unit.Day, unit.Day + 1}).Draw(t, "pause")
			if got, want := w.used(now), plain.used(now); got != want || w.atMost() != got || w.frees() != plain.frees() {
				t.Fatalf("after a pause, at %d: %d used and the oldest leaves at %d, want %d and %d", now, got, w.frees(), want, plain.frees())
			}
		}
	})
}

// fillWindow sends perDay calls a day at random, with the gaps of a Poisson
// process.
func fillWindow(w *window, r *rand.Rand, now time.Duration, perDay, calls int) time.Duration {
	mean := float64(unit.Day) / float64(perDay)
	for range calls {
		now += 1 + time.Duration(r.ExpFloat64()*mean)
		w.add(now, 1)
		w.used(now)
	}
	return now
}

// TestWindowMemory holds the window to the bytes that its documentation names,
// and to giving them back when the use falls.
func TestWindowMemory(t *testing.T) {
	for _, c := range []struct {
		perDay int
		most   float64 // bytes a recipient
	}{{10_000, 5.4}, {1_000_000, 4.2}, {10_000_000, 4.2}} {
		w, r := new(window), rand.New(rand.NewPCG(1, 1))
		now := fillWindow(w, r, 0, c.perDay, c.perDay*11/10)
		bytes := float64(w.log.bytes()) / float64(w.used(now))
		t.Logf("%d a day: %.2f bytes a recipient in the window", c.perDay, bytes)
		if bytes > c.most {
			t.Errorf("%d a day: %.2f bytes a recipient, want at most %v", c.perDay, bytes, c.most)
		}
		if n := testing.AllocsPerRun(1, func() { now = fillWindow(w, r, now, c.perDay, c.perDay/2) }); n > float64(c.perDay)/4000 {
			t.Errorf("%d a day: %v allocations for another half day", c.perDay, n)
		}
		fillWindow(w, r, now, 1000, 2000)
		if left := w.log.bytes(); left > 10*runBlockSize {
			t.Errorf("after two days at 1,000 the window still holds %d bytes", left)
		}
	}
}

const runBlockSize = int64(unsafe.Sizeof(runBlock{}))

// bytes returns what the log's blocks take.
func (l *runLog) bytes() int64 {
	n := int64(0)
	for b := l.head.block; b != nil; b = b.next {
		n += runBlockSize
	}
	if l.spare != nil {
		n += runBlockSize
	}
	return n
}

func BenchmarkWindow(b *testing.B) {
	for _, perDay := range []int{10_000, 1_000_000, 100_000_000} {
		b.Run(fmt.Sprintf("perday=%d", perDay), func(b *testing.B) {
			w, r := new(window), rand.New(rand.NewPCG(1, 1))
			gaps := make([]time.Duration, 1<<12)
			for i := range gaps {
				gaps[i] = 1 + time.Duration(r.ExpFloat64()*float64(unit.Day)/float64(perDay))
			}
			now := fillWindow(w, r, 0, perDay, min(perDay, 2_000_000))
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				now += gaps[i&(len(gaps)-1)]
				i++
				w.add(now, 1)
				w.used(now)
			}
		})
	}
}
