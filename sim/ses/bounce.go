package ses

// Bounce is the type and subtype of a bounce, as SES publishes them.
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
	TransientBlockedIP // the server blocks the address that SES sends from
	TransientDeferred  // the server puts the mail off
	// TransientCustomTimeout ends the time that the mail's configuration set
	// gives SES to deliver, whatever the attempts met (guide, contents of event
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

// String returns type and subtype, joined by a slash.
func (b Bounce) String() string {
	if b == NoBounce {
		return "none"
	}
	return b.Type() + "/" + b.SubType()
}

// Deferrals returns the values of delayType, General first, that a server which
// puts mail off may cause. Of the others MailboxFull and IPFailure stand for
// bounces of their own, and the rest for what a run has not.
func Deferrals() []string {
	return []string{"General", "SpamDetected", "RecipientServerError", "TransientCommunicationFailure", "Undetermined"}
}
