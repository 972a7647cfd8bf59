package ses

// Status is an account's status as the console shows it.
type Status string

// The statuses of an account.
const (
	StatusHealthy      Status = "Healthy"
	StatusUnderReview  Status = "Under review"
	StatusPendingEnd   Status = "Pending end of review decision"
	StatusPendingPause Status = "Pending sending pause"
	StatusPaused       Status = "Sending paused"
	StatusAlmostHealed Status = "Almost healed" // of a rate only
	StatusSendingPause Status = "Sending pause" // of a rate only
)

// Status returns the account's status.
func (a *Account) Status() Status {
	switch {
	case a.enforcement == Shutdown:
		return StatusPaused
	case a.review.announced != nil:
		return StatusPendingPause
	case a.enforcement == Healthy:
		return StatusHealthy
	case a.review.undecided:
		return StatusPendingEnd
	}
	return StatusUnderReview
}

// RateStatus returns the statuses of the bounce rate and the complaint rate. A rate that
// did not cause the review is healthy; one that did, but is below the review threshold
// again, is almost healed. AWS says that such a rate has stayed below its maximum since
// the review began. It was at the maximum when the review began, so the model reads
// this as: since it fell below, and until it reaches the maximum again.
func (a *Account) RateStatus() (bounce, complaint Status) {
	return a.rateStatus(0), a.rateStatus(1)
}

func (a *Account) rateStatus(i int) Status {
	m := a.metrics()[i]
	switch {
	case a.review.by&(1<<i) == 0:
		return StatusHealthy
	case a.enforcement == Shutdown:
		return StatusSendingPause
	case a.review.announced != nil:
		return StatusPendingPause
	case a.enforcement == Probation && !m.reaches(m.review, &a.rules.Rep):
		return StatusAlmostHealed
	}
	return StatusUnderReview
}
