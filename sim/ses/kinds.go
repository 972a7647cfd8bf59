package ses

import (
	"fmt"
	"strings"
)

// Access says whether an account is in the sandbox of its Region.
type Access uint8

// The kinds of access.
const (
	Sandbox Access = iota
	Production
)

// The quota and the rate of an account in the sandbox.
const (
	SandboxQuota = 200
	SandboxRate  = 1
)

// String returns sandbox or production.
func (a Access) String() string {
	if a == Production {
		return "production"
	}
	return "sandbox"
}

// Enforcement is the enforcement status of an account.
//
//	          rate at the review threshold
//	Healthy ------------------------------> Probation
//	   ^ ^                                    |   |
//	   | +-- review ends well, or appeal -----+   | review ends badly
//	   |                                          v
//	   +------------- appeal accepted -------- Shutdown <-- rate far above the
//	                                                        pause threshold
type Enforcement uint8

// The statuses, under the names of the API (GetAccount, EnforcementStatus).
const (
	Healthy   Enforcement = iota // no finding
	Probation                    // under review; sending goes on
	Shutdown                     // paused by AWS; every call is refused
)

// String returns the API's value.
func (e Enforcement) String() string {
	return [...]string{"HEALTHY", "PROBATION", "SHUTDOWN"}[e]
}

// Reason is the reason for which a call was refused, or Accepted. A refusal is an
// outcome, not an error.
type Reason uint8

// The reasons, in the order of the summary. For the order in which admission checks
// them, see the package comment.
const (
	RefusedRate       Reason = iota // max send rate (throttled)
	RefusedQuota                    // rolling sending quota (throttled)
	RefusedUnverified               // an identity failed the check (rejected)
	RefusedPaused                   // sending is paused, by AWS or by the customer (rejected)
	RefusedInvalid                  // malformed call (rejected)
	Accepted
	Reasons = int(Accepted) // the number of reasons for a refusal
)

// String returns the reason's word in summaries and scenarios.
func (r Reason) String() string {
	return [...]string{"rate", "quota", "unverified", "paused", "invalid", "accepted"}[r]
}

// ListReasons is a set of suppression reasons: those for which addresses are added to
// the account-level list, and for which it suppresses mail. The zero value turns the
// list off.
type ListReasons uint8

// The reasons of SuppressedReasons in the API.
const (
	ListBounce    ListReasons = 1 << iota // BOUNCE
	ListComplaint                         // COMPLAINT
)

// ParseListReason parses BOUNCE or COMPLAINT.
func ParseListReason(text string) (ListReasons, error) {
	switch text {
	case "BOUNCE":
		return ListBounce, nil
	case "COMPLAINT":
		return ListComplaint, nil
	}
	return 0, fmt.Errorf("%q is not one of \"BOUNCE\", \"COMPLAINT\"", text)
}

// String returns the reasons as the API lists them, joined by a comma.
func (r ListReasons) String() string { return strings.Join(r.List(), ",") }

// List returns the reasons as the API lists them; empty, not nil, for none.
func (r ListReasons) List() []string {
	names := []string{}
	if r&ListBounce != 0 {
		names = append(names, "BOUNCE")
	}
	if r&ListComplaint != 0 {
		names = append(names, "COMPLAINT")
	}
	return names
}

// Outcome is how a production-access request ends.
type Outcome uint8

// The outcomes. Until then, the API's ReviewDetails.Status is PENDING.
const (
	Granted Outcome = iota
	Denied
	Failed   // internal error; the customer may submit the request again
	MoreInfo // AWS asks for more information; the next request is the reply
)

// String returns the outcome's word in scenarios and timelines.
func (o Outcome) String() string {
	return [...]string{"granted", "denied", "failed", "more-info"}[o]
}
