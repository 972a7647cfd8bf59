package serve

import (
	"slices"
	"time"

	"sesim/reports"
	"sesim/sim/ses"
)

// history samples the accounts at equal intervals from the start on, for the charts of the
// page. When it is full, every second sample is dropped and the interval doubles, so that its
// size is bounded however long the session lasts.
type history struct {
	every    time.Duration
	next     time.Duration // when the next sample is due
	global   []int64       // addresses on the global list
	accounts [][]Sample    // of the first maxSampled accounts
}

// Limits of the history.
const (
	maxSamples  = 720
	maxSampled  = 100
	firstSample = time.Second // the interval at first
)

// Sample is an account at a moment.
type Sample struct {
	Used      int64   `json:"used"`     // recipients in the last 24 hours
	Quota     int64   `json:"quota"`    // -1: unlimited
	MaxRate   int64   `json:"max_rate"` // recipients a second
	Sent      int64   `json:"sent"`     // recipients of accepted calls since the start
	Refused   int64   `json:"refused"`  // recipients of refused calls since the start
	Bounce    float64 `json:"bounce"`   // rate, from 0 to 1
	Complaint float64 `json:"complaint"`
	Listed    int64   `json:"listed"` // addresses on the account-level list
	State     string  `json:"state"`  // as of Account
}

func newHistory(s *Server) history {
	return history{every: firstSample, accounts: make([][]Sample, min(len(s.cfg.Accounts), maxSampled))}
}

// add adds an account, which has been all along as it is now.
func (h *history) add(now Sample) {
	if len(h.accounts) < maxSampled {
		h.accounts = append(h.accounts, slices.Repeat([]Sample{now}, len(h.global)))
	}
}

// advance advances the session to a time as its own Advance does, and takes the samples
// that are due on the way.
func (s *Server) advance(to time.Duration, stop func() bool) (reached time.Duration) {
	stopped := false
	asked := stop
	if stop != nil {
		asked = func() bool { stopped = stop(); return stopped }
	}
	for !stopped && s.history.next <= to {
		if reached = s.session.Advance(s.history.next, asked); !stopped && reached >= s.history.next {
			s.sample()
		} else {
			return reached
		}
	}
	if stopped {
		return reached
	}
	return s.session.Advance(to, asked)
}

// sample takes a sample of every account.
func (s *Server) sample() {
	h := &s.history
	h.global = append(h.global, s.session.Listed())
	for i := range h.accounts {
		h.accounts[i] = append(h.accounts[i], s.sampleOf(i))
	}
	if len(h.global) == maxSamples {
		h.every *= 2
		h.global = halve(h.global)
		for i := range h.accounts {
			h.accounts[i] = halve(h.accounts[i])
		}
	}
	h.next = time.Duration(len(h.global)) * h.every
}

// halve drops every second sample; the first one stays.
func halve[T any](list []T) []T {
	for i := range len(list) / 2 {
		list[i] = list[2*i]
	}
	return list[:len(list)/2]
}

// sampleOf returns the sample of an account now.
func (s *Server) sampleOf(i int) Sample {
	d, a := s.session.Describe(i), s.accounts[i]
	bounce, complaint := s.session.Rates(i)
	return Sample{
		Used: d.SentLast24Hours, Quota: d.Max24HourSend, MaxRate: d.MaxSendRate, Sent: a.sent, Refused: a.refused,
		Bounce: bounce.Final, Complaint: complaint.Final, Listed: int64(len(a.listed)), State: string(stateOf(&d)),
	}
}

// stateOf returns the gravest state of an account.
func stateOf(d *ses.Description) reports.State {
	switch {
	case d.EnforcementStatus == ses.Shutdown:
		return reports.StatePaused
	case !d.SendingEnabled:
		return reports.StatePausedByOwn
	case d.EnforcementStatus == ses.Probation:
		return reports.StateReview
	case !d.ProductionAccessEnabled:
		return reports.StateSandbox
	}
	return reports.StateHealthy
}
