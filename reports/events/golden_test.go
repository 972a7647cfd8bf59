package events_test

import (
	"testing"
	"time"

	"sesim/reports/events"
	"sesim/reports/internal/reporttest"
	"sesim/sim"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// tiny is a run of a few lines: one message to three people of whom one does
// not exist and all others complain, the same message a day later, and one to
// the mailbox simulator from a sandbox whose next call is refused.
func tiny(t *testing.T) *sim.Config {
	cfg := config(t)
	cfg.Rules.Delay.AsyncShare, cfg.Rules.Mail.NoEmailShare = 0, 0
	cfg.Horizon = 30 * hour
	cfg.Audiences = []sim.Audience{
		{Name: "people", Size: 3, Addresses: []string{"ann@one.example", "bob@two.example", "cid@one.example"},
			Invalid: unit.Whole / 3, Complaint: unit.Whole, FeedbackLoop: unit.Whole},
		{Name: "simulator", Size: 2, Domain: ses.SimulatorDomain, Local: "bounce+"},
	}
	retry := sim.Retry{First: time.Second, Factor: 1000, Cap: time.Second, Attempts: 1}
	retry.On[ses.RefusedRate] = true
	cfg.Senders = []sim.Sender{
		{Name: "newsletter", From: "news@acme.example", Recipients: 3, Set: 1, Traffic: campaign(day)},
		{Name: "probe", Account: 2, Audience: 1, From: "probe@box.example", Interface: sim.SMTP, Recipients: 1, Retry: retry,
			Traffic: sim.Traffic{Kind: sim.Constant, Rate: unit.Rate{N: 2, Per: time.Second}}, Begin: minute, End: minute + time.Second},
	}
	return cfg
}

// TestGolden compares the streams of a tiny run with those that were reviewed.
func TestGolden(t *testing.T) {
	for _, style := range []events.Style{events.EventPublishing, events.Notification} {
		records, refusals := run(t, tiny(t), style)
		reporttest.Golden(t, style.String()+".jsonl", records)
		reporttest.Golden(t, "refusals.jsonl", refusals)
	}
}
