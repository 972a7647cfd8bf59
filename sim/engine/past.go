package engine

import (
	"time"

	"sesim/sim"
	"sesim/sim/measure"
)

// pastOf samples the rates before the start of the first accounts that bring a history
// along: as far back as it goes, and no further than the run is long.
func pastOf(cfg *sim.Config) measure.Table {
	var t measure.Table
	reach := time.Duration(0)
	sampled := cfg.Accounts[:min(len(cfg.Accounts), sim.MaxSeries)]
	for i := range sampled {
		if h := sampled[i].History; h != nil {
			reach = max(reach, min(h.Reach(), cfg.Horizon))
		}
	}
	frame := sim.SeriesFrame(cfg.Horizon, len(cfg.Accounts))
	for n := int64(reach / frame); n > 0; n-- {
		t.Times = append(t.Times, -time.Duration(n)*frame)
	}
	if len(t.Times) == 0 {
		return measure.Table{}
	}
	for i := range sampled {
		if h := sampled[i].History; h != nil && h.Reach() > 0 {
			var columns [len(sim.PastMetrics)][]float64
			for _, r := range h.RatesAt(&cfg.Rules, t.Times) {
				values := [...]float64{r.Bounce.Final, r.Complaint.Final, float64(r.Bounce.Eligible), float64(r.Complaint.Eligible)}
				for k, v := range values {
					columns[k] = append(columns[k], v)
				}
			}
			for k, metric := range sim.PastMetrics {
				t.Columns = append(t.Columns, measure.Column{Account: sampled[i].Name, Metric: metric, Values: columns[k]})
			}
		}
	}
	return t
}
