package data

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"time"

	"sesim/sim/measure"
)

var (
	seriesHeader = []string{"time", "account", "metric", "value"}
	queuesHeader = []string{"time", "client", "metric", "value"}
)

// WriteSeries writes a table of series, one column after the other. Times are
// virtual; a metric that all accounts share has an empty account.
func WriteSeries(w io.Writer, start time.Time, t *measure.Table) error {
	return writeSeries(w, seriesHeader, start, t)
}

// WriteQueues writes the series of clients in the same way.
func WriteQueues(w io.Writer, start time.Time, t *measure.Table) error {
	return writeSeries(w, queuesHeader, start, t)
}

func writeSeries(w io.Writer, header []string, start time.Time, t *measure.Table) error {
	b := bufio.NewWriterSize(w, 1<<16)
	b.WriteString(strings.Join(header, ",") + "\n")
	times := make([]string, len(t.Times))
	for i, at := range t.Times {
		times[i] = start.Add(at).UTC().Format(time.RFC3339Nano) + ","
	}
	var row []byte
	for _, c := range t.Columns {
		name := Cell(c.Account) + "," + Cell(c.Metric) + ","
		for i, v := range c.Values {
			row = append(append(row[:0], times[i]...), name...)
			b.Write(append(appendNumber(row, v), '\n'))
		}
	}
	return b.Flush()
}

// ReadSeries reads what WriteSeries writes.
func ReadSeries(r io.Reader, start time.Time) (measure.Table, error) {
	return readSeries(r, seriesHeader, start)
}

// ReadQueues reads what WriteQueues writes.
func ReadQueues(r io.Reader, start time.Time) (measure.Table, error) {
	return readSeries(r, queuesHeader, start)
}

func readSeries(r io.Reader, header []string, start time.Time) (measure.Table, error) {
	s := seriesReader{start: start}
	if err := rows(r, header, s.take); err != nil {
		return measure.Table{}, err
	}
	return s.table, s.whole()
}

// seriesReader builds a table. The first column defines the instants; every
// other one must have the same.
type seriesReader struct {
	start time.Time
	table measure.Table
	times []string // as written
}

func (s *seriesReader) take(fields []string) error {
	account, metric := uncell(fields[1]), uncell(fields[2])
	n := len(s.table.Columns)
	if n == 0 || s.table.Columns[n-1].Account != account || s.table.Columns[n-1].Metric != metric {
		if err := s.whole(); err != nil {
			return err
		}
		s.table.Columns = append(s.table.Columns, measure.Column{Account: strings.Clone(account), Metric: strings.Clone(metric)})
		n++
	}
	c := &s.table.Columns[n-1]
	if err := s.instant(n == 1, len(c.Values), fields[0]); err != nil {
		return err
	}
	v, err := parseNumber(fields[3])
	c.Values = append(c.Values, v)
	return err
}

// instant checks the time of a column's i-th value, or, in the first column,
// adds it.
func (s *seriesReader) instant(first bool, i int, text string) error {
	if !first {
		if i >= len(s.times) || s.times[i] != text {
			return fmt.Errorf("the time %q does not occur in the first metric", text)
		}
		return nil
	}
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return fmt.Errorf("%q is not a time", text)
	}
	offset := at.Sub(s.start)
	if i > 0 && offset <= s.table.Times[i-1] {
		return fmt.Errorf("the time %q is not later than the one before", text)
	}
	s.times = append(s.times, strings.Clone(text))
	s.table.Times = append(s.table.Times, offset)
	return nil
}

// whole returns an error if the last column ends too early.
func (s *seriesReader) whole() error {
	if n := len(s.table.Columns); n > 0 {
		if c := &s.table.Columns[n-1]; len(c.Values) != len(s.times) {
			return fmt.Errorf("%s of %q has values at %d of %d instants", c.Metric, c.Account, len(c.Values), len(s.times))
		}
	}
	return nil
}
