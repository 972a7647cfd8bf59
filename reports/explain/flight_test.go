package explain_test

import (
	"strings"
	"testing"
	"time"

	"sesim/reports/explain"
	"sesim/sim"
	"sesim/sim/engine"
	"sesim/sim/rules"
	"sesim/sim/sender"
	"sesim/sim/unit"
)

// TestInFlight: the mail in flight at a moment is what a run that ends there counts, for each
// account; with an address or a later start it is that part.
func TestInFlight(t *testing.T) {
	cfg := several(t)
	for i := range cfg.Audiences {
		cfg.Audiences[i].MailboxFull = unit.Whole / 4
		cfg.Senders[i].Recipients, cfg.Senders[i].Pick = 3, sender.Uniform
	}
	ask := func(q explain.Query) *explain.Explanation {
		t.Helper()
		q.Most = 1 << 20
		e, err := explain.Replay(engine.Run, cfg, q)
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	seen := int64(0)
	for at := time.Hour; at <= cfg.Horizon; at += 5 * time.Hour / 2 {
		short := cfg
		short.Horizon = min(at+1, cfg.Horizon)
		result, err := engine.Run(short, sim.Hooks{})
		if err != nil {
			t.Fatal(err)
		}
		for i := range cfg.Accounts {
			e := ask(explain.Query{At: at, Account: cfg.Accounts[i].Name, InFlight: true})
			sum := int64(0)
			for _, x := range e.Entries {
				sum += max(x.Count, 1)
				if x.Address == "" {
					t.Errorf("%s: an entry without its address: %+v", at, x)
				}
			}
			if want := result.Accounts[i].InFlight; e.Matched != want || sum != want {
				t.Errorf("%s, account %d: %d in flight, in %d entries, want %d", at, i, e.Matched, sum, want)
			}
			seen += e.Matched
		}
	}
	if seen < 100 {
		t.Errorf("only %d were in flight", seen)
	}
	all := ask(explain.Query{At: cfg.Horizon, InFlight: true})
	late := ask(explain.Query{At: cfg.Horizon, From: cfg.Horizon - time.Hour, InFlight: true})
	one := ask(explain.Query{At: cfg.Horizon, Address: all.Entries[0].Address, InFlight: true})
	if late.Matched == 0 || late.Matched >= all.Matched || one.Matched == 0 || one.Matched >= all.Matched {
		t.Errorf("%d in flight, %d since half the time, %d to one address", all.Matched, late.Matched, one.Matched)
	}
}

// TestInFlightWords: mail in flight is told with its latest failed attempt, or the call.
func TestInFlightWords(t *testing.T) {
	cfg := refusing(t)
	cfg.Audiences[0].Size = 1
	told := func() explain.Entry {
		t.Helper()
		e, err := explain.Replay(engine.Run, cfg, explain.Query{At: 30 * time.Minute, InFlight: true})
		if err != nil || len(e.Entries) == 0 {
			t.Fatal(e, err)
		}
		return e.Entries[0]
	}
	words := func(e explain.Entry) string { return e.Clock + ": " + e.What + ": " + strings.Join(e.Figures, "; ") }
	cfg.Audiences[0].MailboxFull = unit.Whole
	want := "day 0, 00:15:21: soft bounce (Transient/MailboxFull); SES will retry: accepted day 0, 00:00; next attempt day 0, 00:33:45; gives up day 0, 14:00"
	if got := words(told()); got != want {
		t.Errorf("after a failed attempt: got %q, want %q", got, want)
	}
	cfg.Audiences[0].MailboxFull, cfg.Rules.Delay.Delivery = 0, rules.Spread{Median: time.Hour, Upper: time.Hour}
	want = "day 0, 00:00: accepted, in flight: no outcome up to day 0, 00:30"
	if got := words(told()); got != want {
		t.Errorf("before any attempt: got %q, want %q", got, want)
	}
}
