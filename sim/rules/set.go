package rules

import (
	"time"

	"sesim/sim/unit"
)

// Set holds every parameter of the model. The zero value is not useful: start
// from Edition("current"). A Set is a plain value; copies are independent but
// for the Durations slice, which nobody changes in place.
type Set struct {
	Global       Global
	Account      Account
	Sandbox      Sandbox
	Identity     Identity
	Rate         Rate
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
}

// Global are the parameters of the global suppression list.
type Global struct {
	// Durations are the stays after the first, second, … hard bounce; the
	// last repeats. At least one, each positive, none shorter than the one
	// before, none above 14 days.
	Durations []time.Duration
	// StrikeMemory is how long without a hard bounce resets the escalation;
	// 0 never does.
	StrikeMemory time.Duration
	// SuppressedBounceEscalates says whether a send that the list suppressed
	// counts as a further hard bounce and starts the next, longer stay.
	SuppressedBounceEscalates bool
	// AddOnComplaint says whether complaints list an address as well.
	AddOnComplaint bool
	// PerRegion keeps one list for each Region instead of one worldwide.
	PerRegion bool
	// DeliveryResets says whether a delivery resets the escalation.
	DeliveryResets bool
	// RemovalForm says whether customers can take an address off the list.
	RemovalForm bool
}

// Account are the parameters of the account-level suppression list.
type Account struct {
	// OverridesGlobal: with the account's list on, an address that only the
	// global list holds is attempted all the same.
	OverridesGlobal bool
	// AddOnSuppressedBounce: a bounce by the global list puts the address on
	// the account's list.
	AddOnSuppressedBounce bool
	// AddOnGeneral: a hard bounce that is published as Permanent/General puts
	// the address on the account's list, as NoEmail does.
	AddOnGeneral bool
	// ReasonMatch: an entry suppresses only while its reason is among the
	// account's suppression reasons.
	ReasonMatch bool
	// AddDelay is the time from a bounce or complaint to the entry in the list.
	AddDelay time.Duration
	// PauseWipe is how long a pause empties the list; 0 never does.
	PauseWipe time.Duration
}

// Sandbox are the parameters of the sandbox.
type Sandbox struct {
	// NarrowBlock blocks only put and import on the account list there,
	// instead of all five list operations.
	NarrowBlock bool
	// RecipientLabels: a verified address covers its labels (name+label@domain)
	// as recipients too, as it does for senders.
	RecipientLabels bool
}

// Identity are the parameters of the identity check.
type Identity struct {
	// ListedText is the longest list of identities that a refusal names, in
	// characters; what does not fit stands as three dots.
	ListedText int64
	// AfterLimits: the check comes after those of rate and quota, instead of
	// before. A call that any of them refuses takes from neither.
	AfterLimits bool
}

// Rate are the parameters of the max send rate.
type Rate struct {
	// BurstSeconds is the depth of the bucket, in seconds' worth of the rate.
	BurstSeconds int64
	// Debt lets a call with several recipients take the bucket below zero.
	Debt bool
}

// Quota are the parameters of the rolling sending quota.
type Quota struct {
	// MustFit refuses a call whose recipients do not all fit into what is
	// left; otherwise any room left admits the whole call.
	MustFit bool
	// Granularity is the width of the steps in which the rolling window
	// counts, from 0 to 24 hours. The steps follow one another from time 0 of
	// the run on. A recipient counts as accepted when the step of its
	// acceptance began, and so leaves the window with the whole step, 24 hours
	// after that. 0 counts exactly, by event.
	Granularity time.Duration
}

// Reputation are the parameters of the bounce and complaint rates.
type Reputation struct {
	WindowEligible int64         // eligible emails the representative volume covers
	WindowDays     int64         // the volume covers at least so many days' sends; 0: no such rule
	MaxLookback    time.Duration // nothing older counts; 0: no limit
	MinEligible    int64         // no decision below so many eligible emails
	MinBounces     int64         // no decision on fewer hard bounces
	MinComplaints  int64         // no decision on fewer complaints
	EvalInterval   time.Duration // how often rates are computed; also the width of a bucket
}

// EndRule says what the end of a review does with a rate between the review
// and the pause threshold.
type EndRule uint8

// The end rules.
const (
	ExtendOnce EndRule = iota // one more review of the same length, then a pause
	EndPause                  // a pause at once
	EndHealthy                // healthy again
)

// Review are the parameters of the review of an account.
type Review struct {
	BounceRate       unit.Share    // at or above: under review
	ComplaintRate    unit.Share    // at or above: under review
	Length           time.Duration // how long a review lasts
	SendingAllowance int64         // a review also ends after so many accepted recipients; 0: off
	EndRule          EndRule
	DecisionTime     time.Duration // from a review's end to AWS's decision
}

// Pause are the parameters of the pause of an account's sending.
type Pause struct {
	BounceRate    unit.Share
	ComplaintRate unit.Share
	// ImmediateFactor, in thousandths: a rate at or above so many times the
	// pause threshold pauses at once, without a review. 0: never.
	ImmediateFactor int64
	// RepeatReviews: the review with this ordinal for the same metric is a
	// pause instead. 0: never.
	RepeatReviews int64
	Notice        time.Duration // from the decision to pause to the pause
	// SendingEnabled: GetAccount shows sending as enabled while AWS pauses it.
	SendingEnabled bool
	// PermanentAfter: the pause with this ordinal is for good. 0: never.
	PermanentAfter int64
}

// Appeal are the parameters of an appeal.
type Appeal struct {
	Reply      Spread // time until AWS answers
	FreshStart bool   // rates are computed anew from mail after an accepted appeal
}

// Production are the parameters of the production-access request.
type Production struct {
	// ReviewWithin: most answers come uniformly within this time.
	ReviewWithin time.Duration
	// LongerShare of the answers take uniformly from LongerFrom to LongerTo.
	LongerShare          unit.Share
	LongerFrom, LongerTo time.Duration
	Quota                int64 // granted where the request does not say
	Rate                 int64 // granted where the request does not say
}

// AutoIncrease are the parameters of automatic quota increases.
type AutoIncrease struct {
	On            bool
	Days          int64      // so many days of the last Of must qualify
	Of            int64      // days looked at
	Use           unit.Share // a day qualifies at this share of the quota and above
	BounceRate    unit.Share // and the bounce rate lies below this
	ComplaintRate unit.Share // and the complaint rate below this
	Factor        int64      // the quota is multiplied by this
	Every         time.Duration
	Cap           int64 // recipients in 24 hours
}

// Retry are the parameters of SES's own retries after a soft bounce.
type Retry struct {
	Horizon time.Duration // after it SES gives up
	First   time.Duration // wait before the second attempt
	Factor  int64         // in thousandths
	Cap     time.Duration // no wait is longer
	Jitter  unit.Share    // each wait varies by up to this share either way
}

// Mail are the parameters of what is published about mail.
type Mail struct {
	NoEmailShare        unit.Share // of the hard bounces of addresses that do not exist: NoEmail, the others General
	DeadDomainPermanent bool       // a domain that does not exist is a hard bounce in the end
	Port25PerMinute     int64      // connections a minute from an EC2 instance through a throttled port 25
	SimulatorGeneral    bool       // the simulator's suppressionlist address bounces as General
}

// Delays are the times things take.
type Delays struct {
	Delivery       Spread     // acceptance to delivery
	Bounce         Spread     // acceptance to a hard bounce in the SMTP dialogue
	AsyncShare     unit.Share // share of hard bounces that come after a delivery
	Async          Spread     // delivery to such a bounce
	Complaint      Spread     // delivery to the recipient's complaint
	ComplaintRelay time.Duration
	Publish        Spread // any email event to the sender's knowing of it
}

// Spread is a distribution of durations.
type Spread = unit.Spread

// fixed returns the spread that is always d.
func fixed(d time.Duration) Spread { return Spread{Median: d, Upper: d, Tail: 99} }
