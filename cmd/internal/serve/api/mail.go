package api

// Mail is one message of a call as SES reads it: everything that a decision or a record
// depends on. Its content is not kept.
type Mail struct {
	// From is the sender as the call names it: FromEmailAddress, Source, or the header
	// From; also as "Name <address>".
	From string
	// Checked are further identities that the call names and SES checks like From:
	// Source, MAIL FROM, the headers Sender and Return-Path, as given.
	Checked []string
	// ReturnPath is the address to which bounces would be returned, and the source in
	// events; empty: From.
	ReturnPath string
	// IdentityARN names the identity whose owner has authorized the caller to send for it;
	// empty: the caller's own.
	IdentityARN string
	// To, Cc and Bcc are the recipients as given. SMTP has To only: the envelope.
	To, Cc, Bcc []string
	// ConfigurationSetName is the configuration set; empty: the default of the identity, if
	// it has one.
	ConfigurationSetName string
	Tags                 []MessageTag
	Subject              string
	// Headers are those of the message that events show, in order, without those that SES
	// removes. They take at most MaxHeaders bytes together, else Truncated is set.
	Headers   []MessageHeader
	Truncated bool
	// Size is the size of the message in bytes after encoding, without a template's.
	Size int64
	// Template is rendered before the message is sent; nil: the message is whole.
	Template *Template
	// Tenant is the tenant for which the message is sent; empty: none.
	Tenant string
}

// MaxHeaders is the number of bytes of a message's headers that its events show.
const MaxHeaders = 10 << 10

// Recipients returns the number of recipients.
func (m *Mail) Recipients() int { return len(m.To) + len(m.Cc) + len(m.Bcc) }

// MessageTag is a tag of a message, which its events show.
type MessageTag struct {
	Name  string `must:"be"`
	Value string `must:"be"`
}

// MessageHeader is a header of a message.
type MessageHeader struct {
	Name  string `must:"be"`
	Value string `must:"be"`
}

// Send sends one message. Its output is Sent.
type Send struct{ Mail }

// Sent is the answer to an accepted message.
type Sent struct {
	MessageID string `json:"MessageId"`
}

// MaxBulk is the number of entries that a call has at most.
const MaxBulk = 50

// SendBulk sends messages of one template, each for itself. Its output is SentBulk.
type SendBulk struct{ Entries []Mail }

// SentBulk has one result for each entry, in order.
type SentBulk struct{ Results []BulkResult }

// BulkResult is what became of one entry.
type BulkResult struct {
	Status    BulkStatus
	Error     string // empty for BulkSuccess
	MessageID string // empty for others
}

// BulkStatus is the status of an entry.
type BulkStatus uint8

// The statuses.
const (
	BulkSuccess BulkStatus = iota
	BulkMessageRejected
	BulkMailFromDomainNotVerified
	BulkSetNotFound
	BulkTemplateNotFound
	BulkAccountSuspended
	BulkThrottled
	BulkDailyQuota
	BulkInvalidPool
	BulkAccountPaused
	BulkSetPaused
	BulkInvalidParameter
	BulkTransientFailure
	BulkFailed
)

var bulkV2 = [...]string{
	"SUCCESS", "MESSAGE_REJECTED", "MAIL_FROM_DOMAIN_NOT_VERIFIED", "CONFIGURATION_SET_NOT_FOUND", "TEMPLATE_NOT_FOUND",
	"ACCOUNT_SUSPENDED", "ACCOUNT_THROTTLED", "ACCOUNT_DAILY_QUOTA_EXCEEDED", "INVALID_SENDING_POOL_NAME",
	"ACCOUNT_SENDING_PAUSED", "CONFIGURATION_SET_SENDING_PAUSED", "INVALID_PARAMETER", "TRANSIENT_FAILURE", "FAILED",
}

var bulkV1 = [...]string{
	"Success", "MessageRejected", "MailFromDomainNotVerified", "ConfigurationSetDoesNotExist", "TemplateDoesNotExist",
	"AccountSuspended", "AccountThrottled", "AccountDailyQuotaExceeded", "InvalidSendingPoolName",
	"AccountSendingPaused", "ConfigurationSetSendingPaused", "InvalidParameterValue", "TransientFailure", "Failed",
}

// V2 returns the status as version 2 names it.
func (s BulkStatus) V2() string { return bulkV2[s] }

// V1 returns the status as version 1 names it.
func (s BulkStatus) V1() string { return bulkV1[s] }

// BulkStatusOf returns the status of an entry whose message is refused with an error.
func BulkStatusOf(e *Error) BulkStatus {
	status, known := bulkCodes[e.Wire.Code]
	switch {
	case !known:
		return BulkFailed
	case e.Kind == QuotaExceeded: // of the same code as the rate
		return BulkDailyQuota
	case e.Kind == TemplateNotFound: // of the same code as the set, in version 2
		return BulkTemplateNotFound
	}
	return status
}
