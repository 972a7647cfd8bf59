package reports

import (
	"time"

	"sesim/sim"
	"sesim/sim/rules"
	"sesim/sim/ses"
)

// History is an account before the start. Nothing of it is in the account's counts.
type History struct {
	Eligible          int64   `json:"eligible"`
	Bounces           int64   `json:"bounces"`
	ComplaintEligible int64   `json:"complaint_eligible"`
	Complaints        int64   `json:"complaints"`
	ReachSeconds      Seconds `json:"reach_seconds"` // from the first of this mail to the start
	Order             string  `json:"order,omitempty"`
	// BounceRate and ComplaintRate are those at the start; nil: of no mail.
	BounceRate    *float64      `json:"bounce_rate"`
	ComplaintRate *float64      `json:"complaint_rate"`
	Used24h       int64         `json:"used_24h"` // recipients that count towards the quota at the start
	Status        State         `json:"status"`   // healthy, under review, paused, paused by customer
	SinceSeconds  Seconds       `json:"since_seconds"`
	Reviews       int64         `json:"reviews"`
	Listed        HistoryListed `json:"listed"`
}

// HistoryListed counts entries of the account-level list from before the start.
type HistoryListed struct {
	Bounce    int64 `json:"bounce"`
	Complaint int64 `json:"complaint"`
}

// HistoryOf returns what an account of a scenario brings along; nil: nothing.
func HistoryOf(c *sim.Account, set *rules.Set) *History {
	h := c.History
	if h == nil {
		return nil
	}
	sum, start := h.Sum(), ses.NewAccount(ses.Spec{Access: c.Access, Quota: c.Quota, Rate: c.Rate, History: h}, set, nil)
	bounce, complaint := start.Rates(0)
	to := &History{
		Eligible: sum.Eligible, Bounces: sum.Bounces, ComplaintEligible: sum.ComplaintEligible, Complaints: sum.Complaints,
		ReachSeconds: Seconds(sum.For), Order: h.Order.String(), BounceRate: known(&bounce), ComplaintRate: known(&complaint),
		Used24h: start.QuotaUsed(0), Status: StateHealthy, SinceSeconds: Seconds(h.Since), Reviews: h.Reviews,
		Listed: HistoryListed{h.Listed.Bounce, h.Listed.Complaint},
	}
	switch {
	case h.Status == ses.Shutdown:
		to.Status = StatePaused
	case h.CustomerPaused:
		to.Status = StatePausedByOwn
	case h.Status == ses.Probation:
		to.Status = StateReview
	}
	return to
}

// Before is an account that brings something along.
type Before struct {
	Account string `json:"account"`
	*History
}

// BeforeOf lists the accounts of a scenario that bring something along.
func BeforeOf(cfg *sim.Config) (list []Before) {
	for i := range cfg.Accounts {
		if h := HistoryOf(&cfg.Accounts[i], &cfg.Rules); h != nil {
			list = append(list, Before{cfg.Accounts[i].Name, h})
		}
	}
	return list
}

// Before lists the accounts that bring something along.
func (s *Summary) Before() (list []Before) {
	for i := range s.Accounts {
		if a := &s.Accounts[i]; a.History != nil {
			list = append(list, Before{a.Name, a.History})
		}
	}
	return list
}

func known(r *sim.Rate) *float64 {
	if !r.Data {
		return nil
	}
	return &r.Final
}

// Since returns how long before the start the status began.
func (h *History) Since() time.Duration { return time.Duration(h.SinceSeconds) }
