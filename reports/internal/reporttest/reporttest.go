// Package reporttest makes reports for the tests of the renderers: of runs
// that were drawn up by hand instead of simulated, so that a change of the
// model moves no golden file of a renderer. Golden compares with such a file.
package reporttest

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"sesim/reports"
	"sesim/sim"
	"sesim/sim/criteria"
	"sesim/sim/measure"
	"sesim/sim/rules"
	"sesim/sim/ses"
)

const (
	day     = 24 * time.Hour
	horizon = 30 * day
)

// Scenario is the TOML text of the reports made here.
const Scenario = `version  = 1
name     = "stale-list"
question = "When does a two-year-old list put a new production account under review?"
start    = 2026-03-02T09:00:00Z
horizon  = "30d"
thresholds = ["acme.bounce_rate.max < 5%", "acme.refused.paused == 0"]
`

// Run returns a Config and a Result of thirty days with that many accounts. The
// first, acme, comes under review and is paused; the second, if any, leaves
// the sandbox; the others stay healthy.
func Run(accounts int) (*sim.Config, *sim.Result) {
	set, err := rules.Edition("current")
	if err != nil {
		panic(err) // the edition is a constant of the catalogue
	}
	cfg := &sim.Config{
		Name:     "stale-list",
		Question: "When does a two-year-old list put a new production account under review?",
		Edition:  "current",
		Start:    time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC),
		Horizon:  horizon,
		Seed:     1,
		Rules:    set,
		Thresholds: []criteria.Criterion{
			{Expression: "acme.bounce_rate.max < 5%", Metric: "acme.bounce_rate.max", Op: criteria.Less, Limit: 0.05},
			{Expression: "acme.refused.quota == 0", Metric: "acme.refused.quota", Op: criteria.Equal, Limit: 0},
		},
	}
	res := &sim.Result{End: horizon, Fingerprint: "0123456789abcdef0123456789abcdef"}
	for t := time.Duration(0); t <= horizon; t += time.Hour {
		res.Series.Times = append(res.Series.Times, t)
	}
	for i := range accounts {
		addAccount(cfg, res, i)
	}
	addGlobal(res)
	res.Rules = []sim.Fired{
		{Rule: rules.QuotaRolling, Count: 312}, {Rule: rules.GlobalSuppressed, Count: 231}, {Rule: rules.RepReview, Count: 1},
	}
	return cfg, res
}

// New returns the report of Run.
func New(t testing.TB, accounts int) *reports.Report {
	t.Helper()
	cfg, res := Run(accounts)
	return Of(t, cfg, res)
}

// Coarse returns the report of Run with a sample each day instead of each
// hour, which is quicker to draw.
func Coarse(t testing.TB, accounts int) *reports.Report {
	t.Helper()
	cfg, res := Run(accounts)
	res.Series.Times = daily(res.Series.Times)
	for i := range res.Series.Columns {
		res.Series.Columns[i].Values = daily(res.Series.Columns[i].Values)
	}
	return Of(t, cfg, res)
}

func daily[T any](hourly []T) []T {
	var list []T
	for i := 0; i < len(hourly); i += 24 {
		list = append(list, hourly[i])
	}
	return list
}

// Bare returns the report of a run that has nothing to draw.
func Bare(t testing.TB) *reports.Report {
	t.Helper()
	cfg, res := Run(1)
	cfg.Thresholds, res.Rules, res.Accounts[0].Timeline = nil, nil, nil
	res.Accounts[0].Delay, res.Series, res.Global.Dwell = nil, measure.Table{}, measure.Survival{}
	return Of(t, cfg, res)
}

// Of returns the report of any run.
func Of(t testing.TB, cfg *sim.Config, res *sim.Result) *reports.Report {
	t.Helper()
	r, err := reports.New(cfg, res, reports.Input{
		Scenario: Scenario, File: "scenarios/stale-list.toml", Overrides: []string{"account.acme.quota=20000"}, Version: "test",
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func addAccount(cfg *sim.Config, res *sim.Result, i int) {
	name, access := "acme", ses.Production
	if i > 0 {
		name = fmt.Sprintf("tenant-%d", i)
	}
	if i == 1 { // whose timeline tells of a grant
		access = ses.Sandbox
	}
	cfg.Accounts = append(cfg.Accounts, sim.Account{Name: name, Region: "us-east-1", Access: access, Quota: 20_000, Rate: 14})
	cfg.Senders = append(cfg.Senders, sim.Sender{Name: name + "-news", Account: i})

	w := newWriter(res, name, rand.New(rand.NewPCG(7, uint64(i))))
	w.columns(i)
	a := w.result(i)
	res.Accounts = append(res.Accounts, a)
	res.Senders = append(res.Senders, sim.SenderResult{
		Counts: a.Counts, Messages: a.Recipients, Removed: a.HardBounced, Delay: a.Delay,
		Rates: &sim.SenderRates{Bounce: a.Bounce, Complaint: a.Complaint},
	})
}

// writer makes up the series of one account, and the totals that follow.
type writer struct {
	res  *sim.Result
	name string
	rand *rand.Rand
	last map[string]float64
	peak map[string]float64
}

func newWriter(res *sim.Result, name string, r *rand.Rand) *writer {
	return &writer{res, name, r, map[string]float64{}, map[string]float64{}}
}

func (w *writer) column(metric string, value func(d float64) float64) {
	c := measure.Column{Account: w.name, Metric: metric}
	for _, t := range w.res.Series.Times {
		v := math.Round(value(float64(t)/float64(day))*1e6) / 1e6 // the same digits on every processor
		w.peak[metric] = max(w.peak[metric], v)
		c.Values = append(c.Values, v)
	}
	w.last[metric] = c.Values[len(c.Values)-1]
	w.res.Series.Columns = append(w.res.Series.Columns, c)
}

// columns follows a logistic growth of the bounce rate, to 11 % for the first
// account and to a healthy level for the others.
func (w *writer) columns(i int) {
	top, middle := 0.11, 10.0
	if i > 0 {
		top, middle = 0.002+0.004*float64(i%5), 12
	}
	paused := func(d float64) bool { return i == 0 && d >= 24.6 }
	logistic := func(d float64) float64 { return 1 / (1 + math.Exp(-(d-middle)/2.5)) }
	w.column("bounce_rate", func(d float64) float64 {
		noise := 0.002 * w.rand.NormFloat64() / math.Sqrt(1+d)
		return max(0, 0.006+top*logistic(min(d, 25))+noise)
	})
	w.column("complaint_rate", func(d float64) float64 {
		return 0.0002 + 0.0003*logistic(d) + 0.00005*math.Sin(3*d)
	})
	w.column("bounce_eligible", func(d float64) float64 { return min(10_000, math.Floor(600*d)) })
	w.column("complaint_eligible", func(d float64) float64 { return min(10_000, math.Floor(240*d)) })
	w.column("quota", func(d float64) float64 {
		if d >= 18 {
			return 40_000
		}
		return 20_000
	})
	w.column("quota_used", func(d float64) float64 {
		if paused(d) {
			return math.Floor(21_000 * max(0, 25.6-d))
		}
		return math.Floor(min(20_000, max(0, 9000+d*500+9000*math.Sin(2*math.Pi*d/7))))
	})
	w.column("rate", func(float64) float64 { return 14 })
	accepted := 0.0
	w.column("accepted", func(d float64) float64 {
		if !paused(d) {
			accepted += 700
		}
		return accepted
	})
	w.column("hard_bounced", func(d float64) float64 { return math.Floor(40 * d) })
	refused := 0.0
	w.column("refused_quota", func(d float64) float64 {
		if i == 0 && 9000+d*500+9000*math.Sin(2*math.Pi*d/7) > 20_000 && d < 18 {
			refused += 13
		}
		return refused
	})
	w.column("refused_rate", func(d float64) float64 { return math.Floor(d / 9) })
	w.column("refused_paused", func(d float64) float64 {
		if paused(d) {
			return math.Floor((d - 24.6) * 800)
		}
		return 0
	})
	w.column("enforcement", func(d float64) float64 {
		switch {
		case paused(d):
			return 2
		case i == 0 && d >= 10.2:
			return 1
		}
		return 0
	})
}

// first returns when a cumulative metric first counts something.
func (w *writer) first(metric string) time.Duration {
	values := w.res.Series.Find(w.name, metric).Values
	return w.res.Series.Times[slices.IndexFunc(values, func(v float64) bool { return v > 0 })]
}

func (w *writer) result(i int) sim.AccountResult {
	n := func(metric string) int64 { return int64(w.last[metric]) }
	a := sim.AccountResult{
		Access: ses.Production, Quota: n("quota"), MaxRate: 14,
		Bounce: sim.Rate{
			Final: w.last["bounce_rate"], Max: w.peak["bounce_rate"],
			Eligible: n("bounce_eligible"), Events: n("hard_bounced"), Span: 12 * day, Data: true,
		},
		Complaint: sim.Rate{
			Final: w.last["complaint_rate"], Max: w.peak["complaint_rate"],
			Eligible: n("complaint_eligible"), Events: 4, Span: 20 * day, Data: true,
		},
		QuotaUseFinal: w.last["quota_used"] / w.last["quota"], QuotaUseMax: 1,
		ListAdded: 1200, Listed: 1180,
		Delay: &measure.Histogram{},
	}
	a.Refused = [ses.Reasons]int64{n("refused_rate"), n("refused_quota"), 0, n("refused_paused"), 0}
	for reason, metric := range map[ses.Reason]string{ses.RefusedRate: "refused_rate", ses.RefusedQuota: "refused_quota"} {
		if a.Refused[reason] > 0 {
			a.Refusals = append(a.Refusals, sim.Refusal{
				At: w.first(metric), Sender: i, Reason: reason, Rule: rules.QuotaRolling, Error: ses.Throttled(ses.V2, reason),
			})
		}
	}
	slices.SortFunc(a.Refusals, func(x, y sim.Refusal) int { return cmp.Compare(x.At, y.At) })
	a.Accepted = n("accepted")
	a.HardBounced, a.SoftBounced, a.SuppressedGlobal, a.Complaints = n("hard_bounced"), 310, 231, 4
	a.Delivered = a.Accepted - a.HardBounced - a.SoftBounced - a.SuppressedGlobal
	a.Recipients = a.Accepted
	for _, c := range a.Refused {
		a.Recipients += c
	}
	a.Requests, a.Due, a.GivenUp = a.Recipients, a.Recipients, a.Recipients-a.Accepted // nothing is tried again
	const kinds = 2000                                                                 // of delays, which is quicker than one for each call
	for k := range int64(kinds) {
		if err := a.Delay.Record(delay(k, i), a.Accepted/kinds); err != nil {
			panic(err) // delays are not negative
		}
	}
	a.Enforcement, a.Timeline = fate(i)
	return a
}

// delay is nothing for nine of ten calls, and a longer wait for the rest.
func delay(k int64, i int) time.Duration {
	if k%10 != 0 {
		return 0
	}
	return time.Duration(1+k/10%97) * time.Duration(k%7+1) * time.Duration(i+1) * time.Second
}

func fate(i int) (ses.Enforcement, []ses.Transition) {
	switch i {
	case 0:
		return ses.Shutdown, []ses.Transition{
			{
				At: 10*day + 4*time.Hour + 48*time.Minute, Event: ses.EventUnderReview,
				Rule: rules.RepReview, Why: "bounce rate 5.03% over 6,120 eligible",
				Reads: rules.NewReads(rules.ParamRepMinEligible, rules.ParamReviewBounceRate),
			},
			{At: 18 * day, Event: ses.EventQuotaRaised, Rule: rules.QuotaAutoIncrease, Why: "from 20,000 to 40,000"},
			{
				At: 24*day + 14*time.Hour + 24*time.Minute, Event: ses.EventPaused,
				Rule: rules.PauseImmediate, Why: "bounce rate 11.2% over 10,012 eligible",
			},
		}
	case 1:
		return ses.Healthy, []ses.Transition{
			{At: 2 * day, Event: ses.EventRequested, Rule: rules.ProdRequest, Why: "TRANSACTIONAL"},
			{At: 2*day + 18*time.Hour, Event: ses.EventGranted, Rule: rules.ProdGrant, Why: "quota 50,000, rate 14"},
		}
	}
	return ses.Healthy, nil
}

// addGlobal makes up stays on the global list: of the lengths that the rules
// have, cut off by the end of the run.
func addGlobal(res *sim.Result) {
	r := rand.New(rand.NewPCG(3, 9))
	lengths := []time.Duration{day, 2 * day, 4 * day, 8 * day, 14 * day}
	var stays []measure.Step
	for range 1200 {
		begin := time.Duration(r.Int64N(int64(horizon)))
		stay := measure.Step{At: lengths[min(int(r.ExpFloat64()), 4)], Ended: 1}
		if begin+stay.At > horizon {
			stay = measure.Step{At: (horizon - begin).Truncate(time.Hour), Censored: 1}
		}
		stays = append(stays, stay)
	}
	res.Global = sim.GlobalResult{Added: int64(len(stays)), Dwell: measure.Pooled(measure.AddUp(stays))}
	res.Global.Listed = res.Global.Dwell.Censored
	listed := measure.Column{Metric: "global_listed"}
	for i := range res.Series.Times {
		listed.Values = append(listed.Values, float64(i%90))
	}
	res.Series.Columns = append(res.Series.Columns, listed)
}
