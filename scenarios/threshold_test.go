package scenarios

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"sesim/sim/criteria"
)

// A threshold may name a figure as summary.json does, where a duration carries
// its unit and the accounts' lists stand together.
func TestThresholdOnAPlaceInTheSummary(t *testing.T) {
	const list = `thresholds = ["global_list.dwell_seconds.max <= 14d", "account_list.acme.listed == 0", "global_list.dwell.p50 < 1d"]
`
	cfg, err := LoadWith(nil, "x.toml", []byte(list+base))
	if err != nil {
		t.Fatal(err)
	}
	want := []criteria.Criterion{
		{Expression: "global_list.dwell_seconds.max <= 14d", Metric: "global_list.dwell.max", Op: criteria.LessEqual, Limit: 14 * 86400},
		{Expression: "account_list.acme.listed == 0", Metric: "acme.account_list.listed", Op: criteria.Equal},
		{Expression: "global_list.dwell.p50 < 1d", Metric: "global_list.dwell.p50", Op: criteria.Less, Limit: 86400},
	}
	if diff := cmp.Diff(want, cfg.Thresholds); diff != "" {
		t.Errorf("thresholds (-want +got):\n%s", diff)
	}
}
