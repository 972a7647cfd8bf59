package plot_test

import (
	"bytes"
	"strings"
	"testing"

	"sesim/reports"
	"sesim/reports/compare"
	"sesim/reports/internal/reporttest"
	"sesim/reports/plot"
	"sesim/sim/replicate"
)

// compared compares a run with one in which acme's bounce rate is half.
func compared(t *testing.T, bands bool) *compare.Comparison {
	t.Helper()
	var sides []*compare.Side
	for i, label := range []string{"main", "<b>branch</b>"} {
		r := reporttest.Coarse(t, 2)
		rate := r.Series.Find("acme", "bounce_rate")
		for k := range rate.Values {
			rate.Values[k] /= float64(i + 1)
		}
		r.Summary.Accounts[0].BounceRate.Max /= float64(i + 1)
		if bands {
			replicated(r)
		}
		s, err := compare.Of(label, r)
		if err != nil {
			t.Fatal(err)
		}
		sides = append(sides, s)
	}
	return compare.New(sides, nil, nil)
}

// replicated makes of a report one of replications with a band about the
// bounce rate.
func replicated(r *reports.Report) {
	rate := r.Series.Find("acme", "bounce_rate").Values
	low, high := make([]float64, len(rate)), make([]float64, len(rate))
	for i, v := range rate {
		low[i], high[i] = 0.9*v, 1.1*v
	}
	r.Summary.Replications = &reports.Replications{Count: 2, Confidence: 0.9}
	r.Values = reports.Values{Names: []string{"acme.accepted"}, Rows: [][]float64{{1, 2}}}
	r.Bands = &reports.Bands{Share: 0.9, Times: r.Series.Times, List: []replicate.Band{
		{Curve: replicate.Curve{Account: "acme", Metric: "bounce_rate"}, N: 2, Mean: rate, Low: low, High: high},
	}}
}

// TestOverlays: there is one picture of the one curve that differs, with a
// line for each run, and the same bytes each time.
func TestOverlays(t *testing.T) {
	for name, bands := range map[string]bool{"runs": false, "replications": true} {
		charts, err := plot.Overlays(compared(t, bands))
		if err != nil {
			t.Fatal(err)
		}
		if len(charts) != 1 || charts[0].Name != "acme-bounce-rate" {
			t.Fatalf("%s: there are %d charts", name, len(charts))
		}
		c := charts[0]
		for _, want := range []string{"main", "&lt;b&gt;branch"} {
			if !strings.Contains(string(c.SVG), want) {
				t.Errorf("%s: the picture does not name %s", name, want)
			}
		}
		if bytes.Contains(c.SVG, []byte("<b>")) || len(c.PNG) == 0 || len(c.Rows) == 0 || len(c.Columns) != 3 || c.Alt == "" {
			t.Errorf("%s: the chart is not whole: %q, %d rows, %v", name, c.Alt, len(c.Rows), c.Columns)
		}
		if !bands && !strings.HasPrefix(c.Title, "Bounce rate of acme peaks highest in “main”, at 11.7%, and lowest in “") {
			t.Errorf("the title is %q", c.Title)
		}
		if bands && !strings.HasSuffix(c.Title, "%)") {
			t.Errorf("the title has no interval: %q", c.Title)
		}
		again, err := plot.Overlays(compared(t, bands))
		if err != nil || !bytes.Equal(again[0].SVG, c.SVG) || !bytes.Equal(again[0].PNG, c.PNG) {
			t.Errorf("%s: a second drawing differs: %v", name, err)
		}
	}
}
