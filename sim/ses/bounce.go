package ses

// Bounce is the type and subtype of a bounce as published by SES.
type Bounce uint8

// The bounces. Hard bounces are the Permanent ones.
const (
	NoBounce Bounce = iota
	PermanentGeneral
	PermanentNoEmail
	PermanentSuppressed    // by the global list
	PermanentOnAccountList // by the account's list
	TransientGeneral       // also automatic replies
	TransientMailboxFull
	TransientMessageTooLarge
	TransientContentRejected
	TransientAttachmentRejected
	UndeterminedBounce
	TransientBlockedIP // the server blocks the IP address of SES
	TransientDeferred  // the server defers the mail
	// TransientCustomTimeout: the mail was not delivered in the time set by its
	// configuration set, whatever the attempts met (guide, contents of event
	// records: "within the time specified by the email sender").
	TransientCustomTimeout
)

var bounceWords = [...][2]string{
	PermanentGeneral:            {"Permanent", "General"},
	PermanentNoEmail:            {"Permanent", "NoEmail"},
	PermanentSuppressed:         {"Permanent", "Suppressed"},
	PermanentOnAccountList:      {"Permanent", "OnAccountSuppressionList"},
	TransientGeneral:            {"Transient", "General"},
	TransientMailboxFull:        {"Transient", "MailboxFull"},
	TransientMessageTooLarge:    {"Transient", "MessageTooLarge"},
	TransientContentRejected:    {"Transient", "ContentRejected"},
	TransientAttachmentRejected: {"Transient", "AttachmentRejected"},
	UndeterminedBounce:          {"Undetermined", "Undetermined"},
	TransientBlockedIP:          {"Transient", "General"},
	TransientDeferred:           {"Transient", "General"},
	TransientCustomTimeout:      {"Transient", "CustomTimeoutExceeded"},
}

// Type returns bounceType: Permanent, Transient or Undetermined.
func (b Bounce) Type() string { return bounceWords[b][0] }

// SubType returns bounceSubType.
func (b Bounce) SubType() string { return bounceWords[b][1] }

// String returns the type and subtype, joined by a slash.
func (b Bounce) String() string {
	if b == NoBounce {
		return "none"
	}
	return b.Type() + "/" + b.SubType()
}

// Deferrals returns the values of delayType that a server may cause by deferring mail,
// General first. Of the other values, MailboxFull and IPFailure belong to separate
// bounces, and the rest do not occur in a run.
func Deferrals() []string {
	return []string{"General", "SpamDetected", "RecipientServerError", "TransientCommunicationFailure", "Undetermined"}
}
