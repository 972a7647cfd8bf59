package plot_test

import (
	"math"
	"strings"
	"testing"

	"sesim/reports"
	"sesim/reports/internal/reporttest"
	"sesim/reports/plot"
	"sesim/sim"
	"sesim/sim/replicate"
	"sesim/sim/ses"
)

// TestBands: over replications the chart of a rate has its denominator and, at each
// instant, the share of the runs in each state; its title has an interval.
func TestBands(t *testing.T) {
	r := reporttest.Coarse(t, 1)
	replicated(r)
	eligible := r.Series.Find("acme", "bounce_eligible").Values
	r.Bands.List = append(r.Bands.List, replicate.Band{
		Curve: replicate.Curve{Account: "acme", Metric: "bounce_eligible"}, N: 2, Mean: eligible, Low: eligible, High: eligible,
	})
	half, low, high := 0.5, 0.01, 0.99
	r.Summary.Replications.Events = []reports.Event{{
		Account: "acme", Name: ses.EventUnderReview, Hits: 1, Probability: reports.Estimate{Value: &half, Low: &low, High: &high},
	}}
	r.Summary.Replications.Metrics = []reports.Metric{{
		Name: "acme.bounce_rate.max", Kind: "share", Mean: reports.Estimate{Value: &half, Low: &low, High: &high},
	}}
	r.Values.Names = append(r.Values.Names, sim.TimeTo("acme", ses.EventUnderReview))
	never, last := math.NaN(), r.Series.Times[len(r.Series.Times)-1]
	r.Values.Rows = append(r.Values.Rows, []float64{last.Seconds() / 2, never}) // the first run, halfway
	var chart *plot.Chart
	for _, c := range draw(t, r) {
		if c.Name == "acme-bounce-rate" {
			chart = &c
		}
	}
	if want := "The bounce rate of acme reaches 50% (1% to 99%), the mean over the replications"; chart == nil || chart.Title != want {
		t.Fatalf("the chart of the bounce rate is %v, want the title %q", chart, want)
	}
	if got := strings.Join(chart.Columns, ", "); got != "virtual time, mean, low, high, eligible emails, mean, runs by state" {
		t.Errorf("the columns are %q", got)
	}
	first, end := chart.Rows[0], chart.Rows[len(chart.Rows)-1]
	if first[5] != "healthy 100%" || end[5] != "under review 50%, healthy 50%" || end[4] == "–" {
		t.Errorf("the figures are %q at first, %q in the end", first, end)
	}
	for _, want := range []string{"share of the runs in each state", "eligible emails", "judged from"} {
		if !strings.Contains(string(chart.SVG), want) {
			t.Errorf("the picture lacks %q", want)
		}
	}
}
