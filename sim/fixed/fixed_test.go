package fixed

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

func TestLog2(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 100_000 {
		x := r.Uint64() >> r.IntN(64)
		if x == 0 {
			continue
		}
		if got, want := float64(Log2(x))/One48, math.Log2(float64(x)); math.Abs(got-want) > 5e-8 {
			t.Fatalf("log2(%d) = %.12f, want %.12f", x, got, want)
		}
	}
	for k := range 64 {
		if Log2(1<<k) != uint64(k)<<48 {
			t.Errorf("log2(2^%d) = %d, not exact", k, Log2(1<<k))
		}
	}
}

func TestExponential(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	const n = 1_000_000
	var sum, squares float64
	for range n {
		x := float64(Exponential(r.Uint64(), 1<<32, 0)) / (1 << 32)
		sum += x
		squares += x * x
	}
	if mean := sum / n; math.Abs(mean-1) > 0.005 {
		t.Errorf("mean %.5f, want 1", mean)
	}
	if second := squares / n; math.Abs(second-2) > 0.03 {
		t.Errorf("second moment %.5f, want 2", second)
	}
	if Exponential(math.MaxUint64, 1<<32, 0) != 0 {
		t.Error("the largest number must give 0")
	}
	if got := float64(Exponential(0, 1<<32, 0)) / (1 << 32); math.Abs(got-64*math.Ln2) > 1e-6 {
		t.Errorf("the least number gives %v, want %v", got, 64*math.Ln2)
	}
}

func TestScale(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 100_000 {
		x := r.Uint64() >> (24 + r.IntN(30))
		e := (r.Float64() - 0.5) * 30
		got := float64(Scale(x, int64(e*One48)))
		want := float64(x) * math.Exp2(float64(int64(e*One48))/One48)
		if math.Abs(got-want) > 1+want*1e-9 {
			t.Fatalf("%d * 2^%v = %v, want %v", x, e, got, want)
		}
	}
	for _, c := range []struct {
		x    uint64
		e    int64
		want uint64
	}{{1, 0, 1}, {3, 2 * One48, 12}, {12, -2 * One48, 3}, {1, 62 * One48, 1 << 62}, {1, 63 * One48, math.MaxInt64}, {1, 10_000 * One48, math.MaxInt64}, {math.MaxUint64, -200 * One48, 0}, {0, 100 * One48, 0}} {
		if got := Scale(c.x, c.e); got != c.want {
			t.Errorf("Scale(%d, %d) = %d, want %d", c.x, c.e, got, c.want)
		}
	}
}

// TestPowerNear compares the two ways to a power: Scale rests on the bound of their
// difference.
func TestPowerNear(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for i := range 200_000 {
		fraction := r.Uint64N(One48)
		switch {
		case i < 48:
			fraction = 1 << i
		case i < 2*48:
			fraction = One48 - 1<<(i-48)
		}
		near, slow := powerNear(fraction), power(fraction)
		if d := int64(near - slow); d > nearBy || d < -nearBy {
			t.Fatalf("2^(%d/2^48): %d in six steps, %d bit by bit", fraction, near, slow)
		}
	}
}

// TestScaleIsExact compares Scale with what defines it, for results of any size, also
// where a whole number is next to the true value.
func TestScaleIsExact(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	check := func(x uint64, e int64) {
		t.Helper()
		if got, want := Scale(x, e), scale(x, power(uint64(e)&(One48-1)), e>>48); got != want {
			t.Fatalf("Scale(%d, %d) = %d, want %d", x, e, got, want)
		}
	}
	for range 200_000 {
		x, e := r.Uint64()>>r.IntN(64), r.Int64N(130*One48)-65*One48
		check(x, e)
		check(x, e&^(One48-1))
		check(1<<16, int64(Log2(x>>32|1))) // a power that is nearly whole
	}
}

// TestScaleExceeds compares with Scale, most of all about as far from it as the quick way may
// be wrong.
func TestScaleExceeds(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	for range 200_000 {
		x, e := r.Uint64()>>r.IntN(64), r.Int64N(80*One48)-65*One48
		scaled := Scale(x, e)
		for _, y := range []uint64{0, scaled, scaled - min(scaled, r.Uint64N(4)), scaled + r.Uint64N(4), scaled - min(scaled, r.Uint64N(4096)), scaled + r.Uint64N(4096), r.Uint64()} {
			if got := ScaleExceeds(x, e, y); got != (scaled > y) {
				t.Fatalf("ScaleExceeds(%d, %d, %d) = %v, but it is %d", x, e, y, got, scaled)
			}
		}
	}
}

func TestNormalTable(t *testing.T) {
	for i := 0; i <= Quantiles; i++ {
		p := float64(i) / float64(Quantiles)
		switch i {
		case 0:
			p = 0.5 / float64(Quantiles)
		case Quantiles:
			p = 1 - 0.5/float64(Quantiles)
		}
		want := distuv.UnitNormal.Quantile(p)
		if got := float64(Normal(i)) / (1 << 32); math.Abs(got-want) > 1e-9 {
			t.Errorf("quantile %d of %d = %v, want %v", i, Quantiles, got, want)
		}
	}
}

func TestMulDiv(t *testing.T) {
	if got := MulDiv(1<<62, 6, 8); got != 3<<60 {
		t.Errorf("MulDiv = %d", got)
	}
	if got := MulDiv(1<<62, 1<<62, 1); got != math.MaxInt64 {
		t.Errorf("MulDiv beyond the range = %d", got)
	}
}

// TestMulDivAdd compares with numbers of any size.
func TestMulDivAdd(t *testing.T) {
	numbers := []uint64{0, 1, 2, 3, 7, 999_999_937, 1 << 32, 1<<62 - 1, 1 << 62, 1<<63 - 1, 1 << 63, 1<<64 - 1}
	big := func(n uint64) *big.Int { return new(big.Int).SetUint64(n) }
	for _, a := range numbers {
		for _, b := range numbers {
			for _, c := range numbers[1:] {
				for _, more := range []uint64{0, c / 2, c - 1} {
					sum := big(a)
					sum.Mul(sum, big(b)).Add(sum, big(more)).Quo(sum, big(c))
					want := uint64(math.MaxInt64)
					if sum.IsInt64() {
						want = sum.Uint64()
					}
					if got := MulDivAdd(a, b, more, c); got != want {
						t.Fatalf("MulDivAdd(%d, %d, %d, %d) = %d, want %d", a, b, more, c, got, want)
					}
				}
			}
		}
	}
}
