package explain_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"sesim/reports/explain"
	"sesim/sim"
	"sesim/sim/engine"
	"sesim/sim/rules"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// watched is a session with a follower.
type watched struct {
	t *testing.T
	*engine.Session
	to *explain.Follower
}

func (w *watched) Observe(r *sim.Record) { w.to.Observe(r) }

// watch opens a session of a sandbox account and of one in production.
func watch(t *testing.T, change func(*sim.Config)) *watched {
	t.Helper()
	set, err := rules.Edition("current")
	if err != nil {
		t.Fatal(err)
	}
	cfg := sim.Config{Name: "live", Horizon: 30 * unit.Day, Seed: 1, Rules: set, Serve: sim.Serve{Addresses: 100}, Accounts: []sim.Account{
		{Name: "box", Region: "us-east-1", Quota: 3, Rate: 1, Identities: []string{"box.example"}},
		{Name: "big", Region: "us-east-1", Access: ses.Production, Quota: 50_000, Rate: 14, Identities: []string{"big.example"}},
	}}
	if change != nil {
		change(&cfg)
	}
	w := &watched{t: t}
	if w.Session, err = engine.Open(cfg, sim.Hooks{Observer: w}); err != nil {
		t.Fatal(err)
	}
	w.to = explain.NewFollower(w.Config())
	return w
}

// call makes a call and returns its explanation.
func (w *watched) call(c sim.Call) (accepted bool, e explain.Entry) {
	w.t.Helper()
	a, err := w.Send(&c)
	if err != nil {
		w.t.Fatal(err)
	}
	d := w.to.Take()
	if d == nil || w.to.Take() != nil {
		w.t.Fatal("a call has not one decision")
	}
	return a.Accepted(), d.Explain()
}

func (w *watched) do(o sim.Operation) {
	w.t.Helper()
	if a, err := w.Do(&o); err != nil || !a.Accepted() {
		w.t.Fatalf("%+v: %+v, %v", o, a, err)
	}
}

var later = regexp.MustCompile(`the rate would let it pass (\S+) (s|ms) later`)

// A call that the rate refuses passes at the moment that its explanation names, and not
// a millisecond before.
func TestPassesRate(t *testing.T) {
	for _, c := range []struct {
		debt       bool
		recipients int
		want       string
	}{{true, 5, "5 s"}, {true, 1, "1 s"}, {false, 1, "1 s"}} {
		w := watch(t, func(cfg *sim.Config) { cfg.Rules.Rate.Debt, cfg.Accounts[0].Quota = c.debt, 200 })
		mail := sim.Call{From: "a@box.example", Recipients: slices.Repeat([]string{"b@box.example"}, c.recipients)}
		if accepted, e := w.call(mail); !accepted || e.What == "" || later.MatchString(strings.Join(e.Figures, "\n")) {
			t.Fatalf("%+v: the first call: %+v", c, e)
		}
		_, e := w.call(mail)
		found := later.FindStringSubmatch(strings.Join(e.Figures, "\n"))
		if found == nil || found[1]+" "+found[2] != c.want {
			t.Fatalf("%+v: %+v", c, e)
		}
		wait, err := time.ParseDuration(found[1] + found[2])
		if err != nil {
			t.Fatal(err)
		}
		w.Advance(wait-time.Millisecond, nil)
		if accepted, _ := w.call(mail); accepted {
			t.Errorf("%+v: a millisecond before it passes as well", c)
		}
		w.Advance(wait, nil)
		if accepted, _ := w.call(mail); !accepted {
			t.Errorf("%+v: it does not pass then", c)
		}
	}
}

// What the other refusals need to pass is said, with the state at the moment of the call
// and not at that of the question.
func TestPasses(t *testing.T) {
	w := watch(t, nil)
	mail := sim.Call{From: "a@box.example", Recipients: []string{"b@box.example"}}
	stranger := sim.Call{From: "a@box.example", Recipients: []string{"b@else.example"}}
	expect := func(name, rule string, c sim.Call, figures ...string) {
		t.Helper()
		_, e := w.call(c)
		if e.Rule != rule || len(e.Figures) < len(figures) || !slices.Equal(e.Figures[len(e.Figures)-len(figures):], figures) {
			t.Errorf("%s: %+v, want %s with %q at the end", name, e, rule, figures)
		}
	}
	const recipients = "it would pass once the recipients are verified, or in production"
	expect("a stranger", "sandbox.recipients", stranger, "box is in the sandbox and has verified box.example", recipients)
	expect("a foreign From", "identity.from", sim.Call{From: "a@other.example", Recipients: mail.Recipients},
		"box is in the sandbox and has verified box.example", "it would pass once the identities are verified")
	expect("no address", "call.address", sim.Call{From: mail.From, Recipients: []string{"b"}, Malformed: "b c"},
		`"b c" is not an address`, "it would pass at no time")
	expect("no set", "call.configuration-set", sim.Call{From: mail.From, Recipients: mail.Recipients, Set: "none"}, "it would pass once the configuration set exists")
	for i := range 3 {
		w.Advance(time.Duration(i+1)*time.Minute, nil)
		if accepted, e := w.call(mail); !accepted {
			t.Fatalf("mail %d: %+v", i, e)
		}
	}
	w.Advance(time.Hour, nil)
	expect("the fourth of three", "quota.rolling", mail, "the quota would let it pass at day 1, 00:01 at the earliest")
	w.Advance(unit.Day+time.Minute, nil)
	if accepted, e := w.call(mail); !accepted {
		t.Errorf("a day after the first: %+v", e)
	}
	w.do(sim.Operation{Action: sim.Action{Do: sim.DoPause}})
	expect("paused", "pause.customer", mail, "since day 1, 00:01: by the customer", "it would pass once the customer resumes sending")
	w.do(sim.Operation{Action: sim.Action{Do: sim.DoResume}})
	w.do(sim.Operation{Action: sim.Action{Do: sim.DoTrigger, Cause: "spamtrap", Pauses: true}})
	expect("paused by AWS", "pause.refuses", mail, "it would pass once AWS ends the pause, as after an appeal that it accepts")

	before := sim.Call{Account: 1, From: "a@new.example", Recipients: mail.Recipients}
	if _, err := w.Send(&before); err != nil {
		t.Fatal(err)
	}
	d := w.to.Take()
	w.do(sim.Operation{Action: sim.Action{Do: sim.DoVerify, Account: 1, Identity: "new.example"}})
	w.Advance(w.Now()+time.Hour, nil)
	if accepted, _ := w.call(before); !accepted {
		t.Error("mail from a new identity is refused")
	}
	if e := d.Explain(); e.Figures[0] != "big is in production and has verified big.example" {
		t.Errorf("the refusal before: %q", e.Figures)
	}
}

// An operation that sends nothing has its rule, if one decided.
func TestOperation(t *testing.T) {
	cfg := watch(t, nil).Config()
	conflict := ses.Error{Status: 409, Code: "ConflictException"}
	for _, c := range []struct {
		failed ses.Error
		rule   rules.ID
		want   string
	}{
		{ses.Error{}, rules.None, "PutAccountDetails done"},
		{conflict, rules.ProdConflict, "PutAccountDetails refused: 409 ConflictException: "},
	} {
		e := explain.Operation(cfg, time.Hour, 0, "PutAccountDetails", c.failed, c.rule)
		if e.What != c.want || e.Clock != "day 0, 01:00" || e.Account != "box" || (e.Standing == "") != (c.rule == rules.None) {
			t.Errorf("%+v", e)
		}
	}
}
