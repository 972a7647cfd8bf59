package plot

import (
	"image/color"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"sesim/reports/wording"
)

// Intervals is a chart of shares, each with intervals in which it lies or was expected.
type Intervals struct {
	Name, Title, Subtitle, Caption string   // of the chart
	Of                             string   // what an item is of, such as "week"
	Axis                           string   // name of the y axis, whose values are percentages
	Value                          string   // name of the figure that is marked, such as "what came"
	Widths                         []string // names of an item's intervals, the widest first
	Items                          []Interval
	Line                           float64 // a horizontal line, 0 to 1; 0 for none
	LineName                       string
}

// Interval is an item of Intervals.
type Interval struct {
	Label  string
	Value  float64      // 0 to 1
	Ranges [][2]float64 // 0 to 1, as many as Widths, each within the one before it
}

// maxItems limits the items that are drawn: the last ones.
const maxItems = 60

const intervalsHeight = vg.Length(400)

// Chart draws the chart; one without items has no picture.
func (v *Intervals) Chart() (Chart, error) {
	list := *v
	list.Items = v.Items[max(0, len(v.Items)-maxItems):]
	p := picture{subtitle: v.Subtitle, height: intervalsHeight, legend: v.legend(), draw: list.draw}
	p.Name, p.Title, p.Caption, p.Alt = v.Name, v.Title, v.Caption, v.Axis+", with intervals. "+v.Title+"."
	p.Columns = append([]string{v.Of, v.Value}, v.Widths...)
	for _, i := range list.Items[max(0, len(list.Items)-maxRows):] {
		row := []string{i.Label, wording.Percent(i.Value)}
		for _, r := range i.Ranges {
			row = append(row, wording.Percent(r[0])+" to "+wording.Percent(r[1]))
		}
		p.Rows = append(p.Rows, row)
	}
	if len(list.Items) == 0 {
		p.draw = nil
	}
	return p.render()
}

// shade is the colour of an item's n-th interval of so many, the narrowest of which is darkest.
func shade(n, of int) color.NRGBA { return tint(blue, uint8(0x70-0x20*min(of-1-n, 2))) }

var valueMark = draw.GlyphStyle{Color: vermillion, Radius: 3.5, Shape: draw.CircleGlyph{}}

func (v *Intervals) legend() []legendItem {
	list := []legendItem{glyphItem(v.Value, valueMark)}
	for n, name := range v.Widths {
		list = append(list, glyphItem(name, draw.GlyphStyle{Color: shade(n, len(v.Widths))}))
	}
	return list
}

func (v *Intervals) draw(s *sheet) {
	top := 1.15 * 100 * v.Line
	for _, i := range v.Items {
		top = max(top, 1.06*100*i.Value)
		for _, r := range i.Ranges {
			top = max(top, 1.06*100*r[1])
		}
	}
	p := s.panel(s.bottom+26, intervalsHeight-marginTop-20, float64(len(v.Items)), top)
	p.yAxis(v.Axis, numberTicks(top, 5, percentLabel))
	ticks := make([]tick, len(v.Items))
	for k, i := range v.Items {
		ticks[k] = tick{float64(k) + 0.5, i.Label}
	}
	p.xAxis("", ticks)
	if v.Line > 0 {
		p.levels([]level{{100 * v.Line, v.LineName, stroke(orange, 1.4, 6, 3)}})
	}
	half := min(vg.Length(14), (p.rect.Max.X-p.rect.Min.X)/vg.Length(3*len(v.Items)))
	for k, i := range v.Items {
		x := p.x(float64(k) + 0.5)
		for n, r := range i.Ranges {
			low, high := p.y(100*r[0]), p.y(100*r[1])
			if n == len(i.Ranges)-1 {
				s.fillRect(shade(n, len(i.Ranges)), x-half, low, x+half, max(high, low+1))
				continue
			}
			within := i.Ranges[n+1]
			s.fillRect(shade(n, len(i.Ranges)), x-half, low, x+half, p.y(100*within[0]))
			s.fillRect(shade(n, len(i.Ranges)), x-half, p.y(100*within[1]), x+half, high)
		}
		p.mark(valueMark, xy{float64(k) + 0.5, 100 * i.Value})
	}
}
