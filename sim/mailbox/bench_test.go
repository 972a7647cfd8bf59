package mailbox

import (
	"fmt"
	"testing"

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
