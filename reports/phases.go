package reports

import (
	"cmp"
	"math"
	"slices"
	"time"

	"sesim/sim"
	"sesim/sim/criteria"
	"sesim/sim/ses"
)

// State is a state of an account over time: the most severe that applies.
type State string

// The states.
const (
	StateHealthy     State = "healthy"
	StateSandbox     State = "sandbox"
	StateReview      State = "under review"
	StatePaused      State = "paused"             // by AWS
	StatePausedByOwn State = "paused by customer" // at the account's own request
)

// Phase is a time an account spends in one state, From included, To not.
type Phase struct {
	From, To time.Duration
	State    State
}

// Phases returns the states of an account from the start to the end of the
// run, derived from its timeline. There is at least one, and each begins where
// the one before it ends.
func (r *Report) Phases(a *Account) []Phase {
	changes := make([]Change, len(a.Timeline))
	for i, t := range a.Timeline {
		changes[i] = Change{Seconds(r.Offset(t.At)), t.Event}
	}
	return r.phases(a, changes)
}

// SettingPhases returns the states of an account in a setting.
func (r *Report) SettingPhases(a *Account, s *Setting) []Phase { return r.phases(a, s.Changes) }

// ReplicationPhases returns the states of an account in each of the first n replications, as
// far as the first times of its events tell them.
func (r *Report) ReplicationPhases(a *Account, n int) [][]Phase {
	changes := make([][]Change, n)
	for i, name := range r.Values.Names {
		account, kind, event, ok := sim.EventMetric(name)
		if !ok || account != a.Name || kind != criteria.Duration {
			continue
		}
		row := r.Values.Rows[i]
		for k, at := range row[:min(n, len(row))] {
			if !math.IsNaN(at) {
				changes[k] = append(changes[k], Change{Seconds(at * float64(time.Second)), event})
			}
		}
	}
	list := make([][]Phase, n)
	for k, of := range changes {
		slices.SortStableFunc(of, func(a, b Change) int { return cmp.Compare(a.At, b.At) })
		list[k] = r.phases(a, of)
	}
	return list
}

func (r *Report) phases(a *Account, changes []Change) []Phase {
	now := standing{sandbox: a.Began == ses.Sandbox.String()}
	if h := a.History; h != nil {
		now.review, now.paused, now.ownPause = h.Status == StateReview, h.Status == StatePaused, h.Status == StatePausedByOwn
	}
	list := []Phase{{State: now.state()}}
	for _, t := range changes {
		now.take(t.Event)
		last, at := &list[len(list)-1], time.Duration(t.At)
		switch state := now.state(); {
		case state == last.State:
		case at == last.From:
			last.State = state
		default:
			last.To = at
			list = append(list, Phase{From: at, State: state})
		}
	}
	list[len(list)-1].To = max(r.End(), list[len(list)-1].From)
	return list
}

// standing is the state of an account after a part of its timeline.
type standing struct {
	sandbox, review, paused, ownPause bool
}

func (s *standing) take(event ses.Event) {
	switch event {
	case ses.EventGranted:
		s.sandbox = false
	case ses.EventUnderReview:
		s.review, s.paused = true, false
	case ses.EventPaused:
		s.review, s.paused = false, true
	case ses.EventHealthy:
		s.review, s.paused = false, false
	case ses.EventCustomerPaused:
		s.ownPause = true
	case ses.EventCustomerResumed:
		s.ownPause = false
	}
}

func (s *standing) state() State {
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
