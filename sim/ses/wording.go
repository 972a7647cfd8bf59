package ses

import (
	"fmt"
	"strings"
)

// Interface is the interface through which a call is made. It decides how a
// refusal is worded, and how large a message may be.
type Interface uint8

// The interfaces.
const (
	V2   Interface = iota // SendEmail of API version 2
	V1                    // SendEmail and SendRawEmail of the query API
	SMTP                  // the SMTP interface
)

// String returns v2, v1 or smtp.
func (i Interface) String() string { return [...]string{"v2", "v1", "smtp"}[i] }

// MaxSize returns the largest message the interface takes, in bytes after
// encoding: 10 MB through version 1, 40 MB through version 2 and SMTP.
func (i Interface) MaxSize() int64 {
	if i == V1 {
		return 10 << 20
	}
	return 40 << 20
}

// Error is a refusal as the client sees it.
type Error struct {
	Status  int    // HTTP status, or SMTP reply code
	Code    string // exception or error code; empty for SMTP
	Message string // as on the wire
}

// String writes the error on one line.
func (e Error) String() string {
	if e.Code == "" {
		return fmt.Sprintf("%d %s", e.Status, e.Message)
	}
	return fmt.Sprintf("%d %s: %s", e.Status, e.Code, e.Message)
}

// PauseBy says whose pause refuses a call.
type PauseBy uint8

// The pauses.
const (
	ByAWS      PauseBy = iota
	ByCustomer         // of the account
	OfSet              // by the customer, of a configuration set
	Suspended          // by AWS, for good
)

const (
	rateText  = "Maximum sending rate exceeded."
	quotaText = "Daily message quota exceeded."
	pauseText = "Sending paused for this account. For more information, please check the inbox of the email address associated with your AWS account."
)

// Throttled words a refusal by rate or quota. In version 2 both share one
// exception, and only the text tells them apart; version 1 calls it
// Throttling on the wire, whatever its guide says. SMTP answers after DATA
// and leaves out the full stop.
func Throttled(i Interface, reason Reason) Error {
	text := rateText
	if reason == RefusedQuota {
		text = quotaText
	}
	switch i {
	case V1:
		return Error{400, "Throttling", text}
	case SMTP:
		return Error{454, "", "Throttling failure: " + strings.TrimSuffix(text, ".")}
	}
	return Error{429, "TooManyRequestsException", text}
}

// Unverified words a failed identity check. The Region is printed in upper
// case, and the identities stand as they were given.
func Unverified(i Interface, region string, identities []string) Error {
	text := fmt.Sprintf("Email address is not verified. The following identities failed the check in region %s: %s",
		strings.ToUpper(region), strings.Join(identities, ", "))
	if i == SMTP {
		return Error{554, "", "Message rejected: " + text}
	}
	return Error{400, "MessageRejected", text}
}

// Paused words a refusal by a pause. The text of version 2 is not published
// and taken to be that of version 1.
func Paused(i Interface, by PauseBy) Error {
	switch {
	case i == SMTP:
		return Error{554, "", "Message rejected: " + pauseText}
	case by == Suspended:
		return Error{400, "AccountSuspendedException", pauseText}
	case i == V2:
		return Error{400, "SendingPausedException", pauseText}
	case by == ByCustomer:
		return Error{400, "AccountSendingPausedException", pauseText}
	case by == OfSet:
		return Error{400, "ConfigurationSetSendingPausedException", pauseText}
	}
	return Error{400, "MessageRejected", pauseText}
}

// Malformed words a call that has no recipients, too many of them, or a
// message too large for the interface. Only SMTP's text for the last is
// published; the others are assumed.
func Malformed(i Interface, recipients, size int64) Error {
	text := fmt.Sprintf("Message length is more than %d bytes long: '%d'.", i.MaxSize(), size)
	switch {
	case size > i.MaxSize() && i == SMTP:
		return Error{552, "", "Message is too long."}
	case recipients > MaxRecipients:
		text = fmt.Sprintf("Recipient count exceeds %d.", MaxRecipients)
	case recipients == 0:
		text = "Missing required header 'To'."
	}
	switch i {
	case SMTP:
		return Error{554, "", "Transaction failed: " + text}
	case V1:
		return Error{400, "InvalidParameterValue", text}
	}
	return Error{400, "BadRequestException", text}
}
