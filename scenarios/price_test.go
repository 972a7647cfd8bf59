package scenarios

import (
	"strings"
	"testing"

	"sesim/sim"
)

// TestPrice reads prices, which are those of AWS's list where a key is left out, and
// rejects what is not an amount.
func TestPrice(t *testing.T) {
	with := func(price string) (*sim.Config, error) {
		src := strings.Replace(base, "[[audience]]", "[account.price]\n"+price+"\n[[audience]]", 1)
		doc, err := Read(nil, "x.toml", []byte(src))
		if err != nil {
			return nil, err
		}
		return doc.Config, nil
	}
	for text, want := range map[string]sim.Price{
		"": sim.ListPrice,
		"per_thousand = 0.16\nplan_month = 105\ndedicated_month = 24.95": {PerThousand: 160, PlanMonth: 105_000, DedicatedMonth: 24_950},
		"per_thousand = 0": {},
	} {
		if cfg, err := with(text); err != nil || cfg.Accounts[0].Price != want {
			t.Errorf("%q: %v, %+v", text, err, cfg)
		}
	}
	for _, text := range []string{"per_thousand = -1", `per_thousand = "0.16"`, "plan_month = 0.0001", "per_million = 5", "plan_month = 1e12"} {
		if _, err := with(text); err == nil || !strings.Contains(err.Error(), "account.acme.price.") {
			t.Errorf("%q: %v", text, err)
		}
	}
}
