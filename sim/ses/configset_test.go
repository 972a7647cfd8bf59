package ses_test

import (
	"testing"
	"time"

	"sesim/sim/ses"
)

// TestConfigurationSetReasons covers by which reasons the account's list
// works for mail sent with a set (guide, configuration set-level
// suppression): without an override the account's; with one the set's, of
// which none means no check and no recording.
func TestConfigurationSetReasons(t *testing.T) {
	a := newAccount(t, released)
	a.Put(5, ses.ListComplaint)
	for _, c := range []struct {
		name       string
		overrides  bool
		reasons    ses.ListReasons
		effective  ses.ListReasons
		suppresses bool
		learns     bool // from a bounce
	}{
		{"no override", false, 0, both, true, true},
		{"no override, whatever the reasons", false, ses.ListBounce, both, true, true},
		{"an empty override", true, 0, 0, false, false},
		{"bounces only", true, ses.ListBounce, ses.ListBounce, false, true},
		{"complaints only", true, ses.ListComplaint, ses.ListComplaint, true, false},
	} {
		effective := a.Reasons(ses.NewConfigurationSet(a, c.overrides, c.reasons))
		if effective != c.effective {
			t.Errorf("%s: %q, want %q", c.name, effective, c.effective)
		}
		if _, got := a.ListSuppresses(5, effective); got != c.suppresses {
			t.Errorf("%s: suppresses %v, want %v", c.name, got, c.suppresses)
		}
		if got := a.Learn(6, ses.ListBounce, effective); got != c.learns {
			t.Errorf("%s: learns %v, want %v", c.name, got, c.learns)
		}
		a.Delete(6)
	}
	if a.Reasons(nil) != both {
		t.Errorf("mail without a set: %q", a.Reasons(nil))
	}
}

// TestConfigurationSetPause covers the set's own switch (API,
// PutConfigurationSetSendingOptions), and whose pause a refusal names.
func TestConfigurationSetPause(t *testing.T) {
	t.Run("pause.configuration-set", func(t *testing.T) {
		a := newAccount(t, released)
		set := ses.NewConfigurationSet(a, false, 0)
		for _, on := range []bool{true, false, true} {
			set.SetSending(on)
			if set.Paused() == on {
				t.Errorf("sending %v, but paused %v", on, set.Paused())
			}
			want := ses.Accepted
			if !on {
				want = ses.RefusedPaused
			}
			admit(t, a, 0, ses.Call{Recipients: 1, Counted: 1, SetPaused: set.Paused()}, want)
			admit(t, a, 0, to(1), ses.Accepted) // mail without the set
		}
	})
	for _, c := range []struct {
		name                      string
		aws, suspended, own, ofIt bool
		want                      ses.PauseBy
	}{
		{"the set's", false, false, false, true, ses.OfSet},
		{"the customer's before the set's", false, false, true, true, ses.ByCustomer},
		{"the customer's", false, false, true, false, ses.ByCustomer},
		{"AWS's before all", true, false, true, true, ses.ByAWS},
		{"AWS's permanent one", true, true, true, true, ses.Suspended},
	} {
		t.Run(c.name, func(t *testing.T) {
			after := int64(0)
			if c.suspended {
				after = 1
			}
			a := newAccount(t, released, permanentAfter(after))
			set := ses.NewConfigurationSet(a, false, 0)
			set.SetSending(!c.ofIt)
			if c.own {
				a.Pause(0)
			}
			if c.aws {
				a.Trigger(0, "spamtrap", true)
			}
			if got := a.PausedBy(set); got != c.want {
				t.Errorf("paused by %d, want %d", got, c.want)
			}
			if c.want == ses.OfSet {
				return
			}
			if got := a.PausedBy(nil); got != c.want {
				t.Errorf("mail without a set: paused by %d, want %d", got, c.want)
			}
		})
	}
}

// TestConfigurationSetCreatedAgain deletes a set that the customer has changed and
// creates it again: only what it is created with counts.
func TestConfigurationSetCreatedAgain(t *testing.T) {
	a := newAccount(t, released)
	for _, c := range []struct {
		overrides bool
		want      ses.ListReasons
	}{{false, both}, {true, 0}} {
		set := ses.NewConfigurationSet(a, false, 0)
		set.SetSending(false)
		set.Override(true, ses.ListBounce)
		set.Delete()
		if set.Paused() || !set.Missing() {
			t.Errorf("a deleted set: paused %v, missing %v", set.Paused(), set.Missing())
		}
		set.Create(c.overrides, 0, true)
		if set.Paused() || set.Missing() {
			t.Errorf("created again: paused %v, missing %v", set.Paused(), set.Missing())
		}
		if got := a.Reasons(set); got != c.want {
			t.Errorf("created again with overrides %v: the reasons are %q, want %q", c.overrides, got, c.want)
		}
	}
}

// TestConfigurationSetRates checks that a set counts its own mail, and that
// its rates move nothing: SES leaves it to the customer to act on them
// (guide, reputation of configuration sets).
func TestConfigurationSetRates(t *testing.T) {
	a := newAccount(t, released)
	set := ses.NewConfigurationSet(a, false, 0)
	for i := range 10_000 {
		set.CountEligible(i < 4_000)
	}
	for range 5_000 {
		set.CountBounce()
	}
	for range 400 {
		set.CountComplaint()
	}
	set.Roll(time.Hour, a)
	a.Evaluate(time.Hour)
	bounce, complaint := set.Rates(2 * time.Hour)
	if bounce.Eligible != 10_000 || bounce.Events != 5_000 || bounce.Final != 0.5 || bounce.Span != 2*time.Hour {
		t.Errorf("bounce rate %+v", bounce)
	}
	if complaint.Eligible != 4_000 || complaint.Events != 400 || complaint.Final != 0.1 {
		t.Errorf("complaint rate %+v", complaint)
	}
	status(t, a, ses.Healthy)
	if own, _ := a.Rates(time.Hour); own.Data {
		t.Errorf("the set's mail counts for the account: %+v", own)
	}
}
