package compare_test

import (
	"errors"
	"math"
	"testing"

	"sesim/reports"
	"sesim/reports/compare"
	"sesim/sim/criteria"
)

// kinds are metrics of each kind.
func kinds(metric string) (criteria.Kind, bool) {
	kind, ok := map[string]criteria.Kind{"a.share": criteria.Share, "a.count": criteria.Count, "a.span": criteria.Duration, "a.number": criteria.Number}[metric]
	return kind, ok
}

func TestParseLimit(t *testing.T) {
	for _, c := range []struct {
		text               string
		absolute, relative float64
	}{
		{"a.share > +0.5pp", 0.005, 0},
		{"a.share>0.5 pp", 0.005, 0},
		{" a.share < -10% ", 0, -0.1},
		{"a.share != 0", 0, 0},
		{"a.count > +1_000", 1000, 0},
		{"a.count <= - 5%", 0, -0.05},
		{"a.span >= +1d12h", 36 * 3600, 0},
		{"a.span > 0", 0, 0},
		{"a.number > +0.1", 0.1, 0},
		{"a.number > +10pp", 0.1, 0},
	} {
		l, err := compare.ParseLimit(c.text, kinds)
		if err != nil || math.Abs(l.Absolute-c.absolute) > 1e-15 || math.Abs(l.Relative-c.relative) > 1e-15 {
			t.Errorf("%q is read as %+v, %v", c.text, l, err)
		}
	}
	for text, want := range map[string]error{
		"":                         compare.ErrLimit,
		"a.share":                  compare.ErrLimit,
		"a.share > ":               compare.ErrLimit,
		"a.share => 1pp":           compare.ErrLimit,
		"a.share > +0.5":           compare.ErrLimit,
		"a.share > +5m":            compare.ErrLimit,
		"a.share > ++5pp":          compare.ErrLimit,
		"a.share > NaN%":           compare.ErrLimit,
		"a.share > 1e3pp":          compare.ErrLimit,
		"a.count > +5pp":           compare.ErrLimit,
		"a.count > +1.5":           compare.ErrLimit,
		"a.span > +30":             compare.ErrLimit,
		"a.span > +3pp":            compare.ErrLimit,
		"a.number > fast":          compare.ErrLimit,
		"a.other > 1":              compare.ErrMetric,
		"P(a.share > 1pp) < 5% x>": compare.ErrLimit,
	} {
		if l, err := compare.ParseLimit(text, kinds); !errors.Is(err, want) {
			t.Errorf("%q is read as %+v, %v; want %v", text, l, err, want)
		}
	}
}

// FuzzParseLimit: no text makes the parser panic, and what it accepts is a
// change by a finite amount of a metric that there is.
func FuzzParseLimit(f *testing.F) {
	for _, text := range []string{"a.share > +0.5pp", "a.count <= - 5%", "a.span >= +1d12h", "a.number != 0", "a.share > 1e999pp", "a.count>99999999999999999999999"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		l, err := compare.ParseLimit(text, kinds)
		if err != nil {
			if !errors.Is(err, compare.ErrLimit) && !errors.Is(err, compare.ErrMetric) {
				t.Errorf("%q: the error is %v", text, err)
			}
			return
		}
		if _, known := kinds(l.Metric); !known || math.IsInf(l.Absolute, 0) || math.IsInf(l.Relative, 0) || math.IsNaN(l.Absolute+l.Relative) {
			t.Errorf("%q is read as %+v", text, l)
		}
	})
}

// sideOf is a run with one metric in so many replications.
func sideOf(label string, kind criteria.Kind, values ...float64) *compare.Side {
	s := &compare.Side{Label: label, Summary: &reports.Summary{Status: reports.Complete}}
	s.Figures = []compare.Values{{Values: values}}
	s.Figures[0].Name, s.Figures[0].Kind = "a.x", kind
	return s
}

// TestLimits judges changes on both sides of a limit and exactly on it, alone
// and over replications.
func TestLimits(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		limit     string
		base, run []float64
		want      string
	}{
		{"a.x > +0.5pp", []float64{0.05}, []float64{0.055}, "pass"}, // on the line, but for what decimals lose
		{"a.x >= +0.5pp", []float64{0.05}, []float64{0.055}, "fail"},
		{"a.x > +0.5pp", []float64{0.05}, []float64{0.0551}, "fail"},
		{"a.x > +0.5pp", []float64{0.05}, []float64{0.01}, "pass"},
		{"a.x < -0.5pp", []float64{0.05}, []float64{0.01}, "fail"},
		{"a.x > +10%", []float64{0.5}, []float64{0.55}, "pass"},
		{"a.x > +10%", []float64{0.5}, []float64{0.56}, "fail"},
		{"a.x > +10%", []float64{0}, []float64{0.1}, "fail"}, // of nothing, any part is more
		{"a.x > +10%", []float64{0}, []float64{0}, "pass"},
		{"a.x != 0", []float64{0.1}, []float64{0.1}, "pass"},
		{"a.x != 0", []float64{0.1}, []float64{0.2}, "fail"},
		{"a.x == 0", []float64{0.1}, []float64{0.1}, "fail"},
		{"a.x > 0", []float64{nan}, []float64{0.1}, "inconclusive"},
		{"a.x > 0", []float64{0.1}, []float64{nan}, "inconclusive"},

		// the changes are 1, 2 and 3 points: 2 ± 2.48
		{"a.x > +5pp", []float64{0.1, 0.2, 0.3}, []float64{0.11, 0.22, 0.33}, "pass"},
		{"a.x > +2pp", []float64{0.1, 0.2, 0.3}, []float64{0.11, 0.22, 0.33}, "inconclusive"},
		{"a.x > -1pp", []float64{0.1, 0.2, 0.3}, []float64{0.11, 0.22, 0.33}, "fail"},
		{"a.x > +9%", []float64{0.1, 0.2, 0.3}, []float64{0.11, 0.22, 0.33}, "inconclusive"}, // 0.2 ± 0.25 points over it
		{"a.x > +20%", []float64{0.1, 0.2, 0.3}, []float64{0.11, 0.22, 0.33}, "inconclusive"},
		{"a.x > +30%", []float64{0.1, 0.11, 0.12}, []float64{0.11, 0.12, 0.13}, "pass"},
		{"a.x != 0", []float64{0.1, 0.2}, []float64{0.1, 0.21}, "fail"},
		{"a.x == 0", []float64{0.1, 0.2}, []float64{0.1, 0.21}, "pass"},
		{"a.x > 0", []float64{0.1, nan, 0.1}, []float64{0.1, 0.1, 0.1}, "inconclusive"},
	} {
		l, err := compare.ParseLimit(c.limit, func(string) (criteria.Kind, bool) { return criteria.Share, true })
		if err != nil {
			t.Fatal(err)
		}
		got := compare.New([]*compare.Side{sideOf("a", criteria.Share, c.base...), sideOf("b", criteria.Share, c.run...)}, nil, []compare.Limit{l})
		if v := got.Limits[0]; v.Verdict != c.want {
			t.Errorf("%s from %v to %v: %s (%s), want %s", c.limit, c.base, c.run, v.Verdict, v.Why, c.want)
		}
		if got.Failed() == (c.want == "pass") {
			t.Errorf("%s from %v to %v: failed is %v", c.limit, c.base, c.run, got.Failed())
		}
	}
}
