package check

import (
	"slices"
	"time"

	"sesim/sim"
	"sesim/sim/rules"
	"sesim/sim/ses"
)

// reviews judges every account at every evaluation by the rates that volumes
// has computed, and compares the verdict with what the timeline says: a
// review, its end or a pause must come when the rules say so, and must not
// come when they do not.
type reviews struct {
	cfg      *sim.Config
	found    *findings
	now      *present
	volumes  *volumes
	accounts []reviewed
	triggers []*sim.Action // whose lines must come at this very time
}

// reviewed is what the checker knows of one account's reviews.
type reviewed struct {
	next      time.Duration // the next evaluation
	ends      time.Duration // of the review under way
	accepted  int64         // recipients since the review began
	extended  bool
	undecided bool          // the review is over, and AWS has not decided
	decides   time.Duration // when it will
	plan      plan          // a pause that was announced
	begun     [2]int64      // reviews for the bounce and for the complaint rate
}

// plan is an announced pause: when it takes effect, and by which rule. The
// announcement does not name it: where the complaint rate is hidden, several
// rules may have led there. None at all: there is no plan.
type plan struct {
	at    time.Duration
	rules []rules.ID
}

func (p *plan) announced() bool { return len(p.rules) > 0 }

// due returns the verdicts that may carry the plan out.
func (p *plan) due() []verdict {
	var list []verdict
	for _, rule := range p.rules {
		list = append(list, verdict{event: ses.EventPaused, rule: rule})
	}
	return list
}

// judging are the rules by which evaluations act and, the last two, triggers.
var judging = []rules.ID{
	rules.RepReview, rules.ReviewEnd, rules.ReviewExtended, rules.ReviewPending, rules.PauseImmediate, rules.PauseRepeated,
	rules.PausePending, rules.RepTrigger,
}

func newReviews(cfg *sim.Config, found *findings, now *present) *reviews {
	r := &reviews{cfg: cfg, found: found, now: now, volumes: newVolumes(cfg, now), accounts: make([]reviewed, len(cfg.Accounts))}
	for i := range r.accounts {
		r.accounts[i].next = cfg.Rules.Rep.EvalInterval
		if h := cfg.Accounts[i].History; h != nil {
			r.accounts[i].ends = cfg.Rules.Review.Length - h.Since
			if h.Cause != ses.CauseOther {
				r.accounts[i].begun[h.Cause] = h.Reviews
			}
		}
	}
	return r
}

// observe evaluates what is due before the record and then takes it in. At
// the moment of an evaluation, first calls come after it and all else before.
func (c *reviews) observe(r *sim.Record) {
	c.collect()
	c.unheeded(r.At)
	if r.Account < 0 {
		return
	}
	a := &c.accounts[r.Account]
	for a.next < r.At {
		c.evaluate(r.Account, verdict{})
	}
	judged := r.Kind == sim.Changed && slices.Contains(judging, r.Transition.Rule)
	first := (r.Kind == sim.Sent || r.Kind == sim.Refused || r.Kind == sim.TimedOut) && r.Attempt == 0
	switch {
	case judged && c.triggered(r):
	case judged && a.next == r.At:
		c.evaluate(r.Account, verdict{event: r.Transition.Event, rule: r.Transition.Rule})
	case judged:
		c.found.add("reviews", r.At, r.Account, "",
			"event %q by rule %s, but nothing is evaluated and nobody triggers it now", r.Transition.Event, r.Transition.Rule)
	case first && a.next == r.At:
		c.evaluate(r.Account, verdict{})
	}
	c.count(r)
}

// count takes the record into the rates, and notes what an appeal does: it
// ends a review or a pause, and the rates begin afresh where the rules say so;
// or it extends a review that no rate began.
func (c *reviews) count(r *sim.Record) {
	c.volumes.count(r)
	a := &c.accounts[r.Account]
	if r.Kind == sim.Sent {
		a.accepted += int64(len(r.Recipients))
	}
	if r.Kind != sim.Changed || r.Transition.Rule != rules.AppealFreshStart {
		return
	}
	switch r.Transition.Event {
	case ses.EventReviewExtended:
		a.plan = plan{} // a pause that was announced is called off
		a.extend(r.At + c.cfg.Rules.Review.Length)
	case ses.EventHealthy:
		a.plan, a.undecided = plan{}, false
		if c.cfg.Rules.Appeal.FreshStart {
			c.volumes.reset(r.Account, r.At)
		}
	}
}

// collect takes in the triggers of the scenario whose time has come. They come
// before whatever else happens then. A trigger does nothing to a paused
// account, and one that asks for a pause nothing where one is announced.
func (c *reviews) collect() {
	for _, action := range c.now.done {
		if action.Do != sim.DoTrigger {
			continue
		}
		status, announced := c.now.accounts[action.Account].enforcement, c.now.accounts[action.Account].announced
		for _, earlier := range c.triggers { // at the same moment
			switch {
			case earlier.Account != action.Account || earlier.At != action.At:
			case earlier.Pauses && c.cfg.Rules.Pause.Notice == 0:
				status = ses.Shutdown
			case earlier.Pauses:
				announced = true
			}
		}
		if status != ses.Shutdown && !(action.Pauses && announced) {
			c.triggers = append(c.triggers, action)
		}
	}
}

// triggered reports whether the record is the line of a trigger.
func (c *reviews) triggered(r *sim.Record) bool {
	i := slices.IndexFunc(c.triggers, func(t *sim.Action) bool { return t.Account == r.Account && t.At == r.At })
	if i < 0 {
		return false
	}
	want := verdict{event: ses.EventUnderReview, rule: rules.RepTrigger}
	if c.triggers[i].Pauses {
		want = c.pause(verdict{event: ses.EventPaused, rule: rules.RepTrigger})
	}
	if r.Transition.Event != want.event || r.Transition.Rule != want.rule {
		return false
	}
	if want.event != ses.EventUnderReview || c.now.accounts[r.Account].enforcement == ses.Healthy {
		c.accounts[r.Account].take(r.At, want, c.cfg) // one more cause leaves a review as long as it is
	}
	c.triggers = slices.Delete(c.triggers, i, i+1)
	return true
}

// unheeded reports triggers that left no line.
func (c *reviews) unheeded(t time.Duration) {
	for len(c.triggers) > 0 && c.triggers[0].At < t {
		c.found.add("reviews", c.triggers[0].At, c.triggers[0].Account, "", "something triggered a review or a pause, and nothing came of it")
		c.triggers = c.triggers[1:]
	}
}

// evaluate computes both rates at the account's next evaluation and compares
// what they lead to with what the timeline says.
func (c *reviews) evaluate(account int, got verdict) {
	a := &c.accounts[account]
	t := a.next
	a.next += c.cfg.Rules.Rep.EvalInterval
	bounces, complaints, hidden := c.volumes.accounts[account].evaluate(c.cfg, t)
	for i := range c.volumes.sets[account] {
		c.volumes.sets[account][i].evaluate(c.cfg, t)
	}
	expected := c.expected(account, t, bounces, complaints, hidden)
	matches := slices.DeleteFunc(slices.Clone(expected), func(v verdict) bool { return v.event != got.event || v.rule != got.rule })
	if len(matches) == 0 {
		c.found.add("reviews", t, account, "", "the evaluation led to %v, but it must lead to %v: "+
			"%d bounces over %d eligible, %d complaints over %s, while %s",
			got, expected[0], bounces.events, bounces.eligible, complaints.events, complaints.volume(hidden), c.now.accounts[account].enforcement)
	} else {
		got = matches[0]
	}
	a.take(t, got, c.cfg)
	for _, v := range matches {
		if v.coming != rules.None && !slices.Contains(a.plan.rules, v.coming) {
			a.plan.rules = append(a.plan.rules, v.coming)
		}
	}
}

// take notes a verdict. A repeated offence counts when its pause is announced,
// not once more when the pause comes.
func (a *reviewed) take(t time.Duration, v verdict, cfg *sim.Config) {
	comes := a.plan.announced() && v.event == ses.EventPaused
	switch {
	case v.event == ses.EventUnderReview:
		a.ends, a.accepted, a.extended, a.undecided = t+cfg.Rules.Review.Length, 0, false, false
	case v.event == ses.EventReviewExtended:
		a.extend(t + cfg.Rules.Review.Length)
	case v.event == ses.EventPendingEndOfReview:
		a.undecided, a.decides = true, t+cfg.Rules.Review.DecisionTime
	case v.event == ses.EventPendingPause:
		a.plan = plan{t + cfg.Rules.Pause.Notice, []rules.ID{v.coming}}
	case v.event == ses.EventPaused:
		a.plan, a.undecided = plan{}, false
	}
	if v.rule == rules.RepReview || v.rule == rules.PauseRepeated && !comes || v.coming == rules.PauseRepeated {
		a.begun[v.by]++
	}
}

// extend gives a review more time.
func (a *reviewed) extend(until time.Duration) {
	a.ends, a.accepted, a.extended, a.undecided = until, 0, true, false
}

// finish evaluates up to the end and compares the final rates.
func (c *reviews) finish(res *sim.Result) {
	c.collect()
	c.unheeded(res.End)
	last := res.End
	if !res.Interrupted {
		last-- // nothing happens at the horizon any more
	}
	for i := range min(len(res.Accounts), len(c.accounts)) {
		for c.accounts[i].next <= last {
			c.evaluate(i, verdict{})
		}
		got := &res.Accounts[i]
		c.final(res.End, i, "", &c.volumes.accounts[i], &got.Bounce, &got.Complaint)
		for n := range min(len(got.Sets), len(c.volumes.sets[i])) {
			c.final(res.End, i, c.cfg.Accounts[i].Sets[n].Name+"'s ", &c.volumes.sets[i][n], &got.Sets[n].Bounce, &got.Sets[n].Complaint)
		}
	}
}

// final compares two rates at the end of the run.
func (c *reviews) final(t time.Duration, account int, whose string, rates *rates, gotBounce, gotComplaint *sim.Rate) {
	bounces, complaints, hidden := rates.evaluate(c.cfg, t)
	c.compare(t, account, whose+"bounce", gotBounce, bounces)
	if !hidden {
		c.compare(t, account, whose+"complaint", gotComplaint, complaints)
	}
}

// compare compares one rate.
func (c *reviews) compare(t time.Duration, account int, name string, got *sim.Rate, want tally) {
	rate := 0.0
	if want.eligible > 0 {
		rate = float64(want.events) / float64(want.eligible)
	}
	if got.Events != want.events || got.Eligible != want.eligible || got.Final != rate {
		c.found.add("reviews", t, account, "", "the result has a %s rate of %v, %d over %d eligible; the records tell %v, %d over %d",
			name, got.Final, got.Events, got.Eligible, rate, want.events, want.eligible)
	}
}
