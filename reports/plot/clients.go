package plot

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"gonum.org/v1/plot/vg"

	"sesim/reports"
	"sesim/reports/wording"
	"sesim/sim"
)

// clientChart holds the data of the chart of a client's calls and of its queue.
type clientChart struct {
	r      *reports.Report
	c      *reports.Client
	frames []clientFrame
	end    time.Duration // of what is drawn: from here on the client is idle, if the run goes on
	top    float64       // of the upper axis, a second
	cut    float64       // the highest demand a second, if that is above the top
}

// clientFrame is what happens from one sample to the next.
type clientFrame struct {
	from, to                      time.Duration
	due, calls, accepted, refused float64 // a second
	waiting, inFlight, lostByThen float64 // at the end
}

// maxClients is the maximum number of clients with charts.
const maxClients = 12

// clientPictures returns the charts of the clients, those that lose most first. Their
// captions say how many others have none.
func clientPictures(r *reports.Report, names namer) (list []picture) {
	if r.Bands != nil {
		return nil // the queues of a single replication stand for no other
	}
	order := make([]int, len(r.Summary.Clients))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(r.Summary.Clients[b].Lost, r.Summary.Clients[a].Lost) })
	omitted := int64(0)
	for _, i := range order {
		c := newClientChart(r, &r.Summary.Clients[i])
		switch {
		case c.c.Due == 0: // nothing to show
		case len(c.frames) == 0 || len(list) == maxClients:
			omitted++
		default:
			p := c.picture()
			p.Name = names.of(c.c.Name, p.Name)
			list = append(list, p)
		}
	}
	for i := range list {
		if omitted > 0 {
			list[i].Caption += fmt.Sprintf(" Clients without charts: %s; their figures are in summary.json.", wording.Count(omitted))
		}
	}
	return list
}

func newClientChart(r *reports.Report, c *reports.Client) *clientChart {
	x := &clientChart{r: r, c: c}
	column := map[string][]float64{}
	for _, metric := range sim.QueueMetrics {
		found := r.Queues.Find(c.Name, metric)
		if found == nil {
			return x // of a run that did not sample it
		}
		column[metric] = found.Values
	}
	last := 0
	for i := 1; i < len(r.Queues.Times); i++ {
		f, ok := frameOf(r.Queues.Times, column, i)
		if !ok {
			continue
		}
		x.frames = append(x.frames, f)
		if f.due > 0 || f.calls > 0 || f.accepted > 0 || f.refused > 0 {
			last = len(x.frames)
		}
	}
	x.frames = x.frames[:min(last+1, len(x.frames))] // that it is idle then is seen as well
	demand := 0.0
	for _, f := range x.frames {
		x.end = f.to
		x.top = max(x.top, f.calls, f.accepted, f.refused)
		demand = max(demand, f.due)
	}
	if demand > 2*x.top {
		x.cut = demand
	} else {
		x.top = max(x.top, demand)
	}
	return x
}

// frameOf returns what happened up to a sample since the one before; false if a value is
// missing. The first frame has also what happened at the first instant.
func frameOf(times []time.Duration, column map[string][]float64, i int) (clientFrame, bool) {
	f := clientFrame{
		from: times[i-1], to: times[i],
		waiting: column["waiting"][i], inFlight: column["in_flight"][i], lostByThen: column["given_up"][i],
	}
	rate := func(metrics ...string) (sum float64) {
		for _, metric := range metrics {
			sum += column[metric][i]
			if i > 1 {
				sum -= column[metric][i-1]
			}
		}
		return max(0, sum) / (f.to - f.from).Seconds()
	}
	f.due, f.accepted, f.refused = rate("due"), rate("accepted"), rate("refused")
	f.calls = rate("accepted", "refused", "in_flight")
	return f, !math.IsNaN(f.due + f.calls + f.waiting + f.lostByThen)
}

func (x *clientChart) picture() picture {
	p := picture{subtitle: subtitle(x.r, "one step every "+x.frame()), height: x.height(), draw: x.draw, legend: []legendItem{
		lineItem("due", demandLine), lineItem("calls begun", callLine), lineItem("accepted", acceptedLine), lineItem("refused", refusedLine),
	}}
	p.Name, p.Title = "client", x.title()
	p.Alt = fmt.Sprintf("Step chart of messages due, calls, acceptances and refusals a second of client %s, and of its queue, over %s. %s.",
		wording.Clean(x.c.Name), wording.Span(x.end), p.Title)
	p.Caption = fmt.Sprintf("Each step is a mean a second over %s; below are the messages that wait for a call at its end.", x.frame())
	if x.cut > 0 {
		p.Caption += fmt.Sprintf(" Demand is cut off at the upper edge; it reaches %s messages a second.", wording.Decimal(x.cut, 2))
	}
	if x.end < x.r.End() {
		p.Caption += fmt.Sprintf(" After %s nothing is due, called or answered.", wording.Span(x.end))
	}
	p.Columns, p.Rows, _ = x.table(maxRows)
	_, p.readings.rows, p.readings.at = x.table(maxReadings)
	return p
}

// frame is the distance of the samples in words.
func (x *clientChart) frame() string { return wording.Span(x.frames[0].to - x.frames[0].from) }

func (x *clientChart) title() string {
	c, name := x.c, wording.Clean(x.c.Name)
	open := c.Waiting + c.InFlight
	switch {
	case c.Lost > 0:
		reasons := c.GivenUp.Reasons()
		slices.SortStableFunc(reasons, func(a, b reports.Reason) int { return cmp.Compare(b.Count, a.Count) })
		mostly := ""
		if reasons[0].Count < c.Lost {
			mostly = "mostly "
		}
		rest := ""
		if open > 0 {
			rest = fmt.Sprintf("; %s are not settled at the end", wording.Ratio(open, c.Due))
		}
		return fmt.Sprintf("%s loses %s of its messages: %s%s%s", name, wording.Ratio(c.Lost, c.Due), mostly, wording.Loss(reasons[0].Word), rest)
	case open > 0:
		return fmt.Sprintf("%s of the messages of %s are not settled at the end, the oldest for %s",
			wording.Ratio(open, c.Due), name, wording.Span(time.Duration(c.Oldest.Final)))
	case c.Refused > 0:
		return fmt.Sprintf("SES refuses %s of the calls of %s, which loses no message", wording.Ratio(c.Refused, c.Calls), name)
	}
	return fmt.Sprintf("SES refuses no call of %s, whose slowest message takes %s", name, wording.Span(time.Duration(c.Oldest.Max)))
}

var (
	demandLine   = stroke(ink, 1.2, 4, 3)
	callLine     = stroke(sky, 1.6)
	acceptedLine = stroke(blue, 2)
	refusedLine  = stroke(vermillion, 1.6)
)

func (x *clientChart) height() vg.Length { return 450 }

func (x *clientChart) draw(s *sheet) {
	end := days(x.end)
	line := func(of func(*clientFrame) float64) []xy {
		var points []xy
		for i := range x.frames {
			points = append(points, xy{days(x.frames[i].from), of(&x.frames[i])})
		}
		return steps(thin(points), end)
	}
	queue := line(func(f *clientFrame) float64 { return f.waiting })
	when := calendar{start: x.r.Summary.Start, end: x.end}
	foot := s.bottom + when.foot()
	below := s.panel(foot, foot+72, end, 1.15*max(1, highest(queue)))
	main := s.panel(below.rect.Max.Y+34, x.height()-marginTop-20, end, 1.14*x.top)
	main.yAxis("messages and calls a second", numberTicks(main.yMax, 5, func(v float64) string { return wording.Decimal(v, 6) }))
	main.enlarged(func() {
		main.nights(when)
		main.line(callLine, line(func(f *clientFrame) float64 { return f.calls }))
		main.line(acceptedLine, line(func(f *clientFrame) float64 { return f.accepted }))
		main.line(refusedLine, line(func(f *clientFrame) float64 { return f.refused }))
		main.line(demandLine, line(func(f *clientFrame) float64 { return min(f.due, main.yMax) }))
	})
	main.xAxis("", nil)
	below.yAxis("messages waiting", twoTicks(highest(queue)))
	below.enlarged(func() { below.area(tint(blue, 0x38), queue) })
	below.timeAxis(when)
}

// table returns so many evenly spaced frames, among them the one with the longest queue,
// and when they end.
func (x *clientChart) table(most int) (columns []string, rows [][]string, moments []time.Duration) {
	columns = []string{
		"virtual time", "due a second", "calls a second", "accepted a second", "refused a second", "waiting", "in flight", "given up so far",
	}
	longest := 0
	for i := range x.frames {
		if x.frames[i].waiting > x.frames[longest].waiting {
			longest = i
		}
	}
	for _, i := range rowsOf(len(x.frames), longest, most) {
		f := &x.frames[i]
		row := []string{wording.Clock(f.to)}
		for _, v := range []float64{f.due, f.calls, f.accepted, f.refused} {
			row = append(row, wording.Decimal(v, 2))
		}
		for _, v := range []float64{f.waiting, f.inFlight, f.lostByThen} {
			row = append(row, wording.Count(int64(v)))
		}
		rows, moments = append(rows, row), append(moments, f.to)
	}
	return columns, rows, moments
}
