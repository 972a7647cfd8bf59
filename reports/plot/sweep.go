package plot

import (
	"fmt"
	"image/color"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"sesim/reports"
	"sesim/reports/wording"
	"sesim/sim/criteria"
)

// maxSweepCharts is the maximum number of charts of a sweep.
const maxSweepCharts = 12

// Sweep draws the charts of a sweep over one or two dimensions, one for each
// metric of its thresholds: a line with its interval, or a heat map. A sweep over
// more dimensions has no charts.
func Sweep(s *reports.Sweep) ([]Chart, error) {
	var pictures []picture
	names := s.Judged()
	for i, metric := range names[:min(len(names), maxSweepCharts)] {
		var p picture
		switch len(s.Axes) {
		case 1:
			p = linePicture(s, metric)
		case 2:
			p = heatPicture(s, metric)
		default:
			return nil, nil
		}
		p.Name = fmt.Sprintf("%02d-%s", i+1, slug(metric))
		pictures = append(pictures, p)
	}
	return renderAll(pictures)
}

// slug returns a part of a file name for a metric.
func slug(metric string) string {
	name := strings.Map(func(c rune) rune {
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' {
			return c
		}
		return '-'
	}, strings.ToLower(metric))
	return strings.Trim(name[:min(len(name), 60)], "-")
}

// sweepChart holds the data of the charts of one metric of a sweep.
type sweepChart struct {
	s      *reports.Sweep
	metric string
	kind   criteria.Kind
	factor float64 // to the unit of the axis
	unit   string
}

func newSweepChart(s *reports.Sweep, metric string) sweepChart {
	c := sweepChart{s: s, metric: metric, factor: 1}
	for i := range s.Cells {
		if m, ok := s.Cells[i].Figure(metric, s.Confidence); ok {
			c.kind = reports.Kind(m.Kind)
			break
		}
	}
	switch c.kind {
	case criteria.Share:
		c.factor, c.unit = 100, ", %"
	case criteria.Duration:
		c.factor, c.unit = 1.0/3600, ", hours"
	}
	return c
}

// figure returns the mean of the metric in a cell, with its interval, in the
// unit of the axis; false without data.
func (c *sweepChart) figure(i int) (mean, low, high float64, ok bool) {
	m, ok := c.s.Cells[i].Figure(c.metric, c.s.Confidence)
	if !ok || m.Mean.Value == nil {
		return 0, 0, 0, false
	}
	mean = *m.Mean.Value * c.factor
	low, high = mean, mean
	if m.Mean.Low != nil && m.Mean.High != nil {
		low, high = *m.Mean.Low*c.factor, *m.Mean.High*c.factor
	}
	return mean, low, high, true
}

// label writes a value of the axis.
func (c *sweepChart) label(v float64) string {
	if c.kind == criteria.Share {
		return wording.Decimal(v, 4) + "%"
	}
	return countLabel(v)
}

// text writes the figure of a cell with its interval.
func (c *sweepChart) text(i int) string {
	m, ok := c.s.Cells[i].Figure(c.metric, c.s.Confidence)
	if !ok {
		return c.s.Cells[i].Status
	}
	return wording.Estimate(c.kind, &m.Mean)
}

// name writes the values that a dimension has in a cell.
func (c *sweepChart) name(cell, axis int) string {
	var parts []string
	for _, key := range c.s.Axes[axis] {
		parts = append(parts, wording.Grouped(c.s.Cells[cell].Values[key]))
	}
	return wording.Shorten(wording.Clean(strings.Join(parts, ", ")), 18)
}

// keys names the keys of a dimension.
func (c *sweepChart) keys(axis int) string {
	var parts []string
	for _, key := range c.s.Axes[axis] {
		parts = append(parts, c.s.Keys[key])
	}
	return strings.Join(parts, ", ")
}

// point says what a figure of a cell is.
func (c *sweepChart) point() string {
	if _, _, ok := c.s.Probability(c.metric); ok {
		return "share of the runs"
	}
	return "mean"
}

func (c *sweepChart) subtitle(point string) string {
	parts := []string{wording.Clean(c.s.Scenario), fmt.Sprintf("seed %d", c.s.Seed), point}
	if n := c.replications(); n > 1 {
		parts[1] = wording.Count(int64(n)) + " replications from " + parts[1]
	}
	return strings.Join(parts, "  ·  ")
}

// replications returns the most replications of a cell.
func (c *sweepChart) replications() int {
	most := 0
	for i := range c.s.Cells {
		most = max(most, c.s.Cells[i].Replications)
	}
	return most
}

// extremes names the cells with the lowest and the highest figure.
func (c *sweepChart) extremes() (low, high int) {
	low, high = -1, -1
	at := func(i int) float64 { v, _, _, _ := c.figure(i); return v }
	for i := range c.s.Cells {
		if _, _, _, ok := c.figure(i); !ok {
			continue
		}
		if low < 0 || at(i) < at(low) {
			low = i
		}
		if high < 0 || at(i) > at(high) {
			high = i
		}
	}
	return low, high
}

// varies reports whether the metric differs between cells.
func (c *sweepChart) varies() bool {
	low, high := c.extremes()
	if low < 0 {
		return false
	}
	from, _, _, _ := c.figure(low)
	to, _, _, _ := c.figure(high)
	return from != to
}

// title states how the metric changes over the cells: whether it rises or falls all
// along a single dimension, otherwise where it is lowest and where it is highest.
func (c *sweepChart) title() string {
	low, high := c.extremes()
	if low < 0 {
		return "No cell has data of " + c.metric
	}
	if !c.varies() {
		return fmt.Sprintf("%s is %s in every cell", c.metric, c.value(low))
	}
	if text := c.turn(); text != "" {
		return text
	}
	if verb := c.trend(); verb != "" {
		last := len(c.s.Cells) - 1
		return fmt.Sprintf("%s %s from %s to %s as %s goes from %s to %s", c.metric, verb, c.value(0), c.value(last),
			c.shortKeys(0), c.name(0, 0), c.name(last, 0))
	}
	return fmt.Sprintf("%s is lowest, %s, %s, and highest, %s, %s", c.metric, c.value(low), c.place(low), c.value(high), c.place(high))
}

// turn says of the probability of an event over a single dimension where it becomes
// probable: the value up to which it happens in no run, and the one from which on it
// happens in half of the runs; "" for other metrics, and where it does not rise.
func (c *sweepChart) turn() string {
	account, event, ok := c.s.Probability(c.metric)
	if ok && len(c.s.Axes) == 2 {
		return c.border(wording.Clean(account) + " " + wording.Happening(event))
	}
	if !ok || c.trend() != "rises" {
		return ""
	}
	xs, _ := c.positions(0)
	never, half := -1, ""
	for i := range c.s.Cells {
		v, _, _, _ := c.figure(i)
		if v == 0 {
			never = i
		}
		if v >= 50 && half == "" {
			half = c.name(i, 0)
			if before, _, _, _ := c.figure(max(i-1, 0)); i > 0 && v > 50 && c.s.Cells[i].Numbers[c.s.Axes[0][0]] != nil {
				half = "about " + c.number(i, xs[i-1]+float64((50-before)/(v-before)*(xs[i]-xs[i-1])))
			}
		}
	}
	text := wording.Clean(account) + " " + wording.Happening(event)
	switch {
	case half == "":
		return text + " in fewer than half of the runs in every cell: at most " + c.value(len(c.s.Cells)-1)
	case never < 0:
		return fmt.Sprintf("%s in half of the runs at %s %s; in %s of them at %s already", text, c.shortKeys(0), half, c.value(0), c.name(0, 0))
	}
	return fmt.Sprintf("%s in half of the runs at %s %s, and in none up to %s, where the probability is at most %s",
		text, c.shortKeys(0), half, c.name(never, 0), c.bound(never))
}

// border says over two dimensions up to which value of one of them an event happens in no
// run, and from which on in every run, whatever the other one is; "" if it does not turn so.
func (c *sweepChart) border(text string) string {
	for axis := range c.s.Axes {
		of, names := c.values(axis)
		least, most := make([]float64, len(names)), make([]float64, len(names))
		for k := range least {
			least[k], most[k] = 100, 0
		}
		never := -1.0 // upper end of the interval of a figure of 0
		for i := range c.s.Cells {
			v, _, high, ok := c.figure(i)
			if !ok {
				return ""
			}
			least[of[i]], most[of[i]] = min(least[of[i]], v), max(most[of[i]], v)
			if v == 0 {
				never = max(never, high)
			}
		}
		last := slices.IndexFunc(most, func(v float64) bool { return v > 0 }) - 1
		first := len(names)
		for first > 0 && least[first-1] == 100 {
			first--
		}
		if last >= 0 && last < first && first < len(names) {
			key := c.shortKeys(axis)
			return fmt.Sprintf("%s in no run up to %s %s (the probability is at most %s), and in every run from %s %s on",
				text, key, names[last], wording.Figure(c.kind, never/c.factor), key, names[first])
		}
	}
	return ""
}

// number writes a value of the first dimension as that of a cell is written.
func (c *sweepChart) number(cell int, v float64) string {
	text := c.s.Cells[cell].Values[c.s.Axes[0][0]]
	if strings.HasSuffix(text, "%") && *c.s.Cells[cell].Numbers[c.s.Axes[0][0]] <= 1 {
		return wording.Percent(v)
	}
	return wording.Decimal(v, 2)
}

// bound is the upper end of a figure's interval.
func (c *sweepChart) bound(cell int) string {
	_, _, high, _ := c.figure(cell)
	return wording.Figure(c.kind, high/c.factor)
}

// trend returns "rises" or "falls" if the metric never turns back over a single
// dimension, and "" otherwise.
func (c *sweepChart) trend() string {
	rises, falls := len(c.s.Axes) == 1, len(c.s.Axes) == 1
	last := math.NaN()
	for i := range c.s.Cells {
		v, _, _, ok := c.figure(i)
		rises, falls = rises && ok && !(v < last), falls && ok && !(v > last)
		last = v
	}
	switch {
	case rises:
		return "rises"
	case falls:
		return "falls"
	}
	return ""
}

// place names a cell by the last words of its keys, and its values; if others have
// the same figure, it counts them.
func (c *sweepChart) place(cell int) string {
	same := 0
	of, _, _, _ := c.figure(cell)
	for i := range c.s.Cells {
		if v, _, _, ok := c.figure(i); ok && v == of {
			same++
		}
	}
	if same > 1 {
		return fmt.Sprintf("in %s of %s cells", wording.Count(int64(same)), wording.Count(int64(len(c.s.Cells))))
	}
	var parts []string
	for axis := range c.s.Axes {
		parts = append(parts, c.shortKeys(axis)+" "+c.name(cell, axis))
	}
	return "at " + strings.Join(parts, " and ")
}

// shortKeys names the keys of a dimension by their last words.
func (c *sweepChart) shortKeys(axis int) string {
	var parts []string
	for _, key := range c.s.Axes[axis] {
		name := c.s.Keys[key]
		parts = append(parts, wording.Clean(name[strings.LastIndex(name, ".")+1:]))
	}
	return strings.Join(parts, ", ")
}

// value writes the figure of a cell, of several replications with its interval.
func (c *sweepChart) value(cell int) string {
	if c.replications() > 1 {
		return c.text(cell)
	}
	v, _, _, _ := c.figure(cell)
	return wording.Figure(c.kind, v/c.factor)
}

func (c *sweepChart) table() ([]string, [][]string) {
	columns := append(slices.Clone(c.s.Keys), c.metric)
	var rows [][]string
	for _, i := range rowsOf(len(c.s.Cells), 0, maxRows) {
		rows = append(rows, append(slices.Clone(c.s.Cells[i].Values), c.text(i)))
	}
	return columns, rows
}

// limits are the levels of the thresholds on the metric.
func (c *sweepChart) limits() []level {
	var list []level
	for i := range c.s.Cells {
		for k := range c.s.Cells[i].Thresholds {
			t := &c.s.Cells[i].Thresholds[k]
			limit, ok := t.Limit()
			if t.Metric() != c.metric || !ok {
				continue
			}
			at := limit * c.factor
			if !slices.ContainsFunc(list, func(l level) bool { return l.at == at }) {
				list = append(list, level{at, "limit " + wording.Figure(c.kind, limit), stroke(vermillion, 1.4, 6, 3)})
			}
		}
	}
	slices.SortFunc(list, func(a, b level) int { return int(math.Copysign(1, a.at-b.at)) })
	return list
}

// linePicture draws a metric over one dimension.
func linePicture(s *reports.Sweep, metric string) picture {
	c := newSweepChart(s, metric)
	p := picture{subtitle: c.subtitle("each point is a cell"), height: bandHeight}
	if c.varies() {
		p.draw = c.drawLine
	}
	p.Title = c.title()
	p.Alt = fmt.Sprintf("Line chart of %s over %s in %s cells. %s.", metric, c.keys(0), wording.Count(int64(len(s.Cells))), p.Title)
	p.Caption = fmt.Sprintf("Each point is the %s of %s in a cell of the sweep; the band is its %s confidence interval.",
		c.point(), metric, wording.Percent(s.Confidence))
	p.legend = []legendItem{
		lineItem(c.point(), stroke(blue, 2)),
		glyphItem(wording.Percent(s.Confidence)+" confidence interval", draw.GlyphStyle{Color: tint(blue, 0x38)}),
	}
	p.Columns, p.Rows = c.table()
	return p
}

func (c *sweepChart) drawLine(s *sheet) {
	xs, ticks := c.positions(0)
	var mean, low, high []xy
	top := 0.0
	for i := range c.s.Cells {
		if v, from, to, ok := c.figure(i); ok {
			mean, low, high = append(mean, xy{xs[i], v}), append(low, xy{xs[i], max(from, 0)}), append(high, xy{xs[i], max(to, 0)})
			top = max(top, to)
		}
	}
	levels := slices.DeleteFunc(c.limits(), func(l level) bool { return l.at < 0 || top > 0 && l.at > 4*top })
	for _, l := range levels {
		top = max(top, l.at)
	}
	most := xs[len(xs)-1]
	p := s.panel(s.bottom+44, bandHeight-marginTop-20, most, 1.12*top)
	if xs[0] > most/4 && xs[0] < most { // far from 0: begin at the first
		p.xMin = xs[0]
	}
	p.yAxis(wording.Clean(c.metric)+c.unit, numberTicks(p.yMax, 5, c.label))
	p.xAxis("", ticks)
	s.text(axisText, s.width-s.right, p.rect.Min.Y-34, -1, wording.Clean(c.keys(0)))
	p.between(tint(blue, 0x38), low, high)
	p.levels(levels)
	p.line(stroke(blue, 2), mean)
	for _, v := range mean {
		p.mark(draw.GlyphStyle{Color: blue, Radius: 2.6, Shape: draw.CircleGlyph{}}, v)
	}
}

// maxTicks is the number of labels that fit under a panel.
const maxTicks = 9

// positions returns the positions of the cells on an axis, and its labels. If
// all values are increasing numbers, they are the positions; otherwise the cells
// are evenly spaced.
func (c *sweepChart) positions(axis int) ([]float64, []tick) {
	xs := make([]float64, len(c.s.Cells))
	numeric := true
	for i := range c.s.Cells {
		n := c.s.Cells[i].Numbers[c.s.Axes[axis][0]]
		if n == nil || *n < 0 || i > 0 && *n <= xs[i-1] {
			numeric = false
			break
		}
		xs[i] = *n
	}
	var ticks []tick
	for i := range xs {
		if !numeric {
			xs[i] = float64(i)
		}
	}
	last, apart := math.Inf(-1), (xs[len(xs)-1]-xs[0])/maxTicks
	for i := range xs {
		if xs[i]-last >= apart {
			ticks, last = append(ticks, tick{xs[i], c.name(i, axis)}), xs[i]
		}
	}
	return xs, ticks
}

const heatHeight = vg.Length(430)

// heatPicture draws a metric over two dimensions.
func heatPicture(s *reports.Sweep, metric string) picture {
	c := newSweepChart(s, metric)
	p := picture{subtitle: c.subtitle("each field is a cell"), height: heatHeight}
	if c.varies() {
		p.draw = c.drawHeat
	}
	p.Title = c.title()
	p.Alt = fmt.Sprintf("Heat map of %s over %s and %s in %s cells. %s.",
		metric, c.keys(0), c.keys(1), wording.Count(int64(len(s.Cells))), p.Title)
	p.Caption = fmt.Sprintf("Each field is the %s of %s in a cell of the sweep, darker for higher values, with its %s confidence interval. "+
		"Combinations excluded by constraints, and cells that failed, are blank.", c.point(), metric, wording.Percent(s.Confidence))
	p.Columns, p.Rows = c.table()
	return p
}

func (c *sweepChart) drawHeat(s *sheet) {
	row, rows := c.values(0)
	column, columns := c.values(1)
	p := s.panel(s.bottom+44, heatHeight-marginTop-20, float64(len(columns)), float64(len(rows)))
	low, high := c.extremes()
	least, most := 0.0, 1.0
	if low >= 0 {
		least, _, _, _ = c.figure(low)
		most, _, _, _ = c.figure(high)
	}
	for i := range c.s.Cells {
		v, _, _, ok := c.figure(i)
		if !ok {
			continue
		}
		share := 0.0
		if most > least {
			share = (v - least) / (most - least)
		}
		x, y := float64(column[i]), float64(row[i])
		s.fillRect(fieldTint(share), p.x(x)+1, p.y(y)+1, p.x(x+1)-1, p.y(y+1)-1)
		c.drawField(p, i, x, y)
	}
	p.yAxis(wording.Clean(c.keys(0)), nil)
	for i := 0; i < len(rows); i += 1 + len(rows)/16 {
		s.text(axisText, p.rect.Min.X-7, vg.Length((p.y(float64(i))+p.y(float64(i+1)))/2)-3.5, -1, axisText.fit(rows[i], s.left-12))
	}
	for i := 0; i < len(columns); i += 1 + len(columns)/maxTicks {
		s.text(axisText, (p.x(float64(i))+p.x(float64(i+1)))/2, p.rect.Min.Y-15, -0.5, columns[i])
	}
	s.text(axisText, s.width-s.right, p.rect.Min.Y-34, -1, wording.Clean(c.keys(1)))
}

// drawField writes the figure of a cell into its field and, where there is room, its
// interval.
func (c *sweepChart) drawField(p *panel, cell int, x, y float64) {
	v, low, high, _ := c.figure(cell)
	text := wording.Figure(c.kind, v/c.factor)
	room, middle := p.x(x+1)-p.x(x)-4, vg.Length((p.y(y)+p.y(y+1))/2)
	if noteText.width(text) >= room || p.y(y+1)-p.y(y) <= 12 {
		return
	}
	interval := wording.Figure(c.kind, low/c.factor) + " to " + wording.Figure(c.kind, high/c.factor)
	if low < high && subText.width(interval) < room && p.y(y+1)-p.y(y) > 30 {
		small := axisText
		small.color = ink
		p.s.text(small, (p.x(x)+p.x(x+1))/2, middle-12, -0.5, interval)
		middle += 5
	}
	p.s.text(noteText, (p.x(x)+p.x(x+1))/2, middle-3.5, -0.5, text)
}

// fieldTint returns the colour of a field by its position between the lowest and
// the highest value, from 0 to 1. Text is readable on the darkest.
func fieldTint(share float64) color.NRGBA { return tint(blue, uint8(0x10+float64(share*0xA0))) }

// values returns the index of each cell's value in a dimension, and the names of
// the values in their order. Names are shortened, so two may be equal.
func (c *sweepChart) values(axis int) (of []int, names []string) {
	var known [][]string
	for i := range c.s.Cells {
		var value []string
		for _, key := range c.s.Axes[axis] {
			value = append(value, c.s.Cells[i].Values[key])
		}
		at := slices.IndexFunc(known, func(k []string) bool { return slices.Equal(k, value) })
		if at < 0 {
			at = len(known)
			known, names = append(known, value), append(names, c.name(i, axis))
		}
		of = append(of, at)
	}
	return of, names
}
