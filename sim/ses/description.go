package ses

import "time"

// Description is the information that the API returns about an account: GetAccount of
// version 2, GetSendQuota and GetAccountSendingEnabled of version 1. It excludes what
// the model does not include: dedicated IP addresses, the Virtual Deliverability
// Manager and prices.
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

// ReviewStatus is ReviewDetails.Status of GetAccount. It is empty for an account that
// never requested production access.
type ReviewStatus string

// The statuses. A request about which AWS has asked for more information is still
// PENDING.
const (
	NotReviewed   ReviewStatus = ""
	ReviewPending ReviewStatus = "PENDING"
	ReviewFailed  ReviewStatus = "FAILED" // internal error; the request may be submitted again
	ReviewGranted ReviewStatus = "GRANTED"
	ReviewDenied  ReviewStatus = "DENIED"
)

// reviewStatuses are the statuses after each outcome.
var reviewStatuses = [...]ReviewStatus{Granted: ReviewGranted, Denied: ReviewDenied, Failed: ReviewFailed, MoreInfo: ReviewPending}

// Describe returns what the API returns about the account now. Whether a pause by AWS
// also turns off the customer's own switch is not published; see
// pause.sending_enabled.
func (a *Account) Describe(now time.Duration) Description {
	return Description{
		EnforcementStatus:       a.enforcement,
		ProductionAccessEnabled: a.access == Production,
		SendingEnabled:          !a.customerPaused && (a.enforcement != Shutdown || a.rules.Pause.SendingEnabled),
		Max24HourSend:           a.quota,
		MaxSendRate:             a.rate.rate,
		SentLast24Hours:         a.QuotaUsed(now),
		SuppressedReasons:       a.suppression,
		Review:                  a.reviewed,
	}
}
