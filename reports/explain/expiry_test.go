package explain_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sesim/reports/explain"
	"sesim/sim"
	"sesim/sim/engine"
	"sesim/sim/unit"
)

// Mail to full mailboxes, through a configuration set that gives SES a quarter
// of an hour and without one: when SES gives up, and which rule says so.
func TestExpiry(t *testing.T) {
	cfg := refusing(t)
	cfg.Horizon, cfg.Accounts[0].Quota, cfg.Audiences[0].MailboxFull = 24*time.Hour, -1, unit.Whole
	cfg.Accounts[0].Sets = []sim.ConfigurationSet{{Name: "short", MaxDelivery: 15 * time.Minute}}
	for set, want := range map[int][]explain.Entry{
		0: {
			{Moment: explain.Moment{Clock: "day 0, 14:00"}, What: "soft bounce (Transient/MailboxFull), published", Rule: "bounce.soft",
				Figures: []string{"accepted day 0, 00:00", "counts towards no rate"}},
		},
		1: {
			{Moment: explain.Moment{Clock: "day 0, 00:15"}, What: "soft bounce (Transient/CustomTimeoutExceeded), published", Rule: "bounce.max-delivery",
				Figures: []string{"accepted day 0, 00:00", "the configuration set allows 15 min for delivery", "the attempts failed with Transient/MailboxFull", "counts towards no rate"}},
		},
	} {
		cfg.Senders[0].Set, cfg.Senders[0].End = set, time.Minute
		e, err := explain.Replay(engine.Run, cfg, explain.Query{At: 24*time.Hour - 1, Most: 100, Only: []sim.RecordKind{sim.SoftBounced}})
		if err != nil {
			t.Fatal(err)
		}
		var got []explain.Entry
		for _, x := range e.Entries {
			got = append(got, explain.Entry{Moment: explain.Moment{Clock: x.Clock}, What: x.What, Rule: x.Rule, Figures: x.Figures})
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("set %d (-want +got):\n%s", set, diff)
		}
		first, err := explain.Replay(engine.Run, cfg, explain.Query{At: time.Minute, Message: 1, Only: []sim.RecordKind{sim.Delayed}})
		if err != nil || len(first.Entries) != 1 {
			t.Fatalf("%d delays, %v", len(first.Entries), err)
		}
		if got, want := first.Entries[0].Figures[2], []string{"gives up day 0, 14:00", "gives up day 0, 00:15"}[set]; got != want {
			t.Errorf("set %d: %q, want %q", set, got, want)
		}
	}
}
