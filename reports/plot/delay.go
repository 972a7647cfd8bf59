package plot

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"sesim/reports"
	"sesim/reports/wording"
	"sesim/sim/measure"
	"sesim/sim/unit"
)

// delayChart holds the data of the chart of admission delays.
type delayChart struct {
	delays  []reports.Delay
	longest time.Duration
	calls   int64 // of the account with the most
	unit    time.Duration
	name    string
}

func delayPicture(r *reports.Report) picture {
	c := newDelayChart(r)
	p := picture{subtitle: subtitle(r, "each point is a share of an account's accepted calls"), height: 400, draw: c.draw}
	p.Name = "admission-delay"
	p.Title = c.title()
	p.Alt = fmt.Sprintf("Percentiles of the admission delay of the calls of %s, in virtual time, on a logarithmic axis. %s.",
		accountsText(len(c.delays)), p.Title)
	p.Caption = "The admission delay is the virtual time from when a message was due to when SES accepted it: zero without refusals, " +
		"otherwise the waits of the sender's retries. Each unit to the right is a tenth of the calls of the unit before."
	if more := len(r.Delays) - len(c.delays); more > 0 {
		p.Caption += fmt.Sprintf(" %s more accounts are left out; their figures are in delay.csv.", wording.Count(int64(more)))
	}
	for i, d := range c.delays {
		words := wording.Shorten(wording.Clean(d.Account), 24) + " (" + unit.Plural(d.Calls, "call", "calls") + ")"
		p.legend = append(p.legend, lineItem(words, lineStyles[i%len(lineStyles)]))
	}
	p.Columns, p.Rows = c.table()
	if c.longest == 0 {
		p.draw = nil
	}
	return p
}

// accountsText counts accounts in words.
func accountsText(n int) string { return unit.Plural(int64(n), "account", "accounts") }

// newDelayChart takes the accounts with the longest delays, the slowest first.
func newDelayChart(r *reports.Report) *delayChart {
	c := &delayChart{delays: slices.Clone(r.Delays)}
	slices.SortStableFunc(c.delays, func(a, b reports.Delay) int {
		return cmp.Or(cmp.Compare(b.Quantile(0.99), a.Quantile(0.99)), cmp.Compare(b.Quantile(1), a.Quantile(1)))
	})
	c.delays = c.delays[:min(len(c.delays), maxAccounts)]
	for _, d := range c.delays {
		c.longest = max(c.longest, d.Quantile(1))
		c.calls = max(c.calls, d.Calls)
	}
	c.unit, c.name = spanUnit(c.longest)
	return c
}

func (c *delayChart) title() string {
	if c.longest == 0 {
		return "No accepted call was delayed"
	}
	worst := &c.delays[0]
	name, half := wording.Clean(worst.Account), "not at all"
	if len(c.delays) > 1 {
		name += ", the slowest,"
	}
	if d := worst.Quantile(0.5); d > 0 {
		half = "by at most " + wording.Span(d)
	}
	if worst.Quantile(0.99) == 0 {
		return fmt.Sprintf("99%% of the accepted calls are not delayed; the longest delay is %s", wording.Span(c.longest))
	}
	return fmt.Sprintf("99%% of the accepted calls of %s are delayed by at most %s, half of them %s",
		name, wording.Span(worst.Quantile(0.99)), half)
}

// nines returns the place of a quantile on the x axis: 0.9 is at 1, 0.99 at 2.
// The longest delay is where half a call would be left.
func nines(q float64, calls int64) float64 {
	return -math.Log10(max(1-q, 0.5/float64(calls)))
}

func (c *delayChart) draw(s *sheet) {
	p := s.panel(s.bottom+26, 400-marginTop-20, 1.02*nines(1, max(c.calls, 1)), 1.12*float64(c.longest)/float64(c.unit))
	p.yAxis("admission delay, "+c.name, numberTicks(p.yMax, 5, func(v float64) string { return wording.Decimal(v, 3) + " " + c.name }))
	for i, d := range c.delays {
		points := make([]xy, len(d.Spectrum))
		for k, q := range d.Spectrum {
			points[k] = xy{nines(q.Q, d.Calls), float64(q.Value) / float64(c.unit)}
		}
		p.line(lineStyles[i%len(lineStyles)], thin(points))
	}
	var ticks []tick
	for _, q := range []struct {
		q     float64
		label string
	}{
		{0, "0%"}, {0.5, "50%"}, {0.9, "90%"}, {0.99, "99%"}, {0.999, "99.9%"},
		{0.9999, "99.99%"}, {0.99999, "99.999%"}, {0.999999, "99.9999%"},
	} {
		if x := -math.Log10(1 - q.q); x <= p.xMax {
			ticks = append(ticks, tick{x, q.label})
		}
	}
	p.xAxis("of the calls", ticks)
}

func (c *delayChart) table() ([]string, [][]string) {
	columns := []string{"account", "calls"}
	for _, q := range measure.Nines {
		if q < 1 {
			columns = append(columns, wording.Decimal(q*100, 4)+"% within")
		}
	}
	var rows [][]string
	for _, d := range c.delays {
		row := []string{wording.Clean(d.Account), wording.Count(d.Calls)}
		for _, q := range measure.Nines {
			row = append(row, wording.Span(d.Quantile(q)))
		}
		rows = append(rows, row)
	}
	return append(columns, "longest"), rows
}
