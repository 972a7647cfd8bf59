package replicate

import (
	"fmt"
	"math"
	"time"

	"sesim/sim"
	"sesim/sim/criteria"
	"sesim/sim/measure"
	"sesim/sim/unit"
)

// Frame selects what is kept of each replication of a scenario: figures and,
// if it has Curves, the data of charts over time. All replications and all
// shards of a scenario have the same frame.
type Frame struct {
	Name       string               `json:"name"`
	Metrics    []Metric             `json:"metrics"`
	Thresholds []criteria.Criterion `json:"thresholds"`
	Accounts   []string             `json:"accounts"` // accounts whose delays are kept; none without curves
	Curves     []Curve              `json:"curves"`
	Grid       time.Duration        `json:"grid"` // stays are rounded to multiples of it; 0: stays are not kept
}

// Metric is a metric with its kind.
type Metric struct {
	Name string        `json:"name"`
	Kind criteria.Kind `json:"kind"`
}

// Curve is a metric of an account over time. The metrics that all accounts
// share have an empty account.
type Curve struct {
	Account string `json:"account"`
	Metric  string `json:"metric"`
}

// Limits on what is kept of a replication.
const (
	// MaxOwners is the maximum number of accounts and senders for which all
	// metrics are kept. Larger scenarios keep the metrics of thresholds and
	// those of the scenario as a whole.
	MaxOwners = 500
	// MaxCurves is the maximum number of accounts, the first of the scenario,
	// whose curves and delays are kept.
	MaxCurves = 6
	// MaxInstants is the maximum number of instants of a curve, evenly spaced.
	MaxInstants = 121
	// MaxBands is the maximum number of replications, the first ones, whose
	// curves are kept for bands.
	MaxBands = 1000
)

var curveMetrics = [...]string{"bounce_rate", "bounce_eligible", "complaint_rate", "complaint_eligible", "quota_used"}

// NewFrame returns the frame of a scenario, with or without curves. It includes
// the metric of the rule.
func NewFrame(c *sim.Config, curves bool, rule Rule) Frame {
	f := Frame{Name: c.Name, Metrics: metrics(c, rule)}
	f.Thresholds = append(f.Thresholds, c.Thresholds...)
	if !curves {
		return f
	}
	for i := range c.Accounts[:min(len(c.Accounts), MaxCurves)] {
		name := c.Accounts[i].Name
		f.Accounts = append(f.Accounts, name)
		for _, metric := range curveMetrics {
			f.Curves = append(f.Curves, Curve{name, metric})
		}
	}
	f.Curves = append(f.Curves, Curve{"", "global_listed"})
	f.Grid = gridOf(c.Horizon)
	return f
}

// metrics returns all metrics of a scenario or, if it is larger than MaxOwners,
// those of the thresholds, of the rule and of the scenario as a whole.
func metrics(c *sim.Config, rule Rule) []Metric {
	var list []Metric
	known := map[string]bool{}
	add := func(name string) {
		if kind, ok := c.Metric(name); ok && !known[name] {
			known[name] = true
			list = append(list, Metric{name, kind})
		}
	}
	if len(c.Accounts)+len(c.Senders) <= MaxOwners {
		for _, name := range c.Metrics() {
			add(name)
		}
		return list
	}
	for _, t := range c.Thresholds {
		add(t.Metric)
	}
	add(rule.Metric)
	for _, name := range (&sim.Config{}).Metrics() {
		add(name)
	}
	return list
}

// Check returns an error for a frame that NewFrame does not return.
func (f *Frame) Check() error {
	known := map[string]bool{}
	for _, m := range f.Metrics {
		if m.Kind > criteria.Number || known[m.Name] {
			return fmt.Errorf("metric %q is of kind %d, or there twice", m.Name, m.Kind)
		}
		known[m.Name] = true
	}
	for _, t := range f.Thresholds {
		if t.Op > criteria.Greater || !known[t.Metric] {
			return fmt.Errorf("threshold %q has comparison %d and metric %q", t.Expression, t.Op, t.Metric)
		}
	}
	if len(f.Accounts) > MaxCurves || f.Grid < 0 {
		return fmt.Errorf("there are curves of %d accounts, on a grid of %v", len(f.Accounts), f.Grid)
	}
	return nil
}

// gridOf returns a round duration of which at most 10,000 fit into the horizon
// where one up to 6 h does, otherwise a day, so that the stays of many
// replications have few distinct lengths.
func gridOf(horizon time.Duration) time.Duration {
	for _, g := range [...]time.Duration{time.Second, time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 6 * time.Hour} {
		if horizon/g <= 10_000 {
			return g
		}
	}
	return unit.Day
}

// Record is what is kept of one replication. Its JSON is lossless.
type Record struct {
	Replication int      `json:"replication"`
	Seed        uint64   `json:"seed"`
	Fingerprint string   `json:"fingerprint"`
	Values      []Number `json:"values"` // in the order of Frame.Metrics
	// Beyond is, in the order of Frame.Thresholds, what a metric without data is
	// known to exceed: see sim.Result.Value. It is empty if nothing is known.
	Beyond []Number           `json:"beyond,omitempty"`
	Delays []measure.Contents `json:"delays,omitempty"` // in the order of Frame.Accounts
	Stays  []StayCount        `json:"stays,omitempty"`  // by length
	Times  []time.Duration    `json:"times,omitempty"`  // of the curves
	Curves [][]Number         `json:"curves,omitempty"` // in the order of Frame.Curves
}

// StayCount counts the stays of one length: the length in nanoseconds, the
// stays that ended, and those still running at the end of the run.
type StayCount [3]int64

// newStayCount returns a count of stays.
func newStayCount(length time.Duration, ended, censored int64) StayCount {
	return StayCount{int64(length), ended, censored}
}

// Number is a number; NaN means no data, and is null in JSON. +Inf, the time to
// what never happens, is "never".
type Number float64

// Record returns what is kept of a replication's result.
func (f *Frame) Record(c *sim.Config, replication int, r *sim.Result) Record {
	of := Record{Replication: replication, Seed: Seed(c.Seed, replication), Fingerprint: r.Fingerprint}
	of.Values = make([]Number, len(f.Metrics))
	for i, m := range f.Metrics {
		value, data := r.Value(c, m.Name)
		if !data || math.IsInf(value, 0) {
			value = math.NaN()
		}
		of.Values[i] = Number(value)
	}
	of.Beyond = f.beyond(c, r)
	for i := range f.Accounts {
		of.Delays = append(of.Delays, r.Accounts[i].Delay.Contents())
	}
	if f.Grid > 0 {
		of.Stays = f.stays(&r.Global.Dwell)
	}
	if len(f.Curves) > 0 && replication < MaxBands {
		f.addCurves(&of, &r.Series)
	}
	return of
}

// beyond returns what the metrics of the thresholds are known to exceed where
// they have no data, 0 elsewhere; nil if all are 0.
func (f *Frame) beyond(c *sim.Config, r *sim.Result) []Number {
	list, some := make([]Number, len(f.Thresholds)), false
	for i := range f.Thresholds {
		if bound, data := r.Value(c, f.Thresholds[i].Metric); !data && bound > 0 {
			list[i], some = Number(bound), true
		}
	}
	if !some {
		return nil
	}
	return list
}

// stays counts the stays of a run by their length, rounded to the grid.
func (f *Frame) stays(s *measure.Survival) []StayCount {
	var list []StayCount
	for _, step := range s.Steps {
		length := step.At.Round(f.Grid)
		if n := len(list); n == 0 || list[n-1][0] != int64(length) {
			list = append(list, newStayCount(length, 0, 0))
		}
		last := &list[len(list)-1]
		last[1] += step.Ended
		last[2] += step.Censored
	}
	return list
}

func (f *Frame) addCurves(of *Record, t *measure.Table) {
	instants := instantsOf(len(t.Times))
	for _, i := range instants {
		of.Times = append(of.Times, t.Times[i])
	}
	of.Curves = make([][]Number, len(f.Curves))
	for k, curve := range f.Curves {
		column := t.Find(curve.Account, curve.Metric)
		if column == nil {
			continue
		}
		for _, i := range instants {
			of.Curves[k] = append(of.Curves[k], Number(column.Values[i]))
		}
	}
}

// instantsOf picks at most MaxInstants of n instants, including the first and
// the last.
func instantsOf(n int) []int {
	most := min(n, MaxInstants)
	list := make([]int, most)
	for i := range list {
		list[i] = i * (n - 1) / max(most-1, 1)
	}
	return list
}
