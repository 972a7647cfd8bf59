package mailbox

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"sesim/sim/rng"
	"sesim/sim/unit"
)

// population is an audience of n addresses with every trait, of which some die.
func population(n int64) *Audience {
	spec := Spec{
		Name: "bench", Size: n, Invalid: 2 * unit.Percent, DeadDomain: unit.Percent / 10, FeedbackLoop: 40 * unit.Percent,
		FullFor: day, Complaint: unit.Percent / 50, Decay: 2 * unit.Percent, DecayPer: 30 * day,
	}
	spec.Bounces[Full] = unit.Percent / 2
	return New(spec, 1, make([]uint8, n))
}

// BenchmarkAttempt decides the first attempt to a random address.
func BenchmarkAttempt(b *testing.B) {
	draws := rng.Derive(1, "bench", "attempt", "outcomes").Stream()
	for _, n := range []int64{10_000, 1_000_000, 10_000_000} {
		audience := population(n)
		b.Run(fmt.Sprintf("size=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				audience.Attempt(uint32(draws.Below(uint64(n))), draws.Next())
			}
		})
	}
}

func TestAttemptDoesNotAllocate(t *testing.T) {
	audience := population(10_000)
	draws := rng.Derive(1, "test", "attempt", "outcomes").Stream()
	if n := testing.AllocsPerRun(1000, func() {
		to := uint32(draws.Below(10_000))
		audience.Attempt(to, draws.Next())
		audience.Retry(to, day, Full)
		audience.Complains(draws.Next())
	}); n > 0 {
		t.Errorf("%v allocations an attempt", n)
	}
}

// BenchmarkNew makes small audiences and a large one alternately, and reports how
// many times longer an address of a small one takes, and the bytes allocated for a
// small audience.
func BenchmarkNew(b *testing.B) {
	const small, large = 10, 1_000_000
	perAddress := func(size, audiences int64) float64 {
		began := time.Now()
		for range audiences {
			population(size)
		}
		return float64(time.Since(began)) / float64(size*audiences)
	}
	var few, many float64
	for b.Loop() {
		few += perAddress(small, large/small/10)
		many += perAddress(large, 1)
	}
	b.ReportMetric(few/many, "x-per-address")
	b.ReportMetric(float64(bytesOf(small)), "B/audience")
}

// bytesOf returns how many bytes are allocated for an audience, those of the
// addresses among them.
func bytesOf(size int64) uint64 {
	const audiences = 100
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range audiences {
		population(size)
	}
	runtime.ReadMemStats(&after)
	return (after.TotalAlloc - before.TotalAlloc) / audiences
}

// TestSmallAudienceTakesLittle holds an audience's memory against its size.
func TestSmallAudienceTakesLittle(t *testing.T) {
	for _, size := range []int64{10, 100, 1000} {
		if got, most := bytesOf(size), uint64(1000+100*size); got > most {
			t.Errorf("%d addresses: %d bytes, want at most %d", size, got, most)
		}
	}
}
