package wording

import (
	"testing"

	"sesim/reports"
)

func TestDefaults(t *testing.T) {
	quota := func(account string) reports.Default {
		return reports.Default{Key: "account." + account + ".quota", Value: 50_000, Parameter: "prod.quota"}
	}
	rate := func(account string) reports.Default {
		return reports.Default{Key: "account." + account + ".rate", Value: 14, Parameter: "prod.rate"}
	}
	for _, c := range []struct {
		of   []reports.Default
		want string
	}{
		{nil, ""},
		{[]reports.Default{quota("acme")}, "quota 50,000 is our default: set account.acme.quota"},
		{[]reports.Default{quota("acme"), rate("acme")}, "quota 50,000 and rate 14 are our defaults: set account.acme.quota and account.acme.rate"},
		{[]reports.Default{rate("a"), rate("b"), rate("c")}, "rate 14 is our default: set account.a.rate, account.b.rate and 1 more key"},
		{
			[]reports.Default{quota("a"), rate("a"), quota("b"), rate("b")},
			"quota 50,000 and rate 14 are our defaults: set account.a.quota, account.a.rate and 2 more keys",
		},
	} {
		if got := Defaults(&reports.Summary{Defaults: c.of}); got != c.want {
			t.Errorf("%+v: %q, want %q", c.of, got, c.want)
		}
	}
}
