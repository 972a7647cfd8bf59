package ses

import (
	"fmt"
	"time"

	"sesim/sim/rules"
	"sesim/sim/unit"
)

// Sending stops when AWS or the customer pauses the account, and resumes when neither
// pause is left. AWS's guide calls both a pause and does not distinguish them where it
// says that a long pause empties the account-level suppression list.

// Pause pauses sending with the customer's own switch.
func (a *Account) Pause(now time.Duration) {
	a.stop()
	a.customerPaused = true
	a.Note(now, EventCustomerPaused, rules.PauseCustomer, "by the customer")
}

// Resume undoes Pause. It does not end a pause by AWS.
func (a *Account) Resume(now time.Duration) {
	a.customerPaused = false
	a.Note(now, EventCustomerResumed, rules.PauseCustomer, "by the customer")
}

// stopped reports whether the account may not send.
func (a *Account) stopped() bool { return a.enforcement == Shutdown || a.customerPaused }

// stop must be called before a pause takes effect.
func (a *Account) stop() {
	if !a.stopped() {
		a.stops++
	}
}

// Stop returns the number of the current stop of sending, counted from 1, or false if
// the account may send.
func (a *Account) Stop() (number int64, stopped bool) { return a.stops, a.stopped() }

// Wipe empties the account's list if the stop with the given number still lasts. It
// returns the removed entries, in order.
func (a *Account) Wipe(now time.Duration, stop int64) []ListEntry {
	if !a.stopped() || a.stops != stop || a.Listed() == 0 {
		return nil
	}
	a.Note(now, EventListEmptied, rules.AccountWiped,
		fmt.Sprintf("paused for %s; %s", unit.FormatDuration(a.rules.Account.PauseWipe), a.Entries()))
	return a.list.empty()
}
