package reference

import (
	"time"

	"sesim/sim/rules"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// tally is what an evaluation interval saw.
type tally struct {
	eligible, events int64
	end              time.Duration // of the interval; 0 while it is under way
}

// metric is the bounce rate or the complaint rate.
type metric struct {
	review, pause unit.Share // thresholds
	least         int64      // no decision on fewer events
	open          tally      // the interval under way
	closed        []tally    // the intervals of the representative volume
	sum           tally      // over them
	reviews       int64
}

// close ends the interval under way and drops the oldest ones as long as the
// rest covers the representative volume, and the days of the rules.
func (m *metric) close(now time.Duration, p *rules.Reputation) {
	if m.open != (tally{}) {
		m.open.end = now
		m.closed = append(m.closed, m.open)
		m.sum.eligible += m.open.eligible
		m.sum.events += m.open.events
		m.open = tally{}
	}
	since := now - time.Duration(p.WindowDays)*unit.Day
	for len(m.closed) > 0 && m.sum.eligible-m.closed[0].eligible >= p.WindowEligible && m.closed[0].end <= since {
		m.sum.eligible -= m.closed[0].eligible
		m.sum.events -= m.closed[0].events
		m.closed = m.closed[1:]
	}
}

// reaches reports whether the rate is at a threshold or above, on enough mail
// and enough events.
func (m *metric) reaches(threshold unit.Share, p *rules.Reputation) bool {
	return m.decides(p) && threshold.Ratio(m.events(), m.sum.eligible) >= 0
}

// exceeds reports whether the rate is above a threshold, with enough mail for a
// decision.
func (m *metric) exceeds(threshold unit.Share, p *rules.Reputation) bool {
	return m.decides(p) && threshold.Ratio(m.events(), m.sum.eligible) > 0
}

// events are those of the volume, of which there are no more than its mail.
func (m *metric) events() int64 { return min(m.sum.events, m.sum.eligible) }

func (m *metric) decides(p *rules.Reputation) bool {
	return m.sum.eligible >= max(p.MinEligible, 1) && m.events() >= max(m.least, 1)
}

// review is the review under way.
type review struct {
	ends     time.Duration
	accepted int64 // when it began
	extended bool
}

// evaluate closes the interval and moves the enforcement status.
func (a *account) evaluate(now time.Duration) {
	a.bounces.close(now, &a.rules.Rep)
	a.complaints.close(now, &a.rules.Rep)
	switch {
	case a.enforcement == ses.Shutdown:
	case a.farAbove():
		a.enforcement = ses.Shutdown
	case a.enforcement == ses.Healthy:
		a.judgeHealthy(now)
	default:
		a.judgeReview(now)
	}
}

func (a *account) farAbove() bool {
	factor := a.rules.Pause.ImmediateFactor
	if factor == 0 {
		return false
	}
	for _, m := range []*metric{&a.bounces, &a.complaints} {
		if m.reaches(unit.Share(int64(m.pause)/1000*factor), &a.rules.Rep) {
			return true
		}
	}
	return false
}

func (a *account) judgeHealthy(now time.Duration) {
	for _, m := range []*metric{&a.bounces, &a.complaints} {
		if !m.reaches(m.review, &a.rules.Rep) {
			continue
		}
		m.reviews++
		if n := a.rules.Pause.RepeatReviews; n > 0 && m.reviews >= n {
			a.enforcement = ses.Shutdown
			return
		}
		a.enforcement = ses.Probation
		a.review = review{ends: now + a.rules.Review.Length, accepted: a.Accepted}
		return
	}
}

func (a *account) judgeReview(now time.Duration) {
	allowance := a.rules.Review.SendingAllowance
	spent := allowance > 0 && a.Accepted-a.review.accepted >= allowance
	if now < a.review.ends && !spent {
		return
	}
	p, rule := &a.rules.Rep, a.rules.Review.EndRule
	above := a.bounces.reaches(a.bounces.review, p) || a.complaints.reaches(a.complaints.review, p)
	switch {
	case a.bounces.exceeds(a.bounces.pause, p) || a.complaints.exceeds(a.complaints.pause, p):
		a.enforcement = ses.Shutdown
	case !above || rule == rules.EndHealthy:
		a.enforcement = ses.Healthy
	case rule == rules.ExtendOnce && !a.review.extended:
		a.review = review{ends: now + a.rules.Review.Length, accepted: a.Accepted, extended: true}
	default:
		a.enforcement = ses.Shutdown
	}
}
