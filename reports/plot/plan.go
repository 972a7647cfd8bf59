package plot

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/plot/vg/draw"

	"sesim/reports/planreport"
	"sesim/reports/wording"
	"sesim/sim/unit"
)

// Plan draws the candidates of a plan by the values of its first two keys, or of its only
// one, and the region that keeps the promises.
func Plan(p *planreport.Plan) ([]Chart, error) {
	c := newPlanChart(p)
	if c == nil {
		return nil, nil
	}
	pic := picture{height: heatHeight, draw: c.draw}
	pic.subtitle = fmt.Sprintf("%s  ·  seed %d  ·  each mark is a candidate", wording.Clean(p.Scenario), p.Seed)
	pic.Name, pic.Title = "plan", c.title()
	pic.Alt = fmt.Sprintf("Candidates by %s. %s.", strings.Join(c.keys, " and "), pic.Title)
	pic.Caption = "Shaded is what is at least as generous as a candidate that keeps all promises: " +
		"it keeps them too where more of a key never breaks one. Open candidates broke none in the few runs that the search gave them."
	if !c.ordered {
		pic.Caption = "A promise is kept in several separate ranges of a key, so that no region is shaded."
	}
	if len(p.Choices) > 2 {
		pic.Caption += fmt.Sprintf(" Only two of %d keys are shown.", len(p.Choices))
	}
	for _, k := range planKinds {
		if slices.ContainsFunc(c.points, func(of planPoint) bool { return of.kind == k.name }) {
			pic.legend = append(pic.legend, glyphItem(k.name, k.mark))
		}
	}
	pic.Columns = append(slices.Clone(c.keys), "outcome")
	for i := range p.Candidates[:min(len(p.Candidates), maxRows)] {
		n := &p.Candidates[i]
		pic.Rows = append(pic.Rows, append(slices.Clone(n.Values[:len(c.keys)]), p.Outcome(n)))
	}
	return renderAll([]picture{pic})
}

// planKinds are the kinds of candidates with their marks.
var planKinds = []struct {
	name string
	mark draw.GlyphStyle
}{
	{"the answer", ownMark}, {"keeps all promises", holdsMark}, {"breaks a promise", differsMark}, {"open", lostMark},
	{"not valid", draw.GlyphStyle{Color: soft, Radius: 3, Shape: draw.CrossGlyph{}}},
}

// planPoint is a candidate.
type planPoint struct {
	x, y float64
	kind string
}

type planChart struct {
	p       *planreport.Plan
	keys    []string // one or two
	points  []planPoint
	labels  [2]func(float64) string
	ordered bool
}

// newPlanChart returns nil if there are no candidates, or values that are no numbers.
func newPlanChart(p *planreport.Plan) *planChart {
	c := &planChart{p: p, ordered: len(p.NoOrder) == 0, labels: [2]func(float64) string{countLabel, countLabel}}
	for j := range p.Choices[:min(len(p.Choices), 2)] {
		c.keys = append(c.keys, p.Choices[j].Key)
		if strings.HasSuffix(p.Choices[j].From, "%") {
			c.labels[j] = percentLabel
		}
	}
	for i := range p.Candidates {
		n := &p.Candidates[i]
		point := planPoint{kind: kindOf(p, n)}
		for j := range c.keys {
			v, ok := amount(n.Values[j])
			if !ok {
				return nil
			}
			if j == 0 {
				point.x = v
			} else {
				point.y = v
			}
		}
		c.points = append(c.points, point)
	}
	if len(c.points) == 0 {
		return nil
	}
	return c
}

// amount returns a value of a key as a number: that of a duration in seconds.
func amount(text string) (float64, bool) {
	if d, err := unit.ParseDuration(text); err == nil {
		return d.Seconds(), true
	}
	v, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSuffix(text, "%"), "/s"), 64)
	return v, err == nil
}

func kindOf(p *planreport.Plan, n *planreport.Point) string {
	answer := p.Status == "found"
	for j := range p.Choices {
		answer = answer && n.Values[j] == p.Choices[j].Value
	}
	switch {
	case answer:
		return "the answer"
	case n.Impossible != "":
		return "not valid"
	case n.Kept:
		return "keeps all promises"
	case slices.ContainsFunc(n.Figures, func(f planreport.Figure) bool { return f.Verdict == "broken" && !f.Aside }):
		return "breaks a promise"
	}
	return "open"
}

func (c *planChart) title() string { return c.p.Answer()[0] }

func (c *planChart) draw(s *sheet) {
	var xs, ys []float64
	for _, p := range c.points {
		xs, ys = append(xs, p.x), append(ys, p.y)
	}
	if len(c.keys) == 1 {
		ys = []float64{0, 1}
	}
	x, y := newPlanAxis(xs, c.labels[0]), newPlanAxis(ys, c.labels[1])
	p := s.panel(s.bottom+44, heatHeight-marginTop-20, x.most, y.most)
	c.shade(p, x, y)
	p.xAxis("", x.ticks)
	s.text(axisText, s.width-s.right, p.rect.Min.Y-34, -1, wording.Clean(c.keys[0]))
	if len(c.keys) > 1 {
		p.yAxis(wording.Clean(c.keys[1]), y.ticks)
	}
	for _, k := range slices.Backward(planKinds) { // the answer last
		for _, point := range c.points {
			if point.kind == k.name {
				p.mark(k.mark, c.place(point, x, y))
			}
		}
	}
}

// planAxis is an axis of values: logarithmic where they differ much and none is 0.
type planAxis struct {
	place func(float64) float64
	most  float64
	ticks []tick
}

// muchDifferent is how many times the least value the highest is on a logarithmic axis.
const muchDifferent = 30

func newPlanAxis(values []float64, label func(float64) string) planAxis {
	least, most := slices.Min(values), slices.Max(values)
	if least <= 0 || most/least < muchDifferent {
		a := planAxis{place: func(v float64) float64 { return v }, most: 1.08 * most}
		a.ticks = numberTicks(a.most, 6, label)
		return a
	}
	from := powerBelow(least)
	a := planAxis{place: func(v float64) float64 { return math.Log10(v / from) }}
	a.most = a.place(most) + 0.15
	for power := from; power <= most*1.4; power *= 10 {
		a.ticks = append(a.ticks, tick{a.place(power), label(power)})
	}
	return a
}

// place returns where a candidate is drawn: of one key in the middle.
func (c *planChart) place(p planPoint, x, y planAxis) xy {
	if len(c.keys) == 1 {
		return xy{x.place(p.x), 0.5}
	}
	return xy{x.place(p.x), y.place(p.y)}
}

// shade fills what is at least as generous as a candidate that keeps all promises.
func (c *planChart) shade(p *panel, x, y planAxis) {
	if !c.ordered {
		return
	}
	for _, point := range c.points {
		if point.kind != "the answer" && point.kind != "keeps all promises" {
			continue
		}
		at := c.place(point, x, y)
		x0, x1 := p.x(at.x), p.rect.Max.X
		if c.p.Choices[0].Wanted == "largest" {
			x0, x1 = p.rect.Min.X, x0
		}
		y0, y1 := p.y(at.y), p.rect.Max.Y
		switch {
		case len(c.keys) == 1:
			y0 = p.rect.Min.Y
		case c.p.Choices[1].Wanted == "largest":
			y0, y1 = p.rect.Min.Y, y0
		}
		p.s.fillRect(paler(green), x0, y0, x1, y1)
	}
}
