package plot

import (
	"cmp"
	"fmt"
	"image/color"
	"math"
	"slices"
	"time"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"sesim/reports"
	"sesim/reports/wording"
	"sesim/sim/criteria"
	"sesim/sim/replicate"
)

// bandChart is a chart of a curve over replications: its mean, and the band that
// holds most of them, over the states of the runs and, of a rate, its denominator.
type bandChart struct {
	r      *reports.Report
	a      *reports.Account
	band   *replicate.Band
	volume *replicate.Band // nil: the curve is no rate
	states stateShares
	unit   string // of the y axis, in words
	factor float64
	label  func(float64) string // of a value on the y axis
	levels []level
	top    float64
}

// The heights of the chart's panels, of which the lower ones have their names above.
const (
	bandHeight = vg.Length(390) // with the uppermost panel alone
	bandVolume = vg.Length(48)
	bandStates = vg.Length(36)
	bandApart  = vg.Length(34)
)

// findBand returns a band, or nil.
func findBand(b *reports.Bands, account, metric string) *replicate.Band {
	i := slices.IndexFunc(b.List, func(of replicate.Band) bool { return of.Account == account && of.Metric == metric })
	if i < 0 {
		return nil
	}
	return &b.List[i]
}

// bandPictures returns the charts of one account over all replications. A chart
// without a band is left out.
func bandPictures(r *reports.Report, a *reports.Account) []picture {
	var list []picture
	states := newStateShares(r, a)
	for _, kind := range []rateKind{bounces, complaints} {
		lines := kind.lines(&r.Summary.Reputation)
		c := &bandChart{r: r, a: a, states: states, volume: findBand(r.Bands, a.Name, kind.eligible),
			unit: kind.word + " rate, % of eligible emails", factor: 100,
			label: func(v float64) string { return wording.Decimal(v, 4) + "%" },
			levels: []level{
				{lines.Review * 100, wording.Percent(lines.Review) + " review", stroke(orange, 1.4, 6, 3)},
				{lines.Pause * 100, wording.Percent(lines.Pause) + " pause", stroke(vermillion, 1.4, 2.5, 2.5)},
			}}
		slices.SortStableFunc(c.levels, func(a, b level) int { return int(math.Copysign(1, a.at-b.at)) })
		list = c.add(list, kind.metric(), kind.word+"-rate", kind.word+" rate")
	}
	c := &bandChart{r: r, a: a, states: states, unit: "recipients in the last 24 hours", factor: 1, label: countLabel}
	if a.Quota > 0 {
		c.levels = []level{{float64(a.Quota), "final quota", stroke(vermillion, 1.4, 6, 3)}}
	}
	return c.add(list, "quota_used", "quota", "quota use")
}

// add appends the chart of a metric, if there is a band of it.
func (c *bandChart) add(list []picture, metric, name, word string) []picture {
	if c.band = findBand(c.r.Bands, c.a.Name, metric); c.band == nil {
		return list
	}
	c.top = 1.18 * highest([]xy{{0, c.most(c.band.High)}, {0, c.most(c.band.Mean)}})
	for _, l := range c.levels {
		if c.factor != 1 || l.at < 4*c.top { // a distant quota would flatten the curve
			c.top = max(c.top, 1.18*l.at)
		}
	}
	p := picture{subtitle: subtitle(c.r, "mean and the middle "+wording.Percent(c.r.Bands.Share)), height: c.height(), draw: c.draw}
	p.Name = name
	p.Title = c.title(word)
	p.Alt = fmt.Sprintf("Line chart of the mean %s of %s over %s replications and %s of virtual time, with the band of the middle %s. %s.",
		word, wording.Clean(c.a.Name), wording.Count(int64(c.band.N)), wording.Span(c.r.End()), wording.Percent(c.r.Bands.Share), p.Title)
	p.Caption = fmt.Sprintf("The line is the mean of %s replications; the band holds the middle %s of them.",
		wording.Count(int64(c.band.N)), wording.Percent(c.r.Bands.Share))
	if n := c.r.Summary.Replications.Count; c.band.N < n {
		p.Caption += fmt.Sprintf(" They are the first of %s.", wording.Count(int64(n)))
	}
	p.legend = []legendItem{
		lineItem("mean", stroke(blue, 2)),
		glyphItem("middle "+wording.Percent(c.r.Bands.Share)+" of the replications", draw.GlyphStyle{Color: bandTint}),
	}
	p.legend = append(p.legend, c.states.legend()...)
	p.Columns = []string{"virtual time", "mean", "low", "high"}
	if c.volume != nil {
		p.Columns = append(p.Columns, "eligible emails, mean")
	}
	if len(c.states.shares) > 0 {
		p.Columns = append(p.Columns, "runs by state")
	}
	p.Rows, _ = c.rows(maxRows)
	p.readings.rows, p.readings.at = c.rows(maxReadings)
	return append(list, p)
}

// rows returns so many evenly spaced figures, and their moments.
func (c *bandChart) rows(most int) (rows [][]string, moments []time.Duration) {
	times := c.r.Bands.Times
	for _, i := range rowsOf(len(times), 0, most) {
		row := []string{wording.Clock(times[i]), c.value(c.band.Mean[i]), c.value(c.band.Low[i]), c.value(c.band.High[i])}
		if c.volume != nil {
			row = append(row, orNone(c.volume.Mean[i], wholeLabel))
		}
		if len(c.states.shares) > 0 {
			row = append(row, c.states.at(i))
		}
		rows = append(rows, row)
		moments = append(moments, times[i])
	}
	return rows, moments
}

// most returns the largest value as it is on the y axis.
func (c *bandChart) most(values []float64) float64 {
	return highest(pointsAt(c.r.Bands.Times, values, c.factor))
}

func (c *bandChart) value(v float64) string { return orNone(v*c.factor, c.label) }

// orNone writes a value, if there is one at the instant.
func orNone(v float64, label func(float64) string) string {
	if math.IsNaN(v) {
		return "–"
	}
	return label(v)
}

// wholeLabel writes the mean of counts as a count.
func wholeLabel(v float64) string { return wording.Count(int64(math.Round(v))) }

// title states the maximum with its interval. How probable a review or a pause is stands
// above the states of the runs.
func (c *bandChart) title(word string) string {
	name, of := wording.Clean(c.a.Name), c.r.Summary.Replications
	metric := map[string]string{"quota_used": "quota_use"}[c.band.Metric]
	for i := range of.Metrics {
		if m := &of.Metrics[i]; m.Name == c.a.Name+"."+cmp.Or(metric, c.band.Metric)+".max" {
			if metric != "" {
				return fmt.Sprintf("%s uses at most %s of its sending quota, the mean over the replications",
					name, wording.Estimate(criteria.Share, &m.Mean))
			}
			return fmt.Sprintf("The %s of %s reaches %s, the mean over the replications", word, name, wording.Estimate(criteria.Share, &m.Mean))
		}
	}
	return fmt.Sprintf("The mean %s of %s is at most %s", word, name, c.value(c.most(c.band.Mean)/c.factor))
}

func (c *bandChart) height() vg.Length {
	h := bandHeight
	if c.volume != nil {
		h += bandVolume + bandApart
	}
	if len(c.states.shares) > 0 {
		h += bandStates + bandApart
	}
	return h
}

func (c *bandChart) draw(s *sheet) {
	end, when := days(c.r.End()), calendarOf(c.r)
	bottom := s.bottom + when.foot()
	var lower []*panel
	below := func(height vg.Length, top float64) *panel {
		p := s.panel(bottom, bottom+height, end, top)
		bottom += height + bandApart
		lower = append(lower, p)
		return p
	}
	if len(c.states.shares) > 0 {
		c.states.draw(below(bandStates, 1), c.r.Bands.Times)
	}
	if c.volume != nil {
		most := highest(pointsAt(c.r.Bands.Times, c.volume.High, 1))
		c.drawVolume(below(bandVolume, volumeTop(most, c.r.Summary.Reputation.MinEligible)))
	}
	p := s.panel(bottom, c.height()-marginTop-20, end, c.top)
	p.yAxis(c.unit, numberTicks(c.top, 5, c.label))
	levels := slices.DeleteFunc(slices.Clone(c.levels), func(l level) bool { return l.at > c.top })
	p.levels(levels)
	p.enlarged(func() {
		p.nights(when)
		p.between(bandTint, c.points(c.band.Low), c.points(c.band.High))
		p.line(stroke(blue, 2), c.points(c.band.Mean))
	})
	all := append(lower, p)
	for _, other := range all[1:] {
		other.xAxis("", nil)
	}
	all[0].timeAxis(when)
}

var bandTint = tint(blue, 0x38)

// drawVolume draws the denominator of the rate.
func (c *bandChart) drawVolume(p *panel) {
	p.yAxis("eligible emails", twoTicks(p.yMax/1.15))
	points := func(values []float64) []xy { return pointsAt(c.r.Bands.Times, values, 1) }
	p.enlarged(func() {
		p.between(bandTint, points(c.volume.Low), points(c.volume.High))
		p.line(stroke(blue, 1.4), points(c.volume.Mean))
	})
	p.judgedFrom(c.r.Summary.Reputation.MinEligible)
}

// points returns a curve of the band; instants without data are left out. Recipients are
// counted: they stay the same from one instant to the next.
func (c *bandChart) points(values []float64) []xy {
	list := pointsAt(c.r.Bands.Times, values, c.factor)
	if c.factor == 1 {
		return steps(list, days(c.r.End()))
	}
	return list
}

// pointsAt is points for instants.
func pointsAt(times []time.Duration, values []float64, factor float64) []xy {
	at := make([]float64, len(times))
	for i, t := range times {
		at[i] = days(t)
	}
	return points(at, values, factor)
}

// between fills the area between two curves with common instants.
func (p *panel) between(c color.Color, low, high []xy) {
	if len(low) < 2 || len(high) != len(low) {
		return
	}
	var path []vg.Point
	for _, v := range high {
		path = append(path, p.inside(v))
	}
	for i := range low {
		v := low[len(low)-1-i]
		path = append(path, p.inside(v))
	}
	p.s.FillPolygon(c, path)
}
