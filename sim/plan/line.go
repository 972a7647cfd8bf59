package plan

import "slices"

// How many points of a line are tested.
const (
	coarse = 9  // over the whole range, to begin with
	fine   = 65 // over the whole range, if a promise is not monotone
	sides  = 3  // closer to the wanted end than what was found
)

// line searches along one choice while the others keep the numbers in at. It
// returns the number of the value closest to the wanted end that keeps all
// promises, or false if it finds none.
func (s *search) line(choice int, at []int64) (best int64, ok bool, err error) {
	l := &line{search: s, choice: choice, at: slices.Clone(at)}
	c := &s.q.Choices[choice]
	most := int64(coarse)
	if c.Last() < 2*coarse {
		most = 2 * coarse
	}
	if err := l.visit(append(c.points(most), at[choice])); err != nil {
		return 0, false, err
	}
	if l.mixed() {
		if err := l.visit(c.points(fine)); err != nil {
			return 0, false, err
		}
	}
	if best, ok, err = l.first(); err == nil && !ok {
		best, ok, err = l.approach()
	}
	for tries := 0; err == nil && ok && tries < coarse; tries++ {
		var moved bool
		if moved, err = l.around(best, c.Last()); err != nil || !moved {
			break
		}
		best, ok, err = l.first()
	}
	return best, ok, err
}

// line is a search along one choice.
type line struct {
	*search
	choice int
	at     []int64
	seen   []int64 // the numbers tested, in order
}

// point tests the candidate with number i on the line.
func (l *line) point(i int64) (*candidate, error) {
	l.at[l.choice] = i
	if k, found := slices.BinarySearch(l.seen, i); !found {
		l.seen = slices.Insert(l.seen, k, i)
	}
	return l.lookAt(l.at)
}

// visit tests several numbers.
func (l *line) visit(numbers []int64) error {
	for _, i := range numbers {
		if _, err := l.point(i); err != nil {
			return err
		}
	}
	return nil
}

// mixed reports whether some promise changes more than once along the line.
func (l *line) mixed() bool {
	for p := range l.q.Promises {
		if turns(l.verdicts(p)) > 1 {
			return true
		}
	}
	return false
}

// verdicts returns the verdicts on a promise at the numbers seen.
func (l *line) verdicts(promise int) []Verdict {
	list := make([]Verdict, len(l.seen))
	for k, i := range l.seen {
		c, _ := l.point(i) // known: it was seen
		list[k] = c.order[promise]
	}
	return list
}

// turns counts the changes of a promise from kept to broken or back, ignoring
// open verdicts.
func turns(list []Verdict) int {
	count, last := 0, Open
	for _, v := range list {
		if v == Open {
			continue
		}
		if last != Open && v != last {
			count++
		}
		last = v
	}
	return count
}

// first returns the first number on the line that keeps all promises. Between
// two numbers seen, it bisects.
func (l *line) first() (best int64, ok bool, err error) {
	seen := slices.Clone(l.seen)
	for k, i := range seen {
		c, err := l.point(i)
		if err != nil {
			return 0, false, err
		}
		if c.kept() {
			if k == 0 {
				return i, true, nil
			}
			best, err := l.bisect(seen[k-1], i, (*candidate).kept)
			return best, true, err
		}
		if k == len(seen)-1 {
			break
		}
		best, ok, err := l.between(i, seen[k+1])
		if err != nil || ok {
			return best, ok, err
		}
	}
	return 0, false, nil
}

// between searches between two neighbours of which neither keeps all promises:
// one promise may be kept from some number on, and another up to some number.
// It bisects for the promises that only the higher neighbour keeps.
func (l *line) between(low, high int64) (best int64, ok bool, err error) {
	a, err := l.point(low)
	if err != nil {
		return 0, false, err
	}
	b, err := l.point(high)
	if err != nil || high-low < 2 || b.kept() {
		return 0, false, err
	}
	var rising []int
	for p := range l.q.Promises {
		if a.figures[p].Aside {
			continue
		}
		below, above := a.figures[p].Verdict == Kept, b.figures[p].Verdict == Kept
		if !below && !above {
			return 0, false, nil
		}
		if !below {
			rising = append(rising, p)
		}
	}
	best, err = l.bisect(low, high, func(c *candidate) bool {
		return !slices.ContainsFunc(rising, func(p int) bool { return c.figures[p].Verdict != Kept })
	})
	if err != nil {
		return 0, false, err
	}
	c, err := l.point(best)
	return best, err == nil && c.kept(), err
}

// bisect returns the first number above low whose candidate is good. The
// candidate at high must be good and the one at low must not.
func (l *line) bisect(low, high int64, good func(*candidate) bool) (int64, error) {
	for high-low > 1 {
		middle := low + (high-low)/2
		c, err := l.point(middle)
		if err != nil {
			return 0, err
		}
		if good(c) {
			high = middle
		} else {
			low = middle
		}
	}
	return high, nil
}

// around tests numbers closer to the wanted end than the best, at growing distances,
// and the next one on the safe side, and reports whether one closer keeps all
// promises.
func (l *line) around(best, last int64) (moved bool, err error) {
	step := int64(1)
	for range sides {
		for _, i := range []int64{best - 2*step, best + step} {
			if i < 0 || i > last || i > best+1 {
				continue
			}
			c, err := l.point(i)
			if err != nil {
				return false, err
			}
			moved = moved || i < best && c.kept()
		}
		step *= 4
	}
	return moved, nil
}
