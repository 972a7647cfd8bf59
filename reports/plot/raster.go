package plot

import (
	stdfont "golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgimg"
)

// raster is a canvas for PNGs on which text is filled outlines. The library draws
// glyphs in arithmetic that differs between processors by one level of a pixel.
type raster struct{ *vgimg.Canvas }

// FillString writes text that begins at a point of the baseline.
func (c raster) FillString(face font.Face, at vg.Point, txt string) {
	o := outline{at: at, em: fixed.Int26_6(face.Face.UnitsPerEm())}
	o.scale = face.Font.Size / vg.Length(o.em)
	for _, char := range txt {
		o.add(face.Face, char)
	}
	c.Fill(o.path)
}

// outline is the path of a text.
type outline struct {
	path  vg.Path
	at    vg.Point
	em    fixed.Int26_6 // font units
	scale vg.Length     // of a font unit
	x     fixed.Int26_6 // of the next glyph, in font units
	last  sfnt.GlyphIndex
	buf   sfnt.Buffer
}

// add appends a character, which the font's fallback glyph replaces if it is not in
// the font. Fonts are built in, so that errors cannot occur.
func (o *outline) add(f *sfnt.Font, char rune) {
	glyph, _ := f.GlyphIndex(&o.buf, char)
	if len(o.path) > 0 {
		kern, _ := f.Kern(&o.buf, o.last, glyph, o.em, stdfont.HintingNone)
		o.x += kern
	}
	segments, _ := f.LoadGlyph(&o.buf, glyph, o.em, nil)
	for i, s := range segments {
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			if i > 0 {
				o.path.Close()
			}
			o.path.Move(o.point(s.Args[0]))
		case sfnt.SegmentOpLineTo:
			o.path.Line(o.point(s.Args[0]))
		case sfnt.SegmentOpQuadTo:
			o.path.QuadTo(o.point(s.Args[0]), o.point(s.Args[1]))
		case sfnt.SegmentOpCubeTo:
			o.path.CubeTo(o.point(s.Args[0]), o.point(s.Args[1]), o.point(s.Args[2]))
		}
	}
	if len(segments) > 0 {
		o.path.Close()
	}
	advance, _ := f.GlyphAdvance(&o.buf, glyph, o.em, stdfont.HintingNone)
	o.x += advance
	o.last = glyph
}

// point places a point of a glyph, whose y grows downwards, on the canvas.
func (o *outline) point(p fixed.Point26_6) vg.Point {
	return vg.Point{X: o.at.X + vg.Length(vg.Length(o.x+p.X)*o.scale), Y: o.at.Y - vg.Length(vg.Length(p.Y)*o.scale)}
}
