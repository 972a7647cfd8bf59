package twin

import (
	"slices"
	"time"

	"sesim/sim/rules"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// evaluate is AWS's look at an account's rates.
func (w *world) evaluate(account int) {
	s := w.standing(account)
	if s.status == ses.Shutdown {
		return
	}
	if s.announced != nil {
		if w.now >= s.announced.at+w.cfg.Rules.Pause.Notice {
			w.pause(account, s.announced.rule, s.announced.metric)
		}
		return
	}
	var rates [metrics]Figures
	for m := range metrics {
		rates[m] = w.figures(account, m)
	}
	factor := w.cfg.Rules.Pause.ImmediateFactor
	for m := range metrics {
		if _, pause := w.thresholds(m); factor > 0 && w.reaches(m, rates[m], pause, factor) {
			w.announce(account, rules.PauseImmediate, m)
			return
		}
	}
	if s.status == ses.Healthy {
		w.lookForReview(account, rates)
	} else if w.reviewOver(account, s) {
		w.endReview(account, s, rates)
	}
}

// lookForReview begins a review where a rate calls for one, or a pause where
// it has called for too many.
func (w *world) lookForReview(account int, rates [metrics]Figures) {
	for m := range metrics {
		review, _ := w.thresholds(m)
		if !w.reaches(m, rates[m], review, same) {
			continue
		}
		if most := w.cfg.Rules.Pause.RepeatReviews; most > 0 && w.reviewsFor(account, m)+1 >= most {
			w.announce(account, rules.PauseRepeated, m)
			return
		}
		w.pronounce(verdict{account: account, kind: reviewed, metric: m})
		w.note(account, ses.EventUnderReview, rules.RepReview)
		return
	}
}

// reviewOver reports whether the review's time is up, or its allowance of
// mail used; where AWS then takes time to decide, whether that is up as well.
func (w *world) reviewOver(account int, s standing) bool {
	p := &w.cfg.Rules.Review
	if s.ended == nil {
		over := w.now >= s.period.at+p.Length || p.SendingAllowance > 0 && w.acceptedSince(account, s.period) >= p.SendingAllowance
		if !over {
			return false
		}
		if p.DecisionTime == 0 {
			return true
		}
		w.pronounce(verdict{account: account, kind: ended})
		w.note(account, ses.EventPendingEndOfReview, rules.ReviewPending)
		return false
	}
	return w.now >= s.ended.at+p.DecisionTime
}

func (w *world) acceptedSince(account int, since stamp) int64 {
	n := int64(0)
	for _, c := range w.calls {
		if c.accepted && c.account == account && c.order > since.order {
			n += int64(len(c.to))
		}
	}
	return n
}

// endReview is AWS's decision at the end of a review.
func (w *world) endReview(account int, s standing, rates [metrics]Figures) {
	first := func(holds func(m metric, review, pause unit.Share) bool) metric {
		for m := range metrics {
			if review, pause := w.thresholds(m); holds(m, review, pause) {
				return m
			}
		}
		return metrics
	}
	pause := first(func(m metric, _, pause unit.Share) bool { return w.exceeds(m, rates[m], pause) })
	between := first(func(m metric, review, _ unit.Share) bool { return w.reaches(m, rates[m], review, same) })
	rule := w.cfg.Rules.Review.EndRule
	switch {
	case pause < metrics:
		w.announce(account, rules.ReviewEnd, pause)
	case between < metrics && (rule == rules.EndPause || rule == rules.ExtendOnce && s.extensions > 0):
		w.announce(account, rules.ReviewEnd, between)
	case between < metrics && rule == rules.ExtendOnce:
		w.pronounce(verdict{account: account, kind: extended})
		w.note(account, ses.EventReviewExtended, rules.ReviewExtended)
	default:
		w.pronounce(verdict{account: account, kind: healed})
		w.note(account, ses.EventHealthy, rules.ReviewEnd)
	}
}

// announce is the decision to pause an account because of a rate, or of
// something else (metrics). It may take effect later.
func (w *world) announce(account int, rule rules.ID, because metric) {
	if w.cfg.Rules.Pause.Notice == 0 {
		w.pause(account, rule, because)
		return
	}
	w.pronounce(verdict{account: account, kind: announced, metric: because, rule: rule})
	w.note(account, ses.EventPendingPause, rules.PausePending)
}

// pause pauses an account's sending.
func (w *world) pause(account int, rule rules.ID, because metric) {
	w.pronounce(verdict{account: account, kind: paused, metric: because})
	w.note(account, ses.EventPaused, rule)
	if most := w.cfg.Rules.Pause.PermanentAfter; most > 0 && w.standing(account).pauses >= most {
		w.pronounce(verdict{account: account, kind: suspended})
		w.note(account, ses.EventSuspended, rules.PausePermanent)
	}
	w.planWiping(account)
}

// stopped returns the fact by which an account's sending stopped, and false where
// it has not: AWS paused it, or by the rules the customer did.
func (w *world) stopped(account int) (fact int, is bool) {
	type change struct {
		order   int
		aws, on bool
	}
	var changes []change
	for _, v := range w.verdicts {
		if v.account == account && (v.kind == paused || v.kind == healed) {
			changes = append(changes, change{v.order, true, v.kind == healed})
		}
	}
	for _, s := range w.settings {
		if w.cfg.Rules.Account.CustomerPauseWipes && s.account == account && s.set == 0 && s.what == setSending {
			changes = append(changes, change{s.order, false, s.value == 1})
		}
	}
	slices.SortFunc(changes, func(a, b change) int { return a.order - b.order })
	off := map[bool]bool{} // who keeps the account from sending: true is AWS
	for _, c := range changes {
		if !off[true] && !off[false] {
			fact = c.order // if this is a stop
		}
		off[c.aws] = !c.on
	}
	return fact, off[true] || off[false]
}

// pausedFor is how long the pause by AWS lasts that an account is under.
func (w *world) pausedFor(account int) time.Duration {
	since := w.now
	for _, v := range w.verdicts {
		if v.account == account && v.kind == paused {
			since = v.at
		}
	}
	if w.standing(account).status != ses.Shutdown {
		return 0
	}
	return w.now - since
}

// planWiping plans what a stop of sending does that has just begun.
func (w *world) planWiping(account int) {
	stop, is := w.stopped(account)
	after := w.cfg.Rules.Account.PauseWipe
	if !is {
		return
	}
	for _, x := range w.wipings {
		if x == (wiping{account, stop}) {
			return
		}
	}
	if after > 0 {
		w.wipings = append(w.wipings, wiping{account, stop})
		w.plan(max(w.now+after, 0), wiping{account, stop})
	}
}

// wiping is what a long stop of sending does to the account's list, if it
// still lasts.
type wiping struct {
	account int
	stop    int
}

func (x wiping) happen(w *world) {
	if stop, stopped := w.stopped(x.account); !stopped || stop != x.stop {
		return
	}
	rule := rules.AccountWiped
	if w.pausedFor(x.account) < w.cfg.Rules.Account.PauseWipe {
		rule = rules.CustomerPauseWiped
	}
	list := w.onList(x.account)
	for _, e := range list {
		w.enter(x.account, e.of, e.spelling, 0, true, Decision{Sender: -1, Rule: rule})
	}
	if len(list) > 0 || w.listedBefore(x.account) > 0 {
		w.note(x.account, ses.EventListEmptied, rule)
	}
}
