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

// WriteJSON writes the plan as a sealed file.
func (p *Plan) WriteJSON(w io.Writer) error { return data.WriteSealed(w, p) }

// ErrPlan is wrapped by the errors of ReadJSON.
var ErrPlan = errors.New("not a plan written by sesim")

// ReadJSON reads what WriteJSON writes. Its errors wrap ErrPlan; for a plan that
// was changed since, also data.ErrDamaged.
func ReadJSON(r io.Reader) (*Plan, error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	var p Plan
	if err := json.Unmarshal(text, &p); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrPlan, err)
	}
	if p.Version != Version {
		return nil, fmt.Errorf("%w that this program reads: its version is %d, not %d", ErrPlan, p.Version, Version)
	}
	if err := data.CheckSeal(text); err != nil {
		return nil, fmt.Errorf("%w: %w; sesim plan makes it again", ErrPlan, err)
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
