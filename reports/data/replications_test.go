package data

import (
	"bytes"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"sesim/reports"
	"sesim/sim/replicate"
)

var epoch = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// TestValuesReadBack writes metrics of three replications, some without data,
// and reads them.
func TestValuesReadBack(t *testing.T) {
	want := reports.Values{
		Names: []string{"acme.accepted", "acme.time_to.paused", "=evil.accepted"},
		Rows:  [][]float64{{1, 2, 3}, {math.NaN(), 0.1, math.NaN()}, {1e-12, 1e300, -5}},
	}
	var b bytes.Buffer
	if err := WriteValues(&b, &want); err != nil {
		t.Fatal(err)
	}
	text := b.String()
	got, err := ReadValues(&b, 3)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateNaNs()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if lines := strings.Count(text, "\n"); lines != 1+3+1+3 || strings.Contains(text, ",=evil") {
		t.Errorf("written:\n%s", text)
	}
	if _, err := ReadValues(strings.NewReader(text), 2); err == nil {
		t.Error("replication 2 of 2 was read")
	}
}

func TestBandsReadBack(t *testing.T) {
	want := &reports.Bands{
		Share: 0.9, Times: []time.Duration{0, time.Hour},
		List: []replicate.Band{
			{Curve: replicate.Curve{Account: "acme", Metric: "bounce_rate"}, N: 7, Mean: []float64{1, 2}, Low: []float64{0.5, math.NaN()}, High: []float64{3, 4}},
			{Curve: replicate.Curve{Metric: "global_listed"}, N: 7, Mean: []float64{1, 2}, Low: []float64{0, 0}, High: []float64{3, 4}},
		},
	}
	var b bytes.Buffer
	if err := WriteBands(&b, epoch, want); err != nil {
		t.Fatal(err)
	}
	text := b.String()
	got, err := ReadBands(&b, epoch, 0.9)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateNaNs()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	short := text[:strings.LastIndex(strings.TrimSuffix(text, "\n"), "\n")+1]
	if _, err := ReadBands(strings.NewReader(short), epoch, 0.9); err == nil {
		t.Error("a band that ends too early was read")
	}
}
