package proptest_test

import (
	"flag"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"sesim/sim/proptest"
)

// TestSameCases compares what a property is checked on with what it was when
// this was written. Another version of rapid may draw otherwise.
func TestSameCases(t *testing.T) {
	if seed := flag.Lookup("rapid.seed").Value.String(); seed != "1" {
		t.Skip("other cases are wanted, of seed", seed)
	}
	var drawn []int64
	proptest.Check(t, func(t *rapid.T) { drawn = append(drawn, proptest.Draws{T: t}.Int("a digit", 0, 9)) })
	if want := []int64{3, 6, 4, 4, 8, 8, 2, 8, 7, 8}; !slices.Equal(drawn[:min(len(drawn), len(want))], want) {
		t.Errorf("drawn are %v, want %v first", drawn, want)
	}
}

// TestDraws counts what is drawn: each of a few numbers is as likely, and both
// ends of a wide range are respected.
func TestDraws(t *testing.T) {
	counts := map[int64]int{}
	proptest.Check(t, func(t *rapid.T) {
		d := proptest.Draws{T: t}
		for range 100 {
			counts[d.Int("one of four", -2, 1)]++
		}
		if n := d.Int("wide", -5000, 5000); n < -5000 || n > 5000 {
			t.Fatalf("%d is drawn from -5000 to 5000", n)
		}
	})
	total := counts[-2] + counts[-1] + counts[0] + counts[1]
	for n, count := range counts {
		if n < -2 || n > 1 || count < total/4*8/10 || count > total/4*12/10 {
			t.Errorf("%d is drawn %d times of %d", n, count, total)
		}
	}
}
