package sim

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"sesim/sim/criteria"
	"sesim/sim/measure"
	"sesim/sim/ses"
)

// Judgement is a threshold with what became of it.
type Judgement struct {
	Criterion criteria.Criterion
	Kind      criteria.Kind // how Value is to be written
	Value     float64       // shares from 0 to 1, durations in seconds; 0 without data
	Data      bool
	Verdict   criteria.Verdict
}

// Judge judges the thresholds of the Config, in their order.
func (r *Result) Judge(c *Config) []Judgement {
	list := make([]Judgement, len(c.Thresholds))
	for i, t := range c.Thresholds {
		kind, _ := c.Metric(t.Metric)
		value, data := r.Value(c, t.Metric)
		list[i] = Judgement{t, kind, value, data, t.Judge(value, data)}
	}
	return list
}

// Metric reports whether there is a metric of that name, and what it
// measures. Names are those of the summary: "acme.bounce_rate.max",
// "newsletter.given_up", "global_list.dwell.p90". Where an account and a
// sender share a name, a metric that both have is the account's.
func (c *Config) Metric(name string) (criteria.Kind, bool) {
	owner, rest, _ := strings.Cut(name, ".")
	if owner == globalList {
		m, ok := find(globalMetrics, rest)
		return m.kind, ok
	}
	if c.account(owner) >= 0 {
		if kind, _, ok := eventMetric(rest); ok {
			return kind, true
		}
		if m, ok := find(accountMetrics, rest); ok {
			return m.kind, true
		}
	}
	if c.sender(owner) >= 0 {
		m, ok := find(senderMetrics, rest)
		return m.kind, ok
	}
	return 0, false
}

// Metrics returns the names of all metrics: accounts in order, then senders,
// then the global list.
func (c *Config) Metrics() []string {
	var list []string
	for i := range c.Accounts {
		list = appendNames(list, c.Accounts[i].Name, accountMetrics)
		for event := range ses.Events() {
			list = append(list, TimeTo(c.Accounts[i].Name, event), CountOf(c.Accounts[i].Name, event))
		}
	}
	for i := range c.Senders {
		list = appendNames(list, c.Senders[i].Name, senderMetrics)
	}
	return appendNames(list, globalList, globalMetrics)
}

// Value returns the value of a metric: shares from 0 to 1, durations in
// seconds. Data is false where the run has none, or there is no such metric.
func (r *Result) Value(c *Config, name string) (value float64, data bool) {
	owner, rest, _ := strings.Cut(name, ".")
	if owner == globalList {
		return read(globalMetrics, rest, &r.Global)
	}
	if i := c.account(owner); i >= 0 && i < len(r.Accounts) {
		if kind, event, ok := eventMetric(rest); ok {
			return eventValue(kind, event, r.Accounts[i].Timeline)
		}
		if _, ok := find(accountMetrics, rest); ok {
			return read(accountMetrics, rest, &r.Accounts[i])
		}
	}
	if i := c.sender(owner); i >= 0 && i < len(r.Senders) {
		return read(senderMetrics, rest, &r.Senders[i])
	}
	return 0, false
}

// account returns the index of the account with that name, or -1.
func (c *Config) account(name string) int {
	return slices.IndexFunc(c.Accounts, func(a Account) bool { return a.Name == name })
}

// sender returns the index of the sender with that name, or -1.
func (c *Config) sender(name string) int {
	return slices.IndexFunc(c.Senders, func(s Sender) bool { return s.Name == name })
}

// globalList is the owner of the metrics of the global suppression list.
const globalList = "global_list"

// The metrics of an event of the timeline, before the event's name.
const (
	timeTo  = "time_to."
	countOf = "count."
)

// TimeTo returns the name of the metric that tells when an event of an account
// happens first.
func TimeTo(account string, event ses.Event) string { return account + "." + timeTo + event.String() }

// CountOf returns the name of the metric that counts an event of an account.
func CountOf(account string, event ses.Event) string { return account + "." + countOf + event.String() }

// EventMetric reads a name that TimeTo (a Duration) or CountOf (a Count) may
// return; ok is false for any other.
func EventMetric(name string) (account string, kind criteria.Kind, event ses.Event, ok bool) {
	account, rest, _ := strings.Cut(name, ".")
	kind, event, ok = eventMetric(rest)
	return account, kind, event, ok
}

// eventMetric reads "time_to.<event>", a Duration, and "count.<event>", a
// Count.
func eventMetric(rest string) (criteria.Kind, ses.Event, bool) {
	kind := criteria.Duration
	text, ok := strings.CutPrefix(rest, timeTo)
	if !ok {
		kind = criteria.Count
		if text, ok = strings.CutPrefix(rest, countOf); !ok {
			return 0, 0, false
		}
	}
	event, err := ses.ParseEvent(text)
	return kind, event, err == nil
}

// eventValue returns the time of the first such event for a Duration, and for
// a Count how often it stands in the timeline.
func eventValue(kind criteria.Kind, event ses.Event, timeline []ses.Transition) (float64, bool) {
	n, first := int64(0), time.Duration(0)
	for _, t := range timeline {
		if t.Event != event {
			continue
		}
		if n == 0 {
			first = t.At
		}
		n++
	}
	if kind == criteria.Count {
		return count(n)
	}
	return first.Seconds(), n > 0
}

// metric is one figure of an E: an account, a sender, the global list.
type metric[E any] struct {
	name string
	kind criteria.Kind
	of   func(*E) (float64, bool) // the value, and whether there is data
}

// find returns the metric of that name.
func find[E any](list []metric[E], name string) (metric[E], bool) {
	i := slices.IndexFunc(list, func(m metric[E]) bool { return m.name == name })
	if i < 0 {
		return metric[E]{}, false
	}
	return list[i], true
}

// read returns the value of the metric of that name; 0 without data.
func read[E any](list []metric[E], name string, entity *E) (float64, bool) {
	m, ok := find(list, name)
	if !ok {
		return 0, false
	}
	value, data := m.of(entity)
	if !data {
		value = 0
	}
	return value, data
}

func appendNames[E any](names []string, owner string, list []metric[E]) []string {
	for _, m := range list {
		names = append(names, owner+"."+m.name)
	}
	return names
}

// The shorthands below make values of figures; a count is data as soon as
// there is somebody to count for.

func count(n int64) (float64, bool) { return float64(n), true }

func seconds(d time.Duration, data bool) (float64, bool) { return d.Seconds(), data }

func refused(a *AccountResult, reason ses.Reason) (float64, bool) { return count(a.Refused[reason]) }

func delay(h *measure.Histogram, q float64) (float64, bool) {
	if h == nil || h.Count() == 0 {
		return 0, false
	}
	return h.Quantile(q).Seconds(), true
}

// dwell returns a quantile of the stays on the global list. Where too many
// stays go on for the survival curve to fall so far, there is only a lower
// bound, which is no data.
func dwell(s *measure.Survival, q float64) (float64, bool) {
	if s.Stays == 0 {
		return 0, false
	}
	return seconds(s.Quantile(q))
}

// CampaignTime returns a quantile of the campaigns' lengths: the shortest that
// the share q of them does not exceed. Data is false without a campaign.
func (s *SenderResult) CampaignTime(q float64) (length time.Duration, data bool) {
	if len(s.Campaigns) == 0 {
		return 0, false
	}
	sorted := slices.SortedFunc(slices.Values(s.Campaigns), cmp.Compare[time.Duration])
	rank := int(math.Ceil(q * float64(len(sorted))))
	return sorted[max(rank, 1)-1], true
}

var accountMetrics = []metric[AccountResult]{
	{"requests", criteria.Count, func(a *AccountResult) (float64, bool) { return count(a.Requests) }},
	{"recipients", criteria.Count, func(a *AccountResult) (float64, bool) { return count(a.Recipients) }},
	{"accepted", criteria.Count, func(a *AccountResult) (float64, bool) { return count(a.Accepted) }},
	{"billed", criteria.Count, func(a *AccountResult) (float64, bool) { return count(a.Billed()) }},
	{"refused", criteria.Count, func(a *AccountResult) (float64, bool) { return count(a.Recipients - a.Accepted) }},
	{"refused.rate", criteria.Count, func(a *AccountResult) (float64, bool) { return refused(a, ses.RefusedRate) }},
	{"refused.quota", criteria.Count, func(a *AccountResult) (float64, bool) { return refused(a, ses.RefusedQuota) }},
	{"refused.unverified", criteria.Count, func(a *AccountResult) (float64, bool) { return refused(a, ses.RefusedUnverified) }},
	{"refused.paused", criteria.Count, func(a *AccountResult) (float64, bool) { return refused(a, ses.RefusedPaused) }},
	{"refused.invalid", criteria.Count, func(a *AccountResult) (float64, bool) { return refused(a, ses.RefusedInvalid) }},
	{"delivered", criteria.Count, func(a *AccountResult) (float64, bool) { return count(a.Delivered) }},
	{"hard_bounced", criteria.Count, func(a *AccountResult) (float64, bool) { return count(a.HardBounced) }},
	{"soft_bounced", criteria.Count, func(a *AccountResult) (float64, bool) { return count(a.SoftBounced) }},
	{"suppressed_account", criteria.Count, func(a *AccountResult) (float64, bool) { return count(a.SuppressedAccount) }},
	{"suppressed_global", criteria.Count, func(a *AccountResult) (float64, bool) { return count(a.SuppressedGlobal) }},
	{"simulator", criteria.Count, func(a *AccountResult) (float64, bool) { return count(a.Simulator) }},
	{"rejected", criteria.Count, func(a *AccountResult) (float64, bool) { return count(a.Rejected) }},
	{"complaints", criteria.Count, func(a *AccountResult) (float64, bool) { return count(a.Complaints) }},
	{"in_flight", criteria.Count, func(a *AccountResult) (float64, bool) { return count(a.InFlight) }},
	{"bounce_rate.final", criteria.Share, func(a *AccountResult) (float64, bool) { return a.Bounce.Final, a.Bounce.Data }},
	{"bounce_rate.max", criteria.Share, func(a *AccountResult) (float64, bool) { return a.Bounce.Max, a.Bounce.Data }},
	{"bounce_rate.eligible", criteria.Count, func(a *AccountResult) (float64, bool) { return count(a.Bounce.Eligible) }},
	{"complaint_rate.final", criteria.Share, func(a *AccountResult) (float64, bool) { return a.Complaint.Final, a.Complaint.Data }},
	{"complaint_rate.max", criteria.Share, func(a *AccountResult) (float64, bool) { return a.Complaint.Max, a.Complaint.Data }},
	{"complaint_rate.eligible", criteria.Count, func(a *AccountResult) (float64, bool) { return count(a.Complaint.Eligible) }},
	// The use of the quota may exceed 100 %: a call with several recipients
	// may overshoot, and quotas may shrink. That is why it is a Number.
	{"quota_use.final", criteria.Number, func(a *AccountResult) (float64, bool) { return a.QuotaUseFinal, true }},
	{"quota_use.max", criteria.Number, func(a *AccountResult) (float64, bool) { return a.QuotaUseMax, true }},
	{"quota", criteria.Number, func(a *AccountResult) (float64, bool) { return count(a.Quota) }}, // -1: unlimited
	{"rate", criteria.Count, func(a *AccountResult) (float64, bool) { return count(a.MaxRate) }},
	{"account_list.added", criteria.Count, func(a *AccountResult) (float64, bool) { return count(a.ListAdded) }},
	{"account_list.listed", criteria.Count, func(a *AccountResult) (float64, bool) { return count(a.Listed) }},
	{"delay.p50", criteria.Duration, func(a *AccountResult) (float64, bool) { return delay(a.Delay, 0.5) }},
	{"delay.p90", criteria.Duration, func(a *AccountResult) (float64, bool) { return delay(a.Delay, 0.9) }},
	{"delay.p99", criteria.Duration, func(a *AccountResult) (float64, bool) { return delay(a.Delay, 0.99) }},
	{"delay.max", criteria.Duration, func(a *AccountResult) (float64, bool) { return delay(a.Delay, 1) }},
}

var senderMetrics = []metric[SenderResult]{
	{"messages", criteria.Count, func(s *SenderResult) (float64, bool) { return count(s.Messages) }},
	{"accepted", criteria.Count, func(s *SenderResult) (float64, bool) { return count(s.Accepted) }},
	{"given_up", criteria.Count, func(s *SenderResult) (float64, bool) { return count(s.GivenUp) }},
	{"waiting", criteria.Count, func(s *SenderResult) (float64, bool) { return count(s.Waiting) }},
	{"timed_out", criteria.Count, func(s *SenderResult) (float64, bool) { return count(s.TimedOut) }},
	{"removed", criteria.Count, func(s *SenderResult) (float64, bool) { return count(s.Removed) }},
	{"campaign_time.p50", criteria.Duration, func(s *SenderResult) (float64, bool) { return seconds(s.CampaignTime(0.5)) }},
	{"campaign_time.p95", criteria.Duration, func(s *SenderResult) (float64, bool) { return seconds(s.CampaignTime(0.95)) }},
	{"campaign_time.max", criteria.Duration, func(s *SenderResult) (float64, bool) { return seconds(s.CampaignTime(1)) }},
}

var globalMetrics = []metric[GlobalResult]{
	{"added", criteria.Count, func(g *GlobalResult) (float64, bool) { return count(g.Added) }},
	{"listed", criteria.Count, func(g *GlobalResult) (float64, bool) { return count(g.Listed) }},
	{"dwell.p50", criteria.Duration, func(g *GlobalResult) (float64, bool) { return dwell(&g.Dwell, 0.5) }},
	{"dwell.p90", criteria.Duration, func(g *GlobalResult) (float64, bool) { return dwell(&g.Dwell, 0.9) }},
	{"dwell.max", criteria.Duration, func(g *GlobalResult) (float64, bool) { return seconds(g.Dwell.Max, g.Dwell.Stays > 0) }},
	{"dwell.censored", criteria.Count, func(g *GlobalResult) (float64, bool) { return count(g.Dwell.Censored) }},
}
