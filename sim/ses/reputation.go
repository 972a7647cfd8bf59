package ses

import (
	"fmt"
	"time"

	"sesim/sim/rules"
	"sesim/sim/unit"
)

// metric is the bounce rate or the complaint rate of an account: events over
// eligible email in the representative volume. AWS does not publish how the
// volume is chosen; two of its notices, 75 and 225 days long, both end just
// above 10,000 eligible emails, so we walk back over buckets of time until
// that many are covered.
type metric struct {
	name          string
	review, pause unit.Share // thresholds
	minEvents     int64

	open    tally   // the bucket under way
	buckets []tally // closed and not empty, oldest first, from head on
	head    int
	sum     tally // over the closed buckets in the volume
	reviews int64 // reviews begun for this metric

	seen, seenDecisive     bool // any eligible email; ever at a volume that allows decisions
	highest, highestDecide float64
}

type tally struct {
	at, end  time.Duration // the bucket's start and end
	eligible int64
	events   int64
}

// roll closes the open bucket and drops what the volume no longer covers.
func (m *metric) roll(now time.Duration, p *rules.Reputation) {
	m.open.end = now
	if m.open.eligible != 0 || m.open.events != 0 {
		m.buckets = append(m.buckets, m.open)
		m.sum.eligible += m.open.eligible
		m.sum.events += m.open.events
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
	m.note(p)
}

// note keeps the highest rate.
func (m *metric) note(p *rules.Reputation) {
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

func (m *metric) rate() float64 {
	if m.sum.eligible == 0 {
		return 0
	}
	return float64(m.sum.events) / float64(m.sum.eligible)
}

// reset starts afresh: only later mail counts.
func (m *metric) reset(now time.Duration) {
	m.open, m.buckets, m.head, m.sum = tally{at: now}, m.buckets[:0], 0, tally{}
}

// reaches reports whether the rate lies at or above a threshold at a volume
// and a number of events that allow a decision.
func (m *metric) reaches(threshold unit.Share, p *rules.Reputation) bool {
	return m.sum.eligible >= max(p.MinEligible, 1) && m.sum.events >= max(m.minEvents, 1) &&
		threshold.Ratio(m.sum.events, m.sum.eligible) >= 0
}

// describe writes the figures that decided.
func (m *metric) describe() string {
	return fmt.Sprintf("%s %s over %s eligible", m.name, percent(m.sum.events, m.sum.eligible), unit.Grouped(m.sum.eligible))
}

// span is how far back the volume reaches.
func (m *metric) span(now time.Duration) time.Duration {
	if m.head == len(m.buckets) {
		return 0
	}
	return now - m.buckets[m.head].at
}

// RateFigures are a rate over the representative volume.
type RateFigures struct {
	Final    float64
	Max      float64 // at a volume that allows decisions; without such, at any
	Eligible int64
	Events   int64
	Span     time.Duration
	Data     bool // false: there was no eligible email
}

func (m *metric) figures(now time.Duration) RateFigures {
	f := RateFigures{Final: m.rate(), Eligible: m.sum.eligible, Events: m.sum.events, Span: m.span(now), Data: m.seen}
	f.Max = m.highest
	if m.seenDecisive {
		f.Max = m.highestDecide
	}
	return f
}

// CountEligible counts an email that was accepted and not suppressed by the
// account's list, to a domain that the account has not verified. Loop says
// whether it went to a provider that reports complaints.
func (a *Account) CountEligible(loop bool) {
	n := int64(0)
	if loop { // a jump could not be predicted
		n = 1
	}
	a.eligible++
	a.loops += n
}

// fold puts the eligible mail counted so far into the buckets under way.
func (a *Account) fold() {
	a.bounces.open.eligible += a.eligible
	a.complaints.open.eligible += a.loops
	a.eligible, a.loops = 0, 0
}

// CountsSince returns the time before which mail no longer counts: that of the
// last fresh start. Bounces and complaints about earlier mail are no part of
// the rates, however late they come.
func (a *Account) CountsSince() time.Duration { return a.freshStart }

// CountBounce counts a hard bounce or a bounce by the global list.
func (a *Account) CountBounce() { a.bounces.open.events++ }

// CountComplaint counts a complaint through a feedback loop.
func (a *Account) CountComplaint() { a.complaints.open.events++ }

// Rates returns bounce rate and complaint rate as of the last evaluation.
func (a *Account) Rates(now time.Duration) (bounce, complaint RateFigures) {
	return a.bounces.figures(now), a.complaints.figures(now)
}

// CloseRates closes the bucket under way and computes both rates; it decides
// nothing.
func (a *Account) CloseRates(now time.Duration) {
	a.fold()
	a.bounces.roll(now, &a.rules.Rep)
	a.complaints.roll(now, &a.rules.Rep)
}
