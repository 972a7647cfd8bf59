package check

import (
	"fmt"
	"time"

	"sesim/sim/rules"
	"sesim/sim/ses"
)

// verdict is what an evaluation or a trigger does: an event of the timeline
// and its rule, the rate that led to it, and for an announced pause the rule
// by which it will come. The zero value does nothing.
type verdict struct {
	event  ses.Event
	rule   rules.ID
	by     int // 0: the bounce rate, 1: the complaint rate
	coming rules.ID
}

// String returns the event and its rule.
func (v verdict) String() string {
	if v.event == 0 {
		return "nothing"
	}
	return fmt.Sprintf("%q by rule %s", v.event, v.rule)
}

// expected returns what the rates may lead to. Where the complaint rate is
// hidden, that is the verdicts for one below and one at each threshold. An
// announced pause comes whatever the rates are by then.
func (c *reviews) expected(account int, t time.Duration, bounces, complaints tally, hidden bool) []verdict {
	if plan := &c.accounts[account].plan; plan.announced() && t >= plan.at {
		return plan.due()
	}
	review, pause := &c.cfg.Rules.Review, &c.cfg.Rules.Pause
	b := c.lines(bounces, review.BounceRate, pause.BounceRate, c.cfg.Rules.Rep.MinBounces)
	if !hidden {
		return []verdict{c.judge(account, t, b, c.lines(complaints, review.ComplaintRate, pause.ComplaintRate, c.cfg.Rules.Rep.MinComplaints))}
	}
	list := []verdict{c.judge(account, t, b, lines{})}
	if complaints.events == 0 {
		return list
	}
	for _, complaint := range thresholds(review.ComplaintRate, pause.ComplaintRate, pause.ImmediateFactor) {
		list = append(list, c.judge(account, t, b, complaint))
	}
	return list
}

// judge returns what the two rates lead to in the account's status. Where
// both would decide, the bounce rate does. No rate changes an announced pause.
func (c *reviews) judge(account int, t time.Duration, bounces, complaints lines) verdict {
	a, rates := &c.accounts[account], [2]lines{bounces, complaints}
	status := c.now.accounts[account].enforcement
	if a.plan.announced() || status == ses.Shutdown {
		return verdict{}
	}
	for by, rate := range rates {
		if rate.immediate {
			return c.pause(verdict{event: ses.EventPaused, rule: rules.PauseImmediate, by: by})
		}
	}
	if status == ses.Healthy {
		return c.begin(a, rates)
	}
	allowance := c.cfg.Rules.Review.SendingAllowance
	over := t >= a.ends || allowance > 0 && a.accepted >= allowance
	switch {
	case a.undecided && t < a.decides, !a.undecided && !over:
		return verdict{}
	case !a.undecided && c.cfg.Rules.Review.DecisionTime > 0:
		return verdict{event: ses.EventPendingEndOfReview, rule: rules.ReviewPending}
	}
	return c.end(a, rates)
}

// pause turns a pause into its announcement where the rules give notice.
func (c *reviews) pause(v verdict) verdict {
	if c.cfg.Rules.Pause.Notice == 0 {
		return v
	}
	return verdict{event: ses.EventPendingPause, rule: rules.PausePending, by: v.by, coming: v.rule}
}

// begin returns whether a healthy account comes under review.
func (c *reviews) begin(a *reviewed, rates [2]lines) verdict {
	for by, rate := range rates {
		if !rate.review {
			continue
		}
		if most := c.cfg.Rules.Pause.RepeatReviews; most > 0 && a.begun[by]+1 >= most {
			return c.pause(verdict{event: ses.EventPaused, rule: rules.PauseRepeated, by: by})
		}
		return verdict{event: ses.EventUnderReview, rule: rules.RepReview, by: by}
	}
	return verdict{}
}

// end returns how a review ends.
func (c *reviews) end(a *reviewed, rates [2]lines) verdict {
	if rates[0].pause || rates[1].pause {
		return c.pause(verdict{event: ses.EventPaused, rule: rules.ReviewEnd})
	}
	if rule := c.cfg.Rules.Review.EndRule; rule != rules.EndHealthy && (rates[0].review || rates[1].review) {
		if rule == rules.ExtendOnce && !a.extended {
			return verdict{event: ses.EventReviewExtended, rule: rules.ReviewExtended}
		}
		return c.pause(verdict{event: ses.EventPaused, rule: rules.ReviewEnd})
	}
	return verdict{event: ses.EventHealthy, rule: rules.ReviewEnd}
}
