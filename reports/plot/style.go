package plot

import (
	"image/color"
	"sync"

	stdfont "golang.org/x/image/font"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/font/liberation"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"sesim/reports"
)

// The sheet, in points.
const (
	dpi       = 108
	marginTop = vg.Length(62) // for title and subtitle
	legendRow = vg.Length(18)
)

// form is the width of a sheet with its margins: the left one holds the labels of the y
// axis, the right one the names of lines, so that no label covers data.
type form struct{ width, left, right vg.Length }

// The forms. A phone's page has the narrow one, where the other would be scaled down until
// nobody can read its labels.
var (
	usual  = form{880, 64, 116}
	narrow = form{400, 52, 82}
)

// Colours of Okabe and Ito, which colour-blind readers can tell apart, and
// greys. NRGBA, because a premultiplied colour with a low alpha is another
// hue.
var (
	blue       = color.NRGBA{0x00, 0x72, 0xB2, 0xFF}
	vermillion = color.NRGBA{0xD5, 0x5E, 0x00, 0xFF}
	orange     = color.NRGBA{0xE6, 0x9F, 0x00, 0xFF}
	sky        = color.NRGBA{0x56, 0xB4, 0xE9, 0xFF}
	green      = color.NRGBA{0x00, 0x9E, 0x73, 0xFF}
	purple     = color.NRGBA{0xCC, 0x79, 0xA7, 0xFF}

	ink   = color.NRGBA{0x1F, 0x24, 0x2B, 0xFF} // titles
	soft  = color.NRGBA{0x5B, 0x64, 0x70, 0xFF} // other text
	faint = color.NRGBA{0x9A, 0xA3, 0xAE, 0xFF} // what does not count
	rule  = color.NRGBA{0xE3, 0xE7, 0xEB, 0xFF} // grid
	paper = color.NRGBA{0xFF, 0xFF, 0xFF, 0xFF}
)

func tint(c color.NRGBA, alpha uint8) color.NRGBA { return color.NRGBA{c.R, c.G, c.B, alpha} }

// stateColors are the colours of states on strips, in which the usual one is pale: their
// greys differ as their hues do, for prints without colours.
var stateColors = map[reports.State]color.NRGBA{
	reports.StateSandbox:     {0xBC, 0xC3, 0xCB, 0xFF},
	reports.StateReview:      orange,
	reports.StatePaused:      vermillion,
	reports.StatePausedByOwn: {0x7A, 0x3B, 0x68, 0xFF},
}

// stripStates are all states, in the order of legends.
var stripStates = [...]reports.State{
	reports.StateHealthy, reports.StateSandbox, reports.StateReview, reports.StatePaused, reports.StatePausedByOwn,
}

// stripColor is the colour of a state on a strip of its own.
func stripColor(state reports.State) color.NRGBA {
	if c, ok := stateColors[state]; ok {
		return c
	}
	return tint(green, 0x38)
}

// lineStyles tell accounts apart by colour and, in grey, by dashes.
var lineStyles = []draw.LineStyle{
	stroke(blue, 1.8), stroke(vermillion, 1.8, 7, 3), stroke(green, 1.8, 2, 2), stroke(purple, 1.8, 10, 3, 2, 3),
	stroke(orange, 1.8), stroke(sky, 1.8, 7, 3), stroke(ink, 1.4, 2, 2), stroke(soft, 1.4, 10, 3, 2, 3),
	stroke(blue, 1.2, 4, 2), stroke(vermillion, 1.2), stroke(green, 1.2, 12, 3), stroke(purple, 1.2, 3, 3),
}

// colorOf returns the colour of a line, which is one of the above.
func colorOf(s draw.LineStyle) color.NRGBA {
	c, _ := s.Color.(color.NRGBA)
	return c
}

func stroke(c color.NRGBA, w vg.Length, dashes ...vg.Length) draw.LineStyle {
	return draw.LineStyle{Color: c, Width: w, Dashes: dashes}
}

var fonts = sync.OnceValue(func() text.Handler { return text.Plain{Fonts: font.NewCache(liberation.Collection())} })

// lettering is a text style without a position.
type lettering struct {
	size  vg.Length
	color color.NRGBA
	bold  bool
}

var (
	titleText = lettering{16, ink, true}
	subText   = lettering{11, soft, false}
	axisText  = lettering{10.5, soft, false}
	noteText  = lettering{10.5, ink, false}
)

// style places the text: x and y from -1, where the text ends at the point,
// to 0, where it begins.
func (l lettering) style(x, y float64) draw.TextStyle {
	f := font.Font{Typeface: "Liberation", Variant: "Sans", Size: l.size}
	if l.bold {
		f.Weight = stdfont.WeightBold
	}
	return draw.TextStyle{Color: l.color, Font: f, XAlign: text.XAlignment(x), YAlign: text.YAlignment(y), Handler: fonts()}
}

func (l lettering) width(s string) vg.Length { return l.style(0, 0).Width(s) }

// fit cuts a text to a width, the last character an ellipsis.
func (l lettering) fit(s string, most vg.Length) string {
	if l.width(s) <= most {
		return s
	}
	runes := []rune(s)
	low, high := 0, len(runes) // low characters fit
	for low < high-1 {
		if mid := (low + high) / 2; l.width(string(runes[:mid])+"…") <= most {
			low = mid
		} else {
			high = mid
		}
	}
	return string(runes[:low]) + "…"
}

// paler returns a light colour that covers what lies under it, so that areas that overlap
// are not darker.
func paler(c color.NRGBA) color.NRGBA {
	light := func(v uint8) uint8 { return uint8(255 - (255-int(v))/4) }
	return color.NRGBA{light(c.R), light(c.G), light(c.B), 0xFF}
}
