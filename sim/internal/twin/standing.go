package twin

import (
	"sesim/sim/rules"
	"sesim/sim/ses"
)

// verdict is something that AWS decided about an account.
type verdict struct {
	stamp
	account int
	kind    verdictKind
	metric  metric   // reviewed, announced, paused: the rate that is to blame; metrics where it is something else
	other   bool     // reviewed: for something other than a rate
	rule    rules.ID // announced: of the pause to come
	fresh   bool     // healed: earlier mail counts no more
}

type verdictKind uint8

const (
	reviewed  verdictKind = iota // a review began
	extended                     // and goes on for another period
	ended                        // and is over, but not decided
	announced                    // sending will be paused
	paused
	suspended // for good
	healed
)

// standing is how an account stands with AWS.
type standing struct {
	status     ses.Enforcement
	period     stamp // of the review, its last period's begin
	extensions int
	ended      *verdict
	announced  *verdict
	other      bool // the review is for something other than a rate
	pauses     int64
	suspended  bool
	blamed     metric // the rate that began the review or the pause; metrics: none
}

// standing replays the verdicts on an account.
func (w *world) standing(account int) standing {
	s := standing{blamed: metrics}
	for i := range w.verdicts {
		v := &w.verdicts[i]
		if v.account != account {
			continue
		}
		switch v.kind {
		case reviewed:
			s.other = s.other || v.other
			if s.status == ses.Healthy {
				s.status, s.period = ses.Probation, v.stamp
				if s.announced == nil { // else the pause to come keeps its rate
					s.blamed = v.metric
				}
			}
		case extended:
			s.period, s.ended, s.announced = v.stamp, nil, nil
			s.extensions++
		case ended:
			s.ended = v
		case announced:
			s.announced, s.blamed = v, v.metric
		case paused:
			s.status, s.announced, s.blamed = ses.Shutdown, nil, v.metric
			s.pauses++
		case suspended:
			s.suspended = true
		case healed:
			s = standing{pauses: s.pauses, blamed: metrics}
		}
	}
	return s
}

// fine reports whether there is nothing to appeal against.
func (s standing) fine() bool { return s.status == ses.Healthy && s.announced == nil }

// words are the account's status in the console's words.
func (s standing) words() ses.Status {
	switch {
	case s.status == ses.Shutdown:
		return ses.StatusPaused
	case s.announced != nil:
		return ses.StatusPendingPause
	case s.status == ses.Healthy:
		return ses.StatusHealthy
	case s.ended != nil:
		return ses.StatusPendingEnd
	}
	return ses.StatusUnderReview
}

// rateWords are the status of one of an account's rates: healthy unless it is
// to blame for how the account stands, and almost healed while it is below
// what began the review.
func (w *world) rateWords(account int, m metric) ses.Status {
	s := w.standing(account)
	review, _ := w.thresholds(m)
	switch {
	case s.blamed != m:
		return ses.StatusHealthy
	case s.status == ses.Shutdown:
		return ses.StatusSendingPause
	case s.announced != nil:
		return ses.StatusPendingPause
	case !w.reaches(m, w.figures(account, m), review, same):
		return ses.StatusAlmostHealed
	}
	return ses.StatusUnderReview
}

func (w *world) pronounce(v verdict) {
	v.stamp = w.next()
	w.verdicts = append(w.verdicts, v)
}

// reviewsFor is how many reviews of an account a rate has begun.
func (w *world) reviewsFor(account int, m metric) int64 {
	n := int64(0)
	for _, v := range w.verdicts {
		if v.account == account && v.kind == reviewed && !v.other && v.metric == m {
			n++
		}
	}
	return n
}

// freshStart is the last moment from which on an account's mail counts anew.
func (w *world) freshStart(account int) stamp {
	var start stamp
	for _, v := range w.verdicts {
		if v.account == account && v.fresh {
			start = v.stamp
		}
	}
	return start
}
