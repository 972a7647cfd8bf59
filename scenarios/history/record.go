package history

import (
	"time"

	"sesim/sim/ses"
)

// Type is the type of an email event.
type Type uint8

// The types of email events, of event publishing and of notifications.
const (
	NoType Type = iota
	Send
	Delivery
	Bounce
	Complaint
	DeliveryDelay
	Reject
	RenderingFailure
	Open
	Click
	Subscription
	types
)

// typeNames are the values of eventType; notificationType has three of them.
var typeNames = [types]string{
	"", "Send", "Delivery", "Bounce", "Complaint", "DeliveryDelay", "Reject", "Rendering Failure", "Open", "Click", "Subscription",
}

// String returns the value of eventType.
func (t Type) String() string { return typeNames[t] }

// Moment is a time in nanoseconds since 1970-01-01T00:00:00Z. The zero value means
// that the record has no such time.
type Moment int64

// Time returns the moment in UTC.
func (m Moment) Time() time.Time { return time.Unix(0, int64(m)).UTC() }

// Class is the group of mailbox providers that a recipient's domain belongs to, all
// that is kept of the domain.
type Class uint8

// The classes. Gmail has no feedback loop that SES reports.
const (
	OtherDomain Class = iota
	Gmail
	Microsoft
	Yahoo
	Classes // how many there are
)

// String returns the class as outputs name it.
func (c Class) String() string { return [Classes]string{"other", "gmail", "microsoft", "yahoo"}[c] }

// Recipient is an address that a record is about.
type Recipient struct {
	Hash  uint64 // of the address in lower case; never 0
	Class Class
	// Simulator: the mailbox simulator. Own: of a domain of Options.OwnDomains.
	// Neither counts towards the account's rates.
	Simulator, Own bool
	// Elsewhere: not among the recipients of the message, as after forwarding.
	Elsewhere bool
}

// Record is an email event.
type Record struct {
	Type Type
	// Notification: in the format of notifications, which know no Send.
	Notification bool
	// Bounce is the kind of a bounce, else ses.NoBounce. Subtypes that the model does
	// not have count as General, and UndeterminedBounce has any subtype.
	Bounce ses.Bounce
	// OnList: a complaint or bounce without an attempt, because the address is on the
	// account-level suppression list.
	OnList bool

	Time     Moment // when it happened: MailTime where the event has no time of its own
	MailTime Moment // when SES accepted the message
	Expires  Moment // of a DeliveryDelay: when SES gives up
	Arrived  Moment // of a Complaint: when the message arrived

	Message  uint64 // hash of the message ID; never 0
	Feedback uint64 // hash of the feedback ID of a bounce or complaint; 0: none

	// Texts that the account chose, "" if missing. They are shared between records.
	Source    string   // the sender's address in lower case, without its name
	Caller    string   // the IAM identity
	Set       string   // the configuration set
	Tags      []string // values of Options.Tags, in their order
	DelayType string   // of a DeliveryDelay

	// Destinations is how many recipients the message has.
	Destinations int
	// Recipients are those that the record is about, without those of whom it is a
	// repeat: all of the message for Send, Reject, RenderingFailure, Open, Click and
	// Subscription. Empty where the record does not name them. The recipients of a
	// Complaint may have complained; together they count as one complaint.
	Recipients []Recipient
}
