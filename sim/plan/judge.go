package plan

import (
	"math"

	"sesim/sim/criteria"
	"sesim/sim/replicate"
)

// Verdict says whether a candidate keeps a promise.
type Verdict uint8

// The verdicts.
const (
	Open   Verdict = iota // not decided by the runs so far
	Kept                  // kept, with the question's confidence
	Broken                // broken, with the question's confidence
)

// String returns open, kept or broken.
func (v Verdict) String() string { return [...]string{"open", "kept", "broken"}[v] }

// Figure summarizes the runs of a candidate for one promise.
type Figure struct {
	Verdict Verdict
	Runs    int // number of runs
	Met     int // runs that met the criterion; for Mean, runs with data
	NoData  int // runs without data
	// Interval estimates the share of the runs that met the criterion, or for
	// Mean the mean of the metric.
	Interval replicate.Interval
	Worst    float64 // the value closest to breaking the criterion, or furthest beyond it; NaN without data
	Aside    bool    // the promise is set aside: see Answer.Apart
	Witness  int     // the replication that broke a promise about every run by most; -1: none
}

// judge evaluates a promise on the values of its metric in runs 0 to n-1 and
// on further observations, which count only for promises about every run.
func judge(p *criteria.Promise, values []observed, further []observation, confidence float64) Figure {
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
			f.see(p, o.replication, o.observed)
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

// decided returns the value by which a criterion decides, and false where there is
// none. Of a metric without data that is known to exceed the limit, that is the
// least value above the bound.
func (o observed) decided(of criteria.Criterion) (v float64, ok bool) {
	switch {
	case o.data:
		return o.value, true
	case o.value > 0 && of.Limit <= o.value:
		return criteria.Above(o.value), true
	}
	return 0, false
}

// see counts the value of one run. No data meets no criterion that needs it.
func (f *Figure) see(p *criteria.Promise, replication int, o observed) {
	f.Runs++
	v, data := o.decided(p.Of)
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

// everyRun reports whether a single run can break the promise.
func everyRun(p *criteria.Promise) bool {
	all := p.Share == 1 && (p.Op == criteria.GreaterEqual || p.Op == criteria.Equal)
	return p.Kind == criteria.Always || p.Kind == criteria.Chance && (all || noRun(p))
}

// noRun reports whether the promise says that no run meets its criterion.
func noRun(p *criteria.Promise) bool {
	return p.Kind == criteria.Chance && p.Share == 0 && (p.Op == criteria.LessEqual || p.Op == criteria.Equal)
}

// mean evaluates a promise about the mean of the values. Of runs without an
// event only what its time exceeds is known, so that a mean of such a time may
// be kept above a limit and never below one.
//
// The mean of what never happens in some run is infinite.
func (f *Figure) mean(p *criteria.Promise, values []observed, confidence float64) {
	known, bounds, never := make([]float64, 0, len(values)), 0, false
	for _, o := range values {
		v, ok := o.decided(p.Of)
		if !ok {
			continue
		}
		known = append(known, v)
		if !o.data {
			bounds++
			never = never || math.IsInf(v, 1)
		}
	}
	f.Met = len(known) - bounds
	f.Interval = replicate.Mean(known, confidence)
	switch {
	case bounds > 0 && p.Of.Op != criteria.Greater && p.Of.Op != criteria.GreaterEqual:
		f.Verdict = Broken
	case f.NoData > 0:
		f.Verdict = Broken // no data is never a pass
	case never:
		f.Verdict = Kept
	case f.Interval.OK():
		f.Verdict = both(p.Of, f.Interval)
	}
}

// contradicts reports whether fresh runs contradict a promise: they break it
// or, where they leave it open, their estimate does.
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

// both evaluates a comparison at both ends of an interval.
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

// worse reports whether a is closer to breaking a promise than b, or breaks it
// by more.
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

// miss returns the distance of a figure from keeping its promise, relative to
// the limit; 0 if it keeps it.
func (f *Figure) miss(p *criteria.Promise) float64 {
	if f.Verdict == Kept {
		return 0
	}
	return relative(f.Held(p))
}

// Held returns the value that the promise compares with a limit, and the limit.
func (f *Figure) Held(p *criteria.Promise) (v, limit float64) {
	switch p.Kind {
	case criteria.Mean:
		return f.Interval.Value, p.Of.Limit
	case criteria.Chance:
		return f.Interval.Value, p.Share
	}
	return f.Worst, p.Of.Limit
}

// relative returns the distance of a value from a limit as a fraction of the
// limit, the absolute distance if the limit is 0, and +Inf for NaN.
func relative(v, limit float64) float64 {
	switch {
	case math.IsNaN(v):
		return math.Inf(1)
	case limit == 0:
		return math.Abs(v)
	}
	return math.Abs(v-limit) / math.Abs(limit)
}
