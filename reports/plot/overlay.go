package plot

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"gonum.org/v1/plot/vg/draw"

	"sesim/reports"
	"sesim/reports/compare"
	"sesim/reports/wording"
	"sesim/sim/criteria"
	"sesim/sim/unit"
)

// maxOverlays is the maximum number of accounts with overlaid curves, and
// maxLayers the maximum number of runs in one picture.
const (
	maxOverlays = 6
	maxLayers   = 12
)

// layered is a metric whose curves of several runs are drawn into one picture.
type layered struct {
	metric, words string
	highest       string  // the metric of its maximum, a share; "" if there is none
	factor        float64 // from the metric to the axis
	axis          string
	format        func(v float64) string // of a value on the axis
	lines         func(*reports.Reputation) reports.Lines
}

// meanLabel writes a count, or the mean of counts.
func meanLabel(v float64) string {
	if v >= 100 {
		return wording.Decimal(v, 0)
	}
	return wording.Decimal(v, 1)
}

func percentLabel(v float64) string { return wording.Decimal(v, 4) + "%" }

var layers = []layered{
	{"bounce_rate", "bounce rate", "bounce_rate.max", 100, "bounce rate, % of eligible emails", percentLabel, bounces.lines},
	{"complaint_rate", "complaint rate", "complaint_rate.max", 100, "complaint rate, % of eligible emails", percentLabel, complaints.lines},
	{"quota_used", "quota use", "quota_use.max", 1, "recipients in 24 hours", meanLabel, nil},
	{"global_listed", "global list", "", 1, "addresses on the global list", meanLabel, nil},
}

// Overlays draws the curves of compared runs into one picture for each metric of
// each account in which the runs differ.
func Overlays(c *compare.Comparison) ([]Chart, error) {
	var accounts []string
	for i, a := range c.Summary().Accounts {
		if i < maxOverlays {
			accounts = append(accounts, a.Name)
		}
	}
	accounts = append(accounts, "") // the global list
	var list []picture
	names := namer{}
	for _, account := range accounts {
		for i := range layers {
			if o := newOverlay(c, account, &layers[i]); o != nil {
				p := o.picture()
				p.Name = names.of(account, strings.ReplaceAll(layers[i].metric, "_", "-"))
				list = append(list, p)
			}
		}
	}
	return renderAll(list)
}

// overlay holds the data of one such picture.
type overlay struct {
	*layered
	c       *compare.Comparison
	account string
	runs    []int // that have the curve
	means   [][]xy
	bands   [][2][]xy // empty without replications
	lines   []reports.Lines
	end     time.Duration
	top     float64
}

// newOverlay returns nil if fewer than two runs have the curve, or if it is the
// same in all.
func newOverlay(c *compare.Comparison, account string, l *layered) *overlay {
	o := &overlay{layered: l, c: c, account: account, end: time.Duration(c.HorizonSeconds)}
	for i, curves := range c.Curves() {
		if i == maxLayers {
			break
		}
		for k := range curves {
			if curve := &curves[k]; curve.Account == account && curve.Metric == l.metric {
				o.add(i, curve)
			}
		}
	}
	if len(o.runs) < 2 || o.same() {
		return nil
	}
	if l.lines != nil {
		o.lines = []reports.Lines{l.lines(&c.Summary().Reputation)}
		o.top = max(o.top, 1.18*100*o.lines[0].Review)
	}
	return o
}

func (o *overlay) add(run int, c *compare.Curve) {
	mean := points(c.Days, c.Mean, o.factor)
	if len(mean) == 0 { // no data at any time
		return
	}
	o.runs = append(o.runs, run)
	o.means = append(o.means, mean)
	low, high := points(c.Days, c.Low, o.factor), points(c.Days, c.High, o.factor)
	o.bands = append(o.bands, [2][]xy{low, high})
	o.top = max(o.top, 1.12*highest(mean), 1.12*highest(high))
}

// points pairs times with values; missing values are left out.
func points(days, values []float64, factor float64) []xy {
	var list []xy
	for i, v := range values {
		if !math.IsNaN(v) {
			list = append(list, xy{days[i], v * factor})
		}
	}
	return list
}

func (o *overlay) same() bool {
	for _, mean := range o.means[1:] {
		if len(mean) != len(o.means[0]) {
			return false
		}
		for i := range mean {
			if mean[i] != o.means[0][i] {
				return false
			}
		}
	}
	return true
}

func (o *overlay) label(i int) string {
	return wording.Clean(compare.ShortLabel(o.c.Runs[o.runs[i]].Label))
}

func (o *overlay) picture() picture {
	what := o.words
	if o.account != "" {
		what += " of " + wording.Clean(o.account)
	}
	p := picture{height: 380, draw: o.draw, subtitle: o.subtitle()}
	var peaks []string
	for i := range o.means {
		_, most := o.peak(i)
		peaks = append(peaks, fmt.Sprintf("%s (%s)", most, wording.Shorten(o.label(i), 40)))
		p.legend = append(p.legend, lineItem(wording.Shorten(o.label(i), 60), lineStyles[o.runs[i]]))
	}
	p.Title = o.title(unit.Capital(what))
	p.Alt = fmt.Sprintf("Line chart of the %s over %s of virtual time, one line for each run: at most %s.",
		what, wording.Span(o.end), strings.Join(peaks, ", "))
	p.Caption = o.caption()
	p.Columns, p.Rows, _ = o.table(maxRows)
	_, p.readings.rows, p.readings.at = o.table(maxReadings)
	return p
}

// title names the runs with the highest and the lowest peak.
func (o *overlay) title(what string) string {
	type peak struct {
		run  int
		at   float64
		text string
	}
	var low, high peak
	for i := range o.means {
		at, text := o.peak(i)
		p := peak{i, at, text}
		if i == 0 || at < low.at {
			low = p
		}
		if i == 0 || at > high.at {
			high = p
		}
	}
	highest, lowest := wording.Shorten(o.label(high.run), 40), wording.Shorten(o.label(low.run), 40)
	switch {
	case high.text == low.text:
		return fmt.Sprintf("%s peaks at %s in every run", what, low.text)
	case !o.c.Differ(o.runs[high.run], o.runs[low.run], o.account+"."+o.layered.highest):
		return fmt.Sprintf("%s has no certain difference: it peaks at %s in “%s”, and at %s in “%s”",
			what, high.text, highest, low.text, lowest)
	}
	return fmt.Sprintf("%s peaks highest in “%s”, at %s, and lowest in “%s”, at %s", what, highest, high.text, lowest, low.text)
}

// peak returns the highest value of a run, as text with its interval: the figure if there
// is one, since the maximum may lie between two samples, otherwise the curve's with the
// band there.
func (o *overlay) peak(i int) (at float64, text string) {
	if e, ok := o.c.Estimate(o.runs[i], o.account+"."+o.layered.highest); ok {
		if o.c.Replications > 1 {
			return *e.Value, wording.Estimate(criteria.Share, &e)
		}
		return *e.Value, wording.Percent(*e.Value)
	}
	top := slices.MaxFunc(o.means[i], func(a, b xy) int { return cmp.Compare(a.y, b.y) })
	text = o.format(top.y)
	low, known := valueAt(o.bands[i][0], top.x)
	if high, ok := valueAt(o.bands[i][1], top.x); known && ok {
		text += fmt.Sprintf(" (middle %s: %s to %s)", wording.Percent(o.c.Confidence), o.format(low), o.format(high))
	}
	return top.y, text
}

func (o *overlay) subtitle() string {
	parts := []string{wording.Clean(o.c.Scenario), fmt.Sprintf("seed %d", o.c.Seed)}
	if o.c.Replications > 1 {
		parts = append(parts, fmt.Sprintf("mean of %s replications", wording.Count(int64(o.c.Replications))))
	}
	return strings.Join(parts, "  ·  ")
}

func (o *overlay) caption() string {
	if o.c.Replications > 1 {
		return fmt.Sprintf("Each line is the mean over the replications; the band around it holds %s of them.", wording.Percent(o.c.Confidence))
	}
	return "Single runs. Runs with the same seed have the same random numbers."
}

func (o *overlay) draw(s *sheet) {
	when := calendar{start: o.c.Summary().Start, end: o.end}
	p := s.panel(s.bottom+10+when.foot(), 380-marginTop-20, days(o.end), o.top)
	p.yAxis(o.axis, numberTicks(o.top, 5, o.format))
	for _, l := range o.lines {
		p.levels(o.levels(l))
	}
	p.enlarged(func() {
		p.nights(when)
		for i, band := range o.bands {
			p.between(tint(colorOf(lineStyles[o.runs[i]]), 0x22), o.path(band[0]), o.path(band[1]))
		}
		for i, mean := range o.means {
			p.line(lineStyles[o.runs[i]], o.path(mean))
		}
	})
	p.timeAxis(when)
}

// path returns what is drawn of a curve: counts stay the same from one instant to the next.
func (o *overlay) path(points []xy) []xy {
	if o.lines == nil {
		return steps(thin(points), days(o.end))
	}
	return thin(points)
}

// levels returns the thresholds of review and pause that are in sight.
func (o *overlay) levels(l reports.Lines) []level {
	var list []level
	for _, line := range []struct {
		at    float64
		words string
		style draw.LineStyle
	}{{l.Review, "review", stroke(orange, 1.4, 6, 3)}, {l.Pause, "pause", stroke(vermillion, 1.4, 2.5, 2.5)}} {
		if line.at*100 <= o.top {
			list = append(list, level{line.at * 100, wording.Percent(line.at) + " " + line.words, line.style})
		}
	}
	return list
}

// table returns so many evenly spaced figures, and their moments.
func (o *overlay) table(most int) (columns []string, rows [][]string, moments []time.Duration) {
	columns = []string{"virtual time"}
	for i := range o.runs {
		columns = append(columns, o.label(i))
	}
	for _, i := range rowsOf(len(o.means[0]), 0, most) {
		at := o.means[0][i].x
		row := []string{wording.Clock(fromDays(at))}
		for _, mean := range o.means {
			cell := ""
			if v, ok := valueAt(mean, at); ok {
				cell = o.format(v)
			}
			row = append(row, cell)
		}
		rows, moments = append(rows, row), append(moments, fromDays(at))
	}
	return columns, rows, moments
}
