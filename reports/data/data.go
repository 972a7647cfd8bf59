// Package data writes the figures of a report as files for other programs,
// and reads them back: summary.json, and CSV tables of the series, of the
// stays on the global list and of the admission delays. Tables of figures that
// summary.json has too, and those of comparisons, are only written.
//
// The bytes depend only on the report, and reading them gives an equal report:
// a run can be redrawn without being simulated again. The tables are tidy: one
// figure per row, each row complete in itself. No text in them can start a
// formula in a spreadsheet.
package data

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"sesim/reports"
	"sesim/reports/jsontext"
)

// ErrVersion is wrapped by the error for a summary of another version.
var ErrVersion = errors.New("not the summary version that this program reads")

// WriteSummary writes summary.json.
func WriteSummary(w io.Writer, s *reports.Summary) error {
	return jsontext.WriteIndented(w, s)
}

// ReadSummary reads what WriteSummary writes.
func ReadSummary(r io.Reader) (reports.Summary, error) {
	var s reports.Summary
	d := json.NewDecoder(r)
	if err := d.Decode(&s); err != nil {
		return reports.Summary{}, err
	}
	if s.Version != reports.Version {
		return reports.Summary{}, fmt.Errorf("version %d is %w: %d", s.Version, ErrVersion, reports.Version)
	}
	if d.More() {
		return reports.Summary{}, errors.New("more than one JSON value")
	}
	s.Start = s.Start.UTC()
	return s, nil
}
