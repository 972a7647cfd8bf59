package study

import (
	"fmt"
	"slices"
	"strings"

	"sesim/scenarios/internal/keys"
	"sesim/scenarios/internal/tree"
	"sesim/sim/replicate"
)

// Limits of a sweep.
const (
	maxAxes        = 8
	maxCells       = replicate.MaxCells
	maxProduct     = 1_000_000 // before constraints
	maxConstraints = 20
)

// Sweep is a sweep as read from a file: the keys with their values, the keys that
// are stepped together, and the constraints.
type Sweep struct {
	axes        []axis
	groups      [][]int // of axes stepped together, in the order of the first; one of a single axis too
	constraints []constraint
}

// axis is a swept key with its values.
type axis struct {
	key    string     // as --set names it
	node   *tree.Node // the list or range in the file
	path   string
	values []*tree.Node
}

// The keys of [sweep] that are not swept keys.
const (
	zipKey        = "zip"
	constraintKey = "constraint"
)

// SweepTable reads [sweep].
type SweepTable struct{ To **Sweep }

func (t SweepTable) Read(r *tree.Reporter, n *tree.Node, path string) {
	if n.Kind != tree.Table {
		r.Wrong(n, path, "", "%s is not a table: begin it with [sweep]", n.Show())
		return
	}
	s := &Sweep{}
	for _, key := range n.Keys() {
		if key == zipKey || key == constraintKey || n.Table[key].Reported {
			continue
		}
		if a, ok := readAxis(r, n.Table[key], tree.Join(path, key), key); ok {
			s.axes = append(s.axes, a)
		}
	}
	if len(s.axes) > maxAxes {
		r.Wrong(n, path, "", "it has %d keys, and at most %d are swept", len(s.axes), maxAxes)
		return
	}
	if len(s.axes) == 0 && r.Clean() {
		r.Wrong(n, path, "", `nothing is swept: write a key and its values, such as "account.acme.quota" = [1_000, 5_000]`)
	}
	s.readZip(r, n.Table[zipKey], tree.Join(path, zipKey))
	s.checkRepeated(r)
	s.readConstraints(r, n.Table[constraintKey], tree.Join(path, constraintKey))
	*t.To = s
}

// fields are the keys of [sweep] itself; its other keys are keys of the scenario.
func (SweepTable) fields() []keys.Field {
	return []keys.Field{
		keys.Optional(zipKey, zipLists{}, "lists of keys that are stepped together instead of in all combinations, "+
			`such as [["account.acme.quota", "account.acme.rate"]]`),
		keys.Optional(constraintKey, constraintList{}, "a comparison that combinations must meet, or a list of them, "+
			`such as "account.acme.quota >= 3600 * account.acme.rate"; with + - * / ( ) and numbers with units; `+
			"durations count in seconds, rates per second; == and != compare texts in quotes too").With(sweepNote),
	}
}

// sweepNote describes the other keys of [sweep] in the reference.
var sweepNote = fmt.Sprintf("Every other key of `[sweep]` is a key as `--set` names it, in quotes, with a list of values or a range: "+
	"`\"account.acme.quota\" = [10_000, 50_000]`, `\"sender.news.begin\" = { from = \"0s\", to = \"2d\", step = \"12h\" }`. "+
	"At most %d keys are swept, with at most %d combinations of their values. These keys cannot be swept: %s, and the names of entities.\n",
	maxAxes, maxCells, strings.Join(fixedKeys, ", "))

func (t SweepTable) Variants() []keys.Variant {
	return keys.Table{Fields: t.fields()}.Variants()
}

func (t SweepTable) Shape() keys.Shape {
	steps := keys.Shape{"anyOf": []keys.Shape{{"type": "number"}, {"type": "string"}}}
	s := keys.OneOfTables(t.Variants())
	s["additionalProperties"] = keys.Shape{"anyOf": []keys.Shape{
		{"type": "array", "minItems": 1},
		keys.TableOf(map[string]keys.Shape{"from": steps, "to": steps, "step": steps}, []string{"from", "to", "step"}),
	}}
	return s
}

// zipLists describes the lists of zip, which are read when the swept keys are
// known.
type zipLists struct{}

func (zipLists) Read(*tree.Reporter, *tree.Node, string) {}

func (zipLists) Shape() keys.Shape {
	list := keys.ListOf(keys.Shape{"type": "string"}, maxAxes)
	return keys.AnyOf([]keys.Shape{list, {"type": "array", "items": list}})
}

// constraintList describes the constraints, which are read when the swept keys are
// known.
type constraintList struct{}

func (constraintList) Read(*tree.Reporter, *tree.Node, string) {}

func (constraintList) Shape() keys.Shape {
	text := keys.Shape{"type": "string"}
	return keys.AnyOf([]keys.Shape{text, keys.ListOf(text, maxConstraints)})
}

// fixedKeys are keys that a sweep cannot change: they define the runs, or name
// their parts.
var fixedKeys = []string{"name", "version", "replications", "sweep", "goal", "thresholds"}

// axis reads one key of a sweep.
func readAxis(r *tree.Reporter, n *tree.Node, path, key string) (axis, bool) {
	steps, ok := tree.ParsePath(key)
	switch hint := tree.DidYouMean(key, []string{zipKey, constraintKey}); {
	case hint != "":
		r.WrongKey(n, path, hint, "unknown key")
		return axis{}, false
	case !ok:
		r.WrongKey(n, path, "", `this is not a key: write one such as "account.acme.quota"`)
		return axis{}, false
	case slices.Contains(fixedKeys, steps[0].Key) || len(steps) > 1 && steps[len(steps)-1].Key == "name":
		r.WrongKey(n, path, "", "this key cannot be swept")
		return axis{}, false
	}
	a := axis{key: key, node: n, path: path}
	switch n.Kind {
	case tree.List:
		a.values = n.List
	case tree.Table:
		a.values = readSpan(r, n, path)
	default:
		r.Wrong(n, path, "", "%s is not a list of values or { from, to, step }", n.Show())
		return axis{}, false
	}
	if n.Kind == tree.List && len(n.List) == 0 {
		r.Wrong(n, path, "", "there are no values")
	}
	if len(a.values) > maxCells {
		r.Wrong(n, path, "", "there are %d values, and a sweep has at most %d cells", len(a.values), maxCells)
		return axis{}, false
	}
	return a, len(a.values) > 0
}

// find returns the number of the axis with that key, or -1.
func (s *Sweep) find(key string) int {
	return slices.IndexFunc(s.axes, func(a axis) bool { return a.key == key })
}

// names returns the swept keys.
func (s *Sweep) names() []string {
	names := make([]string, len(s.axes))
	for i, a := range s.axes {
		names[i] = a.key
	}
	return names
}

// readZip reads the keys that are stepped together: a list of keys, or a list of
// such lists.
func (s *Sweep) readZip(r *tree.Reporter, n *tree.Node, path string) {
	group := make([]int, len(s.axes)) // of each axis, the first one of its group
	for i := range group {
		group[i] = i
	}
	for i, names := range listsOf(n) {
		s.zip(r, names, tree.Element(path, i), group)
	}
	if n != nil && n.Kind != tree.List {
		r.Wrong(n, path, "", `%s is not a list of keys: write [["account.acme.quota", "account.acme.rate"]]`, n.Show())
	}
	for i, first := range group {
		if first == i {
			s.groups = append(s.groups, nil)
			for k, other := range group {
				if other == i {
					s.groups[len(s.groups)-1] = append(s.groups[len(s.groups)-1], k)
				}
			}
		}
	}
}

// checkRepeated rejects repeated values of a key, or of keys that are stepped
// together: their cells would be run twice.
func (s *Sweep) checkRepeated(r *tree.Reporter) {
	for _, group := range s.groups {
		a := &s.axes[group[0]]
		seen := map[string]bool{}
		for i := range a.values {
			step := ""
			for _, k := range group {
				if other := s.axes[k].values; i < len(other) { // zip has reported different lengths
					step += other[i].TOML() + "\n"
				}
			}
			if seen[step] {
				r.Wrong(a.values[i], tree.Element(a.path, i), "", "%s is there already", a.values[i].Show())
			}
			seen[step] = true
		}
	}
}

// listsOf returns the lists of keys in n.
func listsOf(n *tree.Node) []*tree.Node {
	switch {
	case n == nil || n.Kind != tree.List:
		return nil
	case len(n.List) > 0 && n.List[0].Kind != tree.List:
		return []*tree.Node{n}
	}
	return n.List
}

// zip enters one list of keys into the groups.
func (s *Sweep) zip(r *tree.Reporter, n *tree.Node, path string, group []int) {
	items, ok := keys.Items(r, n, path, maxAxes)
	first := -1
	for _, item := range items {
		at := s.find(item.Text)
		switch {
		case at < 0:
			r.Wrong(item.Node, item.Path, tree.DidYouMean(item.Text, s.names()), "%s is not swept", tree.Quote(item.Text))
		case group[at] != at || first == at:
			r.Wrong(item.Node, item.Path, "", "%s is in a list already", tree.Quote(item.Text))
		case first < 0:
			first = at
		case len(s.axes[at].values) != len(s.axes[first].values):
			r.Wrong(item.Node, item.Path, "", "%s has %d values and %s has %d: keys that are stepped together have as many",
				tree.Quote(item.Text), len(s.axes[at].values), tree.Quote(s.axes[first].key), len(s.axes[first].values))
		default:
			group[at] = first
		}
	}
	if ok && len(items) == 1 {
		r.Wrong(n, path, "", "one key alone is not stepped together with anything")
	}
}

func (s *Sweep) readConstraints(r *tree.Reporter, n *tree.Node, path string) {
	if n == nil {
		return
	}
	items := []keys.Item{{Node: n, Path: path}}
	if n.Kind == tree.List {
		items, _ = keys.Items(r, n, path, maxConstraints)
	} else if text, ok := n.Value.(string); ok {
		items[0].Text = text
	} else {
		r.Wrong(n, path, "", "%s is not a text: %s", n.Show(), n.InQuotes())
		return
	}
	for _, item := range items {
		c, err := parseConstraint(item.Text, s)
		if err != nil {
			r.Wrong(item.Node, item.Path, err.hint, "%s", err.why)
			continue
		}
		s.constraints = append(s.constraints, c)
	}
}

// choices are one value of each axis, by number.
type choices []int

// cells returns the combinations that meet the constraints, the first key changing
// most slowly, and the number of combinations without constraints.
func (s *Sweep) cells() (list []choices, all int) {
	all = 1
	for _, group := range s.groups {
		all *= len(s.axes[group[0]].values)
		if all > maxProduct {
			return nil, all
		}
	}
	for number := range all {
		cell := s.choose(number, all)
		wanted := !slices.ContainsFunc(s.constraints, func(c constraint) bool { return !c.holds(s.values(cell)) })
		if wanted {
			list = append(list, cell)
		}
	}
	return list, all
}

// choose returns the combination with this number, among all combinations.
func (s *Sweep) choose(number, of int) choices {
	cell := make(choices, len(s.axes))
	for _, group := range s.groups {
		of /= len(s.axes[group[0]].values)
		for _, a := range group {
			cell[a] = number / of
		}
		number %= of
	}
	return cell
}

// values returns the values of a combination.
func (s *Sweep) values(cell choices) []*tree.Node {
	values := make([]*tree.Node, len(cell))
	for i, c := range cell {
		values[i] = s.axes[i].values[c]
	}
	return values
}
