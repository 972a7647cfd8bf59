package plot

import (
	"slices"
	"strings"
	"testing"
	"time"

	"sesim/reports"
	"sesim/reports/internal/reporttest"
	"sesim/sim/measure"
	"sesim/sim/ses"
)

// TestTitles pins what charts say of various runs.
func TestTitles(t *testing.T) {
	series := func(r *reports.Report, metric string, value float64) {
		c := r.Series.Find("acme", metric)
		for i := range c.Values {
			c.Values[i] = value
		}
	}
	for _, c := range []struct {
		name   string
		change func(*reports.Report)
		chart  string
		want   string
	}{
		{"reviewed and paused", func(*reports.Report) {}, "acme-bounce-rate", "acme comes under review on day 10.2 and is paused on day 24.6"},
		{"the other rate", func(*reports.Report) {}, "acme-complaint-rate", "acme keeps its complaint rate below 0.1%: at most 0.055%"},
		{"never a complaint", func(r *reports.Report) { r.Summary.Accounts[0].ComplaintRate.Max = 0 },
			"acme-complaint-rate", "The complaint rate of acme is 0% all the time"},
		{"states", func(r *reports.Report) {
			r.Summary.Accounts[0].Began = ses.Sandbox.String()
			r.Summary.Accounts[0].Timeline = []reports.Transition{{At: r.Summary.Start.Add(22 * time.Hour), Event: ses.EventGranted}}
		}, "states", "acme is in the sandbox, healthy from day 0, 22:00 on"},
		{"healthy", func(r *reports.Report) {
			r.Summary.Accounts[0].Timeline, r.Summary.Accounts[0].BounceRate.Max = nil, 0.0123
		}, "acme-bounce-rate", "acme keeps its bounce rate below 5%: at most 1.23%"},
		{"above without a review", func(r *reports.Report) { r.Summary.Accounts[0].ComplaintRate.Max = 0.002 },
			"acme-complaint-rate", "The complaint rate of acme reaches 0.2%; the review threshold is 0.1%"},
		{"too little mail", func(r *reports.Report) { r.Summary.Reputation.MinEligible = 50_000 },
			"acme-complaint-rate", "acme sends too little mail for the model to judge its complaint rate"},
		{"no mail that counts", func(r *reports.Report) { series(r, "bounce_eligible", 0) },
			"acme-bounce-rate", "acme sends no mail that is eligible for its bounce rate"},
		{"quota refuses", func(*reports.Report) {}, "acme-quota", "The sending quota of acme refuses 1,365 recipients, the first on day 8"},
		{"quota in part", func(r *reports.Report) {
			r.Summary.Accounts[0].Refused.Quota, r.Summary.Accounts[0].QuotaUse.Max = 0, 0.84
		}, "acme-quota", "acme uses at most 84% of its sending quota"},
		{"no quota", func(r *reports.Report) { series(r, "quota", -1); r.Summary.Accounts[0].Refused.Quota = 0 },
			"acme-quota", "acme has no sending quota and sends to at most 20,000 recipients in 24 hours"},
		{"stays outlast the run", func(r *reports.Report) {
			r.Dwell = measure.Pooled(measure.AddUp([]measure.Step{{At: time.Hour, Ended: 1}, {At: 48 * time.Hour, Censored: 1}, {At: 48 * time.Hour, Censored: 1}}))
		}, "global-list-dwell", "The median stay on the global list is 2 d or more (still running)"},
		{"most stays are alike", func(r *reports.Report) {
			r.Dwell = measure.Pooled(measure.AddUp([]measure.Step{{At: time.Hour, Censored: 1}, {At: 24 * time.Hour, Ended: 30}, {At: 48 * time.Hour, Ended: 1}}))
		}, "global-list-dwell", "90% of the stays on the global list end within 1 d"},
		{"nobody waits", func(r *reports.Report) {
			r.Delays = []reports.Delay{{Account: "acme", Calls: 9, Spectrum: []measure.Quantile{{Q: 0}, {Q: 1}}}}
		}, "admission-delay", "No accepted call was delayed"},
		{"few wait", func(r *reports.Report) {
			r.Delays = []reports.Delay{{Account: "acme", Calls: 900, Spectrum: []measure.Quantile{{Q: 0.99}, {Q: 1, Value: time.Minute}}}}
		}, "admission-delay", "99% of the accepted calls are not delayed; the longest delay is 1 min"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := reporttest.Coarse(t, 1)
			c.change(r)
			charts := compose(r)
			i := slices.IndexFunc(charts, func(p picture) bool { return p.Name == c.chart })
			if i < 0 || charts[i].Title != c.want {
				t.Errorf("title is %q, want %q", charts[i].Title, c.want)
			}
		})
	}
}

// TestManyAccounts: twelve accounts are compared in small charts, the highest first, and
// the captions say that there are more.
func TestManyAccounts(t *testing.T) {
	r := reporttest.Coarse(t, 20)
	for i := range 15 {
		r.Summary.Accounts[i].Timeline, r.Summary.Accounts[i].Refused = nil, reports.Refused{}
	}
	charts := compose(r)
	if len(charts) < 5 || charts[0].Name != "flow" || charts[1].Name != "accounts-bounce-rate" {
		t.Fatalf("there are %d charts, the first ones %s and %s", len(charts), charts[0].Name, charts[1].Name)
	}
	if c := &charts[1]; !strings.Contains(c.Caption, "Accounts without a chart: 8") || len(c.Columns) != 1+maxAccounts {
		t.Errorf("the caption is %q, the columns %q", c.Caption, c.Columns)
	}
	r.Summary.Accounts[19].BounceRate.Max = 0.4
	if got := compose(r)[1].Title; !strings.Contains(got, " of 20 accounts ") || !strings.HasSuffix(got, "the highest is that of "+r.Summary.Accounts[19].Name+", 40%") {
		t.Errorf("the title is not about all accounts: %q", got)
	}
}

// TestNothing draws a run without any data: of its mail there is a flow, and without mail
// nothing.
func TestNothing(t *testing.T) {
	r := reporttest.Bare(t)
	if charts := compose(r); len(charts) != 1 || charts[0].Name != "flow" {
		t.Errorf("%d charts of a run without samples", len(charts))
	}
	r.Summary.Accounts[0].Due = 0
	if charts := compose(r); len(charts) != 0 {
		t.Errorf("%d charts of nothing", len(charts))
	}
}

// A chart without variation has a finding and no picture.
func TestFlatCharts(t *testing.T) {
	for want, change := range map[string]func(*reports.Report){
		"No accepted call was delayed": func(r *reports.Report) {
			r.Delays = []reports.Delay{{Account: "acme", Calls: 9, Spectrum: []measure.Quantile{{Q: 0}, {Q: 1}}}}
		},
		"Addresses were put on the global list 600 times, each time for 1 day; how long is the model's assumption (global.durations)": func(r *reports.Report) {
			r.Dwell = measure.Pooled(measure.AddUp([]measure.Step{{At: 24 * time.Hour, Ended: 600}}))
			r.Summary.GlobalList = reports.GlobalList{Added: 600, Dwell: reports.Dwells{P50: reports.Seconds(24 * time.Hour), P90: reports.Seconds(24 * time.Hour)}}
		},
		"Addresses were put on the global list 2 times; median stay 1 d or more (still running); 2 still on the list at the end; how long is the model's assumption (global.durations)": func(r *reports.Report) {
			r.Dwell = measure.Pooled(measure.AddUp([]measure.Step{{At: 24 * time.Hour, Censored: 2}}))
			r.Summary.GlobalList = reports.GlobalList{Added: 2, Dwell: reports.Dwells{Censored: 2, P50: reports.Seconds(24 * time.Hour), LowerBounds: []string{"p50"}}}
		},
	} {
		r := reporttest.Coarse(t, 1)
		change(r)
		charts, err := Charts(r)
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(charts, func(c Chart) bool { return c.Title == want })
		if i < 0 || charts[i].Drawn() || charts[i].PNG != nil {
			t.Errorf("%q is not a chart without a picture", want)
		}
		for j, c := range charts {
			if j != i && !c.Drawn() {
				t.Errorf("%s has no picture", c.Name)
			}
		}
	}
}
