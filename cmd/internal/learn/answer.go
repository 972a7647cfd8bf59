package learn

import (
	"context"
	"slices"
	"strconv"

	"sesim/reports"
	"sesim/scenarios/lesson"
	"sesim/sim"
	"sesim/sim/assumptions"
	"sesim/sim/measure"
	"sesim/sim/ses"
)

// answer is the answer to a run. Summary is the output of sesim run --json for
// Scenario.
type answer struct {
	Scenario string `json:"scenario"`
	Command  string `json:"command"`
	Right    string `json:"right,omitempty"` // option of the prediction; of a lesson
	Reached  []int  `json:"reached"`         // labs of a lesson whose goals the run meets
	// Unpublished are the parameters that AWS does not document, nobody has set, and the
	// run may have read to some effect.
	Unpublished []string         `json:"unpublished"`
	Summary     reports.Summary  `json:"summary"`
	Series      series           `json:"series"`
	Phases      map[string][]era `json:"phases"` // by account
	Stays       Stays            `json:"stays"`
}

// era is a time that an account spends in one state.
type era struct {
	From  reports.Seconds `json:"from"`
	To    reports.Seconds `json:"to"`
	State reports.State   `json:"state"`
}

// series is what the run sampled: the columns by account and metric, those
// that all accounts share under "".
type series struct {
	Seconds []float64                     `json:"seconds"`
	Columns map[string]map[string]figures `json:"columns"`
}

// figures are written with six digits at most, which no chart can tell from
// more.
type figures []float64

// MarshalJSON writes a list of numbers; whole ones in full.
func (f figures) MarshalJSON() ([]byte, error) {
	b := make([]byte, 0, 4*len(f)+2)
	b = append(b, '[')
	for i, v := range f {
		if i > 0 {
			b = append(b, ',')
		}
		if whole := int64(v); float64(whole) == v {
			b = strconv.AppendInt(b, whole, 10)
		} else {
			b = strconv.AppendFloat(b, v, 'g', 6, 64)
		}
	}
	return append(b, ']'), nil
}

// tableOf rearranges a table for the page.
func tableOf(t *measure.Table) series {
	s := series{Seconds: make([]float64, len(t.Times)), Columns: map[string]map[string]figures{}}
	for i, at := range t.Times {
		s.Seconds[i] = at.Seconds()
	}
	for _, c := range t.Columns {
		if s.Columns[c.Account] == nil {
			s.Columns[c.Account] = map[string]figures{}
		}
		s.Columns[c.Account][c.Metric] = figures(c.Values)
	}
	return s
}

// run runs the scenario and answers with all that the page draws.
func (t *task) run(ctx context.Context, b *Budget) (*answer, error) {
	seen := newStays()
	result, err := b.watched(ctx, t.cfg, seen)
	if err != nil {
		return nil, err
	}
	o := &lesson.Outcome{Config: t.cfg, Result: result}
	report, err := reports.New(t.cfg, result, reports.Input{Scenario: string(t.text), File: t.cfg.Name})
	if err != nil {
		return nil, err
	}
	a := &answer{
		Scenario: string(t.text), Command: t.command(), Summary: report.Summary, Series: tableOf(&report.Series),
		Phases: erasOf(report), Stays: seen.answer(t.cfg), Unpublished: unpublishedIn(t.cfg, result),
	}
	if t.lesson == nil {
		return a, nil
	}
	if a.Right, err = t.lesson.Right(o); err != nil {
		return nil, err
	}
	a.Reached, err = t.lesson.Reached(o)
	return a, err
}

// unpublishedIn returns the names of the parameters that can matter in a run, and that
// its scenario does not set.
func unpublishedIn(cfg *sim.Config, r *sim.Result) []string {
	given := cfg.GivenRules()
	isGiven := func(name string) bool { return slices.Contains(given, name) }
	return slices.DeleteFunc(assumptions.CanMatter(cfg, r), isGiven)
}

func erasOf(report *reports.Report) map[string][]era {
	all := map[string][]era{}
	for i := range report.Summary.Accounts {
		a := &report.Summary.Accounts[i]
		for _, p := range report.Phases(a) {
			all[a.Name] = append(all[a.Name], era{reports.Seconds(p.From), reports.Seconds(p.To), p.State})
		}
	}
	return all
}

// lot is a run with another seed, which tells an effect of the settings from chance,
// or with other values of what AWS does not publish, which tells it from an assumption.
type lot struct {
	Seed   uint64        `json:"seed"`
	State  reports.State `json:"state"` // the most serious state of the account
	Right  string        `json:"right,omitempty"`
	Max    float64       `json:"max"` // of the bounce rate
	Bounce series        `json:"bounce"`
}

// combinations is the number of settings of what AWS does not publish that the page may
// ask for: a joint design.
const combinations = 20

// combine sets the parameters of a combination, counted from 1; 0 is none. A scenario
// that sets every parameter itself has none.
func combine(cfg *sim.Config, combination int) error {
	parameters := assumptions.Vary(cfg)
	if combination == 0 || len(parameters) == 0 {
		return nil
	}
	settings := assumptions.Joint(cfg.Seed, parameters, combinations)
	return settings[combination-1].Apply(parameters, &cfg.Rules)
}

// draw runs the scenario with a seed and one of the combinations, counted from 1, or
// none if it is 0, and tells about one account.
func (t *task) draw(ctx context.Context, b *Budget, seed uint64, combination int, account string) (*lot, error) {
	cfg := *t.cfg
	cfg.Seed = seed
	if err := combine(&cfg, combination); err != nil {
		return nil, err
	}
	if err := b.Check(&cfg); err != nil {
		return nil, err
	}
	result, err := b.run(ctx, &cfg)
	if err != nil {
		return nil, err
	}
	o := &lesson.Outcome{Config: &cfg, Result: result}
	d := &lot{Seed: seed, State: gravest(o, account)}
	d.Max, _ = o.Value(account + ".bounce_rate.max")
	if c := result.Series.Find(account, "bounce_rate"); c != nil {
		d.Bounce = tableOf(thin(judged(&result.Series, c, result.Series.Find(account, "bounce_eligible"), cfg.Rules.Rep.MinEligible)))
	}
	if t.lesson != nil {
		d.Right, err = t.lesson.Right(o)
	}
	return d, err
}

// judged returns the samples of a rate from the first one on that stands on as many emails as
// the model judges.
func judged(all *measure.Table, rate, eligible *measure.Column, least int64) *measure.Table {
	from := 0
	for eligible != nil && from < len(all.Times)-1 && eligible.Values[from] < float64(least) {
		from++
	}
	return &measure.Table{
		Times:   all.Times[from:],
		Columns: []measure.Column{{Account: rate.Account, Metric: rate.Metric, Values: rate.Values[from:]}},
	}
}

// graver are the states of an account, the gravest first, with the events that lead to them.
var graver = [...]struct {
	event ses.Event
	state reports.State
}{{ses.EventPaused, reports.StatePaused}, {ses.EventUnderReview, reports.StateReview}}

// gravest returns the gravest state that an account was in.
func gravest(o *lesson.Outcome, account string) reports.State {
	for _, s := range graver {
		if n, _ := o.Value(sim.CountOf(account, s.event)); n > 0 {
			return s.state
		}
	}
	return reports.StateHealthy
}

// thin keeps about two hundred rows of a table, the last among them.
func thin(t *measure.Table) *measure.Table {
	step := max(1, len(t.Times)/200)
	kept := &measure.Table{Columns: make([]measure.Column, len(t.Columns))}
	for c := range t.Columns {
		kept.Columns[c] = measure.Column{Account: t.Columns[c].Account, Metric: t.Columns[c].Metric}
	}
	for i := range t.Times {
		if i%step != 0 && i != len(t.Times)-1 {
			continue
		}
		kept.Times = append(kept.Times, t.Times[i])
		for c := range t.Columns {
			kept.Columns[c].Values = append(kept.Columns[c].Values, t.Columns[c].Values[i])
		}
	}
	return kept
}
