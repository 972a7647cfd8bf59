package engine

import (
	"slices"
	"strings"

	"sesim/sim"
	"sesim/sim/directory"
	"sesim/sim/measure"
	"sesim/sim/rng"
	"sesim/sim/rules"
	"sesim/sim/sender"
	"sesim/sim/ses"
)

// maxRoutes is how many routes a Session may have.
const maxRoutes = 10_000

// live is what a Session needs of its world besides what a run does.
//
// A call is admitted once, and posted recipient by recipient. What becomes of a recipient
// later depends on the account, the configuration set and the audience; a route stands for
// the three. To the rest of the world it is a sender whose messages are never due.
type live struct {
	w         *world
	directory *directory.Directory
	first     int   // the first of the audiences of addresses that the directory has
	domains   names // the audiences that number their addresses, by domain
	named     map[string]sim.Address
	accounts  []liveAccount
	routes    map[route]int32 // their numbers among the senders
	to        []recipient     // of the call that is being decided
	seen      []sim.Address   // of the record about it
}

// names are indexes under a name in lower case.
type names map[string][]int

// route is what the later course of mail depends on, by index; set counts from 1, 0: none.
type route struct{ account, set, audience int }

// recipient is a recipient of a call.
type recipient struct {
	route *senderState
	n     uint32
}

// liveAccount is what a Session counts of an account's calls.
type liveAccount struct {
	calls    int64 // so far
	accepted int64 // of them
	counts   sim.Counts
	reported *sender.Reported // addresses with published hard bounces, by their numbers over all audiences
	hot      hotState         // the draws of its mail
	draws    drawKeys
}

// addDelays adds the delays of the accepted calls: none was late.
func (a *liveAccount) addDelays(to *measure.Histogram) {
	if a.accepted > 0 {
		_ = to.Record(0, a.accepted)
	}
}

func newLive(w *world, d *directory.Directory) *live {
	first := slices.IndexFunc(w.cfg.Audiences, func(a sim.Audience) bool { return a.Seen == d })
	l := &live{
		w: w, directory: d, first: first, domains: names{}, named: map[string]sim.Address{},
		accounts: make([]liveAccount, 0, cap(w.accounts)), routes: map[route]int32{},
	}
	for i := range w.cfg.Audiences[:first] {
		a := &w.cfg.Audiences[i]
		for n, address := range a.Addresses {
			l.named[strings.ToLower(address)] = sim.Address{Audience: i, Number: int64(n)}
		}
		if len(a.Addresses) == 0 {
			domain := strings.ToLower(a.Domain)
			l.domains[domain] = append(l.domains[domain], i)
		}
	}
	for i := range w.accounts {
		l.addAccount(i)
	}
	return l
}

// addAccount adds the account with the next index.
func (l *live) addAccount(i int) {
	w := l.w
	w.accounts[i].debts = true
	w.accounts[i].senders++
	key := rng.Of(w.cfg.Seed, "sender", sim.CallsOf+w.cfg.Accounts[i].Name).For
	l.accounts = append(l.accounts, liveAccount{
		reported: sender.NewReported(uint32(len(w.bits))),
		hot:      hotState{account: &w.accounts[i], outcome: key("outcome"), delivery: key("delivery"), complains: key("complains")},
		draws:    newDrawKeys(key),
	})
}

// find returns an address that the scenario or the directory knows.
func (l *live) find(text string) (sim.Address, bool) {
	at := strings.LastIndexByte(text, '@')
	if len(l.named) > 0 {
		if a, known := l.named[strings.ToLower(text)]; known {
			return a, true
		}
	}
	if at >= 0 && len(l.domains) > 0 {
		for _, i := range l.domains[strings.ToLower(text[at+1:])] {
			if n, ok := l.w.cfg.Audiences[i].Numbered(text[:at]); ok {
				return sim.Address{Audience: i, Number: n}, true
			}
		}
	}
	if n, known := l.directory.Find(text); known {
		return sim.Address{Audience: l.first + int(l.directory.Class(n)), Number: int64(n)}, true
	}
	return sim.Address{Audience: -1}, false
}

// audienceFor returns the audience of an address that nobody knows: the first one that it
// matches. The last one takes all.
func (l *live) audienceFor(text string) int {
	i := l.first
	for i < len(l.w.cfg.Audiences)-1 && !l.w.cfg.Audiences[i].Matches(text) {
		i++
	}
	return i
}

// meet returns an address, which the directory takes up where nobody knows it. It returns
// false if the directory is full.
func (l *live) meet(text string) (sim.Address, bool) {
	a, known := l.find(text)
	if known {
		return a, true
	}
	audience := l.audienceFor(text)
	n, ok := l.directory.Add(text, uint16(audience-l.first))
	if ok {
		l.w.audiences[audience].Admit(n)
	}
	return sim.Address{Audience: audience, Number: int64(n)}, ok
}

// holds reports whether there is room for the addresses and routes that a call needs.
func (l *live) holds(c *sim.Call, set int) bool {
	addresses, bytes, routes := 0, 0, map[route]bool(nil)
	for _, text := range c.Recipients {
		a, known := l.find(text)
		if !known {
			addresses, bytes, a.Audience = addresses+1, bytes+len(text), l.audienceFor(text)
		}
		if len(l.w.senders)+ses.MaxRecipients <= cap(l.w.senders) {
			continue
		}
		if r := (route{c.Account, set, a.Audience}); !l.has(r) {
			if routes == nil {
				routes = map[route]bool{}
			}
			routes[r] = true
		}
	}
	return l.directory.Holds(addresses, bytes) && len(l.w.senders)+len(routes) <= cap(l.w.senders)
}

func (l *live) has(r route) bool {
	_, known := l.routes[r]
	return known
}

// route returns the route of an account's mail to an audience.
func (l *live) route(r route) *senderState {
	i, known := l.routes[r]
	if !known {
		i = l.addRoute(r)
		l.routes[r] = i
	}
	return &l.w.senders[i]
}

// addRoute adds a route to the senders. There is room; see holds.
func (l *live) addRoute(r route) int32 {
	w, acc := l.w, &l.accounts[r.account]
	hot := acc.hot
	hot.audience = &w.audiences[r.audience]
	a := senderState{
		hotState: &hot, index: int32(len(w.senders)), live: true, draws: acc.draws,
		spec: &sim.Sender{Account: r.account, Audience: r.audience, Set: r.set, Recipients: 1},
		list: sender.NewListOn(nil, 0, sim.Sequential),
	}
	if r.set > 0 {
		a.set = w.sets.of[r.account][r.set-1]
	}
	hot.audience.writes(hot.account)
	w.checkRecipients(&a)
	w.senders = append(w.senders, a)
	w.senders[a.index].home = &w.senders[a.index]
	return a.index
}

// liveCall is a call that is being decided.
type liveCall struct {
	*sim.Call
	account      *account
	number       int64 // among the account's calls
	set          *ses.ConfigurationSet
	setNumber    int
	form         ses.CallInput
	unauthorized bool     // the owner of the identities does not let the account send for them
	from         int      // how many identities of the sender fail
	failing      []string // these, then recipients
	counted      int64    // recipients that take from the quota
	meters       ses.Meters
}

// send decides a call now.
func (l *live) send(c *sim.Call) (sim.Answer, error) {
	w, acc := l.w, &l.w.accounts[c.Account]
	k := liveCall{Call: c, account: acc, form: ses.CallInput{Recipients: int64(len(c.Recipients)), Size: c.Size, Malformed: c.Malformed}}
	l.findSet(&k)
	if k.form.Recipients <= ses.MaxRecipients && !l.holds(c, k.setNumber) {
		return sim.Answer{}, sim.ErrFull
	}
	l.check(&k)
	own := &l.accounts[c.Account]
	k.number = own.calls
	own.calls++
	own.counts.Requests++
	own.counts.Due += k.form.Recipients
	own.counts.Recipients += k.form.Recipients
	w.counted.events++
	w.counted.recipients += k.form.Recipients
	k.meters = acc.Meters(w.now)
	reason := w.admit(acc, ses.Call{
		Recipients: k.form.Recipients, Counted: k.counted, Unverified: len(k.failing) > 0,
		Invalid: k.form.Invalid(c.Interface) != rules.None, SetPaused: k.set != nil && k.set.Paused(),
	})
	if reason != ses.Accepted {
		own.counts.GivenUp += k.form.Recipients // whether somebody tries again is not known here
		return l.refuse(&k, reason), nil
	}
	own.accepted++
	acc.Accepted += k.form.Recipients
	l.accept(own, &k)
	return sim.Answer{Message: k.number, Reason: ses.Accepted, Meters: k.meters}, nil
}

// findSet finds the configuration set of a call.
func (l *live) findSet(k *liveCall) {
	if k.Set == "" {
		return
	}
	number := l.set(k.Account, k.Set)
	if number == 0 || l.w.sets.of[k.Account][number-1].Missing() {
		k.form.MissingSet = k.Set
		return
	}
	k.setNumber, k.set = number, l.w.sets.of[k.Account][number-1]
}

// set returns the number of an account's configuration set, from 1; 0: there never was one
// of that name.
func (l *live) set(account int, name string) int {
	for i := range l.w.cfg.Accounts[account].Sets {
		if l.w.cfg.Accounts[account].Sets[i].Name == name {
			return i + 1
		}
	}
	return 0
}

// check finds out what admission needs to know of a call.
func (l *live) check(k *liveCall) {
	sandboxed := k.account.Access() == ses.Sandbox
	identities := k.account.Identities()
	if k.Delegated {
		owner := &l.w.accounts[k.Owner]
		sandboxed = sandboxed || owner.Access() == ses.Sandbox
		identities = owner.Identities()
		k.unauthorized = !l.w.authorizes(k.Owner, k.account)
	}
	fails := func(identity string) {
		if k.unauthorized || !identities.Covers(ses.BareAddress(identity)) {
			k.failing = append(k.failing, identity)
		}
	}
	fails(k.From)
	for _, identity := range k.Checked {
		fails(identity)
	}
	k.from = len(k.failing)
	for _, to := range k.Recipients {
		domain := to[strings.LastIndexByte(to, '@')+1:]
		if len(domain) == len(to) && k.form.Malformed == "" {
			k.form.Malformed = to
		}
		if strings.EqualFold(domain, ses.SimulatorDomain) {
			continue
		}
		k.counted++
		if sandboxed && !k.account.CoversRecipient(to) {
			k.failing = append(k.failing, to)
		}
	}
}

// refuse counts a refusal and returns it.
func (l *live) refuse(k *liveCall, reason ses.Reason) sim.Answer {
	w, acc := l.w, k.account
	acc.Refused[reason] += k.form.Recipients
	rule := acc.rules.refusal(1, reason, acc, k.set, k.unauthorized, k.from > 0)
	if reason == ses.RefusedInvalid {
		rule = acc.rules.invalid(k.form.Invalid(k.Interface))
	}
	answer := sim.Answer{Message: k.number, Reason: reason, Rule: rule, Error: l.word(k, reason), Meters: k.meters}
	reads := l.refusalReads(k, reason)
	if acc.rules.calls[reason] == 1 {
		acc.refusals = append(acc.refusals, sim.Refusal{
			At: w.now, Sender: -1, Interface: k.Interface, Reason: reason, Rule: rule, Error: answer.Error, Reads: reads,
		})
	}
	acc.print.add(w.now, uint64(k.number), fpRefused+uint64(reason))
	l.observe(k, sim.Record{Kind: sim.Refused, Reason: reason, Error: answer.Error, Rule: rule, Reads: reads})
	return answer
}

// word is a refusal in the words of the call's interface.
func (l *live) word(k *liveCall, reason ses.Reason) ses.Error {
	switch reason {
	case ses.RefusedInvalid:
		return ses.Malformed(k.Interface, k.form)
	case ses.RefusedUnverified:
		return ses.Unverified(k.Interface, l.w.cfg.Accounts[k.Account].Region, k.failing, l.w.cfg.Rules.Identity.ListedText)
	case ses.RefusedPaused:
		return ses.Paused(k.Interface, k.account.PausedBy(k.set))
	}
	if k.SigV2 && reason == ses.RefusedRate {
		return ses.ThrottledSigV2()
	}
	return ses.Throttled(k.Interface, reason)
}

// accept takes the recipients of an accepted call on.
func (l *live) accept(own *liveAccount, k *liveCall) {
	w := l.w
	k.account.print.add(w.now, uint64(k.number), fpSent)
	l.to = l.to[:0]
	for _, text := range k.Recipients {
		a, _ := l.meet(text)
		l.to = append(l.to, recipient{l.route(route{k.Account, k.setNumber, a.Audience}), uint32(a.Number)})
	}
	for _, to := range l.to {
		if own.reported.Has(w.now, to.route.audience.first+to.n) {
			own.counts.SentAfterBounce++
		}
	}
	l.observe(k, sim.Record{Kind: sim.Sent, Reads: k.account.rateReads().And(quotaReads(len(l.to)))})
	ctr := uint64(k.number) << 6
	if k.Rejected {
		k.account.print.add(w.now, uint64(k.number), fpRejected)
	}
	for i, to := range l.to {
		if k.Rejected {
			w.reject(to.route, to.n, ctr+uint64(i))
		} else {
			w.post(to.route, to.n, ctr+uint64(i))
		}
	}
}

// observe hands the observer a record about a call. Recipients of a refused call may be
// known to nobody.
func (l *live) observe(k *liveCall, r sim.Record) {
	if l.w.records.observer == nil { // a Session's takes all
		return
	}
	r.Account, r.Sender, r.Live, r.Message, r.Set = k.Account, -1, true, k.number, k.setNumber
	r.Call, r.Meters, r.Due, r.Started = k.Call, k.meters, l.w.now, l.w.now
	l.seen = l.seen[:0]
	for _, text := range k.Recipients {
		a, _ := l.find(text)
		l.seen = append(l.seen, a)
	}
	r.Recipients = l.seen
	l.w.records.record = r
	l.w.records.tell()
}

// refusalReads returns the parameters that the refusal of a call read.
func (l *live) refusalReads(k *liveCall, reason ses.Reason) rules.Reads {
	reads := rules.Reads{}
	switch reason {
	case ses.RefusedRate:
		reads = k.account.rateReads()
	case ses.RefusedQuota:
		reads = quotaReads(len(k.Recipients))
	case ses.RefusedUnverified:
		if len(k.failing) > 1 {
			reads = reads.With(rules.ParamIdentityListedText)
		}
		for _, to := range k.Recipients {
			reads = reads.And(k.account.LabelReads(to))
		}
		if exceeds(k.meters, k.form.Recipients, k.counted) {
			reads = reads.With(rules.ParamIdentityCheck)
		}
	case ses.RefusedPaused:
		if k.account.PausedBy(k.set) == ses.Suspended {
			reads = reads.With(rules.ParamPausePermanent)
		}
	}
	if len(k.failing) > 0 && (reason == ses.RefusedRate || reason == ses.RefusedQuota) {
		reads = reads.With(rules.ParamIdentityCheck)
	}
	return reads
}
