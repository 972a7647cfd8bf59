package study

import (
	"fmt"
	"math"
	"slices"

	"sesim/scenarios/internal/tree"
	"sesim/sim"
	"sesim/sim/replicate"
)

// Source is a scenario that a study loads repeatedly, with different values. It
// is safe for concurrent use.
type Source interface {
	// Load reads the scenario. Before its keys are read, change sets values in
	// its tree; nil sets none.
	Load(change func(r *tree.Reporter, root *tree.Node)) *Loaded
}

// Loaded is a scenario as a Source has read it.
type Loaded struct {
	*tree.Reporter            // has its problems; with any, the rest is incomplete
	Root           *tree.Node // the tree, after overrides and changes
	Config         *sim.Config
	Rule           replicate.Rule
	Sweep          *Sweep // nil: there is none
	Goal           *Goal  // nil: there is none
	Assumptions    Assumptions
	// Lost is the error of the first of its files that has changed since it was first read, which wraps sim.ErrTrace; nil if none has.
	Lost error
}

// complete returns an error for a scenario that cannot be run: one that wraps
// sim.ErrTrace if a file has changed, and otherwise its problems.
func (l *Loaded) complete() error {
	if l.Lost != nil {
		return l.Lost
	}
	return l.Err()
}

// Study is a scenario with all its runs: replications, and the cells of a sweep. A
// scenario with neither is a study of one run.
type Study struct {
	Config      *sim.Config    // the scenario without its sweep
	Rule        replicate.Rule // how many replications of each cell; of a cell see Load
	Keys        []string       // swept keys, as --set names them; empty: there is no sweep
	Cells       []Cell         // in order, the first key changing most slowly; without a sweep, one without values
	Assumptions Assumptions
	// Combinations is the number of cells without constraints.
	Combinations int
	// Warnings are about what is accepted but probably not meant, by position.
	Warnings []tree.Problem

	from    Source
	sweep   *Sweep // nil: there is no sweep
	choices []choices
}

// Cell is one combination of values of the swept keys.
type Cell struct {
	Values []string // one for each key, as --set takes it
	// Numbers are the same as numbers: shares as fractions, durations in
	// seconds, rates per second; NaN: the value is not a number.
	Numbers []float64
}

// New returns the study of a scenario, and loads every cell to check it, so that
// all errors show before the first run. The error is a *tree.Errors, or wraps
// sim.ErrTrace if a file has changed.
func New(from Source) (*Study, error) {
	loaded := from.Load(nil)
	if err := loaded.complete(); err != nil {
		return nil, err
	}
	s := &Study{
		Config: loaded.Config, Rule: loaded.Rule, Assumptions: loaded.Assumptions, from: from, sweep: loaded.Sweep, Combinations: 1,
	}
	if s.sweep == nil {
		s.Cells, s.Warnings = []Cell{{}}, loaded.Warnings()
		return s, nil
	}
	s.expand(loaded.Reporter, loaded.Root.Table["sweep"])
	if loaded.Clean() {
		if err := s.check(loaded.Reporter); err != nil {
			return nil, err
		}
	}
	if err := loaded.Err(); err != nil {
		return nil, err
	}
	s.Warnings = loaded.Warnings()
	return s, nil
}

// expand lists the cells of the sweep, whose table is at, or reports why it
// cannot.
func (s *Study) expand(r *tree.Reporter, at *tree.Node) {
	s.Keys = s.sweep.names()
	s.choices, s.Combinations = s.sweep.cells()
	switch {
	case s.Combinations > maxProduct:
		r.WrongKey(at, "sweep", "", "its keys have more than %d combinations", maxProduct)
	case len(s.choices) == 0:
		r.WrongKey(at, "sweep", "", "no combination meets the constraints")
	case len(s.choices) > maxCells:
		r.WrongKey(at, "sweep", "", "it has %d cells, and at most %d are allowed", len(s.choices), maxCells)
	}
	if !r.Clean() {
		return
	}
	for _, c := range s.choices {
		cell := Cell{}
		for _, v := range s.sweep.values(c) {
			number, ok := quantity(v)
			if !ok {
				number = math.NaN()
			}
			cell.Values = append(cell.Values, v.Text())
			cell.Numbers = append(cell.Numbers, number)
		}
		s.Cells = append(s.Cells, cell)
	}
}

// check loads every cell and reports all their problems and warnings, each once. It
// returns the error of a file that has changed.
func (s *Study) check(r *tree.Reporter) error {
	known, doubts := map[tree.Finding]bool{}, slices.Clone(r.Doubts())
	for i := range s.Cells {
		loaded := s.load(i)
		if loaded.Lost != nil {
			return loaded.Lost
		}
		for _, f := range loaded.Findings() {
			if f = s.of(i, f); !known[f] {
				known[f] = true
				r.Add(f)
			}
		}
		for _, f := range loaded.Doubts() {
			if !slices.Contains(doubts, f) {
				r.AddWarning(s.of(i, f))
			}
		}
		if r.Full() {
			break
		}
	}
	return nil
}

// of names a cell in what was found in it, unless that is a swept value.
func (s *Study) of(i int, f tree.Finding) tree.Finding {
	if !s.sweep.holds(f.At) || f.From != "" {
		f.Message += fmt.Sprintf(" [with %s]", s.describe(i))
	}
	return f
}

// load loads a cell.
func (s *Study) load(i int) *Loaded {
	if s.sweep == nil {
		return s.from.Load(nil)
	}
	return s.from.Load(func(r *tree.Reporter, root *tree.Node) {
		delete(root.Table, "sweep") // it was read before
		for k, a := range s.sweep.axes {
			a.place(r, root, a.values[s.choices[i][k]].Copy())
		}
	})
}

// place sets a swept or chosen key to a value.
func (a axis) place(r *tree.Reporter, root *tree.Node, value *tree.Node) {
	value.KeyAt = a.node.KeyAt
	tree.Place(r, root, a.key, value, a.node, a.path)
}

// holds reports whether a swept key or value has this offset.
func (s *Sweep) holds(at int) bool {
	return slices.ContainsFunc(s.axes, func(a axis) bool {
		return int(a.node.KeyAt) == at || slices.ContainsFunc(a.values, func(n *tree.Node) bool { return int(n.ValueAt) == at })
	})
}

// describe names the values of a cell: "account.acme.quota = 1000".
func (s *Study) describe(i int) string {
	text := ""
	for k, key := range s.Keys {
		if k > 0 {
			text += ", "
		}
		text += key + " = " + s.Cells[i].Values[k]
	}
	return text
}

// Load loads a cell by its number: the configuration and the rule for its
// replications. It is safe for concurrent use. It fails only if files have changed
// since the study was loaded, with an error that wraps sim.ErrTrace.
func (s *Study) Load(i int) (*sim.Config, replicate.Rule, error) {
	if s.sweep == nil {
		return s.Config, s.Rule, nil
	}
	loaded := s.load(i)
	if err := loaded.complete(); err != nil {
		return nil, replicate.Rule{}, err
	}
	return loaded.Config, loaded.Rule, nil
}

// Axes returns the numbers of the keys that are stepped together, in order; one
// list for each dimension of the sweep.
func (s *Study) Axes() [][]int {
	if s.sweep == nil {
		return nil
	}
	return s.sweep.groups
}

// Overrides returns the values of --set that run a single cell, in addition to the
// overrides that the study was loaded with.
func (s *Study) Overrides(i int) []tree.Override {
	var list []tree.Override
	for k, key := range s.Keys {
		list = append(list, tree.Override{Key: key, Value: s.Cells[i].Values[k]})
	}
	return list
}

// CheckOverrides reports overrides of keys that the sweep changes.
func (s *Sweep) CheckOverrides(r *tree.Reporter, overrides []tree.Override) {
	for _, o := range overrides {
		if s.find(o.Key) >= 0 {
			r.Refuse(o, "", "the sweep changes this key; --set cannot")
		}
	}
}
