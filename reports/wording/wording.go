// Package wording formats the figures of a report and puts its findings into
// sentences, so that all renderers use the same words: counts with separators,
// shares as percentages, virtual times as days since the start, and one
// sentence for each account.
//
// Layout, colours and markup are left to the renderers.
package wording

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"sesim/reports"
	"sesim/sim/unit"
)

// Count writes a whole number with thousands separators: 12,345.
func Count(n int64) string { return unit.Grouped(n) }

// Percent writes a share from 0 to 1 as a percentage with about three
// significant digits: 12.3%, 5.03%, 0.031%. Trailing zeros are left out.
func Percent(share float64) string {
	v := share * 100
	places := 3
	switch {
	case v >= 10:
		places = 1
	case v >= 1:
		places = 2
	}
	return Decimal(v, places) + "%"
}

// Decimal writes v with at most the given number of decimal places, with
// separators and without trailing zeros.
func Decimal(v float64, places int) string {
	s := strconv.FormatFloat(v, 'f', places, 64)
	whole, part, _ := strings.Cut(s, ".")
	if part = strings.TrimRight(part, "0"); part != "" {
		part = "." + part
	}
	if n, err := strconv.ParseInt(whole, 10, 64); err == nil && whole != "-0" {
		whole = Count(n)
	}
	if whole == "-0" && part == "" {
		return "0"
	}
	return whole + part
}

// Ratio writes part of whole as a percentage, and a dash if whole is 0. It
// writes 100% only if part is whole, and 0% only if part is 0.
func Ratio(part, whole int64) string {
	if whole == 0 {
		return "–"
	}
	s := Percent(float64(part) / float64(whole))
	switch {
	case s == "100%" && part < whole:
		return "over 99.9%"
	case s == "0%" && part > 0:
		return "under 0.001%"
	}
	return s
}

// Clock writes a virtual time as days and hours since the start: "day 3,
// 10:15". Seconds are added if they are not zero.
func Clock(d time.Duration) string {
	rest := d % unit.Day
	s := "day " + Count(int64(d/unit.Day)) + ", " + two(rest/time.Hour) + ":" + two(rest%time.Hour/time.Minute)
	if sec := rest % time.Minute / time.Second; sec > 0 {
		s += ":" + two(sec)
	}
	return s
}

func two(n time.Duration) string {
	if n < 10 {
		return "0" + strconv.Itoa(int(n))
	}
	return strconv.Itoa(int(n))
}

// On writes when something happens: "on day 3", and during the first day
// "after 5 h 12 min".
func On(d time.Duration) string { return on(d, 0) }

// OnTenth is On with a tenth of a day: "on day 3.2".
func OnTenth(d time.Duration) string { return on(d, 1) }

// on rounds down, so that nothing seems to happen later than it does.
func on(d time.Duration, places int) string {
	switch {
	case d <= 0:
		return "at the start"
	case d < unit.Day:
		return "after " + Span(d)
	}
	tenths := int64(d / (unit.Day / 10))
	if places == 0 || tenths%10 == 0 {
		return "on day " + Count(tenths/10)
	}
	return "on day " + Count(tenths/10) + "." + strconv.FormatInt(tenths%10, 10)
}

var units = []struct {
	name string
	size time.Duration
}{{"d", unit.Day}, {"h", time.Hour}, {"min", time.Minute}, {"s", time.Second}, {"ms", time.Millisecond}}

// Span writes a length of time in its two largest units, rounded to the
// nearest: "1 d 12 h", "14 d", "2 min 5 s", "250 ms".
func Span(d time.Duration) string {
	if d <= 0 {
		return "0 s"
	}
	for i, u := range units {
		if d < u.size || i == len(units)-1 {
			continue
		}
		next := units[i+1]
		if next.size == time.Millisecond {
			return Decimal(d.Seconds(), 2) + " s"
		}
		d = (d + next.size/2) / next.size * next.size
		s := Count(int64(d/u.size)) + " " + u.name
		if rest := d % u.size / next.size; rest > 0 {
			s += " " + strconv.FormatInt(int64(rest), 10) + " " + next.name
		}
		return s
	}
	places := 3
	for most := time.Millisecond; most <= d && places > 0; most *= 10 {
		places-- // three digits are enough
	}
	return Decimal(float64(d)/float64(time.Millisecond), places) + " ms"
}

// Quota writes a quota of recipients; -1 is unlimited.
func Quota(n int64) string {
	if n < 0 {
		return "unlimited"
	}
	return Count(n)
}

// Cost writes what AWS charges for an account's mail, and where the price is from.
func Cost(c *reports.Cost) string {
	text := fmt.Sprintf("USD %s: %s for 1,000 accepted recipients", USD(c.USD), USD(c.PerThousand))
	if c.PlanMonth > 0 {
		text += fmt.Sprintf(", %s a month for the plan", USD(c.PlanMonth))
	}
	if c.DedicatedMonth > 0 {
		text += fmt.Sprintf(", %s a month for dedicated addresses", USD(c.DedicatedMonth))
	}
	if c.Read != "" {
		return fmt.Sprintf("%s (%s, price list of %s)", text, c.Standing, c.Read)
	}
	return text + " (set by the scenario)"
}

// USD writes an amount of US dollars with cents, and without them from 1,000 on.
func USD(v float64) string {
	if v >= 1000 {
		return Count(int64(math.Round(v)))
	}
	return strconv.FormatFloat(v, 'f', 2, 64)
}

// Value writes the value of a threshold in the notation of its limit.
func Value(t *reports.Threshold) string {
	if t.Judged != nil {
		return Judged(t)
	}
	if t.Value == nil {
		return noValue(t)
	}
	switch v := *t.Value; t.Kind {
	case "share":
		return Percent(v)
	case "duration":
		return Span(time.Duration(v * float64(time.Second)))
	default:
		if strings.Contains(t.Metric(), ".quota_use.") { // a number, as it may exceed 1
			return Percent(v)
		}
		return Decimal(v, 4)
	}
}

// noValue says what is known of a threshold without a value.
func noValue(t *reports.Threshold) string {
	switch {
	case t.Never:
		return "never"
	case t.AtLeast != nil:
		return "at least " + Span(time.Duration(*t.AtLeast*float64(time.Second)))
	}
	return "no data"
}

// Enforcement returns the state that an enforcement status of the API stands for.
func Enforcement(status string) reports.State {
	switch status {
	case "HEALTHY":
		return reports.StateHealthy
	case "PROBATION":
		return reports.StateReview
	case "SHUTDOWN":
		return reports.StatePaused
	}
	return reports.State(status)
}

// Stay writes a quantile of the stays on the global list, which may be a lower
// bound: "1 d", "24 h or more (still running)".
func Stay(d *reports.Dwells, quantile string, length reports.Seconds) string {
	s := Span(time.Duration(length))
	if slices.Contains(d.LowerBounds, quantile) {
		s += " or more (still running)"
	}
	return s
}

// Clean makes a text from a scenario safe for one line of a terminal, a chart
// or a table: line breaks become spaces; characters that cannot be printed or
// change the writing direction become replacement characters.
func Clean(s string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case c == '\n' || c == '\t' || c == '\r':
			return ' '
		case unicode.IsPrint(c):
			return c
		}
		return unicode.ReplacementChar
	}, s)
}

// Shorten cuts a text to width characters, the last of them an ellipsis.
func Shorten(s string, width int) string {
	if runes := []rune(s); len(runes) > width {
		return strings.TrimRight(string(runes[:width-1]), " ") + "…"
	}
	return s
}

// Escape cleans a text and escapes the characters that have a meaning in
// Markdown or in HTML within it.
func Escape(s string) string {
	var b strings.Builder
	for _, c := range Clean(s) {
		if strings.ContainsRune("\\`*_{}[]<>#|~&", c) {
			b.WriteByte('\\')
		}
		b.WriteRune(c)
	}
	return b.String()
}
