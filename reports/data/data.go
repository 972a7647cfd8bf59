// Package data writes the figures of a report as files for other programs,
// and reads them back: summary.json, and CSV tables of the series, of the
// stays on the global list and of the admission delays. Tables of what the
// summary says anyway, and of a comparison, it only writes.
//
// What is written depends on the report alone, byte for byte, and reading it
// gives an equal report: a run can be drawn again without being run again.
// The tables are tidy: one figure a row, each row complete in itself. Text in
// them cannot start a formula in a spreadsheet.
package data

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"sesim/reports"
)

// ErrVersion is wrapped by the error for a summary of another version.
var ErrVersion = errors.New("not the version of the summary that this program reads")

// WriteSummary writes summary.json.
func WriteSummary(w io.Writer, s *reports.Summary) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false) // it is a file of its own, to be read by people too
	e.SetIndent("", "  ")
	return e.Encode(s)
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
		return reports.Summary{}, errors.New("there is more than one value in it")
	}
	s.Start = s.Start.UTC()
	return s, nil
}
