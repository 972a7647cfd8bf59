package compare

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"

	"sesim/sim/criteria"
	"sesim/sim/replicate"
	"sesim/sim/unit"
)

// Limit is a condition on a change that must not hold:
//
//	METRIC COMPARISON CHANGE
//
//	acme.bounce_rate.max > +0.5pp     half a percentage point more than the baseline
//	acme.accepted < -5%               more than 5% below the baseline
//	news.campaign_time.max > +30m     more than half an hour longer
//	acme.count.paused > 0             paused more often
//
// The metric is one of those of thresholds; comparisons are <, <=, ==, !=, >=
// and >. The change has an optional sign and a unit: pp (percentage points) for
// shares and for fractions of a quota, durations for durations, none for counts;
// % of the baseline for all. Zero needs no unit.
type Limit struct {
	Expression string
	Metric     string
	Op         criteria.Op
	Absolute   float64 // shares from 0 to 1, durations in seconds
	Relative   float64 // of the baseline
}

// The errors of ParseLimit wrap one of these.
var (
	ErrLimit  = errors.New("not a limit on a change")
	ErrMetric = errors.New("unknown metric")
)

var limitForm = regexp.MustCompile(`^\s*([A-Za-z0-9_.-]+)\s*(<=|>=|==|!=|<|>)\s*([+-]?)\s*(\S.*?)\s*$`)

// ParseLimit parses a limit. Kind returns the kind of a metric, and whether the
// metric exists.
func ParseLimit(text string, kind func(metric string) (criteria.Kind, bool)) (Limit, error) {
	m := limitForm.FindStringSubmatch(text)
	if m == nil {
		return Limit{}, fmt.Errorf(`%q is %w: write a metric, a comparison and a change, such as "acme.bounce_rate.max > +0.5pp"`, text, ErrLimit)
	}
	of, known := kind(m[1])
	if !known {
		return Limit{}, fmt.Errorf("%w: %q", ErrMetric, m[1])
	}
	l := Limit{Expression: strings.TrimSpace(text), Metric: m[1]}
	for op := criteria.Less; op <= criteria.Greater; op++ {
		if op.String() == m[2] {
			l.Op = op
		}
	}
	absolute, relative, why := amount(m[4], of)
	if why != "" {
		return Limit{}, fmt.Errorf("%q is %w: %s", text, ErrLimit, why)
	}
	l.Absolute, l.Relative = absolute, relative
	if m[3] == "-" {
		l.Absolute, l.Relative = -absolute, -relative
	}
	return l, nil
}

// amount parses a change without its sign. If it cannot, why is the reason.
func amount(text string, kind criteria.Kind) (absolute, relative float64, why string) {
	if body, ok := strings.CutSuffix(text, "%"); ok {
		v, err := decimal(body)
		if err != nil {
			return 0, 0, fmt.Sprintf("%q is not a percentage", text)
		}
		return 0, v / 100, ""
	}
	if v, err := decimal(text); err == nil && v == 0 {
		return 0, 0, ""
	}
	points, isPoints := strings.CutSuffix(text, "pp")
	v, err := decimal(points)
	wrong := func(units, example string) string {
		return fmt.Sprintf("%q is not a change of a %s: write %s, such as %s, or a percentage of the baseline, such as +10%%",
			text, kind, units, example)
	}
	switch kind {
	case criteria.Share:
		if !isPoints || err != nil {
			return 0, 0, wrong("percentage points", "+0.5pp")
		}
		return v / 100, 0, ""
	case criteria.Duration:
		d, err := unit.ParseDuration(text)
		if err != nil {
			return 0, 0, wrong("a duration", "+30m")
		}
		return d.Seconds(), 0, ""
	case criteria.Number:
		if err != nil {
			return 0, 0, wrong("a number, or percentage points of a fraction", "+0.1 or +10pp")
		}
		if isPoints {
			v /= 100
		}
		return v, 0, ""
	}
	if isPoints || err != nil || v != math.Trunc(v) {
		return 0, 0, wrong("a whole number", "+100")
	}
	return v, 0, ""
}

var decimalForm = regexp.MustCompile(`^[0-9][0-9_]*(\.[0-9]+)?$`)

func decimal(text string) (float64, error) {
	text = strings.TrimSpace(text)
	if !decimalForm.MatchString(text) {
		return 0, strconv.ErrSyntax
	}
	return strconv.ParseFloat(strings.ReplaceAll(text, "_", ""), 64)
}

// Verdict is the verdict on a limit in one run.
type Verdict struct {
	Limit   string `json:"limit"`
	Metric  string `json:"metric"`
	Kind    string `json:"kind"`
	Run     string `json:"run"`
	Change  Change `json:"change"`
	Verdict string `json:"verdict"` // pass, fail or inconclusive
	Why     string `json:"why,omitempty"`
	*Held          // in how many settings the verdict holds; nil: not tried
}

func (c *Comparison) addLimits(limits []Limit) {
	base := indexed(c.sides[0])
	for _, l := range limits {
		before := valuesOf(base, l.Metric, c.Replications)
		for _, s := range c.sides[1:] {
			after := valuesOf(indexed(s), l.Metric, c.Replications)
			verdict, why := l.judge(before, after, c.Confidence)
			c.Limits = append(c.Limits, Verdict{
				Limit: l.Expression, Metric: l.Metric, Kind: c.kindOf(l.Metric), Run: s.Label,
				Change: difference(before, after, c.Confidence), Verdict: verdict.String(), Why: why,
			})
		}
	}
}

func (c *Comparison) kindOf(metric string) string {
	for _, s := range c.sides {
		for _, f := range s.Figures {
			if f.Name == metric {
				return f.Kind.String()
			}
		}
	}
	return criteria.Count.String() // an event that happened in no run
}

// judge returns the verdict on the limit. Over replications it fails if the
// condition holds for the whole confidence interval of the mean change, passes
// if it holds for none of it, and is inconclusive in between. A condition with
// == or != is about every single replication.
func (l Limit) judge(base, run []float64, confidence float64) (criteria.Verdict, string) {
	x, y := paired(run, base)
	switch {
	case len(x) < len(run) && len(run) == 1:
		return criteria.Inconclusive, "one of the runs has no data"
	case len(x) < len(run):
		return criteria.Inconclusive, fmt.Sprintf("%d of %d pairs have no data", len(run)-len(x), len(run))
	}
	over := make([]float64, len(x)) // the change beyond the limit
	for i := range x {
		over[i] = beyond(x[i], y[i], l.Absolute+float64(l.Relative*y[i]))
	}
	if l.Op == criteria.Equal || l.Op == criteria.NotEqual {
		return l.exact(over), ""
	}
	estimate := replicate.Mean(over, confidence)
	if !estimate.OK() {
		return broken(l.holds(estimate.Value)), ""
	}
	low, high := l.holds(estimate.Low), l.holds(estimate.High)
	if low != high {
		return criteria.Inconclusive, "the interval of the change includes the limit; more replications would decide"
	}
	return broken(low), ""
}

// exact returns the verdict on a limit with == or !=: a change by exactly the
// limit must not occur in all replications, any other change in none.
func (l Limit) exact(over []float64) criteria.Verdict {
	holds := 0
	for _, v := range over {
		if l.holds(v) {
			holds++
		}
	}
	if l.Op == criteria.NotEqual {
		return broken(holds > 0)
	}
	return broken(holds == len(over))
}

func (l Limit) holds(over float64) bool {
	return criteria.Criterion{Op: l.Op}.Judge(over, true) == criteria.Pass
}

func broken(holds bool) criteria.Verdict {
	if holds {
		return criteria.Fail
	}
	return criteria.Pass
}

// beyond returns run - base - limit, or zero if that is within the rounding
// error of binary numbers: the change from 5% to 5.5% is exactly 0.5pp.
func beyond(run, base, limit float64) float64 {
	const lost = 1e-12
	over := run - base - limit
	if math.Abs(over) <= lost*max(math.Abs(run), math.Abs(base), math.Abs(limit)) {
		return 0
	}
	return over
}
