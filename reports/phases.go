package reports

import "time"

// The states of an account over time, the gravest that holds.
const (
	StateHealthy     = "healthy"
	StateSandbox     = "sandbox"
	StateReview      = "under review"
	StatePaused      = "paused"             // by AWS
	StatePausedByOwn = "paused by customer" // of the account's own will
)

// Phase is a time an account spends in one state, From included, To not.
type Phase struct {
	From, To time.Duration
	State    string
}

// Phases returns the states of an account from the start to the end of the
// run, as its timeline tells them. There is at least one, and the next begins
// where one ends.
func (r *Report) Phases(a *Account) []Phase {
	now := standing{sandbox: a.Began == StateSandbox}
	list := []Phase{{State: now.word()}}
	for _, t := range a.Timeline {
		now.take(t)
		last, at := &list[len(list)-1], r.Offset(t.At)
		switch word := now.word(); {
		case word == last.State:
		case at == last.From:
			last.State = word
		default:
			last.To = at
			list = append(list, Phase{From: at, State: word})
		}
	}
	list[len(list)-1].To = max(r.End(), list[len(list)-1].From)
	return list
}

// standing is what a timeline has told so far.
type standing struct {
	sandbox, review, paused, ownPause bool
}

func (s *standing) take(t Transition) {
	switch t.Event {
	case "granted":
		s.sandbox = false
	case "under-review":
		s.review, s.paused = true, false
	case "paused":
		s.review, s.paused = false, true
	case "healthy":
		s.review, s.paused = false, false
	case "customer-paused":
		s.ownPause = true
	case "customer-resumed":
		s.ownPause = false
	}
}

func (s *standing) word() string {
	switch {
	case s.paused:
		return StatePaused
	case s.ownPause:
		return StatePausedByOwn
	case s.review:
		return StateReview
	case s.sandbox:
		return StateSandbox
	}
	return StateHealthy
}
