package reports

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"sesim/sim"
	"sesim/sim/measure"
	"sesim/sim/rules"
)

// Version is the version of the summary and of the files of a run folder.
const Version = 1

// Report is everything that renderers need.
type Report struct {
	Summary Summary
	// Table lists the figures of the summary; nil stands for the built-in ones.
	Table *sim.FigureTable

	// Series are the metrics sampled over the run. A value that is not a
	// number stands for a missing sample.
	Series measure.Table
	// Past has the rates before the start of accounts that bring a history along.
	Past measure.Table
	// Queues are those of the clients: see sim.QueueMetrics. With replications they are
	// those of the first.
	Queues measure.Table
	// Dwell says how long addresses stay on the global list.
	Dwell measure.Survival
	// Delays are the delays of accepted calls, of accounts that had any.
	Delays []Delay
	// DelayHGRM is the delay of all accounts together, in the text form that
	// HdrHistogram's plotters read.
	DelayHGRM string

	// Values and Bands describe replications; empty and nil for a single run.
	Values Values
	Bands  *Bands

	Scenario  string   // the TOML text as run
	File      string   // base name of the scenario's file, or the name of a shipped scenario
	Overrides []string // keys set on the command line: "account.acme.quota=1000"
	Tool      string   // version of the program that ran it
}

// Delay is the virtual time from when an account's messages were due to when
// SES accepted them.
type Delay struct {
	Account  string
	Calls    int64 // accepted calls; at least 1
	Spectrum []measure.Quantile
}

// Input is what a Report needs beyond the run itself.
type Input struct {
	Scenario  string // the TOML text as run
	File      string // path or shipped name; only its last part is kept
	Overrides []string
	Version   string // of the program
}

// New builds the report of a run. It fails if a figure of the result is not a
// finite number or a time is outside the calendar of RFC 3339.
func New(cfg *sim.Config, res *sim.Result, in Input) (*Report, error) {
	if last := cfg.Start.Add(cfg.Horizon).UTC(); cfg.Start.UTC().Year() < 0 || last.Year() > 9999 {
		return nil, fmt.Errorf("reports: the run from %s to %s leaves the years 0 to 9999", cfg.Start, last)
	}
	summary, err := summarize(cfg, res)
	if err != nil {
		return nil, fmt.Errorf("reports: %w", err)
	}
	r := &Report{
		Summary:  summary,
		Table:    cfg.Figures,
		Series:   series(&res.Series),
		Past:     series(&res.Past),
		Queues:   series(&res.Queues),
		Dwell:    res.Global.Dwell,
		Scenario: in.Scenario,
		File:     in.File[strings.LastIndexAny(in.File, `/\`)+1:],
		Tool:     in.Version,
	}
	if len(in.Overrides) > 0 {
		r.Overrides = append(r.Overrides, in.Overrides...)
	}
	if len(r.Dwell.Steps) == 0 {
		r.Dwell.Steps = nil
	}
	if err := r.addDelays(cfg, res); err != nil {
		return nil, fmt.Errorf("reports: %w", err)
	}
	return r, nil
}

// series returns the table as it is stored: without columns nothing was
// sampled, so there are no instants.
func series(t *measure.Table) measure.Table {
	if len(t.Columns) == 0 || len(t.Times) == 0 {
		return measure.Table{}
	}
	return *t
}

// hgrmTitle is the title of the distribution in DelayHGRM.
const hgrmTitle = "virtual time from when a message was due to its acceptance"

func (r *Report) addDelays(cfg *sim.Config, res *sim.Result) error {
	var all measure.Histogram
	for i := range res.Accounts {
		h := res.Accounts[i].Delay
		if h == nil || h.Count() == 0 {
			continue
		}
		if err := all.Merge(h); err != nil {
			return fmt.Errorf("admission delays of %s: %w", cfg.Accounts[i].Name, err)
		}
		r.Delays = append(r.Delays, Delay{cfg.Accounts[i].Name, h.Count(), spectrum(h)})
	}
	var text bytes.Buffer
	if err := all.WriteHGRM(&text, hgrmTitle); err != nil {
		return fmt.Errorf("admission delays: %w", err)
	}
	r.DelayHGRM = text.String()
	return nil
}

// spectrum returns the quantiles that describe a histogram: those of the
// tables, and enough between them to draw a curve.
func spectrum(h *measure.Histogram) []measure.Quantile {
	all := h.Spectrum(5)
	for _, q := range measure.Nines {
		if q < 1 {
			all = append(all, measure.Quantile{Q: q, Value: h.Quantile(q)})
		}
	}
	slices.SortFunc(all, func(a, b measure.Quantile) int { return cmp.Compare(a.Q, b.Q) })
	all = slices.CompactFunc(all, func(a, b measure.Quantile) bool { return a.Q == b.Q })
	var kept []measure.Quantile
	for i, q := range all {
		if i == 0 || i == len(all)-1 || slices.Contains(measure.Nines, q.Q) || q.Value != all[i-1].Value || q.Value != all[i+1].Value {
			kept = append(kept, q)
		}
	}
	return kept
}

// Quantile returns the delay that a share q of the calls did not exceed: exact
// for the quantiles of measure.Nines, otherwise the next one known.
func (d *Delay) Quantile(q float64) time.Duration {
	for _, p := range d.Spectrum {
		if p.Q >= q {
			return p.Value
		}
	}
	return 0
}

// Offset returns the virtual time of an instant, counted from the start of the
// run.
func (r *Report) Offset(at time.Time) time.Duration { return at.Sub(r.Summary.Start) }

// End returns the virtual time at which the run ended.
func (r *Report) End() time.Duration {
	if r.Summary.EndSeconds != nil {
		return time.Duration(*r.Summary.EndSeconds)
	}
	return time.Duration(r.Summary.HorizonSeconds)
}

// FirstRefusal returns when an account's first call was refused for a reason.
func (r *Report) FirstRefusal(a *Account, reason string) (time.Duration, bool) {
	for _, f := range a.Refusals {
		if f.Reason == reason {
			return r.Offset(f.At), true
		}
	}
	return 0, false
}

// Standings returns, for each rule that the summary names, whether it is
// documented, observed or assumed.
func (r *Report) Standings() map[string]string {
	words := map[string]string{}
	for _, known := range rules.Catalogue() {
		words[known.Name] = known.Standing.String()
	}
	for _, fired := range r.Summary.Rules {
		words[fired.ID] = fired.Standing // as of the run
	}
	return words
}
