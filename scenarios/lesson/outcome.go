package lesson

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"sesim/scenarios"
	"sesim/scenarios/internal/tree"
	"sesim/sim"
	"sesim/sim/criteria"
	"sesim/sim/rules"
	"sesim/sim/unit"
)

// Outcome is a run with what it was a run of.
type Outcome struct {
	Config *sim.Config
	Result *sim.Result
}

// The lessons ask for two moments that the metrics of thresholds do not have:
// "shop.first_refused.quota", when the account's first call was refused for
// that reason, and "shop.resumes.quota", when after it mail was accepted
// again, to the sample of the series before.
const (
	firstRefused = ".first_refused."
	resumes      = ".resumes."
)

// Kind returns what a metric measures, and false if there is no such metric.
func (o *Outcome) Kind(metric string) (criteria.Kind, bool) {
	for _, moment := range []string{firstRefused, resumes} {
		if account, reason, ok := strings.Cut(metric, moment); ok {
			_, known := o.Config.Metric(account + ".refused." + reason)
			return criteria.Duration, known
		}
	}
	return o.Config.Metric(metric)
}

// known reports whether a figure can be of this: a metric, or a parameter of the rules.
func (o *Outcome) known(of string) (criteria.Kind, bool) {
	if o.Config == nil {
		return 0, false
	}
	if name, ok := strings.CutPrefix(of, rulesPrefix); ok {
		v, err := parameter(&o.Config.Rules, name)
		return v.Kind, err == nil
	}
	return o.Kind(of)
}

// Value returns the value of a metric, and false where the run has none.
func (o *Outcome) Value(metric string) (float64, bool) {
	if account, reason, ok := strings.Cut(metric, firstRefused); ok {
		at, data := o.firstRefused(account, reason)
		return at.Seconds(), data
	}
	if account, reason, ok := strings.Cut(metric, resumes); ok {
		at, data := o.resumes(account, reason)
		return at.Seconds(), data
	}
	return o.Result.Value(o.Config, metric)
}

func (o *Outcome) firstRefused(account, reason string) (time.Duration, bool) {
	for i := range o.Result.Accounts {
		if o.Config.Accounts[i].Name != account {
			continue
		}
		for _, r := range o.Result.Accounts[i].Refusals {
			if r.Reason.String() == reason {
				return r.At, true
			}
		}
	}
	return 0, false
}

// resumes looks for the first sample after the first refusal up to which
// nothing was accepted and after which something was.
func (o *Outcome) resumes(account, reason string) (time.Duration, bool) {
	from, ok := o.firstRefused(account, reason)
	accepted := o.Result.Series.Find(account, "accepted")
	if !ok || accepted == nil {
		return 0, false
	}
	times, stood := o.Result.Series.Times, false
	for i := 1; i < len(times); i++ {
		if times[i-1] < from {
			continue
		}
		if accepted.Values[i] == accepted.Values[i-1] {
			stood = true
		} else if stood {
			return times[i-1], true
		}
	}
	return 0, false
}

// Meets reports whether the run meets all criteria.
func (o *Outcome) Meets(all ...string) (bool, error) {
	for _, criterion := range all {
		c, err := criteria.Parse(criterion, o.Kind)
		if err != nil {
			return false, err
		}
		if value, data := o.Value(c.Metric); c.Judge(value, data) != criteria.Pass {
			return false, nil
		}
	}
	return true, nil
}

// Right returns the ID of the right answer to the lesson's prediction.
func (l *Lesson) Right(o *Outcome) (string, error) {
	for _, option := range l.Options {
		if option.If == "" {
			return option.ID, nil
		}
		ok, err := o.Meets(option.If)
		if err != nil {
			return "", fmt.Errorf("lesson %s: %w", l.ID, err)
		}
		if ok {
			return option.ID, nil
		}
	}
	return "", nil
}

// Reached returns the indices of the labs whose goals a run meets; where others must have been
// drawn beside it, as far as the run can tell.
func (l *Lesson) Reached(o *Outcome) ([]int, error) {
	reached := []int{}
	for i, lab := range l.Labs {
		if len(lab.Goal) == 0 && lab.Others == "" {
			continue
		}
		ok, err := o.Meets(lab.Goal...)
		if err != nil {
			return nil, fmt.Errorf("lesson %s: %w", l.ID, err)
		}
		if ok {
			reached = append(reached, i)
		}
	}
	return reached, nil
}

// Value is a figure of a text.
type Value struct {
	Value float64 // shares from 0 to 1, durations in seconds
	Kind  criteria.Kind
	Data  bool
	// Of a parameter of the rules: the standing of the value, which is empty for one that the
	// scenario sets, and the values of a list, which are durations in seconds.
	Standing string
	List     []float64
}

// Run runs a scenario.
type Run func(context.Context, *sim.Config) (*sim.Result, error)

// Values runs what the lesson's texts take figures from, and returns these by name.
func (l *Lesson) Values(ctx context.Context, run Run) (map[string]Value, error) {
	values := map[string]Value{}
	for _, name := range l.Variants() {
		if !slices.ContainsFunc(l.Figures, func(f Figure) bool { return f.Variant == name }) {
			continue
		}
		o, err := l.RunVariant(ctx, run, name)
		if err != nil {
			return nil, fmt.Errorf("lesson %s, variant %q: %w", l.ID, name, err)
		}
		for _, f := range l.Figures {
			if f.Variant != name {
				continue
			}
			if values[f.Name], err = o.figure(f.Of); err != nil {
				return nil, fmt.Errorf("lesson %s: %w", l.ID, err)
			}
		}
	}
	return values, nil
}

// RunVariant runs a variant of the lesson's scenario.
func (l *Lesson) RunVariant(ctx context.Context, run Run, name string) (*Outcome, error) {
	cfg, err := l.Load(name)
	if err != nil {
		return nil, err
	}
	result, err := run(ctx, cfg)
	return &Outcome{cfg, result}, err
}

// rulesPrefix begins the name of a parameter of the rules.
const rulesPrefix = "rules."

// figure returns what a figure is of.
func (o *Outcome) figure(of string) (v Value, err error) {
	if name, ok := strings.CutPrefix(of, rulesPrefix); ok {
		return parameter(&o.Config.Rules, name)
	}
	known := false
	if v.Kind, known = o.Kind(of); !known {
		return v, fmt.Errorf("there is no metric %q", of)
	}
	v.Value, v.Data = o.Value(of)
	return v, nil
}

// parameter returns the value of a parameter, "review.length", or of an entry of a list,
// "global.durations[0]". A value that is not the default needs no standing: the lesson
// sets it.
func parameter(set *rules.Set, name string) (v Value, err error) {
	name, entry, indexed := strings.Cut(strings.TrimSuffix(name, "]"), "[")
	p := rules.Find(name)
	if p == nil {
		return v, fmt.Errorf("there is no parameter %q", name)
	}
	v.Data = true
	if p.Get(set) == p.Default() && p.Standing != rules.Documented {
		v.Standing = p.Standing.String()
	}
	text := p.Get(set)
	switch p.Notations()[0].Kind {
	case rules.Whole, rules.Number:
		v.Kind = criteria.Number
		v.Value, err = strconv.ParseFloat(text, 64)
	case rules.Duration:
		v.Kind = criteria.Duration
		v.Value, err = seconds(text)
	case rules.List:
		v.Kind = criteria.Duration
		for part := range strings.SplitSeq(strings.Trim(text, "[]"), ", ") {
			length, wrong := seconds(strings.Trim(part, `"`))
			v.List, err = append(v.List, length), errors.Join(err, wrong)
		}
		if i, wrong := strconv.Atoi(entry); indexed && wrong == nil && i < len(v.List) {
			v.Value, v.List = v.List[i], nil
		}
	default:
		err = fmt.Errorf("%s is neither a number nor a duration", name)
	}
	return v, err
}

func seconds(text string) (float64, error) {
	d, err := unit.ParseDuration(text)
	return d.Seconds(), err
}

// Check runs the scenario of a lesson and its variants, and returns what does not hold: a
// criterion of holds that is not met, a figure without a value, a goal that is reached
// before anybody has done anything, a value of a control that the scenario cannot have, a turn
// with another answer. The error is a *scenarios.Errors, or that of run.
func (l *Lesson) Check(ctx context.Context, run Run) error {
	for _, v := range l.variants {
		o, err := l.RunVariant(ctx, run, v.name)
		if err != nil {
			return fmt.Errorf("%s, variant %q: %w", l.from.name, v.name, err)
		}
		l.checkRun(o, &v)
	}
	l.checkValues()
	for i, t := range l.Turns {
		if err := l.checkTurn(ctx, run, tree.Element("turn", i), t); err != nil {
			return err
		}
	}
	return l.from.Err()
}

// checkValues loads the scenario with each value of each control.
func (l *Lesson) checkValues() {
	for i, c := range l.Controls {
		for _, v := range c.Values {
			set := make([]scenarios.Override, len(c.Keys))
			for k, key := range c.Keys {
				set[k] = scenarios.Override{Key: key, Value: v, Flag: "set"}
			}
			if _, err := l.Load("", set...); err != nil {
				l.Wrong(tree.Element("control", i), "the scenario cannot have its value %s: %v", v, err)
			}
		}
	}
}

// checkTurn runs the scenario with the value of a turn.
func (l *Lesson) checkTurn(ctx context.Context, run Run, at string, t Turn) error {
	cfg, err := l.Load("", scenarios.Override{Key: rulesPrefix + t.Parameter, Value: t.Value, Flag: "set"})
	if err != nil {
		l.Wrong(at, "the scenario cannot have it: %v", err)
		return nil
	}
	result, err := run(ctx, cfg)
	if err != nil {
		return fmt.Errorf("%s, %s: %w", l.from.name, at, err)
	}
	if right, err := l.Right(&Outcome{cfg, result}); err != nil || right != t.To {
		l.Wrong(at+".to", "with %s = %s the answer is %q, not %q", t.Parameter, t.Value, right, t.To)
	}
	return nil
}

func (l *Lesson) checkRun(o *Outcome, v *variant) {
	for i, criterion := range v.holds {
		if ok, err := o.Meets(criterion); err != nil || !ok {
			metric, _, _ := strings.Cut(criterion, " ")
			value, data := o.Value(metric)
			at := tree.Element(strings.TrimPrefix(v.path+".holds", "."), i)
			l.Wrong(at, "%s does not hold: the value is %g (data: %t)", criterion, value, data)
		}
	}
	for i, f := range l.Figures {
		if f.Variant == v.name {
			if value, err := o.figure(f.Of); err != nil || !value.Data {
				l.Wrong(tree.Element("figure", i)+".of", "%s has no value in this run: the texts have a place for it", f.Of)
			}
		}
	}
	if v.name != "" {
		return
	}
	for i, lab := range l.Labs {
		if ok, _ := o.Meets(lab.Goal...); ok && len(lab.Goal) > 0 && lab.Others == "" {
			l.Wrong(tree.Element("lab", i)+".goal", "the scenario reaches it as it is: a goal is what a change of the settings leads to")
		}
	}
}
