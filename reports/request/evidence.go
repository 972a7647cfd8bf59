package request

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"sesim/sim"
	"sesim/sim/replicate"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// ErrInterrupted is the error of gathering evidence that was stopped.
var ErrInterrupted = errors.New("interrupted")

// Evidence is what runs of a scenario say of one account. Intervals are of
// means over the runs, or of the probability that a run has what is counted.
type Evidence struct {
	Runs       int
	Confidence float64
	Horizon    time.Duration

	Due24h     Figure // most recipients of mail that was due within 24 hours
	DueSecond  Figure // most recipients of mail that was due within a second
	Bounce     Figure // highest bounce rate
	Complaint  Figure // highest complaint rate
	UnderQuota Figure // recipients refused for the quota, once production access was there
	UnderRate  Figure // recipients refused for the rate, once production access was there

	Review replicate.Interval // share of the runs in which the account comes under review
	Pause  replicate.Interval // share of the runs in which AWS pauses it

	// Tested are recipients of the mailbox simulator before the first request,
	// or in the whole run where there is none, in replication 0.
	Tested int64
	// Unverified is the first refusal for an identity of the sender's once
	// production access was there, in replication 0; empty: none.
	Unverified string
}

// Figure is a figure of the runs.
type Figure struct {
	replicate.Interval
	Most float64 // the largest of all runs
}

// Gather runs the scenario so many times and returns what it says of an
// account. Tick is called after each run with the number of runs done, and
// within runs with that before; it returns false to stop.
func Gather(run sim.Runner, cfg *sim.Config, account, runs int, confidence float64, tick func(done int) bool) (*Evidence, error) {
	if account < 0 || account >= len(cfg.Accounts) || runs < 1 {
		return nil, fmt.Errorf("request: account %d, %d runs: there must be such an account, and at least one run", account, runs)
	}
	e := &Evidence{Runs: runs, Confidence: confidence, Horizon: cfg.Horizon}
	sample := make([]observations, runs)
	for r := range runs {
		w := newWatch(cfg, account)
		result, err := run(replicate.Config(cfg, r), sim.Hooks{Observer: w, Tick: func(sim.Progress) bool { return tick(r) }})
		if err != nil {
			return nil, err
		}
		if result.Interrupted || !tick(r+1) {
			return nil, ErrInterrupted
		}
		sample[r] = w.done(&result.Accounts[account])
		if r == 0 {
			e.Tested, e.Unverified = w.tested, w.unverified
		}
	}
	e.estimate(sample)
	return e, nil
}

// observations are the figures of one run.
type observations struct {
	due24h, dueSecond     float64
	bounce, complaint     float64
	underQuota, underRate float64
	review, pause         bool
}

func (e *Evidence) estimate(sample []observations) {
	for _, f := range []struct {
		to *Figure
		of func(*observations) float64
	}{
		{&e.Due24h, func(o *observations) float64 { return o.due24h }},
		{&e.DueSecond, func(o *observations) float64 { return o.dueSecond }},
		{&e.Bounce, func(o *observations) float64 { return o.bounce }},
		{&e.Complaint, func(o *observations) float64 { return o.complaint }},
		{&e.UnderQuota, func(o *observations) float64 { return o.underQuota }},
		{&e.UnderRate, func(o *observations) float64 { return o.underRate }},
	} {
		values := make([]float64, len(sample))
		for i := range sample {
			values[i] = f.of(&sample[i])
			f.to.Most = max(f.to.Most, values[i])
		}
		f.to.Interval = replicate.Mean(values, e.Confidence)
	}
	reviews, pauses := 0, 0
	for i := range sample {
		if sample[i].review {
			reviews++
		}
		if sample[i].pause {
			pauses++
		}
	}
	e.Review = replicate.Proportion(reviews, len(sample), e.Confidence)
	e.Pause = replicate.Proportion(pauses, len(sample), e.Confidence)
}

// watch observes what one account's senders would send and what is refused.
type watch struct {
	cfg     *sim.Config
	account int
	asked   time.Duration // of the first request; the horizon where there is none
	granted bool          // production access is there

	day, second           demand
	underQuota, underRate int64
	tested                int64
	unverified            string
}

func newWatch(cfg *sim.Config, account int) *watch {
	a := &cfg.Accounts[account]
	w := &watch{
		cfg: cfg, account: account, asked: cfg.Horizon, granted: a.Access == ses.Production,
		day: demand{span: unit.Day}, second: demand{span: time.Second, exact: true},
	}
	if len(a.Requests) > 0 {
		w.asked = a.Requests[0].At
	}
	return w
}

// Observe counts a record of the account.
func (w *watch) Observe(r *sim.Record) {
	if r.Account != w.account {
		return
	}
	switch r.Kind {
	case sim.Changed:
		w.granted = w.granted || r.Transition.Event == ses.EventGranted
	case sim.Sent, sim.Refused:
		w.call(r)
	}
}

func (w *watch) call(r *sim.Record) {
	n := int64(len(r.Recipients))
	if w.simulated(r) {
		if r.Kind == sim.Sent && r.At <= w.asked {
			w.tested += n
		}
		return
	}
	if r.Attempt == 0 {
		w.day.add(r.At, n)
		w.second.add(r.At, n)
	}
	if r.Kind != sim.Refused || !w.granted {
		return
	}
	switch r.Reason {
	case ses.RefusedQuota:
		w.underQuota += n
	case ses.RefusedRate:
		w.underRate += n
	case ses.RefusedUnverified:
		if w.unverified == "" {
			w.unverified = r.Error.String()
		}
	}
}

// simulated reports whether a call is to the mailbox simulator.
func (w *watch) simulated(r *sim.Record) bool {
	audience := &w.cfg.Audiences[w.cfg.Senders[r.Sender].Audience]
	if len(r.Recipients) == 0 {
		return false
	}
	_, domain, _ := strings.Cut(audience.AddressOf(r.Recipients[0].Number), "@")
	return strings.EqualFold(domain, ses.SimulatorDomain)
}

func (w *watch) done(a *sim.AccountResult) observations {
	o := observations{
		due24h: float64(w.day.most), dueSecond: float64(w.second.most),
		bounce: a.Bounce.Max, complaint: a.Complaint.Max,
		underQuota: float64(w.underQuota), underRate: float64(w.underRate),
	}
	for _, t := range a.Timeline {
		o.review = o.review || t.Event == ses.EventUnderReview
		o.pause = o.pause || t.Event == ses.EventPaused
	}
	return o
}

// demand finds the most recipients within a span of time that rolls. Unless
// exact it counts whole seconds, which bounds its memory and may take up to a
// second too many into the span.
type demand struct {
	span  time.Duration
	exact bool
	runs  []moment // those within the span, oldest first
	sum   int64
	most  int64
}

type moment struct {
	at time.Duration
	n  int64
}

func (d *demand) add(at time.Duration, n int64) {
	if !d.exact {
		at = at.Truncate(time.Second)
	}
	if last := len(d.runs) - 1; last >= 0 && d.runs[last].at == at {
		d.runs[last].n += n
	} else {
		d.runs = append(d.runs, moment{at, n})
	}
	d.sum += n
	gone := 0
	for d.runs[gone].at <= at-d.span {
		d.sum -= d.runs[gone].n
		gone++
	}
	d.runs = d.runs[gone:]
	d.most = max(d.most, d.sum)
}
