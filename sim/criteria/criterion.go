package criteria

import "math"

// Kind is the kind of quantity that a metric measures. It decides how a limit is
// written.
type Kind uint8

// The kinds.
const (
	Count    Kind = iota // a whole number: 0, 1_000
	Share                // a fraction from 0 to 1: 5%, 0.05
	Duration             // virtual time: 90s, 4h, 2d; values are in seconds
	Number               // any number
)

// String returns count, share, duration or number.
func (k Kind) String() string { return [...]string{"count", "share", "duration", "number"}[k] }

// Op is a comparison.
type Op uint8

// The comparisons.
const (
	Less Op = iota
	LessEqual
	Equal
	NotEqual
	GreaterEqual
	Greater
)

// String returns the operator as written.
func (o Op) String() string { return [...]string{"<", "<=", "==", "!=", ">=", ">"}[o] }

// Criterion is one threshold.
type Criterion struct {
	Expression string // as written
	Metric     string // "acme.bounce_rate.max"
	Op         Op
	Limit      float64 // shares from 0 to 1, durations in seconds
}

// Verdict is the result of judging a criterion.
type Verdict uint8

// The verdicts.
const (
	Pass Verdict = iota
	Fail
	Inconclusive // the metric has no data, and too little is known of it
)

// String returns pass, fail or inconclusive.
func (v Verdict) String() string { return [...]string{"pass", "fail", "inconclusive"}[v] }

// Judge compares a value, in the unit of Limit, with the limit. Without data,
// value is what the metric is known to exceed: the end of the run for the time
// to an event that has not come, +Inf for what never comes, 0 if nothing is
// known. The verdict is then Inconclusive, unless the limit is at or below value,
// which decides every comparison.
func (c Criterion) Judge(value float64, data bool) Verdict {
	if !data {
		if !(value > 0) || c.Limit > value {
			return Inconclusive
		}
		value = Above(value)
	}
	var holds bool
	switch c.Op {
	case Less:
		holds = value < c.Limit
	case LessEqual:
		holds = value <= c.Limit
	case Equal:
		holds = value == c.Limit
	case NotEqual:
		holds = value != c.Limit
	case GreaterEqual:
		holds = value >= c.Limit
	case Greater:
		holds = value > c.Limit
	}
	if holds {
		return Pass
	}
	return Fail
}

// Above returns the least value above a bound, which stands for a metric that
// exceeds it; +Inf stays +Inf.
func Above(bound float64) float64 { return math.Nextafter(bound, math.Inf(1)) }
