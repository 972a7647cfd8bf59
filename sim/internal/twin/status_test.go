package twin_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"sesim/scenarios"
	"sesim/sim"
	"sesim/sim/engine"
	"sesim/sim/internal/twin"
	"sesim/sim/ses"
)

// announced is a scenario in which every mail bounces. A pause for that is
// announced after an hour, while the account is healthy, and takes effect five
// hours later. In between something other than a rate comes to AWS's notice.
const announced = `
version = 1
name = "announced"
question = "Which rate is the pause for?"
horizon = "8h"

[rules]
rep.eval_interval = "1h"
rep.min_eligible = 1
rep.min_events = { bounces = 1, complaints = 1 }
pause.notice = "5h"

[[account]]
name = "acme"
access = "production"
quota = 1000
rate = 10
identities = ["acme.example"]

[[audience]]
name = "gone"
size = 1000
invalid = "100%"

[[sender]]
name = "news"
account = "acme"
audience = "gone"
from = "news@acme.example"
traffic = { kind = "constant", rate = "6/h" }

[[action]]
at = "2h"
do = "trigger"
account = "acme"
cause = "spamtrap"
effect = "EFFECT"
`

// TestStatusesOfRates holds the rates' own statuses in both models against the
// guide's words. That the models agree would not show that both are right.
func TestStatusesOfRates(t *testing.T) {
	const healthy, pending, paused = ses.StatusHealthy, ses.StatusPendingPause, ses.StatusSendingPause
	t.Run("pause.pending", func(t *testing.T) {
		for _, effect := range []string{"review", "pause"} {
			for _, c := range []struct {
				end    time.Duration
				bounce ses.Status
			}{
				{time.Hour, healthy}, // the evaluation comes with the end, and decides nothing
				{time.Hour + 1, pending},
				{2*time.Hour + 1, pending},
				{6 * time.Hour, pending},
				{6*time.Hour + 1, paused},
			} {
				want := [2]ses.Status{c.bounce, healthy}
				if first, second := rateStatuses(t, effect, c.end); first != want || second != want {
					t.Errorf("a trigger for a %s, at %s: sim %q, twin %q; want %q", effect, c.end, first, second, want)
				}
			}
		}
	})
}

// rateStatuses returns the statuses of the bounce rate and the complaint rate
// in both models when the announced scenario ends at end.
func rateStatuses(t *testing.T, effect string, end time.Duration) (first, second [2]ses.Status) {
	t.Helper()
	cfg, err := scenarios.Load("announced.toml", []byte(strings.Replace(announced, "EFFECT", effect, 1)))
	if err != nil {
		t.Fatal(err)
	}
	cfg.Horizon = end
	cfg.Actions = slices.DeleteFunc(cfg.Actions, func(a sim.Action) bool { return a.At >= end })
	res, err := engine.Run(*cfg, sim.Hooks{})
	if err != nil {
		t.Fatal(err)
	}
	a, b := &res.Accounts[0], &twin.Run(*cfg).Accounts[0]
	return [2]ses.Status{a.BounceStatus, a.ComplaintStatus}, [2]ses.Status{b.BounceStatus, b.ComplaintStatus}
}
