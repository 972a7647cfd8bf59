package check

import (
	"slices"

	"sesim/sim"
	"sesim/sim/rules"
	"sesim/sim/ses"
)

// states checks that the enforcement status of each account takes legal steps
// only, and that the Result's timeline is what the records told.
//
//	HEALTHY --> PROBATION --> SHUTDOWN
//	   ^ |          | |          ^ |
//	   | +----------|-|----------+ |
//	   +------------+ +------------+ (by appeal)
type states struct {
	found     *findings
	now       *present
	timelines [][]ses.Transition // by account
	pauses    []int64            // by AWS, by account
	cfg       *sim.Config
}

func newStates(cfg *sim.Config, found *findings, now *present) *states {
	n := len(cfg.Accounts)
	s := &states{cfg: cfg, found: found, now: now, timelines: make([][]ses.Transition, n), pauses: make([]int64, n)}
	for i := range now.accounts {
		if now.accounts[i].enforcement == ses.Shutdown {
			s.pauses[i] = 1 // before the start
		}
	}
	return s
}

func (s *states) observe(r *sim.Record) {
	if r.Kind != sim.Changed {
		return
	}
	s.timelines[r.Account] = append(s.timelines[r.Account], r.Transition)
	if r.Transition.At != r.At {
		s.bad(r, "the record of event %q is of another time than its transition, %v", r.Transition.Event, r.Transition.At)
	}
	a := &s.now.accounts[r.Account]
	switch r.Transition.Event {
	case ses.EventUnderReview:
		s.step(r, a.enforcement == ses.Healthy || a.enforcement == ses.Probation && r.Transition.Rule == rules.RepTrigger)
	case ses.EventReviewExtended, ses.EventPendingEndOfReview:
		s.step(r, a.enforcement == ses.Probation)
	case ses.EventPendingPause:
		s.step(r, a.enforcement != ses.Shutdown)
	case ses.EventPaused:
		s.step(r, a.enforcement != ses.Shutdown)
		s.pauses[r.Account]++
	case ses.EventSuspended:
		most := s.cfg.Rules.Pause.PermanentAfter
		s.step(r, a.enforcement == ses.Shutdown && most > 0 && s.pauses[r.Account] >= most)
	case ses.EventHealthy:
		appeal := r.Transition.Rule == rules.AppealFreshStart
		s.step(r, !a.suspended && (a.enforcement == ses.Probation || appeal && (a.enforcement == ses.Shutdown || a.announced)))
	}
}

// step reports an illegal step of the enforcement status.
func (s *states) step(r *sim.Record, legal bool) {
	if !legal {
		s.bad(r, "event %q by rule %s while the account is %s", r.Transition.Event, r.Transition.Rule, s.now.accounts[r.Account].enforcement)
	}
}

func (s *states) finish(res *sim.Result) {
	for i := range min(len(res.Accounts), len(s.timelines)) {
		got, want := &res.Accounts[i], &s.now.accounts[i]
		if !slices.Equal(got.Timeline, s.timelines[i]) {
			s.found.add("states", res.End, i, "",
				"the result's timeline has %d lines and differs from the %d that the records told", len(got.Timeline), len(s.timelines[i]))
		}
		if got.Enforcement != want.enforcement || got.Access != want.access || got.Quota != want.quota || got.MaxRate != want.rate {
			s.found.add("states", res.End, i, "", "the result ends %s, %s, quota %d, rate %d; the records tell %s, %s, quota %d, rate %d",
				got.Enforcement, got.Access, got.Quota, got.MaxRate, want.enforcement, want.access, want.quota, want.rate)
		}
	}
}

func (s *states) bad(r *sim.Record, format string, args ...any) {
	s.found.add("states", r.At, r.Account, "", format, args...)
}
