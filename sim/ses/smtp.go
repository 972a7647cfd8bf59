package ses

// SMTPReply is a reply of the SMTP interface (guide, SMTP response codes).
type SMTPReply struct {
	Code int
	Text string // as on the wire; variable parts are in < >
	When string
	// Run says whether the reply can occur in a run. The others concern the network,
	// credentials and permissions, which the model does not include; they are listed
	// for programs that need to reply as SES does.
	Run bool
}

// SMTPReplies are all replies that AWS documents, and the one about messages per session,
// which customers report, in the order of their codes. For a
// message that is too long, that page still says 10 MB, while the page on quotas says
// 40 MB.
var SMTPReplies = []SMTPReply{
	{235, "Authentication successful.", "the credentials are good", false},
	{250, "Ok <MessageID>", "a message is accepted", true},
	{421, sessionFullText, "the session has had as many messages as it may have", true},
	{421, "Too many concurrent SMTP connections", "the account has too many connections open", false},
	{451, "Temporary service failure", "SES is not available", false},
	{451, "Timeout waiting for data from client", "the client takes too long", true},
	{454, "Temporary authentication failure", "the credentials cannot be checked", false},
	{454, "Temporary service failure", "SES is not available", false},
	{454, "Throttling failure: Daily message quota exceeded", "the sending quota is used up", true},
	{454, "Throttling failure: Maximum sending rate exceeded", "the max send rate is exceeded", true},
	{454, "Throttling failure: Maximum SigV2 SMTP sending rate exceeded", "the same, with credentials of the old kind", true},
	{530, "Authentication required", "the client has not authenticated", false},
	{535, "Authentication Credentials Invalid", "the credentials are wrong", false},
	{552, "Message is too long.", "the message is larger than 40 MB", true},
	{553, "<Address> Invalid email address", "a recipient is malformed", true},
	{553, "<Address> address unknown", "the client greets with a name that does not exist", false},
	{554, "Access denied: <Reason>", "the user may not send", false},
	{554, "Message rejected: Email address is not verified. The following identities failed the check in region <Region>: " +
		"<Identities>", "an identity is not verified", true},
	{554, "Message rejected: " + pauseText, "sending is paused", true},
	{554, "Transaction failed: <Reason>", "the call is not valid for another reason", true},
}

// sessionFullText is the text of SessionFull, as customers have got it (knadh/listmonk#2683,
// kobotoolbox/kpi#7456); AWS does not document it.
const sessionFullText = "Connection closed by server. Maximum message count per session reached."

// sigV2Text is the text of ThrottledSigV2.
const sigV2Text = "Throttling failure: Maximum SigV2 SMTP sending rate exceeded"

// ThrottledSigV2 returns the error of a call refused by the maximum send rate if the SMTP
// credentials are of the old kind, made for version 2 of AWS's signatures.
func ThrottledSigV2() Error { return Error{454, "", sigV2Text} }

// SessionIdle returns the reply to a command on a session that SES has closed because there
// was no call for long.
func SessionIdle() Error { return Error{451, "", "Timeout waiting for data from client"} }

// SessionFull returns the reply to a message on a session that has had as many as it may.
func SessionFull() Error { return Error{421, "", sessionFullText} }
