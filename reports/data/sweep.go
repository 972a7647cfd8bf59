package data

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"sesim/reports"
	"sesim/reports/jsontext"
)

// WriteSweep writes sweep.json.
func WriteSweep(w io.Writer, s *reports.Sweep) error {
	return jsontext.WriteIndented(w, s)
}

// ReadSweep reads what WriteSweep writes.
func ReadSweep(r io.Reader) (*reports.Sweep, error) {
	var s reports.Sweep
	d := json.NewDecoder(r)
	if err := d.Decode(&s); err != nil {
		return nil, err
	}
	if s.Version != reports.Version {
		return nil, fmt.Errorf("version %d is %w: %d", s.Version, ErrVersion, reports.Version)
	}
	if d.More() {
		return nil, errors.New("more than one JSON value")
	}
	return &s, nil
}

// WriteSweepTable writes the table of a sweep: a row for each metric of each
// cell, with the values of the swept keys. Missing figures are empty fields. A
// failed cell has one row, with its error.
func WriteSweepTable(w io.Writer, s *reports.Sweep) error {
	b := bufio.NewWriterSize(w, 1<<16)
	header := []string{"cell"}
	for _, key := range s.Keys {
		header = append(header, Cell(key))
	}
	header = append(header, "status", "replications", "metric", "mean", "low", "high", "median", "median_low", "median_high",
		"min", "max", "data", "error")
	b.WriteString(strings.Join(header, ",") + "\n")
	for i := range s.Cells {
		writeCell(b, &s.Cells[i])
	}
	return b.Flush()
}

func writeCell(b *bufio.Writer, c *reports.Cell) {
	before := strconv.Itoa(c.Number) + ","
	for _, v := range c.Values {
		before += Cell(v) + ","
	}
	before += c.Status + "," + strconv.Itoa(c.Replications) + ","
	if c.Status == reports.Failed {
		b.WriteString(before + strings.Repeat(",", 10) + Cell(c.Error) + "\n")
		return
	}
	list := c.Metrics
	for i := range c.Events {
		e := &c.Events[i]
		list = append(list[:len(list):len(list)], reports.Metric{Name: e.ProbabilityName(), Data: c.Replications, Mean: e.Probability})
	}
	var row []byte
	for i := range list {
		m := &list[i]
		row = append(append(row[:0], before...), Cell(m.Name)...)
		for _, v := range []*float64{m.Mean.Value, m.Mean.Low, m.Mean.High, m.Median.Value, m.Median.Low, m.Median.High, m.Min, m.Max} {
			row = appendNumber(append(row, ','), number(v))
		}
		row = strconv.AppendInt(append(row, ','), int64(m.Data), 10)
		b.Write(append(row, ",\n"...))
	}
}

// number returns a figure that may be missing.
func number(v *float64) float64 {
	if v == nil {
		return math.NaN()
	}
	return *v
}
