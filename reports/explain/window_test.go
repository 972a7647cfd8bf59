package explain_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sesim/reports/explain"
	"sesim/sim"
	"sesim/sim/engine"
	"sesim/sim/rules"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// refusing is an account that sends twelve mails an hour on a quota of three.
func refusing(t *testing.T) sim.Config {
	t.Helper()
	current, err := rules.Edition("current")
	if err != nil {
		t.Fatal(err)
	}
	return sim.Config{
		Name: "w", Start: time.Unix(0, 0).UTC(), Horizon: 2 * time.Hour, Seed: 1, Rules: current,
		Accounts:  []sim.Account{{Name: "a", Quota: 3, Rate: 14, Access: 1, Identities: []string{"a.example"}}},
		Audiences: []sim.Audience{{Name: "p", Size: 100, Domain: "p.example", Local: "p-"}},
		Senders: []sim.Sender{{Name: "s", From: "x@a.example", Recipients: 1,
			Traffic: sim.Traffic{Rate: unit.Rate{N: 12, Per: time.Hour}}}},
	}
}

// A window, kinds and pages pick from the same entries that the whole answer
// has.
func TestWindow(t *testing.T) {
	ask := func(q explain.Query) *explain.Explanation {
		t.Helper()
		q.At = 2*time.Hour - 1
		e, err := explain.Replay(engine.Run, refusing(t), q)
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	all := ask(explain.Query{Most: 1000, Only: []sim.RecordKind{sim.Refused}})
	if all.Matched != 21 || len(all.Entries) != 21 {
		t.Fatalf("%d of %d entries, want 21 refusals", len(all.Entries), all.Matched)
	}
	if none := ask(explain.Query{Only: []sim.RecordKind{sim.Changed}}); none.Matched != 0 {
		t.Errorf("%d changes of state, want none", none.Matched)
	}
	for reason, want := range map[string]int64{"quota": 21, "rate": 0} {
		if e := ask(explain.Query{Reason: reason}); e.Matched != want {
			t.Errorf("%d refused for %s, want %d", e.Matched, reason, want)
		}
	}
	hour := ask(explain.Query{Most: 1000, From: time.Hour})
	if diff := cmp.Diff(all.Entries[9:], hour.Entries); diff != "" {
		t.Errorf("the second hour (-want +got):\n%s", diff)
	}
	for skip, want := range map[int][]explain.Entry{0: all.Entries[16:], 5: all.Entries[11:16], 19: all.Entries[:2], 21: {}, 30: {}} {
		page := ask(explain.Query{Most: 5, Skip: skip})
		if diff := cmp.Diff(want, page.Entries); diff != "" || page.Matched != 21 {
			t.Errorf("without the latest %d (-want +got):\n%s", skip, diff)
		}
	}
}

// Refusals that are alike are one entry: the last of them, with their count and
// the first. A query for a message asks for its history, and has them all.
func TestTogether(t *testing.T) {
	ask := func(q explain.Query) *explain.Explanation {
		t.Helper()
		q.At = 2*time.Hour - 1
		e, err := explain.Replay(engine.Run, refusing(t), q)
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	all := ask(explain.Query{Most: 1000})
	last := all.Entries[20]
	last.Count, last.First = 21, &all.Entries[0].Moment
	one := ask(explain.Query{Together: true})
	if diff := cmp.Diff([]explain.Entry{last}, one.Entries); diff != "" || one.Matched != 21 || one.Of != 1 || all.Of != 21 {
		t.Errorf("%d entries of %d records (-want +got):\n%s", one.Of, one.Matched, diff)
	}
	if two := ask(explain.Query{Together: true, From: 2*time.Hour - 10*time.Minute}); two.Entries[0].Count != 2 || two.Matched != 2 {
		t.Errorf("two records are %+v", two.Entries)
	}
	single := ask(explain.Query{Together: true, From: 2*time.Hour - 5*time.Minute})
	if diff := cmp.Diff(all.Entries[20:], single.Entries); diff != "" {
		t.Errorf("a single one (-want +got):\n%s", diff)
	}
	history := ask(explain.Query{Together: true, Message: 20})
	if diff := cmp.Diff(ask(explain.Query{Message: 20}), history); diff != "" || history.Of != history.Matched {
		t.Errorf("the history of a message (-want +got):\n%s", diff)
	}
}

// What decided a refusal by the quota names the steps in which the window
// counts, and when the oldest of them leaves.
func TestQuotaInSteps(t *testing.T) {
	for step, want := range map[time.Duration][]string{
		0:                {"3 of 3 recipients used in the last 24 hours; the oldest leave the window at day 1, 00:02", "token bucket at 14, refilled with 14 a second"},
		30 * time.Minute: {"3 of 3 recipients used in the last 24 hours; the oldest leave the window at day 1, 00:00", "the quota counts in steps of 30m", "token bucket at 14, refilled with 14 a second"},
	} {
		cfg := refusing(t)
		cfg.Senders[0].Begin = 2 * time.Minute
		cfg.Rules.Quota.Granularity = step
		e, err := explain.Replay(engine.Run, cfg, explain.Query{At: time.Hour, Only: []sim.RecordKind{sim.Refused}})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, e.Entries[0].Figures); diff != "" {
			t.Errorf("steps of %v (-want +got):\n%s", step, diff)
		}
	}
}

// counter counts what it sees.
type counter int

func (c *counter) Observe(*sim.Record) { *c++ }

func TestReplayWithObserver(t *testing.T) {
	var seen counter
	if _, err := explain.ReplayWith(engine.Run, refusing(t), explain.Query{At: time.Hour}, sim.Hooks{Observer: &seen}); err != nil {
		t.Fatal(err)
	}
	if seen < 13 {
		t.Errorf("the caller's observer saw %d records, want those of 13 calls and more", seen)
	}
}

// The horizon is the last moment that can be asked for: all that happened, and
// nothing more.
func TestAtTheHorizon(t *testing.T) {
	whole, err := engine.Run(refusing(t), sim.Hooks{})
	if err != nil {
		t.Fatal(err)
	}
	e, err := explain.Replay(engine.Run, refusing(t), explain.Query{At: 2 * time.Hour, Only: []sim.RecordKind{sim.Refused}})
	if err != nil {
		t.Fatal(err)
	}
	if refused := whole.Accounts[0].Refused[ses.RefusedQuota]; e.Matched != 21 || refused != 21 {
		t.Errorf("%d refusals are explained, the run has %d, want 21", e.Matched, refused)
	}
	if _, err := explain.Replay(engine.Run, refusing(t), explain.Query{At: 2*time.Hour + 1}); !errors.Is(err, explain.ErrQuery) {
		t.Errorf("a moment after the horizon gives %v", err)
	}
}
