package reports

import (
	"bytes"
	"fmt"
	"math"
	"time"

	"sesim/sim"
	"sesim/sim/criteria"
	"sesim/sim/replicate"
	"sesim/sim/ses"
)

// Replications summarizes several runs with different seeds. Thresholds are
// judged over all of them; the other figures of the summary are those of
// replication 0.
type Replications struct {
	Count       int      `json:"count"`
	Confidence  float64  `json:"confidence"`  // of all intervals
	Fingerprint string   `json:"fingerprint"` // over those of the replications
	Goal        *Goal    `json:"goal,omitempty"`
	Metrics     []Metric `json:"metrics"` // all but those of events
	Events      []Event  `json:"events"`  // that happened in any replication, and all reviews and pauses
}

// Goal is the precision at which replications stopped.
type Goal struct {
	Metric    string  `json:"metric"`
	HalfWidth float64 `json:"half_width"`
	Reached   bool    `json:"reached"`
}

// Estimate is a figure with its confidence interval; null where there is none.
type Estimate struct {
	Value  *float64 `json:"value"`
	Low    *float64 `json:"low"`
	High   *float64 `json:"high"`
	Method string   `json:"method"`
}

// Metric is a metric over the replications that have data of it. Durations are
// in seconds.
type Metric struct {
	Name   string   `json:"metric"`
	Kind   string   `json:"kind"` // count, share, duration or number
	Data   int      `json:"data"` // replications that have some
	Mean   Estimate `json:"mean"`
	Median Estimate `json:"median"`
	Min    *float64 `json:"min"`
	Max    *float64 `json:"max"`
}

// Event is something that may happen to an account.
type Event struct {
	Account     string    `json:"account"`
	Name        ses.Event `json:"event"`
	Hits        int       `json:"hits"` // replications in which it happened
	Probability Estimate  `json:"probability"`
	First       Estimate  `json:"first_seconds"` // the median of its first time, over those
}

// Judged is how replications met a threshold.
type Judged struct {
	Low  *float64 `json:"low"` // of the mean, which is the threshold's value
	High *float64 `json:"high"`
	Held Estimate `json:"held"` // the share of the replications that met it
	Hits int      `json:"hits"` // the number that met it
	Of   int      `json:"of"`
}

// Values are metrics by replication.
type Values struct {
	Names []string
	Rows  [][]float64 // by name, then by replication; NaN: no data
}

// Bands are curves over replications.
type Bands struct {
	Share float64 // of the replications between Low and High
	Times []time.Duration
	List  []replicate.Band
}

// Replicate adds the results of a sample to the report of replication 0.
// Stays, delays and thresholds become those of all replications.
func (r *Report) Replicate(s *replicate.Sample, rule replicate.Rule) error {
	of := &Replications{
		Count: s.N(), Confidence: rule.Confidence, Fingerprint: s.Fingerprint(),
		Metrics: Metrics(s, rule.Confidence), Events: events(s, rule.Confidence),
	}
	if !rule.Fixed() {
		of.Goal = &Goal{rule.Metric, rule.HalfWidth, s.Reached(rule)}
	}
	r.Summary.Replications = of
	r.Summary.Thresholds = JudgedThresholds(s, rule.Confidence)
	r.Values = values(s)
	times, bands := s.Bands(rule.Confidence)
	r.Bands = &Bands{rule.Confidence, times, bands}
	r.Dwell = s.Dwell()
	if len(r.Dwell.Steps) == 0 {
		r.Dwell.Steps = nil
	}
	if err := r.replicateDelays(s); err != nil {
		return fmt.Errorf("reports: %w", err)
	}
	return nil
}

// events returns the events that happened in any replication of a sample, and
// all reviews and pauses.
func events(s *replicate.Sample, confidence float64) []Event {
	list := []Event{}
	for _, e := range s.Events(confidence) {
		if e.Hits > 0 || Decides(e.Name) {
			list = append(list, Event{e.Account, e.Name, e.Hits, EstimateOf(e.Probability), EstimateOf(e.First.Median)})
		}
	}
	return list
}

// Decides reports whether an event is a decision by AWS against an account: a
// review or a pause. Every report states the probabilities of these.
func Decides(e ses.Event) bool { return e == ses.EventUnderReview || e == ses.EventPaused }

// isEvent reports whether a metric is one of an event of the timeline.
func isEvent(metric string) bool {
	_, _, _, ok := sim.EventMetric(metric)
	return ok
}

// Metrics returns the metrics of a sample that are not those of events.
func Metrics(s *replicate.Sample, confidence float64) []Metric {
	list := []Metric{}
	for _, m := range s.Metrics {
		if f, ok := s.Figure(m.Name, confidence); ok && !isEvent(m.Name) {
			list = append(list, Metric{
				f.Name, f.Kind.String(), f.Mean.N, EstimateOf(f.Mean), EstimateOf(f.Median), finite(f.Min), finite(f.Max),
			})
		}
	}
	return list
}

// JudgedThresholds judges the thresholds of a sample, in their order.
func JudgedThresholds(s *replicate.Sample, confidence float64) []Threshold {
	list := []Threshold{}
	for _, j := range s.Judge(confidence) {
		t := Threshold{Expression: j.Criterion.Expression, Value: finite(j.Mean.Value), Verdict: j.Verdict.String(), Kind: j.Kind.String(), Never: j.Never || never(&j)}
		if s.N() > 1 {
			t.Judged = &Judged{finite(j.Mean.Low), finite(j.Mean.High), EstimateOf(j.Held), j.Hits, s.N()}
		}
		list = append(list, t)
	}
	return list
}

// never reports whether a verdict rests on an event that came in no replication.
func never(j *replicate.Judgement) bool {
	return isEvent(j.Criterion.Metric) && j.Mean.N == 0 && j.Verdict != criteria.Inconclusive
}

// EstimateOf returns an interval as JSON holds it.
func EstimateOf(i replicate.Interval) Estimate {
	return Estimate{finite(i.Value), finite(i.Low), finite(i.High), i.Method}
}

// finite returns a number, or nil for one that JSON could not hold.
func finite(v float64) *float64 {
	if !isFinite(v) {
		return nil
	}
	return &v
}

// values returns the metrics that have data, and of events those that happened.
func values(s *replicate.Sample) Values {
	happens := map[string]bool{}
	for _, e := range s.Events(replicate.DefaultConfidence) {
		if e.Hits > 0 || Decides(e.Name) {
			happens[sim.CountOf(e.Account, e.Name)], happens[sim.TimeTo(e.Account, e.Name)] = true, true
		}
	}
	var v Values
	for _, m := range s.Metrics {
		row := s.Values(m.Name)
		if allMissing(row) || isEvent(m.Name) && !happens[m.Name] {
			continue
		}
		v.Names, v.Rows = append(v.Names, m.Name), append(v.Rows, row)
	}
	return v
}

func allMissing(row []float64) bool {
	for _, v := range row {
		if !math.IsNaN(v) {
			return false
		}
	}
	return true
}

func (r *Report) replicateDelays(s *replicate.Sample) error {
	r.Delays = nil
	all := s.AllDelays()
	for i, name := range s.Accounts {
		if h := s.Delays(i); h.Count() > 0 {
			r.Delays = append(r.Delays, Delay{name, h.Count(), spectrum(h)})
		}
	}
	var text bytes.Buffer
	if err := all.WriteHGRM(&text, hgrmTitle); err != nil {
		return fmt.Errorf("admission delays: %w", err)
	}
	r.DelayHGRM = text.String()
	return nil
}

// Kind returns the kind of a metric from its word in the summary.
func Kind(word string) criteria.Kind {
	for kind := criteria.Count; kind < criteria.Number; kind++ {
		if kind.String() == word {
			return kind
		}
	}
	return criteria.Number
}
