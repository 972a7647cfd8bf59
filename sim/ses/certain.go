package ses

import "time"

// forever is later than all moments of a run.
const forever = time.Duration(1<<63 - 1)

// RefusesUntil returns the reason for which the account refuses every call like c that is
// made from now on, before the moment that it returns too. Until then only events change
// that, not time or refused calls. The recipients of c do not matter, as long as their
// number is valid and all count towards the quota.
//
// It returns Accepted if a call made now may be accepted, or refused for a reason that
// depends on its number of recipients. The caller makes such a call now: Admit need not
// be asked.
func (a *Account) RefusesUntil(now time.Duration, c Call) (Reason, time.Duration) {
	a.settle()
	switch {
	case a.enforcement == Shutdown || a.customerPaused || c.SetPaused:
		return RefusedPaused, forever
	case c.Invalid:
		return Accepted, now
	case c.Unverified && !a.rules.Identity.AfterLimits:
		return RefusedUnverified, forever
	}
	if until := a.rate.emptyUntil(now); until > now {
		return RefusedRate, until
	}
	if !a.rate.admits(now, MaxRecipients) || a.quotaAdmits(now, 1) {
		return Accepted, now
	}
	if a.quota == 0 {
		return RefusedQuota, forever
	}
	return RefusedQuota, a.sent.frees()
}

// emptyUntil returns the moment before which the bucket allows no call, whatever its
// number of recipients; now if it allows one with a single recipient.
func (b *bucket) emptyUntil(now time.Duration) time.Duration {
	b.refill(now)
	return now + b.timeFor(max(token-b.level, 0))
}
