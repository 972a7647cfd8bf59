package plot

import (
	"fmt"
	"time"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"sesim/reports"
	"sesim/reports/wording"
	"sesim/sim/measure"
	"sesim/sim/unit"
)

// survivalChart holds the data of the chart of stays on the global list.
type survivalChart struct {
	s *measure.Survival
}

func survivalPicture(r *reports.Report) picture {
	c := &survivalChart{&r.Dwell}
	p := picture{subtitle: subtitle(r, "each step is the end of stays of one length"), height: 410, draw: c.draw}
	p.Name = "global-list-dwell"
	p.Title = c.title()
	p.Alt = fmt.Sprintf("Survival curve of %s stays on the global suppression list, up to %s. %s.",
		wording.Count(c.s.Stays), wording.Span(c.s.Max), p.Title)
	p.Caption = fmt.Sprintf("The share of stays that last longer than the time on the x axis (Kaplan–Meier estimate). "+
		"%s were still running at the end of the run; they are marked at the length they had reached, and count as at risk until then.",
		wording.Count(c.s.Censored))
	p.legend = []legendItem{lineItem("stays still running", stroke(blue, 2))}
	if c.s.Censored > 0 {
		p.legend = append(p.legend, glyphItem("censored: listed at the end of the run", censorMark))
	}
	p.Columns, p.Rows = c.table()
	if c.alike() {
		text := wording.GlobalList(r)
		p.Title, p.draw = unit.Capital(text), nil
	}
	return p
}

// alike reports whether all stays are of one length, as far as they are over: the curve
// would show an input.
func (c *survivalChart) alike() bool {
	last := &c.s.Steps[len(c.s.Steps)-1]
	for i := range c.s.Steps {
		if s := &c.s.Steps[i]; s.Ended > 0 && s != last {
			return false
		}
	}
	return last.Ended > 0 || len(c.s.Steps) == 1
}

var censorMark = draw.GlyphStyle{Color: ink, Radius: 4, Shape: upright{}}

func (c *survivalChart) title() string {
	half, known := c.s.Quantile(0.5)
	if !known {
		return fmt.Sprintf("The median stay on the global list is %s or more (still running)", wording.Span(c.s.Max))
	}
	most, known := c.s.Quantile(0.9)
	switch {
	case !known:
		return "The median stay on the global list is " + wording.Span(half)
	case most == half:
		return "90% of the stays on the global list end within " + wording.Span(most)
	}
	return fmt.Sprintf("The median stay on the global list is %s; 90%% end within %s", wording.Span(half), wording.Span(most))
}

func (c *survivalChart) draw(s *sheet) {
	p := s.panel(s.bottom+58, 410-marginTop-20, 1.02*days(c.s.Max), 105)
	ticks := spanTicks(c.s.Max)
	p.yAxis("stays still running, %", numberTicks(100, 4, func(v float64) string { return wording.Decimal(v, 0) + "%" }))
	c.drawMedian(p)
	curve := c.curve()
	p.line(stroke(blue, 2), curve)
	c.drawCensored(p)
	p.xAxis("time on the list", ticks)
	c.drawRisk(p, ticks)
}

// curve returns the survival curve as a step function.
func (c *survivalChart) curve() []xy {
	points := []xy{{0, 100}}
	for _, step := range c.s.Steps {
		points = append(points, xy{days(step.At), 100 * step.Survival})
	}
	return steps(thin(points), days(c.s.Max))
}

// drawMedian draws a line from 50% to the curve and down to the x axis.
func (c *survivalChart) drawMedian(p *panel) {
	half, known := c.s.Quantile(0.5)
	if !known {
		return
	}
	p.line(stroke(soft, 1, 3, 3), []xy{{0, 50}, {days(half), 50}, {days(half), 0}})
}

// maxCensorMarks limits the marks; more would merge into a line.
const maxCensorMarks = 300

func (c *survivalChart) drawCensored(p *panel) {
	last := vg.Length(-1)
	gap := (p.rect.Max.X - p.rect.Min.X) / maxCensorMarks
	for _, step := range c.s.Steps {
		if x := p.x(days(step.At)); step.Censored > 0 && x-last >= gap {
			p.mark(censorMark, xy{days(step.At), 100 * step.Survival})
			last = x
		}
	}
}

// drawRisk writes under each tick the number of stays at risk, which determines
// the precision of the curve.
func (c *survivalChart) drawRisk(p *panel, ticks []tick) {
	y := p.rect.Min.Y - 38
	p.s.text(axisText, p.s.width-sideGap, y, -1, "stays at risk")
	for _, t := range ticks {
		n := wording.Count(c.atRisk(fromDays(t.at)))
		p.s.text(axisText, p.x(t.at), y, -0.5, n)
	}
}

func (c *survivalChart) atRisk(at time.Duration) int64 {
	for _, step := range c.s.Steps {
		if step.At >= at {
			return step.AtRisk
		}
	}
	return 0
}

func (c *survivalChart) table() ([]string, [][]string) {
	var rows [][]string
	for _, i := range rowsOf(len(c.s.Steps), 0, maxRows) {
		s := c.s.Steps[i]
		rows = append(rows, []string{
			wording.Span(s.At), wording.Count(s.AtRisk), wording.Count(s.Ended), wording.Count(s.Censored), wording.Percent(s.Survival),
		})
	}
	return []string{"length", "at risk", "ended", "censored", "still running"}, rows
}

// upright is a short vertical stroke.
type upright struct{}

func (upright) DrawGlyph(c *draw.Canvas, style draw.GlyphStyle, at vg.Point) {
	c.StrokeLine2(draw.LineStyle{Color: style.Color, Width: 1.1}, at.X, at.Y-style.Radius, at.X, at.Y+style.Radius)
}

var _ draw.GlyphDrawer = upright{}
