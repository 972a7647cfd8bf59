package compare

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"time"

	"sesim/reports"
	"sesim/reports/jsontext"
	"sesim/reports/wording"
	"sesim/sim/replicate"
	"sesim/sim/unit"
)

// WriteJSON writes the comparison as comparison.json.
func WriteJSON(w io.Writer, c *Comparison) error {
	return jsontext.WriteIndented(w, c)
}

// shown returns at most most figures to show: those of thresholds and limits,
// then headlines with a significant change, then, up to least figures, others
// with one. More counts the significant changes not shown, chance the changes
// that are not significant.
func (c *Comparison) shown(least, most int) (list []Figure, more, chance int) {
	for _, f := range c.Figures {
		if f.rank == 0 || slices.ContainsFunc(f.Changes, Change.Certain) {
			list = append(list, f)
		} else {
			chance++
		}
	}
	slices.SortStableFunc(list, func(a, b Figure) int { return cmp.Compare(a.rank, b.rank) })
	end := 0
	for end < min(len(list), most) && (list[end].rank < 2 || end < least) {
		end++
	}
	return list[:end], len(list) - end, chance
}

// value returns a figure as text.
func value(kind string, v replicate.Number) string {
	x := float64(v)
	if math.IsNaN(x) {
		return "no data"
	}
	if kind == "count" && x != math.Trunc(x) {
		return wording.Decimal(x, 1) // a mean
	}
	return wording.Value(&reports.Threshold{Value: &x, Kind: kind})
}

// value returns what a run made of the threshold as text.
func (t *Threshold) value(run int) string {
	if math.IsNaN(float64(t.Values[run])) {
		of := t.runs[run]
		of.Judged = nil // how many replications held it has no place here
		return wording.Value(&of)
	}
	return value(t.Kind, t.Values[run])
}

// change returns a change as text, with its sign, its interval and its
// percentage of the baseline.
func change(f *Figure, i int) string {
	c := f.Changes[i]
	s := signed(f.Kind, float64(c.Difference))
	if c.OK() && c.Low < c.High {
		s += fmt.Sprintf(" (%s to %s)", signed(f.Kind, float64(c.Low)), signed(f.Kind, float64(c.High)))
	}
	base := float64(f.Values[0])
	if f.Kind != "share" && base > 0 && c.Difference != 0 && !math.IsNaN(float64(c.Difference)) {
		s += fmt.Sprintf(", %+.3g%%", 100*float64(c.Difference)/base)
	}
	return s
}

// signed returns a difference as text; shares are in percentage points.
func signed(kind string, d float64) string {
	switch {
	case math.IsNaN(d):
		return "no data"
	case d == 0:
		return "0"
	}
	sign := "+"
	if d < 0 {
		sign, d = "-", -d
	}
	switch kind {
	case "share":
		return sign + points(d) + " pp"
	case "duration":
		return sign + wording.Span(time.Duration(d*float64(time.Second)))
	case "count":
		return sign + wording.Decimal(d, 1)
	}
	return sign + wording.Decimal(d, 4)
}

// points returns a share in percentage points.
func points(d float64) string {
	text := wording.Percent(d)
	return text[:len(text)-1]
}

// Letter returns the letter of a run in column headers.
func Letter(i int) string {
	if i < 26 {
		return string(rune('A' + i))
	}
	return fmt.Sprint(i + 1)
}

// Conditions returns a line about what all runs have in common.
func (c *Comparison) Conditions() string {
	s := fmt.Sprintf("%s · seed %d · edition %s", wording.Span(time.Duration(c.HorizonSeconds)), c.Seed, wording.Clean(c.Edition))
	if c.Replications > 1 {
		s += fmt.Sprintf(" · %s paired replications", wording.Count(int64(c.Replications)))
	}
	return s
}

// given says what the runs bring along and what of them is not known exactly.
func (c *Comparison) given() []string {
	one, all := wording.Means, wording.AllMeans
	if c.sides[0].Summary.Replications != nil {
		one, all = wording.EachRun, wording.EachRun
	}
	before := func(r *Run, _ wording.Draws) []string { return wording.Given(r.Before, nil, one) }
	uncertain := func(r *Run, draws wording.Draws) []string { return wording.Given(nil, r.Uncertain, draws) }
	return append(c.together(before, one, all), c.together(uncertain, one, all)...)
}

// together returns what is said of all runs where that is the same, or else of each.
func (c *Comparison) together(say func(*Run, wording.Draws) []string, one, all wording.Draws) (list []string) {
	first := say(&c.Runs[0], all)
	if !slices.ContainsFunc(c.Runs, func(r Run) bool { return !slices.Equal(say(&r, all), first) }) {
		return first
	}
	for i := range c.Runs {
		for _, sentence := range say(&c.Runs[i], one) {
			list = append(list, Letter(i)+": "+sentence)
		}
	}
	return list
}

// footnotes returns notes on what the tables leave out, and on what the runs rest on.
func (c *Comparison) footnotes(more, chance int) []string {
	var list []string
	if more > 0 {
		list = append(list, fmt.Sprintf("%s changed; --json lists them all.", unit.Plural(int64(more), "further figure", "further figures")))
	}
	if chance > 0 {
		list = append(list, unit.Plural(int64(chance), "more difference is", "more differences are")+
			" not significant: the confidence interval includes zero.")
	}
	list = append(list, unit.Plural(int64(c.Same), "figure is", "figures are")+" the same in all runs.")
	if c.Replications > 1 {
		list = append(list, fmt.Sprintf("In brackets: the %s confidence interval of the mean paired difference, by Student's t.",
			wording.Percent(c.Confidence)))
	} else {
		list = append(list, "Single runs: the differences have no confidence intervals.")
	}
	return slices.Concat(list, c.given(), c.Notes)
}

// moved returns the thresholds whose verdict changed.
func (c *Comparison) moved() []Threshold {
	var list []Threshold
	for _, t := range c.Thresholds {
		if t.Changed {
			list = append(list, t)
		}
	}
	return list
}
