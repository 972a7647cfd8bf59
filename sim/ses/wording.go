package ses

import (
	"fmt"
	"slices"
	"strings"

	"sesim/sim/rules"
)

// Interface is the interface through which a call is made. It determines the wording of
// a refusal and the maximum size of a message.
type Interface uint8

// The interfaces.
const (
	V2   Interface = iota // SendEmail of API version 2
	V1                    // SendEmail and SendRawEmail of the query API
	SMTP                  // the SMTP interface
)

// String returns v2, v1 or smtp.
func (i Interface) String() string { return [...]string{"v2", "v1", "smtp"}[i] }

// MaxSize returns the maximum size of a message in bytes after encoding: 10 MB through
// version 1, 40 MB through version 2 and SMTP.
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

// String formats the error in one line.
func (e Error) String() string {
	if e.Code == "" {
		return fmt.Sprintf("%d %s", e.Status, e.Message)
	}
	return fmt.Sprintf("%d %s: %s", e.Status, e.Code, e.Message)
}

// PauseBy says which pause refuses a call.
type PauseBy uint8

// The pauses.
const (
	ByAWS      PauseBy = iota
	ByCustomer         // of the account
	OfSet              // by the customer, of a configuration set
	Suspended          // by AWS, permanently
)

const (
	rateText  = "Maximum sending rate exceeded."
	quotaText = "Daily message quota exceeded."
	pauseText = "Sending paused for this account. " +
		"For more information, please check the inbox of the email address associated with your AWS account."
)

// Throttled returns the error of a call refused by rate or quota. In version 2 both have
// the same exception and differ only in the message; version 1 sends the code
// Throttling, contrary to its guide. SMTP replies after DATA and omits the full stop.
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

// Unverified returns the error of a failed identity check. The Region is in upper case,
// and the identities are as given, each spelling once. A list of more than most
// characters is cut off and ends with three dots.
func Unverified(i Interface, region string, identities []string, most int64) Error {
	text := fmt.Sprintf("Email address is not verified. The following identities failed the check in region %s: %s",
		strings.ToUpper(region), listed(identities, most))
	if i == SMTP {
		return Error{554, "", "Message rejected: " + text}
	}
	return Error{400, "MessageRejected", text}
}

// listed joins identities, each once. The first is included whatever its length.
func listed(identities []string, most int64) string {
	var list strings.Builder
	for i, identity := range identities {
		switch {
		case slices.Contains(identities[:i], identity):
			continue
		case i > 0 && int64(list.Len()+len(", ")+len(identity)) > most:
			return list.String() + ", ..."
		case i > 0:
			list.WriteString(", ")
		}
		list.WriteString(identity)
	}
	return list.String()
}

// Paused returns the error of a call refused by a pause. The message of version 2 is not
// published and assumed to be the same as in version 1. Version 1 has no separate error
// for a permanently suspended account; it returns the one for other pauses by AWS.
func Paused(i Interface, by PauseBy) Error {
	switch {
	case i == SMTP:
		return Error{554, "", "Message rejected: " + pauseText}
	case i == V2 && by == Suspended:
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

// CallInput is the part of a call's input that is validated before anything else.
type CallInput struct {
	Recipients int64  // number of recipients
	Malformed  string // a malformed recipient, as given; empty: there is none
	Size       int64  // bytes after encoding
	MissingSet string // the configuration set of the call, if it does not exist
}

// Invalid returns the rule that the input breaks, rules.None if it is valid. Recipients
// are checked before the message, as in SMTP, and the message before the configuration
// set.
func (in CallInput) Invalid(i Interface) rules.ID {
	switch {
	case in.Recipients < 1 || in.Recipients > MaxRecipients:
		return rules.CallRecipients
	case in.Malformed != "":
		return rules.CallAddress
	case in.Size > i.MaxSize():
		return rules.CallSize
	case in.MissingSet != "":
		return rules.CallSet
	}
	return rules.None
}

// Malformed returns the error of a call with invalid input. SMTP's texts for a malformed
// address and a large message are published; the others are assumed.
func Malformed(i Interface, in CallInput) Error {
	rule, text := in.Invalid(i), ""
	switch rule {
	case rules.CallAddress:
		text = "Missing final '@domain'"
	case rules.CallSize:
		text = fmt.Sprintf("Message length is more than %d bytes long: '%d'.", i.MaxSize(), in.Size)
	case rules.CallRecipients:
		text = fmt.Sprintf("Recipient count exceeds %d.", MaxRecipients)
		if in.Recipients < 1 {
			text = "Missing required header 'To'."
		}
	}
	if rule == rules.CallSet {
		return NoSuchSet(i, in.MissingSet)
	}
	switch {
	case i == SMTP && rule == rules.CallAddress:
		return Error{553, "", "<" + in.Malformed + "> Invalid email address"}
	case i == SMTP && rule == rules.CallSize:
		return Error{552, "", "Message is too long."}
	case i == SMTP:
		return Error{554, "", "Transaction failed: " + text}
	case i == V1:
		return Error{400, "InvalidParameterValue", text}
	}
	return BadRequest(text)
}

// NoSuchSet returns the error of a call that names a configuration set that does not
// exist. The SMTP text is as observed by clients.
func NoSuchSet(i Interface, name string) Error {
	text := "Configuration set <" + name + "> does not exist."
	switch i {
	case V1:
		return Error{400, "ConfigurationSetDoesNotExist", text}
	case SMTP:
		return Error{554, "", "Configuration Set does not exist: " + text}
	}
	return Error{404, "NotFoundException", text}
}
