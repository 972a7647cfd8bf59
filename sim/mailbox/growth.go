package mailbox

import (
	"math/bits"
	"slices"
	"time"

	"sesim/sim/fixed"
	"sesim/sim/unit"
)

// Growth is how an audience gains addresses, at full hours. The zero value gains none.
// Either Rate or Share is positive.
type Growth struct {
	Rate  unit.Rate     // addresses in a period
	Share unit.Share    // of the addresses so far, those that left included: join within each Per
	Per   time.Duration // positive where Share is
	Limit int64         // addresses at most; a run has memory for as many
}

// Grows reports whether there are new addresses.
func (g *Growth) Grows() bool { return g.Rate.N > 0 || g.Share > 0 }

// At returns how many addresses an audience has at a time that begins with size.
func (g *Growth) At(size int64, at time.Duration) int64 {
	at -= at % step
	switch {
	case g.Rate.N > 0:
		if more := fixed.MulDiv(uint64(at), uint64(g.Rate.N), uint64(g.Rate.Per)); more < uint64(max(g.Limit-size, 0)) {
			return size + int64(more)
		}
	case g.Share > 0:
		octaves := fixed.Log2(uint64(unit.Whole+g.Share)) - fixed.Log2(uint64(unit.Whole))
		hi, lo := bits.Mul64(fixed.MulDiv(octaves, uint64(step), uint64(g.Per)), uint64(at/step))
		if hi == 0 && lo < 1<<62 {
			return int64(min(fixed.Scale(uint64(size), int64(lo)), uint64(max(g.Limit, size))))
		}
	default:
		return size
	}
	return max(g.Limit, size)
}

// grow computes when addresses join, and gives the new ones the traits of the audience,
// each with the probability that is the share.
func (a *Audience) grow() {
	for at := step; at <= a.spec.Until && a.spec.Growth.Grows(); at += step {
		size := a.spec.Growth.At(a.spec.Size, at)
		a.sizes = append(a.sizes, uint32(size))
		if size == int64(len(a.traits)) {
			break
		}
	}
	for _, t := range a.born {
		for n := a.spec.Size; n < int64(len(a.traits)) && t.share > 0; n++ {
			if t.share.Of(t.key.At(uint64(n))) {
				a.traits[n] |= t.bit
			}
		}
	}
}

// Size returns how many addresses there are as of the last Advance.
func (a *Audience) Size() int64 {
	if hours := int(a.asOf / step); hours > 0 && len(a.sizes) > 0 {
		return int64(a.sizes[min(hours, len(a.sizes))-1])
	}
	return a.spec.Size
}

// joined returns the time from which address n is one of the audience.
func (a *Audience) joined(n uint32) time.Duration {
	if int64(n) < a.spec.Size {
		return 0
	}
	if r := &a.spec.Growth.Rate; r.N > 0 {
		at := fixed.MulDivAdd(uint64(int64(n)-a.spec.Size+1), uint64(r.Per), uint64(r.N-1), uint64(r.N))
		return time.Duration(min(at, 1<<62)+uint64(step)-1) / step * step
	}
	hour, _ := slices.BinarySearch(a.sizes, n+1)
	return time.Duration(hour+1) * step
}
