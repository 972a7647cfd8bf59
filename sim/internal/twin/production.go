package twin

import (
	"slices"
	"time"

	"sesim/sim"
	"sesim/sim/rng"
	"sesim/sim/rules"
	"sesim/sim/ses"
)

// submission is a production-access request.
type submission struct{ account, number int }

func (x submission) happen(w *world) {
	asker := &w.cfg.Accounts[x.account]
	r := &asker.Requests[x.number]
	list := w.askedFor(x)
	if w.answersNow(list) {
		w.plan(w.now, x)
		return
	}
	after := r.After
	if after < 0 {
		after = w.reviewTime(x)
	}
	for _, account := range list {
		if w.pending(account) {
			w.note(account, ses.EventConflict, rules.ProdConflict)
			continue
		}
		w.requests = append(w.requests, progress{account, true})
		w.note(account, ses.EventRequested, rules.ProdRequest)
		w.plan(w.now+after, decision{account, r})
	}
}

// askedFor are the accounts that a request is for: the asker's, and those of
// the same customer in the Regions that it names.
func (w *world) askedFor(x submission) []int {
	asker := &w.cfg.Accounts[x.account]
	list := []int{x.account}
	for i := range w.cfg.Accounts {
		other := &w.cfg.Accounts[i]
		same := asker.Customer != "" && other.Customer == asker.Customer
		if i != x.account && same && slices.Contains(asker.Requests[x.number].Regions, other.Region) {
			list = append(list, i)
		}
	}
	return list
}

// answersNow reports whether AWS is about to answer one of the accounts at
// this very moment. Requests and calls made then come after the answer.
func (w *world) answersNow(accounts []int) bool {
	for _, p := range w.agenda {
		if d, ok := p.what.(decision); ok && p.at == w.now && slices.Contains(accounts, d.account) {
			return true
		}
	}
	return false
}

// progress is a request sent, or answered.
type progress struct {
	account int
	sent    bool
}

// pending reports whether a request of an account waits for its answer.
func (w *world) pending(account int) bool {
	waits := false
	for _, p := range w.requests {
		if p.account == account {
			waits = p.sent
		}
	}
	return waits
}

// reviewTime draws how long AWS takes to answer.
func (w *world) reviewTime(x submission) time.Duration {
	p := &w.cfg.Rules.Prod
	key := rng.Derive(w.cfg.Seed, "account", w.cfg.Accounts[x.account].Name, "request "+number(x.number))
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
	w.requests = append(w.requests, progress{x.account, false})
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
