package plan

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"sesim/sim"
	"sesim/sim/criteria"
	"sesim/sim/replicate"
)

// screen is the minimum number of runs of a candidate that breaks no promise: few,
// because most candidates are far from the limit of every promise. Twice as many
// runs without an event bound its probability by 5%, with 95% confidence. A
// candidate that breaks a promise about every run in the first few needs no more.
const (
	first  = 8
	screen = 40
)

// early is the confidence needed to call a promise about a share or a mean
// broken before the last test. A broken candidate is not tested again; one that
// seems to keep its promises is, if it becomes the answer.
const early = 0.999

// candidate is a scenario with one value for each choice, and the results of
// its runs.
type candidate struct {
	values  []int64
	cfg     *sim.Config
	runs    [][]observed    // by promise, then by replication from 0
	further [][]observation // by promise: witnesses beyond those runs
	stood   int             // number of witnesses it was tested on
	figures []Figure        // by promise
	order   []Verdict       // by promise: the verdict on the runs that all candidates have, for comparisons
	lost    []Loss          // by sender: in all its runs, fresh ones too
	cost    sim.Micros      // of all accounts, in all its runs, fresh ones too
	billed  int             // runs of which it is the cost
	causes  []Causes        // by promise: in all its runs, fresh ones too
}

// observed is the value of a metric in a run. Without data, it is what the metric
// is known to exceed: see sim.Result.Value.
type observed struct {
	value float64
	data  bool
}

// observation is the value of a metric in the run with that number.
type observation struct {
	replication int
	observed
}

// Witness is a run that broke a promise of a candidate that had seemed to keep
// all promises.
type Witness struct {
	Values      []int64
	Promise     int
	Replication int
	Seed        uint64
}

// search is one search for an answer.
type search struct {
	ctx     context.Context
	q       *Question
	of      Candidates
	workers int
	tick    func(Progress)

	known     map[string]*candidate
	order     []*candidate // in the order in which they were first tested
	witnesses []Witness
	aside     []setting // by promise
	depth     int       // maximum number of replications of a candidate; the next one is fresh
	progress  Progress
}

// kept reports whether a candidate keeps all promises in its runs so far, except
// those that are set aside.
func (c *candidate) kept() bool {
	return !slices.ContainsFunc(c.figures, func(f Figure) bool { return f.Verdict != Kept && !f.Aside })
}

// broken reports whether some promise is broken that is not set aside.
func (c *candidate) broken() bool {
	return slices.ContainsFunc(c.figures, func(f Figure) bool { return f.Verdict == Broken && !f.Aside })
}

// look returns the candidate with these values, tested on as many runs as it
// takes to decide, and on all witnesses.
func (s *search) look(values []int64) (*candidate, error) {
	key := fmt.Sprint(values)
	c := s.known[key]
	if c == nil {
		cfg, err := s.of.Candidate(values)
		if errors.Is(err, sim.ErrTrace) {
			return nil, err // no candidate can be run any more
		}
		if err != nil {
			return nil, &ImpossibleError{slices.Clone(values), err}
		}
		c = &candidate{
			values: slices.Clone(values), cfg: cfg,
			runs: make([][]observed, len(s.q.Promises)), further: make([][]observation, len(s.q.Promises)),
		}
		s.known[key] = c
		s.order = append(s.order, c)
		s.progress.Candidates++
	}
	if err := s.extend(c, min(first, s.depth)); err != nil || c.broken() {
		return c, err
	}
	return c, s.decide(c)
}

// decide runs a candidate until its promises are decided, at least screen times.
func (s *search) decide(c *candidate) error {
	for n := screen; ; n *= 2 {
		n = min(n, s.depth)
		if err := s.extend(c, n); err != nil {
			return err
		}
		if c.broken() || c.kept() || n == s.depth {
			return nil
		}
	}
}

// extend runs a candidate's replications below n and the witnesses that it has
// not been tested on, and evaluates it again.
func (s *search) extend(c *candidate, n int) error {
	done := len(c.runs[0])
	if n > done {
		err := s.simulate(c, done, n-done, func(p, _ int, v observed) { c.runs[p] = append(c.runs[p], v) })
		if err != nil {
			return err
		}
	}
	for ; c.stood < len(s.witnesses); c.stood++ {
		r := s.witnesses[c.stood].Replication
		if r < len(c.runs[0]) {
			continue
		}
		err := s.simulate(c, r, 1, func(p, r int, v observed) { c.further[p] = append(c.further[p], observation{r, v}) })
		if err != nil {
			return err
		}
	}
	s.judge(c)
	return nil
}

// judge evaluates a candidate on all of its runs.
func (s *search) judge(c *candidate) {
	n := len(c.runs[0])
	c.figures, c.order = make([]Figure, len(s.q.Promises)), make([]Verdict, len(s.q.Promises))
	for p := range s.q.Promises {
		promise := &s.q.Promises[p]
		c.order[p] = ordered(promise, c.runs[p], min(screen, s.depth))
		further := slices.DeleteFunc(slices.Clone(c.further[p]), func(o observation) bool { return o.replication < n })
		f := judge(promise, c.runs[p], further, s.q.Confidence)
		if f.Verdict == Broken && n < s.depth && f.NoData == 0 {
			if judge(promise, c.runs[p], further, max(early, s.q.Confidence)).Verdict != Broken {
				f.Verdict = Open
			}
		}
		f.Aside = s.aside[p] != considered
		c.figures[p] = f
	}
}

// ordered returns the verdict by which candidates are compared. A promise about
// every run is evaluated on the same number of runs of all candidates, as more
// runs break more; fewer can only break it. The others use the confidence early.
func ordered(p *criteria.Promise, values []observed, common int) Verdict {
	if !everyRun(p) {
		return judge(p, values, nil, early).Verdict
	}
	v := judge(p, values[:min(common, len(values))], nil, early).Verdict
	if v == Kept && len(values) < common {
		return Open
	}
	return v
}

// simulate runs n replications of a candidate from the first on, and passes
// the values of the promises' metrics to keep, in order.
func (s *search) simulate(c *candidate, first, n int, keep func(promise, replication int, v observed)) error {
	return replicate.Run(s.ctx, *c.cfg, first, n, s.workers, func(r int, result *sim.Result) error {
		c.lose(result)
		c.blame(s.q, result)
		for p := range s.q.Promises {
			v, data := result.Value(c.cfg, s.q.Promises[p].Of.Metric)
			keep(p, r, observed{v, data})
		}
		s.progress.Runs++
		s.tick(s.progress)
		return context.Cause(s.ctx) // finished runs must not continue a canceled search
	})
}

// lose counts the mail that a run's senders gave up, and the cost of what was
// accepted.
func (c *candidate) lose(r *sim.Result) {
	for i := range r.Accounts {
		c.cost += r.Accounts[i].Cost
	}
	c.billed++
	if c.lost == nil {
		c.lost = make([]Loss, len(r.Senders))
	}
	for i := range r.Senders {
		l, n := &c.lost[i], r.Senders[i].GivenUp
		l.Sender = i
		l.Runs++
		l.Due += r.Senders[i].Due
		if n > 0 {
			l.Lossy++
		}
		l.Sum += n
		l.Most = max(l.Most, n)
	}
}

// blame counts which rate caused the reviews and pauses that promises are about.
func (c *candidate) blame(q *Question, r *sim.Result) {
	if c.causes == nil {
		c.causes = make([]Causes, len(q.Promises))
	}
	for p := range q.Promises {
		name, _, event, ok := sim.EventMetric(q.Promises[p].Of.Metric)
		if !ok {
			continue
		}
		account := slices.IndexFunc(c.cfg.Accounts, func(a sim.Account) bool { return a.Name == name })
		for _, t := range r.Accounts[account].Timeline {
			if t.Event == event {
				c.causes[p].add(t.Why)
				break
			}
		}
	}
}

// confirm runs fresh replications of a candidate and reports whether they
// confirm it. If not, they join those of the search, and runs that break a
// promise by themselves become witnesses.
func (s *search) confirm(c *candidate) (figures []Figure, ok bool, err error) {
	values := make([][]observed, len(s.q.Promises))
	err = s.simulate(c, s.depth, s.q.Confirm, func(p, _ int, v observed) { values[p] = append(values[p], v) })
	if err != nil {
		return nil, false, err
	}
	figures, ok = make([]Figure, len(s.q.Promises)), true
	for p := range figures {
		promise := &s.q.Promises[p]
		figures[p] = judge(promise, values[p], nil, s.q.Confidence)
		if w := &figures[p].Witness; *w >= 0 && s.aside[p] != apart {
			*w += s.depth
			s.witness(c, p, *w)
		}
		figures[p].Aside = s.aside[p] == apart
		if !figures[p].Aside && figures[p].contradicts(promise) {
			ok = false
			s.aside[p] = considered
		}
	}
	if !ok {
		for p := range values {
			c.runs[p] = append(c.runs[p], values[p]...)
		}
		s.depth += s.q.Confirm
		s.reconsider()
	}
	return figures, ok, nil
}

// ImpossibleError is the error of a candidate that cannot be run.
type ImpossibleError struct {
	Values []int64
	Err    error
}

// Error returns the values and the cause.
func (e *ImpossibleError) Error() string {
	return fmt.Sprintf("with the values %v: %v", e.Values, e.Err)
}

// Unwrap returns the cause.
func (e *ImpossibleError) Unwrap() error { return e.Err }

// witness records a run that broke a promise.
func (s *search) witness(c *candidate, promise, replication int) {
	s.witnesses = append(s.witnesses, Witness{c.values, promise, replication, replicate.Seed(c.cfg.Seed, replication)})
}
