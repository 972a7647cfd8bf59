package check

import (
	"slices"
	"strings"
	"time"

	"sesim/sim"
	"sesim/sim/rules"
	"sesim/sim/ses"
)

// present is the state of all accounts at the record now looked at: the
// scenario, changed by the records of the timeline, each of which some check
// holds against its cause, and by the actions that set a key.
type present struct {
	cfg      *sim.Config
	accounts []account
	actions  []*sim.Action // still to come, by time
	done     []*sim.Action // whose time has come since the record before
}

// account is what one account may do now.
type account struct {
	access            ses.Access
	quota, rate       int64
	quotas, rates     []change // since the start
	enforcement       ses.Enforcement
	troubled          time.Duration // since when it is not healthy or is about to be paused
	stopped           time.Duration // when the pause began that may empty the list
	shut              time.Duration // when the last pause by AWS began
	announced         bool          // a pause by AWS is to come
	suspended         bool
	stoppedByCustomer bool
	sets              []configurationSet
	identities        []string
	suppression       ses.ListReasons
	applications      []application // requests still to come, by time
	pending           *application  // the request under review
	answered          ses.Event     // AWS's last answer to a request; 0: none
}

// configurationSet is what a configuration set says now.
type configurationSet struct {
	stopped, missing bool
	overrides        bool // reasons stand instead of the account's
	reasons          ses.ListReasons
}

// change is a new quota or rate.
type change struct {
	at time.Duration
	to int64
}

// application is a production-access request as it concerns one account.
type application struct {
	request *sim.Request
	at      time.Duration
}

func newPresent(cfg *sim.Config) *present {
	p := &present{cfg: cfg}
	for i := range cfg.Actions {
		p.actions = append(p.actions, &cfg.Actions[i])
	}
	slices.SortStableFunc(p.actions, func(a, b *sim.Action) int { return compare(a.At, b.At) })
	for i := range cfg.Accounts {
		a := &cfg.Accounts[i]
		now := account{
			access: a.Access, quota: a.Quota, rate: a.Rate, identities: slices.Clone(a.Identities), suppression: a.Suppression,
			applications: applicationsOf(cfg, i),
		}
		if h := a.History; h != nil {
			now.enforcement, now.stoppedByCustomer = h.Status, h.CustomerPaused
			now.troubled, now.stopped, now.shut = -h.Since, -h.Since, -h.Since
		}
		for _, set := range a.Sets {
			described := described(&set)
			described.missing = set.Missing
			now.sets = append(now.sets, described)
		}
		p.accounts = append(p.accounts, now)
	}
	return p
}

// described is a configuration set that exists as the scenario describes it.
func described(s *sim.ConfigurationSet) configurationSet {
	return configurationSet{stopped: s.Paused, overrides: s.Overrides, reasons: s.Suppression}
}

func compare(a, b time.Duration) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// applicationsOf returns the requests for an account in order of time: its
// own, and those of the same customer's other accounts that name its Region.
func applicationsOf(cfg *sim.Config, account int) []application {
	var list []application
	own := &cfg.Accounts[account]
	for i := range cfg.Accounts {
		other := &cfg.Accounts[i]
		for n := range other.Requests {
			r := &other.Requests[n]
			shared := own.Customer != "" && own.Customer == other.Customer && slices.Contains(r.Regions, own.Region)
			if i == account || shared {
				list = append(list, application{r, r.At})
			}
		}
	}
	slices.SortStableFunc(list, func(a, b application) int { return compare(a.at, b.at) })
	return list
}

// before brings the accounts to the moment just before the first record at t.
// A key that is set at t is set before whatever else happens then.
func (p *present) before(t time.Duration) {
	p.done = p.done[:0]
	for len(p.actions) > 0 && p.actions[0].At <= t {
		if a := p.actions[0]; a.Do == sim.DoSet {
			p.set(&a.Change, a.At)
		}
		p.done = append(p.done, p.actions[0])
		p.actions = p.actions[1:]
	}
}

// set changes a key of an account. Keys of senders and audiences change
// nothing that an account may do, and reasons change by calls that leave
// records.
func (p *present) set(c *sim.Change, at time.Duration) {
	switch c.Key {
	case sim.KeyAccountQuota:
		p.accounts[c.Index].setQuota(c.Number, at)
	case sim.KeyAccountRate:
		p.accounts[c.Index].setRate(c.Number, at)
	}
}

func (a *account) setQuota(quota int64, at time.Duration) {
	a.quota = quota
	a.quotas = append(a.quotas, change{at, quota})
}

func (a *account) setRate(rate int64, at time.Duration) {
	a.rate = rate
	a.rates = append(a.rates, change{at, rate})
}

// after brings the accounts to the moment just after a record.
func (p *present) after(r *sim.Record) {
	if r.Kind != sim.Changed {
		return
	}
	a, of := &p.accounts[r.Account], r.Transition
	if !a.stops(p.cfg) {
		a.stopped = r.At // if it stops now
	}
	switch of.Event {
	case ses.EventRequested, ses.EventConflict:
		a.apply(of.Event == ses.EventRequested)
	case ses.EventGranted:
		p.grant(a, r.At)
		a.pending, a.answered = nil, of.Event
	case ses.EventDenied, ses.EventFailed, ses.EventMoreInfo:
		a.pending, a.answered = nil, of.Event
	case ses.EventQuotaRaised:
		a.raise(&p.cfg.Rules.AutoIncrease, r.At)
	case ses.EventVerified:
		a.identities = append(a.identities, of.Why)
	case ses.EventUnverified:
		a.identities = slices.DeleteFunc(a.identities, func(s string) bool { return sameIdentity(s, of.Why) })
	case ses.EventCustomerPaused, ses.EventCustomerResumed:
		a.stoppedByCustomer = of.Event == ses.EventCustomerPaused
	case ses.EventSuppressionChanged:
		a.suppression = reasonsOf(of.Why)
	case ses.EventSetPaused, ses.EventSetResumed, ses.EventSetCreated, ses.EventSetDeleted, ses.EventSetSuppressionChanged:
		p.changeSet(r.Account, &of)
	default:
		a.enforce(of.Event, r.At)
	}
}

// stops reports whether a pause lasts that may empty the account's list.
func (a *account) stops(cfg *sim.Config) bool {
	return a.enforcement == ses.Shutdown || a.stoppedByCustomer && cfg.Rules.Account.CustomerPauseWipes
}

// enforce follows the enforcement status.
func (a *account) enforce(event ses.Event, at time.Duration) {
	well := a.well()
	switch event {
	case ses.EventUnderReview:
		a.enforcement = ses.Probation
	case ses.EventPendingPause:
		a.announced = true
	case ses.EventReviewExtended:
		a.announced = false // an appeal has called it off; no review is extended otherwise while there is one
	case ses.EventPaused:
		a.enforcement, a.announced, a.shut = ses.Shutdown, false, at
	case ses.EventSuspended:
		a.suspended = true
	case ses.EventHealthy:
		a.enforcement, a.announced = ses.Healthy, false
	}
	if well && !a.well() {
		a.troubled = at
	}
}

// well reports whether there is nothing to appeal against.
func (a *account) well() bool { return a.enforcement == ses.Healthy && !a.announced }

// changeSet follows what the customer does to a configuration set.
func (p *present) changeSet(account int, of *ses.Transition) {
	name, reasons, _ := strings.Cut(of.Why, ": ")
	i := slices.IndexFunc(p.cfg.Accounts[account].Sets, func(s sim.ConfigurationSet) bool { return s.Name == name })
	if i < 0 {
		return // operations reports it
	}
	set := &p.accounts[account].sets[i]
	switch of.Event {
	case ses.EventSetPaused, ses.EventSetResumed:
		set.stopped = of.Event == ses.EventSetPaused
	case ses.EventSetCreated:
		*set = described(&p.cfg.Accounts[account].Sets[i])
	case ses.EventSetDeleted:
		set.missing = true
	case ses.EventSetSuppressionChanged:
		set.overrides, set.reasons = true, reasonsOf(reasons)
	}
}

// noReasons is how a timeline writes that a list is off.
const noReasons = "none"

// reasonsOf reads the reasons that a timeline tells.
func reasonsOf(text string) ses.ListReasons {
	all := ses.ListReasons(0)
	for word := range strings.SplitSeq(text, ",") {
		if r, err := ses.ParseListReason(word); err == nil {
			all |= r
		}
	}
	return all
}

// apply takes the next request, which is under review from now on or was
// answered with a conflict.
func (a *account) apply(taken bool) {
	if len(a.applications) == 0 {
		return // requests reports it
	}
	next := a.applications[0]
	a.applications = a.applications[1:]
	if taken {
		a.pending = &next
	}
}

// grant moves the account out of the sandbox with the quota and rate of the
// request under review.
func (p *present) grant(a *account, at time.Duration) {
	if a.pending == nil {
		return // requests reports it
	}
	quota, rate := a.pending.request.Quota, a.pending.request.Rate
	if quota == 0 {
		quota = p.cfg.Rules.Prod.Quota
	}
	if rate == 0 {
		rate = p.cfg.Rules.Prod.Rate
	}
	a.access = ses.Production
	a.setQuota(quota, at)
	a.setRate(rate, at)
}

// raise applies an automatic increase of the quota. The rate follows: a day's
// quota within one hour, 14 a second at the least, and never less than before.
func (a *account) raise(increase *rules.AutoIncrease, at time.Duration) {
	a.setQuota(min(a.quota*increase.Factor, increase.Cap), at)
	a.setRate(max(a.rate, 14, (a.quota+3599)/3600), at)
}

// reasons returns the reasons by which the account's list works for a
// sender's mail: its configuration set's, where that overrides the account's.
func (p *present) reasons(account, sender int) ses.ListReasons {
	if set := p.setOf(account, sender); set != nil && set.overrides {
		return set.reasons
	}
	return p.accounts[account].suppression
}

// setOf returns the configuration set of a sender's mail, or nil.
func (p *present) setOf(account, sender int) *configurationSet {
	if sender < 0 {
		return nil
	}
	set := p.cfg.Senders[sender].SetAt(account)
	if set == 0 {
		return nil
	}
	return &p.accounts[account].sets[set-1]
}

// mayUse reports whether a sender may use an identity at its account: that has
// verified it or, for mail on behalf of another account of the same Region
// that has authorized this one, that other account has.
func (p *present) mayUse(account, sender int, identity string) bool {
	s := &p.cfg.Senders[sender]
	if open := strings.LastIndex(identity, "<"); open >= 0 {
		identity = strings.TrimSuffix(identity[open+1:], ">") // a name stands before it
	}
	if !s.Delegated {
		return coversAny(p.accounts[account].identities, identity)
	}
	owner := &p.cfg.Accounts[s.Owner]
	return slices.Contains(owner.Delegates, account) && strings.EqualFold(owner.Region, p.cfg.Accounts[account].Region) &&
		coversAny(p.accounts[s.Owner].identities, identity)
}
