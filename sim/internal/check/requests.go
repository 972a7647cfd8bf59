package check

import (
	"time"

	"sesim/sim"
	"sesim/sim/rules"
	"sesim/sim/ses"
)

// requests checks production-access requests: each leaves its line at its
// time, one that is made while another is under review is a conflict, and by
// the rules one after a denial, one after questions is the reply, and AWS's
// answer is the one of the scenario, at its time.
type requests struct {
	cfg   *sim.Config
	found *findings
	now   *present
}

func newRequests(cfg *sim.Config, found *findings, now *present) *requests {
	return &requests{cfg, found, now}
}

func (c *requests) observe(r *sim.Record) {
	if r.Account < 0 {
		return
	}
	a := &c.now.accounts[r.Account]
	c.overdue(r.Account, r.At)
	if r.Kind != sim.Changed {
		return
	}
	switch event := r.Transition.Event; event {
	case ses.EventRequested, ses.EventConflict:
		if len(a.applications) == 0 || a.applications[0].at != r.At {
			c.bad(r, "event %q, but no request is made now", event)
		}
		if want, rule := c.submitted(a); event != want || r.Transition.Rule != rule {
			c.bad(r, "event %q by rule %s, but a request must lead to %q by rule %s now", event, r.Transition.Rule, want, rule)
		}
	case ses.EventGranted, ses.EventDenied, ses.EventFailed, ses.EventMoreInfo:
		c.answer(r, a)
	}
}

// submitted returns what a request leads to.
func (c *requests) submitted(a *account) (ses.Event, rules.ID) {
	switch {
	case a.pending != nil:
		return ses.EventConflict, rules.ProdConflict
	case a.answered == ses.EventMoreInfo:
		return ses.EventRequested, rules.ProdReply
	case a.answered == ses.EventDenied && !c.cfg.Rules.Prod.NewAfterDenied:
		return ses.EventConflict, rules.ProdAfterDenied
	}
	return ses.EventRequested, rules.ProdRequest
}

// overdue reports requests that left no line.
func (c *requests) overdue(account int, t time.Duration) {
	a := &c.now.accounts[account]
	for len(a.applications) > 0 && a.applications[0].at < t {
		c.found.add("requests", a.applications[0].at, account, "", "a request was made and left no line in the timeline")
		a.applications = a.applications[1:]
	}
}

// answers are the events of the outcomes.
var answers = [...]ses.Event{
	ses.Granted: ses.EventGranted, ses.Denied: ses.EventDenied, ses.Failed: ses.EventFailed, ses.MoreInfo: ses.EventMoreInfo,
}

// answer checks AWS's answer against the request under review.
func (c *requests) answer(r *sim.Record, a *account) {
	if a.pending == nil {
		c.bad(r, "event %q without a request", r.Transition.Event)
		return
	}
	request, waited := a.pending.request, r.At-a.pending.at
	if r.Transition.Event != answers[request.Outcome] {
		c.bad(r, "the request was answered with %q, the scenario says %q", r.Transition.Event, request.Outcome)
	}
	p := &c.cfg.Rules.Prod
	switch most := max(p.ReviewWithin, p.LongerTo); {
	case request.After >= 0 && waited != request.After:
		c.bad(r, "the request was answered after %v, the scenario says %v", waited, request.After)
	case request.After < 0 && waited > most:
		c.bad(r, "the request was answered after %v, and the rules allow %v at the most", waited, most)
	}
}

func (c *requests) finish(res *sim.Result) {
	for i := range c.now.accounts {
		c.overdue(i, res.End)
	}
}

func (c *requests) bad(r *sim.Record, format string, args ...any) {
	c.found.add("requests", r.At, r.Account, "", format, args...)
}
