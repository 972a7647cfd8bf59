package ses

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"sesim/sim/proptest"
)

// TestReasonTableAgainstMap does the same things to a table and to a map. The
// addresses are few, or neighbours, or the highest there are, so that entries
// crowd together and wrap around the end.
func TestReasonTableAgainstMap(t *testing.T) {
	proptest.Check(t, func(t *rapid.T) {
		var table reasonTable
		plain := map[uint32]ListReasons{}
		base := rapid.SampledFrom([]uint32{0, 1_000_000, 1<<30 - 200}).Draw(t, "base")
		stride := rapid.SampledFrom([]uint32{1, 7}).Draw(t, "stride")
		addresses := rapid.Map(rapid.Uint32Range(0, 28), func(n uint32) uint32 { return base + n*stride })
		for range rapid.IntRange(1, 200).Draw(t, "steps") {
			address := addresses.Draw(t, "address")
			_, known := plain[address]
			if rapid.IntRange(0, 2).Draw(t, "step") > 0 {
				reasons := ListReasons(rapid.IntRange(1, 3).Draw(t, "reasons"))
				if got := table.put(address, reasons); got == known {
					t.Fatalf("put of %d: new %v, want %v", address, got, !known)
				}
				plain[address] = reasons
			} else {
				if got := table.remove(address); got != known {
					t.Fatalf("removal of %d: there %v, want %v", address, got, known)
				}
				delete(plain, address)
			}
			for a := range uint32(29) {
				got, known := table.get(base + a*stride)
				if want, there := plain[base+a*stride]; got != want || known != there {
					t.Fatalf("address %d has %v, %v; want %v, %v", base+a*stride, got, known, want, there)
				}
			}
			if got, want := table.addresses(), slices.Sorted(maps.Keys(plain)); !slices.Equal(got, want) || table.len() != len(want) {
				t.Fatalf("it holds %d, want %d", got, want)
			}
		}
	})
}

// TestReasonTableMemory fills tables of many sizes, at each of which an entry
// must not take more than its documentation says.
func TestReasonTableMemory(t *testing.T) {
	var table reasonTable
	r := rand.New(rand.NewPCG(1, 1))
	for n := range 300_000 {
		for !table.put(uint32(r.Uint64N(1<<30)), ListBounce) {
		}
		if bytes := float64(4*len(table.words)) / float64(n+1); n > 20 && bytes > 7 {
			t.Fatalf("%d entries take %.1f bytes each, want at most 7", n+1, bytes)
		}
	}
	if n := testing.AllocsPerRun(100, func() { table.get(uint32(r.Uint64N(1 << 30))) }); n > 0 {
		t.Errorf("%v allocations a look-up", n)
	}
}

func BenchmarkReasonTable(b *testing.B) {
	for _, entries := range []int{100, 10_000, 10_000_000} {
		var table reasonTable
		r := rand.New(rand.NewPCG(1, 1))
		addresses := make([]uint32, entries)
		for i := range addresses {
			addresses[i] = uint32(r.Uint64N(1 << 30))
			table.put(addresses[i], ListBounce)
		}
		b.Run(fmt.Sprintf("entries=%d", entries), func(b *testing.B) {
			i := 0
			for b.Loop() {
				if i++; i == entries {
					i = 0
				}
				table.get(addresses[i])
			}
		})
	}
}
