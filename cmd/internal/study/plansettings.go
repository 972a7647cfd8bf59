package study

import (
	"context"
	"errors"
	"runtime"
	"slices"

	"sesim/cmd/internal/terminal"
	"sesim/reports"
	"sesim/reports/planreport"
	"sesim/scenarios"
	"sesim/sim"
	"sesim/sim/assumptions"
	"sesim/sim/criteria"
	"sesim/sim/plan"
	"sesim/sim/replicate"
)

// nearby is how many values of a key are tried where an answer breaks a promise.
const nearby = 10

// planSettings judges the answer of a plan in other settings of what AWS does not publish.
type planSettings struct {
	doc        *scenarios.Document
	answer     *plan.Answer
	cfg        *sim.Config // the scenario with the answer
	seeds      int
	calls      []int64 // of the own runs
	parameters []assumptions.Parameter
	promises   []criteria.Promise // that the answer keeps over these seeds
	out        *planreport.Assumptions
}

// assume adds to a plan in how many settings its answer holds, and what would keep the
// promises where it does not. Its error is about a setting, or an interrupt: then the plan
// has what was tried until then.
func (s *System) assume(
	ctx context.Context, doc *scenarios.Document, answer *plan.Answer, p *planreport.Plan, o *AssumptionOptions, mode terminal.Mode,
) error {
	if !o.asked() || answer.Status != plan.Found || answer.Unfinished {
		return nil
	}
	cfg, err := doc.Candidate(answer.Values)
	if err != nil {
		return err
	}
	x := &planSettings{
		doc: doc, answer: answer, cfg: cfg, seeds: min(doc.Goal.Replications, assumptions.MaxSeeds), parameters: assumptions.Vary(cfg),
		out: &planreport.Assumptions{
			Given: reports.GivenAssumptions(cfg), Parameters: []string{}, Judged: []string{}, Breaks: []planreport.Break{},
		},
	}
	x.out.Given = slices.Concat([]string{}, x.out.Given)
	p.Assumptions = x.out
	err = s.judgePlan(ctx, x, o.combinations(), mode)
	if ctx.Err() != nil {
		err = ErrInterrupted
	}
	x.out.Incomplete = x.out.Incomplete || err != nil
	return err
}

// judgePlan judges the answer as the scenario is, in all settings, and searches where it
// breaks a promise.
func (s *System) judgePlan(ctx context.Context, x *planSettings, joint int, mode terminal.Mode) error {
	defer s.manyRuns()()
	if err := x.own(ctx); err != nil {
		return err
	}
	settings := assumptions.Each(x.parameters)
	each := len(settings)
	settings = append(settings, assumptions.Joint(x.cfg.Seed, x.parameters, joint)...)
	m := newCounter(s, mode, x.cfg.Name, x.seeds*len(settings))
	defer m.display.Close()
	var broken []int // settings with one parameter changed
	err := x.judge(ctx, settings, m, func(i int, kept []bool) {
		holds := !slices.Contains(kept, false)
		switch {
		case kept == nil:
			x.out.Incomplete = true
		default:
			x.out.Count(holds, i >= each)
		}
		if kept != nil && !holds && i < each {
			broken = append(broken, i)
			x.addBreak(&settings[i], kept)
		}
	})
	for k, i := range broken {
		if err == nil {
			err = x.search(ctx, &settings[i], &x.out.Breaks[k])
		}
	}
	return err
}

// own runs the answer as the scenario is: what it keeps over these seeds is judged in the
// settings.
func (x *planSettings) own(ctx context.Context) error {
	sample := plan.NewSample(x.doc.Goal.Promises)
	err := replicate.Run(ctx, *x.cfg, 0, x.seeds, runtime.GOMAXPROCS(0), func(_ int, r *sim.Result) error {
		assumptions.Mark(x.parameters, x.cfg, r)
		x.calls = append(x.calls, r.Admissions)
		sample.Add(x.cfg, r)
		return nil
	})
	if err != nil {
		return err
	}
	for i, verdict := range sample.Verdicts(x.doc.Goal.Confidence) {
		if verdict == plan.Kept {
			x.promises = append(x.promises, x.doc.Goal.Promises[i])
			x.out.Judged = append(x.out.Judged, x.doc.Goal.Promises[i].Expression)
		}
	}
	x.out.Seeds = x.seeds
	for i := range x.parameters {
		if x.parameters[i].Alone {
			x.out.Parameters = append(x.out.Parameters, x.parameters[i].Name)
		}
	}
	return nil
}

// judge runs the answer in each setting and says which of the promises it keeps; nil if
// the setting was not tried to the end.
func (x *planSettings) judge(ctx context.Context, settings []assumptions.Setting, m *counter, found func(i int, kept []bool)) error {
	config := func(i int) (sim.Config, error) {
		cfg := replicate.Config(x.cfg, i%x.seeds)
		return cfg, settings[i/x.seeds].Apply(x.parameters, &cfg.Rules)
	}
	most := func(i int) int64 { return assumptions.MaxFactor * x.calls[i%x.seeds] }
	var sample *plan.Sample
	return replicate.Bounded(ctx, len(settings)*x.seeds, runtime.GOMAXPROCS(0), config, most, func(i int, r *sim.Result, err error) error {
		if i%x.seeds == 0 {
			sample = plan.NewSample(x.promises)
		}
		switch {
		case errors.Is(err, replicate.ErrCalls):
			sample = nil
			m.skip(1)
		case err != nil:
			return err
		default:
			m.count(r)
		}
		if sample != nil && r != nil {
			sample.Add(x.cfg, r)
		}
		if i%x.seeds == x.seeds-1 {
			found(i/x.seeds, keptIn(sample, x.doc.Goal.Confidence))
		}
		return nil
	})
}

// keptIn returns which promises a sample keeps; nil without one.
func keptIn(sample *plan.Sample, confidence float64) []bool {
	if sample == nil {
		return nil
	}
	kept := []bool{}
	for _, verdict := range sample.Verdicts(confidence) {
		kept = append(kept, verdict == plan.Kept)
	}
	return kept
}

// addBreak adds a setting in which the answer does not hold.
func (x *planSettings) addBreak(of *assumptions.Setting, kept []bool) {
	c := of.Choices[0]
	b := planreport.Break{Parameter: x.parameters[c.Parameter].Name, Value: c.Value.Text, Called: c.Value.Name}
	for i := range kept {
		if !kept[i] {
			b.Promises = append(b.Promises, x.promises[i].Expression)
		}
	}
	x.out.Breaks = append(x.out.Breaks, b)
}

// search searches near the answer for values that keep the promises in a setting.
func (x *planSettings) search(ctx context.Context, of *assumptions.Setting, b *planreport.Break) error {
	q := *x.doc.Goal
	q.Promises, q.Replications, q.Confirm, q.Bare, q.Growth = x.promises, x.seeds, 0, true, plan.Growth{}
	q.Choices = make([]plan.Choice, len(x.doc.Goal.Choices))
	for j := range q.Choices {
		q.Choices[j] = x.doc.Goal.Choices[j].Near(x.answer.Values[j], nearby)
	}
	found, err := plan.Find(ctx, &q, candidatesIn{x.doc, x.parameters, of}, runtime.GOMAXPROCS(0), func(plan.Progress) {})
	if err != nil || found.Status != plan.Found || len(found.Apart) > 0 {
		return err
	}
	for j, v := range found.Values {
		b.Answer = append(b.Answer, q.Choices[j].Text(v))
	}
	return nil
}

// candidatesIn are a goal's candidates in a setting.
type candidatesIn struct {
	of         plan.Candidates
	parameters []assumptions.Parameter
	setting    *assumptions.Setting
}

// Candidate returns the scenario with these values in the setting.
func (c candidatesIn) Candidate(values []int64) (*sim.Config, error) {
	cfg, err := c.of.Candidate(values)
	if err != nil {
		return nil, err
	}
	changed := *cfg
	return &changed, c.setting.Apply(c.parameters, &changed.Rules)
}
