package forecast_test

import (
	"testing"
	"time"

	"sesim/scenarios"
	"sesim/sim"
	"sesim/sim/unit"
)

// TestClients compares the calls of programs as they are known, for a campaign that is
// due as a whole and for mail above the account's rate.
func TestClients(t *testing.T) {
	for _, name := range []string{
		"listmonk", "nodemailer", "nodemailer-pool", "boto3-legacy", "aws-sdk-2026", "adaptive", "java2", "php-legacy",
		"sidekiq", "celery", "laravel", "django-ses", "mautic5", "postal", "postfix", "guava", "script",
	} {
		p, ok := scenarios.PresetNamed(name)
		if !ok {
			t.Fatalf("there is no preset %s", name)
		}
		for traffic, of := range map[string]sim.Traffic{
			"campaign":       {Kind: sim.Campaign, Whole: true, Rate: unit.Rate{N: 1, Per: time.Second}},
			"above the rate": {Kind: sim.Poisson, Rate: unit.Rate{N: 20, Per: time.Second}},
		} {
			t.Run(name+", "+traffic, func(t *testing.T) {
				c := scenario()
				c.Horizon, c.Audiences[0].Size = 30*time.Minute, 5000
				c.Clients = []sim.Client{{Name: name, Config: p.Client}}
				c.Senders[0].Client, c.Senders[0].Traffic = 1, of
				check(t, c)
			})
		}
	}
}
