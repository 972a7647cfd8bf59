package twin

import (
	"slices"
	"time"

	"sesim/sim"
	"sesim/sim/rng"
	"sesim/sim/rules"
	"sesim/sim/ses"
)

// submission is a production-access request, as far as it is for one account.
type submission struct{ account, asker, number int }

func (x submission) happen(w *world) {
	if w.answersNow(x.account) {
		w.plan(w.now, x)
		return
	}
	taken, rule := w.takes(x.account)
	if !taken {
		w.note(x.account, ses.EventConflict, rule)
		return
	}
	r := &w.cfg.Accounts[x.asker].Requests[x.number]
	after := r.After
	if after < 0 {
		after = w.reviewTime(x)
	}
	w.requests = append(w.requests, progress{account: x.account, sent: true})
	w.note(x.account, ses.EventRequested, rule)
	w.plan(w.now+after, decision{x.account, r})
}

// askedFor are the accounts that a request is for: the asker's, and those of
// the same customer in the Regions that it names.
func askedFor(cfg *sim.Config, asker int, r *sim.Request) []int {
	own := &cfg.Accounts[asker]
	list := []int{asker}
	for i := range cfg.Accounts {
		other := &cfg.Accounts[i]
		same := own.Customer != "" && other.Customer == own.Customer
		if i != asker && same && slices.Contains(r.Regions, other.Region) {
			list = append(list, i)
		}
	}
	return list
}

// answersNow reports whether AWS is about to answer a request or an appeal of an
// account at this very moment. Requests and calls made then come after the
// answer.
func (w *world) answersNow(account int) bool {
	return slices.ContainsFunc(w.agenda, func(p planned) bool {
		switch what := p.what.(type) {
		case decision:
			return p.at == w.now && what.account == account
		case appealAnswer:
			return p.at == w.now && what.account == account
		}
		return false
	})
}

// progress is a request sent, or answered.
type progress struct {
	account int
	sent    bool
	outcome ses.Outcome // of one that is answered
}

// takes reports whether AWS takes a request of an account, and the rule: not while
// one waits for its answer, nor by the rules after a denial. After questions it is
// the reply.
func (w *world) takes(account int) (bool, rules.ID) {
	taken, rule := true, rules.ProdRequest
	for _, p := range w.requests {
		if p.account != account {
			continue
		}
		taken, rule = true, rules.ProdRequest
		switch {
		case p.sent:
			taken, rule = false, rules.ProdConflict
		case p.outcome == ses.MoreInfo:
			rule = rules.ProdReply
		case p.outcome == ses.Denied && !w.cfg.Rules.Prod.NewAfterDenied:
			taken, rule = false, rules.ProdAfterDenied
		}
	}
	return taken, rule
}

// reviewTime draws how long AWS takes to answer.
func (w *world) reviewTime(x submission) time.Duration {
	p := &w.cfg.Rules.Prod
	key := rng.Derive(w.cfg.Seed, "account", w.cfg.Accounts[x.asker].Name, "request "+number(x.number))
	draws := key.Stream()
	least, most := time.Duration(0), p.ReviewWithin
	if p.LongerShare.Of(draws.Next()) {
		least, most = p.LongerFrom, p.LongerTo
	}
	return least + time.Duration(draws.Below(uint64(most-least)+1))
}

// decision is AWS's answer to a request, for one account.
type decision struct {
	account int
	request *sim.Request
}

func (x decision) happen(w *world) {
	w.requests = append(w.requests, progress{account: x.account, outcome: x.request.Outcome})
	switch x.request.Outcome {
	case ses.Granted:
		w.grant(x)
	case ses.Denied:
		w.note(x.account, ses.EventDenied, rules.ProdDenied)
	case ses.Failed:
		w.note(x.account, ses.EventFailed, rules.ProdFailed)
	case ses.MoreInfo:
		w.note(x.account, ses.EventMoreInfo, rules.ProdMoreInfo)
	}
}

func (w *world) grant(x decision) {
	quota, rate := x.request.Quota, x.request.Rate
	if quota == 0 {
		quota = w.cfg.Rules.Prod.Quota
	}
	if rate == 0 {
		rate = w.cfg.Rules.Prod.Rate
	}
	w.put(x.account, 0, setAccess, int64(ses.Production))
	w.put(x.account, 0, setQuota, quota)
	w.put(x.account, 0, setRate, rate)
	w.note(x.account, ses.EventGranted, rules.ProdGrant)
}
