package plot

import (
	"math"
	"regexp"
	"strconv"
	"strings"
)

// compact returns the SVG of a page in fewer bytes: lines as steps from point to point,
// the turn of a text as a part of its style, and positions in the digits that are seen.
func compact(svg string) string {
	for _, r := range [...][2]string{
		{"\n\txmlns=\"http://www.w3.org/2000/svg\"", ""}, {"\n\trole=", " role="},
		{` transform="scale(1, -1)" style="`, ` style="transform:scale(1,-1);`}, {`" />`, `"/>`},
	} {
		svg = strings.ReplaceAll(svg, r[0], r[1])
	}
	svg = placed.ReplaceAllStringFunc(svg, func(place string) string {
		return fraction.ReplaceAllStringFunc(place, func(text string) string { return string(appendNumber(nil, coordinate(text, yStep), yStep)) })
	})
	return lines.ReplaceAllStringFunc(svg, func(path string) string { return `d="` + relative(path) + `"` })
}

var (
	placed   = regexp.MustCompile(`<text x="[^"]*" y="[^"]*"`)
	fraction = regexp.MustCompile(`-?\d+\.\d+`)
	lines    = regexp.MustCompile(`d="[MLZ0-9.,-]+"`) // a path without curves
	corner   = regexp.MustCompile(`([ML])([0-9.-]+),([0-9.-]+)(Z?)`)
)

// Positions are hundredths of a point along the axis of time, which a page enlarges, and
// tenths otherwise.
const xStep, yStep = 100, 10

// coordinate returns a number in parts of a point.
func coordinate(text string, parts int) int {
	v, _ := strconv.ParseFloat(text, 64) // the patterns have numbers only
	return int(math.Round(v * float64(parts)))
}

// relative writes a path of lines as steps.
func relative(path string) string {
	var w pathWriter
	var x, y, startX, startY int
	for _, m := range corner.FindAllStringSubmatch(path, -1) {
		toX, toY := coordinate(m[2], xStep), coordinate(m[3], yStep)
		if m[1] == "M" {
			w.move(toX, toY)
			startX, startY = toX, toY
		} else {
			w.line(toX-x, toY-y)
		}
		x, y = toX, toY
		if m[4] != "" {
			w.end('z')
			x, y = startX, startY
		}
	}
	w.end(0)
	return string(w.text)
}

// pathWriter writes a path. Level or upright steps that go on in the same direction are
// one.
type pathWriter struct {
	text    []byte
	command byte // the last one
	dx, dy  int  // a step that is not yet written
}

func (w *pathWriter) move(x, y int) {
	w.end('M')
	w.number(x, xStep)
	w.number(y, yStep)
}

func (w *pathWriter) line(dx, dy int) {
	if dx == 0 && dy == 0 {
		return
	}
	level, upright := dy == 0 && w.dy == 0 && dx*w.dx > 0, dx == 0 && w.dx == 0 && dy*w.dy > 0
	if !level && !upright {
		w.step()
		w.dx, w.dy = 0, 0
	}
	w.dx, w.dy = w.dx+dx, w.dy+dy
}

// step writes the step that is left.
func (w *pathWriter) step() {
	command := byte('l')
	switch {
	case w.dx == 0 && w.dy == 0:
		return
	case w.dy == 0:
		command = 'h'
	case w.dx == 0:
		command = 'v'
	}
	if command != w.command {
		w.text, w.command = append(w.text, command), command
	}
	if w.dx != 0 {
		w.number(w.dx, xStep)
	}
	if w.dy != 0 {
		w.number(w.dy, yStep)
	}
}

// end ends a line with a command, or with none for 0.
func (w *pathWriter) end(command byte) {
	w.step()
	w.dx, w.dy = 0, 0
	if command != 0 {
		w.text, w.command = append(w.text, command), command
	}
}

// number writes n parts of a point, apart from a number before it.
func (w *pathWriter) number(n, parts int) {
	if last := w.text[len(w.text)-1]; n >= 0 && last >= '0' && last <= '9' {
		w.text = append(w.text, ' ')
	}
	w.text = appendNumber(w.text, n, parts)
}

// appendNumber appends n parts of a point, without a zero in front of the decimal point.
func appendNumber(b []byte, n, parts int) []byte {
	if n < 0 {
		b, n = append(b, '-'), -n
	}
	text := strconv.FormatFloat(float64(n)/float64(parts), 'f', -1, 64)
	if n > 0 {
		text = strings.TrimPrefix(text, "0")
	}
	return append(b, text...)
}
