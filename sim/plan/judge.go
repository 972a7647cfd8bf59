package plan

import (
	"math"

	"sesim/sim/criteria"
	"sesim/sim/replicate"
)

// Verdict is how a promise stands for a candidate.
type Verdict uint8

// The verdicts.
const (
	Open   Verdict = iota // the runs so far do not decide
	Kept                  // kept, with the confidence asked for
	Broken                // broken, with that confidence
)

// String returns open, kept or broken.
func (v Verdict) String() string { return [...]string{"open", "kept", "broken"}[v] }

// Figure is what the runs of a candidate say of a promise.
type Figure struct {
	Verdict Verdict
	Runs    int // that were looked at
	Met     int // of them that met the criterion; for Mean those with data
	NoData  int // of them that had no data
	// Interval is the share of the runs that met the criterion, or for Mean
	// the mean of the metric.
	Interval replicate.Interval
	Worst    float64 // the value nearest to breaking the criterion, or furthest beyond; NaN without data
	Witness  int     // the replication that broke a promise about every run, the furthest of all; -1: none
}

// judge judges a promise by the values of its metric in runs 0 to n-1 and in
// some further ones, which count for promises about every run only.
func judge(p *criteria.Promise, values []float64, further []observation, confidence float64) Figure {
	f := Figure{Witness: -1, Worst: math.NaN()}
	for i, v := range values {
		f.see(p, i, v)
	}
	if p.Kind == criteria.Mean {
		f.mean(p, values, confidence)
		return f
	}
	if everyRun(p) {
		for _, o := range further {
			f.see(p, o.replication, o.value)
		}
		f.Verdict = Kept
		if f.Witness >= 0 {
			f.Verdict = Broken
		}
	}
	f.Interval = replicate.Proportion(f.Met, f.Runs, confidence)
	if !everyRun(p) {
		f.Verdict = both(criteria.Criterion{Op: p.Op, Limit: p.Share}, f.Interval)
	}
	return f
}

// see counts the value of one run; NaN is no data, which meets nothing.
func (f *Figure) see(p *criteria.Promise, replication int, v float64) {
	f.Runs++
	data := !math.IsNaN(v)
	worst := data && (math.IsNaN(f.Worst) || worse(p, v, f.Worst))
	if worst {
		f.Worst = v
	}
	if !data {
		f.NoData++
	}
	met := p.Of.Judge(v, data) == criteria.Pass
	if met {
		f.Met++
	}
	if everyRun(p) && met == noRun(p) && (worst || f.Witness < 0) {
		f.Witness = replication
	}
}

// everyRun reports whether one run can break a promise.
func everyRun(p *criteria.Promise) bool {
	all := p.Share == 1 && (p.Op == criteria.GreaterEqual || p.Op == criteria.Equal)
	return p.Kind == criteria.Always || p.Kind == criteria.Chance && (all || noRun(p))
}

// noRun reports whether a promise is that no run meets its criterion.
func noRun(p *criteria.Promise) bool {
	return p.Kind == criteria.Chance && p.Share == 0 && (p.Op == criteria.LessEqual || p.Op == criteria.Equal)
}

// mean judges the mean of the values.
func (f *Figure) mean(p *criteria.Promise, values []float64, confidence float64) {
	known := make([]float64, 0, len(values))
	for _, v := range values {
		if !math.IsNaN(v) {
			known = append(known, v)
		}
	}
	f.Met = len(known)
	f.Interval = replicate.Mean(known, confidence)
	switch {
	case f.NoData > 0:
		f.Verdict = Broken // no data is never a pass
	case f.Interval.OK():
		f.Verdict = both(p.Of, f.Interval)
	}
}

// contradicts reports whether fresh runs speak against a promise: it is
// broken, or their best estimate breaks it.
func (f *Figure) contradicts(p *criteria.Promise) bool {
	of := p.Of
	if p.Kind == criteria.Chance {
		of = criteria.Criterion{Op: p.Op, Limit: p.Share}
	}
	if f.Verdict == Open && !math.IsNaN(f.Interval.Value) {
		return of.Judge(f.Interval.Value, true) != criteria.Pass
	}
	return f.Verdict == Broken
}

// both judges a comparison by both ends of an interval.
func both(of criteria.Criterion, i replicate.Interval) Verdict {
	low, high := of.Judge(i.Low, true) == criteria.Pass, of.Judge(i.High, true) == criteria.Pass
	switch {
	case low && high:
		return Kept
	case !low && !high:
		return Broken
	}
	return Open
}

// worse reports whether a is nearer to breaking a promise than b, or further
// beyond.
func worse(p *criteria.Promise, a, b float64) bool {
	low := p.Kind == criteria.Chance && (p.Op == criteria.Less || p.Op == criteria.LessEqual || noRun(p))
	switch of := p.Of; of.Op {
	case criteria.Less, criteria.LessEqual:
		return (a > b) != low
	case criteria.Greater, criteria.GreaterEqual:
		return (a < b) != low
	case criteria.NotEqual:
		return (math.Abs(a-of.Limit) < math.Abs(b-of.Limit)) != low
	default:
		return (math.Abs(a-of.Limit) > math.Abs(b-of.Limit)) != low
	}
}

// miss says how far a figure is from keeping its promise, relative to the
// limit: 0 where it keeps it.
func (f *Figure) miss(p *criteria.Promise) float64 {
	if f.Verdict == Kept {
		return 0
	}
	return relative(f.held(p))
}

// held returns the value of a figure that a promise holds against a limit, and
// the limit.
func (f *Figure) held(p *criteria.Promise) (v, limit float64) {
	switch p.Kind {
	case criteria.Mean:
		return f.Interval.Value, p.Of.Limit
	case criteria.Chance:
		return f.Interval.Value, p.Share
	}
	return f.Worst, p.Of.Limit
}

// relative returns the distance of a value from a limit in parts of the
// limit, or as it is where the limit is 0; without a value it is infinite.
func relative(v, limit float64) float64 {
	switch {
	case math.IsNaN(v):
		return math.Inf(1)
	case limit == 0:
		return math.Abs(v)
	}
	return math.Abs(v-limit) / math.Abs(limit)
}
