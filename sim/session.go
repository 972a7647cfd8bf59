package sim

import (
	"errors"
	"time"

	"sesim/sim/rules"
	"sesim/sim/ses"
)

// Serve is how a Session of the scenario behaves: a run whose calls come from outside.
// A run of senders alone does not look at it.
type Serve struct {
	Addresses int64 // that a Session can tell apart besides those of audiences with a size
	Events    int64 // published events that are kept for readers of the stream
	Queue     int64 // events that may wait in a queue
	Magic     bool  // labels such as user+sesim-bounce@ decide what becomes of mail
	// VerifyAfter is how long the verification of a new identity takes; negative: it
	// waits until somebody verifies it.
	VerifyAfter time.Duration
	Topics      []Topic
}

// Topic is where events go that are published to the topic with that ARN: one of URL
// and Queue.
type Topic struct {
	ARN   string
	URL   string // of a web server that takes notifications
	Queue string // name of a queue
	Raw   bool   // the event itself is delivered, without an envelope
}

// ErrFull is wrapped by the error of a call that a Session has no room for: it names
// more addresses, or is sent with more configuration sets, than the Session can tell
// apart. The call was not decided, and changed nothing.
var ErrFull = errors.New("the session is full")

// CallsOf begins the name of the sender, followed by the account's, whose draws the calls of
// a Session have: the same mail, sent by a sender of that name, meets the same.
const CallsOf = "calls of "

// Call is a call to send mail that comes to a Session from outside.
type Call struct {
	Account   int       `json:"account,omitzero"`   // index into Config.Accounts
	Interface Interface `json:"interface,omitzero"` // it decides the wording of a refusal and the largest Size
	From      string    `json:"from"`               // as given, also as "Name <address>"
	// Checked are further identities that SES checks as it does From: Source, Sender,
	// Return-Path.
	Checked []string `json:"checked,omitempty"`
	// Delegated: the mail is sent for the identities of account Owner, under its
	// authorization.
	Delegated bool `json:"delegated,omitzero"`
	Owner     int  `json:"owner,omitzero"`
	// Set names a configuration set of the account; "": none. One that does not exist
	// refuses the call.
	Set        string   `json:"set,omitzero"`
	Recipients []string `json:"recipients"`     // addresses without names, in the order of the call
	Size       int64    `json:"size,omitzero"`  // of the message in bytes, after encoding
	SigV2      bool     `json:"sigv2,omitzero"` // SMTP credentials of the old kind
	// Malformed is a recipient that is not an address, as given. One without a domain
	// is found among Recipients in any case.
	Malformed string `json:"malformed,omitzero"`
	Rejected  bool   `json:"rejected,omitzero"` // the content scan finds a virus
	// Message is what events tell of the mail. It changes no decision.
	Message Message `json:"message,omitzero"`
}

// Message is what email events tell of mail and nothing in the model depends on.
type Message struct {
	Subject string   `json:"subject,omitzero"`
	Headers []Header `json:"headers,omitempty"` // as sent, in their order; at most MaxHeaders bytes are kept
	// Notify says which notifications of an identity have the headers too, as
	// SetIdentityHeadersInNotificationsEnabled has it.
	Notify    NotifyHeaders       `json:"notify,omitzero"`
	Tags      map[string][]string `json:"tags,omitempty"` // the sender's own, by name
	SourceIP  string              `json:"source_ip,omitzero"`
	Caller    string              `json:"caller,omitzero"`    // the identity of the caller
	Operation string              `json:"operation,omitzero"` // of the API: "SendEmail"; "" for SMTP
}

// NotifyHeaders are the types of an identity's notifications that have the mail's headers.
type NotifyHeaders struct {
	Bounce    bool `json:"bounce,omitzero"`
	Complaint bool `json:"complaint,omitzero"`
	Delivery  bool `json:"delivery,omitzero"`
}

// Of returns whether notifications of a type, as SES names it, have the headers.
func (n NotifyHeaders) Of(kind string) bool {
	return n.Bounce && kind == "Bounce" || n.Complaint && kind == "Complaint" || n.Delivery && kind == "Delivery"
}

// Header is a header field of a message.
type Header struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// MaxHeaders is how many bytes of headers SES puts into an email event.
const MaxHeaders = 10 << 10

// Operation is anything else that comes to a Session from outside: an action of the
// scenario's language, or a call to the API of SES that the language has no action for.
// Action.At is not used: it happens now.
type Operation struct {
	Action
	// Text is the address of a call on the account's list or of the removal form, in
	// place of Address and Spelling.
	Text string `json:"text,omitzero"`
	// SetName is the configuration set, in place of Set. DoCreateSet makes a set of a
	// new name.
	SetName string `json:"set_name,omitzero"`
	// Create is what DoCreateSet creates, in place of what the scenario describes. Its
	// name is SetName.
	Create *ConfigurationSet `json:"create,omitempty"`
	// Request is a request for production access (PutAccountDetails) of Action.Account,
	// in place of an action. Its At is not used.
	Request *Request `json:"request,omitempty"`
}

// Name returns the word of the action in the scenario's language, or "request".
func (o *Operation) Name() string {
	if o.Request != nil {
		return "request"
	}
	return o.Do.String()
}

// Answer is what a Session answers to a Call or an Operation.
type Answer struct {
	Message int64      // of a Call: its number among the account's calls, from 0
	Reason  ses.Reason // of a Call
	Error   ses.Error  // as the interface words it; the zero value: none
	Rule    rules.ID   // that refused; rules.None: none did
	Meters  ses.Meters // of a Call, before the decision
	// Listed is the reason of the entry that DoGet found.
	Listed ses.ListReasons
}

// Accepted reports whether SES did what it was called for.
func (a *Answer) Accepted() bool { return a.Error == ses.Error{} }

// Opening is the first use of a Region by a customer: there is an account then, in the sandbox
// and without identities, as if it had been there from the start.
type Opening struct {
	Account int    `json:"account,omitzero"` // index into Config.Accounts: one of the customer's
	Region  string `json:"region"`           // in which the customer has no account
}

// MaxOpenings is the number of accounts that a Session may get by openings.
const MaxOpenings = 64

// Input is what comes to a Session from outside, one of the three. A Session with the same
// Config and the same inputs at the same times gives the same answers, the same records
// and the same Result.
type Input struct {
	Call      *Call      `json:"call,omitempty"`
	Operation *Operation `json:"operation,omitempty"`
	Open      *Opening   `json:"open,omitempty"`
}
