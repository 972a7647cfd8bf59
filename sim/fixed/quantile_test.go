package fixed

import (
	"fmt"
	"math"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

// continuous is what gonum knows of a distribution.
type continuous interface {
	CDF(x float64) float64
	Quantile(p float64) float64
	StdDev() float64
}

// Quantiles are those that gonum computes by other means, to a fraction of the standard
// deviation or, in a flat tail, of the probability.
func TestQuantiles(t *testing.T) {
	type test struct {
		name  string
		got   *Distribution
		scale float64
		want  continuous
		limit float64
	}
	const limit = 5e-5
	var tests []test
	one := func(parameter float64) uint64 { return uint64(math.Round(parameter * ParameterOne)) }
	for _, p := range [][2]float64{
		{1.37, 44.9}, {0.5, 0.5}, {1, 1}, {0.5, 147_000.5}, {4410.5, 142_590.5}, {2, 3}, {30, 1}, {0.05, 2}, {1e6, 3e5},
	} {
		tests = append(tests, test{fmt.Sprint("beta ", p), Beta(one(p[0]), one(p[1])), 1 << 62, distuv.Beta{Alpha: p[0], Beta: p[1]}, limit})
	}
	tests = append(tests, test{"beta of the least parameters", Beta(LeastParameter, LeastParameter), 1 << 62, distuv.Beta{Alpha: 0.01, Beta: 0.01}, 3 * limit})
	for _, k := range []float64{24.5, 1, 0.5, 0.05, 0.01, 3, 1000, 1e6, 1e9} {
		tests = append(tests, test{fmt.Sprint("gamma ", k), Gamma(one(k)), One48, distuv.Gamma{Alpha: k, Beta: k}, limit})
	}
	for _, c := range tests {
		for i := range 2000 {
			p := (float64(i) + 0.5) / 2000
			got := float64(c.got.At(uint64(p*(1<<63))*2)) / c.scale
			want := c.want.Quantile(p)
			if math.Abs(got-want)/c.want.StdDev() > c.limit && math.Abs(c.want.CDF(got)-p) > c.limit {
				t.Errorf("%s: quantile %g is %g, want %g", c.name, p, got, want)
				break
			}
		}
	}
}

// A beta distribution with large parameters is a normal one; gonum does not reach so far.
func TestQuantilesOfLargeParameters(t *testing.T) {
	d := Beta(MostParameter, MostParameter)
	for _, p := range []float64{0.1, 0.4, 0.5, 0.6, 0.9} {
		got := float64(d.At(uint64(p*(1<<63))*2)) / (1 << 62)
		sd := distuv.Beta{Alpha: 1e9, Beta: 1e9}.StdDev()
		if want := 0.5 + sd*distuv.UnitNormal.Quantile(p); math.Abs(got-want) > 1e-4*sd {
			t.Errorf("quantile %g is %.10f, want %.10f", p, got, want)
		}
	}
}

// Quantiles are the same on every processor, and rise.
func TestQuantilesAreExact(t *testing.T) {
	for _, c := range []struct {
		name string
		got  *Distribution
		want [5]uint64 // at 0, 1/4, 1/2, 3/4 and the end
	}{
		{"beta", Beta(1_370_000, 44_900_000), [5]uint64{189309128, 52779074232829333, 106648412199802316, 188752298128735782, 2410228276276506694}},
		{"gamma", Gamma(24_500_000), [5]uint64{40268986166485, 241323309555725, 277654891710303, 317466865756122, 939814146776109}},
	} {
		var got [5]uint64
		for i, u := range [5]uint64{0, 1 << 62, 1 << 63, 3 << 62, math.MaxUint64} {
			got[i] = c.got.At(u)
		}
		if got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
		last := uint64(0)
		for i := range uint64(1 << 16) {
			if v := c.got.At(i << 48); v < last {
				t.Fatalf("%s: the quantile at %d/65536 falls from %d to %d", c.name, i, last, v)
			} else {
				last = v
			}
		}
	}
}
