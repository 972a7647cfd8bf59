package des_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sesim/sim/des"
	"sesim/sim/proptest"
)

// TestBatchAgainstMerge gives the same streams, with many arrivals at the same
// time, to a merge and, interval by interval, to a batch.
func TestBatchAgainstMerge(t *testing.T) {
	proptest.Check(t, func(t *rapid.T) {
		streams := rapid.IntRange(1, 40).Draw(t, "streams")
		width := rapid.IntRange(0, 14).Draw(t, "width")
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		gap := rapid.SampledFrom([]int64{1, 3, 5000}).Draw(t, "gap")
		arrivals := make([][]time.Duration, streams)
		times := make([]time.Duration, streams)
		for i := range arrivals {
			at := time.Duration(0)
			for range r.IntN(50) {
				at += time.Duration(r.Int64N(gap))
				arrivals[i] = append(arrivals[i], at)
			}
			arrivals[i] = append(arrivals[i], des.Never)
			times[i] = arrivals[i][0]
		}
		merge, read := des.NewMerge(times), make([]int, streams)
		batch := des.NewBatch(streams)
		next := make([]int, streams)
		for {
			at, stream := merge.Next()
			if got, _ := batch.Next(); got == des.Never && at != des.Never {
				batch.Begin(at, width)
				for i := range next {
					for ; arrivals[i][next[i]] < at+1<<width; next[i]++ {
						batch.Add(arrivals[i][next[i]], i)
					}
				}
			}
			if gotAt, got := batch.Next(); gotAt != at || at != des.Never && got != stream {
				t.Fatalf("stream %d at %d, want %d at %d", got, gotAt, stream, at)
			}
			if at == des.Never {
				return
			}
			batch.Drop(1)
			read[stream]++
			merge.Set(stream, arrivals[stream][read[stream]])
		}
	})
}

// BenchmarkArrivals compares two ways to put the arrivals of many Poisson streams
// in order: the merge, and batches of eight arrivals per stream.
func BenchmarkArrivals(b *testing.B) {
	for _, streams := range []int{100, 10_000, 1_000_000} {
		r := rand.New(rand.NewPCG(1, 1))
		gaps := make([]time.Duration, 1<<14)
		for i := range gaps {
			gaps[i] = 1 + time.Duration(r.ExpFloat64()*1e9)
		}
		begin := func() []time.Duration {
			times := make([]time.Duration, streams)
			for i := range times {
				times[i] = gaps[i%len(gaps)]
			}
			return times
		}
		b.Run(fmt.Sprintf("merge/streams=%d", streams), func(b *testing.B) {
			m := des.NewMerge(begin())
			for i := 0; b.Loop(); i++ {
				at, stream := m.Next()
				m.Set(stream, at+gaps[i%len(gaps)])
			}
		})
		b.Run(fmt.Sprintf("batch/streams=%d", streams), func(b *testing.B) {
			batch := des.NewBatch(streams)
			times, from := begin(), time.Duration(0)
			const width = 33 // 2^33 ns: eight arrivals a stream
			for i := 0; b.Loop(); {
				if at, _ := batch.Next(); at == des.Never {
					batch.Begin(from, width)
					for s := range times {
						for ; times[s] < from+1<<width; i++ {
							batch.Add(times[s], s)
							times[s] += gaps[i%len(gaps)]
						}
					}
					from += 1 << width
				}
				batch.Drop(1)
			}
		})
	}
}
