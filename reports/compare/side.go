package compare

import (
	"errors"
	"math"
	"time"

	"sesim/reports"
	"sesim/sim"
	"sesim/sim/criteria"
	"sesim/sim/replicate"
)

// Side is one of the runs that are compared.
type Side struct {
	Label   string
	Tool    string // version of the program; "" if unknown
	Summary *reports.Summary
	Figures []Values
	Curves  []Curve
	Note    string // a note about the run; may be empty

	table *sim.FigureTable
}

// Values are the values of one metric, one for each replication; NaN without
// data.
type Values struct {
	replicate.Metric
	Values []float64
}

// Curve is a metric of an account over time: a line and, with replications, a
// band around it.
type Curve struct {
	replicate.Curve
	Days            []float64 // since the start
	Mean, Low, High []float64 // Low and High are nil without replications
}

// ErrValues is returned for a summary of replications without their values.
var ErrValues = errors.New(
	"the summary lacks the values of the single replications, which are needed to compare them: name the report's folder")

// Of returns the side of a finished run or of its replications.
func Of(label string, r *reports.Report) (*Side, error) {
	s := &Side{Label: label, Tool: r.Tool, Summary: &r.Summary, table: r.Table}
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

// single reads the figures of a single run from its summary.
func (s *Side) single(r *reports.Report) {
	for _, f := range r.Figures() {
		s.Figures = append(s.Figures, Values{replicate.Metric{Name: f.Name, Kind: f.Kind}, []float64{f.Known()}})
	}
	at := days(r.Series.Times)
	for _, c := range r.Series.Columns {
		s.Curves = append(s.Curves, Curve{replicate.Curve{Account: c.Account, Metric: c.Metric}, at, c.Values, nil, nil})
	}
}

// replicated reads the figures from the values of the replications.
func (s *Side) replicated(r *reports.Report) {
	kinds := map[string]criteria.Kind{}
	for _, m := range r.Summary.Replications.Metrics {
		kinds[m.Name] = reports.Kind(m.Kind)
	}
	for i, name := range r.Values.Names {
		kind, ok := kinds[name]
		if !ok { // the metric of an event
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

// isEventCount reports whether a metric counts an event of a timeline.
func isEventCount(metric string) bool {
	_, kind, _, ok := sim.EventMetric(metric)
	return ok && kind == criteria.Count
}

// replications returns the number of replications.
func (s *Side) replications() int {
	if len(s.Figures) == 0 {
		return 1
	}
	return len(s.Figures[0].Values)
}

// indexed returns the values by the name of their metric.
func indexed(s *Side) map[string][]float64 {
	index := make(map[string][]float64, len(s.Figures))
	for _, f := range s.Figures {
		index[f.Name] = f.Values
	}
	return index
}

// metrics returns the metrics of all sides, in the order in which they first
// appear.
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

// valuesOf returns the values of a metric. A metric that a run lacks has no
// data, except that an event missing from a timeline happened zero times.
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
