package ses

import (
	"fmt"
	"time"

	"sesim/sim/rules"
	"sesim/sim/unit"
)

// MaxRecipients is the most recipients a call may have.
const MaxRecipients = 50

// Spec is what an account is at the start of a run.
type Spec struct {
	Access      Access
	Quota, Rate int64
	Identities  []string
	Suppression ListReasons
}

// Account is an account in one Region.
type Account struct {
	// What every message needs stands first, in as few lines of a processor's
	// cache as hold it: thousands of accounts do not fit it.
	customerPaused bool
	enforcement    Enforcement
	access         Access
	suppression    ListReasons
	inSteps        bool  // the quota counts in steps of the rules' granularity
	quota          int64 // -1: unlimited
	quotaMax       int64 // most recipients in 24 h under the present quota
	rate           bucket
	accepted       int64 // recipients
	counted        int64 // of these, towards the quota
	eligible       int64 // mail for the rates, not yet in the bucket under way; see fold
	loops          int64 // of that, to providers with a feedback loop
	sent           window

	api            bucket   // calls other than sending
	quotaMaxBefore float64  // highest use under earlier quotas
	quotaRefused   [2]int64 // the last two days on which the quota refused a call, the later first

	bits          []uint8 // the addresses' bytes; see bitGlobal
	rules         *rules.Set
	list          accountList
	ids           Identities
	asked         map[string]*verification // identities that somebody asked to verify during the run
	identities    int                      // verified, pending or failed
	verifications uint64                   // the last number given to one

	bounces    metric
	complaints metric
	freshStart time.Duration // earlier mail does not count
	review     review
	stops      int64 // how often sending has stopped, whoever stopped it
	request    requestState
	reviewed   ReviewStatus // of the last request
	growth     growth
	timeline   []Transition
	fired      map[rules.ID]int64
}

// NewAccount returns an account at time 0.
func NewAccount(spec Spec, set *rules.Set, bits []uint8) *Account {
	a := &Account{
		access: spec.Access, suppression: spec.Suppression, quota: spec.Quota,
		rate: newBucket(spec.Rate, set.Rate), api: newBucket(1, rules.Rate{BurstSeconds: 1}), quotaRefused: [2]int64{-1, -1},
		bits: bits, rules: set, inSteps: set.Quota.Granularity > 0,
		ids: NewIdentities(spec.Identities), fired: map[rules.ID]int64{}, asked: map[string]*verification{},
	}
	a.identities = a.ids.Len()
	a.bounces, a.complaints = a.newBounceMetric(), a.newComplaintMetric()
	return a
}

func (a *Account) newBounceMetric() metric {
	r := a.rules
	return metric{name: "bounce rate", review: r.Review.BounceRate, pause: r.Pause.BounceRate, minEvents: r.Rep.MinBounces}
}

func (a *Account) newComplaintMetric() metric {
	r := a.rules
	return metric{name: "complaint rate", review: r.Review.ComplaintRate, pause: r.Pause.ComplaintRate, minEvents: r.Rep.MinComplaints}
}

// Call is what admission needs to know of a call to send.
type Call struct {
	Recipients int64 // in all
	Counted    int64 // of these, how many take from the quota: all but the mailbox simulator's
	Unverified bool  // From, or in the sandbox a recipient, fails the identity check
	Invalid    bool  // malformed, or too large for the interface
	SetPaused  bool  // the configuration set's sending is paused
}

// Admit decides a call, and takes from rate and quota if it is accepted. A
// refusal changes nothing: AWS does not bill such calls, and that it does not
// count them is an assumption.
func (a *Account) Admit(now time.Duration, c Call) Reason {
	switch {
	case a.enforcement == Shutdown || a.customerPaused || c.SetPaused:
		return RefusedPaused
	case c.Invalid || c.Recipients < 1 || c.Recipients > MaxRecipients:
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

// AdmitOne is Admit for a call in order with one recipient that counts.
func (a *Account) AdmitOne(now time.Duration) Reason {
	if a.enforcement == Shutdown || a.customerPaused {
		return RefusedPaused
	}
	if a.rate.refill(now); a.rate.level < token { // a full bucket holds as much at least
		return RefusedRate
	}
	if a.quotaNear(1) && !a.makeRoom(now, 1) {
		return RefusedQuota
	}
	a.sent.add(a.step(now), 1)
	a.counted++
	a.rate.level -= token
	a.accepted++
	return Accepted
}

// refuseUnverified names the first check that a call fails which fails the
// check of identities: that may stand behind those of rate and quota.
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

// takeQuota takes n recipients from the quota, or reports that it refuses
// them.
func (a *Account) takeQuota(now time.Duration, n int64) bool {
	if a.quotaNear(n) && !a.makeRoom(now, n) {
		return false
	}
	a.counted += n
	a.sent.add(a.step(now), n)
	return true
}

// quotaNear reports whether n recipients more may be too many, or a new
// maximum. What has left the 24 hours is looked up only then.
func (a *Account) quotaNear(n int64) bool {
	most := a.sent.atMost() + n
	return most > a.quotaMax || most > a.quota && a.quota >= 0
}

// makeRoom looks it up. It reports whether the quota lets n recipients pass.
func (a *Account) makeRoom(now time.Duration, n int64) bool {
	if !a.quotaAdmits(now, n) {
		return false
	}
	a.quotaMax = max(a.quotaMax, a.sent.atMost()+n)
	return true
}

// step returns when recipients that are accepted now count from.
func (a *Account) step(now time.Duration) time.Duration {
	if a.inSteps {
		now -= now % a.rules.Quota.Granularity
	}
	return now
}

// quotaAdmits reports whether the quota lets n recipients pass, and notes that
// it does not.
func (a *Account) quotaAdmits(now time.Duration, n int64) bool {
	if a.fits(a.sent.used(now), n) {
		return true
	}
	a.noteQuotaRefused(int64(now / unit.Day))
	return false
}

// AdmitOperation decides a call to the API other than sending: one a second.
func (a *Account) AdmitOperation(now time.Duration) bool {
	if !a.api.admits(now, 1) {
		return false
	}
	a.api.take(1)
	return true
}

// noteQuotaRefused keeps the days on which the quota refused a call. Two are
// enough: a day is looked at when it ends, and calls at that very moment may
// come before.
func (a *Account) noteQuotaRefused(today int64) {
	if a.quotaRefused[0] != today {
		a.quotaRefused = [2]int64{today, a.quotaRefused[0]}
	}
}

// Meters are the figures that admission decides by.
type Meters struct {
	Used    int64 // recipients in the last 24 hours
	Quota   int64 // -1: unlimited
	Tokens  int64 // in the rate bucket, in thousandths; below zero in debt
	MaxRate int64 // recipients a second
	// Frees is when the oldest of the Used recipients leaves the 24 hours, with
	// all of its step where the window counts in steps; 0 where there are none.
	Frees time.Duration
}

// Meters returns the figures that a call made now would be decided by.
func (a *Account) Meters(now time.Duration) Meters {
	a.rate.refill(now)
	return Meters{a.sent.used(now), a.quota, a.rate.level / (token / 1000), a.rate.rate, a.sent.frees()}
}

// fits reports whether the quota lets n more recipients pass.
func (a *Account) fits(used, n int64) bool {
	if a.rules.Quota.MustFit {
		used += n - 1
	}
	return used < a.quota || a.quota < 0
}

// Access, Enforcement, Quota, MaxRate and CustomerPaused return the account's
// state as it is.
func (a *Account) Access() Access { return a.access }

// Enforcement returns the enforcement status.
func (a *Account) Enforcement() Enforcement { return a.enforcement }

// Quota returns the sending quota, -1 for unlimited.
func (a *Account) Quota() int64 { return a.quota }

// MaxRate returns the max send rate in recipients a second.
func (a *Account) MaxRate() int64 { return a.rate.rate }

// CustomerPaused reports whether the customer has paused the account.
func (a *Account) CustomerPaused() bool { return a.customerPaused }

// QuotaUsed returns the recipients accepted in the last 24 hours, as the rolling
// window counts them.
func (a *Account) QuotaUsed(now time.Duration) int64 { return a.sent.used(now) }

// QuotaUse returns the share of the quota in use now and the highest ever; 0
// under an unlimited quota.
func (a *Account) QuotaUse(now time.Duration) (final, highest float64) {
	return use(a.sent.used(now), a.quota), max(a.quotaMaxBefore, use(a.quotaMax, a.quota))
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
	a.quotaMax = a.sent.used(now)
	a.quota = quota
}

// SetRate changes the max send rate from now on.
func (a *Account) SetRate(now time.Duration, rate int64) { a.rate.setRate(now, rate, a.rules.Rate) }

// SetSuppression changes the reasons of the account-level list; none turns it
// off. It is allowed in the sandbox.
func (a *Account) SetSuppression(reasons ListReasons) { a.suppression = reasons }

// Identities returns the verified identities. Verify and Drop change them.
func (a *Account) Identities() *Identities { return &a.ids }

// Note adds a line to the timeline.
func (a *Account) Note(now time.Duration, event Event, rule rules.ID, why string) {
	a.timeline = append(a.timeline, Transition{now, event, rule, why})
	a.fired[rule]++
}

// Timeline returns the transitions so far. The slice must not be changed.
func (a *Account) Timeline() []Transition { return a.timeline }

// Fired returns how often a rule changed the account's state.
func (a *Account) Fired(rule rules.ID) int64 { return a.fired[rule] }

// quotaWord writes a quota for a timeline.
func quotaWord(quota int64) string {
	if quota < 0 {
		return "unlimited"
	}
	return unit.Grouped(quota)
}

// percent writes part of whole as a percentage with two digits, three below
// one percent.
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
