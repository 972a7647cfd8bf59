package plot

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"sesim/reports"
	"sesim/reports/wording"
	"sesim/sim/ses"
)

// assumptionPictures draws what the verdicts rest on, if some value of what AWS does
// not publish changes a verdict: one strip for each setting, and where verdicts turn.
func assumptionPictures(r *reports.Report) []picture {
	a := r.Summary.Assumptions
	if a == nil {
		return nil
	}
	turning := slices.DeleteFunc(slices.Clone(a.Parameters), func(p reports.Assumption) bool {
		return !slices.ContainsFunc(p.Settings, func(s reports.Setting) bool { return wording.Differs(r, &s) })
	})
	if len(turning) == 0 {
		return nil
	}
	list := []picture{turnsPicture(r, turning)}
	if i := slices.IndexFunc(r.Summary.Accounts, func(of reports.Account) bool { return of.Name == a.Account }); i >= 0 {
		list = slices.Insert(list, 0, stripsPicture(r, &r.Summary.Accounts[i]))
	}
	return list
}

// The rows of the charts.
const (
	labelWidth  = vg.Length(245)
	resultWidth = vg.Length(290)
	stripHeight = vg.Length(8)
	stripRow    = vg.Length(23)
	turnRow     = vg.Length(46)
	maxStrips   = 18
	maxTurnRows = 10
)

// wide is how much wider than ours a reader's font may be: an SVG does not contain its
// font. Texts begin at the left and end that much before what follows them.
const wide = 1.15

// label writes the text at the left of a row.
func (s *sheet) label(l lettering, y vg.Length, text string) {
	const x, gap = sideGap + 14, 14
	s.text(l, x, y-3.5, 0, l.fit(text, (sideGap+labelWidth-gap-x)/wide))
}

// times returns n times a length, rounded once.
func times(n int, length vg.Length) vg.Length { return vg.Length(vg.Length(n) * length) }

// halved returns half a length, rounded once: a half is a product too.
func halved(length vg.Length) vg.Length { return vg.Length(length / 2) }

// strip is a row of the chart of settings.
type strip struct {
	label  string
	result string
	phases []reports.Phase
	marked bool // a verdict differs
	own    bool
}

// stripsChart has one strip for each setting that makes a difference to an account.
type stripsChart struct {
	r      *reports.Report
	strips []strip
	more   int // settings that are left out
	end    float64
}

func stripsPicture(r *reports.Report, a *reports.Account) picture {
	c := newStripsChart(r, a)
	p := picture{
		subtitle: subtitle(r, "each row is one run, with one unpublished value changed"),
		height:   c.height(), draw: c.draw, legend: c.legend(), broad: true,
	}
	p.Name = "assumptions-settings"
	p.Title = c.title()
	p.Alt = fmt.Sprintf("Strips of the states of %s over %s of virtual time in %s settings. %s.",
		wording.Clean(a.Name), wording.Span(r.End()), wording.Count(int64(len(c.strips)-1)), p.Title)
	p.Caption = "Settings in which neither a verdict nor the account's state differs are left out."
	if c.more > 0 {
		p.Caption = fmt.Sprintf("%s further settings that make a difference are in summary.json. ", wording.Count(int64(c.more))) + p.Caption
	}
	p.Columns = []string{"setting", "what becomes of " + wording.Clean(a.Name), "a verdict differs"}
	for _, s := range c.strips[:min(len(c.strips), maxRows)] {
		mark := "no"
		if s.marked {
			mark = "yes"
		}
		p.Rows = append(p.Rows, []string{s.label, s.result, mark})
	}
	return p
}

func (c *stripsChart) height() vg.Length { return marginTop + times(len(c.strips), stripRow) + 70 }

func newStripsChart(r *reports.Report, a *reports.Account) *stripsChart {
	c := &stripsChart{r: r, end: days(r.End())}
	own := reports.Setting{Refused: a.Refused.Total()}
	for _, t := range a.Timeline {
		own.Changes = append(own.Changes, reports.Change{At: reports.Seconds(r.Offset(t.At)), Event: t.Event})
	}
	c.strips = []strip{{label: "as the scenario is", result: result(&own), phases: r.Phases(a), own: true}}
	usual := r.Phases(a)
	for pass := range 2 { // first those in which a verdict differs
		for i := range r.Summary.Assumptions.Parameters {
			p := &r.Summary.Assumptions.Parameters[i]
			for k := range p.Settings {
				s := &p.Settings[k]
				phases, marked := r.SettingPhases(a, s), wording.Differs(r, s)
				if s.Verdicts == nil || marked != (pass == 0) || !marked && slices.Equal(phases, usual) {
					continue
				}
				if len(c.strips) > maxStrips {
					c.more++
					continue
				}
				c.strips = append(c.strips, strip{label: wording.Setting(p.Name, s), result: result(s), phases: phases, marked: marked})
			}
		}
	}
	return c
}

// result says in a few words what became of an account in a setting.
func result(s *reports.Setting) string {
	const none = "no review, no pause"
	text := none
	for _, c := range s.Changes {
		at := wording.OnTenth(time.Duration(c.At))
		switch {
		case c.Event == ses.EventPaused:
			text = "paused " + at
		case c.Event == ses.EventUnderReview && text == none:
			text = "under review " + at
		case c.Event == ses.EventHealthy && strings.HasPrefix(text, "under review ") && !strings.Contains(text, ", "):
			text += ", healthy " + at
		}
	}
	if s.Refused > 0 {
		text += ", " + wording.Count(s.Refused) + " refused"
	}
	return text
}

// title says in how many settings a verdict differs.
func (c *stripsChart) title() string {
	h, of := c.r.Summary.Assumptions.HoldsIn, c.r.Summary.Assumptions.Settings
	return fmt.Sprintf("%s: a verdict differs in %s of %s settings of what AWS does not publish",
		wording.Clean(c.r.Summary.Scenario), wording.Count(int64(of-h)), wording.Count(int64(of)))
}

func (c *stripsChart) legend() []legendItem {
	var items []legendItem
	for _, state := range stripStates[1:] {
		has := func(s strip) bool {
			return slices.ContainsFunc(s.phases, func(p reports.Phase) bool { return p.State == state })
		}
		if slices.ContainsFunc(c.strips, has) {
			items = append(items, glyphItem(string(state), draw.GlyphStyle{Color: stateColors[state]}))
		}
	}
	return append(items, glyphItem("a verdict differs", differsMark))
}

// The marks of a value: the scenario's own, and others.
var (
	ownMark     = draw.GlyphStyle{Color: ink, Radius: 4.5, Shape: draw.BoxGlyph{}}
	holdsMark   = draw.GlyphStyle{Color: blue, Radius: 3.6, Shape: draw.CircleGlyph{}}
	differsMark = draw.GlyphStyle{Color: vermillion, Radius: 4.6, Shape: draw.PyramidGlyph{}}
	lostMark    = draw.GlyphStyle{Color: soft, Radius: 4, Shape: draw.RingGlyph{}}
)

func (c *stripsChart) draw(s *sheet) {
	left, right := sideGap+labelWidth, s.width-sideGap-resultWidth
	top := c.height() - marginTop - 14
	x := func(at float64) vg.Length { return along(left, right, at/c.end) }
	for i, row := range c.strips {
		y := top - times(i, stripRow)
		s.StrokeLine2(stroke(rule, 1), left, y, right, y)
		for _, p := range row.phases {
			if shade, ok := stateColors[p.State]; ok {
				s.fillRect(shade, x(days(p.From)), y-stripHeight/2, max(x(days(p.To)), x(days(p.From))+1), y+stripHeight/2)
			}
		}
		text := noteText
		text.bold = row.own
		s.label(text, y, row.label)
		s.text(axisText, right+10, y-3.5, 0, axisText.fit(row.result, (resultWidth-12)/wide))
		if row.marked {
			s.DrawGlyph(differsMark, vg.Point{X: sideGap + 5, Y: y})
		}
	}
	y := top - times(len(c.strips), stripRow) + 6
	ticks := timeTicks(c.r.End())
	for step := (len(ticks) + 5) / 6; len(ticks) > 6; {
		ticks = everyNth(ticks, step)
	}
	s.StrokeLine2(stroke(soft, 0.8), left, y, right, y)
	for _, t := range ticks {
		s.StrokeLine2(stroke(soft, 0.8), x(t.at), y, x(t.at), y-4)
		s.text(axisText, x(t.at), y-15, -0.5, t.label)
	}
}

// everyNth keeps the first of every n ticks.
func everyNth(ticks []tick, n int) []tick {
	var list []tick
	for i := 0; i < len(ticks); i += n {
		list = append(list, ticks[i])
	}
	return list
}

// turnsChart has one row for each parameter, with the values that were tried.
type turnsChart struct {
	r    *reports.Report
	rows []reports.Assumption
}

func turnsPicture(r *reports.Report, turning []reports.Assumption) picture {
	c := &turnsChart{r, turning[:min(len(turning), maxTurnRows)]}
	p := picture{
		subtitle: subtitle(r, "each row is a parameter, with the values that were tried in order"),
		height:   c.height(), draw: c.draw, broad: true,
		legend: []legendItem{
			glyphItem("the scenario's own value", ownMark), glyphItem("the verdicts hold", holdsMark), glyphItem("a verdict differs", differsMark),
		},
	}
	p.Name = "assumptions-turns"
	p.Title = c.title(len(turning))
	p.Alt = fmt.Sprintf("Rows of points for %s parameters: the values that were tried, and whether the verdicts hold. %s.",
		wording.Count(int64(len(c.rows))), p.Title)
	p.Caption = "The values stand in their order, not at their distances. " +
		"The number above a value names the first value, going away from the scenario's own, with another verdict."
	if more := len(turning) - len(c.rows); more > 0 {
		p.Caption += fmt.Sprintf(" %s further parameters are in summary.json.", wording.Count(int64(more)))
	}
	p.Columns = []string{"parameter", "value", "verdicts"}
	for i := range c.rows {
		for _, v := range c.values(&c.rows[i]) {
			if len(p.Rows) < maxRows {
				p.Rows = append(p.Rows, []string{c.rows[i].Name, v.text, v.word})
			}
		}
	}
	return p
}

func (c *turnsChart) height() vg.Length { return marginTop + times(len(c.rows), turnRow) + 34 }

// title names the parameters.
func (c *turnsChart) title(of int) string {
	names := ""
	for i := range c.rows[:min(len(c.rows), 3)] {
		if i > 0 {
			names += ", "
		}
		names += c.rows[i].Name
	}
	if more := of - 3; more > 0 {
		names += fmt.Sprintf(" and %s more", wording.Count(int64(more)))
	}
	return "The answer rests on " + names
}

// triedValue is a value in a row.
type triedValue struct {
	text, word string
	mark       draw.GlyphStyle
	turns      string // what turns here: "22.1d"
}

// values returns the values of a row in order, with the scenario's own.
func (c *turnsChart) values(p *reports.Assumption) []triedValue {
	var list []triedValue
	for i := range p.Settings {
		s := &p.Settings[i]
		v := triedValue{wording.Tried(s), "hold", holdsMark, ""}
		switch {
		case s.Verdicts == nil:
			v.word, v.mark = "not tried to the end", lostMark
		case wording.Differs(c.r, s):
			v.word, v.mark, v.turns = "differ", differsMark, turnAt(p, s.Value)
		}
		list = append(list, v)
	}
	return slices.Insert(list, min(p.Below, len(list)), triedValue{wording.Grouped(p.Value), "the scenario's own", ownMark, ""})
}

// turnAt returns the first value at which a verdict turns between the value tried and
// the one before it; "" if that is none, or the same.
func turnAt(p *reports.Assumption, tried string) string {
	for i := range p.Turns {
		if t := &p.Turns[i]; t.Tried == tried && t.At != tried {
			return wording.Grouped(t.At)
		}
	}
	return ""
}

func (c *turnsChart) draw(s *sheet) {
	left, right := sideGap+labelWidth, s.width-sideGap-40
	top := c.height() - marginTop - 22
	for i := range c.rows {
		y := top - times(i, turnRow)
		s.label(noteText, y, c.rows[i].Name)
		values := c.values(&c.rows[i])
		apart := (right - left) / vg.Length(max(len(values)-1, 5))
		s.StrokeLine2(stroke(rule, 1), left, y, left+times(len(values)-1, apart), y)
		for k, v := range values {
			at := left + times(k, apart)
			s.DrawGlyph(v.mark, vg.Point{X: at, Y: y})
			label := axisText
			if v.mark == ownMark {
				label.bold = true
			}
			s.text(label, at, y-18, -0.5, label.fit(v.text, apart-6))
			if v.turns != "" {
				s.text(noteText, at, y+9, -0.5, noteText.fit("turns at "+v.turns, apart))
			}
		}
	}
}
