package replicate

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"math"
	"slices"
	"time"

	"sesim/sim"
	"sesim/sim/criteria"
	"sesim/sim/measure"
	"sesim/sim/ses"
)

// Sample accumulates the records of a scenario's replications. They are added
// in the order of the replications, from 0 on; the sample depends on nothing
// else.
type Sample struct {
	Frame
	n      int
	values [][]float64 // by metric, then by replication; NaN: no data
	beyond [][]float64 // by threshold, then by replication: Record.Beyond
	index  map[string]int
	delays []measure.Histogram // by account
	all    measure.Histogram   // of all accounts of the frame
	stays  map[time.Duration]StayCount
	times  []time.Duration
	curves [][][]float64 // by curve, then by instant, then by replication
	prints hash.Hash
}

// NewSample returns an empty sample.
func NewSample(f Frame) *Sample {
	s := &Sample{
		Frame: f, values: make([][]float64, len(f.Metrics)), beyond: make([][]float64, len(f.Thresholds)), index: map[string]int{},
		delays: make([]measure.Histogram, len(f.Accounts)), stays: map[time.Duration]StayCount{},
		curves: make([][][]float64, len(f.Curves)), prints: sha256.New(),
	}
	for i, m := range f.Metrics {
		s.index[m.Name] = i
	}
	return s
}

// Add adds the record of the next replication. It returns an error if the record
// is of another replication or does not fit the frame.
func (s *Sample) Add(r *Record) error {
	switch {
	case r.Replication != s.n:
		return fmt.Errorf("replication %d found where %d is expected", r.Replication, s.n)
	case len(r.Beyond) != 0 && len(r.Beyond) != len(s.Thresholds):
		return fmt.Errorf("replication %d has bounds for %d thresholds, not %d", r.Replication, len(r.Beyond), len(s.Thresholds))
	case len(r.Values) != len(s.Metrics) || len(r.Delays) != len(s.Accounts):
		return fmt.Errorf("replication %d has %d figures and %d accounts, not %d and %d",
			r.Replication, len(r.Values), len(r.Delays), len(s.Metrics), len(s.Accounts))
	}
	for i, v := range r.Values {
		s.values[i] = append(s.values[i], float64(v))
	}
	for i := range s.beyond {
		bound := 0.0
		if len(r.Beyond) > 0 {
			bound = float64(r.Beyond[i])
		}
		s.beyond[i] = append(s.beyond[i], bound)
	}
	for i := range r.Delays {
		h, err := r.Delays[i].Histogram()
		if err == nil {
			err = errors.Join(s.delays[i].Merge(h), s.all.Merge(h))
		}
		if err != nil {
			return fmt.Errorf("replication %d: delays of %s: %w", r.Replication, s.Accounts[i], err)
		}
	}
	for _, c := range r.Stays {
		at := time.Duration(c[0])
		s.stays[at] = newStayCount(at, s.stays[at][1]+c[1], s.stays[at][2]+c[2])
	}
	if err := s.addCurves(r); err != nil {
		return err
	}
	_, _ = io.WriteString(s.prints, r.Fingerprint) // a hash never fails
	s.n++
	return nil
}

func (s *Sample) addCurves(r *Record) error {
	if len(r.Curves) == 0 {
		return nil
	}
	if s.times == nil {
		s.times = r.Times
		for k := range s.curves {
			s.curves[k] = make([][]float64, len(r.Times))
		}
	}
	if len(r.Curves) != len(s.curves) || !slices.Equal(r.Times, s.times) {
		return fmt.Errorf("the curves of replication %d differ from those of the first", r.Replication)
	}
	for k, values := range r.Curves {
		if len(values) != len(s.times) && len(values) != 0 {
			return fmt.Errorf("the curves of replication %d differ from those of the first", r.Replication)
		}
		for i, v := range values {
			s.curves[k][i] = append(s.curves[k][i], float64(v))
		}
	}
	return nil
}

// N returns the number of replications.
func (s *Sample) N() int { return s.n }

// Fingerprint returns a hash over the fingerprints of the replications in
// their order, as 32 hexadecimal digits.
func (s *Sample) Fingerprint() string { return hex.EncodeToString(s.prints.Sum(nil)[:16]) }

// Values returns the values of a metric by replication, NaN without data; nil
// for a metric outside the frame. The slice must not be changed.
func (s *Sample) Values(metric string) []float64 {
	if i, ok := s.index[metric]; ok {
		return s.values[i]
	}
	return nil
}

// known returns the values that are numbers.
func known(values []float64) []float64 {
	return slices.DeleteFunc(slices.Clone(values), math.IsNaN)
}

// Enough reports whether a rule needs no more replications.
func (s *Sample) Enough(r Rule) bool { return r.Done(s.n, known(s.Values(r.Metric))) }

// Reached reports whether a rule reached its fixed number or its half width.
func (s *Sample) Reached(r Rule) bool {
	return r.Fixed() && s.n >= r.Min || !r.Fixed() && r.Reached(known(s.Values(r.Metric)))
}

// Figure summarizes a metric over the replications that have data for it.
type Figure struct {
	Metric
	Mean, Median Interval // N is the number of replications with data
	Min, Max     float64  // NaN without data
}

// Figure returns the figure of a metric; false for a metric outside the frame.
func (s *Sample) Figure(metric string, confidence float64) (Figure, bool) {
	i, ok := s.index[metric]
	if !ok {
		return Figure{}, false
	}
	values := known(s.values[i])
	f := Figure{Metric: s.Metrics[i], Min: math.NaN(), Max: math.NaN()}
	f.Mean, f.Median = Mean(values, confidence), Median(values, confidence)
	if len(values) > 0 {
		f.Min, f.Max = slices.Min(values), slices.Max(values)
	}
	switch f.Kind {
	case criteria.Count, criteria.Duration:
		f.Mean = f.Mean.Clip(0, math.Inf(1))
	case criteria.Share:
		f.Mean = f.Mean.Clip(0, 1)
	}
	return f, true
}

// Event is an event of an account's timeline, over replications.
type Event struct {
	Account     string
	Name        ses.Event
	Hits        int      // replications in which it happened
	Probability Interval // that it happens by the horizon
	First       Figure   // time of its first occurrence in seconds, over the replications in which it happened
}

// Events returns the events in the frame, in the order of its metrics.
func (s *Sample) Events(confidence float64) []Event {
	var list []Event
	for i, m := range s.Metrics {
		account, kind, event, ok := sim.EventMetric(m.Name)
		if !ok || kind != criteria.Count {
			continue
		}
		hits := 0
		for _, v := range s.values[i] {
			if v > 0 {
				hits++
			}
		}
		first, _ := s.Figure(sim.TimeTo(account, event), confidence)
		list = append(list, Event{account, event, hits, Proportion(hits, s.n, confidence), first})
	}
	return list
}

// Delays returns the merged delays of the i-th account of the frame over all
// replications.
func (s *Sample) Delays(i int) *measure.Histogram { return &s.delays[i] }

// AllDelays returns the delays of all accounts of the frame together.
func (s *Sample) AllDelays() *measure.Histogram { return &s.all }

// Dwell returns the Kaplan–Meier estimate of how long addresses stay on the
// global list, over the stays of all replications. Lengths are rounded to the
// frame's grid.
func (s *Sample) Dwell() measure.Survival {
	var steps []measure.Step
	for at, c := range s.stays {
		steps = append(steps, measure.Step{At: at, Ended: c[1], Censored: c[2]})
	}
	return measure.Pooled(steps)
}
