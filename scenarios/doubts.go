package scenarios

import (
	"cmp"
	"iter"
	"slices"
	"strings"
	"time"

	"sesim/scenarios/internal/keys"
	"sesim/scenarios/internal/tree"
	"sesim/sim"
	"sesim/sim/plan"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// doubts warns about accounts and senders that can be simulated but are probably
// not meant. A threshold or a promise about the refusals that follow says that they
// are.
func (l *loader) doubts() {
	if !l.Clean() {
		return
	}
	verified := l.verified()
	for i, n := range l.clients.Tables {
		if !l.used[i] {
			l.DoubtKey(n, keys.EntityPath("client", i, n), "", "no sender has this client")
		}
	}
	l.doubtPasts()
	last := (*tree.Node)(nil)
	warned := map[*tree.Node]bool{} // tables of accounts
	for i := range l.cfg.Senders {
		n := l.senders.Tables[i]
		if n == last { // the first of a group stands for all
			continue
		}
		last = n
		s := &l.cfg.Senders[i]
		path := keys.EntityPath("sender", i, n)
		l.doubtPace(s, n, path)
		for _, route := range s.Routes() {
			if !l.reaches(verified[route.Account], route.Audience) && l.doubtSandbox(s, route, n, path, warned) {
				break
			}
		}
	}
}

// doubtSandbox warns about mail of a sender, and reports that it has, if an account in the
// sandbox refuses it. Warned are the accounts of which a warning says that they stay there.
func (l *loader) doubtSandbox(s *sim.Sender, route sim.Route, n *tree.Node, path string, warned map[*tree.Node]bool) bool {
	a, to := &l.cfg.Accounts[route.Account], l.cfg.Audiences[route.Audience].Name
	if a.Access != ses.Sandbox || l.expected(a.Name, ses.RefusedUnverified) {
		return false
	}
	grant, asks := l.grant(a)
	switch table := l.accounts.Tables[route.Account]; {
	case asks && s.Begin < grant:
		at, key := n, path
		if begin := n.Table["begin"]; begin != nil {
			at, key = begin, tree.Join(path, "begin")
		}
		l.DoubtKey(at, key, meant(a.Name, ses.RefusedUnverified),
			"mail to audience %s begins %s after the start, before account %s leaves the sandbox, at %s at the earliest",
			to, unit.FormatDuration(s.Begin), a.Name, unit.FormatDuration(grant))
		return true
	case !asks && !warned[table]:
		warned[table] = true
		l.DoubtKey(table, keys.EntityPath("account", route.Account, table), meant(a.Name, ses.RefusedUnverified),
			`the account is in the sandbox and never asks for production access, so mail to audience %s is refused: `+
				`write access = "production" or an [[account.request]]`, to)
		return true
	}
	return false
}

// doubtPace warns about a sender that sends faster than its account may and drops
// what is refused.
func (l *loader) doubtPace(s *sim.Sender, n *tree.Node, path string) {
	if s.Traffic.Kind == sim.Recorded || s.Client > 0 || s.Retry.Attempts > 0 && s.Retry.On[ses.RefusedRate] || l.chooses(".rate", ".pace") {
		return
	}
	for _, from := range s.AccountsOf() {
		a := &l.cfg.Accounts[from.Account]
		most, perSecond := l.highestRate(from.Account), s.Traffic.Rate.PerSecond()*float64(s.MeanRecipients())/1000*from.Share.Float()
		if perSecond <= float64(most) || l.expected(a.Name, ses.RefusedRate) {
			continue
		}
		l.DoubtKey(n.Table["traffic"], tree.Join(path, "traffic"), meant(a.Name, ses.RefusedRate),
			"%.6g recipients a second are more than the %d that account %s may send, and what is refused is not tried again: "+
				`write retry = { on = ["rate"] }, or a lower pace`, perSecond, most, a.Name)
	}
}

// meant is the hint of all doubts about refusals.
func meant(account string, reason ses.Reason) string {
	return `if it is meant, a threshold on "` + account + ".refused." + reason.String() + `" says so`
}

// expected reports whether a threshold or a promise is about an account's refusals,
// all of them or those for a reason.
func (l *loader) expected(account string, reason ses.Reason) bool {
	all := account + ".refused"
	about := func(metric string) bool { return metric == all || metric == all+"."+reason.String() }
	for _, t := range l.cfg.Thresholds {
		if about(t.Metric) {
			return true
		}
	}
	if l.goal != nil {
		for _, p := range l.goal.Question.Promises {
			if about(p.Of.Metric) {
				return true
			}
		}
	}
	return false
}

// chooses reports whether a plan chooses a key that ends in one of these.
func (l *loader) chooses(ends ...string) bool {
	return l.goal != nil && slices.ContainsFunc(l.goal.Question.Choices, func(c plan.Choice) bool {
		return slices.ContainsFunc(ends, func(end string) bool { return strings.HasSuffix(c.Key, end) })
	})
}

// verified returns the identities that each account has at some time.
func (l *loader) verified() []ses.Identities {
	names := make([][]string, len(l.cfg.Accounts))
	for i := range l.cfg.Accounts {
		names[i] = l.cfg.Accounts[i].Identities
	}
	for _, a := range l.cfg.Actions {
		if a.Do == sim.DoVerify {
			names[a.Account] = append(names[a.Account][:len(names[a.Account]):len(names[a.Account])], a.Identity)
		}
	}
	list := make([]ses.Identities, len(names))
	for i := range names {
		list[i] = ses.NewIdentities(names[i])
	}
	return list
}

// reaches reports whether an account with these identities can write to an audience
// from the sandbox.
func (l *loader) reaches(ids ses.Identities, audience int) bool {
	of := &l.cfg.Audiences[audience]
	if len(of.Addresses) == 0 {
		return strings.EqualFold(of.Domain, ses.SimulatorDomain) || ids.CoversDomain(of.Domain)
	}
	for _, address := range of.Addresses {
		_, domain, _ := strings.Cut(address, "@")
		if !strings.EqualFold(domain, ses.SimulatorDomain) && !ids.Covers(address) {
			return false
		}
	}
	return true
}

// asked yields the requests for production access that concern an account: its
// own, and those of the same customer that name its Region.
func (l *loader) asked(a *sim.Account) iter.Seq[*sim.Request] {
	return func(yield func(*sim.Request) bool) {
		list := []*sim.Account{a}
		if a.Customer != "" {
			list = nil
			for i := range l.cfg.Accounts {
				if l.cfg.Accounts[i].Customer == a.Customer {
					list = append(list, &l.cfg.Accounts[i])
				}
			}
		}
		for _, of := range list {
			for k := range of.Requests {
				r := &of.Requests[k]
				if (of == a || slices.Contains(r.Regions, a.Region)) && !yield(r) {
					return
				}
			}
		}
	}
}

// grant returns whether an account asks for production access, and the earliest time
// at which it may get it; negative: never.
func (l *loader) grant(a *sim.Account) (earliest time.Duration, asks bool) {
	earliest = -1
	for range l.asked(a) {
		asks = true
	}
	for at := range l.grants(a) {
		if earliest < 0 || at < earliest {
			earliest = at
		}
	}
	return earliest, asks
}

// grants yields the requests that may be granted to an account, each with the
// earliest time of the answer: at once, if it is drawn. A request that conflicts
// with an earlier one, which is under review or was denied, is not among them.
func (l *loader) grants(a *sim.Account) iter.Seq2[time.Duration, *sim.Request] {
	return func(yield func(time.Duration, *sim.Request) bool) {
		inOrder := slices.SortedStableFunc(l.asked(a), func(r, s *sim.Request) int { return cmp.Compare(r.At, s.At) })
		var answered time.Duration // the last request
		for _, r := range inOrder {
			if r.At < answered {
				continue
			}
			answered = r.At + max(r.After, 0)
			switch r.Outcome {
			case ses.Granted:
				if !yield(answered, r) {
					return
				}
			case ses.Denied:
				if !l.cfg.Rules.Prod.NewAfterDenied {
					return // the later ones conflict with the denial
				}
			}
		}
	}
}

// highestRate returns the highest maximum send rate that an account has at some
// time, as far as the scenario says.
func (l *loader) highestRate(account int) int64 {
	a := &l.cfg.Accounts[account]
	most := a.Rate
	for _, r := range l.grants(a) {
		most = max(most, cmp.Or(r.Rate, l.cfg.Rules.Prod.Rate))
	}
	for i := range l.cfg.Actions {
		if c := &l.cfg.Actions[i].Change; l.cfg.Actions[i].Do == sim.DoSet && c.Key == sim.KeyAccountRate && c.Index == account {
			most = max(most, c.Number)
		}
	}
	return most
}
