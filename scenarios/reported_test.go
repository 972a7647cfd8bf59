package scenarios_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sesim/scenarios"
	"sesim/sim"
	"sesim/sim/engine"
	"sesim/sim/unit"
)

// reported are scenarios of people who tried the model and were misled, and
// what must become of their first account. The last line of each answer holds
// the bounce rate at the end and the highest one.
var reported = []struct{ name, text, want string }{
	{
		name: "a burst of dead addresses that is 0.3% of a day's mail",
		text: `
horizon = "2d"
[[account]]
name = "a"
access = "production"
quota = 2_000_000
rate = 100
identities = ["a.example"]
[[audience]]
name = "good"
size = 1_000_000
[[audience]]
name = "dead"
size = 3000
invalid = "100%"
[[sender]]
name = "news"
account = "a"
from = "news@a.example"
audience = "good"
traffic = { kind = "constant", rate = "1000000/d" }
[[sender]]
name = "burst"
account = "a"
from = "burst@a.example"
audience = "dead"
traffic = { kind = "campaign", pace = "50/s" }
begin = "1d"
`,
		want: "HEALTHY, 2003000 accepted; bounces 2993 of 1003000, at most 0.298%",
	},
}

// TestReported plays the scenarios.
func TestReported(t *testing.T) {
	for _, c := range reported {
		t.Run(c.name, func(t *testing.T) {
			cfg, err := scenarios.Load("reported.toml", []byte("name = \"reported\"\nstart = 2026-01-05T00:00:00Z\n"+c.text))
			if err != nil {
				t.Fatal(err)
			}
			result, err := engine.Run(*cfg, sim.Hooks{})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(strings.Split(strings.TrimSpace(c.want), "\n"), strings.Split(became(&result.Accounts[0]), "\n")); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// became writes an account's timeline and how it ends.
func became(a *sim.AccountResult) string {
	var b strings.Builder
	for _, line := range a.Timeline {
		fmt.Fprintf(&b, "%s %s [%s] %s\n", unit.FormatDuration(line.At), line.Event, line.Rule, line.Why)
	}
	fmt.Fprintf(&b, "%s, %d accepted; bounces %d of %d, at most %.3f%%", a.Enforcement, a.Counts.Accepted, a.Bounce.Events, a.Bounce.Eligible, 100*a.Bounce.Max)
	return b.String()
}
