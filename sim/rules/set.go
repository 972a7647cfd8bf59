package rules

import (
	"time"

	"sesim/sim/unit"
)

// Set holds all parameters of the model. The zero value is not useful: start from
// Edition("current"). Copies are independent except for Global.Durations, which must
// not be modified in place.
type Set struct {
	Global       Global
	Account      Account
	Sandbox      Sandbox
	Identity     Identity
	Rate         Rate
	API          API
	Quota        Quota
	Rep          Reputation
	Review       Review
	Pause        Pause
	Appeal       Appeal
	Prod         Production
	AutoIncrease AutoIncrease
	Retry        Retry
	Delay        Delays
	Mail         Mail
	Session      Session
}

// Global are the parameters of the global suppression list.
type Global struct {
	// Durations are the stays after the first, second, … hard bounce; the last
	// one repeats. There is at least one. Each is positive, at least as long as
	// the one before, and at most 14 days.
	Durations []time.Duration
	// StrikeMemory is the time without a hard bounce after which the escalation
	// starts again; 0: never.
	StrikeMemory time.Duration
	// SuppressedBounceEscalates: a send that the list suppresses counts as another
	// hard bounce and begins the next, longer stay.
	SuppressedBounceEscalates bool
	// AddOnComplaint: complaints also put an address on the list.
	AddOnComplaint bool
	// PerRegion: there is one list per Region instead of one worldwide.
	PerRegion bool
	// DeliveryResets: a delivery to an address resets its escalation.
	DeliveryResets bool
	// RemovalForm: customers can remove an address from the list.
	RemovalForm bool
}

// Account are the parameters of the account-level suppression list.
type Account struct {
	// OverridesGlobal: while the account's list is on, mail to an address that is
	// only on the global list is attempted.
	OverridesGlobal bool
	// AddOnSuppressedBounce: a bounce by the global list adds the address to the
	// account's list.
	AddOnSuppressedBounce bool
	// AddOnGeneral: a hard bounce published as Permanent/General adds the address
	// to the account's list, as one published as NoEmail does.
	AddOnGeneral bool
	// ReasonMatch: an entry suppresses mail only while its reason is among the
	// suppression reasons in effect.
	ReasonMatch bool
	// AddDelay is the time from a bounce or complaint to the entry in the list.
	AddDelay time.Duration
	// PauseWipe is the length of a pause by AWS that empties the list; 0: none does.
	PauseWipe time.Duration
	// CustomerPauseWipes: a pause by the customer counts as one by AWS for PauseWipe.
	CustomerPauseWipes bool
}

// Sandbox are the parameters of the sandbox.
type Sandbox struct {
	// NarrowBlock: the sandbox blocks only put and import on the account-level
	// list, instead of all five list operations.
	NarrowBlock bool
	// RecipientLabels: a verified address covers its labels (name+label@domain)
	// as recipients, as it does for senders.
	RecipientLabels bool
}

// Identity are the parameters of the identity check.
type Identity struct {
	// ListedText is the length of the longest list of identities in a refusal, in
	// characters. A list that is cut off ends with three dots.
	ListedText int64
	// AfterLimits: the identity check comes after the rate and quota checks instead
	// of before them. A refused call takes from neither in both cases.
	AfterLimits bool
}

// Rate are the parameters of the maximum send rate.
type Rate struct {
	// BurstSeconds is the depth of the token bucket, in seconds at the maximum
	// send rate.
	BurstSeconds int64
	// Debt: a call with several recipients may take the bucket below zero.
	Debt bool
}

// API are the parameters of calls other than sending.
type API struct {
	PerSecond int64 // calls a second of an account; 0: no limit
}

// Quota are the parameters of the rolling sending quota.
type Quota struct {
	// MustFit: a call is refused unless all of its recipients fit into the
	// remaining quota; otherwise any quota left admits the whole call.
	MustFit bool
	// Granularity is the width of the steps in which the rolling window is
	// counted, from 0 to 24 hours; the first step begins at time 0 of the run.
	// Recipients count from the start of the step in which they were accepted,
	// and leave the window with the whole step, 24 hours later. 0 counts exactly,
	// by event.
	Granularity time.Duration
}

// Reputation are the parameters of the bounce and complaint rates.
type Reputation struct {
	WindowEligible int64         // eligible emails that the representative volume covers
	WindowDays     int64         // the volume also covers at least this many days of sending; 0: no such rule
	MaxLookback    time.Duration // older mail does not count; 0: no limit
	MinEligible    int64         // fewest eligible emails for a decision
	MinBounces     int64         // fewest hard bounces for a decision
	MinComplaints  int64         // fewest complaints for a decision
	EvalInterval   time.Duration // between computations of the rates; also the width of a bucket
	// VerifiedAddressesCount: mail to an address that the account has verified counts,
	// unless its domain is verified too.
	VerifiedAddressesCount bool
}

// EndRule says what happens at the end of a review if a rate is between the review
// and the pause threshold.
type EndRule uint8

// The end rules.
const (
	ExtendOnce EndRule = iota // the review is extended by its length, once, and then pauses
	EndPause                  // the account is paused
	EndHealthy                // the account is healthy again
)

// Review are the parameters of the review of an account.
type Review struct {
	BounceRate       unit.Share    // a bounce rate at or above it begins a review
	ComplaintRate    unit.Share    // a complaint rate at or above it begins a review
	Length           time.Duration // how long a review lasts
	SendingAllowance int64         // a review also ends after this many accepted recipients; 0: off
	EndRule          EndRule
	DecisionTime     time.Duration // from the end of a review to AWS's decision
}

// Pause are the parameters of the pause of an account's sending.
type Pause struct {
	BounceRate    unit.Share
	ComplaintRate unit.Share
	// ImmediateFactor, in thousandths, is the multiple of the pause threshold at or
	// above which a rate pauses the account at once, without a review. 0: none.
	ImmediateFactor int64
	// RepeatReviews: the n-th review for the same metric is a pause instead. 0: none.
	RepeatReviews int64
	Notice        time.Duration // from the decision to pause an account to the pause
	// SendingEnabled: GetAccount returns SendingEnabled as true while AWS has paused
	// the account.
	SendingEnabled bool
	// PermanentAfter: the n-th pause is permanent. 0: none.
	PermanentAfter int64
}

// Appeal are the parameters of an appeal.
type Appeal struct {
	Reply      Spread // time until AWS answers
	FreshStart bool   // after an accepted appeal, rates are computed from later mail only
}

// Production are the parameters of the production-access request.
type Production struct {
	// ReviewWithin: most answers take a time that is uniform between 0 and this.
	ReviewWithin time.Duration
	// LongerShare of the answers take a time that is uniform between LongerFrom and
	// LongerTo.
	LongerShare          unit.Share
	LongerFrom, LongerTo time.Duration
	Quota                int64 // recipients in 24 hours, granted if the request does not say
	Rate                 int64 // recipients a second, granted if the request does not say
	// NewAfterDenied: a request after a denial opens a new case; otherwise it is a
	// conflict.
	NewAfterDenied bool
}

// AutoIncrease are the parameters of automatic quota increases.
type AutoIncrease struct {
	On            bool
	Days          int64         // how many of the last Of days must qualify
	Of            int64         // how many days are considered
	Use           unit.Share    // a day qualifies if it uses at least this share of the quota
	BounceRate    unit.Share    // the bounce rate must be below this
	ComplaintRate unit.Share    // the complaint rate must be below this
	Factor        int64         // the quota is multiplied by this
	Every         time.Duration // shortest time between two increases
	Cap           int64         // highest quota reached by increases, recipients in 24 hours
}

// Retry are the parameters of SES's own retries after a soft bounce.
type Retry struct {
	Horizon time.Duration // after the acceptance; then SES gives up
	First   time.Duration // wait before the second attempt
	Factor  int64         // by which each wait is multiplied, in thousandths
	Cap     time.Duration // longest wait
	Jitter  unit.Share    // each wait varies randomly by up to this share in either direction
}

// Mail are the parameters of what is published about mail.
type Mail struct {
	NoEmailShare        unit.Share // share of the hard bounces of missing addresses published as NoEmail, not General
	DeadDomainPermanent bool       // a domain that does not exist hard-bounces after the last retry
	Port25PerMinute     int64      // connections a minute from an EC2 instance through a throttled port 25
	SimulatorGeneral    bool       // the simulator's suppressionlist address bounces as General
}

// Session are the parameters of sessions of the SMTP interface.
type Session struct {
	Idle        time.Duration // after so long without a message SES closes one; 0: never
	MaxMessages int64         // after so many messages; 0: never
}

// Delays are the parameters of how long things take.
type Delays struct {
	Delivery       Spread        // from acceptance to delivery
	Bounce         Spread        // from acceptance to a hard bounce in the SMTP conversation
	AsyncShare     unit.Share    // share of hard bounces that arrive after a delivery
	Async          Spread        // from delivery to such a bounce
	Complaint      Spread        // from delivery to the recipient's complaint
	ComplaintRelay time.Duration // from the complaint to its arrival at SES
	Publish        Spread        // from an email event until the sender receives it
}

// Spread is a distribution of durations.
type Spread = unit.Spread

// constant returns the constant spread d.
func constant(d time.Duration) Spread { return Spread{Median: d, Upper: d, Tail: 99} }
