package ses

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"sesim/sim/rules"
	"sesim/sim/unit"
)

// review is the review that an account is under.
type review struct {
	ends     time.Duration
	accepted int64 // the account's accepted recipients when it began
	extended bool
	pauses   int64 // how many pauses there have been; tells one pause from the next
}

// Evaluate closes the bucket under way, computes the rates and moves the
// enforcement status. It is to be called at every evaluation interval, and
// once at the end of a run. It reports whether a pause by AWS began.
func (a *Account) Evaluate(now time.Duration) (paused bool) {
	a.bounces.roll(now, &a.rules.Rep)
	a.complaints.roll(now, &a.rules.Rep)
	switch a.enforcement {
	case Healthy:
		return a.judgeHealthy(now)
	case Probation:
		return a.judgeReview(now)
	}
	return false
}

// metrics lists both rates; where both would decide, the first does.
func (a *Account) metrics() [2]*metric { return [2]*metric{&a.bounces, &a.complaints} }

func (a *Account) judgeHealthy(now time.Duration) bool {
	if a.farAbove(now) {
		return true
	}
	for _, m := range a.metrics() {
		if !m.reaches(m.review, &a.rules.Rep) {
			continue
		}
		m.reviews++
		if n := a.rules.Pause.RepeatReviews; n > 0 && m.reviews >= n {
			a.shutDown(now, rules.PauseRepeated, fmt.Sprintf("%s, for the %s time", m.describe(), ordinal(m.reviews)))
			return true
		}
		a.enforcement = Probation
		a.review.ends, a.review.accepted, a.review.extended = now+a.rules.Review.Length, a.accepted, false
		a.Note(now, "under-review", rules.RepReview, m.describe())
		return false
	}
	return false
}

// farAbove pauses at once where a rate is many times the pause threshold.
func (a *Account) farAbove(now time.Duration) bool {
	factor := a.rules.Pause.ImmediateFactor
	if factor == 0 {
		return false
	}
	for _, m := range a.metrics() {
		limit := unit.Share(int64(m.pause) / 1000 * factor)
		if m.reaches(limit, &a.rules.Rep) {
			a.shutDown(now, rules.PauseImmediate, fmt.Sprintf("%s, at or above %s", m.describe(), limit))
			return true
		}
	}
	return false
}

func (a *Account) judgeReview(now time.Duration) bool {
	if a.farAbove(now) {
		return true
	}
	spent := a.rules.Review.SendingAllowance > 0 && a.accepted-a.review.accepted >= a.rules.Review.SendingAllowance
	if now < a.review.ends && !spent {
		return false
	}
	for _, m := range a.metrics() {
		if m.reaches(m.pause, &a.rules.Rep) {
			a.shutDown(now, rules.ReviewEnd, "end of review: "+m.describe())
			return true
		}
	}
	for _, m := range a.metrics() {
		if !m.reaches(m.review, &a.rules.Rep) {
			continue
		}
		switch rule := a.rules.Review.EndRule; {
		case rule == rules.ExtendOnce && !a.review.extended:
			a.review.ends, a.review.accepted, a.review.extended = now+a.rules.Review.Length, a.accepted, true
			a.Note(now, "review-extended", rules.ReviewExtended, "end of review: "+m.describe())
			return false
		case rule != rules.EndHealthy:
			a.shutDown(now, rules.ReviewEnd, "end of review: "+m.describe())
			return true
		}
	}
	a.enforcement = Healthy
	a.Note(now, "healthy", rules.ReviewEnd, "end of review: "+a.bounces.describe()+"; "+a.complaints.describe())
	return false
}

func (a *Account) shutDown(now time.Duration, rule rules.ID, why string) {
	a.enforcement = Shutdown
	a.review.pauses++
	a.Note(now, "paused", rule, why)
}

// PauseNumber counts the pauses by AWS so far.
func (a *Account) PauseNumber() int64 { return a.review.pauses }

// Wipe empties the account's list if the pause with that number is still on.
// It returns the addresses that were taken off, in order.
func (a *Account) Wipe(now time.Duration, pause int64) []uint32 {
	if a.enforcement != Shutdown || a.review.pauses != pause || len(a.list.entries) == 0 {
		return nil
	}
	gone := slices.Sorted(maps.Keys(a.list.entries))
	a.Note(now, "list-emptied", rules.AccountWiped, fmt.Sprintf("paused for %s; %s entries", unit.FormatDuration(a.rules.Account.PauseWipe), grouped(int64(len(gone)))))
	clear(a.list.entries)
	return gone
}

// Appeal notes that the customer has answered AWS's case. It reports whether
// there is anything to answer.
func (a *Account) Appeal(now time.Duration) bool {
	if a.enforcement == Healthy {
		a.Note(now, "appealed", rules.AppealFreshStart, "nothing to appeal against: the account is healthy")
		return false
	}
	a.Note(now, "appealed", rules.AppealFreshStart, "while "+a.stateWord())
	return true
}

// Answer is AWS's answer to an appeal. An accepted one makes the account
// healthy, and later mail alone counts where the rules say so.
func (a *Account) Answer(now time.Duration, accepted bool) {
	switch {
	case a.enforcement == Healthy:
		return
	case !accepted:
		a.Note(now, "appeal-rejected", rules.AppealFreshStart, "still "+a.stateWord())
		return
	}
	was := a.stateWord()
	a.enforcement = Healthy
	why := "appeal accepted while " + was
	if a.rules.Appeal.FreshStart {
		a.bounces.reset(now)
		a.complaints.reset(now)
		why += "; rates count from here"
	}
	a.Note(now, "healthy", rules.AppealFreshStart, why)
}

// stateWord is the status in the console's words.
func (a *Account) stateWord() string {
	return [...]string{"healthy", "under review", "paused"}[a.enforcement]
}

func ordinal(n int64) string {
	words := [...]string{"first", "second", "third", "fourth", "fifth"}
	if n >= 1 && n <= int64(len(words)) {
		return words[n-1]
	}
	return fmt.Sprintf("%dth", n)
}
