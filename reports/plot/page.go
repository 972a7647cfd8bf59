package plot

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

// pageMap is where a chart on a page has what a reader may point at and enlarge.
type pageMap struct {
	axes  []timeAxis
	areas []vg.Rectangle // of data, in the order in which they are drawn
}

// timeAxis is where an axis of time lies.
type timeAxis struct {
	from, to vg.Length
	min, max float64 // days
}

// enlarged draws data that is stretched as a page enlarges the axis of time: the panel's
// area is a coordinate system of its own there.
func (p *panel) enlarged(data func()) {
	if p.s.page == nil {
		data()
		return
	}
	p.s.page.areas = append(p.s.page.areas, p.rect)
	p.s.group(areaMark, data)
}

// fixed draws what belongs to the whole run, such as the labels of its axis: a page that
// enlarges a part hides it.
func (s *sheet) fixed(labels func()) {
	if s.page == nil {
		labels()
		return
	}
	s.group(fixedMark, labels)
}

// The marks of groups. The canvas knows no groups but those of coordinate systems, so a
// system that changes nothing opens one.
var (
	areaMark  = mark{draw: func(c vg.Canvas) { c.Scale(1, 1) }, text: `<g transform="scale(1,1)">`}
	fixedMark = mark{draw: func(c vg.Canvas) { c.Translate(vg.Point{}) }, text: `<g transform="translate(0, 0)">`}
)

type mark struct {
	draw func(vg.Canvas)
	text string // that the canvas writes
}

func (s *sheet) group(m mark, content func()) {
	s.Push()
	m.draw(s.Canvas.Canvas)
	content()
	s.Pop()
}

// drawPage returns the picture as an element of an HTML page: without titles, and in
// colours that the page's CSS variables may replace, so that it can follow a dark theme.
func (p *picture) drawPage(f form) (string, error) {
	height := p.height
	if f == narrow && p.slimHeight > 0 {
		height = p.slimHeight
	}
	vector, page := vgsvg.New(f.width, height), &pageMap{}
	canvas := draw.New(vector)
	p.drawOn(canvas, f, page)
	var b bytes.Buffer
	if _, err := vector.WriteTo(&b); err != nil {
		return "", err
	}
	text := string(tidy(b.Bytes(), p.Alt))
	return page.mark(text[strings.Index(text, "<svg"):], f, height), nil
}

// pageTop is how much of the sheet's top a page cuts off, where the titles would be.
const pageTop = vg.Length(48)

var (
	sizes  = regexp.MustCompile(`<svg width="[^"]*" height="[^"]*" viewBox="[^"]*"`)
	colour = regexp.MustCompile(`:(#[0-9A-F]{6})\b`)
)

// mark gives the element its box, its areas and its axis.
func (m *pageMap) mark(svg string, f form, height vg.Length) string {
	box := fmt.Sprintf(`<svg viewBox="%.6g %.6g %.6g %.6g"`,
		sideGap.Points(), pageTop.Points(), (f.width - sideGap).Points(), (height - pageTop).Points())
	var axes []string
	for _, a := range m.axes {
		seconds := func(x float64) float64 { return fromDays(x).Seconds() }
		axes = append(axes, fmt.Sprintf("%.6g,%.6g,%.0f,%.0f", a.from.Points(), a.to.Points(), seconds(a.min), seconds(a.max)))
	}
	if len(axes) > 0 {
		box += fmt.Sprintf(` data-axes="%s"`, strings.Join(axes, " "))
	}
	svg = sizes.ReplaceAllLiteralString(svg, box)
	for _, r := range m.areas {
		size := r.Size()
		area := fmt.Sprintf(`<svg class="area" x="%.6g" y="%.6g" width="%.6g" height="%.6g" `+
			`viewBox="%.6[1]g %.6[2]g %.6[3]g %.6[4]g" preserveAspectRatio="none">`,
			r.Min.X.Points(), r.Min.Y.Points(), size.X.Points(), size.Y.Points())
		before, after, _ := strings.Cut(svg, areaMark.text)
		inside, rest, _ := strings.Cut(after, "</g>")
		svg = before + area + inside + "</svg>" + rest
	}
	svg = strings.ReplaceAll(svg, fixedMark.text, `<g class="fixed">`)
	return compact(colour.ReplaceAllStringFunc(svg, func(text string) string {
		for _, t := range themes {
			if text[1:] == fmt.Sprintf("#%02X%02X%02X", t.color.R, t.color.G, t.color.B) {
				return ":var(" + t.variable + "," + text[1:] + ")"
			}
		}
		return text
	}))
}

// readings are the figures of a chart at moments, for a reader who points at it.
type readings struct {
	at   []time.Duration
	rows [][]string // the moment in words, then a figure for each further column
}

// maxReadings limits them; each has at most that many.
const maxReadings = 240

// Readings returns the figures at moments for the page's script, lines of cells between
// which tabs stand: first the names of the figures, then seconds and figures; "" if the
// chart has none.
func (c *Chart) Readings() string {
	if len(c.readings.at) == 0 {
		return ""
	}
	lines := []string{strings.Join(c.Columns[1:], "\t")}
	for i, row := range c.readings.rows {
		lines = append(lines, strconv.FormatInt(int64(c.readings.at[i].Seconds()), 10)+"\t"+strings.Join(row[1:], "\t"))
	}
	return strings.Join(lines, "\n")
}

// Inline returns the chart as an element of an HTML page, for a wide and for a narrow
// window: the page shows one of them.
func (c *Chart) Inline() string {
	if c.slim == "" {
		return `<div class="only-wide">` + c.wide + `</div>`
	}
	return `<div class="wide">` + c.wide + `</div><div class="slim">` + c.slim + `</div>`
}
