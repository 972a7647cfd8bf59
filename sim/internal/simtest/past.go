package simtest

import (
	"time"

	"sesim/sim"
	"sesim/sim/ses"
)

// History draws what an account brings along.
func History(s Source, name string) *sim.History {
	h := &sim.History{}
	if chance(s, name+" has a past", 75) {
		h.Before = point(s, name+" before", oneOf(s, name+" over", day, time.Hour, 40*time.Minute, 10*day, 75*day, 7*time.Minute))
		h.Before.At = -h.Before.For
		h.Before.Bounces = min(h.Before.Bounces, h.Before.Eligible)
		h.Before.Complaints = min(h.Before.Complaints, h.Before.ComplaintEligible)
		if h.Before.Bounces+h.Before.Complaints > 0 {
			h.Order = oneOf(s, name+" order", ses.OrderUnsaid, ses.OrderEven, ses.OrderOldest, ses.OrderNewest)
		}
	}
	h.Used = oneOf(s, name+" used", int64(0), 5, 60, 300)
	status(s, name, h)
	if chance(s, name+" lists", 30) {
		h.Listed = sim.HistoryListed{Bounce: s.Int(name+" listed bounces", 0, 5), Complaint: s.Int(name+" listed complaints", 0, 5)}
	}
	return h
}

// WithPoints adds points between what a history knows in sum and the start.
func WithPoints(s Source, name string, h *sim.History) {
	end := time.Duration(0)
	for range s.Int(name+" points", 0, 4) {
		p := point(s, name+" point", oneOf(s, name+" point for", 15*time.Minute, time.Hour, day))
		end -= length(s, name+" gap", 2*day)
		p.At = end - p.For
		end = p.At
		h.Points = append([]sim.HistoryPoint{p}, h.Points...)
	}
	if h.Before.For > 0 {
		h.Before.At = end - h.Before.For
	}
}

// point draws what counted in an interval.
func point(s Source, name string, length time.Duration) sim.HistoryPoint {
	p := sim.HistoryPoint{For: length, Eligible: oneOf(s, name+" eligible", int64(1), 10, 100, 300, 700)}
	p.Bounces = oneOf(s, name+" bounces", int64(0), 1, 7, 30, 90)
	p.ComplaintEligible = oneOf(s, name+" complaint eligible", 0, p.Eligible, p.Eligible/2)
	p.Complaints = oneOf(s, name+" complaints", int64(0), 1, 5, 20)
	return p
}

// status draws how an account stands.
func status(s Source, name string, h *sim.History) {
	h.Cause = oneOf(s, name+" cause", ses.CauseBounces, ses.CauseComplaints)
	h.Reviews = s.Int(name+" reviews", 0, 2)
	if h.Reviews == 0 {
		h.Cause = ses.CauseBounces
	}
	if chance(s, name+" is healthy", 50) {
		return
	}
	h.Since = oneOf(s, name+" since", time.Hour, 0, 10*day, 20*day+23*time.Hour, 21*day, 90*day-2*time.Hour, 100*day)
	if chance(s, name+" is paused by the customer", 25) {
		h.CustomerPaused, h.Cause, h.Reviews = true, ses.CauseBounces, 0
		return
	}
	h.Status = oneOf(s, name+" status", ses.Probation, ses.Shutdown)
	switch {
	case chance(s, name+" has another cause", 25):
		h.Cause, h.Why, h.Reviews = ses.CauseOther, "a spam trap", 0
	case h.Status == ses.Probation:
		h.Reviews = max(h.Reviews, 1)
	}
}
