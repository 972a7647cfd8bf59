package ses_test

import (
	"testing"

	"sesim/sim/ses"
)

// Calls on the list tell spellings apart that differ in case; sending does
// not.
func TestSpellings(t *testing.T) {
	const both = ses.ListBounce | ses.ListComplaint
	a := newAccount(t, released)
	if !a.PutSpelling(1, "Foo@x.example", ses.ListComplaint) || !a.PutSpelling(1, "FOO@x.example", ses.ListBounce) {
		t.Fatal("a put was blocked in production")
	}
	if a.Listed() != 2 || a.Added() != 2 {
		t.Errorf("%d entries, %d added; want 2 of each", a.Listed(), a.Added())
	}
	if _, found, _ := a.Get(1); found {
		t.Error("the address itself was found under its own spelling")
	}
	for _, c := range []struct {
		effective, want ses.ListReasons
		listed          bool
	}{{both, ses.ListBounce, true}, {ses.ListComplaint, ses.ListComplaint, true}, {ses.ListBounce, ses.ListBounce, true}, {0, 0, false}} {
		if reason, listed := a.ListSuppresses(1, c.effective); reason != c.want || listed != c.listed {
			t.Errorf("under %v suppressed %t for %v, want %t for %v", c.effective, listed, reason, c.listed, c.want)
		}
	}
	if found, _ := a.DeleteSpelling(1, "foo@x.example"); found {
		t.Error("a spelling that was not put was deleted")
	}
	if found, allowed := a.DeleteSpelling(1, "FOO@x.example"); !found || !allowed {
		t.Error("a spelling that was put was not deleted")
	}
	if reason, found, _ := a.GetSpelling(1, "Foo@x.example"); !found || reason != ses.ListComplaint {
		t.Errorf("the other spelling: found %t for %v", found, reason)
	}
	if _, listed := a.ListSuppresses(1, ses.ListBounce); listed {
		t.Error("still suppressed for BOUNCE")
	}
	a.PutSpelling(1, "Foo@x.example", ses.ListBounce)
	if a.Listed() != 1 || a.Added() != 2 {
		t.Errorf("%d entries, %d added after a put over an entry; want 1 and 2", a.Listed(), a.Added())
	}
	sandbox := newAccount(t, ses.Spec{Quota: 200, Rate: 1})
	if _, _, allowed := sandbox.GetSpelling(1, "Foo@x.example"); allowed || sandbox.PutSpelling(1, "Foo@x.example", ses.ListBounce) {
		t.Error("the sandbox did not block the calls")
	}
}
