package mailbox

import (
	"iter"
	"slices"
	"time"

	"sesim/sim/fixed"
	"sesim/sim/rng"
)

// findDepartures lists the addresses that leave before Spec.Until, by hour: each address
// does so at a full hour after it has joined, with the same probability at each.
func (a *Audience) findDepartures(key rng.Key) {
	rate := hourly(a.spec.Churn, a.spec.ChurnPer)
	if rate == 0 {
		return // less than a millionth of a millionth an hour
	}
	last := uint64(a.spec.Until / step)
	for n := range a.traits {
		octaves := 64*fixed.One48 - fixed.Log2(key.At(uint64(n))|1)
		if hour := uint64(a.joined(uint32(n))/step) + 1 + octaves/rate; hour <= last {
			a.leaving = append(a.leaving, hour<<32|uint64(n))
		}
	}
	slices.Sort(a.leaving)
}

// depart finds the addresses that leave by a time.
func (a *Audience) depart(now time.Duration) {
	next, _ := slices.BinarySearch(a.leaving, uint64(now/step+1)<<32)
	a.left, a.leaving = a.leaving[:next], a.leaving[next:]
}

// Left returns the addresses that left with the last Advance: nobody is to write to them
// any more, though they may exist.
func (a *Audience) Left() iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		for _, x := range a.left {
			if !yield(uint32(x)) {
				return
			}
		}
	}
}
