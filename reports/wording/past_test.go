package wording

import (
	"testing"
	"time"

	"sesim/reports"
)

// TestPast says what accounts bring along.
func TestPast(t *testing.T) {
	rate := 0.0587
	day := reports.Seconds(24 * time.Hour)
	for _, c := range []struct {
		h    reports.History
		want string
	}{
		{reports.History{Status: reports.StateHealthy}, "nothing that counts"},
		{reports.History{Status: reports.StatePaused, SinceSeconds: 3 * day, Listed: reports.HistoryListed{Complaint: 1}},
			"paused for 3 d, 1 entry on the account's list"},
		{reports.History{Status: reports.StateReview, Eligible: 10_000, ReachSeconds: 60 * day, BounceRate: &rate, Used24h: 171},
			"10,000 eligible over 60 d, bounce rate 5.87%, 171 in the last 24 hours, under review for 0 s"},
	} {
		if got := Past(&c.h); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}
