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

// Billed returns the recipients that AWS charges for: all that it accepted,
// whatever became of them, and none of a refused call.
func (c *Counts) Billed() int64 { return c.Accepted }

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
	// end: at every sample, and in between where the scenario is one part. It
	// returns false to interrupt the run at the next sample.
	Tick func(Progress) bool
	// Probe brackets a sample of the admission decisions, so that the caller
	// may time them. Of a scenario of several parts it sees those of the one
	// with the most mail, on that one's goroutine.
	Probe Probe
	// Observer receives every email event and change of state.
	Observer Observer
	// Workers is how many goroutines run parts of a scenario that share
	// nothing; 0: one for each core.
	Workers int
	// Undivided runs the scenario the plain way, against which the other is
	// tested: as one part, on the calling goroutine, arrivals one by one.
	Undivided bool
	// Stays receives the records of the global list alone, ListedGlobal and
	// UnlistedGlobal. Unlike an Observer it leaves plain mail its short way;
	// the scenario runs as one part.
	Stays Observer
}

// Probe brackets one admission decision: Start just before, Stop just after.
type Probe interface {
	Start()
	Stop()
}

// gather puts together what the worlds of a run leave.
func gather(cfg *Config, worlds []*world) *Result {
	r := &Result{
		Interrupted: worlds[0].stopped, End: worlds[0].now, Rules: fired(worlds), Series: joinSeries(cfg, worlds), Global: joinGlobal(worlds),
		Accounts: make([]AccountResult, len(cfg.Accounts)),
	}
	if len(cfg.Senders) > 0 {
		r.Senders = make([]SenderResult, len(cfg.Senders))
	}
	prints := make([]fingerprint, len(cfg.Accounts))
	for _, w := range worlds {
		w.closePrints()
		r.Events += w.counted.events
		r.Admissions += w.counted.admissions
		for i, whole := range w.part.accounts {
			r.Accounts[whole] = w.accountResult(&w.accounts[i])
			prints[whole] = w.accounts[i].print
		}
		for i, whole := range w.part.senders {
			r.Senders[whole] = w.senders[i].result()
		}
	}
	r.Fingerprint = digest(prints)
	return r
}

// accountResult is what became of an account.
func (w *world) accountResult(acc *account) AccountResult {
	_ = acc.delay.Record(0, acc.onTime) // zero is a duration it takes
	a := AccountResult{
		Counts: acc.Counts, Access: acc.Access(), Enforcement: acc.Enforcement(), Quota: acc.Quota(), MaxRate: acc.MaxRate(),
		ListAdded: acc.Added(), Listed: acc.Listed(), Timeline: acc.Timeline(), Refusals: acc.refusals, Delay: &acc.delay,
		Described: acc.Describe(w.now), Details: acc.details,
	}
	for i := range a.Refusals {
		a.Refusals[i].Sender = w.part.senders[a.Refusals[i].Sender]
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
	return a
}

// joinGlobal adds up what became of the addresses of all parts.
func joinGlobal(worlds []*world) GlobalResult {
	if len(worlds) == 1 {
		return worlds[0].globalResult()
	}
	var r GlobalResult
	var steps []measure.Step
	for _, w := range worlds {
		part := w.globalResult()
		r.Added += part.Added
		r.Listed += part.Listed
		r.Removed += part.Removed
		steps = append(steps, part.Dwell.Steps...)
	}
	r.Dwell = measure.Pooled(measure.AddUp(steps))
	return r
}

func (w *world) globalResult() GlobalResult {
	return GlobalResult{
		Added: w.global.Added(), Listed: w.global.Listed(w.now), Dwell: w.global.Dwell(w.now), Removed: w.global.Removed(),
	}
}

// joinSeries puts the columns of all parts into the order of the accounts. The
// last column, of the global list, is the sum.
func joinSeries(cfg *Config, worlds []*world) measure.Table {
	const n = len(seriesMetrics)
	accounts := min(len(cfg.Accounts), MaxSeries)
	t := measure.Table{Times: worlds[0].table.Times, Columns: make([]measure.Column, accounts*n+1)}
	for k, w := range worlds {
		for i := range w.part.sampled {
			copy(t.Columns[w.part.accounts[i]*n:], w.table.Columns[i*n:(i+1)*n])
		}
		last := w.table.Columns[w.part.sampled*n]
		if k == 0 {
			t.Columns[accounts*n] = last
			continue
		}
		for i, v := range last.Values {
			t.Columns[accounts*n].Values[i] += v
		}
	}
	return t
}
