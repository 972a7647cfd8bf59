package ses

import (
	"fmt"
	"iter"
	"slices"
)

// Event is the kind of an entry of an account's timeline. The zero value is no event,
// and its name is empty.
type Event uint8

// The events, in the order in which metrics list them.
const (
	EventRequested             Event = iota + 1 // production access was requested
	EventConflict                               // a request was made while another was under review
	EventGranted                                // production access
	EventDenied                                 // production access
	EventFailed                                 // a request for production access, by an internal error
	EventMoreInfo                               // AWS asks for more information
	EventUnderReview                            // the account
	EventReviewExtended                         // by the length of a review
	EventPendingEndOfReview                     // the review has ended, AWS has not decided
	EventPendingPause                           // AWS has announced a pause
	EventPaused                                 // by AWS
	EventSuspended                              // the pause is permanent
	EventHealthy                                // again: a review or a pause has ended
	EventAppealed                               // the customer appealed
	EventAppealRejected                         // by AWS
	EventQuotaRaised                            // by AWS, automatically
	EventVerified                               // an identity
	EventUnverified                             // an identity was deleted
	EventVerificationPending                    // an identity waits for its owner
	EventVerificationFailed                     // an identity's owner did not answer in time
	EventVerificationRefused                    // the account has too many identities
	EventCustomerPaused                         // the account, by the customer
	EventCustomerResumed                        // the account, by the customer
	EventSetPaused                              // a configuration set, by the customer
	EventSetResumed                             // a configuration set, by the customer
	EventSetCreated                             // a configuration set
	EventSetDeleted                             // a configuration set
	EventSetExists                              // a configuration set could not be created again
	EventSuppressionChanged                     // the reasons of the account-level suppression list
	EventSetSuppressionChanged                  // the reasons of a configuration set
	EventQuotaChanged                           // quota or maximum send rate, by an action of the scenario
	EventListed                                 // the account-level suppression list was read
	EventFound                                  // an address, on the account-level suppression list
	EventNotFound                               // an address, an identity or a configuration set
	EventBlocked                                // a call, by the sandbox
	EventThrottled                              // a call other than sending
	EventImported                               // addresses, to or from the account-level suppression list
	EventImportFailed                           // too many addresses at once
	EventListEmptied                            // the account-level suppression list, after a long pause
	EventRemovedGlobal                          // an address left the global suppression list on request
	EventRemovalRefused                         // an address stays on the global suppression list
)

// eventTexts are the events' names in timelines, reports and thresholds.
var eventTexts = [...]string{
	EventRequested:             "requested",
	EventConflict:              "conflict",
	EventGranted:               "granted",
	EventDenied:                "denied",
	EventFailed:                "failed",
	EventMoreInfo:              "more-info",
	EventUnderReview:           "under-review",
	EventReviewExtended:        "review-extended",
	EventPendingEndOfReview:    "pending-end-of-review",
	EventPendingPause:          "pending-pause",
	EventPaused:                "paused",
	EventSuspended:             "suspended",
	EventHealthy:               "healthy",
	EventAppealed:              "appealed",
	EventAppealRejected:        "appeal-rejected",
	EventQuotaRaised:           "quota-raised",
	EventVerified:              "verified",
	EventUnverified:            "unverified",
	EventVerificationPending:   "verification-pending",
	EventVerificationFailed:    "verification-failed",
	EventVerificationRefused:   "verification-refused",
	EventCustomerPaused:        "customer-paused",
	EventCustomerResumed:       "customer-resumed",
	EventSetPaused:             "set-paused",
	EventSetResumed:            "set-resumed",
	EventSetCreated:            "set-created",
	EventSetDeleted:            "set-deleted",
	EventSetExists:             "set-exists",
	EventSuppressionChanged:    "suppression-changed",
	EventSetSuppressionChanged: "set-suppression-changed",
	EventQuotaChanged:          "quota-changed",
	EventListed:                "listed",
	EventFound:                 "found",
	EventNotFound:              "not-found",
	EventBlocked:               "blocked",
	EventThrottled:             "throttled",
	EventImported:              "imported",
	EventImportFailed:          "import-failed",
	EventListEmptied:           "list-emptied",
	EventRemovedGlobal:         "removed-global",
	EventRemovalRefused:        "removal-refused",
}

// Events yields all events in order.
func Events() iter.Seq[Event] {
	return func(yield func(Event) bool) {
		for e := EventRequested; int(e) < len(eventTexts) && yield(e); e++ {
		}
	}
}

// String returns the event's name, such as "under-review".
func (e Event) String() string { return eventTexts[e] }

// ParseEvent parses an event's name.
func ParseEvent(text string) (Event, error) {
	if i := slices.Index(eventTexts[:], text); i > 0 {
		return Event(i), nil
	}
	return 0, fmt.Errorf("%q is not an event of a timeline, such as %q", text, EventUnderReview.String())
}

// MarshalText returns the event's name, as JSON has it.
func (e Event) MarshalText() ([]byte, error) { return []byte(e.String()), nil }

// UnmarshalText parses an event's name.
func (e *Event) UnmarshalText(text []byte) (err error) {
	*e, err = ParseEvent(string(text))
	return err
}
