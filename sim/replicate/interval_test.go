package replicate_test

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"sesim/sim/replicate"
)

// near compares figures of intervals to eight digits; NaN is equal to NaN.
var near = cmp.Options{cmpopts.EquateApprox(1e-8, 1e-12), cmpopts.EquateNaNs()}

// TestIntervals compares intervals with values worked out by hand from tables
// of t and z, and by the formulas of the papers.
func TestIntervals(t *testing.T) {
	none := math.NaN()
	ten := []float64{9, 1, 8, 2, 7, 3, 6, 4, 5, 10}
	for _, c := range []struct {
		name      string
		got, want replicate.Interval
	}{
		{"mean of none", replicate.Mean(nil, 0.95), replicate.Interval{none, none, none, 0.95, 0, replicate.MethodNone}},
		{"mean of one", replicate.Mean([]float64{4}, 0.95), replicate.Interval{4, none, none, 0.95, 1, replicate.MethodNone}},
		// t(0.975, 1) = 12.7062047362; the standard error is 1.
		{"mean of two", replicate.Mean([]float64{1, 3}, 0.95), replicate.Interval{2, 2 - 12.706204736174698, 2 + 12.706204736174698, 0.95, 2, replicate.MethodMean}},
		{"mean of equals", replicate.Mean([]float64{3, 3, 3}, 0.95), replicate.Interval{3, 3, 3, 0.95, 3, replicate.MethodMean}},
		// The differences are 1 and 3.
		{"paired", replicate.PairedMean([]float64{11, 103}, []float64{10, 100}, 0.95), replicate.Interval{2, 2 - 12.706204736174698, 2 + 12.706204736174698, 0.95, 2, replicate.MethodPaired}},
		{"paired, one", replicate.PairedMean([]float64{11}, []float64{10}, 0.95), replicate.Interval{1, none, none, 0.95, 1, replicate.MethodNone}},
		{"proportion of none", replicate.Proportion(0, 0, 0.95), replicate.Interval{none, none, none, 0.95, 0, replicate.MethodNone}},
		// z² = 3.8414588207; the end is z²/(n+z²).
		{"never", replicate.Proportion(0, 10, 0.95), replicate.Interval{0, 0, 3.841458820694124 / 13.841458820694124, 0.95, 10, replicate.MethodProportion}},
		{"always", replicate.Proportion(10, 10, 0.95), replicate.Interval{1, 10 / 13.841458820694124, 1, 0.95, 10, replicate.MethodProportion}},
		{"half", replicate.Proportion(5, 10, 0.95), replicate.Interval{0.5, 0.5 - 0.263406909, 0.5 + 0.263406909, 0.95, 10, replicate.MethodProportion}},
		{"median of none", replicate.Median(nil, 0.95), replicate.Interval{none, none, none, 0.95, 0, replicate.MethodNone}},
		{"median of five", replicate.Median([]float64{5, 1, 4, 2, 3}, 0.95), replicate.Interval{3, none, none, 0.95, 5, replicate.MethodNone}},
		// d = 2 holds 0.978515625 and d = 3 0.890625; the share is
		// 0.0285156/0.0878906 = 0.3244444, the weight
		// 8*0.3244444/(2+6*0.3244444) = 0.6576576...
		{"median of ten", replicate.Median(ten, 0.95), replicate.Interval{5.5, 2 + 0.65765766, 9 - 0.65765766, 0.95, 10, replicate.MethodMedian}},
		{"clipped", replicate.Mean([]float64{1, 3}, 0.95).Clip(0, 10), replicate.Interval{2, 0, 10, 0.95, 2, replicate.MethodMean}},
		{"nothing to clip", replicate.Mean(nil, 0.95).Clip(0, 1), replicate.Interval{none, none, none, 0.95, 0, replicate.MethodNone}},
	} {
		if diff := cmp.Diff(c.want, c.got, near); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
		if c.got.OK() != (c.want.Method != replicate.MethodNone) {
			t.Errorf("%s: OK is %v", c.name, c.got.OK())
		}
	}
}

// TestMedianLeavesValues checks that the values keep their order, which is
// that of the replications.
func TestMedianLeavesValues(t *testing.T) {
	values := []float64{3, 1, 2, 9, 8, 7, 5}
	replicate.Median(values, 0.95)
	if diff := cmp.Diff([]float64{3, 1, 2, 9, 8, 7, 5}, values); diff != "" {
		t.Error(diff)
	}
}

func TestSeed(t *testing.T) {
	seen := map[uint64]bool{}
	for _, base := range []uint64{0, 1, 2, math.MaxInt64} {
		if got := replicate.Seed(base, 0); got != base {
			t.Errorf("replication 0 of seed %d has seed %d", base, got)
		}
		for i := range 1000 {
			seed := replicate.Seed(base, i)
			if seen[seed] || seed > math.MaxInt64 {
				t.Errorf("seed %d of replication %d of %d is taken, or too large", seed, i, base)
			}
			seen[seed] = true
		}
	}
	// Seeds are part of what results depend on: they must not change.
	if got, want := replicate.Seed(1, 1), uint64(641402442576525106); got != want {
		t.Errorf("replication 1 of seed 1 has seed %d, want %d", got, want)
	}
}

func TestRule(t *testing.T) {
	until := replicate.Rule{Min: 3, Max: 5, Metric: "m", HalfWidth: 2, Confidence: 0.95}
	for _, c := range []struct {
		name   string
		rule   replicate.Rule
		values []float64
		n      int
		want   bool
	}{
		{"fixed, not yet", replicate.Fixed(3), nil, 2, false},
		{"fixed, there", replicate.Fixed(3), nil, 3, true},
		{"narrow before the least", until, []float64{1, 1}, 2, false},
		{"narrow", until, []float64{1, 1, 1}, 3, true},
		{"wide", until, []float64{1, 10, 20}, 3, false},
		{"wide, but the most", until, []float64{1, 10, 20, 30, 40}, 5, true},
		{"one value has no width", until, []float64{1}, 4, false},
		{"no data", until, nil, 4, false},
	} {
		if got := c.rule.Done(c.n, c.values); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}
