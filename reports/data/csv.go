package data

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Cell writes a text as one field. A text that a spreadsheet would read as a
// formula gets a leading apostrophe, which spreadsheets hide; so does one that
// already begins with an apostrophe, so that uncell can undo it.
func Cell(text string) string {
	if text != "" && strings.IndexByte("=+-@\t\r'", text[0]) >= 0 {
		text = "'" + text
	}
	if !strings.ContainsAny(text, ",\"\r\n") && strings.TrimSpace(text) == text {
		return text
	}
	return `"` + strings.ReplaceAll(text, `"`, `""`) + `"`
}

// uncell returns the text that Cell wrote, from a field without its quotes.
func uncell(field string) string {
	text, _ := strings.CutPrefix(field, "'")
	return text
}

// appendNumber writes a number in plain decimals with all its digits, and an
// empty field for a missing one.
func appendNumber(b []byte, v float64) []byte {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return b
	}
	if a := math.Abs(v); a != 0 && (a < 1e-9 || a >= 1e21) {
		return strconv.AppendFloat(b, v, 'g', -1, 64)
	}
	return strconv.AppendFloat(b, v, 'f', -1, 64)
}

func parseNumber(field string) (float64, error) {
	if field == "" {
		return math.NaN(), nil
	}
	v, err := strconv.ParseFloat(field, 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		return 0, fmt.Errorf("%q is not a number", field)
	}
	return v, nil
}

// rows calls take for each row after the header, which must match. Errors name
// the line.
func rows(r io.Reader, header []string, take func(fields []string) error) error {
	c := csv.NewReader(r)
	c.FieldsPerRecord = len(header)
	c.ReuseRecord = true
	first, err := c.Read()
	switch {
	case errors.Is(err, io.EOF):
		return errors.New("empty file")
	case err != nil:
		return err
	case !slices.Equal(first, header):
		return fmt.Errorf("line 1: the columns are %s, not %s", strings.Join(first, ","), strings.Join(header, ","))
	}
	for {
		fields, err := c.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := take(fields); err != nil {
			line, _ := c.FieldPos(0)
			return fmt.Errorf("line %d: %w", line, err)
		}
	}
}
