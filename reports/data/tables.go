package data

import (
	"bufio"
	"io"
	"math"
	"strings"
	"time"

	"sesim/reports"
	"sesim/reports/compare"
)

// The headers of tables that are only written: a summary or a comparison has
// everything in them.
var (
	figuresHeader    = []string{"account", "metric", "kind", "value"}
	timelineHeader   = []string{"time", "account", "event", "rule", "why"}
	thresholdsHeader = []string{"threshold", "kind", "value", "verdict"}
	changesHeader    = []string{"account", "metric", "kind", "run", "value", "difference", "low", "high", "pairs"}
)

// table writes rows of fields. Texts must have been passed through Cell.
type table struct{ *bufio.Writer }

func newTable(w io.Writer, header []string) table {
	t := table{bufio.NewWriterSize(w, 1<<16)}
	t.row(header...)
	return t
}

func (t table) row(fields ...string) { t.WriteString(strings.Join(fields, ",") + "\n") }

// decimal writes a number as a field; an empty one if it is missing.
func decimal(v float64) string { return string(appendNumber(nil, v)) }

// owned splits a metric into its owner (an account, a sender or the global list)
// and its name.
func owned(metric string) (owner, rest string) {
	owner, rest, _ = strings.Cut(metric, ".")
	return Cell(owner), Cell(rest)
}

// WriteFigures writes all figures of a report at the end of the run, under the
// names that thresholds use: shares from 0 to 1, durations in seconds, an
// empty value without data.
func WriteFigures(w io.Writer, r *reports.Report) error {
	t := newTable(w, figuresHeader)
	for _, f := range r.Figures() {
		owner, metric := owned(f.Name)
		t.row(owner, metric, f.Kind.String(), decimal(f.Known()))
	}
	return t.Flush()
}

// WriteTimeline writes the timelines of all accounts.
func WriteTimeline(w io.Writer, s *reports.Summary) error {
	t := newTable(w, timelineHeader)
	for i := range s.Accounts {
		for _, line := range s.Accounts[i].Timeline {
			at := line.At.UTC().Format(time.RFC3339Nano)
			t.row(at, Cell(s.Accounts[i].Name), Cell(line.Event.String()), Cell(line.Rule), Cell(line.Why))
		}
	}
	return t.Flush()
}

// WriteThresholds writes the thresholds and their verdicts.
func WriteThresholds(w io.Writer, s *reports.Summary) error {
	t := newTable(w, thresholdsHeader)
	for _, c := range s.Thresholds {
		value := math.NaN()
		if c.Value != nil {
			value = *c.Value
		}
		t.row(Cell(c.Expression), c.Kind, decimal(value), c.Verdict)
	}
	return t.Flush()
}

// WriteComparison writes the figures in which compared runs differ, one row for
// each run; the baseline's row has no difference.
func WriteComparison(w io.Writer, c *compare.Comparison) error {
	t := newTable(w, changesHeader)
	for _, f := range c.Figures {
		owner, metric := owned(f.Metric)
		for i, v := range f.Values {
			change := []string{"", "", "", ""}
			if i > 0 {
				of := f.Changes[i-1]
				change = []string{decimal(float64(of.Difference)), decimal(float64(of.Low)), decimal(float64(of.High)), decimal(float64(of.Pairs))}
			}
			row := append([]string{owner, metric, f.Kind, Cell(c.Runs[i].Label), decimal(float64(v))}, change...)
			t.row(row...)
		}
	}
	return t.Flush()
}
