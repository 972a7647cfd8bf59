package reports

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"sesim/sim"
	"sesim/sim/criteria"
	"sesim/sim/replicate"
	"sesim/sim/ses"
)

// Sweep is sweep.json: the results of all cells of a sweep. Its keys are a
// contract, as those of Summary are.
type Sweep struct {
	Version        int         `json:"version"`
	Scenario       string      `json:"scenario"`
	Question       string      `json:"question"`
	Edition        string      `json:"edition"`
	Seed           uint64      `json:"seed"`
	Status         string      `json:"status"`       // complete or interrupted
	Start          time.Time   `json:"start"`        // epoch of the virtual clock, UTC
	Keys           []string    `json:"keys"`         // that are swept
	Axes           [][]int     `json:"axes"`         // indices of the keys that are stepped together
	Combinations   int         `json:"combinations"` // number of cells without constraints
	Confidence     float64     `json:"confidence"`   // of all intervals
	CellCount      int         `json:"cell_count"`
	Cells          []Cell      `json:"cells"` // in order; of an interrupted sweep the finished ones
	HorizonSeconds Seconds     `json:"horizon_seconds"`
	ZoneData       string      `json:"zone_data,omitempty"`
	Traces         []Trace     `json:"traces,omitempty"`    // of the scenario without the values of its cells
	Before         []Before    `json:"before,omitempty"`    // what accounts bring along, in the scenario without the values of its cells
	Uncertain      []Uncertain `json:"uncertain,omitempty"` // what the cells do not set
	Source         SweepInput  `json:"-"`
}

// SweepInput is where a sweep comes from.
type SweepInput struct {
	Scenario  string // the TOML text as run
	File      string
	Overrides []string
	Tool      string // version of the program that ran it
}

// Cell is one combination of values and its results.
type Cell struct {
	Number  int        `json:"cell"`    // from 0
	Values  []string   `json:"values"`  // one for each key, as --set takes it
	Numbers []*float64 `json:"numbers"` // the same as numbers; null for a value that is not a number
	Inputs  string     `json:"inputs"`  // hash of everything the cell depends on
	Status  string     `json:"status"`  // complete or failed
	Error   string     `json:"error,omitempty"`

	Replications int         `json:"replications"`
	Fingerprint  string      `json:"fingerprint"`
	Goal         *Goal       `json:"goal,omitempty"`
	Metrics      []Metric    `json:"metrics"`
	Events       []Event     `json:"events"`
	Thresholds   []Threshold `json:"thresholds"`
}

// Failed is the Status of a cell without a result.
const Failed = "failed"

// Fill enters the results of a sample into a cell.
func (c *Cell) Fill(s *replicate.Sample, rule replicate.Rule) {
	c.Status, c.Replications, c.Fingerprint = Complete, s.N(), s.Fingerprint()
	c.Metrics, c.Events = Metrics(s, rule.Confidence), events(s, rule.Confidence)
	c.Thresholds = JudgedThresholds(s, rule.Confidence)
	if !rule.Fixed() {
		c.Goal = &Goal{rule.Metric, rule.HalfWidth, s.Reached(rule)}
	}
}

// Fail marks a cell as failed.
func (c *Cell) Fail(why string) {
	c.Status, c.Error = Failed, why
	c.Metrics, c.Events, c.Thresholds = []Metric{}, []Event{}, []Threshold{}
}

// Check returns an error for a sweep whose parts do not fit together: a reader can
// rely on them, and on at least one key.
func (s *Sweep) Check() error {
	switch {
	case len(s.Keys) == 0:
		return errors.New("the sweep has no keys")
	case s.CellCount < 1 || s.CellCount > replicate.MaxCells || len(s.Cells) > s.CellCount:
		return fmt.Errorf("the sweep has %d of %d cells, and at most %d are allowed", len(s.Cells), s.CellCount, replicate.MaxCells)
	case !(s.Confidence > 0 && s.Confidence < 1): // also not a number
		return fmt.Errorf("a confidence of %v is not between 0 and 1", s.Confidence)
	}
	var stepped []int
	for _, axis := range s.Axes {
		stepped = append(stepped, axis...)
	}
	slices.Sort(stepped)
	for i, key := range stepped {
		if key != i {
			return fmt.Errorf("the axes %v do not hold each of %d keys once", s.Axes, len(s.Keys))
		}
	}
	if len(stepped) != len(s.Keys) {
		return fmt.Errorf("the axes %v do not hold each of %d keys once", s.Axes, len(s.Keys))
	}
	last := -1
	for i := range s.Cells {
		c := &s.Cells[i]
		switch {
		case c.Number <= last || c.Number >= s.CellCount:
			return fmt.Errorf("cell %d of %d comes after cell %d", c.Number, s.CellCount, last)
		case len(c.Values) != len(s.Keys) || len(c.Numbers) != len(s.Keys):
			return fmt.Errorf("cell %d has %d values and %d numbers for %d keys", c.Number, len(c.Values), len(c.Numbers), len(s.Keys))
		case c.Status != Complete && c.Status != Failed || c.Replications < 0 || c.Status == Complete && c.Replications == 0:
			return fmt.Errorf("cell %d is %q with %d replications", c.Number, c.Status, c.Replications)
		}
		last = c.Number
	}
	return nil
}

// Worst returns the worst verdict of a cell; "" without thresholds.
func (c *Cell) Worst() string {
	worst := ""
	for i := range c.Thresholds {
		switch v := c.Thresholds[i].Verdict; {
		case v == "fail" || worst == "":
			worst = v
		case v == "inconclusive" && worst == "pass":
			worst = v
		}
	}
	return worst
}

// Columns returns the metrics of a sweep by their names, each once in the
// order of its first cell; the probability of an event is "P(acme.paused)".
func (s *Sweep) Columns() []string {
	var list []string
	known := map[string]bool{}
	for i := range s.Cells {
		for _, name := range s.Cells[i].names() {
			if !known[name] {
				known[name] = true
				list = append(list, name)
			}
		}
	}
	return list
}

func (c *Cell) names() []string {
	var list []string
	for _, m := range c.Metrics {
		list = append(list, m.Name)
	}
	for _, e := range c.Events {
		list = append(list, e.ProbabilityName())
	}
	return list
}

// ProbabilityName is the name of an event's probability.
func (e *Event) ProbabilityName() string { return probabilityName(e.Account, e.Name) }

func probabilityName(account string, event ses.Event) string {
	return "P(" + account + "." + event.String() + ")"
}

// Probability returns the event whose probability has a name; false for other metrics.
func (s *Sweep) Probability(name string) (account string, event ses.Event, ok bool) {
	text, isOne := strings.CutPrefix(name, "P(")
	dot := strings.LastIndexByte(text, '.')
	if !isOne || dot < 0 {
		return "", 0, false
	}
	event, err := ses.ParseEvent(strings.TrimSuffix(text[dot+1:], ")"))
	return text[:dot], event, err == nil
}

// Figure returns a metric of the cell by one of the names of Columns; false if
// it has none. A probability is a share; an event that the cell does not list
// did not happen, and its probability has an interval of the given confidence.
func (c *Cell) Figure(name string, confidence float64) (Metric, bool) {
	for _, m := range c.Metrics {
		if m.Name == name {
			return m, true
		}
	}
	if !strings.HasPrefix(name, "P(") || c.Status == Failed {
		return Metric{}, false
	}
	for i := range c.Events {
		if e := &c.Events[i]; e.ProbabilityName() == name {
			return Metric{Name: name, Kind: "share", Data: c.Replications, Mean: e.Probability}, true
		}
	}
	never := replicate.Proportion(0, c.Replications, confidence)
	return Metric{Name: name, Kind: "share", Data: c.Replications, Mean: EstimateOf(never)}, true
}

// Judged returns the metrics to show first: those of the thresholds or, without
// any, the probabilities of reviews and pauses.
func (s *Sweep) Judged() []string {
	var list []string
	add := func(name string) {
		for _, known := range list {
			if known == name {
				return
			}
		}
		list = append(list, name)
	}
	for i := range s.Cells {
		for _, t := range s.Cells[i].Thresholds {
			add(s.column(t.Metric()))
		}
	}
	if len(list) > 0 {
		return list
	}
	for _, name := range s.Columns() {
		if strings.HasPrefix(name, "P(") {
			add(name)
		}
	}
	return list
}

// column returns the column of a metric; for an event it is the probability.
func (s *Sweep) column(metric string) string {
	account, _, event, ok := sim.EventMetric(metric)
	if !ok {
		return metric
	}
	return probabilityName(account, event)
}

// Metric returns the metric of a threshold.
func (t *Threshold) Metric() string {
	return strings.TrimSpace(t.Expression[:max(strings.IndexAny(t.Expression, "<>=!"), 0)])
}

// Limit returns the number that a threshold compares with, in the unit of its
// value; false if it is not in the notation of its kind.
func (t *Threshold) Limit() (float64, bool) {
	kind := Kind(t.Kind)
	c, err := criteria.Parse(t.Expression, func(string) (criteria.Kind, bool) { return kind, true })
	return c.Limit, err == nil
}
