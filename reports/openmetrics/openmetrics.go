// Package openmetrics writes the figures of a run in the OpenMetrics text
// format, with virtual times: the series sampled over the run, and the counts at
// its end. Prometheus imports it with
//
//	promtool tsdb create-blocks-from openmetrics metrics.om DIR
//
// and shows virtual days as if they were real ones.
//
// Each metric is a family of its own. Labels are the scenario and the seed, so
// that several runs fit into one database, and the account, the sender or the
// reason. Names end in units, as Prometheus requires. Running totals are gauges:
// promtool's check expects an older format, in which the help text of a counter
// would be missing. Times are seconds since 1970, with decimal places only if
// needed.
//
// With replications, series and counts are those of the first, which has the
// scenario's own seed; thresholds are judged over all.
//
// The format is specified at https://prometheus.io/docs/specs/om/open_metrics_spec/.
package openmetrics

import (
	"bufio"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"sesim/reports"
	"sesim/sim/criteria"
)

// Write writes the figures of a report.
func Write(w io.Writer, r *reports.Report) error {
	b := bufio.NewWriterSize(w, 1<<16)
	o := &writer{Writer: b, report: r, end: stamp(r.Summary.Start, r.End())}
	o.run = `{scenario="` + escape(r.Summary.Scenario) + `",seed="` + strconv.FormatUint(r.Summary.Seed, 10) + `"`
	for _, at := range r.Series.Times {
		o.times = append(o.times, stamp(r.Summary.Start, at))
	}
	for i := range sampled {
		o.sampled(&sampled[i])
	}
	for _, f := range final(r) {
		o.final(f)
	}
	b.WriteString("# EOF\n")
	return b.Flush()
}

// writer holds the state that all lines share.
type writer struct {
	*bufio.Writer
	report *reports.Report
	run    string   // the labels of the run, not closed
	times  []string // of the samples
	end    string
	line   []byte
}

// head begins a family.
func (w *writer) head(name, help string) {
	w.WriteString("# TYPE " + prefix + name + " gauge\n")
	if i := strings.LastIndexByte(name, '_'); i >= 0 && units[name[i+1:]] {
		w.WriteString("# UNIT " + prefix + name + " " + name[i+1:] + "\n")
	}
	w.WriteString("# HELP " + prefix + name + " " + escape(help) + "\n")
}

// point writes a line; none if there is no value.
func (w *writer) point(name, labels, at string, value float64) {
	if math.IsNaN(value) || math.IsInf(value, 0) {
		return
	}
	w.line = append(append(append(append(w.line[:0], prefix...), name...), w.run...), labels...)
	w.line = append(w.line, "} "...)
	w.line = strconv.AppendFloat(w.line, value, 'f', -1, 64)
	w.line = append(append(append(w.line, ' '), at...), '\n')
	w.Write(w.line)
}

// sampled writes a family of series.
func (w *writer) sampled(f *sampledFamily) {
	begun := false
	for _, c := range w.report.Series.Columns {
		labels, ok := f.labels(c.Metric)
		if !ok {
			continue
		}
		if !begun {
			w.head(f.name, f.help)
			begun = true
		}
		if c.Account != "" {
			labels = label("account", c.Account) + labels
		}
		for i, v := range c.Values {
			w.point(f.name, labels, w.times[i], v)
		}
	}
}

// final writes a family of figures at the end of the run.
func (w *writer) final(f *finalFamily) {
	if len(f.points) == 0 {
		return
	}
	w.head(f.name, f.help)
	for _, p := range f.points {
		w.point(f.name, p.labels, w.end, p.value)
	}
}

// stamp writes an instant as seconds since 1970.
func stamp(start time.Time, offset time.Duration) string {
	at := start.Add(offset)
	s := strconv.FormatInt(at.Unix(), 10)
	if ns := at.Nanosecond(); ns > 0 {
		s += strings.TrimRight("."+strconv.Itoa(1e9 + ns)[1:], "0")
	}
	return s
}

// label writes a further label.
func label(name, value string) string { return "," + name + `="` + escape(value) + `"` }

// escape escapes a label value.
func escape(s string) string { return escaper.Replace(strings.ToValidUTF8(s, "\uFFFD")) }

var escaper = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`)

// passed is 1 for a threshold that passed, and 0 for any other.
func passed(t *reports.Threshold) float64 {
	if t.Verdict == criteria.Pass.String() {
		return 1
	}
	return 0
}
