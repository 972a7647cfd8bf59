package plot

import (
	"fmt"
	"image/color"
	"time"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"sesim/reports"
	"sesim/reports/wording"
)

// reasonColors are the colours of the reasons of refusals.
var reasonColors = []struct {
	word  string
	color color.NRGBA
}{
	{"quota", vermillion}, {"rate", orange}, {"unverified", purple}, {"paused", soft}, {"invalid", sky},
}

// quotaChart holds the data of the chart of the sending quota.
type quotaChart struct {
	r       *reports.Report
	a       *reports.Account
	used    []xy
	quota   []xy // without the times at which it is unlimited
	bins    []refusalBin
	reasons []reports.Reason // those that occur, in the order of reasonColors
	end     float64
}

// refusalBin counts the refusals in an interval.
type refusalBin struct {
	from, to float64 // days
	counts   []float64
	total    float64
}

// maxBins is the maximum number of bars of refusals.
const maxBins = 120

func quotaPicture(r *reports.Report, a *reports.Account) picture {
	c := newQuotaChart(r, a)
	p := picture{subtitle: subtitle(r, sampled(r, "one step")), height: c.height(), legend: c.legend(), draw: c.draw}
	p.Name = "quota"
	p.Title = c.title()
	p.Alt = fmt.Sprintf("Step chart of the recipients of %s in the last 24 hours and its sending quota, over %s of virtual time. %s.",
		wording.Clean(a.Name), wording.Span(r.End()), p.Title)
	p.Caption = "Each step is the number of recipients accepted in the previous 24 hours; the quota is the maximum."
	if len(c.bins) > 0 {
		p.Caption += fmt.Sprintf(" Each bar below is the number of recipients refused in %s.",
			wording.Span(fromDays(c.bins[0].to-c.bins[0].from)))
	}
	p.Columns, p.Rows, _ = c.table(maxRows)
	_, p.readings.rows, p.readings.at = c.table(maxReadings)
	if highest(c.used) == 0 && len(c.bins) == 0 {
		p.draw = nil
	}
	return p
}

func newQuotaChart(r *reports.Report, a *reports.Account) *quotaChart {
	c := &quotaChart{r: r, a: a, used: samples(&r.Series, a.Name, "quota_used", 1), end: days(r.End())}
	for _, p := range samples(&r.Series, a.Name, "quota", 1) {
		if p.y >= 0 {
			c.quota = append(c.quota, p)
		}
	}
	counts := map[string]int64{}
	for _, reason := range a.Refused.Reasons() {
		counts[reason.Word] = reason.Count
	}
	for _, k := range reasonColors {
		if counts[k.word] > 0 {
			c.reasons = append(c.reasons, reports.Reason{Word: k.word, Count: counts[k.word]})
		}
	}
	if len(c.reasons) > 0 {
		c.bins = c.refusals()
	}
	return c
}

// refusals sorts the refusals into bins of whole sample intervals.
func (c *quotaChart) refusals() []refusalBin {
	t := c.r.Series.Times
	if len(t) < 2 {
		return nil
	}
	per := (len(t) - 2 + maxBins) / maxBins
	var bins []refusalBin
	for i := 0; i+1 < len(t); i += per {
		j := min(i+per, len(t)-1)
		b := refusalBin{from: days(t[i]), to: days(t[j]), counts: make([]float64, len(c.reasons))}
		for k, reason := range c.reasons {
			if col := c.r.Series.Find(c.a.Name, "refused_"+reason.Word); col != nil {
				before := col.Values[i]
				if i == 0 {
					before = 0 // include refusals at the first instant
				}
				b.counts[k] = max(0, col.Values[j]-before)
				b.total += b.counts[k]
			}
		}
		bins = append(bins, b)
	}
	return bins
}

func (c *quotaChart) title() string {
	name := wording.Clean(c.a.Name)
	use := wording.Percent(c.a.QuotaUse.Max)
	switch at, known := c.r.FirstRefusal(c.a, "quota"); {
	case c.a.Refused.Quota > 0 && known:
		return fmt.Sprintf("The sending quota of %s refuses %s recipients, the first %s",
			name, wording.Count(c.a.Refused.Quota), wording.OnTenth(at))
	case c.a.Refused.Quota > 0:
		return fmt.Sprintf("The sending quota of %s refuses %s recipients", name, wording.Count(c.a.Refused.Quota))
	case len(c.quota) == 0:
		return fmt.Sprintf("%s has no sending quota and sends to at most %s recipients in 24 hours", name, wording.Count(int64(highest(c.used))))
	}
	return fmt.Sprintf("%s uses at most %s of its sending quota", name, use)
}

func (c *quotaChart) legend() []legendItem {
	items := []legendItem{lineItem("recipients in the last 24 h", stroke(blue, 2))}
	if len(c.quota) > 0 {
		items = append(items, lineItem("sending quota", quotaLine))
	}
	if c.a.Refused.Quota > 0 {
		items = append(items, glyphItem("refused by the quota", refusalMark))
	}
	for _, reason := range c.reasons {
		words := "refused: " + reason.Word + " " + wording.Count(reason.Count)
		items = append(items, glyphItem(words, draw.GlyphStyle{Color: reasonColor(reason.Word)}))
	}
	return append(items, stateItems(c.r.Phases(c.a))...)
}

var (
	quotaLine   = stroke(ink, 1.4, 6, 3)
	refusalMark = draw.GlyphStyle{Color: vermillion, Radius: 4, Shape: downTriangle{}}
)

func reasonColor(word string) color.NRGBA {
	for _, k := range reasonColors {
		if k.word == word {
			return k.color
		}
	}
	return faint
}

func (c *quotaChart) height() vg.Length {
	if len(c.bins) > 0 {
		return 450
	}
	return 360
}

func (c *quotaChart) draw(s *sheet) {
	when := calendarOf(c.r)
	bottom := s.bottom + when.foot()
	var bars *panel
	if len(c.bins) > 0 {
		most := 0.0
		for _, b := range c.bins {
			most = max(most, b.total)
		}
		bars = s.panel(bottom, bottom+52, c.end, 1.1*most)
		bottom = bars.rect.Max.Y + 34
	}
	top := 1.14 * max(highest(c.used), highest(c.quota))
	main := s.panel(bottom, c.height()-marginTop-20, c.end, top)
	main.yAxis("recipients in 24 hours", numberTicks(main.yMax, 5, countLabel))
	main.enlarged(func() {
		drawPhases(main, c.r.Phases(c.a))
		main.nights(when)
		c.drawUse(main)
	})
	s.fixed(func() { namePhases(main, c.r.Phases(c.a)) })
	c.nameQuota(main)
	if bars == nil {
		main.timeAxis(when)
		return
	}
	main.xAxis("", nil)
	bars.yAxis("recipients refused", twoTicks(bars.yMax/1.1))
	bars.enlarged(func() { c.drawBars(bars) })
	bars.timeAxis(when)
}

func (c *quotaChart) drawUse(p *panel) {
	p.line(stroke(blue, 2), steps(thin(c.used), c.end))
	p.line(quotaLine, steps(thin(c.quota), c.end))
	for _, b := range c.bins {
		if c.reasons[0].Word == "quota" && b.counts[0] > 0 {
			at := (b.from + b.to) / 2
			if quota, ok := valueAt(c.quota, at); ok {
				p.s.DrawGlyphNoClip(refusalMark, vg.Point{X: p.x(at), Y: p.y(quota) + refusalMark.Radius}) // just above the line
			}
		}
	}
}

// nameQuota writes the quota beside its line.
func (c *quotaChart) nameQuota(p *panel) {
	if n := len(c.quota); n > 0 {
		last := c.quota[n-1].y
		p.s.text(noteText, p.rect.Max.X+8, p.y(last)-3.5, 0, noteText.fit("quota "+wording.Count(int64(last)), (p.s.right-10)/wide))
	}
}

// drawBars stacks the refusals of each bin by reason.
func (c *quotaChart) drawBars(p *panel) {
	for _, b := range c.bins {
		base := 0.0
		for k, n := range b.counts {
			if n > 0 {
				p.s.fillRect(reasonColor(c.reasons[k].Word), p.x(b.from), p.y(base), max(p.x(b.to)-0.6, p.x(b.from)+0.8), p.y(base+n))
			}
			base += n
		}
	}
}

// table returns so many evenly spaced figures, among them the highest, and their moments.
func (c *quotaChart) table(most int) (columns []string, rows [][]string, moments []time.Duration) {
	columns = []string{"virtual time", "recipients in 24 h", "quota"}
	for _, reason := range c.reasons {
		columns = append(columns, "refused so far: "+reason.Word)
	}
	peak := 0
	for i, p := range c.used {
		if p.y > c.used[peak].y {
			peak = i
		}
	}
	for _, i := range rowsOf(len(c.used), peak, most) {
		x := c.used[i].x
		row := []string{wording.Clock(fromDays(x)), wording.Count(int64(c.used[i].y)), "unlimited"}
		if quota, ok := valueAt(c.quota, x); ok {
			row[2] = wording.Count(int64(quota))
		}
		for _, reason := range c.reasons {
			v, _ := valueAt(samples(&c.r.Series, c.a.Name, "refused_"+reason.Word, 1), x)
			row = append(row, wording.Count(int64(v)))
		}
		rows, moments = append(rows, row), append(moments, fromDays(x))
	}
	return columns, rows, moments
}

// downTriangle is a filled triangle that points down.
type downTriangle struct{}

func (downTriangle) DrawGlyph(c *draw.Canvas, style draw.GlyphStyle, at vg.Point) {
	r := style.Radius
	h := vg.Length(0.8 * r)
	c.FillPolygon(style.Color, []vg.Point{{X: at.X, Y: at.Y - h}, {X: at.X - r, Y: at.Y + h}, {X: at.X + r, Y: at.Y + h}})
}

var _ draw.GlyphDrawer = downTriangle{}
