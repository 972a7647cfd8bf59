package plot

import (
	"image/color"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// sheet is the canvas of one chart. Its upper edge is at the chart's height.
type sheet struct {
	draw.Canvas
	form
	bottom vg.Length // of the free space: what lies below is the legend
	page   *pageMap  // nil for a file
}

// legendItem explains one mark: a line, a filled area, a glyph or a tinted stretch.
type legendItem struct {
	label string
	line  *draw.LineStyle
	fill  *draw.GlyphStyle // drawn as a rectangle of its colour where it has no shape
	band  color.NRGBA      // of neither line nor fill: see panel.band
}

func lineItem(label string, style draw.LineStyle) legendItem {
	return legendItem{label: label, line: &style}
}

func glyphItem(label string, style draw.GlyphStyle) legendItem {
	return legendItem{label: label, fill: &style}
}

func bandItem(label string, c color.NRGBA) legendItem { return legendItem{label: label, band: c} }

const (
	keyWidth  = vg.Length(24)
	legendGap = vg.Length(14)
)

// drawOn draws the picture for a file, or for a page, which has the titles beside it.
func (p *picture) drawOn(c draw.Canvas, f form, page *pageMap) {
	s := &sheet{Canvas: c, form: f, page: page}
	if page == nil {
		s.drawTitles(p)
	}
	s.bottom = s.drawLegend(p.legend)
	p.draw(s)
}

const sideGap = vg.Length(14)

// drawTitles writes the title and under it the subtitle. A long title is smaller, and a
// longer one has two lines, of which the second is cut where it is too long.
func (s *sheet) drawTitles(p *picture) {
	space := s.width - 2*sideGap
	title, lines, y := titleText, []string{p.Title}, p.height-26
	for title.width(p.Title) > space && title.size > 12 {
		title.size -= 0.5
	}
	if title.width(p.Title) > space {
		lines, y = title.halves(p.Title, space), p.height-18
	}
	for i, line := range lines {
		s.text(title, sideGap, y-times(i, 15), 0, title.fit(line, space))
	}
	s.text(subText, sideGap, y-times(len(lines)-1, 12)-18, 0, subText.fit(p.subtitle, space))
}

// halves breaks a text at the last space at which its beginning fits.
func (l lettering) halves(text string, most vg.Length) []string {
	for at := strings.LastIndexByte(text, ' '); at > 0; at = strings.LastIndexByte(text[:at], ' ') {
		if l.width(text[:at]) <= most {
			return []string{text[:at], text[at+1:]}
		}
	}
	return []string{text}
}

// text writes with the baseline at y; align is the share of the text's width
// that lies left of x, negative.
func (s *sheet) text(l lettering, x, y vg.Length, align float64, txt string) {
	style := l.style(align, 0)
	s.FillText(style, vg.Point{X: x, Y: y}, txt)
}

// drawLegend sets the items in rows at the foot of the sheet and returns the
// height they take.
func (s *sheet) drawLegend(items []legendItem) vg.Length {
	rows := s.legendRows(items)
	for i, row := range rows {
		x, y := s.left, vg.Length(vg.Length(len(rows)-i)*legendRow)-4
		for _, item := range row {
			s.key(item, x, y)
			s.text(axisText, x+keyWidth+6, y-3.5, 0, item.label)
			x += item.width()
		}
	}
	return vg.Length(vg.Length(len(rows))*legendRow) + 6
}

// width leaves room for the viewer's font, which may be wider than the one
// measured.
func (item legendItem) width() vg.Length {
	return keyWidth + 6 + vg.Length(1.15*axisText.width(item.label)) + legendGap
}

func (f form) legendRows(items []legendItem) [][]legendItem {
	var rows [][]legendItem
	free := vg.Length(0)
	for _, item := range items {
		if w := item.width(); w > free || len(rows) == 0 {
			rows = append(rows, nil)
			free = f.width - f.left - sideGap
		}
		rows[len(rows)-1] = append(rows[len(rows)-1], item)
		free -= item.width()
	}
	return rows
}

// key draws an item's sample, centred on the height y.
func (s *sheet) key(item legendItem, x, y vg.Length) {
	switch {
	case item.line != nil:
		s.StrokeLine2(*item.line, x, y, x+keyWidth, y)
	case item.fill == nil:
		s.fillRect(tint(item.band, bandAlpha), x, y-5, x+keyWidth, y+5)
		s.fillRect(item.band, x, y+5-bandEdge, x+keyWidth, y+5)
	case item.fill.Shape != nil:
		s.DrawGlyph(*item.fill, vg.Point{X: x + keyWidth/2, Y: y})
	default:
		s.fillRect(item.fill.Color, x, y-5, x+keyWidth, y+5)
	}
}
