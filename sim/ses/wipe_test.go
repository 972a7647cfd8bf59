package ses_test

import (
	"slices"
	"testing"
	"time"

	"sesim/sim/rules"
	"sesim/sim/ses"
)

// TestAccountListWipe covers the pause of 90 days that empties the list, and
// spares it if sending is restored before (guide, account-level suppression
// list).
func TestAccountListWipe(t *testing.T) {
	paused := func(t *testing.T, changes ...change) *ses.Account {
		a := newAccount(t, released, changes...)
		for _, address := range []uint32{9, 3, 7, 12, 1, 0, 15, 4} {
			a.Learn(address, ses.ListBounce, both)
		}
		mail(a, 10_000, 2_000, 0)
		if !a.Evaluate(0) {
			t.Fatal("no pause began")
		}
		return a
	}
	t.Run("account.pause-wipe", func(t *testing.T) {
		a := paused(t)
		if after, ever := a.WipeAfter(); after != 90*day || !ever {
			t.Errorf("the list is emptied after %v, ever %v", after, ever)
		}
		if gone := wiped(a, 90*day, stops(a)); !slices.Equal(gone, entries(0, 1, 3, 4, 7, 9, 12, 15)) {
			t.Errorf("emptied of %v, want all eight in order", gone)
		}
		want := ses.Transition{At: 90 * day, Event: ses.EventListEmptied, Rule: rules.AccountWiped, Why: "paused for 90d; 8 entries"}
		if got := latest(t, a); got != want {
			t.Errorf("the timeline ends with %+v, want %+v", got, want)
		}
		listed(t, a, 3, 0)
		if a.Listed() != 0 || a.Added() != 8 {
			t.Errorf("%d entries of %d made, want 0 of 8", a.Listed(), a.Added())
		}
		if gone := wiped(a, 91*day, stops(a)); gone != nil || latest(t, a) != want {
			t.Errorf("an empty list was emptied of %v", gone)
		}
		if !a.Learn(3, ses.ListBounce, both) {
			t.Error("the list does not take an address that it held")
		}
	})
	t.Run("spellings", func(t *testing.T) {
		a := paused(t)
		for _, spelling := range []string{"D@b.example", "c@B.example"} {
			a.PutSpelling(7, spelling, ses.ListComplaint)
		}
		want := slices.Insert(entries(0, 1, 3, 4, 7, 9, 12, 15), 5, ses.ListEntry{Address: 7, Spelling: "D@b.example"}, ses.ListEntry{Address: 7, Spelling: "c@B.example"})
		if gone := wiped(a, 90*day, stops(a)); !slices.Equal(gone, want) || a.Listed() != 0 {
			t.Errorf("emptied of %v with %d left, want %v", gone, a.Listed(), want)
		}
		if _, found, _ := a.GetSpelling(7, "D@b.example"); found {
			t.Error("a spelling is still found")
		}
		listed(t, a, 7, 0)
	})
	t.Run("restored on day 89", func(t *testing.T) {
		a := paused(t)
		number := stops(a)
		a.Answer(89*day, true, rules.Reads{})
		if gone := wiped(a, 90*day, number); gone != nil || a.Listed() != 8 {
			t.Errorf("emptied of %v", gone)
		}
	})
	t.Run("restored and paused again", func(t *testing.T) {
		a := paused(t)
		first := stops(a)
		a.Answer(89*day, true, rules.Reads{})
		mail(a, 10_000, 2_000, 0)
		a.Evaluate(89*day + time.Hour)
		status(t, a, ses.Shutdown)
		if gone := wiped(a, 90*day, first); gone != nil {
			t.Errorf("the first pause emptied the list of %v", gone)
		}
		if gone := wiped(a, 179*day+time.Hour, stops(a)); len(gone) != 8 || stops(a) != first+1 {
			t.Errorf("pause %d emptied the list of %v", stops(a), gone)
		}
	})
	customers := func(s *rules.Set) { s.Account.CustomerPauseWipes = true }
	t.Run("paused by the customer, which counts for nothing", func(t *testing.T) {
		a := newAccount(t, released)
		a.Learn(3, ses.ListBounce, both)
		a.Pause(0)
		if number, stopped := a.Stop(); stopped || number != 0 {
			t.Errorf("stop %d: %v", number, stopped)
		}
		a.Trigger(50*day, "spamtrap", true)
		if gone := wiped(a, 90*day, 0); gone != nil || stops(a) != 1 {
			t.Errorf("stop %d, emptied of %v", stops(a), gone)
		}
		if gone := wiped(a, 140*day, 1); !slices.Equal(gone, entries(3)) || latest(t, a).Rule != rules.AccountWiped {
			t.Errorf("emptied of %v by %v", gone, latest(t, a).Rule)
		}
	})
	t.Run("account.customer-pause-wipe", func(t *testing.T) {
		a := newAccount(t, released, customers)
		if number, stopped := a.Stop(); stopped || number != 0 {
			t.Errorf("stop %d of an account that sends: %v", number, stopped)
		}
		a.Learn(3, ses.ListBounce, both)
		a.Pause(0)
		if number, stopped := a.Stop(); !stopped || number != 1 {
			t.Errorf("stop %d: %v", number, stopped)
		}
		a.Trigger(90*day-1, "spamtrap", true) // which ends no stop and begins none
		if gone := wiped(a, 90*day, 1); !slices.Equal(gone, entries(3)) || latest(t, a).Rule != rules.CustomerPauseWiped {
			t.Errorf("emptied of %v by %v", gone, latest(t, a).Rule)
		}
	})
	t.Run("paused by both, AWS long enough", func(t *testing.T) {
		a := paused(t, customers)
		a.Pause(day)
		if gone := wiped(a, 90*day, 1); len(gone) != 8 || latest(t, a).Rule != rules.AccountWiped {
			t.Errorf("emptied of %v by %v", gone, latest(t, a).Rule)
		}
	})
	t.Run("paused by both, one after the other", func(t *testing.T) {
		a := paused(t, customers)
		a.Pause(day)
		a.Answer(2*day, true, rules.Reads{})
		if gone := wiped(a, 90*day, 1); len(gone) != 8 || stops(a) != 1 {
			t.Errorf("stop %d emptied the list of %v", stops(a), gone)
		}
		a.Learn(3, ses.ListBounce, both)
		a.Resume(91 * day)
		a.Pause(92 * day)
		if gone := wiped(a, 180*day, 1); gone != nil || stops(a) != 2 {
			t.Errorf("stop 1 is over, but it emptied the list of %v", gone)
		}
	})
	t.Run("never", func(t *testing.T) {
		if _, ever := paused(t, wipe(0)).WipeAfter(); ever {
			t.Error("the list is emptied some day")
		}
	})
}

// TestOverridesGlobal checks the guide of 2022, by which mail to an address
// that only the global list holds is attempted while the account's list is
// on. Newer pages and real mail say otherwise.
func TestOverridesGlobal(t *testing.T) {
	override := func(s *rules.Set) { s.Account.OverridesGlobal = true }
	for _, reasons := range []ses.ListReasons{0, ses.ListBounce, both} {
		if newAccount(t, released).OverridesGlobal(reasons) {
			t.Errorf("today: %q overrides the global list", reasons)
		}
		if got, want := newAccount(t, released, override).OverridesGlobal(reasons), reasons != 0; got != want {
			t.Errorf("2022: %q overrides the global list: %v, want %v", reasons, got, want)
		}
	}
}

// wiped returns what a wipe took off the list.
func wiped(a *ses.Account, now time.Duration, stop int64) []ses.ListEntry {
	gone, _ := a.Wipe(now, stop)
	return gone
}

// entries are those of addresses as they are.
func entries(addresses ...uint32) []ses.ListEntry {
	list := make([]ses.ListEntry, len(addresses))
	for i, address := range addresses {
		list[i].Address = address
	}
	return list
}
