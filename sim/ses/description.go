package ses

import "time"

// Description is what the API says of an account: GetAccount of version 2, and
// GetSendQuota and GetAccountSendingEnabled of version 1. What it says beside
// this, of dedicated addresses, the deliverability manager and prices, a run
// has not.
type Description struct {
	EnforcementStatus       Enforcement
	ProductionAccessEnabled bool
	SendingEnabled          bool
	Max24HourSend           int64 // recipients; -1: unlimited
	MaxSendRate             int64 // recipients a second
	SentLast24Hours         int64 // recipients
	SuppressedReasons       ListReasons
	Review                  ReviewStatus // of the last production-access request
}

// ReviewStatus is ReviewDetails.Status of GetAccount. An account that never
// asked for production access has none.
type ReviewStatus string

// The statuses. The API has no other word for a request about which AWS has
// asked than that it is pending.
const (
	NotReviewed   ReviewStatus = ""
	ReviewPending ReviewStatus = "PENDING"
	ReviewFailed  ReviewStatus = "FAILED" // internal error; the request may be sent again
	ReviewGranted ReviewStatus = "GRANTED"
	ReviewDenied  ReviewStatus = "DENIED"
)

// reviewStatuses are the statuses that answers lead to.
var reviewStatuses = [...]ReviewStatus{Granted: ReviewGranted, Denied: ReviewDenied, Failed: ReviewFailed, MoreInfo: ReviewPending}

// Describe returns what the API says of the account now. Whether AWS, when it
// pauses an account, turns the customer's own switch off as well is not
// published.
func (a *Account) Describe(now time.Duration) Description {
	return Description{
		EnforcementStatus:       a.enforcement,
		ProductionAccessEnabled: a.access == Production,
		SendingEnabled:          !a.customerPaused && (a.enforcement != Shutdown || a.rules.Pause.SendingEnabled),
		Max24HourSend:           a.quota,
		MaxSendRate:             a.rate.rate,
		SentLast24Hours:         a.sent.used(now),
		SuppressedReasons:       a.suppression,
		Review:                  a.reviewed,
	}
}
