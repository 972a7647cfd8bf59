package ses

import (
	"fmt"
	"time"

	"sesim/sim/rules"
	"sesim/sim/unit"
)

// MaxRecipients is the most recipients a call may have.
const MaxRecipients = 50

// Spec describes an account at the start of a run.
type Spec struct {
	Access      Access
	Quota       int64    // recipients in 24 hours; -1: unlimited
	Rate        int64    // maximum send rate, recipients a second
	Identities  []string // verified domains and addresses
	Suppression ListReasons
	History     *History // nil: none
}

// Account is an account in one Region.
type Account struct {
	// The fields that every message needs come first, in as few cache lines as
	// possible, because thousands of accounts do not fit into the cache.
	customerPaused bool
	enforcement    Enforcement
	access         Access
	suppression    ListReasons
	inSteps        bool  // the quota is counted in steps of quota.granularity
	special        bool  // paused or inSteps: no call is certain to be accepted
	quota          int64 // -1: unlimited
	quotaMax       int64 // most recipients in 24 h under the current quota
	near           int64 // the lesser of both: with more, the window must be updated
	rate           bucket
	accepted       int64 // recipients, without the noted ones
	counted        int64 // of these, counted towards the quota
	eligible       int64 // email for the rates, not yet in the open bucket; see fold
	loops          int64 // of that, to providers with a feedback loop
	sent           window
	notes          notes

	api            bucket   // calls other than sending
	quotaMaxBefore float64  // highest use under earlier quotas
	quotaRefused   [2]int64 // the last two days on which the quota refused a call, latest first; -1: none

	bits          []uint8 // the addresses' bytes; see bitGlobal
	rules         *rules.Set
	list          accountList
	ids           Identities
	asked         map[string]*verification // identities whose verification was requested during the run
	identities    int                      // verified, pending or failed
	verifications uint64                   // number of the latest verification

	bounces    metric
	complaints metric
	freshStart time.Duration // mail sent earlier does not count
	review     review
	stops      int64 // how often sending was stopped, by AWS or by the customer
	request    requestState
	reviewed   ReviewStatus // of the last request
	growth     growth
	timeline   []Transition
	fired      map[rules.ID]int64
}

// NewAccount returns an account at time 0. bits holds one byte per address.
func NewAccount(spec Spec, set *rules.Set, bits []uint8) *Account {
	a := &Account{
		access: spec.Access, suppression: spec.Suppression, quota: spec.Quota,
		rate: newBucket(spec.Rate, set.Rate), api: newBucket(set.API.PerSecond, rules.Rate{BurstSeconds: 1}), quotaRefused: [2]int64{-1, -1},
		bits: bits, rules: set, inSteps: set.Quota.Granularity > 0,
		notes: notes{free: notesMost, room: notesMost, taken: notesMost},
		ids:   NewIdentities(spec.Identities), fired: map[rules.ID]int64{}, asked: map[string]*verification{},
	}
	a.classify()
	a.identities = a.ids.Len()
	a.bounces, a.complaints = a.newBounceMetric(), a.newComplaintMetric()
	if spec.History != nil {
		a.restore(spec.History)
	}
	return a
}

func (a *Account) newBounceMetric() metric {
	r := a.rules
	return metric{
		name: "bounce rate", review: r.Review.BounceRate, pause: r.Pause.BounceRate, minEvents: r.Rep.MinBounces,
		reviewID: rules.ParamReviewBounceRate, pauseID: rules.ParamPauseBounceRate,
	}
}

func (a *Account) newComplaintMetric() metric {
	r := a.rules
	return metric{
		name: "complaint rate", review: r.Review.ComplaintRate, pause: r.Pause.ComplaintRate, minEvents: r.Rep.MinComplaints,
		reviewID: rules.ParamReviewComplaintRate, pauseID: rules.ParamPauseComplaintRate,
	}
}

// Call is what admission needs to know about a call to send.
type Call struct {
	Recipients int64
	Counted    int64 // of these, how many count towards the quota: all except mailbox simulator addresses
	Unverified bool  // From, or in the sandbox a recipient, fails the identity check
	Invalid    bool  // malformed, or too large for the interface
	SetPaused  bool  // the configuration set's sending is paused
}

// Admit decides a call. An accepted call takes from the rate and the quota; a refused
// one changes nothing. AWS does not bill refused calls; that it does not count them
// either is an assumption.
func (a *Account) Admit(now time.Duration, c Call) Reason {
	switch {
	case a.notes.room < notesMost:
		return a.admitAfterNoted(now, c)
	case c.SetPaused || a.special && (a.enforcement == Shutdown || a.customerPaused):
		return RefusedPaused
	case c.Invalid || uint64(c.Recipients-1) >= MaxRecipients:
		return RefusedInvalid
	case c.Unverified:
		return a.refuseUnverified(now, c)
	case !a.rate.admits(now, c.Recipients):
		return RefusedRate
	}
	if c.Counted > 0 && !a.takeQuota(now, c.Counted) {
		return RefusedQuota
	}
	a.rate.take(c.Recipients)
	a.accepted += c.Recipients
	return Accepted
}

// admitAfterNoted is Admit where calls may be noted that are not yet counted.
func (a *Account) admitAfterNoted(now time.Duration, c Call) Reason {
	a.settle()
	return a.Admit(now, c)
}

// refuseUnverified returns the first check that fails, for a call that fails the
// identity check. With identity.check = "after-limits" that comes after the rate and
// quota checks.
func (a *Account) refuseUnverified(now time.Duration, c Call) Reason {
	switch {
	case !a.rules.Identity.AfterLimits:
		return RefusedUnverified
	case !a.rate.admits(now, c.Recipients):
		return RefusedRate
	case c.Counted > 0 && !a.quotaAdmits(now, c.Counted):
		return RefusedQuota
	}
	return RefusedUnverified
}

// takeQuota counts n recipients towards the quota. It returns false if the quota does
// not allow them.
func (a *Account) takeQuota(now time.Duration, n int64) bool {
	if a.quotaNear(n) && !a.makeRoom(now, n) {
		return false
	}
	a.counted += n
	a.sent.add(a.countFrom(now), n)
	return true
}

// quotaNear reports whether n more recipients might exceed the quota or the previous
// maximum. Only then need the window be updated.
func (a *Account) quotaNear(n int64) bool { return a.sent.atMost()+n > a.near }

// makeRoom updates the window and reports whether the quota allows n more recipients.
func (a *Account) makeRoom(now time.Duration, n int64) bool {
	if !a.quotaAdmits(now, n) {
		return false
	}
	if most := a.sent.atMost() + n; most > a.quotaMax {
		a.setQuotaMax(most)
	}
	return true
}

// setQuotaMax sets the most recipients in 24 hours under the current quota.
func (a *Account) setQuotaMax(n int64) {
	a.quotaMax, a.near = n, n
	if a.quota >= 0 {
		a.near = min(n, a.quota)
	}
}

// countFrom returns the time from which recipients accepted now count.
func (a *Account) countFrom(now time.Duration) time.Duration {
	if a.inSteps {
		now -= now % a.rules.Quota.Granularity
	}
	return now
}

// quotaAdmits reports whether the quota allows n more recipients. If not, it records
// the day of the refusal.
func (a *Account) quotaAdmits(now time.Duration, n int64) bool {
	if a.fits(a.sent.used(now), n) {
		return true
	}
	a.noteQuotaRefused(int64(now / unit.Day))
	return false
}

// AdmitOperation decides an API call other than sending.
func (a *Account) AdmitOperation(now time.Duration) bool {
	if a.rules.API.PerSecond == 0 {
		return true
	}
	if !a.api.admits(now, 1) {
		return false
	}
	a.api.take(1)
	return true
}

// noteQuotaRefused records a day on which the quota refused a call. Two days are
// enough: a day is examined when it ends, possibly after calls made at that moment,
// which belong to the next day.
func (a *Account) noteQuotaRefused(today int64) {
	if a.quotaRefused[0] != today {
		a.quotaRefused = [2]int64{today, a.quotaRefused[0]}
	}
}

// Meters are the figures on which admission bases its decisions.
type Meters struct {
	Used    int64 // recipients in the last 24 hours
	Quota   int64 // recipients in 24 hours; -1: unlimited
	Tokens  int64 // in the rate bucket, in thousandths; negative in debt
	MaxRate int64 // recipients a second
	// Frees is when the oldest of the Used recipients leave the window, with their
	// whole step if the window is counted in steps; 0 if Used is 0.
	Frees time.Duration
}

// Meters returns the figures for a call made now.
func (a *Account) Meters(now time.Duration) Meters {
	a.settle()
	a.rate.refill(now)
	return Meters{a.sent.used(now), a.quota, a.rate.level / (token / 1000), a.rate.rate, a.sent.frees()}
}

// classify must be called after a change of what makes an account special.
func (a *Account) classify() {
	a.settle()
	a.special = a.inSteps || a.enforcement == Shutdown || a.customerPaused
}

// setEnforcement changes the enforcement status.
func (a *Account) setEnforcement(status Enforcement) {
	a.enforcement = status
	a.classify()
}

// setCustomerPaused changes whether the customer has paused the account.
func (a *Account) setCustomerPaused(paused bool) {
	a.customerPaused = paused
	a.classify()
}

// fits reports whether the quota allows n more recipients if used are counted.
func (a *Account) fits(used, n int64) bool {
	if a.rules.Quota.MustFit {
		used += n - 1
	}
	return used < a.quota || a.quota < 0
}

// Access returns whether the account is in the sandbox.
func (a *Account) Access() Access { return a.access }

// Enforcement returns the enforcement status.
func (a *Account) Enforcement() Enforcement { return a.enforcement }

// Quota returns the sending quota in recipients in 24 hours; -1: unlimited.
func (a *Account) Quota() int64 { return a.quota }

// MaxRate returns the maximum send rate in recipients a second.
func (a *Account) MaxRate() int64 { return a.rate.rate }

// CustomerPaused reports whether the customer has paused the account.
func (a *Account) CustomerPaused() bool { return a.customerPaused }

// QuotaUsed returns the recipients that count towards the quota now.
func (a *Account) QuotaUsed(now time.Duration) int64 {
	a.settle()
	return a.sent.used(now)
}

// QuotaUse returns the share of the quota in use now and the highest share so far, as
// fractions; 0 with an unlimited quota.
func (a *Account) QuotaUse(now time.Duration) (final, highest float64) {
	used := a.QuotaUsed(now) // counts noted calls, which may raise quotaMax
	return use(used, a.quota), max(a.quotaMaxBefore, use(a.quotaMax, a.quota))
}

func use(used, quota int64) float64 {
	if quota <= 0 {
		return 0
	}
	return float64(used) / float64(quota)
}

// SetQuota changes the sending quota from now on.
func (a *Account) SetQuota(now time.Duration, quota int64) {
	_, a.quotaMaxBefore = a.QuotaUse(now)
	a.quota = quota
	a.setQuotaMax(a.sent.used(now))
}

// SetRate changes the maximum send rate from now on.
func (a *Account) SetRate(now time.Duration, rate int64) {
	a.settle()
	a.rate.setRate(now, rate, a.rules.Rate)
}

// SetSuppression changes the suppression reasons of the account-level list; none turns
// the list off. It is also allowed in the sandbox.
func (a *Account) SetSuppression(reasons ListReasons) { a.suppression = reasons }

// Identities returns the verified identities. Use Verify and Drop to change them.
func (a *Account) Identities() *Identities { return &a.ids }

// Note adds a transition to the timeline, for which all parameters of its rule were read.
func (a *Account) Note(now time.Duration, event Event, rule rules.ID, why string) {
	a.NoteReads(now, event, rule, rule.Reads(), why)
}

// NoteReads adds a transition to the timeline, for which some parameters were read.
func (a *Account) NoteReads(now time.Duration, event Event, rule rules.ID, reads rules.Reads, why string) {
	a.timeline = append(a.timeline, Transition{now, event, rule, why, reads})
	a.fired[rule]++
}

// Timeline returns the transitions so far. The slice must not be modified.
func (a *Account) Timeline() []Transition { return a.timeline }

// Fired returns how often a rule changed the account's state.
func (a *Account) Fired(rule rules.ID) int64 { return a.fired[rule] }

// quotaWord formats a quota for a timeline.
func quotaWord(quota int64) string {
	if quota < 0 {
		return "unlimited"
	}
	return unit.Grouped(quota)
}

// percent formats part/whole as a percentage with two decimal places, three below one
// percent.
func percent(part, whole int64) string {
	if whole == 0 {
		return "0%"
	}
	p := 100 * float64(part) / float64(whole)
	if p < 1 {
		return fmt.Sprintf("%.3f%%", p)
	}
	return fmt.Sprintf("%.2f%%", p)
}
