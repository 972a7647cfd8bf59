package ses

import (
	"fmt"
	"time"

	"sesim/sim/rules"
	"sesim/sim/unit"
)

// Sending stops when AWS pauses the account or the customer does, and goes on
// when neither pause is left. Both are called a pause by AWS's guide, and both
// empty the account's list when they last long enough: the guide makes no
// difference.

// Pause and Resume are the customer's own switch. It does not lift a pause by
// AWS.
func (a *Account) Pause(now time.Duration) {
	a.stop()
	a.customerPaused = true
	a.Note(now, EventCustomerPaused, rules.PauseCustomer, "by the customer")
}

// Resume undoes Pause.
func (a *Account) Resume(now time.Duration) {
	a.customerPaused = false
	a.Note(now, EventCustomerResumed, rules.PauseCustomer, "by the customer")
}

// stopped reports whether the account may not send.
func (a *Account) stopped() bool { return a.enforcement == Shutdown || a.customerPaused }

// stop is to be called before a pause takes effect.
func (a *Account) stop() {
	if !a.stopped() {
		a.stops++
	}
}

// Stop returns the number of the present stop of sending, counted from 1, and
// false where the account sends.
func (a *Account) Stop() (number int64, stopped bool) { return a.stops, a.stopped() }

// Wipe empties the account's list if the stop with that number still lasts.
// It returns the entries that were taken off, in order.
func (a *Account) Wipe(now time.Duration, stop int64) []ListEntry {
	if !a.stopped() || a.stops != stop || a.Listed() == 0 {
		return nil
	}
	a.Note(now, EventListEmptied, rules.AccountWiped,
		fmt.Sprintf("paused for %s; %s entries", unit.FormatDuration(a.rules.Account.PauseWipe), unit.Grouped(a.Listed())))
	return a.list.empty()
}
