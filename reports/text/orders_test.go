package text

import (
	"strings"
	"testing"
	"time"

	"sesim/reports"
	"sesim/reports/internal/reporttest"
	"sesim/sim/ses"
)

// TestOrders writes what comes of each order of the mail before the start.
func TestOrders(t *testing.T) {
	r := reporttest.New(t, 1)
	days := func(n int64) reports.Seconds { return reports.Seconds(n * int64(24*time.Hour)) }
	first := &reports.Transition{At: r.Summary.Start.Add(16 * 24 * time.Hour), Event: ses.EventHealthy}
	none := &reports.RateBelow{}
	r.Summary.HistoryOrders = []reports.HistoryOrder{
		{Order: "even", Verdicts: []string{"pass", "fail"}, Accounts: []reports.OrderAccount{
			{Account: "acme", BounceBelow: &reports.RateBelow{Seconds: days(13), Mails: 3900}, ComplaintBelow: none, First: first},
		}},
		{Order: "oldest", Accounts: []reports.OrderAccount{{Account: "acme", BounceBelow: none, ComplaintBelow: nil}}},
	}
	var b strings.Builder
	if err := Write(&b, r, Style{Columns: 200}); err != nil {
		t.Fatal(err)
	}
	const want = `When the bad mail before the start was sent is not known; all other figures take it as even.
  even    acme bounce rate below the review threshold after 13 d and 3,900 mails, healthy on day 16; 1 of 2 thresholds pass
  oldest  acme bounce rate below the review threshold from the start, complaint rate not below the review threshold by the end
`
	if !strings.Contains(b.String(), want) {
		t.Errorf("%s\nwant in it:\n%s", b.String(), want)
	}
}
