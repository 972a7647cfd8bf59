package twin

import (
	"sesim/sim"
	"sesim/sim/rng"
	"sesim/sim/rules"
	"sesim/sim/ses"
)

// appeal is the customer's answer to AWS's case.
func (w *world) appeal(a *sim.Action) {
	w.note(a.Account, ses.EventAppealed, rules.AppealFreshStart)
	if w.standing(a.Account).fine() {
		return
	}
	after := a.After
	if after < 0 {
		reply := rng.NewSpread(w.cfg.Rules.Appeal.Reply)
		after = reply.Draw(rng.Derive(w.cfg.Seed, "account", w.cfg.Accounts[a.Account].Name, "appeal at "+number(w.now)).At(0))
	}
	w.plan(w.now+after, appealAnswer{a.Account, a.Accepted})
}

// appealAnswer is AWS's answer to an appeal.
type appealAnswer struct {
	account  int
	accepted bool
}

func (x appealAnswer) happen(w *world) {
	s := w.standing(x.account)
	switch {
	case s.fine():
	case !x.accepted || s.suspended:
		w.note(x.account, ses.EventAppealRejected, rules.AppealFreshStart)
	case s.status == ses.Probation && s.other:
		w.pronounce(verdict{account: x.account, kind: extended})
		w.note(x.account, ses.EventReviewExtended, rules.AppealFreshStart)
	default:
		w.pronounce(verdict{account: x.account, kind: healed, fresh: w.cfg.Rules.Appeal.FreshStart})
		w.note(x.account, ses.EventHealthy, rules.AppealFreshStart)
	}
}

// trigger is what makes AWS look other than a rate. A review under way has
// one more cause then.
func (w *world) trigger(a *sim.Action) {
	s := w.standing(a.Account)
	switch {
	case s.status == ses.Shutdown || a.Pauses && s.announced != nil:
	case a.Pauses:
		w.announce(a.Account, rules.RepTrigger, metrics)
	default:
		w.pronounce(verdict{account: a.Account, kind: reviewed, metric: metrics, other: true})
		w.note(a.Account, ses.EventUnderReview, rules.RepTrigger)
	}
}
