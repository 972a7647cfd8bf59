package engine

import (
	"slices"

	"sesim/sim"
	"sesim/sim/rng"
	"sesim/sim/unit"
)

// A sender whose messages go from several accounts or to several audiences has a route
// for each account and audience: a senderState that makes their calls and handles the
// accepted mail. The routes of a sender follow each other, those to one audience from all
// accounts first. The first route to an audience, its home, has the list of addresses and
// the campaigns. The very first one, the lead, has the sender's arrivals and its client; the
// others have none. Routes of one sender have the same number in the whole scenario, so
// that their results are added up (see gather) and records name the sender. Mail of
// routes takes the slow path, and its arrivals come one by one: supportsFast and steady
// say so.

// routes is what the routes of a sender share.
type routes struct {
	all       []senderState
	accounts  int          // routes to each audience
	audiences []unit.Share // sums of the audiences' shares
	split     []unit.Share // sums of the accounts' shares; nil: one account at a time
	audience  rng.Key
	account   rng.Key
	current   int   // of the accounts, if they take turns
	due       int64 // messages that were due, including those for lists without addresses
	messages  int64 // the others
}

// addRoutes puts the routes of the partition's senders in place of the senders.
func (p *partition) addRoutes() {
	if !slices.ContainsFunc(p.cfg.Senders, func(s sim.Sender) bool { return s.Mixture != nil || s.Accounts != nil }) {
		return
	}
	given, numbers, leads := p.cfg.Senders, p.senders, make([]int, len(p.cfg.Senders))
	p.cfg.Senders, p.senders = nil, nil
	for i, s := range given {
		leads[i] = len(p.senders)
		for _, route := range s.Routes() {
			s.Account, s.Set, s.Audience = route.Account, route.Set, route.Audience
			p.cfg.Senders, p.senders = append(p.cfg.Senders, s), append(p.senders, numbers[i])
		}
	}
	p.cfg.Actions = slices.Clone(p.cfg.Actions)
	for i := range p.cfg.Actions {
		if a := &p.cfg.Actions[i]; a.Do == sim.DoSet && ofSender(a.Change.Key) {
			a.Change.Index = leads[a.Change.Index]
		}
	}
}

// isLead reports whether the i-th sender has arrivals: it is not a further route of the
// sender before it.
func (p *partition) isLead(i int) bool { return i == 0 || p.senders[i] != p.senders[i-1] }

// routesOf returns the routes of a sender, given the number of its lead.
func (w *world) routesOf(lead int) []senderState {
	if r := w.senders[lead].routes; r != nil {
		return r.all
	}
	return w.senders[lead : lead+1]
}

// startRoutes begins the routes of a sender that has several.
func (w *world) startRoutes(lead *senderState, key func(purpose string) rng.Key) {
	spec := lead.spec
	if spec.Mixture == nil && spec.Accounts == nil {
		return
	}
	from, i := spec.AccountsOf(), int(lead.index)
	n := len(from) * max(len(spec.Mixture), 1)
	r := &routes{all: w.senders[i : i+n : i+n], accounts: len(from), audience: key("audience"), account: key("account")}
	sum := unit.Share(0)
	for _, to := range spec.Mixture {
		sum += to.Share
		r.audiences = append(r.audiences, sum)
	}
	lead.routes = r
	if spec.Accounts != nil && spec.Accounts.Check > 0 {
		w.events.Push(spec.Begin, event{kind: evCheck, owner: lead.index})
		return
	}
	sum = 0
	for _, a := range from {
		sum += a.Share
		r.split = append(r.split, sum)
	}
}

// takePlace notes where a sender is among its routes. It counts for the account once.
func (a *senderState) takePlace() {
	a.home = a
	before := 0
	if r := a.routes; r != nil {
		before = int(a.index - r.all[0].index)
		a.home = &r.all[before/r.accounts*r.accounts]
		if before >= r.accounts {
			return
		}
	}
	a.account.senders++
}

// place returns where a uniform number lies among sums of shares. The last one is the whole.
func place(sums []unit.Share, u uint64) int {
	return max(slices.IndexFunc(sums, func(sum unit.Share) bool { return sum.Of(u) }), 0)
}

// next returns the home of the message that is due, by its audience.
func (r *routes) next() *senderState {
	u := r.audience.At(uint64(r.due))
	r.due++
	return &r.all[r.accounts*place(r.audiences, u)]
}

// route returns the route through which a call for a message goes now: one from the same
// home as a.
func (a *senderState) route(message int64) *senderState {
	r := a.routes
	if r == nil {
		return a
	}
	account := r.current
	if r.split != nil {
		account = place(r.split, r.account.At(uint64(message)))
	}
	return &r.all[int(a.home.index-r.all[0].index)+account]
}

// reroute returns the route through which a call goes that waits at another one now, and
// counts its message there.
func (w *world) reroute(c *call) *senderState {
	from := &w.senders[c.route]
	to := from.route(c.message)
	if to != from {
		n := int64(len(c.recipients))
		for _, move := range [...]struct {
			at *senderState
			n  int64
		}{{from, -n}, {to, n}} {
			t := &move.at.tally
			t.Waiting += move.n
			t.Due += move.n
			t.Recipients -= move.n // result adds those of Due
		}
		c.route = to.index
	}
	return to
}

// checkAccounts makes a sender use the first of its accounts that may send.
func (w *world) checkAccounts(lead *senderState) {
	r := lead.routes
	for k := range r.accounts {
		if a := &r.all[k]; !a.account.Pauses(a.set) {
			if k != r.current {
				r.current = k
				w.turns = append(w.turns, sim.Turn{At: w.now, Sender: int(lead.index), Account: a.account.index})
			}
			return
		}
	}
}

// ends reports whether the sender has nobody to write to any more.
func (a *senderState) ends() bool {
	if a.routes == nil {
		return a.list.Left() == 0 && !a.audience.spec.Growth.Grows()
	}
	for k := 0; k < len(a.routes.all); k += a.routes.accounts {
		if to := &a.routes.all[k]; to.list.Left() > 0 || to.audience.spec.Growth.Grows() {
			return false
		}
	}
	return true
}
