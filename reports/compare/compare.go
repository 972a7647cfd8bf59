// Package compare compares runs: the differences of their figures with
// confidence intervals, the thresholds whose verdict changed, and whether the
// differences stay within limits.
//
// The first run is the baseline; every other run is compared with it.
// Replications are compared in pairs: replication n of one run has the same
// random numbers as replication n of the other, so what they have in common
// cancels out of the difference, and the interval is one of the paired
// differences. Differences of single runs have no intervals.
//
// Only runs that answer the same question are comparable: see Check. A
// Comparison is plain data; the package also writes it as text, Markdown and
// JSON.
//
// # Vocabulary
//
// A change is a figure of a run minus the same figure of the baseline. A limit
// is a condition on a change that must not hold, such as
// "acme.bounce_rate.max > +0.5pp".
package compare

import (
	"math"
	"strings"

	"sesim/reports"
	"sesim/sim"
	"sesim/sim/criteria"
	"sesim/sim/replicate"
	"sesim/sim/ses"
)

// Version is the version of comparison.json.
const Version = 1

// Comparison is a comparison of runs.
type Comparison struct {
	Version        int             `json:"version"`
	Scenario       string          `json:"scenario"`
	Edition        string          `json:"edition"`
	Seed           uint64          `json:"seed"`
	HorizonSeconds reports.Seconds `json:"horizon_seconds"`
	Replications   int             `json:"replications"`
	Confidence     float64         `json:"confidence"` // of the intervals, if any
	Runs           []Run           `json:"runs"`       // the baseline first
	Notes          []string        `json:"notes"`
	Figures        []Figure        `json:"figures"` // those in which any run differs from the baseline
	Same           int             `json:"same"`    // number of figures in which none does
	Thresholds     []Threshold     `json:"thresholds"`
	Limits         []Verdict       `json:"limits"`
	// Assumptions is set if the variants were compared in other settings too.
	Assumptions *Assumptions `json:"assumptions,omitempty"`

	sides []*Side
}

// Run names one of the runs, and has what its accounts bring along and what is not known
// exactly of it.
type Run struct {
	Label       string              `json:"label"`
	Fingerprint string              `json:"fingerprint"`
	Before      []reports.Before    `json:"before,omitempty"`
	Uncertain   []reports.Uncertain `json:"uncertain,omitempty"`
}

// Figure is a figure in all runs: its mean if there are replications.
type Figure struct {
	Metric  string             `json:"metric"`
	Kind    string             `json:"kind"`   // count, share, duration or number
	Values  []replicate.Number `json:"values"` // one for each run; null without data
	Changes []Change           `json:"changes"`

	rank int // order of importance to a reader, 0 first
}

// Change is a figure of a run minus the same figure of the baseline.
type Change struct {
	Difference replicate.Number `json:"difference"` // null without data
	Low        replicate.Number `json:"low"`        // of the interval; null without one
	High       replicate.Number `json:"high"`
	Pairs      int              `json:"pairs"` // replications that have data in both
	*Held                       // in how many settings it keeps its sign; nil: not tried
}

// OK reports whether there is an interval.
func (c Change) OK() bool { return !math.IsNaN(float64(c.Low)) }

// Certain reports whether the change is statistically significant: its interval
// excludes zero. Without an interval it reports any difference.
func (c Change) Certain() bool {
	if !c.OK() {
		return !(c.Difference == 0)
	}
	return c.Low > 0 || c.High < 0
}

// New compares at least two runs, the baseline first. The runs must have passed
// Check, which returned the notes. If the numbers of replications differ, the
// smallest is compared.
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
		c.Runs = append(c.Runs, Run{s.Label, s.Summary.Fingerprint, s.Summary.Before(), s.Summary.Uncertain})
	}
	c.addThresholds()
	c.addLimits(limits)
	c.addFigures()
	return c
}

func (c *Comparison) addFigures() {
	indices := make([]map[string][]float64, len(c.sides))
	for i, s := range c.sides {
		indices[i] = indexed(s)
	}
	asked := c.asked()
	for _, m := range metrics(c.sides) {
		f := Figure{Metric: m.Name, Kind: m.Kind.String(), rank: c.rank(m.Name, asked)}
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

// asked returns the metrics of thresholds and limits.
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

// paired returns the values of the replications for which both have data.
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
	return Change{
		Difference: replicate.Number(d.Value), Low: replicate.Number(d.Low), High: replicate.Number(d.High), Pairs: len(x),
	}
}

// rank returns 0 for the metrics of thresholds and limits, 1 for headlines, and
// 2 for the rest.
func (c *Comparison) rank(metric string, asked map[string]bool) int {
	if asked[metric] {
		return 0
	}
	if _, _, event, ok := sim.EventMetric(metric); ok {
		if event == ses.EventUnderReview || event == ses.EventPaused {
			return 1
		}
		return 2
	}
	if _, name, _ := strings.Cut(metric, "."); c.sides[0].table.Rank(name) == sim.Headline {
		return 1
	}
	return 2
}

// Failed reports whether a limit was exceeded or is inconclusive.
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

// Estimate returns a figure of one of the runs: its mean, with an interval if there are
// replications; false without data.
func (c *Comparison) Estimate(run int, metric string) (reports.Estimate, bool) {
	for _, f := range c.sides[run].Figures {
		if f.Name == metric {
			known, _ := paired(f.Values, f.Values)
			e := reports.EstimateOf(replicate.Mean(known, c.Confidence).Clip(0, math.Inf(1)))
			return e, e.Value != nil
		}
	}
	return reports.Estimate{}, false
}

// Differ reports whether a figure of two runs differs with certainty, see Change.Certain, or
// is not known.
func (c *Comparison) Differ(a, b int, metric string) bool {
	of := func(run int) []float64 { return valuesOf(indexed(c.sides[run]), metric, c.Replications) }
	change := difference(of(a), of(b), c.Confidence)
	return change.Pairs == 0 || change.Certain()
}

// Summary returns the summary of the baseline.
func (c *Comparison) Summary() *reports.Summary { return c.sides[0].Summary }
