package replicate

import (
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"math"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

var confidences = []float64{0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999}

// TestDistributions compares with the library's figures, which are exact to ten
// digits and more.
func TestDistributions(t *testing.T) {
	near := func(what string, got, want float64) {
		t.Helper()
		if !(math.Abs(got-want) <= 1e-10*math.Abs(want)) {
			t.Errorf("%s: %v, want %v", what, got, want)
		}
	}
	for _, c := range confidences {
		near(fmt.Sprintf("normal, %v", c), normal(c), distuv.UnitNormal.Quantile((1+c)/2))
		for _, n := range []int{1, 2, 3, 4, 5, 10, 11, 29, 30, 99, 1000, 9999} {
			near(fmt.Sprintf("t, %v, %d", c, n), studentT(c, n), distuv.StudentsT{Sigma: 1, Nu: float64(n)}.Quantile((1+c)/2))
		}
	}
	for _, n := range []int{1, 2, 3, 10, 63, 100, 1001, 3000} {
		for _, d := range []int{0, 1, n/2 - 1, n / 2, n} {
			want := 0.0
			if d > 0 {
				want = distuv.Binomial{N: float64(n), P: 0.5}.CDF(float64(d - 1))
			}
			if want > 1e-300 {
				near(fmt.Sprintf("coin, %d, %d", n, d), coinBelow(n, max(d, 0)), want)
			}
		}
	}
}

// TestDistributionBits compares the last bits with literal digests: they are the
// same on every processor. CI runs this test on arm64 too.
func TestDistributionBits(t *testing.T) {
	digest := func(values func(yield func(float64))) string {
		h := fnv.New64a()
		values(func(v float64) { _ = binary.Write(h, binary.LittleEndian, v) })
		return fmt.Sprintf("%016x", h.Sum64())
	}
	for _, c := range []struct {
		name, want string
		values     func(yield func(float64))
	}{
		{"normal", "1447ab130105a612", func(yield func(float64)) {
			for _, c := range confidences {
				yield(normal(c))
			}
		}},
		{"t", "0e82eafa4379dbfe", func(yield func(float64)) {
			for _, c := range confidences {
				for n := 1; n <= 1000; n++ {
					yield(studentT(c, n))
				}
			}
		}},
		{"coin", "4c534526fcfd451f", func(yield func(float64)) {
			for n := 1; n <= 300; n++ {
				for d := range n + 1 {
					yield(coinBelow(n, d))
				}
			}
		}},
	} {
		if got := digest(c.values); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}
