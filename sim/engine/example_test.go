package engine_test

import (
	"fmt"
	"time"

	"sesim/sim"
	"sesim/sim/engine"
	"sesim/sim/rules"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// A sandbox takes 200 recipients in any 24 hours: the 201st is refused, and
// the first place is free again a day after the first send, to the moment.
func ExampleRun() {
	set, err := rules.Edition("current")
	if err != nil {
		fmt.Println(err)
		return
	}
	result, err := engine.Run(sim.Config{
		Horizon:   25 * time.Hour,
		Seed:      1,
		Rules:     set,
		Accounts:  []sim.Account{{Name: "acme", Region: "us-east-1", Quota: 200, Rate: 1, Identities: []string{"acme.example"}}},
		Audiences: []sim.Audience{{Name: "staff", Size: 50, Domain: "acme.example", Local: "staff-"}},
		Senders: []sim.Sender{{
			Name: "alerts", From: "alerts@acme.example", Recipients: 1,
			Traffic: sim.Traffic{Kind: sim.Constant, Rate: unit.Rate{N: 1, Per: 5 * time.Minute}},
		}},
	}, sim.Hooks{})
	if err != nil {
		fmt.Println(err)
		return
	}
	acme := result.Accounts[0]
	fmt.Println("accepted:", acme.Accepted)
	fmt.Println("refused by quota:", acme.Refused[ses.RefusedQuota])
	fmt.Println("first refusal:", acme.Refusals[0].At, acme.Refusals[0].Error)
	// Output:
	// accepted: 212
	// refused by quota: 88
	// first refusal: 16h40m0s 429 TooManyRequestsException: Daily message quota exceeded.
}
