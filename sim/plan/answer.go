package plan

import (
	"cmp"
	"math"
	"slices"
)

// Status is how a search ended.
type Status uint8

// The statuses.
const (
	Found       Status = iota // there is an answer
	None                      // no choice that was looked at keeps the promises
	Interrupted               // the search was stopped
)

// String returns found, none or interrupted.
func (s Status) String() string { return [...]string{"found", "none", "interrupted"}[s] }

// Answer is what a search found.
type Answer struct {
	Question *Question
	Status   Status

	// Values are the answer's, one for each choice, and Figures what its
	// promises came to: in the search, and in fresh runs where there were any.
	Values         []int64
	Figures, Fresh []Figure
	Neighbours     []Neighbours // by choice

	GaveUp bool // None because one answer after the other was refuted

	// Nearest is, without an answer, the candidate that came nearest to one:
	// the best that keeps all promises so far, or the one that misses least.
	Nearest *Point

	Mixed     []Mixed   // where a promise has no order
	Witnesses []Witness // runs that refuted earlier answers, in order
	Points    []Point   // all that was looked at, in order of the values

	Runs        int // in all
	ConfirmRuns int // of them to confirm
}

// Point is a candidate with its figures, one for each promise.
type Point struct {
	Values     []int64
	Figures    []Figure
	Impossible string // why the scenario cannot have these values; then there are no figures

	order []Verdict // of the promises, for comparisons
}

// Kept reports whether all promises are kept.
func (p *Point) Kept() bool {
	return p.Impossible == "" && !slices.ContainsFunc(p.Figures, func(f Figure) bool { return f.Verdict != Kept })
}

// Neighbours are what becomes of the answer when one choice is moved; nil
// where it cannot be.
type Neighbours struct {
	Next         *Point // one step towards the wanted end: what it breaks binds
	Half, Double *Point
}

// Mixed tells of a promise that is not kept from some value on, or up to some
// value, but in places.
type Mixed struct {
	Choice, Promise int
	Turns           []Turn // in rising order of the values
}

// Turn is a value at which a promise stands otherwise than at the one before.
type Turn struct {
	Value   int64
	Verdict Verdict
}

func (c *candidate) point() *Point {
	return &Point{Values: c.values, Figures: c.figures, order: c.order}
}

// summarize adds what can be told of all candidates.
func (s *search) summarize(a *Answer) {
	a.Runs, a.Witnesses = s.progress.Runs, s.witnesses
	for _, c := range s.order {
		if c.figures != nil { // of an interrupted search one may have none
			a.Points = append(a.Points, *c.point())
		}
	}
	slices.SortStableFunc(a.Points, func(x, y Point) int { return slices.Compare(x.Values, y.Values) })
	for j := range s.q.Choices {
		a.Mixed = append(a.Mixed, mixedAlong(s.q, j, a.Points)...)
	}
	if a.Status != Found {
		a.Nearest = nearest(s.q, a.Points)
	}
}

// mixedAlong finds the promises that have no order along a choice: on any of
// the lines of points that differ in that choice alone. One line is told for
// each promise, that with the most turns.
func mixedAlong(q *Question, choice int, points []Point) []Mixed {
	sorted := slices.Clone(points)
	slices.SortStableFunc(sorted, func(x, y Point) int {
		return cmp.Or(slices.Compare(without(x.Values, choice), without(y.Values, choice)), cmp.Compare(x.Values[choice], y.Values[choice]))
	})
	var list []Mixed
	for p := range q.Promises {
		best := Mixed{Choice: choice, Promise: p}
		for from := 0; from < len(sorted); {
			to := from + 1
			for to < len(sorted) && slices.Equal(without(sorted[to].Values, choice), without(sorted[from].Values, choice)) {
				to++
			}
			if t := turnsOf(sorted[from:to], choice, p); len(t) > len(best.Turns) {
				best.Turns = t
			}
			from = to
		}
		if len(best.Turns) > 2 { // the first, and more than one change
			list = append(list, best)
		}
	}
	return list
}

// without returns the values but for one.
func without(values []int64, choice int) []int64 {
	return slices.Delete(slices.Clone(values), choice, choice+1)
}

// turnsOf returns where a promise turns along points in order.
func turnsOf(points []Point, choice, promise int) []Turn {
	var list []Turn
	for _, p := range points {
		v := p.order[promise]
		if v != Open && (len(list) == 0 || list[len(list)-1].Verdict != v) {
			list = append(list, Turn{p.Values[choice], v})
		}
	}
	return list
}

// nearest returns the point that keeps all promises and is the best of those,
// or else the one that misses the fewest promises, and those by the least.
func nearest(q *Question, points []Point) *Point {
	var best *Point
	for i := range points {
		p := &points[i]
		if best == nil || compare(q, p, best) < 0 {
			best = p
		}
	}
	return best
}

func compare(q *Question, a, b *Point) int {
	return cmp.Or(q.compareMisses(a, b), q.compareWanted(a.Values, b.Values))
}

// misses counts the promises that a point does not keep, and adds up how far
// it misses them.
func (p *Point) misses(q *Question) (count int, far float64) {
	for i := range p.Figures {
		if p.Figures[i].Verdict != Kept {
			count++
			far += p.Figures[i].miss(&q.Promises[i])
		}
	}
	if math.IsNaN(far) {
		far = math.Inf(1)
	}
	return count, far
}

// compareWanted orders values by how near they are to the wanted ends, the
// first choice first.
func (q *Question) compareWanted(a, b []int64) int {
	for j := range q.Choices {
		order := cmp.Compare(a[j], b[j])
		if q.Choices[j].Largest {
			order = -order
		}
		if order != 0 {
			return order
		}
	}
	return 0
}
