package ses

import (
	"fmt"
	"time"

	"sesim/sim/rules"
	"sesim/sim/unit"
)

// A long stop of sending empties the account-level suppression list. AWS's guide says so
// of an account whose ability to send is paused, which are its words for a pause by AWS.
// By the rules, a pause by the customer counts as well: then sending has stopped while
// either is left.

// Pause pauses sending with the customer's own switch.
func (a *Account) Pause(now time.Duration) {
	if a.rules.Account.CustomerPauseWipes {
		a.stop()
	}
	a.setCustomerPaused(true)
	a.Note(now, EventCustomerPaused, rules.PauseCustomer, "by the customer")
}

// Resume undoes Pause. It does not end a pause by AWS.
func (a *Account) Resume(now time.Duration) {
	a.setCustomerPaused(false)
	a.Note(now, EventCustomerResumed, rules.PauseCustomer, "by the customer")
}

// stopped returns true during a pause that counts towards a stop.
func (a *Account) stopped() bool {
	return a.enforcement == Shutdown || a.customerPaused && a.rules.Account.CustomerPauseWipes
}

// stop must be called before a pause takes effect that counts.
func (a *Account) stop() {
	if !a.stopped() {
		a.stops++
	}
}

// Stop returns the number of the current stop of sending, counted from 1, or false if
// there is none.
func (a *Account) Stop() (number int64, stopped bool) { return a.stops, a.stopped() }

// Wipe empties the account's list if the stop with the given number still lasts. It
// returns the removed entries, in order, and the rule that removed them.
func (a *Account) Wipe(now time.Duration, stop int64) ([]ListEntry, rules.ID) {
	if !a.stopped() || a.stops != stop || a.Listed() == 0 {
		return nil, rules.None
	}
	rule := rules.CustomerPauseWiped
	if a.enforcement == Shutdown && now-a.review.paused >= a.rules.Account.PauseWipe {
		rule = rules.AccountWiped
	}
	reads := rules.NewReads(rules.ParamAccountPauseWipe)
	if a.customerPaused {
		reads = reads.With(rules.ParamAccountCustomerPauseWipes)
	}
	a.NoteReads(now, EventListEmptied, rule, reads,
		fmt.Sprintf("paused for %s; %s", unit.FormatDuration(a.rules.Account.PauseWipe), a.Entries()))
	return a.list.empty(), rule
}
