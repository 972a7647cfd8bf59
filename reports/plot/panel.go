package plot

import (
	"image/color"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// xy is a point in the units of the axes.
type xy struct{ x, y float64 }

// panel is an area of a sheet with its own axes. Data is clipped to it.
type panel struct {
	s          *sheet
	rect       vg.Rectangle
	xMin, xMax float64
	yMax       float64 // y begins at 0
}

// tick is a labelled place on an axis.
type tick struct {
	at    float64
	label string
}

// panel returns the area between two heights of the sheet.
func (s *sheet) panel(bottom, top vg.Length, xMax, yMax float64) *panel {
	if !(xMax > 0) {
		xMax = 1
	}
	if !(yMax > 0) {
		yMax = 1.1
	}
	return &panel{s: s, xMax: xMax, yMax: yMax, rect: vg.Rectangle{
		Min: vg.Point{X: s.left, Y: bottom}, Max: vg.Point{X: s.width - s.right, Y: top},
	}}
}

func (p *panel) x(v float64) vg.Length {
	return along(p.rect.Min.X, p.rect.Max.X, (float64(v)-p.xMin)/(p.xMax-p.xMin))
}

func (p *panel) y(v float64) vg.Length { return along(p.rect.Min.Y, p.rect.Max.Y, v/p.yMax) }

// along returns the place at a share of the way from one place to another. The
// share is rounded, because logarithms differ in their last bits from processor to
// processor, and a place halfway between two pixels must not.
func along(from, to vg.Length, share float64) vg.Length {
	return from + vg.Length(vg.Length(float32(share))*(to-from))
}

func (s *sheet) fillRect(c color.Color, x0, y0, x1, y1 vg.Length) {
	s.FillPolygon(c, []vg.Point{{X: x0, Y: y0}, {X: x1, Y: y0}, {X: x1, Y: y1}, {X: x0, Y: y1}})
}

// yAxis draws grid lines with labels left of them, and the axis's name above.
func (p *panel) yAxis(name string, ticks []tick) {
	for _, t := range ticks {
		y := p.y(t.at)
		p.s.StrokeLine2(stroke(rule, 0.8), p.rect.Min.X, y, p.rect.Max.X, y)
		p.s.text(axisText, p.rect.Min.X-7, y-3.5, -1, t.label)
	}
	p.s.text(axisText, sideGap, p.rect.Max.Y+9, 0, name)
}

// xAxis draws the base line, its ticks and labels, and the axis's name at the
// right end.
// A name without room beside the last label takes two lines.
func (p *panel) xAxis(name string, ticks []tick) {
	y := p.rect.Min.Y
	p.s.StrokeLine2(stroke(soft, 0.8), p.rect.Min.X, y, p.rect.Max.X, y)
	end := vg.Length(0) // of the labels
	p.s.fixed(func() {
		for _, t := range p.apart(ticks) {
			x := p.x(t.at)
			half := halved(wide * axisText.width(t.label))
			if x+half > p.rect.Max.X+reach(p, half) {
				continue
			}
			end = x + half
			p.s.StrokeLine2(stroke(soft, 0.8), x, y, x, y-4)
			p.s.text(axisText, x, y-15, -0.5, t.label)
		}
	})
	right := p.s.width - sideGap
	lines, top := []string{name}, y-15
	if room := right - end - 4; axisText.width(name) > room {
		lines, top = axisText.halves(name, room), y-9
	}
	for i, line := range lines {
		p.s.text(axisText, right, top-times(i, 11), -1, line)
	}
}

// apart returns as many of the ticks, at even distances, as have room for their labels.
func (p *panel) apart(ticks []tick) []tick {
	for n := 1; n < len(ticks); n++ {
		kept := everyNth(ticks, n)
		fits := true
		for i := 1; i < len(kept); i++ {
			room := p.x(kept[i].at) - p.x(kept[i-1].at)
			fits = fits && halved(wide*(axisText.width(kept[i-1].label)+axisText.width(kept[i].label)))+4 <= room
		}
		if fits {
			return kept
		}
	}
	return ticks[:min(1, len(ticks))]
}

// line draws a polyline, clipped.
func (p *panel) line(style draw.LineStyle, points []xy) {
	if len(points) < 2 {
		return
	}
	points = p.visible(points)
	path := make([]vg.Point, len(points))
	for i, v := range points {
		path[i] = vg.Point{X: p.x(v.x), Y: p.y(v.y)}
	}
	c := draw.Canvas{Canvas: p.s.Canvas.Canvas, Rectangle: p.rect}
	c.StrokeLines(style, c.ClipLinesXY(path)...)
}

// visible returns as many points as a page shows apart, where the text of each counts.
func (p *panel) visible(points []xy) []xy {
	if p.s.page == nil || points[0].x >= points[len(points)-1].x {
		return points
	}
	return thinTo(max(pagePoints, int(p.rect.Size().X)), points)
}

// pagePoints is how many points of a line a page has at least, as it may enlarge a part.
const pagePoints = 160

// area fills between a polyline and the base.
func (p *panel) area(c color.Color, points []xy) {
	if len(points) < 2 {
		return
	}
	points = p.visible(points)
	path := []vg.Point{{X: p.inside(points[0]).X, Y: p.rect.Min.Y}}
	for _, v := range points {
		path = append(path, p.inside(v))
	}
	p.s.FillPolygon(c, append(path, vg.Point{X: p.inside(points[len(points)-1]).X, Y: p.rect.Min.Y}))
}

// inside returns where a point is drawn, moved to the panel's edge where it lies
// outside: filling an area takes as long as its path is high and wide.
func (p *panel) inside(v xy) vg.Point {
	return vg.Point{
		X: min(max(p.x(v.x), p.rect.Min.X), p.rect.Max.X),
		Y: p.y(min(max(v.y, 0), p.yMax)),
	}
}

// mark draws a glyph at a point, moved up or down into the panel where the
// point lies outside.
func (p *panel) mark(style draw.GlyphStyle, at xy) {
	p.s.DrawGlyphNoClip(style, vg.Point{X: p.x(at.x), Y: p.y(min(max(at.y, 0), p.yMax))})
}

// level is a horizontal line with its name at the right end.
type level struct {
	at    float64
	name  string
	style draw.LineStyle
}

// levels draws lines across the panel and keeps their names apart, without their first words
// where there is no room; the order
// is from the lowest up.
func (p *panel) levels(list []level) {
	const apart = vg.Length(13)
	last := p.rect.Min.Y - apart
	for _, l := range list {
		y := p.y(l.at)
		p.s.StrokeLine2(l.style, p.rect.Min.X, y, p.rect.Max.X, y)
		last = max(y, last+apart)
		label := noteText
		label.color = ink
		name, room := l.name, (p.s.right-10)/wide
		for _, rest, more := strings.Cut(name, " "); more && label.width(name) > room; _, rest, more = strings.Cut(name, " ") {
			name = rest
		}
		p.s.text(label, p.rect.Max.X+8, last-3.5, 0, label.fit(name, room))
	}
}

// band tints a stretch of the x axis, under an edge in the colour itself: tints are too
// pale to be told apart without hues.
func (p *panel) band(from, to float64, c color.NRGBA) {
	if x0, x1 := p.x(max(from, p.xMin)), p.x(min(to, p.xMax)); x1 > x0 {
		p.s.fillRect(tint(c, bandAlpha), x0, p.rect.Min.Y, x1, p.rect.Max.Y)
		p.s.fillRect(c, x0, p.rect.Max.Y-bandEdge, x1, p.rect.Max.Y)
	}
}

const (
	bandAlpha = 0x30
	bandEdge  = vg.Length(4)
)

// bandName names a stretch of the x axis where there is room.
func (p *panel) bandName(from, to float64, name string) {
	x0, x1 := p.x(max(from, p.xMin)), p.x(min(to, p.xMax))
	if noteText.width(name)+10 <= x1-x0 {
		p.s.text(noteText, x0+5, p.rect.Max.Y-16, 0, name)
	}
}
