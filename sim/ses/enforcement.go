package ses

import (
	"fmt"
	"time"

	"sesim/sim/rules"
	"sesim/sim/unit"
)

// review is the state of an account's review and of the pause that may follow.
type review struct {
	ends     time.Duration
	accepted int64 // the account's accepted recipients when the review began
	extended bool
	outside  bool      // the review has a cause other than a rate
	by       metricSet // the rates that caused the review or the pause

	undecided bool          // the review has ended, but AWS has not decided
	decides   time.Duration // when AWS will decide
	announced *announcement // a pause that has not yet taken effect
	pauses    int64         // number of pauses so far
	paused    time.Duration // when the last one began
	suspended bool          // the pause is permanent
}

// metricSet is a set of rates: bit 0 is the bounce rate, bit 1 the complaint rate.
type metricSet uint8

// announcement is a decision to pause an account that takes effect later.
type announcement struct {
	at    time.Duration
	rule  rules.ID
	reads rules.Reads
	why   string
}

// Evaluate closes the open buckets, computes the rates and updates the enforcement
// status. It must be called at every evaluation interval. It reports whether a pause
// by AWS began.
func (a *Account) Evaluate(now time.Duration) (paused bool) {
	a.CloseRates(now)
	if plan := a.review.announced; plan != nil {
		if now >= plan.at {
			a.pauseNow(now, plan.rule, plan.reads, plan.why)
		}
		return a.enforcement == Shutdown
	}
	if a.enforcement == Shutdown {
		return false
	}
	if !a.farAbove(now) {
		if a.enforcement == Healthy {
			a.evaluateHealthy(now)
		} else {
			a.evaluateReview(now)
		}
	}
	return a.enforcement == Shutdown
}

// metrics returns both rates. If both would lead to a decision, the first takes
// precedence.
func (a *Account) metrics() [2]*metric { return [2]*metric{&a.bounces, &a.complaints} }

// evaluateHealthy begins a review of a healthy account, or pauses it for repeated
// reviews, if a rate has reached its threshold.
func (a *Account) evaluateHealthy(now time.Duration) {
	for i, m := range a.metrics() {
		if !m.reaches(m.review, &a.rules.Rep) {
			continue
		}
		m.reviews++
		reads := a.readsFor(m).With(m.reviewID)
		if m.reviews > 1 { // no setting makes the first review a repeated one
			reads = reads.With(rules.ParamPauseRepeatReviews)
		}
		if n := a.rules.Pause.RepeatReviews; n > 0 && m.reviews >= n {
			a.decidePause(now, 1<<i, rules.PauseRepeated, reads, fmt.Sprintf("%s, for the %s time", m.describe(), ordinal(m.reviews)))
			return
		}
		a.review.by = 1 << i
		a.beginReview(now, false)
		a.NoteReads(now, EventUnderReview, rules.RepReview, reads, m.describe())
		return
	}
}

// rateReads returns the parameters on which the rates depend, and when they are computed.
func (a *Account) rateReads() rules.Reads {
	reads := rules.NewReads(rules.ParamRepWindowEligible, rules.ParamRepWindowDays, rules.ParamRepMaxLookback, rules.ParamRepEvalInterval)
	if a.ids.anyAddress() {
		reads = reads.With(rules.ParamRepVerifiedAddressesCount)
	}
	return reads
}

// readsFor returns what is read to compare a rate with a threshold, without that
// threshold. A rate at the pause threshold or above rests on pause.immediate_factor as
// well, the least value of which pauses there.
func (a *Account) readsFor(m *metric) rules.Reads {
	reads := a.rateReads().With(rules.ParamRepMinEligible, rules.ParamRepMinEvents)
	if m.reaches(m.pause, &a.rules.Rep) {
		reads = reads.With(m.pauseID, rules.ParamPauseImmediateFactor)
	}
	return reads
}

func (a *Account) beginReview(now time.Duration, outside bool) {
	a.setEnforcement(Probation)
	a.review.ends, a.review.accepted, a.review.extended = now+a.rules.Review.Length, a.acceptedYet(), false
	a.review.outside, a.review.undecided = outside, false
}

// farAbove pauses the account at once if a rate is far above the pause threshold.
func (a *Account) farAbove(now time.Duration) bool {
	factor := a.rules.Pause.ImmediateFactor
	if factor == 0 {
		return false
	}
	for i, m := range a.metrics() {
		limit := unit.Share(int64(m.pause) * factor / 1000)
		if m.reaches(limit, &a.rules.Rep) {
			a.decidePause(now, 1<<i, rules.PauseImmediate, a.readsFor(m), fmt.Sprintf("%s, at or above %s", m.describe(), limit))
			return true
		}
	}
	return false
}

// evaluateReview ends a review whose time is over, once AWS has decided.
func (a *Account) evaluateReview(now time.Duration) {
	spent := a.rules.Review.SendingAllowance > 0 && a.acceptedYet()-a.review.accepted >= a.rules.Review.SendingAllowance
	switch {
	case a.review.undecided:
		if now < a.review.decides {
			return
		}
		a.review.undecided = false
	case now < a.review.ends && !spent:
		return
	case a.rules.Review.DecisionTime > 0:
		a.review.undecided, a.review.decides = true, now+a.rules.Review.DecisionTime
		a.NoteReads(now, EventPendingEndOfReview, rules.ReviewPending, endReads, "the review has ended; AWS decides manually")
		return
	}
	a.decideReview(now)
}

// endReads are the parameters that say when a review ends and is decided.
var endReads = rules.NewReads(
	rules.ParamReviewLength, rules.ParamReviewSendingAllowance, rules.ParamReviewDecisionTime, rules.ParamRepEvalInterval)

func (a *Account) decideReview(now time.Duration) {
	for i, m := range a.metrics() {
		if m.exceeds(m.pause, &a.rules.Rep) {
			a.decidePause(now, 1<<i, rules.ReviewEnd, endReads.And(a.readsFor(m)), "end of review: "+m.describe())
			return
		}
	}
	healthy := endReads
	for i, m := range a.metrics() {
		if !m.reaches(m.review, &a.rules.Rep) {
			continue
		}
		reads := endReads.And(a.readsFor(m)).With(m.reviewID, m.pauseID, rules.ParamReviewEndRule)
		switch rule := a.rules.Review.EndRule; {
		case rule == rules.ExtendOnce && !a.review.extended:
			a.extendReview(now, rules.ReviewExtended, reads, "end of review: "+m.describe())
			return
		case rule != rules.EndHealthy:
			a.decidePause(now, 1<<i, rules.ReviewEnd, reads, "end of review: "+m.describe())
			return
		}
		healthy = healthy.And(reads)
	}
	for _, m := range a.metrics() {
		healthy = healthy.And(a.readsFor(m)).With(m.reviewID)
	}
	a.setEnforcement(Healthy)
	a.review.by = 0
	a.NoteReads(now, EventHealthy, rules.ReviewEnd, healthy, "end of review: "+a.bounces.describe()+"; "+a.complaints.describe())
}

func (a *Account) extendReview(now time.Duration, rule rules.ID, reads rules.Reads, why string) {
	a.review.ends, a.review.accepted, a.review.extended = now+a.rules.Review.Length, a.acceptedYet(), true
	a.review.undecided = false
	a.NoteReads(now, EventReviewExtended, rule, reads, why)
}

// decidePause pauses the account because of the rates in by, or of another cause if by
// is 0, at once or after pause.notice. If a pause is already announced, neither its
// time nor its cause changes.
func (a *Account) decidePause(now time.Duration, by metricSet, rule rules.ID, reads rules.Reads, why string) {
	if a.review.announced != nil {
		return
	}
	a.review.by = by
	reads = reads.With(rules.ParamPauseNotice)
	if a.rules.Pause.Notice == 0 {
		a.pauseNow(now, rule, reads, why)
		return
	}
	reads = reads.With(rules.ParamRepEvalInterval) // at whose end the pause begins
	a.review.announced = &announcement{now + a.rules.Pause.Notice, rule, reads, why}
	a.NoteReads(now, EventPendingPause, rules.PausePending, reads, why)
}

func (a *Account) pauseNow(now time.Duration, rule rules.ID, reads rules.Reads, why string) {
	a.stop()
	a.setEnforcement(Shutdown)
	a.review.paused = now
	a.review.announced, a.review.undecided = nil, false
	a.review.pauses++
	a.NoteReads(now, EventPaused, rule, reads, why)
	if n := a.rules.Pause.PermanentAfter; n > 0 && a.review.pauses >= n {
		a.review.suspended = true
		a.Note(now, EventSuspended, rules.PausePermanent, "the "+ordinal(a.review.pauses)+" pause is permanent")
	}
}

// Trigger puts the account under review, or pauses it, for a cause other than a rate.
// It reports whether a pause began.
func (a *Account) Trigger(now time.Duration, cause string, pause bool) bool {
	if a.enforcement == Shutdown {
		return false
	}
	if pause {
		a.decidePause(now, 0, rules.RepTrigger, rules.Reads{}, cause)
		return a.enforcement == Shutdown
	}
	if a.enforcement == Healthy {
		a.beginReview(now, true) // no rate is added to by; one for which a pause is announced remains
	}
	a.review.outside = true // a review for a rate continues for this cause as well
	a.NoteReads(now, EventUnderReview, rules.RepTrigger, rules.Reads{}, cause)
	return false
}

// Appeal records that the customer appeals. It returns false if the account is healthy,
// so that there is nothing to appeal against.
func (a *Account) Appeal(now time.Duration) bool {
	if a.Status() == StatusHealthy {
		a.NoteReads(now, EventAppealed, rules.AppealFreshStart, rules.Reads{}, "nothing to appeal against: the account is healthy")
		return false
	}
	a.NoteReads(now, EventAppealed, rules.AppealFreshStart, rules.Reads{}, "while "+a.stateWord())
	return true
}

// Answer applies AWS's answer to an appeal. An accepted appeal ends a pause or a review
// for a rate; with appeal.fresh_start only later mail counts from then on. A review
// for another cause is extended instead, and a suspension remains. reads are the
// parameters that say when AWS answers.
func (a *Account) Answer(now time.Duration, accepted bool, reads rules.Reads) {
	switch {
	case a.Status() == StatusHealthy:
		return
	case !accepted || a.review.suspended:
		if a.review.suspended {
			reads = reads.With(rules.ParamPausePermanent)
		}
		a.NoteReads(now, EventAppealRejected, rules.AppealFreshStart, reads, "still "+a.stateWord())
		return
	case a.enforcement == Probation && a.review.outside:
		a.review.announced = nil
		a.extendReview(now, rules.AppealFreshStart, reads, "appeal accepted; the review continues")
		return
	}
	was := a.stateWord()
	a.setEnforcement(Healthy)
	a.review.by, a.review.announced, a.review.undecided = 0, nil, false
	why := "appeal accepted while " + was
	if a.rules.Appeal.FreshStart {
		a.freshStart = now
		a.fold()
		a.bounces.reset(now)
		a.complaints.reset(now)
		why += "; rates count from here"
	}
	a.NoteReads(now, EventHealthy, rules.AppealFreshStart, reads.With(rules.ParamAppealFreshStart), why)
}

// stateWord describes the status in words.
func (a *Account) stateWord() string {
	if a.review.announced != nil {
		return "about to be paused"
	}
	return [...]string{"healthy", "under review", "paused"}[a.enforcement]
}

func ordinal(n int64) string {
	words := [...]string{"first", "second", "third", "fourth", "fifth"}
	if n >= 1 && n <= int64(len(words)) {
		return words[n-1]
	}
	return fmt.Sprintf("%dth", n)
}
