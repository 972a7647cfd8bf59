package plot

import (
	"fmt"
	"image/color"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"sesim/reports"
	"sesim/reports/wording"
	"sesim/sim/ses"
)

// diagram is the diagram of enforcement, with the way that an account took.
type diagram struct {
	r    *reports.Report
	a    *reports.Account
	ways []way
}

// way is an arrow from one state to another. The times at which the account went it are
// said with the standing of the decision.
type way struct {
	from, to reports.State
	taken    []string
}

// diagramPicture draws the diagram of the account with most decisions; nil without any.
func diagramPicture(r *reports.Report) []picture {
	var c *diagram
	for _, i := range wording.Ranked(r) {
		of := newDiagram(r, &r.Summary.Accounts[i])
		if of.decisions() > 0 && (c == nil || of.decisions() > c.decisions()) {
			c = of
		}
	}
	if c == nil || r.Bands != nil {
		return nil
	}
	p := picture{subtitle: subtitle(r, "arrows that were taken are dark"), height: diagramHeight, draw: c.draw}
	p.Name, p.Title = "enforcement", c.title()
	p.Alt = fmt.Sprintf("Diagram of enforcement: healthy, under review, paused. %s.", p.Title)
	p.Caption = "Whether a decision is documented by AWS or rests on what the model assumes is the weakest of its rule and of the values that it reads."
	p.Columns = []string{"from", "to", "when"}
	for _, w := range c.ways {
		for _, text := range w.taken[:min(len(w.taken), maxRows/len(c.ways))] {
			p.Rows = append(p.Rows, []string{string(w.from), string(w.to), text})
		}
	}
	return []picture{p}
}

func newDiagram(r *reports.Report, a *reports.Account) *diagram {
	c := &diagram{r: r, a: a, ways: []way{
		{from: reports.StateHealthy, to: reports.StateReview}, {from: reports.StateReview, to: reports.StatePaused},
		{from: reports.StateHealthy, to: reports.StatePaused}, {from: reports.StateReview, to: reports.StateHealthy},
		{from: reports.StatePaused, to: reports.StateHealthy},
	}}
	standing := r.Standings()
	state := reports.StateHealthy
	if h := a.History; h != nil && (h.Status == reports.StateReview || h.Status == reports.StatePaused) {
		state = h.Status
	}
	for _, t := range a.Timeline {
		to := map[ses.Event]reports.State{
			ses.EventUnderReview: reports.StateReview, ses.EventPaused: reports.StatePaused, ses.EventHealthy: reports.StateHealthy,
		}[t.Event]
		if to == "" {
			continue
		}
		text := wording.On(r.Offset(t.At)) + ", " + reports.Weakest(standing[t.Rule], r.Summary.ReadsNamed(t.Reads))
		for i := range c.ways {
			if c.ways[i].from == state && c.ways[i].to == to {
				c.ways[i].taken = append(c.ways[i].taken, strings.TrimSuffix(text, ", "))
			}
		}
		state = to
	}
	return c
}

func (c *diagram) decisions() (n int) {
	for _, w := range c.ways {
		n += len(w.taken)
	}
	return n
}

func (c *diagram) title() string {
	var list []string
	for _, w := range c.ways {
		if len(w.taken) > 0 {
			list = append(list, fmt.Sprintf("from %s to %s %s", w.from, w.to, strings.Split(w.taken[0], ",")[0]))
		}
	}
	return wording.Clean(c.a.Name) + " goes " + strings.Join(list, ", ")
}

const diagramHeight = vg.Length(300)

func (c *diagram) draw(s *sheet) {
	room := s.width - 2*sideGap
	box, apart := min(vg.Length(150), room/4), halved(room)
	center := func(state reports.State) vg.Length {
		i := slices.Index([]reports.State{reports.StateHealthy, reports.StateReview, reports.StatePaused}, state)
		return sideGap + halved(box) + times(i, apart-halved(box))
	}
	const middle, half = vg.Length(120), vg.Length(20)
	for _, w := range c.ways {
		c.drawWay(s, w, center(w.from), center(w.to), box, middle, half)
	}
	now := wording.Enforcement(c.a.Enforcement)
	for _, state := range [...]reports.State{reports.StateHealthy, reports.StateReview, reports.StatePaused} {
		x := center(state)
		s.fillRect(stripColor(state), x-halved(box), middle-half, x+halved(box), middle+half)
		label := noteText
		label.bold = state == now
		s.text(label, x, middle-3.5, -0.5, string(state))
		if state == now {
			s.DrawGlyph(draw.GlyphStyle{Color: ink, Radius: 5, Shape: draw.CircleGlyph{}}, vg.Point{X: x - halved(box) + 11, Y: middle})
		}
	}
	s.text(noteText, sideGap, 18, 0, "● "+wording.Clean(c.a.Name)+" at the end of the run")
}

// drawWay draws an arrow: to the next state a straight one, past it or back one that goes
// around the boxes.
func (c *diagram) drawWay(s *sheet, w way, from, to, box, middle, half vg.Length) {
	style, label := stroke(rule, 1.6), ""
	var shade color.NRGBA = rule
	if len(w.taken) > 0 {
		style, shade, label = stroke(ink, 2), ink, w.taken[0]
		if more := len(w.taken) - 1; more > 0 {
			label += fmt.Sprintf(" and %d more", more)
		}
	}
	head := func(x, y, dx, dy vg.Length) {
		ax, ay, bx, by := vg.Length(8*dx), vg.Length(8*dy), vg.Length(4*dx), vg.Length(4*dy)
		s.FillPolygon(shade, []vg.Point{{X: x, Y: y}, {X: x - ax - by, Y: y - ay - bx}, {X: x - ax + by, Y: y - ay + bx}})
	}
	next := w.from == reports.StateHealthy && w.to == reports.StateReview || w.from == reports.StateReview && w.to == reports.StatePaused
	if next {
		x0, x1 := from+halved(box), to-halved(box)
		s.StrokeLine2(style, x0, middle, x1-6, middle)
		head(x1, middle, 1, 0)
		text := noteText.fit(label, x1-x0+box)
		s.text(noteText, (x0+x1)/2, middle+half+8, -0.5, text)
		return
	}
	// Around: above on the way to a pause, below on the way back.
	side, level := vg.Length(-1), middle-half-24
	shift := vg.Length(-14)
	if w.to == reports.StatePaused {
		side, level, shift = 1, middle+half+44, 14
	} else if w.from == reports.StatePaused {
		level -= 26
		shift = -26
	}
	edge := middle + vg.Length(side*half)
	x0, x1 := from+shift, to-shift
	s.StrokeLines(style, []vg.Point{{X: x0, Y: edge}, {X: x0, Y: level}, {X: x1, Y: level}, {X: x1, Y: edge + vg.Length(6*side)}})
	head(x1, edge, 0, -side)
	s.text(noteText, (x0+x1)/2, level+5, -0.5, noteText.fit(label, max(x0-x1, x1-x0)))
}
