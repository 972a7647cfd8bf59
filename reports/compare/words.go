package compare

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"time"

	"sesim/reports"
	"sesim/reports/wording"
	"sesim/sim/replicate"
)

// WriteJSON writes the comparison as comparison.json.
func WriteJSON(w io.Writer, c *Comparison) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(c)
}

// shown returns the figures to show, at most so many: those that changed for
// sure, and those asked for in any case. What was asked for comes first, then
// headlines; the rest is only shown where least of these are there. Chance
// counts those that may differ by luck.
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

// value words a figure as its kind is written.
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

// change words a change with its sign, its interval and its part of the
// baseline.
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

// signed words a difference: shares in percentage points.
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

// points words a share as percentage points with as many digits as matter.
func points(d float64) string {
	text := wording.Percent(d)
	return text[:len(text)-1]
}

// letter names a run in the head of a column.
func letter(i int) string {
	if i < 26 {
		return string(rune('A' + i))
	}
	return fmt.Sprint(i + 1)
}

// conditions says in a line what all runs share.
func (c *Comparison) conditions() string {
	s := fmt.Sprintf("%s · seed %d · edition %s", wording.Span(time.Duration(c.HorizonSeconds)), c.Seed, wording.Clean(c.Edition))
	if c.Replications > 1 {
		s += fmt.Sprintf(" · %s replications in pairs", wording.Count(int64(c.Replications)))
	}
	return s
}

// footnotes say what the tables leave out.
func (c *Comparison) footnotes(more, chance int) []string {
	var list []string
	if more > 0 {
		list = append(list, fmt.Sprintf("%s further figures changed; --json has them all.", wording.Count(int64(more))))
	}
	if chance > 0 {
		list = append(list, fmt.Sprintf("%s more differ by no more than luck: their interval holds zero.", wording.Count(int64(chance))))
	}
	list = append(list, fmt.Sprintf("%s figures are the same in all runs.", wording.Count(int64(c.Same))))
	if c.Replications > 1 {
		list = append(list, fmt.Sprintf("In brackets: the %s interval of the mean of the paired differences, by Student's t. About %s of such intervals miss the truth.",
			wording.Percent(c.Confidence), wording.Percent(1-c.Confidence)))
	} else {
		list = append(list, "One run each: nothing says how much of a difference is luck.")
	}
	return append(list, c.Notes...)
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
