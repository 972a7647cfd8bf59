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
// what must become of their first account; see became.
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
		want: "HEALTHY, 2003000 accepted, bounces 2993 of 1003000, at most 0.298%; 2993 listed",
	},
	{
		name: "a bounce at a verified address",
		text: `
horizon = "2h"
[rules]
bounce.async_share = 0
[[account]]
name = "a"
access = "production"
identities = ["a.example", "v@b.example"]
[[audience]]
name = "v"
addresses = ["v@b.example"]
invalid = "100%"
[[sender]]
name = "s"
account = "a"
from = "x@a.example"
audience = "v"
traffic = { kind = "constant", rate = "1/h" }
begin = "1m"
`,
		want: "HEALTHY, 1 accepted, bounces 0 of 0, at most 0.000%; 1 listed",
	},
	{
		name: "nothing but dead addresses, whose bounces come later than their mail is counted",
		text: `
horizon = "12d"
[rules]
pause.bounce_rate = 1
pause.immediate_factor = "never"
review.bounce_rate = 1
rep.window_days = "off"
[[account]]
name = "a"
access = "production"
suppression = []
identities = ["a.example"]
[[audience]]
name = "w"
size = 100_000
invalid = "100%"
[[sender]]
name = "s"
account = "a"
from = "x@a.example"
audience = "w"
traffic = { kind = "constant", rate = "5000/d" }
`,
		want: `
3d16h15m under-review [rep.review] bounce rate 100.00% over 10,000 eligible
PROBATION, 60000 accepted, bounces 9992 of 10000, at most 100.000%; 0 listed`,
	},
	{
		name: "a request after a denial",
		text: `
horizon = "10d"
[[account]]
name = "a"
identities = ["a.example"]
[[account.request]]
at = "0s"
after = "20h"
outcome = "denied"
[[account.request]]
at = "2d"
after = "10h"
` + hourly,
		want: `
0s requested [prod.request] TRANSACTIONAL
20h denied [prod.denied] AWS gives no reason
2d conflict [prod.after-denied] 409 ConflictException: the last request was denied
HEALTHY, 0 accepted, bounces 0 of 0, at most 0.000%; 0 listed; review DENIED of the request of 0s`,
	},
	{
		name: "the reply to AWS's questions, under review",
		text: `
horizon = "2d5h"
[[account]]
name = "a"
identities = ["a.example"]
[[account.request]]
at = "0s"
after = "20h"
outcome = "more-info"
[[account.request]]
at = "2d"
after = "10h"
website = "https://another.example"
` + hourly,
		want: `
0s requested [prod.request] TRANSACTIONAL
20h more-info [prod.more-info] AWS asks for more information; the next request is the reply
2d requested [prod.reply] reply to AWS's questions in the same case
HEALTHY, 0 accepted, bounces 0 of 0, at most 0.000%; 0 listed; review PENDING of the request of 0s`,
	},
	{
		name: "exactly 10% at the end of a review",
		text: `
horizon = "30d"
[rules]
bounce.async_share = 0
bounce.delay = "1s"
[[account]]
name = "a"
access = "production"
identities = ["a.example"]
[[audience]]
name = "good"
size = 900
[[audience]]
name = "bad"
size = 100
invalid = "100%"
[[sender]]
name = "s"
account = "a"
from = "x@a.example"
audience = "bad"
traffic = { kind = "campaign", pace = "7/s" }
[[sender]]
name = "t"
account = "a"
from = "x@a.example"
audience = "good"
traffic = { kind = "campaign", pace = "7/s" }
`,
		want: `
15m under-review [rep.review] bounce rate 10.00% over 1,000 eligible
21d15m review-extended [review.extended] end of review: bounce rate 10.00% over 1,000 eligible
PROBATION, 1000 accepted, bounces 100 of 1000, at most 10.000%; 100 listed`,
	},
	{
		name: "the customer's own pause of more than 90 days",
		text: `
horizon = "100d"
[[account]]
name = "a"
access = "production"
identities = ["a.example"]
[[audience]]
name = "w"
size = 10
[[action]]
at = "1h"
do = "import"
account = "a"
audience = "w"
[[action]]
at = "1d"
do = "pause"
account = "a"
[[action]]
at = "92d"
do = "resume"
account = "a"
`,
		want: `
1h imported [account.operations] 10 addresses put on the account's list
1d customer-paused [pause.customer] by the customer
92d customer-resumed [pause.customer] by the customer
HEALTHY, 0 accepted, bounces 0 of 0, at most 0.000%; 10 listed`,
	},
}

// hourly is a sender that writes to people whom its account has not verified.
const hourly = `
[[audience]]
name = "w"
[[sender]]
name = "s"
account = "a"
from = "x@a.example"
audience = "w"
traffic = { kind = "constant", rate = "1/h" }
`

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

// became writes an account's timeline and how it ends: its bounce rate at the end
// and the highest, the entries of its list, and the case that GetAccount shows.
func became(a *sim.AccountResult) string {
	var b strings.Builder
	for _, line := range a.Timeline {
		fmt.Fprintf(&b, "%s %s [%s] %s\n", unit.FormatDuration(line.At), line.Event, line.Rule, line.Why)
	}
	fmt.Fprintf(&b, "%s, %d accepted, bounces %d of %d, at most %.3f%%; %d listed",
		a.Enforcement, a.Counts.Accepted, a.Bounce.Events, a.Bounce.Eligible, 100*a.Bounce.Max, a.Listed)
	if a.Details != nil {
		fmt.Fprintf(&b, "; review %s of the request of %s", a.Described.Review, unit.FormatDuration(a.Details.At))
	}
	return b.String()
}
