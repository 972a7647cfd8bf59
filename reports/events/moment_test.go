package events

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// TestMoment checks that moments are written as time.Format writes them.
func TestMoment(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	list := []time.Time{{}, time.Date(9999, 12, 31, 23, 59, 59, 999_999_999, time.UTC), time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(-1, 1, 1, 0, 0, 0, 0, time.UTC)}
	for range 10_000 {
		list = append(list, time.Unix(random.Int64N(600_000_000_000)-300_000_000_000, random.Int64N(1e9)).In(time.FixedZone("", random.IntN(80_000)-40_000)))
	}
	for i := range len(list) { // moments of the same day, soon after
		list = append(list, list[i].Add(time.Duration(random.Int64N(int64(time.Hour)))))
	}
	slices.SortFunc(list, time.Time.Compare)
	var written text
	for _, at := range list {
		written.B = written.B[:0]
		if written.moment(at); string(written.B) != `"`+stamp(at)+`"` {
			t.Errorf("got %s, want %s", written.B, stamp(at))
		}
	}
}
