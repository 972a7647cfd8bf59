package ses

import (
	"fmt"
	"time"

	"sesim/sim/rules"
	"sesim/sim/unit"
)

// requestState is the state of the account's production-access request.
//
//	          Submit             answer
//	idle ---------------> pending ------> idle (granted, denied, failed)
//	                       ^   |
//	               Submit  |   v answer: more-info
//	                      asked
type requestState uint8

const (
	requestIdle    requestState = iota // none, or answered
	requestPending                     // under review at AWS; the details are locked
	requestAsked                       // AWS has asked for more information
)

// Submit submits a production-access request. It returns false if another one is under
// review, which is a conflict.
func (a *Account) Submit(now time.Duration, mailType string) bool {
	if a.request == requestPending {
		a.Note(now, EventConflict, rules.ProdConflict, "409 ConflictException: another request is already under review")
		return false
	}
	why := mailType
	if a.request == requestAsked {
		why += ", in answer to AWS's questions"
	}
	a.request, a.reviewed = requestPending, ReviewPending
	a.Note(now, EventRequested, rules.ProdRequest, why)
	return true
}

// Decide applies AWS's answer to the request under review. quota (recipients in 24
// hours, -1: unlimited) and rate (recipients a second) are used if outcome is Granted.
func (a *Account) Decide(now time.Duration, outcome Outcome, quota, rate int64) {
	a.request, a.reviewed = requestIdle, reviewStatuses[outcome]
	switch outcome {
	case Granted:
		a.access = Production
		a.SetQuota(now, quota)
		a.SetRate(now, rate)
		a.Note(now, EventGranted, rules.ProdGrant, fmt.Sprintf("quota %s in 24 hours, %s a second", quotaWord(quota), unit.Grouped(rate)))
	case Denied:
		a.Note(now, EventDenied, rules.ProdDenied, "AWS gives no reason")
	case Failed:
		a.Note(now, EventFailed, rules.ProdFailed, "internal error; the request may be submitted again")
	case MoreInfo:
		a.request = requestAsked
		a.Note(now, EventMoreInfo, rules.ProdMoreInfo, "AWS asks for more information; the next request is the answer")
	}
}
