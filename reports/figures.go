package reports

import (
	"math"
	"slices"
	"time"

	"sesim/sim"
	"sesim/sim/criteria"
	"sesim/sim/ses"
)

// Figure is one figure of a summary under the name that thresholds use.
type Figure struct {
	Name  string // such as "acme.bounce_rate.max"
	Kind  criteria.Kind
	Value float64 // shares from 0 to 1, durations in seconds; NaN without data
}

// Figures returns all figures that the summary holds: of accounts, senders and
// the global list, in that order. Events of a timeline are there where they
// happened.
func (s *Summary) Figures() []Figure {
	var list figureList
	entries := map[string]*AccountList{}
	for i := range s.AccountList {
		entries[s.AccountList[i].Account] = &s.AccountList[i]
	}
	accounts := map[string]bool{}
	for i := range s.Accounts {
		a := &s.Accounts[i]
		accounts[a.Name] = true
		list.account(a, entries[a.Name])
		list.events(s, a)
	}
	for i := range s.Senders {
		list.sender(&s.Senders[i], accounts[s.Senders[i].Name])
	}
	list.global(&s.GlobalList)
	return list
}

type figureList []Figure

func (l *figureList) count(name string, n int64) {
	*l = append(*l, Figure{name, criteria.Count, float64(n)})
}

func (l *figureList) number(name string, v float64) {
	*l = append(*l, Figure{name, criteria.Number, v})
}

func (l *figureList) share(name string, v float64, data bool) {
	if !data {
		v = math.NaN()
	}
	*l = append(*l, Figure{name, criteria.Share, v})
}

func (l *figureList) duration(name string, d Seconds, data bool) {
	v := time.Duration(d).Seconds()
	if !data {
		v = math.NaN()
	}
	*l = append(*l, Figure{name, criteria.Duration, v})
}

// account adds the figures of an account; of its list there may be none.
func (l *figureList) account(a *Account, entries *AccountList) {
	owner := a.Name + "."
	l.count(owner+"requests", a.Requests)
	l.count(owner+"recipients", a.Recipients)
	l.count(owner+"accepted", a.Accepted)
	l.count(owner+"billed", a.Billed)
	l.count(owner+"refused", a.Refused.Total())
	for _, r := range a.Refused.Reasons() {
		l.count(owner+"refused."+r.Word, r.Count)
	}
	for _, c := range []Reason{
		{"delivered", a.Delivered}, {"hard_bounced", a.HardBounced}, {"soft_bounced", a.SoftBounced},
		{"suppressed_account", a.SuppressedAccount}, {"suppressed_global", a.SuppressedGlobal},
		{"simulator", a.Simulator}, {"rejected", a.Rejected}, {"complaints", a.Complaints}, {"in_flight", a.InFlight},
	} {
		l.count(owner+c.Word, c.Count)
	}
	l.rate(owner+"bounce_rate.", &a.BounceRate)
	l.rate(owner+"complaint_rate.", &a.ComplaintRate)
	l.number(owner+"quota_use.final", a.QuotaUse.Final)
	l.number(owner+"quota_use.max", a.QuotaUse.Max)
	l.number(owner+"quota", float64(a.Quota))
	l.count(owner+"rate", a.Rate)
	if entries != nil {
		l.count(owner+"account_list.added", entries.Added)
		l.count(owner+"account_list.listed", entries.Listed)
	}
	if d := a.Delay; d != nil {
		l.duration(owner+"delay.p50", d.P50, true)
		l.duration(owner+"delay.p90", d.P90, true)
		l.duration(owner+"delay.p99", d.P99, true)
		l.duration(owner+"delay.max", d.Max, true)
	}
}

// rate adds the figures of a rate. One without eligible mail has no data.
func (l *figureList) rate(name string, r *Rate) {
	data := r.Eligible > 0 || r.Max > 0
	l.share(name+"final", r.Final, data)
	l.share(name+"max", r.Max, data)
	l.count(name+"eligible", r.Eligible)
}

// events adds how often each event stands in the timeline, and when first.
func (l *figureList) events(s *Summary, a *Account) {
	counts := map[ses.Event]int64{}
	var order []ses.Event
	for _, t := range a.Timeline {
		if counts[t.Event]++; counts[t.Event] == 1 {
			order = append(order, t.Event)
			l.duration(sim.TimeTo(a.Name, t.Event), Seconds(t.At.Sub(s.Start)), true)
		}
	}
	for _, event := range order {
		l.count(sim.CountOf(a.Name, event), counts[event])
	}
}

// sender adds the figures of a sender. Where an account shares its name, a
// figure that both have is the account's, as in thresholds.
func (l *figureList) sender(d *Sender, shared bool) {
	owner := d.Name + "."
	for _, c := range []Reason{
		{"messages", d.Messages}, {"accepted", d.Accepted}, {"given_up", d.GivenUp}, {"waiting", d.Waiting},
		{"timed_out", d.TimedOut}, {"removed", d.Removed},
	} {
		if !shared || c.Word != "accepted" {
			l.count(owner+c.Word, c.Count)
		}
	}
	if c := d.CampaignTime; c != nil {
		l.duration(owner+"campaign_time.p50", c.P50, true)
		l.duration(owner+"campaign_time.p95", c.P95, true)
		l.duration(owner+"campaign_time.max", c.Max, true)
	}
}

// global adds the figures of the global list. A quantile that is only known to
// be at least so long is no data.
func (l *figureList) global(g *GlobalList) {
	const owner = "global_list."
	l.count(owner+"added", g.Added)
	l.count(owner+"listed", g.Listed)
	stays := g.Dwell.Max > 0 || g.Dwell.Censored > 0
	known := func(name string) bool { return stays && !slices.Contains(g.Dwell.LowerBounds, name) }
	l.duration(owner+"dwell.p50", g.Dwell.P50, known("p50"))
	l.duration(owner+"dwell.p90", g.Dwell.P90, known("p90"))
	l.duration(owner+"dwell.max", g.Dwell.Max, stays)
	l.count(owner+"dwell.censored", g.Dwell.Censored)
}
