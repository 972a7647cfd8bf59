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
//
// After a denial, Submit leads nowhere unless the rules open a new case.
type requestState uint8

const (
	requestIdle    requestState = iota // none, or answered
	requestPending                     // under review at AWS; the details are locked
	requestAsked                       // AWS has asked for more information
)

// Submission is what Submit did.
type Submission uint8

// The submissions.
const (
	Conflicting Submission = iota // refused with ConflictException
	Opening                       // opened a case, with the details of the request
	Replying                      // answered AWS's questions in the open case, whose details stay
)

// Submit submits a production-access request, or replies to AWS's questions about the
// last one. pending are the parameters that say when the request under review is answered,
// if one is.
func (a *Account) Submit(now time.Duration, mailType string, pending rules.Reads) Submission {
	switch {
	case a.request == requestPending:
		a.NoteReads(now, EventConflict, rules.ProdConflict, pending, "409 ConflictException: another request is already under review")
		return Conflicting
	case a.request == requestAsked:
		a.request = requestPending
		a.Note(now, EventRequested, rules.ProdReply, "reply to AWS's questions in the same case")
		return Replying
	case a.reviewed == ReviewDenied && !a.rules.Prod.NewAfterDenied:
		a.Note(now, EventConflict, rules.ProdAfterDenied, "409 ConflictException: the last request was denied")
		return Conflicting
	}
	var reads rules.Reads
	if a.reviewed == ReviewDenied {
		reads = rules.ProdAfterDenied.Reads()
	}
	a.request, a.reviewed = requestPending, ReviewPending
	a.NoteReads(now, EventRequested, rules.ProdRequest, reads, mailType)
	return Opening
}

// Decide applies AWS's answer to the request under review. quota (recipients in 24
// hours, -1: unlimited) and rate (recipients a second) are used if outcome is Granted.
// reads are the parameters that say when AWS answers and what it grants.
func (a *Account) Decide(now time.Duration, outcome Outcome, quota, rate int64, reads rules.Reads) {
	a.request, a.reviewed = requestIdle, reviewStatuses[outcome]
	switch outcome {
	case Granted:
		a.access = Production
		a.SetQuota(now, quota)
		a.SetRate(now, rate)
		a.NoteReads(now, EventGranted, rules.ProdGrant, reads,
			fmt.Sprintf("quota %s in 24 hours, %s a second", quotaWord(quota), unit.Grouped(rate)))
	case Denied:
		a.NoteReads(now, EventDenied, rules.ProdDenied, reads, "AWS gives no reason")
	case Failed:
		a.NoteReads(now, EventFailed, rules.ProdFailed, reads, "internal error; the request may be submitted again")
	case MoreInfo:
		a.request = requestAsked
		a.NoteReads(now, EventMoreInfo, rules.ProdMoreInfo, reads, "AWS asks for more information; the next request is the reply")
	}
}
