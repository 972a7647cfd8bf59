package request

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"sesim/sim"
	"sesim/sim/replicate"
	"sesim/sim/rules"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// ErrInterrupted is the error of Gather if tick stops it.
var ErrInterrupted = errors.New("interrupted")

// Evidence summarizes runs of a scenario for one account. Figures estimate means
// over the runs, Review and Pause probabilities.
type Evidence struct {
	Runs       int
	Confidence float64
	Horizon    time.Duration

	Due24h     Figure // most recipients of mail that was due within 24 hours
	DueSecond  Figure // most recipients of mail that was due within a second
	Bounce     Figure // highest bounce rate
	Complaint  Figure // highest complaint rate
	UnderQuota Figure // recipients refused for the quota after production access was granted
	UnderRate  Figure // recipients refused for the rate after production access was granted

	Review replicate.Interval // share of the runs in which the account comes under review
	Pause  replicate.Interval // share of the runs in which it is paused
	Reads  rules.Reads        // parameters that these decisions read

	// Accepted, Bounced and Complained are the recipients accepted in all runs, and
	// those of them who bounced hard and who complained.
	Accepted, Bounced, Complained int64

	// Tested counts the recipients of the mailbox simulator in replication 0
	// before the first request, or in the whole run if there is no request.
	Tested int64
	// Unverified is the first refusal for an unverified identity of the sender
	// in replication 0 after production access was granted; "" for none.
	Unverified string
}

// Figure is a figure of the runs: its mean with an interval, and its maximum.
type Figure struct {
	replicate.Interval
	Most float64 // the maximum over all runs
}

// Gather runs the scenario the given number of times and returns the evidence
// for an account. Tick is called during and after each run with the number of
// runs done; if it returns false, Gather stops with ErrInterrupted.
func Gather(run sim.Runner, cfg *sim.Config, account, runs int, confidence float64, tick func(done int) bool) (*Evidence, error) {
	if account < 0 || account >= len(cfg.Accounts) || runs < 1 {
		return nil, fmt.Errorf("request: account %d of %d, %d runs: want an existing account and at least one run",
			account, len(cfg.Accounts), runs)
	}
	cfg = replicate.Drawing(cfg, runs)
	e := &Evidence{Runs: runs, Confidence: confidence, Horizon: cfg.Horizon}
	sample := make([]observations, runs)
	for r := range runs {
		w := newWatch(cfg, account)
		hooks := w.hooks()
		hooks.Tick = func(sim.Progress) bool { return tick(r) }
		result, err := run(replicate.Config(cfg, r), hooks)
		if err != nil {
			return nil, err
		}
		if result.Interrupted || !tick(r+1) {
			return nil, ErrInterrupted
		}
		a := &result.Accounts[account]
		sample[r] = w.done(a)
		for i := range a.Timeline {
			if t := &a.Timeline[i]; isEnforced(t) {
				e.Reads = e.Reads.And(t.Reads)
			}
		}
		e.Accepted, e.Bounced, e.Complained = e.Accepted+a.Accepted, e.Bounced+a.HardBounced, e.Complained+a.Complaints
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
	asked   time.Duration // time of the first request; the horizon without one
	granted bool          // production access has been granted

	day, second           demand
	underQuota, underRate int64
	tested                int64
	unverified            string
}

// Watch returns the hooks with which Gather watches an account.
func Watch(cfg *sim.Config, account int) sim.Hooks { return newWatch(cfg, account).hooks() }

func (w *watch) hooks() sim.Hooks {
	return sim.Hooks{
		ObserverOf: func(int) sim.Observer { return w }, // which looks at one account, and so at one partition
		Observed:   sim.Selection{Account: w.account + 1, Kinds: sim.KindsOf(sim.Changed, sim.Sent, sim.Refused)},
	}
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
	if len(r.Recipients) == 0 {
		return false
	}
	to := r.Recipients[0]
	_, domain, _ := strings.Cut(w.cfg.Audiences[to.Audience].AddressOf(to.Number), "@")
	return strings.EqualFold(domain, ses.SimulatorDomain)
}

// isEnforced reports whether a change begins a review or a pause by AWS.
func isEnforced(t *ses.Transition) bool {
	return t.Event == ses.EventUnderReview || t.Event == ses.EventPaused
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

// demand finds the maximum number of recipients within a rolling window. Unless
// exact, it counts by whole seconds, which bounds its memory and may make the
// window up to a second too long.
type demand struct {
	span  time.Duration
	exact bool
	runs  []moment // within the window, oldest first
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
