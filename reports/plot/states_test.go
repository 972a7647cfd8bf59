package plot

import (
	"image/color"
	"math"
	"testing"
)

// TestStatesInGrey: on white paper, without colours, no two states of a strip look alike.
func TestStatesInGrey(t *testing.T) {
	grey := func(c color.NRGBA) float64 {
		paper := 255 - float64(c.A)
		return paper + float64(c.A)/255*(0.299*float64(c.R)+0.587*float64(c.G)+0.114*float64(c.B))
	}
	for i, a := range stripStates {
		for _, b := range stripStates[:i] {
			if d := math.Abs(grey(stripColor(a)) - grey(stripColor(b))); d < 25 {
				t.Errorf("%s and %s differ by %.0f of 255 shades", a, b, d)
			}
		}
	}
}
