package engine

import (
	"errors"
	"fmt"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sesim/sim"
	"sesim/sim/proptest"
	"sesim/sim/rules"
	"sesim/sim/unit"
)

// TestOpening: a session in which a customer opens a Region is the one whose scenario has
// the new account from the start.
func TestOpening(t *testing.T) {
	proptest.Check(t, func(rt *rapid.T) {
		cfg := sessionConfig(t)
		cfg.Horizon = 30 * unit.Day
		if perRegion := rapid.Bool().Draw(rt, "per Region"); perRegion {
			cfg.Rules.Global.PerRegion = true
		}
		if rapid.Bool().Draw(rt, "customer") {
			cfg.Accounts[1].Customer = "corp"
		}
		var inputs []timed
		for at := time.Duration(0); len(inputs) < 40; {
			at += time.Duration(rapid.Int64Range(0, int64(12*time.Hour)).Draw(rt, "after"))
			inputs = append(inputs, timed{at, randomInput(rt)})
		}
		opens := rapid.IntRange(0, len(inputs)-1).Draw(rt, "opens")
		opening := sim.Opening{Account: 1, Region: rapid.SampledFrom([]string{"eu-west-1", "ap-south-1"}).Draw(rt, "region")}
		for i := opens; i < len(inputs); i++ {
			switch in := &inputs[i].in; {
			case rapid.Bool().Draw(rt, "elsewhere"):
			case in.Call != nil:
				in.Call.Account = 2
			default:
				in.Operation.Account = 2
			}
		}
		step := func(s *Session, to time.Duration) { s.Advance(to, nil) }
		lazy := drive(t, cfg, append(append(append([]timed{}, inputs[:opens]...), timed{inputs[opens].at, sim.Input{Open: &opening}}), inputs[opens:]...), step)
		lazy.answers = append(lazy.answers[:opens:opens], lazy.answers[opens+1:]...)
		account := sim.NewAccount()
		account.Region, account.Customer = opening.Region, cfg.Accounts[1].CustomerName()
		account.Name = account.Customer + "-" + account.Region
		cfg.Accounts = append(cfg.Accounts, account)
		if early := drive(t, cfg, inputs, step); !reflect.DeepEqual(lazy, early) {
			rt.Errorf("an account that is opened, and one that was there:\n%+v\n%+v", lazy, early)
		}
	})
}

// TestOpeningAccount checks the account of an opened Region, and what is refused.
func TestOpeningAccount(t *testing.T) {
	s := open(t, sessionConfig(t), nil)
	for _, wrong := range []sim.Opening{{Account: 7, Region: "eu-west-1"}, {Account: -1, Region: "eu-west-1"}, {}, {Account: 1, Region: "us-east-1"}} {
		if err := s.Open(&wrong); err == nil || len(s.Config().Accounts) != 2 {
			t.Errorf("%+v: %v", wrong, err)
		}
	}
	if err := s.Open(&sim.Opening{Account: 1, Region: "eu-west-1"}); err != nil {
		t.Fatal(err)
	}
	if err := s.Open(&sim.Opening{Account: 2, Region: "eu-west-1"}); err == nil {
		t.Error("a second account in a Region")
	}
	a := s.Config().Accounts[2]
	if d := s.Describe(2); a.Name != "acme-eu-west-1" || a.Customer != "acme" || d.ProductionAccessEnabled || d.Max24HourSend != 200 || d.MaxSendRate != 1 {
		t.Errorf("%+v, %+v", a, d)
	}
	call := mailTo("people-1@people.example")
	call.Account = 2
	if answer := send(t, s, call); answer.Rule != rules.IdentityFrom || answer.Error.Message != "Email address is not verified. The following identities "+
		"failed the check in region EU-WEST-1: News <news@acme.example>, people-1@people.example" {
		t.Errorf("%+v", answer)
	}
	if value, data := s.Value("acme-eu-west-1.refused.unverified"); value != 1 || !data {
		t.Errorf("%v %v", value, data)
	}
	for i := range sim.MaxOpenings - 1 {
		if err := s.Open(&sim.Opening{Region: fmt.Sprint("region-", i)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Open(&sim.Opening{Region: "one-more"}); !errors.Is(err, sim.ErrFull) {
		t.Errorf("one more: %v", err)
	}
	if result, err := s.Close(); err != nil || len(result.Accounts) != 2+sim.MaxOpenings {
		t.Errorf("%d accounts, %v", len(result.Accounts), err)
	}
}
