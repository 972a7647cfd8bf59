package plot

import (
	"fmt"
	"math"
	"slices"

	"sesim/reports/benchmark"
	"sesim/reports/wording"
)

// throughputCurves returns the decisions a second on one core by the number of
// addresses.
func throughputCurves(r *benchmark.Report) *curves {
	c := &curves{
		name: "throughput", point: "uniform recipients, one core, a shared global list",
		caption: "Decisions a second on one core, medians of the rounds, compared with plain reads of memory of the same size and the " +
			"last of the rungs, which lacks some of the rules. " +
			"Both axes are logarithmic.",
		x: addressScale, y: scale{name: "decisions a second", log: true, label: func(v float64) string { return benchmark.Rate(v) }},
	}
	by := map[string]*curve{}
	order := []string{benchmark.Model, benchmark.OneByOne, benchmark.Reference, benchmark.Read, benchmark.RungBitsAhead}
	for _, subject := range order {
		by[subject] = &curve{name: subject}
	}
	for i := range r.Decisions {
		d := &r.Decisions[i]
		if line := by[d.Subject]; line != nil && d.Order == benchmark.Uniform && d.Cores == 1 && d.Shared {
			line.points = append(line.points, xy{float64(d.Addresses), d.PerSecond})
			if d.Subject == benchmark.Model {
				c.title = fmt.Sprintf("With %s addresses the model decides %s recipients a second%s",
					powerLabel(float64(d.Addresses)), benchmark.Rate(d.PerSecond), ratesOfRounds(r, d))
				if d.TimesReference > 0 {
					c.title += fmt.Sprintf(", %s times the reference", wording.Decimal(d.TimesReference, 1))
				}
			}
		}
	}
	for _, subject := range order {
		c.add(*by[subject])
	}
	return c
}

// ratesOfRounds returns the lowest and the highest rate of the rounds.
func ratesOfRounds(r *benchmark.Report, d *benchmark.Decision) string {
	if d.LeastNS <= 0 || r.Protocol.Rounds < 2 {
		return ""
	}
	return fmt.Sprintf(" (%s to %s in %d rounds)",
		benchmark.Rate(d.PerSecond*(d.NS/d.MostNS)), benchmark.Rate(d.PerSecond*(d.NS/d.LeastNS)), r.Protocol.Rounds)
}

// quantileText returns a quantile with the lowest and the highest of the rounds.
func quantileText(r *benchmark.Report, q benchmark.Quantile) string {
	if q.HighNS == 0 || r.Protocol.Rounds < 2 {
		return benchmark.Span(q.NS)
	}
	return fmt.Sprintf("%s (%s to %s in %d rounds)",
		benchmark.Span(q.NS), benchmark.Span(q.LowNS), benchmark.Span(q.HighNS), r.Protocol.Rounds)
}

// add adds a line that has points.
func (c *curves) add(line curve) {
	if len(line.points) > 0 {
		c.lines = append(c.lines, line)
	}
}

// bytesCurves returns the bytes for each address.
func bytesCurves(r *benchmark.Report) *curves {
	c := &curves{
		name: "bytes", point: "live bytes, by the runtime's count",
		caption: "The memory of a known address, and the additional memory of its entry on a list, counted once. " +
			"The reference stores the text of an address once and shares it. Both axes are logarithmic.",
		x: addressScale, y: scale{name: "bytes for each", log: true, label: func(v float64) string { return wording.Decimal(v, 1) }},
	}
	lines := []curve{
		{name: "known"}, {name: "on the account-level list"}, {name: "on the global list"}, {name: "reference: text"}, {name: "reference: entry"},
	}
	for _, m := range r.Memory {
		if m.Listed == m.Addresses {
			continue
		}
		for i, bytes := range []float64{m.KnownBytes, m.AccountBytes, m.GlobalBytes, m.ReferenceText, m.ReferenceList} {
			if bytes > 0 {
				lines[i].points = append(lines[i].points, xy{float64(m.Addresses), bytes})
			}
		}
		c.title = fmt.Sprintf("With %s addresses, one takes %s, an entry on the account-level list %s, on the global list %s",
			powerLabel(float64(m.Addresses)), bytesText(m.KnownBytes, 2), bytesText(m.AccountBytes, 1), bytesText(m.GlobalBytes, 1))
	}
	for _, l := range lines {
		c.add(l)
	}
	return c
}

func bytesText(v float64, digits int) string {
	if text := wording.Decimal(v, digits); text != "1" {
		return text + " bytes"
	}
	return "1 byte"
}

// ninesScale places percentiles by the share of samples beyond them.
var ninesScale = scale{
	name: "of the decisions", label: func(v float64) string { return wording.Decimal(100*(1-math.Pow(10, -v)), 5) + "%" },
	ticks: []tick{
		{0, "0%"}, {-math.Log10(0.5), "50%"}, {1, "90%"}, {2, "99%"}, {3, "99.9%"}, {4, "99.99%"}, {5, "99.999%"}, {6, "99.9999%"},
	},
}

var spanScale = scale{name: "time of a decision", log: true, label: benchmark.Span}

func spectrumCurve(name string, points []benchmark.Point, samples int64) curve {
	line := curve{name: name}
	for _, p := range points {
		line.points = append(line.points, xy{nines(p.Percentile/100, samples), p.NS})
	}
	return line
}

// latencyCurves returns the latencies of consecutive decisions, with the largest
// number of addresses that both sides have.
func latencyCurves(r *benchmark.Report) *curves {
	most := int64(0)
	for _, l := range r.Latency {
		if l.Subject == benchmark.Reference {
			most = max(most, l.Addresses)
		}
	}
	c := &curves{
		name: "latency", x: ninesScale, y: spanScale, point: powerLabel(float64(max(most, 1))) + " addresses, consecutive decisions",
		caption: "Each unit to the right is a tenth of the decisions of the unit before. The cost of the clock is subtracted; " +
			"the time of a batch is divided by its number of decisions. The y axis is logarithmic.",
	}
	most90 := map[string]benchmark.Quantile{}
	for _, l := range r.Latency {
		if l.Addresses != most && most > 0 {
			continue
		}
		name := l.Subject
		if l.Batch > 1 {
			name = fmt.Sprintf("%s, %d at a time", l.Subject, l.Batch)
		}
		if len(l.Percentiles) > 1 {
			most90[l.Subject] = l.Percentiles[1]
		}
		c.add(spectrumCurve(name, l.Spectrum, l.Samples))
	}
	c.title = fmt.Sprintf("90%% of the decisions take at most %s; the reference takes %s",
		quantileText(r, most90[benchmark.OneByOne]), quantileText(r, most90[benchmark.Reference]))
	return c
}

// openLoopCurves returns service and response times at a fixed rate.
func openLoopCurves(r *benchmark.Report) *curves {
	c := &curves{
		name: "open-loop", x: ninesScale, y: spanScale,
		caption: "Service time is measured from the start of a decision, response time from when it was due. Where they differ, decisions " +
			"waited: a tool that waits for each answer before it sends again reports service times only. The y axis is logarithmic.",
	}
	for _, o := range r.OpenLoop {
		c.point = fmt.Sprintf("%s addresses, %s decisions due a second", powerLabel(float64(o.Addresses)), benchmark.Rate(o.Rate))
		c.add(spectrumCurve(o.Subject+", service", o.ServiceSpectrum, o.Samples))
		c.add(spectrumCurve(o.Subject+", response", o.ResponseSpectrum, o.Samples))
		if o.Subject == benchmark.Model && len(o.Service) > 2 && len(o.Response) > 2 {
			c.title = fmt.Sprintf("At %s a second, 99%% have a service time of at most %s and a response time of at most %s",
				benchmark.Rate(o.Rate), quantileText(r, o.Service[2]), quantileText(r, o.Response[2]))
		}
	}
	return c
}

var recipientScale = scale{name: "recipients", log: true, label: powerLabel}

// growthTimeCurves returns the wall times of runs of growing length.
func growthTimeCurves(r *benchmark.Report) *curves {
	c := &curves{
		name: "growth-time", point: "one account, a million recipients a virtual day",
		caption: "The time of runs of the same account, including setup; the gap between the lines is time of other programs. " +
			"Both axes are logarithmic: a line of slope one means time in proportion to recipients.",
		x: recipientScale, y: scale{name: "time", log: true, label: func(ms float64) string { return benchmark.Span(ms * 1e6) }},
	}
	line, work := curve{name: "wall time"}, curve{name: "time of all threads on processors"}
	for _, g := range r.GrowthOf(benchmark.OfRecipients) {
		line.points = append(line.points, xy{float64(g.Recipients), g.WallSeconds * 1e3})
		if g.ProcessorSeconds > 0 {
			work.points = append(work.points, xy{float64(g.Recipients), g.ProcessorSeconds * 1e3})
		}
		c.title = fmt.Sprintf("In one run %s recipients take %s s, %s a second",
			benchmark.Rate(float64(g.Recipients)), wording.Decimal(g.WallSeconds, 1), benchmark.Rate(g.PerSecond))
	}
	c.add(line)
	if !alike(line.points, work.points) {
		c.add(work)
	}
	c.add(proportional(line.points))
	return c
}

// alike reports whether two curves are nearly the same.
func alike(a, b []xy) bool {
	return slices.EqualFunc(a, b, func(p, q xy) bool { return math.Abs(p.y-q.y) < 0.02*p.y })
}

// proportional is a line through the last point of a curve, in proportion to x: what the
// slope of the curve is compared with.
func proportional(points []xy) curve {
	line := curve{name: "in proportion to recipients"}
	if len(points) < 2 {
		return line
	}
	last := points[len(points)-1]
	for _, p := range points {
		line.points = append(line.points, xy{p.x, last.y * (p.x / last.x)})
	}
	return line
}

// growthMemoryCurves returns the memory of these runs.
func growthMemoryCurves(r *benchmark.Report) *curves {
	c := &curves{
		name: "growth-memory", point: "one account, a million addresses, a million recipients a virtual day",
		caption: "Memory of runs of the same account: live memory at the end, and the peak of the process. The x axis is logarithmic.",
		x:       recipientScale, y: scale{name: "MiB", label: func(v float64) string { return wording.Decimal(v, 1) }},
	}
	held, peak := curve{name: "live at the end"}, curve{name: "peak of the process"}
	for _, g := range r.GrowthOf(benchmark.OfRecipients) {
		held.points = append(held.points, xy{float64(g.Recipients), float64(g.LiveBytes) / (1 << 20)})
		peak.points = append(peak.points, xy{float64(g.Recipients), float64(g.PeakBytes) / (1 << 20)})
		c.title = fmt.Sprintf("After %s recipients one run holds %s",
			benchmark.Rate(float64(g.Recipients)), benchmark.Bytes(float64(g.LiveBytes)))
	}
	c.add(held)
	c.add(peak)
	return c
}
