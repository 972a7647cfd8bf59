package scenarios

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"sesim/sim"
)

// What a scenario, an override, a sweep or an edition says of the rules is the user's
// word; what nobody says of an account in production is filled in.
func TestGiven(t *testing.T) {
	const text = `
name = "given"
horizon = "1d"
edition = "guide-2022"
[rules]
review.length = "21d"
"rep.min_eligible" = 500
retry.schedule.first = "1m"
[[account]]
name = "acme"
access = "production"
quota = 1000
[[account]]
name = "shop"
access = "production"
[[account]]
name = "trial"
`
	cfg, err := Load("x.toml", []byte(text), set("rules.pause.immediate_factor", "never"))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"account.overrides_global", "account.reason_match", "pause.immediate_factor", "rep.min_eligible", "retry.schedule",
		"review.length", "sandbox.blocked_ops",
	}
	if diff := cmp.Diff(want, cfg.GivenRules()); diff != "" {
		t.Errorf("given (-want +got):\n%s", diff)
	}
	filled := []sim.Filled{
		{Key: "account.acme.rate", Value: 14, Parameter: "prod.rate"},
		{Key: "account.shop.quota", Value: 50_000, Parameter: "prod.quota"},
		{Key: "account.shop.rate", Value: 14, Parameter: "prod.rate"},
	}
	if diff := cmp.Diff(filled, cfg.Defaults()); diff != "" {
		t.Errorf("filled in (-want +got):\n%s", diff)
	}
	cfg, err = Load("x.toml", []byte(text), set("rules.prod.rate", "14"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(filled[1:2], cfg.Defaults()); diff != "" {
		t.Errorf("filled in with rules.prod.rate = 14 (-want +got):\n%s", diff)
	}
	s := studyOf(t, text+"\n[sweep]\n\"rules.review.end_rule\" = [\"pause\", \"healthy\"]\n")
	cell, _, err := s.Load(1)
	if err != nil {
		t.Fatal(err)
	}
	want = []string{
		"account.overrides_global", "account.reason_match", "rep.min_eligible", "retry.schedule", "review.end_rule", "review.length",
		"sandbox.blocked_ops",
	}
	if diff := cmp.Diff(want, cell.GivenRules()); diff != "" {
		t.Errorf("given in a cell (-want +got):\n%s", diff)
	}
}
