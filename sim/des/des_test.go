package des

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sesim/sim/proptest"
)

// linear is the slow twin of List: a slice that is searched in full.
type linear struct {
	at    []time.Duration
	event []int
}

func (p *linear) pop() (time.Duration, int) {
	least := 0
	for i := range p.at {
		if p.at[i] < p.at[least] {
			least = i
		}
	}
	at, e := p.at[least], p.event[least]
	p.at, p.event = slices.Delete(p.at, least, least+1), slices.Delete(p.event, least, least+1)
	return at, e
}

func TestListAgreesWithSearch(t *testing.T) {
	keys := rapid.OneOf(
		rapid.SampledFrom([]time.Duration{0, 1}), // so that queues have several events
		rapid.Map(rapid.IntRange(-1, maxQueues), func(key int) time.Duration { return time.Duration(key) }),
	)
	proptest.Check(t, func(t *rapid.T) {
		var fast List[int]
		var slow linear
		n := 0
		t.Repeat(map[string]func(*rapid.T){
			"push": func(t *rapid.T) {
				at := time.Duration(rapid.IntRange(0, 20).Draw(t, "at"))
				fast.Push(at, n)
				slow.at, slow.event = append(slow.at, at), append(slow.event, n)
				n++
			},
			"push queued": func(t *rapid.T) {
				at := time.Duration(rapid.IntRange(0, 20).Draw(t, "at"))
				fast.PushQueued(keys.Draw(t, "key"), at, n)
				slow.at, slow.event = append(slow.at, at), append(slow.event, n)
				n++
			},
			"pop": func(t *rapid.T) {
				if fast.Len() == 0 {
					t.Skip("empty")
				}
				at, e := fast.Pop()
				wantAt, want := slow.pop()
				if at != wantAt || e != want {
					t.Fatalf("popped %v %d, want %v %d", at, e, wantAt, want)
				}
			},
			"requeue": func(t *rapid.T) {
				before := time.Duration(rapid.IntRange(0, 25).Draw(t, "before"))
				at, e := fast.FirstQueued(before)
				if e == nil {
					if fast.Len() > 0 && fast.Next() < before && fast.inQueue() && (len(fast.heap) == 0 || fast.heap[0].at > fast.Next()) {
						t.Fatalf("nothing queued before %v, want the event at %v", before, fast.Next())
					}
					t.Skip("nothing is queued")
				}
				wantAt, want := slow.pop()
				if at != wantAt || at >= before || *e != want {
					t.Fatalf("first queued before %v: %v %d, want %v %d", before, at, *e, wantAt, want)
				}
				at += time.Duration(rapid.IntRange(0, 20).Draw(t, "wait"))
				e = fast.Requeue(keys.Draw(t, "key"), at)
				if *e != want {
					t.Fatalf("requeued %d, want %d", *e, want)
				}
				*e = n
				slow.at, slow.event = append(slow.at, at), append(slow.event, n)
				n++
			},
			"": func(t *rapid.T) {
				want := Never
				if len(slow.at) > 0 {
					want = slices.Min(slow.at)
				}
				if fast.Len() != len(slow.at) || fast.Next() != want {
					t.Fatalf("%d pending, next %v; want %d, %v", fast.Len(), fast.Next(), len(slow.at), want)
				}
			},
		})
	})
}

func TestMergeAgreesWithSearch(t *testing.T) {
	proptest.Check(t, func(t *rapid.T) {
		times := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) time.Duration {
			return time.Duration(rapid.IntRange(0, 10).Draw(t, "at"))
		}), 0, 20).Draw(t, "times")
		m := NewMerge(slices.Clone(times))
		for range 50 {
			at, i := m.Next()
			if len(times) == 0 {
				if i != -1 || at != Never {
					t.Fatalf("no streams: got %v from %d", at, i)
				}
				return
			}
			want := slices.Index(times, slices.Min(times))
			if i != want || at != times[want] {
				t.Fatalf("next is stream %d at %v, want %d at %v", i, at, want, times[want])
			}
			times[i] += time.Duration(rapid.IntRange(0, 5).Draw(t, "gap"))
			if rapid.IntRange(0, 9).Draw(t, "end") == 0 {
				times[i] = Never
			}
			m.Set(i, times[i])
		}
	})
}

func TestListDoesNotAllocateInSteadyState(t *testing.T) {
	var l List[[2]uint64]
	r := rand.New(rand.NewPCG(1, 1))
	for range 1000 {
		l.Push(time.Duration(r.IntN(1000)), [2]uint64{})
	}
	if n := testing.AllocsPerRun(1000, func() {
		at, e := l.Pop()
		l.Push(at+time.Duration(r.IntN(1000)), e)
	}); n != 0 {
		t.Errorf("%v allocations for a pop and a push", n)
	}
}

// BenchmarkHold is the hold model: pop the earliest event, schedule another.
// Events are as large as those of a run.
func BenchmarkHold(b *testing.B) {
	type payload [5]uint64
	r := rand.New(rand.NewPCG(1, 1))
	delays := make([]time.Duration, 1<<16)
	for i := range delays {
		delays[i] = time.Duration(r.ExpFloat64() * float64(time.Hour))
	}
	for _, pending := range []int{100, 10_000, 1_000_000} {
		b.Run(fmt.Sprintf("pending=%d", pending), func(b *testing.B) {
			var l List[payload]
			for i := range pending {
				l.Push(delays[i%len(delays)], payload{})
			}
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				at, e := l.Pop()
				l.Push(at+delays[i%len(delays)], e)
			}
		})
	}
}

// BenchmarkMerge advances the earliest of many streams.
func BenchmarkMerge(b *testing.B) {
	for _, streams := range []int{1, 100, 10_000} {
		b.Run(fmt.Sprintf("streams=%d", streams), func(b *testing.B) {
			r := rand.New(rand.NewPCG(1, 1))
			times := make([]time.Duration, streams)
			for i := range times {
				times[i] = time.Duration(r.ExpFloat64() * 1e9)
			}
			m := NewMerge(times)
			b.ReportAllocs()
			for b.Loop() {
				at, i := m.Next()
				m.Set(i, at+time.Duration(r.ExpFloat64()*1e9))
			}
		})
	}
}
