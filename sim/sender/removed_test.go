package sender

import (
	"testing"

	"pgregory.net/rapid"

	"sesim/sim/proptest"
)

// TestRemovedAgainstMap removes addresses from lists of many sizes, up to all of
// them, and compares with a map.
func TestRemovedAgainstMap(t *testing.T) {
	proptest.Check(t, func(t *rapid.T) {
		size := rapid.SampledFrom([]uint32{1, 63, 64, 65, 1000, 5000}).Draw(t, "size")
		set, plain := removed{size: size}, map[uint32]bool{}
		from := rapid.Uint32Range(0, size-1).Draw(t, "from")
		for range rapid.IntRange(0, 400).Draw(t, "removals") {
			n := rapid.Uint32Range(from, size-1).Draw(t, "address")
			if got := set.has(n); got != plain[n] {
				t.Fatalf("address %d: removed %v, want %v", n, got, plain[n])
			}
			if !plain[n] {
				set.add(n)
				plain[n] = true
			}
		}
		for n := range size + 1 {
			want := n
			for want < size && plain[want] {
				want++
			}
			if got := set.next(n); got != want {
				t.Fatalf("the next after %d is %d, want %d", n, got, want)
			}
		}
	})
}

// TestRemovedMemory removes one percent of a long list, which must not cost a
// bit for every address.
func TestRemovedMemory(t *testing.T) {
	set := removed{size: 1_000_000}
	for n := range uint32(10_000) {
		set.add(n * 97)
	}
	if bytes := 4 * len(set.words); bytes > 8*10_000 {
		t.Errorf("%d addresses take %d bytes", set.n, bytes)
	}
	for n := uint32(10_000); n < 200_000; n++ {
		if !set.has(n * 3 % 1_000_000) {
			set.add(n * 3 % 1_000_000)
		}
	}
	if bytes := 4 * len(set.words); bytes > 125_000 {
		t.Errorf("%d addresses take %d bytes", set.n, bytes)
	}
}
