package wording_test

import (
	"testing"

	"sesim/reports"
	"sesim/reports/wording"
)

// TestCrowd has many accounts that send alike, of which one is paused, one
// under review, one near a review, and one has mail refused.
func TestCrowd(t *testing.T) {
	r := &reports.Report{}
	r.Summary.Reputation.BounceRate.Review, r.Summary.Reputation.ComplaintRate.Review = 0.05, 0.001
	for range 32 {
		a := reports.Account{Enforcement: "HEALTHY", Mail: reports.Mail{
			Due: 1000, Recipients: 1000, Accepted: 1000, Delivered: 980, HardBounced: 10, SuppressedGlobal: 10,
		}}
		a.BounceRate.Max = 0.01
		r.Summary.Accounts = append(r.Summary.Accounts, a)
	}
	r.Summary.Accounts[3].Enforcement = "PROBATION"
	r.Summary.Accounts[5].ComplaintRate.Max = 0.0009
	r.Summary.Accounts[8].Enforcement = "SHUTDOWN"
	a := &r.Summary.Accounts[11]
	a.Refused.Quota, a.GivenUp, a.Accepted, a.Delivered = 600, 600, 400, 380
	got := wording.Ranked(r)
	for place, want := range []int{8, 3, 5, 11, 0} {
		if got[place] != want {
			t.Fatalf("the accounts rank as %v, want 8, 3, 5, 11, 0 first", got)
		}
	}
	want := "32 accounts together: 32,000 recipients due, 1.88% given up, 1.88% of 32,000 attempts refused; of the accepted 98% delivered, 1.02% hard bounced, " +
		"1.02% on the global list; at the end 30 healthy, 1 under review, 1 paused"
	if got := wording.Together(r); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	r.Summary.Accounts = r.Summary.Accounts[:30]
	if got := wording.Together(r); got != "" {
		t.Errorf("of thirty accounts: %s", got)
	}
}
