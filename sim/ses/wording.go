package ses

import (
	"fmt"
	"slices"
	"strings"

	"sesim/sim/rules"
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
// case, and the identities stand as they were given, each form once. A list
// of more than most characters ends early, with three dots.
func Unverified(i Interface, region string, identities []string, most int64) Error {
	text := fmt.Sprintf("Email address is not verified. The following identities failed the check in region %s: %s",
		strings.ToUpper(region), listed(identities, most))
	if i == SMTP {
		return Error{554, "", "Message rejected: " + text}
	}
	return Error{400, "MessageRejected", text}
}

// listed joins identities, each once. It shows the first in any case.
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

// Paused words a refusal by a pause. The text of version 2 is not published
// and taken to be that of version 1. Version 1 has no error of its own for an
// account that is suspended for good, and says what it says of other pauses by
// AWS.
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

// Form is what is looked at of a call before anything else is: how many
// recipients it has, a malformed one among them, and its size.
type Form struct {
	Recipients int64
	Malformed  string // a recipient as given; empty: none is malformed
	Size       int64  // bytes after encoding
	MissingSet string // the configuration set that the call names, where it does not exist
}

// Invalid returns the rule that a call of this form breaks, rules.None for a
// good one: recipients come before the message, as they do in SMTP, and the
// message before what its headers name.
func (f Form) Invalid(i Interface) rules.ID {
	switch {
	case f.Recipients < 1 || f.Recipients > MaxRecipients:
		return rules.CallRecipients
	case f.Malformed != "":
		return rules.CallAddress
	case f.Size > i.MaxSize():
		return rules.CallSize
	case f.MissingSet != "":
		return rules.CallSet
	}
	return rules.None
}

// Malformed words a call whose form is not valid. SMTP's texts for a malformed
// address and a large message are published; the others are assumed.
func Malformed(i Interface, f Form) Error {
	rule, text := f.Invalid(i), ""
	switch rule {
	case rules.CallAddress:
		text = "Missing final '@domain'"
	case rules.CallSize:
		text = fmt.Sprintf("Message length is more than %d bytes long: '%d'.", i.MaxSize(), f.Size)
	case rules.CallRecipients:
		text = fmt.Sprintf("Recipient count exceeds %d.", MaxRecipients)
		if f.Recipients < 1 {
			text = "Missing required header 'To'."
		}
	}
	if rule == rules.CallSet {
		return noSuchSet(i, f.MissingSet)
	}
	switch {
	case i == SMTP && rule == rules.CallAddress:
		return Error{553, "", "<" + f.Malformed + "> Invalid email address"}
	case i == SMTP && rule == rules.CallSize:
		return Error{552, "", "Message is too long."}
	case i == SMTP:
		return Error{554, "", "Transaction failed: " + text}
	case i == V1:
		return Error{400, "InvalidParameterValue", text}
	}
	return Error{400, "BadRequestException", text}
}

// NoSuchSet is the text about a configuration set that does not exist.
func NoSuchSet(name string) string { return "Configuration set <" + name + "> does not exist." }

// noSuchSet words a call that names such a set, by SMTP as clients have seen
// it.
func noSuchSet(i Interface, name string) Error {
	switch i {
	case V1:
		return Error{400, "ConfigurationSetDoesNotExist", NoSuchSet(name)}
	case SMTP:
		return Error{554, "", "Configuration Set does not exist: " + NoSuchSet(name)}
	}
	return Error{404, "NotFoundException", NoSuchSet(name)}
}
