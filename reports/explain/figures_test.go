package explain_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sesim/reports/explain"
	"sesim/sim"
	"sesim/sim/client"
	"sesim/sim/engine"
	"sesim/sim/rules"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// figures returns what decided the entries of a kind, up to a moment.
func figures(t *testing.T, cfg sim.Config, at time.Duration, kind sim.RecordKind) [][]string {
	t.Helper()
	e, err := explain.Replay(engine.Run, cfg, explain.Query{At: at, Most: 100, Only: []sim.RecordKind{kind}})
	if err != nil {
		t.Fatal(err)
	}
	var list [][]string
	for _, x := range e.Entries {
		list = append(list, x.Figures)
	}
	return list
}

// A bounce is told with the rate that it counts towards, or why with none, and
// with the lists that it puts its address on.
func TestBounceFigures(t *testing.T) {
	cfg := refusing(t)
	cfg.Audiences[0].Size, cfg.Audiences[0].Invalid = 1, unit.Whole
	cfg.Rules.Delay.Bounce, cfg.Rules.Delay.AsyncShare = rules.Spread{}, 0
	cfg.Accounts[0].Suppression = ses.ListBounce
	const strike, listed = "puts the address on the global list until day 1, 00:00, strike 1", "puts the address on the account-level list for BOUNCE"
	want := [][]string{{"accepted day 0, 00:00", "counts towards the bounce rate", strike, listed}}
	if diff := cmp.Diff(want, figures(t, cfg, time.Minute, sim.HardBounced)); diff != "" {
		t.Errorf("a domain of somebody else (-want +got):\n%s", diff)
	}
	cfg.Accounts[0].Identities = append(cfg.Accounts[0].Identities, "p.example")
	want[0][1] = "counts towards no rate: the account has verified the recipient"
	if diff := cmp.Diff(want, figures(t, cfg, time.Minute, sim.HardBounced)); diff != "" {
		t.Errorf("the account's own domain (-want +got):\n%s", diff)
	}
	cfg.Senders[0].Begin, cfg.Accounts[0].Suppression = time.Minute, 0
	other := cfg.Senders[0]
	other.Name, other.Begin = "first", 0
	cfg.Senders = append(cfg.Senders, other)
	want = [][]string{{"strike 1; on the list until day 1, 00:00, for another 23 h 59 min", "counts towards the quota and no rate: the account has verified the recipient"}}
	if diff := cmp.Diff(want, figures(t, cfg, time.Minute, sim.SuppressedGlobal)); diff != "" {
		t.Errorf("suppressed by the global list (-want +got):\n%s", diff)
	}
}

// A bounce of mail from before an accepted appeal counts no more.
func TestBounceBeforeAppeal(t *testing.T) {
	cfg := refusing(t)
	cfg.Audiences[0].Invalid = unit.Whole
	cfg.Rules.Delay.Bounce, cfg.Rules.Delay.AsyncShare = rules.Spread{Median: time.Hour, Upper: time.Hour}, 0
	cfg.Senders[0].End = time.Minute
	cfg.Actions = []sim.Action{
		{At: 10 * time.Minute, Do: sim.DoTrigger, Cause: "internal-review", Pauses: true},
		{At: 20 * time.Minute, Do: sim.DoAppeal, Accepted: true, After: 10 * time.Minute},
	}
	want := [][]string{{"accepted day 0, 00:00", "counts towards no rate: an appeal was accepted after the mail was sent",
		"puts the address on the global list until day 1, 01:00, strike 1"}}
	if diff := cmp.Diff(want, figures(t, cfg, 90*time.Minute, sim.HardBounced)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A call that a pause refuses is told with that pause, whatever happened to the
// account since.
func TestPauseFigures(t *testing.T) {
	cfg := refusing(t)
	cfg.Accounts[0].Quota = -1
	cfg.Accounts[0].Sets = []sim.ConfigurationSet{{Name: "off", Paused: true}, {Name: "on"}}
	for i, name := range []string{"through-off", "through-on"} {
		s := cfg.Senders[0]
		s.Name, s.Set = name, i+1
		cfg.Senders = append(cfg.Senders, s)
	}
	list := func(at time.Duration, number int64) sim.Action {
		return sim.Action{At: at, Do: sim.DoSuppress, Address: sim.Address{Number: number}, Reason: ses.ListBounce}
	}
	const minute = time.Minute
	cfg.Actions = []sim.Action{
		{At: 2 * minute, Do: sim.DoPause, Set: 2}, list(3*minute, 1),
		{At: 7 * minute, Do: sim.DoPause}, list(8*minute, 2),
		{At: 12 * minute, Do: sim.DoTrigger, Cause: "spamtrap", Pauses: true}, list(13*minute, 3),
	}
	for i := range cfg.Senders {
		cfg.Senders[i].Traffic.Rate.N = 12
	}
	const off, on = "off: paused since it was created", "since day 0, 00:02: on"
	const customer, aws = "since day 0, 00:07: by the customer", "since day 0, 00:12: spamtrap"
	want := [][]string{{off}, {off}, {on}, {customer}, {customer}, {customer}, {aws}, {aws}, {aws}}
	if diff := cmp.Diff(want, figures(t, cfg, 15*minute, sim.Refused)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A call that the identity check refused is told with what was verified then,
// by the account and by the owner of the identities.
func TestIdentityFigures(t *testing.T) {
	cfg := refusing(t)
	cfg.Accounts[0].Identities = nil
	cfg.Accounts = append(cfg.Accounts, sim.Account{Name: "o", Quota: -1, Rate: 1, Identities: []string{"1.example", "2.example", "3.example", "4.example", "5.example", "a.example", "7.example"}})
	cfg.Actions = []sim.Action{
		{At: 3 * time.Minute, Do: sim.DoVerify, Identity: "b.example", After: -1},
		{At: 8 * time.Minute, Do: sim.DoUnverify, Identity: "b.example"},
	}
	want := [][]string{{"a is in production and has verified nothing"}, {"a is in production and has verified b.example"}, {"a is in production and has verified nothing"}}
	if diff := cmp.Diff(want, figures(t, cfg, 10*time.Minute, sim.Refused)); diff != "" {
		t.Errorf("verified and dropped (-want +got):\n%s", diff)
	}
	cfg.Actions, cfg.Senders[0].Delegated, cfg.Senders[0].Owner = nil, true, 1
	const owner = "o is in the sandbox and has verified 1.example, 2.example, 3.example, 4.example, 5.example and 2 more"
	for _, c := range []struct {
		authorized bool
		want       []string
	}{
		{false, []string{"a is in production and has verified nothing", owner, "o does not authorize a"}},
		{true, []string{"a is in production and has verified nothing", owner}},
	} {
		if c.authorized {
			cfg.Accounts[1].Delegates = []int{0}
		}
		if diff := cmp.Diff([][]string{c.want}, figures(t, cfg, time.Minute, sim.Refused)); diff != "" {
			t.Errorf("authorized %t (-want +got):\n%s", c.authorized, diff)
		}
	}
}

// A call that met a closed session is told with the reply, the rule, and what its client
// does about it.
func TestClosedSession(t *testing.T) {
	for reconnects, want := range map[bool]string{
		true: "client k makes the call again at once on a new connection", false: "SES received no call, and client k does not reconnect at once",
	} {
		cfg := refusing(t)
		k := sim.Client{Name: "k", Config: client.Default()}
		k.Connection.Reconnect = reconnects
		cfg.Clients = []sim.Client{k}
		s := &cfg.Senders[0]
		s.Client, s.Interface, s.Retry = 1, sim.SMTP, sim.Retry{}
		s.Traffic = sim.Traffic{Kind: sim.Constant, Rate: unit.Rate{N: 4, Per: time.Minute}}
		e, err := explain.Replay(engine.Run, cfg, explain.Query{At: 20 * time.Second, Most: 10, Only: []sim.RecordKind{sim.SessionClosed}})
		if err != nil || len(e.Entries) != 1 {
			t.Fatalf("%d entries, %v", len(e.Entries), err)
		}
		got := e.Entries[0]
		figures := []string{"attempt 1, 0 s after the message was due", want}
		if got.What != "SMTP session was closed: 451 Timeout waiting for data from client" || got.Rule != "session.idle" || !slices.Equal(got.Figures, figures) {
			t.Errorf("%q by %s, %q; want %q", got.What, got.Rule, got.Figures, figures)
		}
	}
}

// A refusal names what refused the call, and not what says whom the call was for.
func TestRefusalReads(t *testing.T) {
	cfg := refusing(t)
	cfg.Senders[0].RemoveBounced = true
	e, err := explain.Replay(engine.Run, cfg, explain.Query{At: time.Hour, Most: 1, Only: []sim.RecordKind{sim.Refused}})
	if err != nil || len(e.Entries) != 1 {
		t.Fatalf("%d entries, %v", len(e.Entries), err)
	}
	var names []string
	for _, r := range e.Entries[0].Reads {
		names = append(names, r.Name)
	}
	if slices.Contains(names, "event.publish_delay") || !slices.Contains(names, "quota.granularity") {
		t.Errorf("the refusal read %v", names)
	}
}
