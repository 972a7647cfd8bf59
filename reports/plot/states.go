package plot

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"sesim/reports"
	"sesim/reports/wording"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// statesChart has a row for each account, or for each run of replications, with its states
// over time.
type statesChart struct {
	r    *reports.Report
	rows []stateRow
	tall vg.Length // of a row
}

// stateRow is a row: the first one of an account over replications has its name.
type stateRow struct {
	name   string
	phases []reports.Phase
	events []reports.Transition
	label  string // of the table
}

// The bounds of the chart.
const (
	maxStateRows = 16 // accounts
	maxRunRows   = 40 // replications of an account
	maxRunHeads  = 3  // accounts over replications
	headRow      = vg.Length(20)
)

// statesPicture draws the states of accounts; nil if none changes.
func statesPicture(r *reports.Report) []picture {
	c := &statesChart{r: r, tall: 30}
	point := "each row is an account"
	if r.Summary.Replications != nil {
		c.tall, point = 9, "each row is a run"
		c.addRuns()
	} else {
		c.addAccounts()
	}
	if len(c.rows) == 0 {
		return nil
	}
	p := picture{subtitle: subtitle(r, point), height: c.height(), draw: c.draw, legend: c.legend()}
	p.Name, p.Title = "states", c.title()
	p.Alt = fmt.Sprintf("Strips of states over %s of virtual time, %s. %s.", wording.Span(r.End()), point, p.Title)
	p.Caption = "Strokes are entries of the timeline."
	if r.Summary.Replications != nil {
		p.Caption = "Runs are sorted by their first review or pause. A strip has the first time of each event of its run."
	}
	p.Columns = []string{"row", "state", "from", "to"}
	for i := range c.rows {
		for _, f := range c.rows[i].phases {
			p.Rows = append(p.Rows, []string{c.rows[i].label, string(f.State), wording.Clock(f.From), wording.Clock(f.To)})
		}
	}
	p.Rows = p.Rows[:min(len(p.Rows), maxRows)]
	return []picture{p}
}

func (c *statesChart) addAccounts() {
	for _, i := range wording.Ranked(c.r) {
		a := &c.r.Summary.Accounts[i]
		if phases := c.r.Phases(a); len(phases) > 1 && len(c.rows) < maxStateRows {
			name := wording.Clean(a.Name)
			c.rows = append(c.rows, stateRow{name, phases, a.Timeline, name})
		}
	}
	slices.SortStableFunc(c.rows, func(a, b stateRow) int { return cmp.Compare(firstChange(a.phases), firstChange(b.phases)) })
}

func (c *statesChart) addRuns() {
	heads := 0
	for i := range c.r.Summary.Accounts {
		a := &c.r.Summary.Accounts[i]
		var rows []stateRow
		changes := false
		for k, phases := range c.r.ReplicationPhases(a, min(c.r.Summary.Replications.Count, maxRunRows)) {
			changes = changes || len(phases) > 1
			rows = append(rows, stateRow{phases: phases, label: fmt.Sprintf("%s, replication %d", wording.Clean(a.Name), k)})
		}
		if !changes || heads == maxRunHeads {
			continue
		}
		heads++
		slices.SortStableFunc(rows, func(a, b stateRow) int { return cmp.Compare(firstChange(a.phases), firstChange(b.phases)) })
		rows[0].name = wording.Clean(a.Name)
		c.rows = append(c.rows, rows...)
	}
}

// firstChange is when the first phase ends.
func firstChange(phases []reports.Phase) time.Duration { return phases[0].To }

// title says in how many rows a review or a pause is seen, and of a single account when
// each state begins.
func (c *statesChart) title() string {
	if of := c.r.Summary.Replications; of != nil {
		return c.runsTitle(of)
	}
	if len(c.rows) > 1 {
		return fmt.Sprintf("%s change their state, %s first", accountsText(len(c.rows)), c.rows[0].name)
	}
	row := &c.rows[0]
	text := row.name + " is " + inState(row.phases[0].State)
	for _, f := range row.phases[1:min(len(row.phases), 5)] {
		text += fmt.Sprintf(", %s from %s on", inState(f.State), wording.Clock(f.From))
	}
	return text
}

// inState writes in which state an account is, after "is".
func inState(state reports.State) string {
	if state == reports.StateSandbox {
		return "in the " + string(state)
	}
	return string(state)
}

func (c *statesChart) runsTitle(of *reports.Replications) string {
	for _, event := range [...]ses.Event{ses.EventPaused, ses.EventUnderReview} {
		for i := range of.Events {
			if e := &of.Events[i]; e.Name == event && e.Hits > 0 {
				return fmt.Sprintf("%s %s in %s", wording.Clean(e.Account), wording.Decision(event), wording.Happens(e, of.Count))
			}
		}
	}
	return "In " + unit.Plural(int64(of.Count), "run", "runs") + " no review and no pause begins"
}

func (c *statesChart) legend() []legendItem {
	var items []legendItem
	for _, state := range stripStates {
		has := func(row stateRow) bool {
			return slices.ContainsFunc(row.phases, func(p reports.Phase) bool { return p.State == state })
		}
		if slices.ContainsFunc(c.rows, has) {
			items = append(items, glyphItem(string(state), draw.GlyphStyle{Color: stripColor(state)}))
		}
	}
	return items
}

func (c *statesChart) heads() (n int) {
	for i := range c.rows {
		if c.rows[i].name != "" {
			n++
		}
	}
	return n
}

func (c *statesChart) height() vg.Length {
	when := calendarOf(c.r)
	return marginTop + times(len(c.rows), c.tall) + times(c.heads(), headRow) + when.foot() + 2*legendRow
}

func (c *statesChart) draw(s *sheet) {
	when := calendarOf(c.r)
	p := s.panel(s.bottom+when.foot(), c.height()-marginTop+8, days(when.end), 1)
	p.enlarged(func() {
		p.nights(when)
		c.drawRows(p)
	})
	y := p.rect.Max.Y
	for i := range c.rows {
		if c.rows[i].name != "" {
			y -= headRow
			s.text(noteText, s.left, y+5, 0, noteText.fit(c.rows[i].name, s.width-s.left-sideGap))
		}
		y -= c.tall
	}
	p.timeAxis(when)
}

// drawRows draws the strips with their events.
func (c *statesChart) drawRows(p *panel) {
	y := p.rect.Max.Y
	for i := range c.rows {
		if c.rows[i].name != "" {
			y -= headRow
		}
		bottom, top := y-c.tall+2, y
		if c.tall > headRow {
			bottom = top - 16
		}
		for _, f := range c.rows[i].phases {
			p.s.fillRect(stripColor(f.State), p.x(days(f.From)), bottom, max(p.x(days(f.To)), p.x(days(f.From))+1), top)
		}
		for _, t := range c.rows[i].events {
			x := p.x(days(c.r.Offset(t.At)))
			p.s.StrokeLine2(stroke(ink, 1.2), x, bottom-4, x, top+2)
		}
		y -= c.tall
	}
}
