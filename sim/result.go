package sim

import (
	"math"
	"time"

	"sesim/sim/client"
	"sesim/sim/measure"
	"sesim/sim/rules"
	"sesim/sim/ses"
)

// Result is what a run leaves. It is a function of the Config alone.
type Result struct {
	Interrupted bool          // stopped by a hook, or by a trace that could not be read on
	End         time.Duration // virtual time reached: the horizon, unless interrupted
	Fingerprint string        // 32 hexadecimal digits over the sequence of email events

	Accounts []AccountResult // in the order of the Config
	Senders  []SenderResult  // in the order of the Config
	Clients  []ClientResult  // in the order of the Config
	// Shares are what became of the messages of senders that send from several accounts, for
	// each of these, in the order of the Config. A message is among those of the account
	// that was called for it last; before the first call of a campaign that is due whole,
	// among those of the sender's first account.
	Shares []AccountShare
	Turns  []Turn // in order of time, then of senders
	Global GlobalResult
	Series measure.Table
	// Past has the rates before the start, at negative times, of sampled accounts with a
	// History.
	Past   measure.Table
	Queues measure.Table // of the clients; see QueueMetrics
	Rules  []Fired       // the rules that decided something, in catalogue order

	Events     int64 // arrivals and event-list entries handled
	Admissions int64 // send calls decided
}

// Counts are in recipients, except Requests. They count people first: Due is the
// sum of Accepted, GivenUp and Waiting, whatever the number of calls. Recipients
// counts those of each call, retries included, and is the sum of Accepted and
// Refused; Accepted is the sum of Delivered, HardBounced, SoftBounced,
// SuppressedAccount, SuppressedGlobal, Simulator, Rejected and InFlight. The
// counts of an account are the sums of those of its senders.
type Counts struct {
	Due               int64 // of messages that were due by the end
	Accepted          int64
	GivenUp           int64 // refused or not connected, and not tried again
	Waiting           int64 // refused or not connected, and to be tried again after the end
	Late              int64 // of Accepted: later than they were due
	Requests          int64 // send calls, retries included
	Recipients        int64
	Refused           [ses.Reasons]int64 // by ses.Reason
	Delivered         int64              // and not bounced later
	HardBounced       int64
	SoftBounced       int64 // after the last retry
	SuppressedAccount int64
	SuppressedGlobal  int64
	Simulator         int64 // to the mailbox simulator
	Rejected          int64 // by the content scan
	Complaints        int64 // that SES was told of; these recipients are among Delivered
	InFlight          int64 // outcome not known at the end
	// SentAfterBounce is of Accepted: to an address of which SES had published a
	// hard bounce of the same sender's mail, at the moment of the call or before.
	SentAfterBounce int64
}

// Add adds counts to c, each to its like.
func (c *Counts) Add(more *Counts) {
	c.Due += more.Due
	c.Accepted += more.Accepted
	c.GivenUp += more.GivenUp
	c.Waiting += more.Waiting
	c.Late += more.Late
	c.Requests += more.Requests
	c.Recipients += more.Recipients
	for reason, n := range more.Refused {
		c.Refused[reason] += n
	}
	c.Delivered += more.Delivered
	c.HardBounced += more.HardBounced
	c.SoftBounced += more.SoftBounced
	c.SuppressedAccount += more.SuppressedAccount
	c.SuppressedGlobal += more.SuppressedGlobal
	c.Simulator += more.Simulator
	c.Rejected += more.Rejected
	c.Complaints += more.Complaints
	c.InFlight += more.InFlight
	c.SentAfterBounce += more.SentAfterBounce
}

// Billed returns the recipients that AWS charges for: all that it accepted,
// whatever became of them, and none of a refused call.
func (c *Counts) Billed() int64 { return c.Accepted }

// refused returns the recipients of all refused calls.
func (c *Counts) refused() int64 { return c.Recipients - c.Accepted }

// Rate is a bounce or complaint rate over the representative volume.
type Rate = ses.RateFigures

// AccountResult is what became of one account.
type AccountResult struct {
	Counts
	Cost        Micros // of the accepted mail by the end, by the account's price
	Access      ses.Access
	Enforcement ses.Enforcement
	Status      ses.Status // in the console's words
	Quota       int64
	MaxRate     int64
	Bounce      Rate
	Complaint   Rate
	// BounceStatus and ComplaintStatus are the rates' own statuses.
	BounceStatus, ComplaintStatus ses.Status
	Sets                          []SetResult // in the order of the Config
	// QuotaUseFinal and QuotaUseMax are recipients in the last 24 hours over
	// the quota of the moment; 0 where it is unlimited.
	QuotaUseFinal, QuotaUseMax float64
	ListAdded                  int64 // entries made on the account-level list
	Listed                     int64 // entries at the end
	Described                  ses.Description
	Details                    *Request // of the last production-access request that AWS took up; nil: none
	Timeline                   []ses.Transition
	Refusals                   []Refusal // the first for each reason, in order of time
	// Delay is the virtual time from when a message was due to when SES
	// accepted it, over accepted calls: 0 without refusals and retries.
	Delay *measure.Histogram
}

// SetResult is what became of a configuration set.
type SetResult struct {
	Bounce    Rate
	Complaint Rate
}

// Refusal is a refused call as its sender saw it.
type Refusal struct {
	At        time.Duration
	Sender    int // -1: a call of a Session
	Interface Interface
	Reason    ses.Reason
	Rule      rules.ID
	Error     ses.Error
	Reads     rules.Reads // the parameters that the decision read
}

// SenderResult is what became of one sender's messages.
type SenderResult struct {
	Counts
	Messages int64 // that were due
	TimedOut int64 // connections that never reached SES
	Removed  int64 // addresses taken off the list by hygiene
	// Delay is as of an account, over the sender's accepted calls; nil: none.
	Delay *measure.Histogram
	// Rates are those of the sender's own mail; nil: they are not computed. See
	// Config.OwnRates.
	Rates     *SenderRates
	Campaigns []CampaignResult
	Calls     *ClientCalls // nil: it has no client
}

// AccountShare is what became of a sender's messages through one of its accounts.
type AccountShare struct {
	Counts
	Sender, Account int
}

// Turn is a sender that begins to use another of its accounts.
type Turn struct {
	At              time.Duration
	Sender, Account int
}

// ClientCalls are the figures of messages that a client calls for.
type ClientCalls struct {
	client.Counts
	GaveUp measure.Histogram // the virtual time from when messages were due to when they were given up
}

// ClientResult is what became of the messages of one client.
type ClientResult struct {
	ClientCalls
	Delay     *measure.Histogram // as of its senders, together; nil: nothing was accepted
	Active    time.Duration      // from the start of the first call to the last answer, or to the end of the run
	MostCalls int64              // that started within a second
	OldestEnd time.Duration      // age at the end of the oldest message neither accepted nor given up
	OldestMax time.Duration      // highest age that a message reached by then
}

// Rate returns the calls a second while the client was active; false if they all started
// and were answered at one moment.
func (c *ClientResult) Rate() (float64, bool) {
	if c.Active <= 0 {
		return 0, false
	}
	return float64(c.Calls) / c.Active.Seconds(), true
}

// Lost returns the messages that were given up.
func (c *ClientCalls) Lost() (messages int64) {
	for _, n := range c.GivenUp {
		messages += n
	}
	return messages
}

// CampaignResult is what became of one campaign.
type CampaignResult struct {
	Length time.Duration // until its last message was settled or, if it was cut, until the end of the run
	End    CampaignEnd
}

// CampaignEnd says how a campaign ended.
type CampaignEnd uint8

// The ends of a campaign.
const (
	Done CampaignEnd = iota // all its mail was accepted
	Lost                    // some of its mail was given up, so that it is never done
	Cut                     // the run ended before it, and nothing was given up by then
)

// seconds returns the length, +Inf for a campaign that is never done.
func (c CampaignResult) seconds() float64 {
	if c.End == Lost {
		return math.Inf(1)
	}
	return c.Length.Seconds()
}

// SenderRates are a sender's bounce and complaint rate: what the account's would be if
// it sent nothing else, with its fresh starts.
type SenderRates struct{ Bounce, Complaint Rate }

// GlobalResult is what became of the global suppression list.
type GlobalResult struct {
	Added   int64 // stays begun
	Listed  int64 // addresses on the list at the end
	Dwell   measure.Survival
	Removed int64 // by the form of the classic console
}

// Fired counts how often a rule decided something.
type Fired struct {
	Rule  rules.ID
	Count int64
}

// Progress is what a run tells while it goes on.
type Progress struct {
	Now        time.Duration // where partitions run in parallel, the mean of theirs
	Horizon    time.Duration
	Events     int64
	Recipients int64
	Admissions int64             // send calls decided
	States     []ses.Enforcement // one for each account; valid during the call only
}

// Runner runs a Config under hooks, as engine.Run does. Everything that simulates uses engine.Run;
// a package that needs runs but not the engine takes one as a parameter.
type Runner func(Config, Hooks) (*Result, error)

// Hooks connect a run with its caller. They cannot change a result, except that
// Tick can interrupt the run. The zero value connects nothing.
type Hooks struct {
	// Tick is called now and then, in virtual time order, and once at the
	// end; where the run is undivided, at least at every sample. It returns
	// false to interrupt the run at a later sample. Where partitions run in
	// parallel, on more than one core, how often it is called depends on the
	// machine, and the run is interrupted where all partitions have come to the
	// same sample: at most a tenth of the run later, or a frame.
	Tick func(Progress) bool
	// Probe brackets a sample of the admission decisions, so that the caller
	// may time them. Where partitions run in parallel it sees those of the one
	// with the most mail, on that one's goroutine.
	Probe Probe
	// Observer receives the email events and changes of state that Observed selects, in one
	// order; the run is undivided.
	Observer Observer
	Observed Selection
	// ObserverOf returns observers in place of Observer: before the run begins it is called
	// with the number of each partition, or with 0 if the run is undivided. Each observer
	// receives the records of its partition, in order and on that partition's goroutine.
	ObserverOf func(partition int) Observer
	// Workers is the number of goroutines that run independent partitions of a
	// scenario; 0: one for each core.
	Workers int
	// Undivided runs the scenario in the simplest way, with which tests compare
	// the others: undivided, on the caller's goroutine, arrivals and retries one by one.
	Undivided bool
	// Stays receives the records of the global list alone, ListedGlobal and
	// UnlistedGlobal. Unlike with an Observer, mail may take the fast path; the
	// run is undivided.
	Stays Observer
}

// Probe brackets one admission decision: Start just before, Stop just after.
type Probe interface {
	Start()
	Stop()
}
