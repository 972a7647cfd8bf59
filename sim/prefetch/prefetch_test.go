package prefetch_test

import (
	"testing"

	"sesim/sim/prefetch"
)

// TestFetch prefetches valid memory, nothing, and invalid addresses: nothing may
// change, fail or be allocated.
func TestFetch(t *testing.T) {
	values := make([]uint64, 1000)
	for i := range values {
		values[i] = uint64(i)
	}
	lines := make([]prefetch.Line, 0, 2*len(values))
	if n := testing.AllocsPerRun(10, func() {
		lines = lines[:0]
		prefetch.Fetch(lines)
		for i := range values {
			lines = append(lines, prefetch.Of(&values[i]), prefetch.Line(i))
		}
		prefetch.Fetch(lines)
		prefetch.Fetch(lines[:1])
	}); n > 0 {
		t.Errorf("%v allocations", n)
	}
	for i, v := range values {
		if v != uint64(i) {
			t.Fatalf("value %d became %d", i, v)
		}
	}
	if prefetch.Of(&values[1])-prefetch.Of(&values[0]) != 8 {
		t.Error("neighbours are not eight bytes apart")
	}
}

// BenchmarkFetch reads random cache lines of 256 MiB, each depending on the value
// of the one before, with and without prefetching.
//
//	go test ./sim/prefetch -run '^$' -bench Fetch
func BenchmarkFetch(b *testing.B) {
	const n, group = 1 << 25, 32
	memory := make([]uint64, n)
	for i := range memory {
		memory[i] = uint64(i)
	}
	for _, ahead := range []bool{false, true} {
		name := "demand"
		if ahead {
			name = "ahead"
		}
		b.Run(name, func(b *testing.B) {
			lines, x := make([]prefetch.Line, 0, group), uint64(1)
			for i := 0; b.Loop(); i++ {
				if i%group == 0 && ahead {
					lines = lines[:0]
					for y := x; len(lines) < group; {
						y = y*6364136223846793005 + 1442695040888963407
						lines = append(lines, prefetch.Of(&memory[y>>39]))
					}
					prefetch.Fetch(lines)
				}
				x = x*6364136223846793005 + 1442695040888963407
				x += memory[x>>39] - x>>39 // nothing, as only we know
			}
		})
	}
}
