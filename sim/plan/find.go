package plan

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"sesim/sim"
)

// Progress describes the progress of a search.
type Progress struct {
	Runs       int    // finished so far
	Candidates int    // tested so far
	Doing      string // the current phase, in words
}

// maxRounds limits how often an answer may be refuted before the search gives
// up.
const maxRounds = 64

// Find answers a question. It runs up to workers runs at a time; the answer
// does not depend on their number. Tick is called after each run. If ctx is
// canceled, Find returns what is known by then: with the status Interrupted, or as an
// answer that is Unfinished. An error wraps ErrQuestion, or is the error of a candidate that cannot be run.
func Find(ctx context.Context, q *Question, of Candidates, workers int, tick func(Progress)) (*Answer, error) {
	if err := q.check(); err != nil {
		return nil, err
	}
	s := &search{ctx: ctx, q: q, of: of, workers: workers, tick: tick, known: map[string]*candidate{}, depth: q.Replications}
	s.aside = make([]setting, len(q.Promises))
	a := &Answer{Question: q}
	err := s.answer(a)
	if err != nil && ctx.Err() != nil && errors.Is(err, context.Cause(ctx)) {
		if a.Unfinished, err = a.Values != nil, nil; !a.Unfinished {
			a.Status = Interrupted
		}
	}
	if err != nil {
		return nil, err
	}
	s.summarize(a)
	return a, nil
}

// answer searches for an answer, and then looks further: at its neighbours, and at
// more mail.
func (s *search) answer(a *Answer) error {
	at, ok, err := s.settle(a)
	if err != nil || !ok {
		return err
	}
	before := s.progress.Runs
	defer func() { a.FurtherRuns = s.progress.Runs - before }()
	if err := s.neighbours(a, at); err != nil || s.q.Bare || s.q.largest() {
		return err
	}
	if err := s.headroom(a); err != nil || s.q.Growth.Share == 0 {
		return err
	}
	return s.follow(a)
}

// settle searches until an answer has been confirmed, and returns the numbers of
// its values.
func (s *search) settle(a *Answer) (at []int64, ok bool, err error) {
	s.progress.Doing = "searching"
	if err := s.setAside(); err != nil {
		return nil, false, err
	}
	if s.allApart() {
		return nil, false, s.nothingMoves(a)
	}
	for round := 0; ; round++ {
		s.progress.Doing = "searching"
		at, ok, err := s.solve()
		if err != nil {
			return nil, false, err
		}
		if !ok || round == maxRounds {
			a.Status, a.GaveUp = None, ok
			return nil, false, s.giveUp(a)
		}
		c, err := s.lookAt(at)
		if err != nil {
			return nil, false, err
		}
		if ok, err := s.stands(c, a); err != nil {
			return nil, false, err
		} else if !ok {
			continue
		}
		s.reconsiderAll()
		a.Status, a.Values, a.Figures, a.Lost, a.Apart = Found, c.values, c.figures, c.losses(), s.aparts(c)
		a.Cost = c.cost / sim.Micros(c.billed)
		return at, true, nil
	}
}

// giveUp looks at what comes closest to an answer.
func (s *search) giveUp(a *Answer) error {
	c, err := s.closest()
	if err == nil && c != nil {
		a.Apart = s.aparts(c)
	}
	return err
}

// nothingMoves is the answer where the choices move no promise.
func (s *search) nothingMoves(a *Answer) error {
	a.Status = None
	c, err := s.safest()
	if err != nil {
		return err
	}
	if err := s.extend(c, s.depth); err != nil {
		return err
	}
	a.Apart = s.aparts(c)
	return nil
}

// stands tests a candidate on the promises that were set aside, on all
// replications of the search, and then on fresh ones.
func (s *search) stands(c *candidate, a *Answer) (bool, error) {
	if ok, err := s.keepsAside(c); err != nil || !ok {
		return false, err
	}
	return s.survives(c, a)
}

// survives tests a candidate on all replications of the search, and then on
// fresh ones.
func (s *search) survives(c *candidate, a *Answer) (bool, error) {
	if err := s.extend(c, s.depth); err != nil {
		return false, err
	}
	kept := true
	for p, f := range c.figures {
		if s.aside[p] == apart || f.Verdict == Kept {
			continue
		}
		kept = false
		s.aside[p] = considered
		if f.Witness >= 0 {
			s.witness(c, p, f.Witness)
		}
	}
	if !kept {
		s.reconsider()
		return false, nil
	}
	if s.q.Confirm == 0 {
		return true, nil
	}
	s.progress.Doing = "confirming"
	before := s.progress.Runs
	fresh, ok, err := s.confirm(c)
	a.ConfirmRuns += s.progress.Runs - before
	a.Fresh = fresh
	return ok, err
}

// lookAt is look for a candidate given by the numbers of its values.
func (s *search) lookAt(at []int64) (*candidate, error) {
	values := make([]int64, len(at))
	for j := range at {
		values[j] = s.q.Choices[j].At(at[j])
	}
	return s.look(values)
}

// solve chooses one key after the other. It returns the numbers of the values,
// or false if it finds none that keep all promises.
func (s *search) solve() (at []int64, ok bool, err error) {
	at = make([]int64, len(s.q.Choices))
	for j := range at {
		at[j] = s.q.Choices[j].Last()
	}
	best, ok, err := s.line(0, at)
	if err == nil && !ok {
		at, best, ok, err = s.elsewhere()
	}
	if err != nil || !ok {
		return nil, false, err
	}
	at[0] = best
	for j := 1; j < len(at); j++ {
		best, ok, err := s.line(j, at)
		if err != nil {
			return nil, false, err
		}
		if ok {
			at[j] = best
		}
	}
	return at, true, s.tighten(at)
}

// tighten tests whether some choice can be moved one step further, now that
// the later ones are chosen, and if so searches along it again. If all promises
// are monotone, there is nothing to tighten.
func (s *search) tighten(at []int64) error {
	for j := range at {
		if at[j] == 0 {
			continue
		}
		less := slices.Clone(at)
		less[j]--
		c, err := s.lookAt(less)
		if err != nil {
			return err
		}
		if !c.kept() {
			continue
		}
		best, ok, err := s.line(j, less)
		if err != nil {
			return err
		}
		if ok {
			at[j] = best
		}
	}
	return nil
}

// elsewhere searches for values of the later choices, other than their safe
// ends, with which some value of the first keeps the promises.
func (s *search) elsewhere() (at []int64, best int64, ok bool, err error) {
	const most = 5 // values of each
	for _, rest := range combinations(s.q.Choices[1:], most) {
		at = append([]int64{s.q.Choices[0].Last()}, rest...)
		best, ok, err = s.line(0, at)
		if err != nil || ok {
			return at, best, ok, err
		}
	}
	return nil, 0, false, nil
}

// combinations returns all combinations of up to most values of each choice, as
// numbers, those at the safe ends first.
func combinations(choices []Choice, most int64) [][]int64 {
	if len(choices) == 0 {
		return nil
	}
	list := [][]int64{{}}
	for j := range choices {
		points := choices[j].points(most)
		slices.Reverse(points)
		var next [][]int64
		for _, head := range list {
			for _, i := range points {
				next = append(next, append(slices.Clone(head), i))
			}
		}
		list = next
		if len(list) > maxCombinations {
			list = list[:maxCombinations]
		}
	}
	return list[1:] // the safe ends themselves
}

// maxCombinations limits the combinations tried.
const maxCombinations = 125

// neighbours tests one step less of each choice, half and double.
func (s *search) neighbours(a *Answer, at []int64) error {
	s.progress.Doing = "looking around"
	for j := range s.q.Choices {
		c := &s.q.Choices[j]
		var n Neighbours
		var err error
		if at[j] > 0 {
			n.Next, err = s.neighbour(a.Values, j, c.At(at[j]-1))
		}
		if s.q.Bare {
			a.Neighbours = append(a.Neighbours, n)
			continue
		}
		if err == nil {
			n.Half, err = s.neighbour(a.Values, j, a.Values[j]/2)
		}
		if err == nil {
			n.Double, err = s.neighbour(a.Values, j, 2*a.Values[j])
		}
		if err != nil {
			return err
		}
		a.Neighbours = append(a.Neighbours, n)
	}
	return nil
}

// neighbour tests the answer with another value of one choice. A value that is
// not valid in the scenario is recorded in the Point; it is not an error.
func (s *search) neighbour(values []int64, choice int, v int64) (*Point, error) {
	values = slices.Clone(values)
	if values[choice] == v {
		return nil, nil
	}
	values[choice] = v
	if s.q.Bare { // the search has been there, or it remains unknown
		c := s.known[fmt.Sprint(values)]
		if c == nil || c.figures == nil {
			return nil, nil
		}
		return c.point(), nil
	}
	c, err := s.look(values)
	if bad, ok := errors.AsType[*ImpossibleError](err); ok {
		return &Point{Values: values, Impossible: bad.Err.Error()}, nil
	}
	if err == nil {
		err = s.extend(c, min(screen, s.depth))
	}
	if err != nil {
		return nil, err
	}
	return c.point(), nil
}
