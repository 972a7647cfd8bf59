package reports_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"sesim/reports"
	"sesim/reports/internal/reporttest"
	"sesim/sim"
)

// TestFigures compares the figures of a summary with the metrics of the result
// that it was made of: each has its value, and what is left out is an event
// that did not happen, or has no data.
func TestFigures(t *testing.T) {
	cfg, res := reporttest.Run(2)
	cfg.Senders[0].Name = cfg.Accounts[1].Name // they have one metric in common
	res.Senders[0].Campaigns = append(res.Senders[0].Campaigns, sim.CampaignResult{Length: day}, sim.CampaignResult{Length: 3 * day}, sim.CampaignResult{Length: 2 * day})
	got := map[string]reports.Figure{}
	for _, f := range reporttest.Of(t, cfg, res).Figures() {
		if _, twice := got[f.Name]; twice {
			t.Errorf("%s stands there twice", f.Name)
		}
		got[f.Name] = f
	}
	seen := 0
	for _, name := range slices.Compact(slices.Sorted(slices.Values(cfg.Metrics()))) {
		f, ok := got[name]
		if !ok {
			checkAbsent(t, cfg, res, name)
			continue
		}
		seen++
		kind, _ := cfg.Metric(name)
		value, data := res.Value(cfg, name)
		if f.Kind != kind || data != f.Data || data == math.IsNaN(f.Known()) || data && f.Value != value {
			t.Errorf("%s is %v, want %v (%v)", name, f, value, data)
		}
	}
	if seen != len(got) || seen < 90 {
		t.Errorf("%d of %d figures are metrics", seen, len(got))
	}
}

func checkAbsent(t *testing.T, cfg *sim.Config, res *sim.Result, name string) {
	t.Helper()
	value, data := res.Value(cfg, name)
	if data && !(strings.Contains(name, ".count.") && value == 0) {
		t.Errorf("%s is %v, and the summary has no such figure", name, value)
	}
}
