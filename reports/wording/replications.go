package wording

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"sesim/reports"
	"sesim/sim/criteria"
)

// Figure writes a value in the notation of its kind.
func Figure(kind criteria.Kind, v float64) string {
	switch kind {
	case criteria.Share:
		return Percent(v)
	case criteria.Duration:
		return Span(time.Duration(v * float64(time.Second)))
	}
	if v >= 1000 || v <= -1000 {
		return Decimal(v, 0)
	}
	return Decimal(v, 2)
}

// Known writes the value of a figure, or "no data".
func Known(f *reports.Figure) string {
	if !f.Data {
		return "no data"
	}
	return Figure(f.Kind, f.Value)
}

// Estimate writes a figure with its interval: "4.12% (4.09% to 4.15%)".
func Estimate(kind criteria.Kind, e *reports.Estimate) string {
	if e.Value == nil {
		return "no data"
	}
	value := Figure(kind, *e.Value)
	switch {
	case e.Low == nil || e.High == nil:
		return value + " (too few for an interval)"
	case *e.Low == *e.High:
		return value + " (the same in all)"
	}
	low, high := Figure(kind, *e.Low), Figure(kind, *e.High)
	if low == value && high == value { // narrower than the last digit
		return value
	}
	return fmt.Sprintf("%s (%s to %s)", value, low, high)
}

// Judged writes the value of a threshold over replications, with its interval
// and how many replications met it.
func Judged(t *reports.Threshold) string {
	value := noValue(t)
	if t.Value != nil {
		value = Estimate(reports.Kind(t.Kind), &reports.Estimate{Value: t.Value, Low: t.Judged.Low, High: t.Judged.High})
	}
	return fmt.Sprintf("%s; met in %s of %s", value, Count(int64(t.Judged.Hits)), Count(int64(t.Judged.Of)))
}

// Happens writes the probability of an event and the median of its first time.
func Happens(e *reports.Event, of int) string {
	s := fmt.Sprintf("%s of the replications (%s of %s)", Estimate(criteria.Share, &e.Probability), Count(int64(e.Hits)), Count(int64(of)))
	if e.Hits > 0 && e.First.Value != nil {
		s += ", first " + OnTenth(time.Duration(*e.First.Value*float64(time.Second))) + " (median)"
	}
	return s
}

// Goal says which precision was asked for, and whether it was reached.
func Goal(r *reports.Replications) string {
	if r.Goal == nil {
		return ""
	}
	kind := criteria.Number
	for _, m := range r.Metrics {
		if m.Name == r.Goal.Metric {
			kind = reports.Kind(m.Kind)
		}
	}
	word := "is known"
	if !r.Goal.Reached {
		word = "is not yet known"
	}
	return fmt.Sprintf("the mean of %s %s to within %s", r.Goal.Metric, word, Figure(kind, r.Goal.HalfWidth))
}

// Of returns the metrics whose name begins with an owner, without those that
// were 0 in all replications or had no data.
func Of(r *reports.Replications, owner string) []reports.Metric {
	return slices.DeleteFunc(slices.Clone(r.Metrics), func(m reports.Metric) bool {
		return !strings.HasPrefix(m.Name, owner+".") || m.Data == 0 || *m.Min == 0 && *m.Max == 0
	})
}

// Owners returns the accounts, senders and lists that have metrics, in order.
func Owners(r *reports.Replications) []string {
	var list []string
	for _, m := range r.Metrics {
		if owner, _, _ := strings.Cut(m.Name, "."); !slices.Contains(list, owner) {
			list = append(list, owner)
		}
	}
	return list
}

// Happenings writes the probabilities of an account's events: of reviews and
// pauses always, of others if they happen in some replications but not in all.
func Happenings(r *reports.Replications, account string) []string {
	var list []string
	for i := range r.Events {
		if e := &r.Events[i]; e.Account == account && (reports.Decides(e.Name) || e.Hits > 0 && e.Hits < r.Count) {
			list = append(list, e.Name.String()+": "+Happens(e, r.Count))
		}
	}
	return list
}
