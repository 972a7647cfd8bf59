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

// TestBefore names three accounts at most.
func TestBefore(t *testing.T) {
	var list []reports.Before
	for _, c := range []struct{ name, want string }{
		{"", ""},
		{"acme", "Before the start: acme (nothing that counts)"},
		{"beta", "Before the start: acme (nothing that counts); beta (nothing that counts)"},
		{"gamma", "Before the start: acme (nothing that counts); beta (nothing that counts); gamma (nothing that counts)"},
		{"delta", "Before the start: acme (nothing that counts); beta (nothing that counts); gamma (nothing that counts); 1 more"},
	} {
		if c.name != "" {
			list = append(list, reports.Before{Account: c.name, History: &reports.History{Status: reports.StateHealthy}})
		}
		if got := Before(list); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

// TestGiven says what runs have in place of what is not known exactly.
func TestGiven(t *testing.T) {
	before := []reports.Before{{Account: "acme", History: &reports.History{Status: reports.StateHealthy}}}
	for _, c := range []struct {
		draws Draws
		drawn bool
		want  string
	}{
		{Means, false, "at their means in this run"}, {Means, true, "drawn for this run"},
		{AllMeans, false, "at their means in all runs"}, {AllMeans, true, "drawn in each of the runs"}, {EachRun, false, "drawn in each of the runs"},
	} {
		got := Given(before, []reports.Uncertain{{Key: "audience.a.invalid", Value: "3%", Distribution: "beta = [3, 97]", Drawn: c.drawn}}, c.draws)
		want := "Not known exactly, and " + c.want + ": audience.a.invalid 3%, { beta = [3, 97] }."
		if len(got) != 2 || got[0] != "Before the start: acme (nothing that counts)." || got[1] != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got := Given(nil, nil, Means); len(got) != 0 {
		t.Errorf("of nothing: %q", got)
	}
}
