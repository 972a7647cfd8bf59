package plan

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"sesim/sim"
)

// Status is the outcome of a search.
type Status uint8

// The statuses.
const (
	Found       Status = iota // there is an answer
	None                      // no candidate tested keeps the promises
	Interrupted               // the search was canceled before it had an answer
)

// String returns found, none or interrupted.
func (s Status) String() string { return [...]string{"found", "none", "interrupted"}[s] }

// Answer is the result of a search.
type Answer struct {
	Question *Question
	Status   Status

	// Values are the answer's, one for each choice. Figures and Fresh summarize
	// its promises in the search and in fresh runs, nil if there were none.
	Values         []int64
	Figures, Fresh []Figure
	Neighbours     []Neighbours // by choice
	Headroom       []Headroom   // the answer with more mail, in rising order
	Increases      []Increase   // for the growth of the mail, in order of time; none: the answer lasts
	Apart          []Apart      // promises that the choices do not move, in order
	Lost           []Loss       // of the senders that give up mail under the answer, in order

	GaveUp bool // None because every answer found was refuted
	// Unfinished: Found, but canceled before all of what follows an answer was looked at:
	// neighbours, headroom and growth may be missing.
	Unfinished bool

	// Nearest is, without an answer, the closest candidate: the best that keeps
	// all promises so far, or else the one with the smallest miss.
	Nearest *Point

	Mixed     []Mixed   // promises that are not monotone
	Witnesses []Witness // runs that refuted earlier answers, in order
	Points    []Point   // all candidates tested, in order of their values

	Cost sim.Micros // of all accounts under the answer, on average over its runs

	Runs        int // in total
	ConfirmRuns int // of them for confirmation
	FurtherRuns int // of them after that: neighbours
}

// Apart is a promise that the choices do not move: among the candidates that keep
// the others, the same seeds break it whatever is chosen. It has no part in the
// answer.
type Apart struct {
	Promise int    // its index in the Question
	Figure  Figure // in all runs of the answer or, without one, of the safest candidate
	Causes  Causes // in these runs and fresh ones
	// Undecided: there are too few runs to say whether it is kept.
	Undecided bool
}

// Causes counts the runs in which an event of the timeline, a review or a pause,
// was caused by a rate.
type Causes struct{ Bounces, Complaints int }

// add counts the cause of an event: its reason in words.
func (c *Causes) add(why string) {
	if strings.HasPrefix(why, "bounce rate") {
		c.Bounces++
	}
	if strings.HasPrefix(why, "complaint rate") {
		c.Complaints++
	}
}

// Loss counts the mail that a sender gives up in the runs of a candidate.
type Loss struct {
	Sender      int   // index into Config.Senders
	Runs, Lossy int   // runs, and those in which it gives up some
	Due         int64 // what was due in all runs, in the same unit
	Sum, Most   int64 // in all runs, and in the one with the most; in the unit of the sender's figure given_up
}

// Point is a candidate with its figures, one for each promise.
type Point struct {
	Values     []int64
	Figures    []Figure
	Lost       []Loss // of the senders that give up mail, in order
	Impossible string // why these values are not valid in the scenario; there are no figures then

	order []Verdict // by promise, for comparisons
}

// Kept reports whether all promises are kept, except those that are set apart.
func (p *Point) Kept() bool {
	return p.Impossible == "" && !slices.ContainsFunc(p.Figures, func(f Figure) bool { return f.Verdict != Kept && !f.Aside })
}

// Neighbours are the answer with one choice changed; nil if that is impossible.
type Neighbours struct {
	Next         *Point // one step towards the wanted end: the promises it breaks are binding
	Half, Double *Point
}

// Mixed is a promise that is not monotone along a choice: it is kept in several
// separate ranges.
type Mixed struct {
	Choice, Promise int    // their indices in the Question
	Turns           []Turn // in rising order of the values
}

// Turn is a value at which the verdict on a promise changes.
type Turn struct {
	Value   int64
	Verdict Verdict
}

func (c *candidate) point() *Point {
	return &Point{Values: c.values, Figures: c.figures, Lost: c.losses(), order: c.order}
}

// losses returns what senders lose in a candidate's runs.
func (c *candidate) losses() []Loss {
	return slices.DeleteFunc(slices.Clone(c.lost), func(l Loss) bool { return l.Most == 0 })
}

// summarize fills in what concerns all candidates.
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

// mixedAlong returns the promises that are not monotone along a choice, on any
// line of points that differ only in that choice. For each promise it returns
// the line with the most turns. Points at which another promise is broken that is
// monotone on the line are left out: whatever this one says there, no answer is near.
func mixedAlong(q *Question, choice int, points []Point) []Mixed {
	sorted := slices.Clone(points)
	slices.SortStableFunc(sorted, func(x, y Point) int {
		others := slices.Compare(without(x.Values, choice), without(y.Values, choice))
		return cmp.Or(others, cmp.Compare(x.Values[choice], y.Values[choice]))
	})
	var list []Mixed
	for p := range q.Promises {
		best := Mixed{Choice: choice, Promise: p}
		for from := 0; from < len(sorted); {
			to := from + 1
			for to < len(sorted) && slices.Equal(without(sorted[to].Values, choice), without(sorted[from].Values, choice)) {
				to++
			}
			line := sorted[from:to]
			t := turnsOf(line, choice, p)
			if len(t) > monotone {
				t = turnsOf(withoutBroken(line, choice, p), choice, p)
			}
			if len(t) > len(best.Turns) {
				best.Turns = t
			}
			from = to
		}
		if len(best.Turns) > monotone {
			list = append(list, best)
		}
	}
	return list
}

// monotone is how many turns a monotone promise has at most: the first value and a change.
const monotone = 2

// withoutBroken returns the points of a line at which no promise but the given one is
// broken, those that are not monotone on the line left aside.
func withoutBroken(line []Point, choice, promise int) []Point {
	rest := slices.Clone(line)
	for other := range line[0].order {
		if other != promise && len(turnsOf(line, choice, other)) <= monotone {
			rest = slices.DeleteFunc(rest, func(p Point) bool { return p.order[other] == Broken })
		}
	}
	return rest
}

// without returns the values except one.
func without(values []int64, choice int) []int64 {
	return slices.Delete(slices.Clone(values), choice, choice+1)
}

// turnsOf returns the turns of a promise along points in order.
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

// nearest returns the best point that keeps all promises, or else the one that
// misses the fewest promises, with the smallest total miss.
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

// misses returns the number of promises that a point does not keep, and the
// total miss.
func (p *Point) misses(q *Question) (count int, far float64) {
	for i := range p.Figures {
		if p.Figures[i].Verdict != Kept && !p.Figures[i].Aside {
			count++
			far += p.Figures[i].miss(&q.Promises[i])
		}
	}
	if math.IsNaN(far) {
		far = math.Inf(1)
	}
	return count, far
}

// compareWanted orders values by their distance from the wanted ends, the first
// choice first.
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
