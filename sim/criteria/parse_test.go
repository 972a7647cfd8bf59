package criteria

import (
	"errors"
	"math"
	"strings"
	"testing"
)

// kinds stands for a scenario with one metric of each kind.
func kinds(metric string) (Kind, bool) {
	k, ok := map[string]Kind{
		"acme.accepted": Count, "acme.bounce_rate.max": Share, "acme.time_to.under-review": Duration, "acme.quota_use.max": Number,
	}[metric]
	return k, ok
}

func TestParse(t *testing.T) {
	for _, c := range []struct {
		expression string
		op         Op
		limit      float64
	}{
		{"acme.accepted == 0", Equal, 0},
		{"acme.accepted>=1_000", GreaterEqual, 1000},
		{"  acme.accepted  !=  7  ", NotEqual, 7},
		{"acme.accepted < 9007199254740992", Less, 1 << 53},
		{"acme.bounce_rate.max < 5%", Less, 0.05},
		{"acme.bounce_rate.max <= 0.05", LessEqual, 0.05},
		{"acme.bounce_rate.max > 0%", Greater, 0},
		{"acme.bounce_rate.max < 100 %", Less, 1},
		{"acme.time_to.under-review > 4h", Greater, 4 * 3600},
		{"acme.time_to.under-review > 1d12h", Greater, 36 * 3600},
		{"acme.time_to.under-review < 250ms", Less, 0.25},
		{"acme.quota_use.max < 120%", Less, 1.2},
		{"acme.quota_use.max < 0.83", Less, 0.83},
		{"acme.quota_use.max == -1", Equal, -1},
	} {
		got, err := Parse(c.expression, kinds)
		if err != nil {
			t.Errorf("%q: %v", c.expression, err)
			continue
		}
		want := Criterion{Expression: c.expression, Metric: got.Metric, Op: c.op, Limit: c.limit}
		if _, ok := kinds(got.Metric); !ok || got != want {
			t.Errorf("%q reads as %+v, want %+v", c.expression, got, want)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for _, c := range []struct {
		expression string
		is         error
		says       string // what the message must contain: what would be right
	}{
		{"", ErrSyntax, "no comparison"},
		{"acme.accepted", ErrSyntax, "no comparison"},
		{"< 5", ErrSyntax, "the metric is missing"},
		{"acme.accepted <", ErrSyntax, "the limit is missing"},
		{"acme.accepted = 5", ErrSyntax, "write == instead of ="},
		{"acme.accepted =< 5", ErrSyntax, "write <= instead of =<"},
		{"acme.accepted <> 5", ErrSyntax, "write != instead of <>"},
		{"acme.accepted >> 5", ErrSyntax, "is not one of <, <=, ==, !=, >=, >"},
		{"0 < acme.accepted < 5", ErrSyntax, "more than one comparison"},
		{"acme accepted < 5", ErrSyntax, "not a valid name of a metric"},
		{"acme..accepted < 5", ErrSyntax, "not a valid name of a metric"},
		{"P(acme.paused) < 5%", ErrSyntax, "no probabilities"},
		{"p95(acme.delay) < 5s", ErrSyntax, "no functions"},
		{strings.Repeat("a", 300) + " < 5", ErrSyntax, "longer than 256 bytes"},
		{"acme.acepted < 5", ErrMetric, "acme.acepted"},
		{"acme.accepted < 5%", ErrLimit, "whole number such as 0 or 1_000"},
		{"acme.accepted < 0.5", ErrLimit, "whole number"},
		{"acme.accepted < -1", ErrLimit, "whole number"},
		{"acme.accepted < 1e3", ErrLimit, "whole number"},
		{"acme.accepted < 1__0", ErrLimit, "whole number"},
		{"acme.accepted < _1", ErrLimit, "whole number"},
		{"acme.accepted < 9007199254740993", ErrLimit, "whole number"},
		{"acme.accepted < 99999999999999999999", ErrLimit, "whole number"},
		{"acme.bounce_rate.max < 5", ErrLimit, "between 0% and 100%"},
		{"acme.bounce_rate.max < 120%", ErrLimit, "between 0% and 100%"},
		{"acme.bounce_rate.max < -1%", ErrLimit, "between 0% and 100%"},
		{"acme.bounce_rate.max < nan", ErrLimit, `a percentage such as "5%"`},
		{"acme.time_to.under-review < 3600", ErrLimit, `a number and a unit`},
		{"acme.time_to.under-review < -4h", ErrLimit, "must not be negative"},
		{"acme.quota_use.max < nan", ErrLimit, "write one such as 0.8"},
		{"acme.quota_use.max < +Inf", ErrLimit, "write one such as 0.8"},
		{"acme.quota_use.max < .5", ErrLimit, "write one such as 0.8"},
		{"acme.quota_use.max < --1", ErrLimit, "write one such as 0.8"},
		{"acme.quota_use.max < 1.2.3", ErrLimit, "write one such as 0.8"},
		{"acme.quota_use.max < " + strings.Repeat("9", 41), ErrLimit, "write one such as 0.8"},
	} {
		got, err := Parse(c.expression, kinds)
		if !errors.Is(err, c.is) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%q: %+v, error %v; want %q in an error that is %v", c.expression, got, err, c.says, c.is)
		}
	}
}

// A criterion without data is inconclusive whatever it compares; with data
// each comparison holds below, at or above the limit as it should.
func TestJudge(t *testing.T) {
	holds := map[Op][3]bool{ // below, at, above
		Less: {true, false, false}, LessEqual: {true, true, false}, Equal: {false, true, false},
		NotEqual: {true, false, true}, GreaterEqual: {false, true, true}, Greater: {false, false, true},
	}
	for op := Less; op <= Greater; op++ {
		c := Criterion{Op: op, Limit: 2}
		for i, value := range []float64{1, 2, 3} {
			if got := c.Judge(value, true) == Pass; got != holds[op][i] {
				t.Errorf("%v %v 2: passes %v, want %v", value, op, got, holds[op][i])
			}
		}
		if got := c.Judge(0, false); got != Inconclusive {
			t.Errorf("%v 2 without data is %v, want inconclusive", op, got)
		}
	}
}

// A metric without data that is known to exceed a bound is decided by a limit at
// or below the bound, and by no other.
func TestJudgeBeyond(t *testing.T) {
	want := map[Op]Verdict{Less: Fail, LessEqual: Fail, Equal: Fail, NotEqual: Pass, GreaterEqual: Pass, Greater: Pass}
	for op := Less; op <= Greater; op++ {
		for _, limit := range []float64{0, 59, 60} {
			if got := (Criterion{Op: op, Limit: limit}).Judge(60, false); got != want[op] {
				t.Errorf("more than 60 %v %v is %v, want %v", op, limit, got, want[op])
			}
		}
		if got := (Criterion{Op: op, Limit: 61}).Judge(60, false); got != Inconclusive {
			t.Errorf("more than 60 %v 61 is %v, want inconclusive", op, got)
		}
	}
}

// FuzzParse: no expression panics; what is accepted has a known metric and a
// finite limit, and reads the same again.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"acme.accepted == 0", "acme.bounce_rate.max < 5%", "acme.time_to.under-review > 1d12h", "acme.quota_use.max < 120%",
		"P(x) < 5%", "a = b", "acme.accepted < 1e999", "acme.bounce_rate.max<\x00", "==", "acme.quota_use.max >= -0.0",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, expression string) {
		c, err := Parse(expression, kinds)
		if err != nil {
			if !errors.Is(err, ErrSyntax) && !errors.Is(err, ErrMetric) && !errors.Is(err, ErrLimit) {
				t.Fatalf("%q: the error %v has no type", expression, err)
			}
			return
		}
		if _, ok := kinds(c.Metric); !ok || math.IsNaN(c.Limit) || math.IsInf(c.Limit, 0) || c.Expression != expression {
			t.Fatalf("%q was accepted as %+v", expression, c)
		}
		if again, err := Parse(c.Expression, kinds); err != nil || again != c {
			t.Fatalf("%q reads as %+v, then as %+v (%v)", expression, c, again, err)
		}
	})
}
