package sim

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"

	"sesim/sim/client"
	"sesim/sim/criteria"
	"sesim/sim/directory"
	"sesim/sim/mailbox"
	"sesim/sim/rng"
	"sesim/sim/rules"
	"sesim/sim/sender"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// Limits on what one run may hold. A Config beyond them is refused before
// anything is simulated.
const (
	MaxAccounts  = 100_000
	MaxSenders   = 200_000   // and the same number of their routes
	MaxProcesses = 1_000_000 // of all clients
	MaxAddresses = 1 << 30   // over all audiences
	MaxMixture   = 100       // audiences of one sender, and accounts
)

// Config is everything a run depends on. The same Config gives the same
// Result, byte for byte. Accounts, audiences and senders refer to each other
// by index.
type Config struct {
	Name     string
	Question string
	Edition  string
	Start    time.Time     // the epoch of the virtual clock, UTC; it shifts what is printed and nothing else
	Horizon  time.Duration // virtual time simulated: 0 <= t < Horizon; positive
	Seed     uint64

	Rules      rules.Set
	OwnRules   []string // names of the parameters in Rules that the scenario sets itself, sorted
	Filled     []Filled // figures of accounts that the rules fill in
	Thresholds []criteria.Criterion
	Figures    *FigureTable // that thresholds may ask for and reports tell; nil: those that ship
	Asked      []string     // metrics that the caller reads besides those of the thresholds; see OwnRates
	Accounts   []Account
	Audiences  []Audience
	Senders    []Sender
	Clients    []Client
	Uncertain  []Uncertain // shares and rates that are not known exactly
	Drawn      bool        // they are as drawn under Seed; otherwise at their means
	Draws      bool        // replications draw them: see replicate.Config
	Actions    []Action    // in any order
	Serve      Serve
}

// Account is an SES account in one Region.
type Account struct {
	Name        string
	Region      string
	Access      ses.Access
	Quota       int64           // recipients in a rolling 24 h; -1: unlimited; 0 admits nobody
	Rate        int64           // recipients a second; at least 1
	Identities  []string        // verified domains and addresses
	Suppression ses.ListReasons // of the account-level list
	Requests    []Request       // in order of time
	// Customer names the AWS account, which has one account in a Region at
	// most. Those in several can share a request; empty: none other.
	Customer string
	// Delegates are the accounts that may send for this one's identities.
	Delegates []int
	Sets      []ConfigurationSet
	Price     Price
	History   *History // what it brings along; nil: it is new
}

// CustomerName returns the name of the AWS account that the account is one of.
func (a *Account) CustomerName() string { return cmp.Or(a.Customer, a.Name) }

// NewAccount returns an account as AWS makes it in a Region, without a name: in the sandbox.
func NewAccount() Account {
	return Account{
		Access: ses.Sandbox, Quota: ses.SandboxQuota, Rate: ses.SandboxRate,
		Suppression: ses.ListBounce | ses.ListComplaint, Price: ListPrice,
	}
}

// History is the part of an account's life before the start of a run.
type History = ses.History

// HistoryPoint is what counted towards an account's rates within an interval of time.
type HistoryPoint = ses.HistoryPoint

// HistoryListed counts entries of the account-level list whose addresses get no mail in the run.
type HistoryListed = ses.HistoryListed

// ConfigurationSet is a configuration set of an account.
type ConfigurationSet struct {
	Name        string
	Overrides   bool            // Suppression replaces the account's
	Suppression ses.ListReasons // none: no check and no recording
	Paused      bool            // at the start
	Missing     bool            // at the start: an action creates it
	// MaxDelivery is how long SES tries to deliver mail sent with the set, if
	// that is shorter than the horizon of the rules; 0: it does not say. Mail
	// keeps to it if the set is deleted meanwhile.
	MaxDelivery time.Duration
}

// RetryLimit returns how long after an account accepted mail of a sender SES tries to
// deliver it.
func (c *Config) RetryLimit(sender, account int) (limit time.Duration, bySet bool) {
	return c.RetryLimitOf(account, c.Senders[sender].SetAt(account))
}

// RetryLimitOf returns how long after it accepted mail of an account SES tries to
// deliver it. That is the horizon of the rules, or what the configuration set
// with that number, from 1, says where that is shorter: a set cannot make SES try
// longer than it does. Then bySet is true. 0 is no set.
func (c *Config) RetryLimitOf(account, set int) (limit time.Duration, bySet bool) {
	horizon := c.Rules.Retry.Horizon
	if set == 0 {
		return horizon, false
	}
	own := c.Accounts[account].Sets[set-1].MaxDelivery
	if own == 0 || own >= horizon {
		return horizon, false
	}
	return own, true
}

// Request is a production-access request.
type Request struct {
	At          time.Duration
	MailType    string // MARKETING or TRANSACTIONAL
	Website     string
	UseCase     string
	Contacts    []string
	Language    string // EN or JA
	Outcome     ses.Outcome
	After       time.Duration // how long the review takes; negative: drawn from the rules
	Quota, Rate int64         // what is granted; 0: the rules' default
	Regions     []string      // further Regions of the same customer that it names
}

// Audience is a population of recipients. Its addresses are Local, a number
// from 1, "@" and Domain.
type Audience struct {
	Name         string
	Size         int64 // at least 1
	Domain       string
	Local        string        // what stands before the number in the local part; default: the name and a hyphen
	Invalid      unit.Share    // of the addresses: do not exist, exactly that many
	HardBounce   unit.Share    // of the delivery attempts to addresses that exist: bounce hard all the same
	MailboxFull  unit.Share    // of the delivery attempts to addresses that exist: meet a full mailbox and bounce softly
	FullFor      time.Duration // how long a full mailbox stays full; 0: longer than SES retries
	Complaint    unit.Share    // of the delivered messages: draw a complaint
	FeedbackLoop unit.Share    // of the addresses: at providers that report complaints, exactly that many
	Decay        unit.Share    // of the addresses that exist: stop existing within each DecayPer
	DecayPer     time.Duration // positive where Decay is
	// Revive is the share, of the addresses that do not exist at the start and
	// still do not, that get a mailbox within each RevivePer, and keep it.
	Revive    unit.Share
	RevivePer time.Duration // positive where Revive is
	// Growth is how addresses join, after the last one, with Size at the start. Each
	// has the audience's shares as probabilities, decays from then on if it exists, and
	// does not get a mailbox later. Not with Addresses.
	Growth Growth
	// Churn is the share of the addresses that leave without a bounce within each
	// ChurnPer, counted from when they join: they are taken off all lists. Less than
	// the whole.
	Churn    unit.Share
	ChurnPer time.Duration // positive where Churn is
	// Contacted is how long before the start the addresses of the start had their last mail,
	// from any account: they decay from then on, by full hours, and the first mail of the run
	// finds what died since.
	Contacted time.Duration
	// NotFirst: this is not the first contact with the addresses of the start. Those that were
	// invalid are gone from the list, so that none of them is.
	NotFirst bool
	// Addresses names the recipients one by one; Size is their number then,
	// and Domain and Local are not used.
	Addresses []string
	// Match are patterns of further addresses, which belong to the audience where they
	// come to a Session from outside; see Matches.
	Match []string
	// Seen has the addresses of an audience of a Session that nobody announced, under
	// their numbers; Size is how many it holds at most. nil: they are all known.
	Seen *directory.Directory
	// DeadDomain is the share of the addresses at domains that do not exist,
	// exactly that many. With Invalid it is at most the whole.
	DeadDomain unit.Share
	// TooLarge, ContentRejected, AttachmentRejected and Undetermined are
	// shares of the delivery attempts to addresses that exist: bounces of these
	// kinds, which SES does not retry and which count towards nothing. With
	// HardBounce and MailboxFull they are at most the whole.
	TooLarge, ContentRejected, AttachmentRejected, Undetermined unit.Share
	// BlockedIP and Deferred are also shares of the delivery attempts: the server
	// blocks the address that SES sends from, or defers the mail. SES retries,
	// for DeferredFor without success; 0: longer than it retries.
	BlockedIP, Deferred unit.Share
	DeferredFor         time.Duration
	// Deferral is the delayType that SES publishes of Deferred; empty: General.
	Deferral string
	// OutOfOffice is the share of the delivered messages that draw an
	// automatic reply.
	OutOfOffice unit.Share
	// Redraws are shares of its messages that each campaign draws anew; see Config.Draw.
	Redraws []Redraw
}

// Growth is how an audience gains addresses.
type Growth = mailbox.Growth

// Most returns how many addresses the audience has at most.
func (a *Audience) Most() int64 {
	if a.Growth.Grows() {
		return a.Growth.Limit
	}
	return a.Size
}

// SizeAt returns how many addresses the audience has at a time.
func (a *Audience) SizeAt(at time.Duration) int64 { return a.Growth.At(a.Size, at) }

// Mailbox returns what package mailbox needs to know of the audience.
func (a *Audience) Mailbox() mailbox.Spec {
	return mailbox.Spec{
		Name: a.Name, Size: a.Size, Invalid: a.Invalid, DeadDomain: a.DeadDomain, FeedbackLoop: a.FeedbackLoop,
		Bounces: [mailbox.Kinds]unit.Share{
			mailbox.Refused: a.HardBounce, mailbox.Full: a.MailboxFull, mailbox.TooLarge: a.TooLarge,
			mailbox.ContentRejected: a.ContentRejected, mailbox.AttachmentRejected: a.AttachmentRejected,
			mailbox.Undetermined: a.Undetermined, mailbox.Blocked: a.BlockedIP, mailbox.Deferred: a.Deferred,
		},
		FullFor: a.FullFor, DeferredFor: a.DeferredFor, Complaint: a.Complaint, OutOfOffice: a.OutOfOffice,
		Decay: a.Decay, DecayPer: a.DecayPer, Revive: a.Revive, RevivePer: a.RevivePer, Growth: a.Growth, Churn: a.Churn, ChurnPer: a.ChurnPer,
		Contacted: a.Contacted, Removed: a.NotFirst,
	}
}

// TrafficKind is the pattern in which a sender's messages arrive.
type TrafficKind = sender.Kind

// The kinds of traffic.
const (
	Constant = sender.Constant
	Poisson  = sender.Poisson
	Campaign = sender.Campaign
	Diurnal  = sender.Diurnal
	Recorded = sender.Recorded
)

// Traffic is when a sender's messages are due. For Campaign, Rate is the pace
// in messages and Every the time between starts; a campaign that takes longer
// than Every delays the next one, and an Every of 0 sends the list once.
type Traffic struct {
	Kind  TrafficKind
	Rate  unit.Rate // messages per period; for Campaign the pace
	Every time.Duration
	Peak  time.Duration // Diurnal: a moment of the highest rate, since the epoch
	Depth unit.Share    // Diurnal: swing of the rate about its mean
	// Calendar says when traffic other than Recorded is open, and by how much its
	// rate is multiplied then; nil: always, and by one. A ramp is Constant with
	// the lowest of its rates, and a calendar with its steps. The peak of Diurnal is a moment as clocks of its zone show it.
	Calendar *Calendar
	Trace    Trace     // Recorded
	Whole    bool      // Campaign: all its messages are due at its start; a client calls for them
	File     TraceFile // Recorded: where the trace comes from; the zero value is not known
}

// Calendar is when a sender's traffic is open.
type Calendar = sender.Calendar

// Zone is the time zone of a calendar.
type Zone = sender.Zone

// Profile is how the rate of traffic differs by weekday, hour and month.
type Profile = sender.Profile

// Step is by how much the rate of traffic is multiplied from a moment on.
type Step = sender.Step

// Offset is how far clocks of a zone are ahead of UTC from a time of the run on.
type Offset = sender.Offset

// IsRamp reports whether the traffic is a ramp, which has its own rates.
func (t *Traffic) IsRamp() bool { return t.Calendar != nil && t.Calendar.Ramp != nil }

// TraceFile is the file of a trace as it was when it was checked.
type TraceFile struct {
	Name   string // as the scenario gives it
	Bytes  int64
	SHA256 string // of the whole file, in hexadecimal
	// Rows and Recipients count what the sender sends of it, from First to Last.
	Rows, Recipients int64
	First, Last      time.Duration
}

// Trace is a recording of sends. Each run opens it anew.
type Trace interface {
	Open() TraceRows
}

// TraceRows gives a recording's rows in the order of time.
type TraceRows interface {
	// Next sets row to the next row. It returns false after the last one and after
	// an error. It may reuse the memory of row.Numbers, which the caller does not
	// change.
	Next(row *TraceRow) bool
	// Err returns the error that ended the rows before the last one; nil after
	// the last one.
	Err() error
}

// ErrTrace is wrapped by the error of a run whose trace could not be read to
// its end, or is not what it was when it was checked.
var ErrTrace = errors.New("recorded traffic")

// TraceRow is one recorded message: to the given addresses of the audience,
// or where there are none to Count that the sender picks.
type TraceRow struct {
	At      time.Duration
	Count   int
	Numbers []uint32
}

// Pick is how a sender chooses the recipients of a message.
type Pick = sender.Pick

// The picks.
const (
	Sequential = sender.Sequential
	Uniform    = sender.Uniform
	Zipf       = sender.Zipf
)

// Interface is the interface through which a sender calls SES; it decides how
// a refusal is worded.
type Interface = ses.Interface

// The interfaces.
const (
	V2   = ses.V2
	V1   = ses.V1
	SMTP = ses.SMTP
)

// Retry is what a sender does about refused calls. The zero value gives up at
// once.
type Retry struct {
	On       [ses.Reasons]bool // reasons after which it tries again
	First    time.Duration     // wait before the first retry; positive
	Factor   int64             // in thousandths; each wait is the previous one times this
	Cap      time.Duration     // no wait is longer
	Attempts int               // retries after the first call; at most 1000
}

// Sender is a program of the customer that sends mail.
type Sender struct {
	Name    string
	Account int // index into Config.Accounts
	// Accounts are those that it sends from, the first of which is Account with Set; nil:
	// that one alone.
	Accounts *Accounts
	From     string // an address, also as "Name <address>"
	Audience int    // index into Config.Audiences
	// Mixture are the audiences among which its messages are divided, the first of which
	// is Audience; nil: all go to that one.
	Mixture    []AudienceShare
	Traffic    Traffic
	Begin      time.Duration
	End        time.Duration // no message is due at or after it; 0: the horizon
	Pick       Pick
	Recipients int // per message, 1 to 50
	// OneMore is the share of the messages that have one recipient more.
	OneMore   unit.Share
	Interface Interface
	Retry     Retry
	// RemoveBounced takes an address off the sender's list once it learns of
	// a permanent bounce; RemoveComplained the same for complaints.
	RemoveBounced    bool
	RemoveComplained bool
	// Checked are further identities that a call names and SES checks as it
	// does From: Source, Sender, Return-Path.
	Checked []string
	// Delegated: the mail is sent for the identities of account Owner, under
	// its authorization.
	Delegated bool
	Owner     int
	// Set is the number, from 1, of the account's configuration set that the
	// mail is sent with; 0: none.
	Set int
	// Size is the size of a message in bytes, after encoding.
	Size int64
	// Rejected is the share of the messages that the content scan rejects.
	Rejected unit.Share
	// Malformed is the share of the messages whose first recipient is written
	// without its domain.
	Malformed unit.Share
	// SigV2: the SMTP credentials are of the old kind, which a refusal by rate
	// names.
	SigV2 bool
	// Throttled25: the mail leaves an EC2 instance through port 25, whose
	// throttle nobody has had removed.
	Throttled25 bool
	// Client is the number, from 1, of the client that calls for its messages; 0: each
	// is called for when it is due, and Retry says what follows.
	Client int
	// Priority is that of its messages in the client's queue: from 0, which is first, to
	// client.Priorities-1.
	Priority int
}

// AudienceShare is an audience with the share of a sender's messages that go to it. Which
// messages these are is drawn.
type AudienceShare struct {
	Audience int // index into Config.Audiences
	Share    unit.Share
}

// Accounts are several accounts that a sender sends from: all at a time, each for its
// share of the messages, or one at a time, the next one when its sending is paused.
type Accounts struct {
	Of []SenderAccount // at least two, the preferred ones first
	// Check is the time between two looks, from the sender's Begin on, at which accounts
	// are paused: the sender then uses the first that is not, and stays where it is if all
	// are. 0: messages are divided in shares.
	Check time.Duration
}

// SenderAccount is one of the accounts of a sender.
type SenderAccount struct {
	Account int        // index into Config.Accounts
	Set     int        // the configuration set there, as Sender.Set
	Share   unit.Share // of the messages, if they are divided; which messages these are is drawn
}

// AccountsOf returns the accounts that the sender sends from. Of those that take turns,
// the first has the whole share: it is the usual one.
func (s *Sender) AccountsOf() []SenderAccount {
	switch {
	case s.Accounts == nil:
		return []SenderAccount{{s.Account, s.Set, unit.Whole}}
	case s.Accounts.Check == 0:
		return s.Accounts.Of
	}
	list := slices.Clone(s.Accounts.Of)
	list[0].Share = unit.Whole
	return list
}

// SendsFrom reports whether the sender sends from an account.
func (s *Sender) SendsFrom(account int) bool {
	return slices.ContainsFunc(s.AccountsOf(), func(a SenderAccount) bool { return a.Account == account })
}

// SetAt returns the number, from 1, of the configuration set that the sender's mail names
// at one of its accounts; 0: none.
func (s *Sender) SetAt(account int) int {
	if s.Accounts != nil {
		for _, a := range s.Accounts.Of {
			if a.Account == account {
				return a.Set
			}
		}
	}
	return s.Set
}

// Route is a way that messages of a sender go: from one of its accounts to one of its
// audiences.
type Route struct {
	SenderAccount     // Share is that of the messages that go from it to Audience
	Audience      int // index into Config.Audiences
}

// Routes returns the ways that the sender's messages go: to the first audience from each
// account, to the second one from each, and so on.
func (s *Sender) Routes() []Route {
	mixture := s.Mixture
	if mixture == nil {
		mixture = []AudienceShare{{s.Audience, unit.Whole}}
	}
	var list []Route
	for _, to := range mixture {
		for _, from := range s.AccountsOf() {
			from.Share = unit.Share(from.Share.Count(int64(to.Share)))
			list = append(list, Route{from, to.Audience})
		}
	}
	return list
}

// MeanRecipients returns the mean number of recipients of a message, in thousandths.
func (s *Sender) MeanRecipients() int64 { return int64(s.Recipients)*1000 + s.OneMore.Count(1000) }

// HasOneMore reports whether a message has one recipient more than Recipients.
func (s *Sender) HasOneMore(seed uint64, message int64) bool {
	return s.OneMore > 0 && s.OneMore.Of(rng.Derive(seed, "sender", s.Name, "recipients").At(uint64(message)))
}

// Client is the program that calls SES for one sender or several.
type Client struct {
	Name string
	client.Config
}

// Session returns how SES limits the sessions of a client, by its index: only those of the
// SMTP interface, which all of its senders must use.
func (c *Config) Session(number int) client.Session {
	for i := range c.Senders {
		if s := &c.Senders[i]; s.Client == number+1 && s.Interface != ses.SMTP {
			return client.Session{}
		}
	}
	return client.Session{Idle: c.Rules.Session.Idle, MaxMessages: c.Rules.Session.MaxMessages}
}

// Do is what an Action does.
type Do uint8

// The actions, under their words in scenarios.
const (
	DoAppeal       Do = iota // answer AWS's support case
	DoVerify                 // verify Identity
	DoUnverify               // drop Identity
	DoSuppress               // put Address on the account's list, with Reason
	DoUnsuppress             // take Address off the account's list
	DoImport                 // put or delete the first Count addresses of Audience
	DoRemoveGlobal           // the classic form: Address, Region, Characters
	DoPause                  // the customer pauses the account's sending
	DoResume                 // and resumes it
	DoSet                    // change one key of the scenario: Change
	DoGet                    // look Address up on the account's list
	DoList                   // list the account's list
	DoTrigger                // something other than a rate makes AWS look: Cause
	DoDeleteSet              // delete configuration set Set
	DoCreateSet              // create it, as the scenario describes it
)

var doWords = [...]string{
	"appeal", "verify", "unverify", "suppress", "unsuppress", "import", "remove-global", "pause", "resume", "set", "get", "list",
	"trigger", "delete-set", "create-set",
}

// String returns the action's word.
func (d Do) String() string {
	if int(d) >= len(doWords) {
		return "unknown"
	}
	return doWords[d]
}

// MarshalText returns the action's word, as JSON has it.
func (d Do) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads an action's word.
func (d *Do) UnmarshalText(text []byte) error {
	i := slices.Index(doWords[:], string(text))
	if i < 0 {
		return fmt.Errorf("%q is not an action", text)
	}
	*d = Do(i)
	return nil
}

// DoWords returns the words of all actions in the order of their constants.
func DoWords() []string { return doWords[:] }

// Address is one recipient of an audience: the Number-th, counted from 0.
// An Audience of -1 stands for an address outside all audiences.
type Address struct {
	Audience int
	Number   int64
}

// Action is what somebody does at a moment of the run. Only the fields that
// its Do names are used.
type Action struct {
	At       time.Duration   `json:"at,omitzero"`
	Do       Do              `json:"do"`
	Account  int             `json:"account,omitzero"`
	Identity string          `json:"identity,omitzero"`
	Address  Address         `json:"address,omitzero"`
	Reason   ses.ListReasons `json:"reason,omitzero"`
	// Spelling is the text of a list entry whose local part differs from
	// Address in case; "" is the address as it is. Calls on the list distinguish
	// spellings, sending does not.
	Spelling   string `json:"spelling,omitzero"`
	Audience   int    `json:"audience,omitzero"` // import
	Count      int64  `json:"count,omitzero"`    // import: number of addresses, from the audience's first on
	Delete     bool   `json:"delete,omitzero"`   // import: delete instead of put
	Region     string `json:"region,omitzero"`
	Characters string `json:"characters,omitzero"`
	Accepted   bool   `json:"accepted,omitzero"` // appeal: how AWS answers
	// After is when an appeal is answered, or a verification ends. Negative:
	// the answer's time is drawn from the rules, and a verification ends at
	// once, or where it Fails when AWS no longer waits for it.
	After    time.Duration `json:"after,omitzero"`
	Change   Change        `json:"change,omitzero"`
	Fails    bool          `json:"fails,omitzero"`    // verify: does not succeed
	Template bool          `json:"template,omitzero"` // verify: by a custom verification mail
	Set      int           `json:"set,omitzero"`      // pause, resume, delete-set, create-set: a configuration set, numbered from 1; 0: the account
	Client   int           `json:"client,omitzero"`   // resume: a client that has stopped, numbered from 1; 0: an account
	Cause    string        `json:"cause,omitzero"`    // trigger: what AWS was told of
	Pauses   bool          `json:"pauses,omitzero"`   // trigger: the account is paused, not reviewed
}

// Key is a key of the scenario that an action can change during a run.
type Key uint8

// The keys.
const (
	KeyAccountQuota        Key = iota // Number
	KeyAccountRate                    // Number
	KeyAccountSuppression             // Reasons
	KeySenderOnBounce                 // Flag: remove
	KeySenderRate                     // Rate: constant, poisson; campaign's pace
	KeyAudienceMailboxFull            // Share
	KeyAudienceComplaint              // Share
	KeyAudienceHardBounce             // Share
	KeySetSuppression                 // Reasons, of configuration set Set of an account
	KeySetMaxDelivery                 // After, of configuration set Set of an account
	KeyAudienceInvalid                // Share, of the addresses not yet contacted; not by an Operation
)

// Change is a new value for one key of the entity with that index.
type Change struct {
	Key     Key             `json:"key,omitzero"`
	Index   int             `json:"index,omitzero"`
	Number  int64           `json:"number,omitzero"`
	Flag    bool            `json:"flag,omitzero"`
	Share   unit.Share      `json:"share,omitzero"`
	Rate    unit.Rate       `json:"rate,omitzero"`
	Reasons ses.ListReasons `json:"reasons,omitzero"`
	After   time.Duration   `json:"after,omitzero"`
	Set     int             `json:"set,omitzero"` // a configuration set of account Index, numbered from 1
}
