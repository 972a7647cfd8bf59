package sim

import (
	"time"

	"sesim/sim/client"
	"sesim/sim/rules"
	"sesim/sim/ses"
)

// Observer receives the email events of a run in order of virtual time, ties
// in the order in which they were handled. A Record is valid during the call
// only. An observer must not change anything the run depends on.
type Observer interface {
	Observe(*Record)
}

// RecordKind is what a Record tells.
type RecordKind uint8

// The kinds of records. Refused, Sent, TimedOut and SessionClosed concern a call, GaveUp a
// message; the others one recipient or one account. After SessionClosed a client with
// Connection.Reconnect makes the same call at the same moment on a new session; without, the
// call is over, and SES has not received it.
const (
	Refused           RecordKind = iota // a call was refused: Reason, Recipients
	Sent                                // a call was accepted: Recipients
	SuppressedAccount                   // the account's list suppressed Address
	SuppressedGlobal                    // the global list suppressed Address
	Simulated                           // the mailbox simulator answered
	Delivered                           // Address took the mail
	Delayed                             // a soft bounce that SES will retry
	HardBounced                         // Address bounced hard
	SoftBounced                         // SES gave up retrying
	Complained                          // a complaint about Address reached SES
	ListedGlobal                        // Address is on the global list until Until, at Strikes
	UnlistedGlobal                      // the removal form took Address off the global list
	ListedAccount                       // Address is on the account's list
	UnlistedAccount                     // Address was taken off the account's list
	Rejected                            // the content scan rejected the mail to Address
	AutoReplied                         // Address answered that its owner is out of office
	TimedOut                            // a connection timed out before it reached SES: Recipients
	GaveUp                              // the sender's client gave a message up: Loss, Recipients
	Changed                             // the account's state changed: Transition
	SessionClosed                       // a call met an SMTP session that SES had closed: Recipients, Error
)

// Kinds is a set of kinds of records.
type Kinds uint32

// KindsOf returns the set of the given kinds.
func KindsOf(kinds ...RecordKind) Kinds {
	s := Kinds(0)
	for _, k := range kinds {
		s |= 1 << k
	}
	return s
}

// Has reports whether a kind is in the set.
func (s Kinds) Has(k RecordKind) bool { return s>>k&1 != 0 }

// Selection says which records an Observer receives; the zero value selects all. The
// engine does not make the others, and a run costs less the narrower it is: mail whose
// acceptance and delivery are not to be observed takes the fast path.
type Selection struct {
	Kinds Kinds // 0: all
	// Account is the number of an account, from 1; 0: any. Of other accounts there are only
	// records of the kind Changed, with ObserverOf only of those in its partition.
	Account int
	// Address leaves out records about recipients and calls that do not concern it, with
	// ObserverOf also those of the kind Changed in other partitions; nil: any.
	Address *Address
}

// Record is one email event or change of state.
type Record struct {
	Kind       RecordKind
	At         time.Duration
	Account    int
	Sender     int   // -1 where no sender of the scenario is involved
	Live       bool  // the mail is of a Session's call
	Message    int64 // number among the sender's messages, of a Session among the account's calls; from 0
	Set        int   // Live: number of the mail's configuration set, from 1; 0: none
	Call       *Call // Live: Sent, Refused
	Attempt    int   // calls for the message before this one; GaveUp: all calls for it
	Address    Address
	Recipients []Address     // Refused, Sent, TimedOut, SessionClosed, GaveUp
	Due        time.Duration // with Recipients: when the message was due
	Started    time.Duration // Refused, Sent, TimedOut, SessionClosed: when the call began; At unless a client has a latency
	// Process, of a call by a client, is the copy of the program that makes it, from 0, and
	// Connection the number of the call's connection among those that the copy has opened,
	// from 1; SessionClosed: of the one whose session SES had closed. 0: no client.
	Process, Connection int
	Loss                client.Reason // GaveUp
	Reason              ses.Reason
	Error               ses.Error // Refused, SessionClosed: as the sender's interface words it
	Rule                rules.ID
	ListReason          ses.ListReasons // SuppressedAccount, ListedAccount
	Async               bool            // HardBounced: after a delivery
	Follows             bool            // Delivered, AutoReplied: another record about this recipient's mail comes later
	Until               time.Duration   // ListedGlobal
	Spelling            string          // ListedAccount, UnlistedAccount: the entry's text where it differs from Address
	Strikes             int             // ListedGlobal
	SentAt              time.Duration   // when SES accepted the mail this is about
	Exempt              bool            // the account has verified Address: mail to it counts towards no rate
	Counts              bool            // HardBounced, SuppressedGlobal, Complained: towards the account's rate
	Transition          ses.Transition
	Bounce              ses.Bounce    // what is published as a bounce, or a delay that may become one
	Met                 ses.Bounce    // SoftBounced by ses.TransientCustomTimeout: what the attempts met
	Simulator           ses.Simulator // Simulated
	Meters              ses.Meters    // Refused, Sent: before the decision
	Reads               rules.Reads   // the parameters that the decision read
}
