package reports_test

import (
	"slices"
	"testing"

	"sesim/reports"
	"sesim/reports/internal/reporttest"
	"sesim/reports/wording"
	"sesim/sim/rules"
)

// What a run's decisions read is described once, with value, standing and range, and named
// by each decision.
func TestReads(t *testing.T) {
	cfg, res := reporttest.Run(1)
	if err := rules.Assign(&cfg.Rules, "review.length", "14d"); err != nil {
		t.Fatal(err)
	}
	cfg.OwnRules = []string{"review.length"}
	a := &res.Accounts[0]
	a.Timeline = a.Timeline[:1]
	a.Timeline[0].Reads = rules.NewReads(rules.ParamReviewLength, rules.ParamRepMinEligible, rules.ParamReviewBounceRate)
	a.Refusals[0].Reads = rules.NewReads(rules.ParamRepWindowEligible)
	r, err := reports.New(cfg, res, reports.Input{})
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, read := range r.Summary.Reads {
		texts = append(texts, wording.Read(&read))
	}
	want := []string{
		"global.delivery_resets false (assumed, false or true)",
		`global.durations ["1d", "2d", "4d", "8d", "14d"] (assumed, one of 5 settings)`,
		"global.strike_memory 90d (assumed, 14d to 365d or never)",
		"rep.min_eligible 1,000 (assumed, 0 to 10,000)", "rep.min_events { bounces = 20, complaints = 5 } (assumed, one of 11 settings)",
		"rep.window_eligible 10,000 (observed, 1,000 to 100,000)",
		"review.bounce_rate 5% (documented)", "review.length 14d (given)",
	}
	if !slices.Equal(texts, want) {
		t.Errorf("the run read\n%q, want\n%q", texts, want)
	}
	names := []string{"rep.min_eligible", "review.bounce_rate", "review.length"}
	if got := r.Summary.Accounts[0].Timeline[0].Reads; !slices.Equal(got, names) {
		t.Errorf("the transition reads %v, want %v", got, names)
	}
	if got := r.Summary.Accounts[0].Refusals[0].Reads; !slices.Equal(got, []string{"rep.window_eligible"}) {
		t.Errorf("the refusal reads %v", got)
	}
	here := r.Summary.ReadsNamed(names)
	if got := reports.Unpublished(here); len(got) != 1 || got[0].Name != "rep.min_eligible" {
		t.Errorf("%v is not published, want rep.min_eligible alone", got)
	}
	for _, c := range []struct{ rule, want string }{{"documented", "assumed"}, {"observed", "assumed"}, {"assumed", "assumed"}} {
		if got := reports.Weakest(c.rule, here); got != c.want {
			t.Errorf("the weakest of %s and assumed is %s", c.rule, got)
		}
	}
	if got := reports.Weakest("documented", here[1:]); got != "documented" {
		t.Errorf("a documented and a given value are %s", got)
	}
}
