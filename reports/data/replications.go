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
	"sesim/sim/replicate"
)

var (
	valuesHeader = []string{"replication", "account", "metric", "value"}
	bandsHeader  = []string{"time", "account", "metric", "mean", "low", "high", "replications"}
)

// WriteValues writes the metrics of each replication, one metric after the
// other. The column account is the owner of the metric: an account, a sender,
// or the global list. A replication without data has no row.
func WriteValues(w io.Writer, v *reports.Values) error {
	b := bufio.NewWriterSize(w, 1<<16)
	b.WriteString(strings.Join(valuesHeader, ",") + "\n")
	var row []byte
	for k, name := range v.Names {
		owner, metric, _ := strings.Cut(name, ".")
		middle := "," + Cell(owner) + "," + Cell(metric) + ","
		for i, value := range v.Rows[k] {
			if !math.IsNaN(value) {
				row = append(strconv.AppendInt(row[:0], int64(i), 10), middle...)
				b.Write(append(appendNumber(row, value), '\n'))
			}
		}
	}
	return b.Flush()
}

// ReadValues reads what WriteValues writes of the given number of replications.
func ReadValues(r io.Reader, replications int) (reports.Values, error) {
	var v reports.Values
	err := rows(r, valuesHeader, func(fields []string) error {
		name := uncell(fields[1]) + "." + uncell(fields[2])
		if n := len(v.Names); n == 0 || v.Names[n-1] != name {
			v.Names, v.Rows = append(v.Names, name), append(v.Rows, missing(replications))
		}
		i, err := parseCount(fields[0])
		if err != nil {
			return err
		}
		if i >= int64(replications) {
			return fmt.Errorf("there is no replication %d of %d", i, replications)
		}
		v.Rows[len(v.Rows)-1][i], err = parseNumber(fields[3])
		return err
	})
	return v, err
}

// missing returns n missing values.
func missing(n int) []float64 {
	list := make([]float64, n)
	for i := range list {
		list[i] = math.NaN()
	}
	return list
}

// WriteBands writes the bands of curves, one curve after the other.
func WriteBands(w io.Writer, start time.Time, bands *reports.Bands) error {
	b := bufio.NewWriter(w)
	b.WriteString(strings.Join(bandsHeader, ",") + "\n")
	var row []byte
	for _, band := range bands.List {
		middle := "," + Cell(band.Account) + "," + Cell(band.Metric) + ","
		for i, at := range bands.Times {
			row = append(start.Add(at).UTC().AppendFormat(row[:0], time.RFC3339Nano), middle...)
			for _, v := range []float64{band.Mean[i], band.Low[i], band.High[i]} {
				row = append(appendNumber(row, v), ',')
			}
			b.Write(append(strconv.AppendInt(row, int64(band.N), 10), '\n'))
		}
	}
	return b.Flush()
}

// ReadBands reads what WriteBands writes; share is the share of replications
// within a band.
func ReadBands(r io.Reader, start time.Time, share float64) (*reports.Bands, error) {
	bands := &reports.Bands{Share: share}
	err := rows(r, bandsHeader, func(fields []string) error {
		curve := replicate.Curve{Account: uncell(fields[1]), Metric: uncell(fields[2])}
		n := len(bands.List)
		if n == 0 || bands.List[n-1].Curve != curve {
			curve = replicate.Curve{Account: strings.Clone(curve.Account), Metric: strings.Clone(curve.Metric)}
			bands.List = append(bands.List, replicate.Band{Curve: curve})
			n++
		}
		at, err := time.Parse(time.RFC3339Nano, fields[0])
		if err != nil {
			return fmt.Errorf("%q is not a time", fields[0])
		}
		band := &bands.List[n-1]
		if n == 1 {
			bands.Times = append(bands.Times, at.Sub(start))
		} else if i := len(band.Mean); i >= len(bands.Times) || bands.Times[i] != at.Sub(start) {
			return fmt.Errorf("the time %q does not occur in the first band", fields[0])
		}
		return parseBand(band, fields)
	})
	for _, band := range bands.List {
		if err == nil && len(band.Mean) != len(bands.Times) {
			err = fmt.Errorf("%s of %q has values at %d of %d instants", band.Metric, band.Account, len(band.Mean), len(bands.Times))
		}
	}
	return bands, err
}

func parseBand(band *replicate.Band, fields []string) error {
	for i, to := range []*[]float64{&band.Mean, &band.Low, &band.High} {
		v, err := parseNumber(fields[3+i])
		if err != nil {
			return err
		}
		*to = append(*to, v)
	}
	n, err := parseCount(fields[6])
	band.N = int(n)
	return err
}
