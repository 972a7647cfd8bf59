package plot

import (
	"slices"
	"time"

	"gonum.org/v1/plot/vg"

	"sesim/reports"
	"sesim/sim/unit"
)

// calendar is the time that an axis shows.
type calendar struct {
	start time.Time     // of the run
	first float64       // of the axis, in days from the start; negative: before it
	end   time.Duration // from the start
}

func calendarOf(r *reports.Report) calendar { return calendar{start: r.Summary.Start, end: r.End()} }

// The spans in which the time of day matters: in shorter ones hardly a night passes, in
// longer ones nights lie too close to be told apart.
const (
	shortestWeek = 6 * time.Hour
	longestWeek  = 14 * unit.Day
)

// nights returns the midnights of the axis, in UTC; none where the time of day does not
// matter.
func (c calendar) nights() (list []time.Duration) {
	if span := c.end - fromDays(c.first); span < shortestWeek || span > longestWeek {
		return nil
	}
	begin := c.start.Add(fromDays(c.first)).UTC()
	for night := begin.Truncate(unit.Day); !night.After(c.start.Add(c.end)); night = night.Add(unit.Day) {
		if !night.Before(begin) {
			list = append(list, night.Sub(c.start))
		}
	}
	return list
}

// labelled returns the midnights that may have a label: where some lie on labels of the time
// since the start, those, so that both lines tell of the same moments.
func (c calendar) labelled(ticks []tick) []time.Duration {
	nights := c.nights()
	under := slices.DeleteFunc(slices.Clone(nights), func(night time.Duration) bool {
		return !slices.ContainsFunc(ticks, func(t tick) bool { return t.at == days(night) })
	})
	if len(under) > 0 {
		return under
	}
	return nights
}

// foot is the space that the labels of the axis take.
func (c calendar) foot() vg.Length {
	if len(c.nights()) > 0 {
		return 38
	}
	return 24
}

// nights marks the midnights.
func (p *panel) nights(c calendar) {
	for _, night := range c.nights() {
		p.line(nightLine, []xy{{days(night), 0}, {days(night), p.yMax}})
	}
}

// reach is how far a label may reach beyond the right end of the axis: half of it, but not
// into the panel beside a small one.
func reach(p *panel, half vg.Length) vg.Length {
	if p.rect.Size().X < smallWidth+smallWidth/2 {
		return smallGap / 2
	}
	return half + 4
}

var nightLine = stroke(faint, 0.8, 1.5, 3)

// timeAxis draws the axis of a panel of virtual time: the time since the start, and under
// it the days of the calendar.
func (p *panel) timeAxis(c calendar) {
	ticks := ticksBetween(c.first, c.end)
	p.xAxis("", ticks)
	y := p.rect.Min.Y - 29
	p.s.fixed(func() {
		free := p.rect.Min.X - axisText.width("UTC") // of labels
		for _, night := range c.labelled(p.apart(ticks)) {
			label := c.start.Add(night).UTC().Format("Mon 2 Jan")
			x, w := p.x(days(night)), vg.Length(wide*axisText.width(label))
			if half := halved(w); x-half > free && x+half < min(p.s.width-sideGap-36, p.rect.Max.X+reach(p, half)) {
				p.s.text(axisText, x, y, -0.5, label)
				free = x + halved(w) + 6
			}
		}
	})
	if len(c.nights()) > 0 && p.rect.Max.X >= p.s.width-p.s.right {
		p.s.text(axisText, p.s.width-sideGap, y, -1, "0:00 UTC")
	}
	if p.s.page != nil {
		p.s.page.axes = append(p.s.page.axes, timeAxis{p.rect.Min.X, p.rect.Max.X, p.xMin, p.xMax})
	}
}
