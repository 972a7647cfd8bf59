// Package compare holds runs against each other: what differs, how sure that
// is, which thresholds changed their verdict, and whether the differences stay
// within limits.
//
// The first run is the baseline; every other one is compared with it. Where
// the runs have replications, these are taken in pairs: replication n of one
// run had the same luck as replication n of the other, so what the two have
// in common drops out of the difference, and the interval is that of the
// paired differences. Single runs have differences and no intervals.
//
// Runs are only comparable where they asked the same question: see Check. A
// Comparison is plain data; the package also writes it as text, Markdown and
// JSON.
//
// # Vocabulary
//
// A change is a figure of a run minus that of the baseline. A limit is a
// condition on a change that must not hold, such as
// "acme.bounce_rate.max > +0.5pp".
package compare

import (
	"errors"
	"math"
	"strings"
	"time"

	"sesim/reports"
	"sesim/sim/criteria"
	"sesim/sim/replicate"
)

// Version is the version of comparison.json.
const Version = 1

// Side is one of the runs that are compared.
type Side struct {
	Label   string
	Tool    string // version of the program; "" where it is not known
	Summary *reports.Summary
	Figures []Values
	Curves  []Curve
	Note    string // what to tell of it; may be empty
}

// Values are the values of one metric, one for each replication; NaN where
// there is no data.
type Values struct {
	replicate.Metric
	Values []float64
}

// Curve is a metric of an account over time: a line, and where there are
// replications the band about it.
type Curve struct {
	replicate.Curve
	Days            []float64 // since the start
	Mean, Low, High []float64 // Low and High are nil without replications
}

// ErrValues is returned for a summary of replications without their values.
var ErrValues = errors.New("the summary has what replications have in common, and to compare these their values are needed: name the report's folder")

// Of returns the side of a finished run, or of its replications.
func Of(label string, r *reports.Report) (*Side, error) {
	s := &Side{Label: label, Tool: r.Tool, Summary: &r.Summary}
	switch {
	case r.Summary.Replications == nil:
		s.single(r)
	case len(r.Values.Names) == 0:
		return nil, ErrValues
	default:
		s.replicated(r)
	}
	return s, nil
}

// single takes the figures of a run from its summary.
func (s *Side) single(r *reports.Report) {
	for _, f := range r.Summary.Figures() {
		s.Figures = append(s.Figures, Values{replicate.Metric{Name: f.Name, Kind: f.Kind}, []float64{f.Value}})
	}
	at := days(r.Series.Times)
	for _, c := range r.Series.Columns {
		s.Curves = append(s.Curves, Curve{replicate.Curve{Account: c.Account, Metric: c.Metric}, at, c.Values, nil, nil})
	}
}

// replicated takes them from the values of the replications.
func (s *Side) replicated(r *reports.Report) {
	kinds := map[string]criteria.Kind{}
	for _, m := range r.Summary.Replications.Metrics {
		kinds[m.Name] = reports.Kind(m.Kind)
	}
	for i, name := range r.Values.Names {
		kind, ok := kinds[name]
		if !ok { // of an event
			kind = criteria.Duration
			if isEventCount(name) {
				kind = criteria.Count
			}
		}
		s.Figures = append(s.Figures, Values{replicate.Metric{Name: name, Kind: kind}, r.Values.Rows[i]})
	}
	if r.Bands == nil {
		return
	}
	at := days(r.Bands.Times)
	for _, b := range r.Bands.List {
		s.Curves = append(s.Curves, Curve{b.Curve, at, b.Mean, b.Low, b.High})
	}
}

func days(times []time.Duration) []float64 {
	list := make([]float64, len(times))
	for i, t := range times {
		list[i] = t.Hours() / 24
	}
	return list
}

// isEventCount reports whether a metric counts how often an event stands in a
// timeline.
func isEventCount(metric string) bool { return strings.Contains(metric, ".count.") }

// replications returns how many there are.
func (s *Side) replications() int {
	if len(s.Figures) == 0 {
		return 1
	}
	return len(s.Figures[0].Values)
}

// Comparison is what the runs differ in.
type Comparison struct {
	Version        int             `json:"version"`
	Scenario       string          `json:"scenario"`
	Edition        string          `json:"edition"`
	Seed           uint64          `json:"seed"`
	HorizonSeconds reports.Seconds `json:"horizon_seconds"`
	Replications   int             `json:"replications"`
	Confidence     float64         `json:"confidence"` // of the intervals, where there are any
	Runs           []Run           `json:"runs"`       // the baseline first
	Notes          []string        `json:"notes"`
	Figures        []Figure        `json:"figures"` // in which any run differs from the baseline
	Same           int             `json:"same"`    // figures in which none does
	Thresholds     []Threshold     `json:"thresholds"`
	Limits         []Verdict       `json:"limits"`

	sides []*Side
}

// Run names one of the runs.
type Run struct {
	Label       string `json:"label"`
	Fingerprint string `json:"fingerprint"`
}

// Figure is a figure in all runs: its mean where there are replications.
type Figure struct {
	Metric  string             `json:"metric"`
	Kind    string             `json:"kind"`   // count, share, duration or number
	Values  []replicate.Number `json:"values"` // one for each run; null without data
	Changes []Change           `json:"changes"`

	rank int // in which order a reader wants it
}

// Change is a figure of a run minus that of the baseline.
type Change struct {
	Difference replicate.Number `json:"difference"` // null without data
	Low        replicate.Number `json:"low"`        // of the interval; null without one
	High       replicate.Number `json:"high"`
	Pairs      int              `json:"pairs"` // replications that have data in both
}

// OK reports whether there is an interval.
func (c Change) OK() bool { return !math.IsNaN(float64(c.Low)) }

// Certain reports whether the change is one, and not luck: its interval leaves
// out zero. Without an interval every difference counts.
func (c Change) Certain() bool {
	if !c.OK() {
		return !(c.Difference == 0)
	}
	return c.Low > 0 || c.High < 0
}

// Threshold is a threshold in all runs.
type Threshold struct {
	Expression string             `json:"expression"`
	Kind       string             `json:"kind"`
	Verdicts   []string           `json:"verdicts"` // one for each run; "" where it does not have the threshold
	Values     []replicate.Number `json:"values"`
	Changed    bool               `json:"changed"`
}

// New compares runs, at least two, the baseline first. The runs have passed
// Check, whose notes are handed on. Of replications as many are compared as
// all runs have.
func New(sides []*Side, notes []string, limits []Limit) *Comparison {
	base, n := sides[0].Summary, sides[0].replications()
	for _, s := range sides {
		n = min(n, s.replications())
	}
	confidence := replicate.DefaultConfidence
	if base.Replications != nil {
		confidence = base.Replications.Confidence
	}
	c := &Comparison{
		Version: Version, Scenario: base.Scenario, Edition: base.Edition, Seed: base.Seed, HorizonSeconds: base.HorizonSeconds,
		Replications: n, Confidence: confidence, Notes: append([]string{}, notes...),
		Figures: []Figure{}, Thresholds: []Threshold{}, Limits: []Verdict{}, sides: sides,
	}
	for _, s := range sides {
		c.Runs = append(c.Runs, Run{s.Label, s.Summary.Fingerprint})
	}
	c.addThresholds()
	c.addLimits(limits)
	c.addFigures()
	return c
}

// indexed finds values by the name of their metric.
func indexed(s *Side) map[string][]float64 {
	index := make(map[string][]float64, len(s.Figures))
	for _, f := range s.Figures {
		index[f.Name] = f.Values
	}
	return index
}

// metrics returns the metrics that any side has, in the order of the first
// that does.
func metrics(sides []*Side) []replicate.Metric {
	var list []replicate.Metric
	known := map[string]bool{}
	for _, s := range sides {
		for _, f := range s.Figures {
			if !known[f.Name] {
				known[f.Name] = true
				list = append(list, f.Metric)
			}
		}
	}
	return list
}

// valuesOf returns the values of a metric. Where a run has no such figure,
// that is no data; but an event that is not in a timeline happened no time.
func valuesOf(index map[string][]float64, metric string, n int) []float64 {
	if values, ok := index[metric]; ok {
		return values[:n]
	}
	missing := math.NaN()
	if isEventCount(metric) {
		missing = 0
	}
	values := make([]float64, n)
	for i := range values {
		values[i] = missing
	}
	return values
}

func (c *Comparison) addFigures() {
	indices := make([]map[string][]float64, len(c.sides))
	for i, s := range c.sides {
		indices[i] = indexed(s)
	}
	asked := c.asked()
	for _, m := range metrics(c.sides) {
		f := Figure{Metric: m.Name, Kind: m.Kind.String(), rank: rank(m.Name, asked)}
		base := valuesOf(indices[0], m.Name, c.Replications)
		differs := false
		for i, index := range indices {
			values := valuesOf(index, m.Name, c.Replications)
			f.Values = append(f.Values, mean(values))
			if i > 0 {
				change := difference(base, values, c.Confidence)
				f.Changes = append(f.Changes, change)
				differs = differs || !same(base, values)
			}
		}
		if differs {
			c.Figures = append(c.Figures, f)
		} else {
			c.Same++
		}
	}
}

// asked returns the metrics that thresholds and limits ask for.
func (c *Comparison) asked() map[string]bool {
	asked := map[string]bool{}
	for _, t := range c.Thresholds {
		metric, _, _ := strings.Cut(t.Expression, " ")
		asked[metric] = true
	}
	for _, l := range c.Limits {
		asked[l.Metric] = true
	}
	return asked
}

func same(a, b []float64) bool {
	for i := range a {
		if a[i] != b[i] && !(math.IsNaN(a[i]) && math.IsNaN(b[i])) {
			return false
		}
	}
	return true
}

// paired returns the values of the replications in which both have data.
func paired(a, b []float64) (x, y []float64) {
	for i := range a {
		if !math.IsNaN(a[i]) && !math.IsNaN(b[i]) {
			x, y = append(x, a[i]), append(y, b[i])
		}
	}
	return x, y
}

func mean(values []float64) replicate.Number {
	known, _ := paired(values, values)
	return replicate.Number(replicate.Mean(known, replicate.DefaultConfidence).Value)
}

func difference(base, values []float64, confidence float64) Change {
	x, y := paired(values, base)
	d := replicate.PairedMean(x, y, confidence)
	return Change{replicate.Number(d.Value), replicate.Number(d.Low), replicate.Number(d.High), len(x)}
}

func (c *Comparison) addThresholds() {
	for _, s := range c.sides {
		for _, t := range s.Summary.Thresholds {
			c.addThreshold(t)
		}
	}
}

// addThreshold adds a threshold that is not there yet.
func (c *Comparison) addThreshold(t reports.Threshold) {
	for _, known := range c.Thresholds {
		if known.Expression == t.Expression {
			return
		}
	}
	all := Threshold{Expression: t.Expression, Kind: t.Kind}
	for _, s := range c.sides {
		verdict, value := "", math.NaN()
		for _, other := range s.Summary.Thresholds {
			if other.Expression == t.Expression {
				verdict = other.Verdict
				if other.Value != nil {
					value = *other.Value
				}
				break
			}
		}
		all.Verdicts = append(all.Verdicts, verdict)
		all.Values = append(all.Values, replicate.Number(value))
		all.Changed = all.Changed || verdict != all.Verdicts[0]
	}
	c.Thresholds = append(c.Thresholds, all)
}

// headlines are the figures that people look at first, by the end of their
// names.
var headlines = []string{
	".bounce_rate.max", ".complaint_rate.max", ".count.under-review", ".count.paused", ".time_to.under-review", ".time_to.paused",
	".accepted", ".refused", ".delivered", ".hard_bounced", ".complaints", ".given_up", ".campaign_time.max", ".quota_use.max",
}

// rank puts what was asked for first, then headlines, then the rest.
func rank(metric string, asked map[string]bool) int {
	if asked[metric] {
		return 0
	}
	for _, end := range headlines {
		if strings.HasSuffix(metric, end) {
			return 1
		}
	}
	return 2
}

// Failed reports whether a limit was exceeded, or could not be judged.
func (c *Comparison) Failed() bool {
	for _, l := range c.Limits {
		if l.Verdict != criteria.Pass.String() {
			return true
		}
	}
	return false
}

// Curves returns the curves of each run, the baseline first.
func (c *Comparison) Curves() [][]Curve {
	list := make([][]Curve, len(c.sides))
	for i, s := range c.sides {
		list[i] = s.Curves
	}
	return list
}

// Value returns a figure of one of the runs, the mean where there are
// replications; false without data.
func (c *Comparison) Value(run int, metric string) (value float64, data bool) {
	for _, f := range c.sides[run].Figures {
		if f.Name == metric {
			v := float64(mean(f.Values))
			return v, !math.IsNaN(v)
		}
	}
	return 0, false
}

// Summary returns the summary of the baseline.
func (c *Comparison) Summary() *reports.Summary { return c.sides[0].Summary }
