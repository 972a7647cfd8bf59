package learn

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"sesim/scenarios"
	"sesim/sim"
	"sesim/sim/criteria"
	"sesim/sim/rules"
	"sesim/sim/unit"
)

// Value is a figure of a text, for the page to write.
type Value struct {
	Value float64 `json:"value"` // shares from 0 to 1, durations in seconds
	Kind  string  `json:"kind"`  // count, share, duration, number or durations
	Data  bool    `json:"data"`
	// Of a parameter of the rules: the standing of the value, and the values of a list.
	Standing string    `json:"standing,omitempty"`
	List     []float64 `json:"list,omitempty"`
	// Of a metric: the parameters that AWS does not publish with which it changes.
	Moves []string `json:"moves,omitempty"`
}

var kindWords = map[criteria.Kind]string{
	criteria.Count: "count", criteria.Share: "share", criteria.Duration: "duration", criteria.Number: "number",
}

// outcome is a run with what it was a run of.
type outcome struct {
	cfg    *sim.Config
	result *sim.Result
}

// The lessons ask for two moments that the metrics of thresholds do not have:
// "shop.first_refused.quota", when the account's first call was refused for
// that reason, and "shop.resumes.quota", when after it mail was accepted
// again, to the sample of the series before.
const (
	firstRefused = ".first_refused."
	resumes      = ".resumes."
)

// kind says what a metric measures.
func (o *outcome) kind(metric string) (criteria.Kind, bool) {
	if strings.Contains(metric, firstRefused) || strings.Contains(metric, resumes) {
		return criteria.Duration, true
	}
	return o.cfg.Metric(metric)
}

// value returns the value of a metric, and false where the run has none.
func (o *outcome) value(metric string) (float64, bool) {
	if account, reason, ok := strings.Cut(metric, firstRefused); ok {
		at, data := o.firstRefused(account, reason)
		return at.Seconds(), data
	}
	if account, reason, ok := strings.Cut(metric, resumes); ok {
		at, data := o.resumes(account, reason)
		return at.Seconds(), data
	}
	return o.result.Value(o.cfg, metric)
}

func (o *outcome) firstRefused(account, reason string) (time.Duration, bool) {
	for i := range o.result.Accounts {
		if o.cfg.Accounts[i].Name != account {
			continue
		}
		for _, r := range o.result.Accounts[i].Refusals {
			if r.Reason.String() == reason {
				return r.At, true
			}
		}
	}
	return 0, false
}

// resumes looks for the first sample after the first refusal up to which
// nothing was accepted and after which something was.
func (o *outcome) resumes(account, reason string) (time.Duration, bool) {
	from, ok := o.firstRefused(account, reason)
	accepted := o.result.Series.Find(account, "accepted")
	if !ok || accepted == nil {
		return 0, false
	}
	times, stood := o.result.Series.Times, false
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

// meets reports whether the run meets a criterion. An empty one is met.
func (o *outcome) meets(criterion string) (bool, error) {
	if criterion == "" {
		return true, nil
	}
	c, err := criteria.Parse(criterion, o.kind)
	if err != nil {
		return false, err
	}
	value, data := o.value(c.Metric)
	return c.Judge(value, data) == criteria.Pass, nil
}

// right returns the answer to the lesson's prediction.
func (l *Lesson) right(o *outcome) (string, error) {
	for _, option := range l.Options {
		ok, err := o.meets(option.If)
		if err != nil {
			return "", fmt.Errorf("lesson %s: %w", l.ID, err)
		}
		if ok {
			return option.ID, nil
		}
	}
	return "", nil
}

// variant runs the lesson's scenario with a variant's keys.
func (l *Lesson) variant(ctx context.Context, b *Budget, name string) (*outcome, error) {
	cfg, err := l.load(name)
	if err != nil {
		return nil, err
	}
	result, err := b.run(ctx, cfg, nil)
	return &outcome{cfg, result}, err
}

// load returns the scenario of a variant.
func (l *Lesson) load(name string) (*sim.Config, error) {
	src, _ := scenarios.Source(l.Scenario)
	return scenarios.Load(l.Scenario, src, l.Variants[name]...)
}

// figures runs what the lesson's texts take figures from.
func (l *Lesson) figures(ctx context.Context, b *Budget) (map[string]Value, error) {
	runs := map[string]*outcome{}
	values := map[string]Value{}
	for _, f := range l.Figures {
		o := runs[f.Variant]
		if o == nil {
			var err error
			if o, err = l.variant(ctx, b, f.Variant); err != nil {
				return nil, fmt.Errorf("lesson %s, variant %q: %w", l.ID, f.Variant, err)
			}
			runs[f.Variant] = o
		}
		if name, ok := strings.CutPrefix(f.Metric, "rules."); ok {
			v, err := parameter(&o.cfg.Rules, name)
			if err != nil {
				return nil, fmt.Errorf("lesson %s: %w", l.ID, err)
			}
			values[f.Name] = v
			continue
		}
		kind, ok := o.kind(f.Metric)
		if !ok {
			return nil, fmt.Errorf("lesson %s: there is no metric %q", l.ID, f.Metric)
		}
		value, data := o.value(f.Metric)
		values[f.Name] = Value{Value: value, Kind: kindWords[kind], Data: data, Moves: moves()[l.ID][f.Name]}
	}
	return values, nil
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
		v.Kind = kindWords[criteria.Number]
		v.Value, err = strconv.ParseFloat(text, 64)
	case rules.Duration:
		v.Kind = kindWords[criteria.Duration]
		v.Value, err = seconds(text)
	case rules.List:
		v.Kind = "durations"
		for part := range strings.SplitSeq(strings.Trim(text, "[]"), ", ") {
			length, wrong := seconds(strings.Trim(part, `"`))
			v.List, err = append(v.List, length), errors.Join(err, wrong)
		}
		if i, wrong := strconv.Atoi(entry); indexed && wrong == nil && i < len(v.List) {
			v.Kind, v.Value, v.List = kindWords[criteria.Duration], v.List[i], nil
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
