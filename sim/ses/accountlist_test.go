package ses_test

import (
	"testing"
	"time"

	"sesim/sim/rules"
	"sesim/sim/ses"
)

func narrowBlock(s *rules.Set)    { s.Sandbox.NarrowBlock = true }
func anyReason(s *rules.Set)      { s.Account.ReasonMatch = false }
func wipe(d time.Duration) change { return func(s *rules.Set) { s.Account.PauseWipe = d } }

// listed wants the account's list to suppress mail to an address, and why.
// The empty reason stands for no suppression.
func listed(t *testing.T, a *ses.Account, address uint32, want ses.ListReasons) {
	t.Helper()
	if reason, on := a.ListSuppresses(address, a.Reasons(nil)); on != (want != 0) || reason != want {
		t.Errorf("address %d: suppressed %v for %q, want %q", address, on, reason, want)
	}
}

// TestAccountListSuppresses covers which entries suppress (guide,
// account-level suppression list; the newer page on reasons). An entry counts
// while its reason is among the account's; the guide of 2022 let reasons
// govern adding only.
func TestAccountListSuppresses(t *testing.T) {
	t.Run("account.suppressed", func(t *testing.T) {
		for _, c := range []struct {
			entry, reasons, current, guide2022 ses.ListReasons
		}{
			{ses.ListBounce, both, ses.ListBounce, ses.ListBounce},
			{ses.ListComplaint, both, ses.ListComplaint, ses.ListComplaint},
			{ses.ListBounce, ses.ListBounce, ses.ListBounce, ses.ListBounce},
			{ses.ListComplaint, ses.ListBounce, 0, ses.ListComplaint},
			{ses.ListBounce, ses.ListComplaint, 0, ses.ListBounce},
			{ses.ListBounce, 0, 0, 0},
		} {
			for _, edition := range []struct {
				changes []change
				want    ses.ListReasons
			}{{nil, c.current}, {[]change{anyReason}, c.guide2022}} {
				a := newAccount(t, released, edition.changes...)
				a.Put(5, c.entry)
				a.SetSuppression(c.reasons)
				listed(t, a, 5, edition.want)
				listed(t, a, 6, 0)
			}
		}
	})
	t.Run("entries never expire", func(t *testing.T) {
		a := newAccount(t, released)
		a.Learn(5, ses.ListBounce, both)
		for now := time.Duration(0); now < 5*year; now += 30 * day {
			a.Evaluate(now)
		}
		listed(t, a, 5, ses.ListBounce)
	})
	t.Run("each account has its own", func(t *testing.T) {
		for _, changes := range [][]change{nil, {anyReason}} {
			bits, set := make([]uint8, addresses), ruleSet(t, changes...)
			a, b := ses.NewAccount(released, set, bits), ses.NewAccount(released, set, bits)
			a.Put(5, ses.ListBounce)
			listed(t, a, 5, ses.ListBounce)
			listed(t, b, 5, 0)
		}
	})
}

// TestAccountListLearns covers what puts an address on the list (guide,
// account-level suppression list): the account's own bounces and complaints,
// where its reasons include them; in the sandbox too.
func TestAccountListLearns(t *testing.T) {
	t.Run("account.listed", func(t *testing.T) {
		for _, c := range []struct {
			reason, effective ses.ListReasons
			want              bool
		}{
			{ses.ListBounce, both, true}, {ses.ListComplaint, both, true},
			{ses.ListBounce, ses.ListBounce, true}, {ses.ListComplaint, ses.ListBounce, false},
			{ses.ListBounce, ses.ListComplaint, false}, {ses.ListComplaint, ses.ListComplaint, true},
			{ses.ListBounce, 0, false}, {ses.ListComplaint, 0, false},
		} {
			for _, spec := range []ses.Spec{released, sandboxed} {
				a := newAccount(t, spec)
				if got := a.Learn(5, c.reason, c.effective); got != c.want {
					t.Errorf("%v, %s under %q: a new entry %v, want %v", spec.Access, c.reason, c.effective, got, c.want)
				}
				if got := a.Listed() == 1 && a.Added() == 1; got != c.want {
					t.Errorf("%v, %s under %q: %d entries of %d made", spec.Access, c.reason, c.effective, a.Listed(), a.Added())
				}
			}
		}
	})
	// Mail that meets an entry is not attempted, unless the entry's reason is
	// none of the effective ones: then what becomes of the mail counts.
	t.Run("an entry that is there takes the new reason", func(t *testing.T) {
		a := newAccount(t, released)
		a.Learn(5, ses.ListComplaint, both)
		if a.Learn(5, ses.ListComplaint, both) {
			t.Error("the same entry again is a change")
		}
		if !a.Learn(5, ses.ListBounce, both) || a.Added() != 1 {
			t.Errorf("no change, or a second entry for the same address; %d made", a.Added())
		}
		listed(t, a, 5, ses.ListBounce)
	})
	// API, PutSuppressedDestination: putting an address that is there
	// overwrites its reason.
	t.Run("putting overwrites the reason", func(t *testing.T) {
		a := newAccount(t, released)
		a.Learn(5, ses.ListBounce, both)
		a.Put(5, ses.ListComplaint)
		listed(t, a, 5, ses.ListComplaint)
		if a.Listed() != 1 || a.Added() != 1 {
			t.Errorf("%d entries of %d made, want 1 of 1", a.Listed(), a.Added())
		}
	})
	// API: an address that was deleted can be listed again. Guide: an import
	// adds at most 100,000 addresses and deletes at most 10,000.
	t.Run("account.operations", func(t *testing.T) {
		if ses.MaxImportPut != 100_000 || ses.MaxImportDelete != 10_000 {
			t.Errorf("an import adds %d and deletes %d", ses.MaxImportPut, ses.MaxImportDelete)
		}
		a := newAccount(t, released)
		a.Put(5, ses.ListBounce)
		if reason, found, allowed := a.Get(5); reason != ses.ListBounce || !found || !allowed {
			t.Errorf("getting: %q, found %v, allowed %v", reason, found, allowed)
		}
		if found, allowed := a.Delete(5); !found || !allowed {
			t.Errorf("deleting: found %v, allowed %v", found, allowed)
		}
		listed(t, a, 5, 0)
		if found, allowed := a.Delete(5); found || !allowed {
			t.Errorf("deleting again: found %v, allowed %v", found, allowed)
		}
		if !a.Learn(5, ses.ListComplaint, both) || a.Added() != 2 || a.Listed() != 1 {
			t.Errorf("%d entries of %d made, want 1 of 2", a.Listed(), a.Added())
		}
		listed(t, a, 5, ses.ListComplaint)
	})
}

// TestAccountListOperations covers what the sandbox blocks: by the page on
// production access all calls, by the guide of 2022 put and import only.
// Changing the reasons is allowed in either case.
func TestAccountListOperations(t *testing.T) {
	t.Run("account.sandbox-blocked", func(t *testing.T) {
		for _, c := range []struct {
			name     string
			spec     ses.Spec
			changes  []change
			put, get bool // allowed
		}{
			{"the sandbox", sandboxed, nil, false, false},
			{"the sandbox, narrowly", sandboxed, []change{narrowBlock}, false, true},
			{"production", released, nil, true, true},
			{"production, narrowly", released, []change{narrowBlock}, true, true},
		} {
			a := newAccount(t, c.spec, c.changes...)
			a.Learn(5, ses.ListComplaint, both)
			if got := a.Put(6, ses.ListBounce); got != c.put {
				t.Errorf("%s: putting is allowed: %v, want %v", c.name, got, c.put)
			}
			if reason, found, allowed := a.Get(5); allowed != c.get || found != c.get || (reason == ses.ListComplaint) != c.get {
				t.Errorf("%s: getting is allowed: %v, finds %v, %q; want %v", c.name, allowed, found, reason, c.get)
			}
			if found, allowed := a.Delete(5); allowed != c.get || found != c.get {
				t.Errorf("%s: deleting is allowed: %v, finds %v; want %v", c.name, allowed, found, c.get)
			}
			want := int64(0)
			for _, on := range []bool{c.put, !c.get} {
				if on {
					want++
				}
			}
			if a.Listed() != want {
				t.Errorf("%s: %d entries left, want %d", c.name, a.Listed(), want)
			}
			if a.SetSuppression(0); a.Reasons(nil) != 0 {
				t.Errorf("%s: the reasons did not change", c.name)
			}
		}
	})
	t.Run("getting what is not there", func(t *testing.T) {
		if reason, found, allowed := newAccount(t, released).Get(5); reason != 0 || found || !allowed {
			t.Errorf("reason %q, found %v, allowed %v", reason, found, allowed)
		}
	})
	// Guide, service quotas: all calls but sending are throttled at one a
	// second.
	t.Run("api.rate", func(t *testing.T) {
		a := newAccount(t, released)
		for _, c := range []struct {
			at   time.Duration
			want bool
		}{
			{0, true}, {0, false}, {time.Second - 1, false}, {time.Second, true}, {time.Second, false},
			{year, true}, {year, false}, {year + time.Second, true},
		} {
			if got := a.AdmitOperation(c.at); got != c.want {
				t.Errorf("at %v a call is admitted: %v, want %v", c.at, got, c.want)
			}
		}
		admit(t, a, year+time.Second, to(14), ses.Accepted) // sending has a rate of its own
		free := newAccount(t, released, func(s *rules.Set) { s.API.PerSecond = 0 })
		for range 10 {
			if !free.AdmitOperation(0) {
				t.Error("a call is throttled without a limit")
			}
		}
	})
}
