package planreport

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"

	"sesim/reports/data"
)

// WriteJSON writes the plan as indented JSON.
func (p *Plan) WriteJSON(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(p)
}

// ErrPlan is wrapped by the errors of ReadJSON.
var ErrPlan = errors.New("not a plan written by sesim")

// ReadJSON reads what WriteJSON writes. Its errors wrap ErrPlan.
func ReadJSON(r io.Reader) (*Plan, error) {
	var p Plan
	if err := json.NewDecoder(r).Decode(&p); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrPlan, err)
	}
	if p.Version != Version {
		return nil, fmt.Errorf("%w that this program reads: its version is %d, not %d", ErrPlan, p.Version, Version)
	}
	return &p, nil
}

// WriteCSV writes all candidates as a tidy table, one row for each candidate and
// promise.
func (p *Plan) WriteCSV(w io.Writer) error {
	c := csv.NewWriter(w)
	var header []string
	for _, choice := range p.Choices {
		header = append(header, data.Cell(choice.Key))
	}
	_ = c.Write(append(header, "promise", "verdict", "runs", "met", "no_data", "value", "low", "high", "worst"))
	for _, point := range p.Candidates {
		for i, f := range point.Figures {
			row := make([]string, 0, len(header)+9)
			for _, v := range point.Values {
				row = append(row, data.Cell(v))
			}
			row = append(row, data.Cell(p.Promises[i].Expression), f.Verdict, strconv.Itoa(f.Runs), strconv.Itoa(f.Met), strconv.Itoa(f.NoData),
				number(f.Value), number(f.Low), number(f.High), number(f.Worst))
			_ = c.Write(row)
		}
	}
	c.Flush()
	return c.Error()
}

func number(v *float64) string {
	if v == nil {
		return ""
	}
	return strconv.FormatFloat(*v, 'g', -1, 64)
}
