package plan

import (
	"slices"

	"sesim/sim/criteria"
)

// setting says what part a promise has in the search.
type setting uint8

// The settings. Promises that need many runs, and those that the safest candidate
// does not keep, wait until the others have an answer: most candidates are decided
// without them.
const (
	considered setting = iota
	waiting            // judged when the others have an answer
	apart              // the choices do not move it: judged once
)

// setAside lets promises wait: those that no single run can break, and those that
// the candidate at the safe ends does not keep. Where that leaves none, the
// promises that it keeps are considered, and if it keeps none, all are.
func (s *search) setAside() error {
	safest, err := s.safest()
	if err != nil {
		return err
	}
	left := false // a promise that is considered
	for p := range s.q.Promises {
		if s.aside[p] != apart && (!everyRun(&s.q.Promises[p]) || safest.figures[p].Verdict != Kept) {
			s.aside[p] = waiting
		}
		left = left || s.aside[p] == considered
	}
	if !left {
		err = s.considerSome(safest)
	}
	s.reconsider()
	return err
}

// considerSome lets the promises that the candidate at the safe ends keeps join the
// search. If it keeps none, all join that differ at the wanted ends.
func (s *search) considerSome(safest *candidate) error {
	some := false
	for p, f := range safest.figures {
		if f.Verdict == Kept && s.aside[p] != apart {
			s.aside[p], some = considered, true
		}
	}
	if some {
		return nil
	}
	wanted, err := s.lookAt(make([]int64, len(s.q.Choices)))
	if err != nil {
		return err
	}
	for p := range s.aside {
		if s.aside[p] == apart || !s.differ(p, safest, wanted) {
			s.aside[p] = apart
		} else {
			s.aside[p] = considered
		}
	}
	return nil
}

// safest returns the candidate with all choices at their safe ends.
func (s *search) safest() (*candidate, error) {
	at := make([]int64, len(s.q.Choices))
	for j := range at {
		at[j] = s.q.Choices[j].Last()
	}
	return s.lookAt(at)
}

// reconsider judges all candidates again, after promises were set aside or joined
// the search.
func (s *search) reconsider() {
	for _, c := range s.order {
		if c.figures != nil {
			s.judge(c)
		}
	}
}

// reconsiderAll ends the waiting of promises.
func (s *search) reconsiderAll() {
	for p := range s.aside {
		if s.aside[p] == waiting {
			s.aside[p] = considered
		}
	}
	s.reconsider()
}

// keepsAside tests a candidate on the promises that wait. Of those that it does
// not keep, the ones that the choices do not move are set apart, and the others
// join the search.
func (s *search) keepsAside(c *candidate) (ok bool, err error) {
	if !slices.Contains(s.aside, waiting) {
		return true, nil
	}
	waits := slices.Clone(s.aside)
	s.reconsiderAll()
	if err := s.decide(c); err != nil {
		return false, err
	}
	ok = true
	for p := range waits {
		if waits[p] != waiting || c.figures[p].Verdict == Kept {
			s.aside[p] = waits[p]
			continue
		}
		moved, err := s.moves(p, c)
		if err != nil {
			return false, err
		}
		if !moved {
			s.aside[p] = apart
			continue
		}
		ok = false // it is considered now
	}
	s.reconsider()
	return ok, nil
}

// moves reports whether the choices move a promise: whether other runs break it
// in a candidate that keeps the others than in c, or in any if c is at the safe
// ends. The candidate there is run as often as c.
func (s *search) moves(promise int, c *candidate) (bool, error) {
	safest, err := s.safest()
	if err != nil {
		return false, err
	}
	if err := s.extend(safest, len(c.runs[promise])); err != nil {
		return false, err
	}
	for _, other := range s.order {
		if (safest == c || s.keepsOthers(promise, other)) && s.differ(promise, c, other) {
			return true, nil
		}
	}
	return len(s.order) == 1, nil
}

// keepsOthers reports whether a candidate keeps the promises that are considered,
// except one.
func (s *search) keepsOthers(promise int, c *candidate) bool {
	for p, f := range c.figures {
		if p != promise && f.Verdict == Broken && s.aside[p] != apart {
			return false
		}
	}
	return c.figures != nil
}

// alike is the relative difference of means up to which values are alike.
const alike = 0.001

// differ reports whether a promise is met by one of two candidates and missed by
// the other in some run that both have. Where all runs miss it, that says nothing,
// and the means of the metric are compared.
func (s *search) differ(promise int, a, b *candidate) bool {
	of := s.q.Promises[promise].Of
	n := min(len(a.runs[promise]), len(b.runs[promise]))
	met, sumA, sumB := false, 0.0, 0.0
	for i := range n {
		x, y := a.runs[promise][i], b.runs[promise][i]
		verdict := of.Judge(x.value, x.data)
		if verdict != of.Judge(y.value, y.data) {
			return true
		}
		met = met || verdict == criteria.Pass
		sumA, sumB = sumA+x.value, sumB+y.value
	}
	return !met && relative(sumA, sumB) > alike
}

// allApart reports whether no promise is left that the choices could keep.
func (s *search) allApart() bool {
	return !slices.ContainsFunc(s.aside, func(of setting) bool { return of != apart })
}

// closest runs the candidate that comes closest to an answer as often as the
// search allows, so that it is known by how much it misses, and returns it; nil if
// there is none.
func (s *search) closest() (*candidate, error) {
	s.reconsiderAll()
	var best *candidate
	for _, c := range s.order {
		if c.figures != nil && (best == nil || compare(s.q, c.point(), best.point()) < 0) {
			best = c
		}
	}
	if best == nil {
		return nil, nil
	}
	return best, s.extend(best, s.depth)
}

// aparts returns the promises that are set apart, with the runs of a candidate.
func (s *search) aparts(c *candidate) []Apart {
	var list []Apart
	for p := range s.aside {
		if s.aside[p] == apart {
			list = append(list, Apart{p, c.figures[p], c.causes[p], !c.figures[p].contradicts(&s.q.Promises[p])})
		}
	}
	return list
}
