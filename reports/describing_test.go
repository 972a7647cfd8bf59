package reports_test

import (
	"strings"
	"testing"

	"sesim/reports"
)

// TestDescribing: what nobody wants, an exact number, and a range describe; the rest asks.
func TestDescribing(t *testing.T) {
	for _, c := range []struct{ kind, describes, asks string }{
		{"count", "acme.count.under-review == 1, acme.count.paused > 0, acme.refused.quota > 100_000, acme.hard_bounced >= 390",
			"acme.count.under-review == 0, acme.refused == 0, acme.given_up < 10, acme.count.healthy >= 1, acme.accepted >= 100"},
		{"count", "acme.accepted == 212, acme.accepted == 0, acme.accepted < 5, acme.count.healthy == 0, acme.simulator == 25, acme.refused == 88",
			"acme.simulator < 25, acme.requests > 3, acme.count.requested >= 1"},
		{"count", "news.given_up > 6_000, news.given_up < 7_000", "acme.given_up < 7_000"},
		{"duration", "acme.time_to.paused <= 30m, acme.time_to.under-review < 1h, acme.time_to.healthy > 20d",
			"acme.time_to.paused > 30m, acme.time_to.healthy < 22d, news.campaign_time.max < 2h, news.delay.p99 < 10s"},
		{"share", "acme.bounce_rate.max > 5%, high.complaint_rate.max != 0.1%", "acme.bounce_rate.max < 5%, acme.complaint_rate.max < 0.1%"},
	} {
		var list []reports.Threshold
		var want []bool
		for i, group := range []string{c.describes, c.asks} {
			for text := range strings.SplitSeq(group, ", ") {
				list = append(list, reports.Threshold{Expression: text, Kind: c.kind})
				want = append(want, i == 0)
			}
		}
		// One at a time, where no other one bounds the same figure.
		for i := range list {
			got := reports.Describing(list[i : i+1])[0]
			if strings.HasPrefix(c.describes, "news.given_up") {
				got = reports.Describing(list)[i]
			}
			if got != want[i] {
				t.Errorf("%s describes: %t", list[i].Expression, got)
			}
		}
	}
}
