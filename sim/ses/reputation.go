package ses

import (
	"fmt"
	"time"

	"sesim/sim/rules"
	"sesim/sim/unit"
)

// metric is the bounce rate or the complaint rate of an account: events divided by
// eligible email in the representative volume. AWS does not publish how it chooses the
// volume. Two of its notices, about 75 and 225 days, both cover just over 10,000
// eligible emails, so the model takes the most recent buckets that cover that many, and
// at least a day: without that, a large account would be judged on minutes of its mail.
type metric struct {
	name          string
	review, pause unit.Share // thresholds
	minEvents     int64

	reviewID, pauseID rules.ParameterID // of the thresholds

	open    tally   // the current bucket
	buckets []tally // closed, not empty, oldest first; those before head are dropped
	head    int
	sum     tally // over the closed buckets in the volume
	reviews int64 // reviews begun for this metric

	seen, seenDecisive     bool // there was eligible email; enough of it for a decision
	highest, highestDecide float64

	eligible int64 // emails since the start, without those of the open bucket
	below    below
}

// below says since when a rate has been below the review threshold at every evaluation.
type below struct {
	not      bool
	since    time.Duration // of the first of these evaluations, or 0; without meaning if not
	eligible int64         // emails by then, since the start
}

// begin makes what was counted so far the volume at the start of a run.
func (m *metric) begin(p *rules.Reputation) {
	m.open, m.eligible, m.below = tally{}, 0, below{}
	m.seen, m.seenDecisive, m.highest, m.highestDecide = false, false, 0, 0
	m.roll(0, p)
}

type tally struct {
	at, end  time.Duration // the bucket's start and end
	eligible int64
	events   int64
}

// roll closes the open bucket and drops the buckets that are no longer in the volume.
func (m *metric) roll(now time.Duration, p *rules.Reputation) {
	m.open.end = now
	if m.open.eligible != 0 || m.open.events != 0 {
		m.buckets = append(m.buckets, m.open)
		m.sum.eligible += m.open.eligible
		m.sum.events += m.open.events
		m.eligible += m.open.eligible
	}
	m.open = tally{at: now}
	for m.head < len(m.buckets) {
		oldest := m.buckets[m.head]
		rest := m.sum.eligible - oldest.eligible
		tooOld := p.MaxLookback > 0 && oldest.at+p.MaxLookback < now
		needed := rest < p.WindowEligible || p.WindowDays > 0 && oldest.end+time.Duration(p.WindowDays)*unit.Day > now
		if needed && !tooOld {
			break
		}
		m.sum.eligible = rest
		m.sum.events -= oldest.events
		m.head++
	}
	if m.head > len(m.buckets)/2 && m.head > 64 {
		m.buckets = append(m.buckets[:0], m.buckets[m.head:]...)
		m.head = 0
	}
	m.note(now, p)
}

// note updates the highest rates, and since when the rate has been below its threshold.
func (m *metric) note(now time.Duration, p *rules.Reputation) {
	switch above := m.sum.eligible > 0 && m.review.Ratio(m.events(), m.sum.eligible) >= 0; {
	case above:
		m.below.not = true
	case m.below.not:
		m.below = below{since: now, eligible: m.eligible}
	}
	if m.sum.eligible == 0 {
		return
	}
	m.seen = true
	rate := m.rate()
	m.highest = max(m.highest, rate)
	if m.sum.eligible >= p.MinEligible {
		m.seenDecisive = true
		m.highestDecide = max(m.highestDecide, rate)
	}
}

// events returns the events of the volume: no more than its eligible email. Feedback
// arrives later than its mail is counted, so that the volume may hold feedback about mail
// that it no longer holds; that waits until there is more mail, or leaves with its bucket.
func (m *metric) events() int64 { return min(m.sum.events, m.sum.eligible) }

func (m *metric) rate() float64 {
	if m.sum.eligible == 0 {
		return 0
	}
	return float64(m.events()) / float64(m.sum.eligible)
}

// reset makes only later mail count.
func (m *metric) reset(now time.Duration) {
	m.eligible += m.open.eligible
	m.open, m.buckets, m.head, m.sum = tally{at: now}, m.buckets[:0], 0, tally{}
}

// reaches reports whether the rate is at or above a threshold, with enough eligible
// email and events for a decision.
func (m *metric) reaches(threshold unit.Share, p *rules.Reputation) bool {
	return m.decides(p) && threshold.Ratio(m.events(), m.sum.eligible) >= 0
}

// exceeds reports whether the rate is above a threshold, with enough eligible email
// and events for a decision.
func (m *metric) exceeds(threshold unit.Share, p *rules.Reputation) bool {
	return m.decides(p) && threshold.Ratio(m.events(), m.sum.eligible) > 0
}

// decides reports whether there are enough eligible email and events for a decision.
func (m *metric) decides(p *rules.Reputation) bool {
	return m.sum.eligible >= max(p.MinEligible, 1) && m.events() >= max(m.minEvents, 1)
}

// describe formats the figures on which a decision is based.
func (m *metric) describe() string {
	return fmt.Sprintf("%s %s over %s eligible", m.name, percent(m.events(), m.sum.eligible), unit.Grouped(m.sum.eligible))
}

// span returns how far back the volume reaches.
func (m *metric) span(now time.Duration) time.Duration {
	if m.head == len(m.buckets) {
		return 0
	}
	return now - m.buckets[m.head].at
}

// RateFigures describe a rate over the representative volume.
type RateFigures struct {
	Final    float64       // at the last evaluation, from 0 to 1
	Max      float64       // highest with enough eligible email for a decision; if there never was, highest of all
	Eligible int64         // eligible emails in the volume
	Events   int64         // bounces or complaints in the volume
	Span     time.Duration // how far back the volume reaches
	Data     bool          // false: there was no eligible email
	Below    Below
}

// Below says how long it took until a rate was below the review threshold at an
// evaluation, and at every later one.
type Below struct {
	After time.Duration // since the start; 0: from the start on; if not Is, the time so far
	Mails int64         // eligible emails in that time
	Is    bool          // false: it is not below the threshold
}

func (m *metric) figures(now time.Duration) RateFigures {
	f := RateFigures{Final: m.rate(), Eligible: m.sum.eligible, Events: m.events(), Span: m.span(now), Data: m.seen}
	f.Max = m.highest
	if m.seenDecisive {
		f.Max = m.highestDecide
	}
	f.Below = Below{m.below.since, m.below.eligible, m.seen}
	if m.below.not {
		f.Below = Below{now, m.eligible, false}
	}
	return f
}

// CountEligible counts an accepted email that the account's list did not suppress, to a
// domain that the account has not verified. loop says whether the provider has a
// feedback loop.
func (a *Account) CountEligible(loop bool) {
	n := int64(0)
	if loop { // compiled without a branch, which would be unpredictable
		n = 1
	}
	a.eligible++
	a.loops += n
}

// fold adds the eligible email counted so far to the open buckets.
func (a *Account) fold() {
	a.bounces.open.eligible += a.eligible
	a.complaints.open.eligible += a.loops
	a.eligible, a.loops = 0, 0
}

// CountsSince returns the time of the last fresh start. Mail sent before it does not
// count towards the rates, nor do its bounces and complaints, however late.
func (a *Account) CountsSince() time.Duration { return a.freshStart }

// CountBounce counts a hard bounce or a bounce by the global list.
func (a *Account) CountBounce() { a.bounces.open.events++ }

// CountComplaint counts a complaint through a feedback loop.
func (a *Account) CountComplaint() { a.complaints.open.events++ }

// Rates returns bounce rate and complaint rate as of the last evaluation.
func (a *Account) Rates(now time.Duration) (bounce, complaint RateFigures) {
	return a.bounces.figures(now), a.complaints.figures(now)
}

// CloseRates closes the open buckets and computes both rates, without any decision.
func (a *Account) CloseRates(now time.Duration) {
	a.fold()
	a.bounces.roll(now, &a.rules.Rep)
	a.complaints.roll(now, &a.rules.Rep)
}
