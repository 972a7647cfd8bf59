package sim

import (
	"time"

	"sesim/sim/measure"
	"sesim/sim/rules"
	"sesim/sim/ses"
)

// Result is what a run leaves. It is a function of the Config alone.
type Result struct {
	Interrupted bool          // stopped before the horizon
	End         time.Duration // virtual time reached: the horizon, unless interrupted
	Fingerprint string        // 32 hexadecimal digits over the sequence of email events

	Accounts []AccountResult // in the order of the Config
	Senders  []SenderResult  // in the order of the Config
	Global   GlobalResult
	Series   measure.Table
	Rules    []Fired // the rules that decided something, in catalogue order

	Events     int64 // arrivals and event-list entries handled
	Admissions int64 // send calls decided
}

// Counts are recipients, but for Requests. Recipients is the sum of Accepted
// and Refused; Accepted is the sum of Delivered, HardBounced, SoftBounced,
// SuppressedAccount, SuppressedGlobal, Simulator, Rejected and InFlight.
type Counts struct {
	Requests          int64 // send calls, retries included
	Recipients        int64
	Accepted          int64
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
}

// Rate is a bounce or complaint rate over the representative volume.
type Rate = ses.RateFigures

// AccountResult is what became of one account.
type AccountResult struct {
	Counts
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
	At     time.Duration
	Sender int
	Reason ses.Reason
	Rule   rules.ID
	Error  ses.Error
}

// SenderResult is what became of one sender's messages.
type SenderResult struct {
	Messages  int64 // that were due
	Accepted  int64 // in the end
	GivenUp   int64 // refused, and not retried any more
	Waiting   int64 // refused, and to be retried after the end
	TimedOut  int64 // connections that never reached SES
	Removed   int64 // addresses taken off the list by hygiene
	Campaigns []time.Duration
}

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
	Now        time.Duration
	Horizon    time.Duration
	Events     int64
	Recipients int64
	States     []ses.Enforcement // one for each account; valid during the call only
}

// Hooks connect a run with what lies outside: none of them can change a
// result, but for stopping it. The zero value connects nothing.
type Hooks struct {
	// Tick is called now and then, in virtual time order, and once at the
	// end. It returns false to interrupt the run.
	Tick func(Progress) bool
	// Probe brackets a sample of the admission decisions, so that the caller
	// may time them.
	Probe Probe
	// Observer receives every email event and change of state.
	Observer Observer
}

// Probe brackets one admission decision: Start just before, Stop just after.
type Probe interface {
	Start()
	Stop()
}

// result gathers what the run leaves.
func (w *world) result() *Result {
	r := &Result{
		Interrupted: w.stopped, End: w.now, Fingerprint: w.fingerprint(), Series: w.table, Rules: w.fired(),
		Events: w.counted.events, Admissions: w.counted.admissions,
		Global: GlobalResult{
			Added: w.global.Added(), Listed: w.global.Listed(w.now), Dwell: w.global.Dwell(w.now), Removed: w.global.Removed(),
		},
	}
	for i := range w.accounts {
		acc := &w.accounts[i]
		_ = acc.delay.Record(0, acc.onTime) // zero is a duration it takes
		a := AccountResult{
			Counts: acc.Counts, Access: acc.Access(), Enforcement: acc.Enforcement(), Quota: acc.Quota(), MaxRate: acc.MaxRate(),
			ListAdded: acc.Added(), Listed: acc.Listed(), Timeline: acc.Timeline(), Refusals: acc.refusals, Delay: &acc.delay,
		}
		a.Bounce, a.Complaint = acc.Rates(w.now)
		a.QuotaUseFinal, a.QuotaUseMax = acc.QuotaUse(w.now)
		a.Status = acc.Status()
		a.BounceStatus, a.ComplaintStatus = acc.RateStatus()
		for _, set := range acc.sets {
			var figures SetResult
			figures.Bounce, figures.Complaint = set.Rates(w.now)
			a.Sets = append(a.Sets, figures)
		}
		r.Accounts = append(r.Accounts, a)
	}
	for i := range w.senders {
		s := &w.senders[i]
		r.Senders = append(r.Senders, s.SenderResult)
	}
	return r
}
