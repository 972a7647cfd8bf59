package assumptions

import (
	"cmp"
	"slices"

	"sesim/sim/rules"
)

// Turn is a value at which a verdict turns.
type Turn struct {
	Parameter int // its index
	Threshold int // its index
	// At is the first value, going away from the scenario's own, with another verdict.
	// A number is one of the grid, and the one before keeps the verdict. Others are
	// alternatives, which have no order.
	At rules.Value
	// Before is the value before At, which keeps the verdict; that of the scenario if At
	// is an alternative.
	Before rules.Value
	// Tried is the value of the design, at or beyond At, that shows the turn.
	Tried rules.Value
	// Beyond: every value tried beyond At has another verdict too.
	Beyond bool
	Way    Way // from the scenario's own value
}

// Way is the direction of a turn.
type Way uint8

// The ways. Alternatives have no order.
const (
	Below Way = iota
	Above
	Aside
)

// line is the values of a parameter that were tried in one direction, beginning with
// the scenario's own, and their settings. The own one has none.
type line struct {
	parameter int
	way       Way // Below or Above
	values    []rules.Value
	settings  []*Setting
}

// bracket is two values of a line, between which a verdict turns.
type bracket struct {
	line      *line
	threshold int
	near, far rules.Value
	tried     rules.Value // the farther one of the design
	lost      bool        // a value between them was not tried to the end
}

// turns finds the turns of all verdicts. All brackets are halved together, until
// their ends are neighbours on the grid.
func (t *trial) turns() error {
	lines, list := t.lines(), []*bracket{}
	for _, l := range lines {
		for threshold := range t.outcome.Own {
			list = append(list, t.brackets(l, threshold)...)
		}
	}
	tried := map[place]*Setting{}
	for open := list; ; {
		open = slices.DeleteFunc(slices.Clone(open), (*bracket).decided)
		if len(open) == 0 || t.stopped() {
			break
		}
		if err := t.halve(open, tried); err != nil {
			return err
		}
	}
	for _, b := range list {
		if b.decided() && !b.lost {
			t.add(b)
		}
	}
	t.alternatives()
	slices.SortStableFunc(t.outcome.Turns, t.nearer)
	t.outcome.Incomplete = t.outcome.Incomplete || t.stopped()
	return nil
}

// nearer orders turns by parameter, then by way, then by their distance from the
// scenario's own value.
func (t *trial) nearer(a, b Turn) int {
	far := func(turn Turn) int64 {
		if turn.Way == Aside {
			return 0
		}
		distance := turn.At.Rank - t.study.Parameters[turn.Parameter].Own.Rank
		return max(distance, -distance)
	}
	return cmp.Or(a.Parameter-b.Parameter, cmp.Compare(a.Way, b.Way), cmp.Compare(far(a), far(b)), a.Threshold-b.Threshold)
}

// holds reports whether a setting was tried to the end and keeps a verdict. The
// scenario's own does.
func (t *trial) holds(s *Setting, threshold int) bool {
	return s == nil || s.Verdicts != nil && s.Verdicts[threshold] == t.outcome.Own[threshold]
}

// differs reports whether a setting was tried to the end and has another verdict.
func (t *trial) differs(s *Setting, threshold int) bool {
	return s != nil && s.Verdicts != nil && s.Verdicts[threshold] != t.outcome.Own[threshold]
}

// lines returns the lines of all parameters with a range. Where the scenario's own
// value is none of the range, the line begins with it and goes up.
func (t *trial) lines() []*line {
	var list []*line
	for k := range t.study.Parameters {
		own := t.study.Parameters[k].Own
		down := &line{k, Below, []rules.Value{own}, []*Setting{nil}}
		up := &line{k, Above, []rules.Value{own}, []*Setting{nil}}
		for i := range t.outcome.Each {
			s := &t.outcome.Each[i]
			c := s.Choices[0]
			switch {
			case c.Parameter != k || c.Value.Rank < 0:
			case c.Value.Rank < own.Rank:
				down.values, down.settings = slices.Insert(down.values, 1, c.Value), slices.Insert(down.settings, 1, s)
			default:
				up.values, up.settings = append(up.values, c.Value), append(up.settings, s)
			}
		}
		list = append(list, down, up)
	}
	return list
}

// brackets returns the neighbours on a line of which the nearer one keeps a verdict
// and the farther one does not.
func (t *trial) brackets(l *line, threshold int) []*bracket {
	var list []*bracket
	for i := 1; i < len(l.values); i++ {
		if t.holds(l.settings[i-1], threshold) && t.differs(l.settings[i], threshold) {
			list = append(list, &bracket{line: l, threshold: threshold, near: l.values[i-1], far: l.values[i], tried: l.values[i]})
		}
	}
	return list
}

// decided reports whether nothing lies between the ends, or the search has ended.
func (b *bracket) decided() bool {
	return b.lost || b.near.Rank < 0 || max(b.near.Rank-b.far.Rank, b.far.Rank-b.near.Rank) <= 1
}

// place is a parameter, by its index, and a position on its grid.
type place struct {
	parameter int
	rank      int64
}

// middle returns the place in the middle.
func (b *bracket) middle() place { return place{b.line.parameter, (b.near.Rank + b.far.Rank) / 2} }

// halve tries the middle of every bracket, each place once, and takes the half in
// which the verdict turns.
func (t *trial) halve(open []*bracket, tried map[place]*Setting) error {
	var batch []*Setting
	for _, b := range open {
		at := b.middle()
		if tried[at] == nil {
			value := t.study.Parameters[at.parameter].Plausible.At(at.rank)
			tried[at] = &Setting{Choices: []Choice{{at.parameter, value}}}
			batch = append(batch, tried[at])
		}
	}
	if err := t.try(batch); err != nil {
		return err
	}
	for _, b := range open {
		switch s := tried[b.middle()]; {
		case s.Verdicts == nil:
			b.lost = true
		case t.holds(s, b.threshold):
			b.near = s.Choices[0].Value
		default:
			b.far = s.Choices[0].Value
		}
	}
	return nil
}

// add adds the turn of a closed bracket.
func (t *trial) add(b *bracket) {
	turn := Turn{
		Parameter: b.line.parameter, Threshold: b.threshold, At: b.far, Before: b.near, Tried: b.tried, Beyond: true, Way: b.line.way,
	}
	for i, s := range b.line.settings {
		beyond := b.line.values[i].Rank > b.far.Rank
		if b.line.way == Below {
			beyond = b.line.values[i].Rank < b.far.Rank
		}
		if beyond && s != nil && !t.differs(s, b.threshold) {
			turn.Beyond = false
		}
	}
	t.outcome.Turns = append(t.outcome.Turns, turn)
}

// alternatives adds the turns at values without an order.
func (t *trial) alternatives() {
	for i := range t.outcome.Each {
		s := &t.outcome.Each[i]
		if s.Choices[0].Value.Rank >= 0 {
			continue
		}
		for threshold := range t.outcome.Own {
			if t.differs(s, threshold) {
				c := s.Choices[0]
				t.outcome.Turns = append(t.outcome.Turns, Turn{
					Parameter: c.Parameter, Threshold: threshold, At: c.Value, Before: t.study.Parameters[c.Parameter].Own, Tried: c.Value,
					Way: Aside,
				})
			}
		}
	}
}
