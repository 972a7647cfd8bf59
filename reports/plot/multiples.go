package plot

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"gonum.org/v1/plot/vg"

	"sesim/reports"
	"sesim/reports/wording"
)

// multiple is a chart of one figure of several accounts, with a small panel for each on a
// common scale, sorted by the highest value.
type multiple struct {
	r      *reports.Report
	kind   *rateKind // nil: use of the quota
	panels []smallPanel
	levels []level
	top    float64
}

type smallPanel struct {
	a      *reports.Account
	points []xy
	most   float64 // the figure of the summary, in the unit of the axis
	name   string
}

// manyAccounts is the number of accounts from which on a figure is compared in one chart.
const manyAccounts = 3

// The sizes of small panels.
const (
	smallWidth = vg.Length(160) // at least
	smallGap   = vg.Length(22)  // between panels side by side
	smallTall  = vg.Length(92)
	smallRow   = smallTall + 34
)

// multiplePictures returns the charts that compare accounts.
func multiplePictures(r *reports.Report, chosen []int) (list []picture) {
	for _, kind := range []*rateKind{&bounces, &complaints, nil} {
		c := newMultiple(r, chosen, kind)
		if c.top == 0 {
			continue
		}
		p := picture{height: c.height(usual), slimHeight: c.height(narrow), draw: c.draw}
		p.subtitle = subtitle(r, sampled(r, "the same scale for all; one point"))
		p.Name, p.Title = c.word(), c.title()
		p.Alt = fmt.Sprintf("Small charts of the %s of %s over %s of virtual time. %s.",
			strings.ReplaceAll(c.word(), "-", " "), accountsText(len(c.panels)), wording.Span(r.End()), p.Title)
		p.Caption = c.caption()
		p.Columns, p.Rows, _ = c.table(maxRows)
		_, p.readings.rows, p.readings.at = c.table(maxReadings / 3)
		list = append(list, p)
	}
	return list
}

func newMultiple(r *reports.Report, chosen []int, kind *rateKind) *multiple {
	c := &multiple{r: r, kind: kind}
	for _, i := range chosen {
		a := &r.Summary.Accounts[i]
		panel := smallPanel{a: a, name: wording.Clean(a.Name), most: 100 * c.figure(a)}
		if kind == nil {
			panel.points = steps(thin(samples(&r.Series, a.Name, "quota_used", 1)), days(r.End()))
		} else {
			panel.points = judgedSamples(r, a, *kind)
		}
		c.top = max(c.top, highest(panel.points))
		c.panels = append(c.panels, panel)
	}
	slices.SortStableFunc(c.panels, func(a, b smallPanel) int { return cmp.Compare(b.most, a.most) })
	if kind != nil && c.top > 0 {
		lines := kind.lines(&r.Summary.Reputation)
		c.levels = []level{{lines.Review * 100, "", stroke(orange, 1.2, 6, 3)}, {lines.Pause * 100, "", stroke(vermillion, 1.2, 2.5, 2.5)}}
		c.top = max(c.top, 1.1*lines.Review*100)
		c.levels = slices.DeleteFunc(c.levels, func(l level) bool { return l.at > 1.1*c.top })
	}
	c.top *= 1.15
	return c
}

// judgedSamples returns the samples of a rate at which there is enough mail for a
// decision, in percent.
func judgedSamples(r *reports.Report, a *reports.Account, kind rateKind) []xy {
	points, eligible := samples(&r.Series, a.Name, kind.metric(), 100), samples(&r.Series, a.Name, kind.eligible, 1)
	return thin(slices.DeleteFunc(points, func(p xy) bool {
		n, known := valueAt(eligible, p.x)
		return known && n < float64(r.Summary.Reputation.MinEligible)
	}))
}

func (c *multiple) word() string {
	if c.kind == nil {
		return "quota"
	}
	return c.kind.word + "-rate"
}

// title names the account with the highest value, and how many reach the review threshold,
// among all accounts, whether they have a panel or not.
func (c *multiple) title() string {
	accounts := c.r.Summary.Accounts
	worst, most, of := "", -1.0, accountsText(len(accounts))
	review, over := 0.0, int64(0)
	if c.kind != nil {
		review = c.kind.lines(&c.r.Summary.Reputation).Review
	}
	for i := range accounts {
		v := c.figure(&accounts[i])
		if v > most {
			worst, most = wording.Clean(accounts[i].Name), v
		}
		if v >= review {
			over++
		}
	}
	if c.kind == nil {
		return fmt.Sprintf("Of %s, %s uses most of its sending quota: %s", of, worst, wording.Percent(most))
	}
	if over == 0 {
		return fmt.Sprintf("All %s keep their %s rate below %s; the highest is that of %s, %s",
			of, c.kind.word, wording.Percent(review), worst, wording.Percent(most))
	}
	reach := "reach"
	if over == 1 {
		reach = "reaches"
	}
	return fmt.Sprintf("%s of %s %s a %s rate of %s; the highest is that of %s, %s",
		wording.Count(over), of, reach, c.kind.word, wording.Percent(review), worst, wording.Percent(most))
}

// figure is the highest value of an account.
func (c *multiple) figure(a *reports.Account) float64 {
	if c.kind == nil {
		return a.QuotaUse.Max
	}
	return c.kind.figures(a).Max
}

func (c *multiple) caption() string {
	text := "Sorted by the highest value, which stands above each chart."
	if c.kind != nil {
		text += fmt.Sprintf(" The dashed lines are the thresholds of review and pause. "+
			"The model judges no rate below %s eligible emails, which is not drawn.",
			wording.Count(c.r.Summary.Reputation.MinEligible))
	}
	if more := len(c.r.Summary.Accounts) - len(c.panels); more > 0 {
		text += fmt.Sprintf(" Accounts without a chart: %s; their figures are in summary.json.", wording.Count(int64(more)))
	}
	return text
}

// columns is how many panels stand side by side.
func (f form) columns() int { return max(1, int((f.width-f.left-sideGap)/smallWidth)) }

func (c *multiple) height(f form) vg.Length {
	rows := (len(c.panels) + f.columns() - 1) / f.columns()
	return marginTop + times(rows, smallRow) + calendarOf(c.r).foot() + 10
}

func (c *multiple) draw(s *sheet) {
	n, when := s.columns(), calendarOf(c.r)
	if n > len(c.panels) {
		n = len(c.panels)
	}
	apart := (s.width - s.left - sideGap) / vg.Length(n)
	top := s.Max.Y - marginTop
	for i := range c.panels {
		left, upper := s.left+times(i%n, apart), top-times(i/n, smallRow)
		p := &panel{s: s, xMax: days(when.end), yMax: c.top, rect: vg.Rectangle{
			Min: vg.Point{X: left, Y: upper - smallTall}, Max: vg.Point{X: left + apart - smallGap, Y: upper - 14},
		}}
		c.drawPanel(p, &c.panels[i], i%n == 0)
		if i+n >= len(c.panels) { // nothing below it
			p.timeAxis(when)
		} else {
			p.xAxis("", nil)
		}
	}
}

func (c *multiple) drawPanel(p *panel, small *smallPanel, first bool) {
	for _, t := range numberTicks(c.top, 2, c.label) {
		y := p.y(t.at)
		p.s.StrokeLine2(stroke(rule, 0.8), p.rect.Min.X, y, p.rect.Max.X, y)
		if first {
			p.s.text(axisText, p.rect.Min.X-7, y-3.5, -1, t.label)
		}
	}
	head := noteText
	head.bold = true
	value := wording.Percent(small.most / 100)
	space := p.rect.Max.X - p.rect.Min.X - vg.Length(wide*axisText.width(value)) - 8
	p.s.text(head, p.rect.Min.X, p.rect.Max.Y+4, 0, head.fit(small.name, space/wide))
	p.s.text(axisText, p.rect.Max.X, p.rect.Max.Y+4, -1, value)
	p.enlarged(func() {
		drawPhases(p, c.r.Phases(small.a))
		p.line(stroke(blue, 1.6), small.points)
	})
	for _, l := range c.levels {
		y := p.y(l.at)
		p.s.StrokeLine2(l.style, p.rect.Min.X, y, p.rect.Max.X, y)
	}
}

func (c *multiple) label(v float64) string {
	if c.kind == nil {
		return countLabel(v)
	}
	return percentLabel(v)
}

// table returns so many evenly spaced figures, and their moments.
func (c *multiple) table(most int) (columns []string, rows [][]string, moments []time.Duration) {
	columns = []string{"virtual time"}
	for i := range c.panels {
		columns = append(columns, c.panels[i].name)
	}
	times := c.r.Series.Times
	for _, i := range rowsOf(len(times), 0, most) {
		row := []string{wording.Clock(times[i])}
		for k := range c.panels {
			cell := "–"
			if v, ok := valueAt(c.panels[k].points, days(times[i])); ok {
				cell = c.text(v)
			}
			row = append(row, cell)
		}
		rows, moments = append(rows, row), append(moments, times[i])
	}
	return columns, rows, moments
}

func (c *multiple) text(v float64) string {
	if c.kind == nil {
		return wording.Count(int64(v))
	}
	return wording.Percent(v / 100)
}
