package forecast

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"time"

	"sesim/sim"
	"sesim/sim/ses"
)

// Counts are what a run is foreseen to count, and what it holds at its fullest.
// They follow from the scenario alone.
type Counts struct {
	Accounts  int64 `json:"accounts"`
	Senders   int64 `json:"senders"`
	Audiences int64 `json:"audiences"`
	Addresses int64 `json:"addresses"`
	// Partitions are the parts of the scenario that share nothing; they run in
	// parallel.
	Partitions int64 `json:"partitions"`

	Messages    int64 `json:"messages"`    // due up to the horizon
	Calls       int64 `json:"calls"`       // to SES, retries included
	Refused     int64 `json:"refused"`     // of the calls
	Recipients  int64 `json:"recipients"`  // of accepted calls
	TimedOut    int64 `json:"timed_out"`   // connections that never reach SES
	Evaluations int64 `json:"evaluations"` // of accounts' bounce and complaint rates
	Figures     int64 `json:"figures"`     // values of the series

	// The most that is held at a time.
	QuotaRuns int64 `json:"quota_runs"` // moments with accepted calls in 24 hours, over all accounts
	Intervals int64 `json:"intervals"`  // evaluation intervals in the representative volumes
	Waiting   int64 `json:"waiting"`    // messages that wait for a retry
	Pending   int64 `json:"pending"`    // events to come of accepted mail
	Listed    int64 `json:"listed"`     // entries of account-level suppression lists
	Global    int64 `json:"global"`     // addresses on the global suppression list, or remembered
	Removed   int64 `json:"removed"`    // addresses removed from senders' lists

	patterns int64 // senders whose arrivals have a pattern of their own
}

// maxSteps bounds the steps of a flow, and allSteps those of all flows.
const (
	maxSteps = 4000
	allSteps = 100_000
)

// Of returns the counts of a scenario that has so many partitions.
func Of(c *sim.Config, partitions int) Counts {
	n := Counts{
		Accounts: int64(len(c.Accounts)), Senders: int64(len(c.Senders)), Audiences: int64(len(c.Audiences)), Partitions: int64(partitions),
	}
	for i := range c.Audiences {
		n.Addresses += c.Audiences[i].Most()
	}
	for i := range c.Senders {
		if c.Senders[i].Traffic.Kind != sim.Poisson {
			n.patterns++
		}
	}
	n.Evaluations = n.Accounts * int64(c.Horizon/c.Rules.Rep.EvalInterval)
	n.Figures = (int64(c.Horizon/sim.SeriesFrame(c.Horizon, len(c.Accounts))) + 1) * int64(min(len(c.Accounts), sim.MaxSeries)*len(sim.SeriesMetrics)+1)
	f := newForesight(c, &n)
	f.follow()
	f.global()
	return n
}

// foresight gathers the counts of a scenario's accounts.
type foresight struct {
	*Counts
	c       *sim.Config
	routes  [][]route        // of each account
	changes map[int][]change // of accounts' limits
	paces   map[int][]pace   // of senders
	mail    []float64        // accepted recipients of each audience
	listed  map[int]float64  // scratch: those of one account

	removed, pending, entries float64
}

func newForesight(c *sim.Config, n *Counts) *foresight {
	f := &foresight{
		Counts: n, c: c, routes: make([][]route, len(c.Accounts)), changes: changes(c), paces: paces(c), mail: make([]float64, len(c.Audiences)),
		listed: map[int]float64{},
	}
	for i := range c.Senders {
		for _, r := range c.Senders[i].Routes() {
			f.routes[r.Account] = append(f.routes[r.Account], route{i, r})
		}
	}
	return f
}

// route is a way that the messages of a sender go.
type route struct {
	sender int
	sim.Route
}

// class is accounts that are alike, and so are counted once.
type class struct {
	accounts []int
	demands  []demand // of the senders of each
}

// follow counts what the accounts do.
func (f *foresight) follow() {
	classes := f.classes()
	steps := min(maxSteps, max(50, allSteps/max(len(classes), 1)))
	for _, k := range classes {
		f.followClass(k, steps)
	}
}

// classes groups the accounts that are alike: in what they allow, and in the demands
// of their senders.
func (f *foresight) classes() []*class {
	var list []*class
	numbers := map[demand]uint32{}
	known := map[string]*class{}
	var identities []string
	var ids ses.Identities
	var key []byte
	for i := range f.c.Accounts {
		a := &f.c.Accounts[i]
		if i == 0 || !slices.Equal(identities, a.Identities) {
			identities, ids = a.Identities, ses.NewIdentities(a.Identities)
		}
		key = fmt.Appendf(key[:0], "%d %d %d %d", a.Access, a.Quota, a.Rate, a.Suppression)
		if f.changes[i] != nil {
			key = fmt.Appendf(key, " %d of its own", i)
		}
		demands := make([]demand, len(f.routes[i]))
		for n, r := range f.routes[i] {
			demands[n] = demandOf(f.c, &f.c.Senders[r.sender], r.Route, &ids)
			if f.paces[r.sender] != nil {
				demands[n].own = r.sender + 1
			}
			number, there := numbers[demands[n]]
			if !there {
				number = uint32(len(numbers))
				numbers[demands[n]] = number
			}
			key = binary.LittleEndian.AppendUint32(key, number)
		}
		k := known[string(key)]
		if k == nil {
			k = &class{demands: demands}
			known[string(key)] = k
			list = append(list, k)
		}
		k.accounts = append(k.accounts, i)
	}
	return list
}

// followClass adds the counts of the accounts of a class.
func (f *foresight) followClass(k *class, steps int) {
	var streams []*stream
	alike := map[demand]*stream{}
	share, all := make([]float64, len(k.demands)), 0.0 // of the account's mail
	for i, d := range k.demands {
		s := alike[d]
		if s == nil {
			s = newStream(d, f.paces[d.own-1])
			alike[d] = s
			streams = append(streams, s)
		}
		s.senders += d.share
		share[i] = d.recipients * s.messages(f.c.Horizon)
		all += share[i]
	}
	if len(streams) == 0 {
		return
	}
	n := float64(len(k.accounts))
	t := newFlow(streams, f.limits(k.accounts[0]), f.c, steps).follow()
	f.Messages += whole(t.messages * n)
	f.Calls += whole(t.calls * n)
	f.Refused += whole(t.refused * n)
	f.TimedOut += whole(t.timedOut * n)
	f.Recipients += whole(t.recipients * n)
	f.QuotaRuns += whole(t.runs * n)
	f.Waiting += whole(t.waiting * n)
	f.Intervals += whole(f.intervals(t.recipients, t.messages) * n)
	for i := range share {
		share[i] *= t.recipients / max(all, 1e-9)
	}
	for _, account := range k.accounts {
		f.bounces(account, share)
	}
}

// intervals returns how many evaluation intervals with mail an account's two rates
// keep.
func (f *foresight) intervals(recipients, messages float64) float64 {
	rep := &f.c.Rules.Rep
	horizon := f.c.Horizon.Seconds()
	span := float64(rep.WindowDays) * day.Seconds()
	if recipients > 0 {
		span = max(span, float64(rep.WindowEligible)/recipients*horizon)
	}
	if rep.MaxLookback > 0 {
		span = min(span, rep.MaxLookback.Seconds())
	}
	return 2 * min(min(span, horizon)/rep.EvalInterval.Seconds(), messages)
}

// bounces adds what the bounces of an account leave behind. Mail has the accepted
// recipients of each of its senders.
func (f *foresight) bounces(account int, mail []float64) {
	clear(f.listed)
	for i, r := range f.routes[account] {
		spec := &f.c.Senders[r.sender]
		u := &f.c.Audiences[r.Audience]
		f.mail[r.Audience] += mail[i]
		f.listed[r.Audience] += mail[i]
		if u.Churn > 0 {
			f.removed += float64(u.Most()) * -math.Expm1(-hazard(u.Churn, u.ChurnPer)*f.c.Horizon.Seconds())
		}
		if spec.RemoveBounced {
			f.removed += hits(u, mail[i], f.c.Horizon)
		}
		f.pending += mail[i] / f.c.Horizon.Seconds() * lingering(f.c, u)
	}
	if f.c.Accounts[account].Suppression&ses.ListBounce == 0 {
		return
	}
	for u, mail := range f.listed {
		f.entries += hits(&f.c.Audiences[u], mail, f.c.Horizon)
	}
}

// global counts the addresses on the suppression lists and rounds.
func (f *foresight) global() {
	for i, mail := range f.mail {
		f.Global += whole(hits(&f.c.Audiences[i], mail, f.c.Horizon))
	}
	f.Removed, f.Pending, f.Listed = whole(f.removed), whole(f.pending), whole(f.entries)
}

// hits returns how many different addresses of an audience bounce hard of so much
// mail.
func hits(u *sim.Audience, mail float64, horizon time.Duration) float64 {
	size := float64(u.SizeAt(horizon))
	dead := u.Invalid.Float()
	if u.Decay > 0 && u.DecayPer > 0 {
		alive := math.Pow(1-u.Decay.Float(), horizon.Seconds()/u.DecayPer.Seconds())
		dead += (1 - dead) * (1 - alive)
	}
	reached := 1 - math.Exp(-mail/size)
	return min(size*reached*dead+mail*u.HardBounce.Float(), size)
}

// lingering returns how many seconds an accepted recipient of an audience occupies
// the event list, on average.
func lingering(c *sim.Config, u *sim.Audience) float64 {
	retried := u.MailboxFull + u.BlockedIP + u.Deferred + u.DeadDomain
	complains := u.Complaint.Float() * u.FeedbackLoop.Float()
	later := c.Rules.Delay.Complaint.Median + c.Rules.Delay.ComplaintRelay
	return min(retried.Float()*c.Rules.Retry.Horizon.Seconds()+complains*later.Seconds(), c.Horizon.Seconds())
}

// whole rounds a foreseen number.
func whole(x float64) int64 {
	if x >= math.MaxInt64 {
		return math.MaxInt64
	}
	return int64(math.Round(x))
}
