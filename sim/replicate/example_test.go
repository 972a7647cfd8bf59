package replicate_test

import (
	"context"
	"fmt"
	"time"

	"sesim/sim"
	"sesim/sim/replicate"
	"sesim/sim/rules"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// How many messages a day come at 20 an hour, on average and as a median; and
// how probable a day with more than 500 is. The truth is 480, 480 and 17%.
func ExampleRun() {
	set, err := rules.Edition("current")
	if err != nil {
		fmt.Println(err)
		return
	}
	cfg := sim.Config{
		Horizon: 24 * time.Hour, Seed: 1, Rules: set,
		Accounts: []sim.Account{{
			Name: "acme", Region: "us-east-1", Access: ses.Production, Quota: 50_000, Rate: 14, Identities: []string{"acme.example"},
		}},
		Audiences: []sim.Audience{{Name: "people", Size: 1000, Domain: "people.example", Local: "p-"}},
		Senders: []sim.Sender{{
			Name: "mail", From: "a@acme.example", Recipients: 1,
			Traffic: sim.Traffic{Kind: sim.Poisson, Rate: unit.Rate{N: 20, Per: time.Hour}},
		}},
	}
	var messages []float64
	many := 0
	err = replicate.Run(context.Background(), cfg, 0, 100, 2, func(_ int, r *sim.Result) error {
		value, _ := r.Value(&cfg, "mail.messages")
		messages = append(messages, value)
		if value > 500 {
			many++
		}
		return nil
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, of := range []replicate.Interval{
		replicate.Mean(messages, 0.95), replicate.Median(messages, 0.95), replicate.Proportion(many, len(messages), 0.95),
	} {
		fmt.Printf("%.4g (%.4g to %.4g, %s)\n", of.Value, of.Low, of.High, of.Method)
	}
	// Output:
	// 478.5 (474 to 483, Student's t)
	// 477 (471.8 to 483, order statistics, interpolated)
	// 0.17 (0.1089 to 0.2555, Wilson)
}
