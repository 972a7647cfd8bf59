package plan

import (
	"cmp"
	"math"
)

// approach searches for a number that keeps all promises between numbers that
// do not. It repeatedly tests the points halfway to the neighbours of the
// number with the smallest miss, as long as that is a local minimum or a value
// crosses its limit on the way to a neighbour. It returns the number closest to
// the wanted end that keeps all promises, or false if it finds none.
func (l *line) approach() (best int64, ok bool, err error) {
	for {
		halfway, err := l.halfway()
		if err != nil || len(halfway) == 0 {
			return 0, false, err
		}
		for _, i := range halfway {
			c, err := l.point(i)
			if err != nil {
				return 0, false, err
			}
			if c.kept() {
				return l.first()
			}
		}
	}
}

// halfway returns the numbers to test next around the one with the smallest
// miss.
func (l *line) halfway() ([]int64, error) {
	points := make([]*Point, len(l.seen))
	least := 0
	for k, i := range l.seen {
		c, err := l.point(i)
		if err == nil {
			err = l.extend(c, min(screen, l.depth)) // misses are compared over the same runs
		}
		if err != nil {
			return nil, err
		}
		points[k] = c.point()
		if l.q.compareMisses(points[k], points[least]) < 0 {
			least = k
		}
	}
	last := len(points) - 1
	// The neighbour before it has a larger miss, as least is the first of equals;
	// the one after it may have an equal miss, on the other slope.
	valley := least > 0 && least < last && (least+1 == last || l.q.compareMisses(points[least], points[least+2]) < 0)
	var list []int64
	for _, k := range []int{least - 1, least + 1} {
		if k < 0 || k > last || !valley && !l.q.crosses(points[least], points[k]) {
			continue
		}
		if i, j := l.seen[min(k, least)], l.seen[max(k, least)]; j-i > 1 {
			list = append(list, i+(j-i)/2)
		}
	}
	return list, nil
}

// compareMisses orders points by the number of promises that they miss, then by
// the total miss.
func (q *Question) compareMisses(a, b *Point) int {
	x, far := a.misses(q)
	y, further := b.misses(q)
	return cmp.Or(cmp.Compare(x, y), cmp.Compare(far, further))
}

// crosses reports whether two points miss some promise on opposite sides of its
// limit.
func (q *Question) crosses(a, b *Point) bool {
	for i := range q.Promises {
		p := &q.Promises[i]
		if a.Figures[i].Aside || a.Figures[i].Verdict == Kept || b.Figures[i].Verdict == Kept {
			continue
		}
		v, limit := a.Figures[i].Held(p)
		w, _ := b.Figures[i].Held(p)
		if !math.IsNaN(v) && !math.IsNaN(w) && (v < limit) != (w < limit) {
			return true
		}
	}
	return false
}
