package plot

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"sesim/reports/benchmark"
	"sesim/reports/wording"
)

// Benchmarks draws the charts of the figures of sesim bench. A chart without
// figures is left out.
func Benchmarks(r *benchmark.Report) ([]Chart, error) {
	var charts []Chart
	all := []*curves{
		throughputCurves(r), bytesCurves(r), latencyCurves(r), openLoopCurves(r), growthTimeCurves(r), growthMemoryCurves(r),
		growthCostCurves(r),
	}
	for _, c := range all {
		if len(c.lines) == 0 {
			continue
		}
		p := c.picture(r)
		chart, err := p.render()
		if err != nil {
			return nil, fmt.Errorf("plot: %s: %w", p.Name, err)
		}
		charts = append(charts, chart)
	}
	return charts, nil
}

// curves is a line chart.
type curves struct {
	name, title, point, caption string
	x, y                        scale
	lines                       []curve
}

type curve struct {
	name   string
	points []xy // in the units of the axes
}

// scale is an axis. A logarithmic one places values by their power of ten,
// beginning with the power from.
type scale struct {
	name  string
	log   bool
	from  float64
	label func(float64) string
	ticks []tick // nil: by the values
}

func (s *scale) place(v float64) float64 {
	if s.log {
		return float64(math.Log10(max(v, 1))) - s.from
	}
	return v
}

const benchHeight = vg.Length(400)

func (c *curves) picture(r *benchmark.Report) *picture {
	p := &picture{subtitle: machineText(r) + "  ·  " + c.point, height: benchHeight, draw: c.draw}
	p.Name, p.Title, p.Caption = "bench-"+c.name, c.title, c.caption
	p.Alt = fmt.Sprintf("%s over %s. %s.", c.y.name, c.x.name, c.title)
	for i, l := range c.lines {
		p.legend = append(p.legend, lineItem(l.name, lineStyles[i%len(lineStyles)]))
	}
	p.Columns = []string{"", c.x.name, c.y.name}
	for _, l := range c.lines {
		for _, i := range rowsOf(len(l.points), 0, maxRows) {
			p.Rows = append(p.Rows, []string{l.name, c.x.label(l.points[i].x), c.y.label(l.points[i].y)})
		}
	}
	p.Rows = p.Rows[:min(len(p.Rows), maxRows)]
	return p
}

// machineText describes the machine on which the figures were measured.
func machineText(r *benchmark.Report) string {
	m := &r.Machine
	parts := []string{fmt.Sprintf("%d cores", m.Cores), m.Go}
	if m.Processor != "" {
		parts = append([]string{wording.Shorten(wording.Clean(m.Processor), 40)}, parts...)
	}
	if r.Status != benchmark.Complete {
		parts = append(parts, r.Status)
	}
	return strings.Join(parts, ", ")
}

// draw is called once for each format.
func (c *curves) draw(s *sheet) {
	c.y.from = 0
	xs, ys := c.values()
	if c.y.log {
		c.y.from = math.Floor(slices.Min(ys))
		xs, ys = c.values()
	}
	p := s.panel(s.bottom+26, benchHeight-marginTop-20, slices.Max(xs), 1.06*slices.Max(ys))
	p.xMin = slices.Min(xs)
	if p.xMin == p.xMax {
		p.xMin, p.xMax = p.xMin-0.5, p.xMax+0.5
	}
	p.yAxis(c.y.name, c.y.axis(p.yMax))
	p.xAxis(c.x.name, c.x.axis(p.xMax))
	for i, l := range c.lines {
		style := lineStyles[i%len(lineStyles)]
		placed := make([]xy, len(l.points))
		for k, v := range l.points {
			placed[k] = xy{c.x.place(v.x), c.y.place(v.y)}
		}
		p.line(style, placed)
		if len(placed) < 20 {
			for _, at := range placed {
				p.mark(draw.GlyphStyle{Color: style.Color, Radius: 2.5, Shape: draw.CircleGlyph{}}, at)
			}
		}
	}
}

// values returns the positions of all points.
func (c *curves) values() (xs, ys []float64) {
	for _, l := range c.lines {
		for _, v := range l.points {
			xs, ys = append(xs, c.x.place(v.x)), append(ys, c.y.place(v.y))
		}
	}
	return xs, ys
}

// axis returns the ticks up to a position.
func (s *scale) axis(most float64) []tick {
	if s.ticks != nil {
		return slices.DeleteFunc(slices.Clone(s.ticks), func(t tick) bool { return t.at > most })
	}
	if !s.log {
		return numberTicks(most, 5, s.label)
	}
	var list []tick
	for step := 0.0; step <= most+1e-3; step++ { // drawn numbers of recipients may fall just short of a power
		list = append(list, tick{step, s.label(math.Pow(10, s.from+step))})
	}
	return list
}

// powerLabel writes powers of ten as such, and other numbers in full.
func powerLabel(v float64) string {
	if exponent, ok := strings.CutPrefix(strconv.FormatFloat(v, 'e', -1, 64), "1e+"); ok && v >= 1000 {
		return "1e" + strings.TrimPrefix(exponent, "0")
	}
	return wording.Decimal(v, 0)
}

var addressScale = scale{name: "known addresses", log: true, label: powerLabel}
