package data

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"sesim/reports"
	"sesim/sim/measure"
)

var (
	dwellHeader = []string{"seconds", "at_risk", "ended", "censored", "survival"}
	delayHeader = []string{"account", "quantile", "seconds", "calls"}
)

// WriteDwell writes the survival curve of the stays on the global list, one
// row for each length.
func WriteDwell(w io.Writer, s *measure.Survival) error {
	b := bufio.NewWriter(w)
	b.WriteString(strings.Join(dwellHeader, ",") + "\n")
	var row []byte
	for _, step := range s.Steps {
		row = append(row[:0], reports.Seconds(step.At).String()...)
		for _, n := range []int64{step.AtRisk, step.Ended, step.Censored} {
			row = strconv.AppendInt(append(row, ','), n, 10)
		}
		b.Write(append(appendNumber(append(row, ','), step.Survival), '\n'))
	}
	return b.Flush()
}

// ReadDwell reads what WriteDwell writes.
func ReadDwell(r io.Reader) (measure.Survival, error) {
	var s measure.Survival
	err := rows(r, dwellHeader, func(fields []string) error {
		step, err := parseStep(fields)
		if err != nil {
			return err
		}
		if step.At <= s.Max && len(s.Steps) > 0 {
			return fmt.Errorf("%s seconds is not greater than the row before", fields[0])
		}
		if len(s.Steps) == 0 {
			s.Stays = step.AtRisk
		}
		s.Censored += step.Censored
		s.Max = step.At
		s.Steps = append(s.Steps, step)
		return nil
	})
	return s, err
}

func parseStep(fields []string) (measure.Step, error) {
	at, err := reports.ParseSeconds(fields[0])
	if err != nil {
		return measure.Step{}, err
	}
	step := measure.Step{At: time.Duration(at)}
	for i, n := range []*int64{&step.AtRisk, &step.Ended, &step.Censored} {
		if *n, err = parseCount(fields[1+i]); err != nil {
			return measure.Step{}, err
		}
	}
	step.Survival, err = parseNumber(fields[4])
	return step, err
}

func parseCount(field string) (int64, error) {
	n, err := strconv.ParseInt(field, 10, 64)
	if err != nil || n < 0 {
		return 0, fmt.Errorf("%q is not a count", field)
	}
	return n, nil
}

// WriteDelays writes the distribution of each account's admission delays: for
// each delay in seconds, the share and the number of accepted calls that waited
// no longer.
func WriteDelays(w io.Writer, list []reports.Delay) error {
	b := bufio.NewWriter(w)
	b.WriteString(strings.Join(delayHeader, ",") + "\n")
	var row []byte
	for _, d := range list {
		name := Cell(d.Account) + ","
		for _, q := range d.Spectrum {
			row = append(appendNumber(append(row[:0], name...), q.Q), ',')
			row = append(row, reports.Seconds(q.Value).String()+","...)
			calls := max(1, int64(math.Ceil(q.Q*float64(d.Calls))))
			b.Write(append(strconv.AppendInt(row, calls, 10), '\n'))
		}
	}
	return b.Flush()
}

// ReadDelays reads what WriteDelays writes.
func ReadDelays(r io.Reader) ([]reports.Delay, error) {
	var list []reports.Delay
	err := rows(r, delayHeader, func(fields []string) error {
		account := uncell(fields[0])
		if n := len(list); n == 0 || list[n-1].Account != account {
			list = append(list, reports.Delay{Account: strings.Clone(account)})
		}
		q, err := parseNumber(fields[1])
		if err != nil {
			return err
		}
		value, err := reports.ParseSeconds(fields[2])
		if err != nil {
			return err
		}
		d := &list[len(list)-1]
		d.Spectrum = append(d.Spectrum, measure.Quantile{Q: q, Value: time.Duration(value)})
		d.Calls, err = parseCount(fields[3])
		return err
	})
	return list, err
}
