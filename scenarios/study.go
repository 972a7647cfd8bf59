package scenarios

import (
	"fmt"
	"math"
	"slices"

	"sesim/scenarios/internal/tree"
	"sesim/sim"
	"sesim/sim/replicate"
)

// Study is a scenario with all that is to be run of it: replications, and the
// cells of a sweep. A scenario that asks for neither is a study of one run.
type Study struct {
	Config *sim.Config    // the scenario without its sweep
	Rule   replicate.Rule // how many replications of each cell; of a cell see Load
	Keys   []string       // that are swept, as --set names them; none: there is no sweep
	Cells  []Cell         // in order, the first key changing most slowly; one without values where there is no sweep
	// Combinations is how many cells there would be without constraints.
	Combinations int

	file      string
	src       []byte
	files     Files
	overrides []Override
	grid      *grid // nil: there is no sweep
	choices   []choices
	traces    map[string]string // hashes of the files that cells name
}

// Cell is one combination of values of the swept keys.
type Cell struct {
	Values  []string  // one for each key, as --set takes it
	Numbers []float64 // the same as numbers: shares as fractions, durations in seconds, rates by the second; NaN: it is none
}

// LoadStudy reads a scenario with its replications and its sweep, and loads
// every cell to check it, so that nothing is found wrong after the first run.
// Arguments and error are those of LoadWith.
func LoadStudy(files Files, file string, src []byte, overrides ...Override) (*Study, error) {
	l := &loader{Reporter: tree.NewReporter(file), files: files}
	if !l.load(src, overrides, nil) {
		return nil, l.Err()
	}
	s := &Study{Config: &l.cfg, Rule: l.rule, file: file, src: src, files: files, overrides: overrides, Combinations: 1}
	if l.grid == nil {
		s.Cells = []Cell{{}}
		return s, nil
	}
	if !s.expand(l) {
		return nil, l.Err()
	}
	return s, s.check(l)
}

// expand lists the cells of the sweep, or reports why it cannot.
func (s *Study) expand(l *loader) bool {
	g, at := l.grid, l.root.Table["sweep"]
	s.grid, s.Keys = g, g.names()
	s.choices, s.Combinations = g.cells()
	switch {
	case s.Combinations > maxProduct:
		l.WrongKey(at, "sweep", "", "its keys have more than %d combinations", maxProduct)
	case len(s.choices) == 0:
		l.WrongKey(at, "sweep", "", "no combination meets the constraints")
	case len(s.choices) > maxCells:
		l.WrongKey(at, "sweep", "", "it has %d cells, and at most %d are allowed", len(s.choices), maxCells)
	}
	if !l.Clean() {
		return false
	}
	for _, c := range s.choices {
		cell := Cell{}
		for _, v := range g.values(c) {
			number, ok := quantity(v)
			if !ok {
				number = math.NaN()
			}
			cell.Values = append(cell.Values, v.Text())
			cell.Numbers = append(cell.Numbers, number)
		}
		s.Cells = append(s.Cells, cell)
	}
	return true
}

// check loads every cell and returns all their problems, each once.
func (s *Study) check(l *loader) error {
	known := map[tree.Finding]bool{}
	for i := range s.Cells {
		cell := s.loader()
		cell.load(s.src, s.overrides, s.choices[i])
		for _, f := range cell.Reporter.Findings() {
			if !l.grid.holds(f.At) || f.From != "" {
				f.Message += fmt.Sprintf(" [with %s]", s.describe(i))
			}
			if !known[f] {
				known[f] = true
				l.Add(f)
			}
		}
		if l.Full() {
			break
		}
	}
	return l.Err()
}

// loader returns a loader for one cell. The sweep is not read again.
func (s *Study) loader() *loader {
	return &loader{Reporter: tree.NewReporter(s.file), files: s.files, grid: s.grid}
}

// holds reports whether an offset is that of a swept key or value.
func (g *grid) holds(at int) bool {
	return slices.ContainsFunc(g.axes, func(a axis) bool {
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

// Load loads a cell, by its number: the configuration and the rule for its
// replications. It may be called by several goroutines at the same time. Its
// errors are those of files that have changed since the study was loaded.
func (s *Study) Load(i int) (*sim.Config, replicate.Rule, error) {
	if s.choices == nil {
		return s.Config, s.Rule, nil
	}
	l := s.loader()
	if !l.load(s.src, s.overrides, s.choices[i]) {
		return nil, replicate.Rule{}, l.Err()
	}
	return &l.cfg, l.rule, nil
}

// Axes returns the numbers of the keys that are stepped together, in order; one
// for each dimension of the sweep.
func (s *Study) Axes() [][]int {
	if s.grid == nil {
		return nil
	}
	return s.grid.groups
}

// Overrides returns what --set would say to run one cell alone, after the
// overrides that the study was loaded with.
func (s *Study) Overrides(i int) []Override {
	var list []Override
	for k, key := range s.Keys {
		list = append(list, Override{Key: key, Value: s.Cells[i].Values[k]})
	}
	return list
}

// load reads a text with overrides and, where there is a choice, with the
// values that it makes of the swept keys. It reports whether all is right.
func (l *loader) load(src []byte, overrides []Override, choice choices) bool {
	if !l.parse(src) {
		return false
	}
	for _, o := range overrides {
		tree.Apply(l.Reporter, l.root, o)
	}
	l.inspect(l.root, "")
	if choice != nil {
		l.choose(choice)
	}
	l.scenario()
	l.checkSwept(overrides)
	return l.Clean()
}

// choose sets the swept keys. The sweep was read before, and goes.
func (l *loader) choose(choice choices) {
	delete(l.root.Table, "sweep")
	for i, a := range l.grid.axes {
		l.place(a, a.values[choice[i]].Copy())
	}
}

// place makes a value that of a swept or chosen key.
func (l *loader) place(a axis, value *tree.Node) {
	value.KeyAt = a.node.KeyAt
	tree.Place(l.Reporter, l.root, a.key, value, a.node, a.path)
}

// checkSwept reports overrides of keys that are swept.
func (l *loader) checkSwept(overrides []Override) {
	if l.grid == nil {
		return
	}
	for _, o := range overrides {
		if l.grid.find(o.Key) >= 0 {
			l.Refuse(o, "", "the sweep changes this key; --set cannot")
		}
	}
}
