package keys

import (
	"time"

	"sesim/scenarios/internal/tree"
	"sesim/sim/unit"
)

// Either reads a value that is not a table, or a table of keys in its place.
type Either struct {
	Plain Value
	Keys  Table
}

func (e Either) Read(r *tree.Reporter, n *tree.Node, path string) {
	if n.Kind == tree.Table {
		e.Keys.Read(r, n, path)
		return
	}
	e.Plain.Read(r, n, path)
}

func (e Either) Shape() Shape { return AnyOf([]Shape{e.Plain.Shape(), e.Keys.Shape()}) }

// Variants returns the table.
func (e Either) Variants() []Variant { return e.Keys.Variants() }

// Default returns that of the value that is not a table.
func (e Either) Default() string {
	if v, ok := e.Plain.(Defaulted); ok {
		return v.Default()
	}
	return ""
}

// Several reads a table, or a list of at most Most of them.
type Several struct {
	Most int
	One  func(n *tree.Node, path string)
	Keys func() Table // bound to a new entity
}

func (s Several) Read(r *tree.Reporter, n *tree.Node, path string) {
	switch {
	case n.Kind == tree.Table:
		s.One(n, path)
	case n.Kind != tree.List:
		r.Wrong(n, path, "", "%s is not a table, nor a list of tables", n.Show())
	case len(n.List) > s.Most:
		r.Wrong(n, path, "", "there are %d, and at most %d are allowed", len(n.List), s.Most)
	default:
		for i, child := range n.List {
			at := tree.Element(path, i)
			if child.Kind != tree.Table {
				r.Wrong(child, at, "", "%s is not a table", child.Show())
				continue
			}
			s.One(child, at)
		}
	}
}

func (s Several) Shape() Shape {
	return AnyOf([]Shape{s.Keys().Shape(), ListOf(s.Keys().Shape(), s.Most)})
}

// Variants returns the table.
func (s Several) Variants() []Variant { return s.Keys().Variants() }

// Span reads a list of two durations, the second not shorter than the first.
type Span struct {
	Least, Most *time.Duration
	Longest     time.Duration
}

func (s Span) Read(r *tree.Reporter, n *tree.Node, path string) {
	if n.Kind != tree.List || len(n.List) != 2 {
		r.Wrong(n, path, "", `%s is not a list of two durations: write one such as ["1s", "5s"]`, n.Show())
		return
	}
	var ends [2]time.Duration
	for i, child := range n.List {
		v, ok := readDuration(r, child, tree.Element(path, i))
		if !ok {
			return
		}
		if v > s.Longest {
			r.Wrong(child, tree.Element(path, i), "", "%s is not at most %s", child.Show(), unit.FormatDuration(s.Longest))
			return
		}
		ends[i] = v
	}
	if ends[1] < ends[0] {
		r.Wrong(n, path, "", "the second duration, %s, is shorter than the first, %s", unit.FormatDuration(ends[1]), unit.FormatDuration(ends[0]))
		return
	}
	*s.Least, *s.Most = ends[0], ends[1]
}

func (Span) Shape() Shape {
	pair := ListOf(named(notationDuration), 2)
	pair["minItems"] = 2
	return pair
}

// Durations reads a list of at least one duration and at most Most of them, none
// longer than Longest.
type Durations struct {
	To      *[]time.Duration
	Most    int
	Longest time.Duration
}

func (d Durations) Read(r *tree.Reporter, n *tree.Node, path string) {
	if n.Kind != tree.List || len(n.List) == 0 || len(n.List) > d.Most {
		r.Wrong(n, path, "", `there must be 1 to %d durations: write a list such as ["1s", "2s"]`, d.Most)
		return
	}
	read := make([]time.Duration, 0, len(n.List))
	for i, child := range n.List {
		one := time.Duration(-1)
		Duration{To: &one, Most: d.Longest}.Read(r, child, tree.Element(path, i))
		if one < 0 {
			return
		}
		read = append(read, one)
	}
	*d.To = read
}

func (d Durations) Shape() Shape { return NonEmpty(ListOf(named(notationDuration), d.Most)) }

var (
	_ Tabled    = Either{}
	_ Defaulted = Either{}
	_ Tabled    = Several{}
)
