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
