package sender

import (
	"math/rand/v2"
	"testing"
	"time"
)

// TestReported compares the set with a map from each address to the earliest time at
// which its bounce is published, over random additions and questions.
func TestReported(t *testing.T) {
	for _, size := range []uint32{5, 300, 40_000} {
		r := rand.New(rand.NewPCG(1, uint64(size)))
		set, want := NewReported(size), map[uint32]time.Duration{}
		now := time.Duration(0)
		for range 20_000 {
			now += time.Duration(r.IntN(3))
			n := r.Uint32N(size)
			if r.IntN(2) == 0 {
				at := now + time.Duration(r.IntN(200))
				set.Add(now, n, at)
				if first, known := want[n]; !known || at < first {
					want[n] = at
				}
				continue
			}
			at, known := want[n]
			if got := set.Has(now, n); got != (known && at <= now) {
				t.Fatalf("size %d, at %d: %d is in the set: %v; published at %d (%v)", size, now, n, got, at, known)
			}
		}
		if len(set.pending) > max(pendingLeast, 600) { // some hundred are ahead at a time
			t.Errorf("size %d: %d addresses are pending", size, len(set.pending))
		}
	}
}
