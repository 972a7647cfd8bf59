package ses

// Status is an account's status in the words of the console.
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

// RateStatus returns the statuses of the bounce rate and the complaint rate:
// a rate that did not begin the review is healthy, and one that did but lies
// below the threshold again is almost healed. AWS says of such a rate that it
// has stayed below its maximum since the review began; at that moment it was
// at the maximum, so that we read: since it came down, and take it for no
// longer so when it is at it again.
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
