package plot

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"gonum.org/v1/plot/vg"

	"sesim/reports"
	"sesim/reports/wording"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// rateKind is one of the two rates of an account's reputation.
type rateKind struct {
	word     string // bounce or complaint
	eligible string // metric of the representative volume
	lines    func(*reports.Reputation) reports.Lines
	figures  func(*reports.Account) reports.Rate
}

var (
	bounces = rateKind{"bounce", "bounce_eligible",
		func(r *reports.Reputation) reports.Lines { return r.BounceRate },
		func(a *reports.Account) reports.Rate { return a.BounceRate }}
	complaints = rateKind{"complaint", "complaint_eligible",
		func(r *reports.Reputation) reports.Lines { return r.ComplaintRate },
		func(a *reports.Account) reports.Rate { return a.ComplaintRate }}
)

// metric is the rate's name in the series.
func (k rateKind) metric() string { return k.word + "_rate" }

// rateChart holds the data of the chart of a rate.
type rateChart struct {
	kind     rateKind
	r        *reports.Report
	a        *reports.Account
	lines    reports.Lines // in percent
	rate     []xy          // percent
	eligible []xy
	// past and pastEligible are those before the start, at negative times.
	past, pastEligible []xy
	counts             []bool // whether the sample has enough mail for a decision
	phases             []reports.Phase
	top                float64 // of the y axis, percent
	cut                bool    // whether the rate exceeds the top
}

func ratePicture(r *reports.Report, a *reports.Account, kind rateKind) picture {
	c := newRateChart(r, a, kind)
	p := picture{subtitle: subtitle(r, sampled(r, "one point")), height: 430, legend: c.legend(), draw: c.draw}
	p.Name = kind.word + "-rate"
	p.Title = c.title()
	p.Alt = fmt.Sprintf("Line chart of the %s rate of %s over %s of virtual time, with the thresholds of review at %s and of pause at %s. %s.",
		kind.word, wording.Clean(a.Name), wording.Span(r.End()), wording.Percent(c.lines.Review/100), wording.Percent(c.lines.Pause/100), p.Title)
	p.Caption = c.caption()
	p.Columns = []string{"virtual time", kind.word + " rate", "eligible emails", "state"}
	p.Rows, _ = c.rows(maxRows)
	p.readings.rows, p.readings.at = c.rows(maxReadings)
	if c.empty() || highest(c.rate) == 0 && len(c.phases) == 1 {
		p.draw = nil
	}
	return p
}

func newRateChart(r *reports.Report, a *reports.Account, kind rateKind) *rateChart {
	l := kind.lines(&r.Summary.Reputation)
	c := &rateChart{kind: kind, r: r, a: a, phases: r.Phases(a),
		lines:    reports.Lines{Review: l.Review * 100, Pause: l.Pause * 100},
		rate:     samples(&r.Series, a.Name, kind.metric(), 100),
		eligible: samples(&r.Series, a.Name, kind.eligible, 1),
		past:     samples(&r.Past, a.Name, kind.metric(), 100), pastEligible: samples(&r.Past, a.Name, kind.eligible, 1),
	}
	if len(c.eligible) != len(c.rate) {
		c.eligible = nil
	}
	c.top = 1.18 * max(c.lines.Review, c.lines.Pause)
	most := 0.0
	for i, p := range c.rate {
		enough := c.eligible == nil || c.eligible[i].y >= float64(r.Summary.Reputation.MinEligible)
		c.counts = append(c.counts, enough)
		most = max(most, p.y)
		if enough {
			c.top = max(c.top, 1.12*p.y)
		}
	}
	c.cut = most > c.top
	for len(c.pastEligible) > 0 && c.pastEligible[0].y == 0 { // there was no mail yet
		c.past, c.pastEligible = c.past[1:], c.pastEligible[1:]
	}
	if len(c.past) > 0 && len(c.rate) > 0 { // the line goes on where the run begins
		c.past = append(c.past, c.rate[0])
		c.top = max(c.top, 1.12*highest(c.past))
	}
	return c
}

// empty reports whether the account never sent eligible mail.
func (c *rateChart) empty() bool {
	return len(c.rate) == 0 || c.eligible != nil && highest(c.eligible) == 0
}

func (c *rateChart) title() string {
	name, f := wording.Clean(c.a.Name), c.kind.figures(c.a)
	most := wording.Percent(f.Max)
	switch {
	case c.empty():
		return fmt.Sprintf("%s sends no mail that is eligible for its %s rate", name, c.kind.word)
	case len(c.decisions()) > 0:
		return name + " " + strings.Join(c.decisions(), " and ")
	case !slices.Contains(c.counts, true):
		return fmt.Sprintf("%s sends too little mail for the model to judge its %s rate", name, c.kind.word)
	case f.Max == 0:
		return fmt.Sprintf("The %s rate of %s is 0%% all the time", c.kind.word, name)
	case f.Max*100 < c.lines.Review:
		return fmt.Sprintf("%s keeps its %s rate below %s: at most %s", name, c.kind.word, wording.Percent(c.lines.Review/100), most)
	}
	return fmt.Sprintf("The %s rate of %s reaches %s; the review threshold is %s",
		c.kind.word, name, most, wording.Percent(c.lines.Review/100))
}

// decisions returns phrases for the first review and the first pause that this
// rate caused.
func (c *rateChart) decisions() []string {
	var list []string
	seen := map[ses.Event]bool{}
	for _, t := range c.a.Timeline {
		words := wording.Decision(t.Event)
		if words == "" || seen[t.Event] || !strings.Contains(t.Why, c.kind.word) {
			continue
		}
		seen[t.Event] = true
		list = append(list, words+" "+wording.OnTenth(c.r.Offset(t.At)))
	}
	return list
}

func (c *rateChart) caption() string {
	f, rep := c.kind.figures(c.a), &c.r.Summary.Reputation
	s := fmt.Sprintf("Each point is the %s rate over the representative volume, which is shown below. "+
		"In the model a decision needs at least %s emails and %s; AWS does not say how many.",
		c.kind.word, wording.Count(rep.MinEligible), unit.Plural(c.kind.lines(rep).MinEvents, c.kind.word, c.kind.word+"s"))
	if f.Eligible > 0 {
		s += fmt.Sprintf(" At the end: %s, %s of %s over %s.",
			wording.Percent(f.Final), wording.Count(f.Events), wording.Count(f.Eligible), wording.Span(time.Duration(f.SpanSeconds)))
	}
	if c.cut {
		s += fmt.Sprintf(" Rates above %s with too little mail for a decision are cut off.", wording.Percent(c.top/100))
	}
	return s
}

func (c *rateChart) legend() []legendItem {
	items := []legendItem{lineItem(c.kind.word+" rate", stroke(blue, 2))}
	if len(c.past) > 0 {
		items = append(items, lineItem("before the start", stroke(faint, 2, 3, 2)))
	}
	if slices.Contains(c.counts, false) && !c.empty() {
		items = append(items, lineItem("too little mail for a decision", stroke(faint, 1.4)))
	}
	return append(items, stateItems(c.phases)...)
}

// stateItems returns the legend of the backgrounds.
func stateItems(phases []reports.Phase) []legendItem {
	var items []legendItem
	seen := map[reports.State]bool{}
	for _, p := range phases {
		if shade, ok := stateColors[p.State]; ok && !seen[p.State] {
			seen[p.State] = true
			items = append(items, bandItem(string(p.State), shade))
		}
	}
	return items
}

func (c *rateChart) draw(s *sheet) {
	when := calendarOf(c.r)
	end, foot := days(when.end), s.bottom+when.foot()
	volume := s.panel(foot, foot+48, end, volumeTop(highest(c.eligible), c.r.Summary.Reputation.MinEligible))
	main := s.panel(volume.rect.Max.Y+34, c.height()-marginTop-20, end, c.top)
	if len(c.past) > 0 {
		when.first = c.past[0].x
		volume.xMin, main.xMin = when.first, when.first
	}

	main.yAxis(c.kind.word+" rate, % of eligible emails", numberTicks(c.top, 5, func(v float64) string { return wording.Decimal(v, 4) + "%" }))
	c.drawLevels(main)
	main.enlarged(func() {
		drawPhases(main, c.phases)
		main.nights(when)
		c.drawLines(main)
	})
	s.fixed(func() { namePhases(main, c.phases) })
	main.xAxis("", nil)
	c.drawVolume(volume)
	volume.timeAxis(when)
}

func (c *rateChart) height() vg.Length { return 430 }

func drawPhases(p *panel, phases []reports.Phase) {
	for _, f := range phases {
		if shade, ok := stateColors[f.State]; ok {
			p.band(days(f.From), days(f.To), shade)
		}
	}
}

func namePhases(p *panel, phases []reports.Phase) {
	for _, f := range phases {
		if _, ok := stateColors[f.State]; ok {
			p.bandName(days(f.From), days(f.To), string(f.State))
		}
	}
}

// drawLevels draws the thresholds.
func (c *rateChart) drawLevels(p *panel) {
	lines := []level{
		{c.lines.Review, wording.Percent(c.lines.Review/100) + " review", stroke(orange, 1.4, 6, 3)},
		{c.lines.Pause, wording.Percent(c.lines.Pause/100) + " pause", stroke(vermillion, 1.4, 2.5, 2.5)},
	}
	slices.SortStableFunc(lines, func(a, b level) int { return int(math.Copysign(1, a.at-b.at)) })
	p.levels(lines)
}

// drawLines draws the rate, in grey where there is too little mail for a decision.
func (c *rateChart) drawLines(p *panel) {
	p.line(stroke(faint, 2, 3, 2), thin(c.past))
	for i := 1; i < len(c.rate); {
		decided := c.counts[i-1] && c.counts[i]
		j := i
		for j < len(c.rate) && (c.counts[j-1] && c.counts[j]) == decided {
			j++
		}
		style := stroke(blue, 2)
		if !decided {
			style = stroke(faint, 1.4)
		}
		p.line(style, thin(c.rate[i-1:j]))
		i = j
	}
}

// drawVolume draws the denominator of the rate.
func (c *rateChart) drawVolume(p *panel) {
	p.yAxis("eligible emails", twoTicks(highest(c.eligible)))
	p.enlarged(func() {
		p.area(tint(faint, 0x38), thin(c.pastEligible))
		p.area(tint(blue, 0x38), thin(c.eligible))
	})
	p.judgedFrom(c.r.Summary.Reputation.MinEligible)
}

// volumeTop is the end of the axis of a rate's denominator, given its maximum and the volume
// from which on the model judges the rate.
func volumeTop(most float64, least int64) float64 { return max(1.15*most, 1.3*float64(least)) }

// judgedFrom marks the volume from which on the model judges a rate.
func (p *panel) judgedFrom(least int64) {
	if least > 0 {
		p.levels([]level{{float64(least), "judged from " + wording.Count(least), stroke(soft, 1, 3, 3)}})
	}
}

// rows returns so many evenly spaced figures, among them the highest, and their moments.
func (c *rateChart) rows(most int) (rows [][]string, moments []time.Duration) {
	peak := 0
	for i, p := range c.rate {
		if c.counts[i] && p.y > c.rate[peak].y {
			peak = i
		}
	}
	for _, i := range rowsOf(len(c.rate), peak, most) {
		at := fromDays(c.rate[i].x)
		eligible := ""
		if c.eligible != nil {
			eligible = wording.Count(int64(c.eligible[i].y))
		}
		rows = append(rows, []string{wording.Clock(at), wording.Percent(c.rate[i].y / 100), eligible, string(stateAt(c.phases, at))})
		moments = append(moments, at)
	}
	return rows, moments
}
