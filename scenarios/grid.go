package scenarios

import (
	"slices"

	"sesim/scenarios/internal/tree"
)

// Limits on a sweep.
const (
	maxAxes        = 8
	maxCells       = 10_000
	maxProduct     = 1_000_000 // before constraints
	maxConstraints = 20
)

// grid is a sweep as it was read: the keys with their values, which of them
// are stepped together, and which combinations are wanted.
type grid struct {
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

// The keys of [sweep] that are not the names of keys.
const (
	zipKey        = "zip"
	constraintKey = "constraint"
)

// sweepTable reads [sweep].
type sweepTable struct{}

func (sweepTable) read(l *loader, n *tree.Node, path string) {
	if n.Kind != tree.Table {
		l.Wrong(n, path, "", "%s is not a table: begin it with [sweep]", n.Show())
		return
	}
	g := &grid{}
	for _, key := range n.Keys() {
		if key == zipKey || key == constraintKey || n.Table[key].Reported {
			continue
		}
		if a, ok := l.axis(n.Table[key], tree.Join(path, key), key); ok {
			g.axes = append(g.axes, a)
		}
	}
	if len(g.axes) > maxAxes {
		l.Wrong(n, path, "", "it has %d keys, and at most %d are swept", len(g.axes), maxAxes)
		return
	}
	if len(g.axes) == 0 && l.Clean() {
		l.Wrong(n, path, "", `nothing is swept: write a key and its values, such as "account.acme.quota" = [1_000, 5_000]`)
	}
	g.readZip(l, n.Table[zipKey], tree.Join(path, zipKey))
	g.checkRepeated(l)
	g.readConstraints(l, n.Table[constraintKey], tree.Join(path, constraintKey))
	l.grid = g
}

// Swept keys are as many as the scenario's keys; only zip and constraint have
// names of their own.
func (sweepTable) shape(d *describer) shape {
	lists := shape{"type": "array", "items": listOf(shape{"type": "string"}, maxAxes)}
	texts := listOf(shape{"type": "string"}, maxConstraints)
	values := shape{"type": "array", "minItems": 1}
	steps := shape{"anyOf": []shape{{"type": "number"}, {"type": "string"}}}
	span := tableOf(map[string]shape{"from": steps, "to": steps, "step": steps}, []string{"from", "to", "step"})
	return shape{
		"type": "object",
		"properties": map[string]shape{
			zipKey:        about(anyOf([]shape{listOf(shape{"type": "string"}, maxAxes), lists}), d.words["sweep."+zipKey]),
			constraintKey: about(anyOf([]shape{{"type": "string"}, texts}), d.words["sweep."+constraintKey]),
		},
		"additionalProperties": shape{"anyOf": []shape{values, span}},
	}
}

// fixedKeys are keys that a sweep cannot change: they say what is run, or what
// its parts are called.
var fixedKeys = []string{"name", "version", "replications", "sweep", "goal", "thresholds"}

// axis reads one key of a sweep.
func (l *loader) axis(n *tree.Node, path, key string) (axis, bool) {
	steps, ok := tree.ParsePath(key)
	switch hint := tree.DidYouMean(key, []string{zipKey, constraintKey}); {
	case hint != "":
		l.WrongKey(n, path, hint, "unknown key")
		return axis{}, false
	case !ok:
		l.WrongKey(n, path, "", `this is not a key: write one such as "account.acme.quota"`)
		return axis{}, false
	case slices.Contains(fixedKeys, steps[0].Key) || len(steps) > 1 && steps[len(steps)-1].Key == "name":
		l.WrongKey(n, path, "", "this key cannot be swept")
		return axis{}, false
	}
	a := axis{key: key, node: n, path: path}
	switch n.Kind {
	case tree.List:
		a.values = n.List
	case tree.Table:
		a.values = l.span(n, path)
	default:
		l.Wrong(n, path, "", "%s is not a list of values or { from, to, step }", n.Show())
		return axis{}, false
	}
	if n.Kind == tree.List && len(n.List) == 0 {
		l.Wrong(n, path, "", "there are no values")
	}
	if len(a.values) > maxCells {
		l.Wrong(n, path, "", "there are %d values, and a sweep has at most %d cells", len(a.values), maxCells)
		return axis{}, false
	}
	return a, len(a.values) > 0
}

// find returns the number of the axis with that key, or -1.
func (g *grid) find(key string) int {
	return slices.IndexFunc(g.axes, func(a axis) bool { return a.key == key })
}

// keys returns the swept keys.
func (g *grid) keys() []string {
	keys := make([]string, len(g.axes))
	for i, a := range g.axes {
		keys[i] = a.key
	}
	return keys
}

// readZip reads which keys are stepped together: a list of keys, or a list of
// such lists.
func (g *grid) readZip(l *loader, n *tree.Node, path string) {
	group := make([]int, len(g.axes)) // of each axis, the first one of its group
	for i := range group {
		group[i] = i
	}
	for i, keys := range zipLists(n) {
		g.zip(l, keys, tree.Element(path, i), group)
	}
	if n != nil && n.Kind != tree.List {
		l.Wrong(n, path, "", `%s is not a list of keys: write [["account.acme.quota", "account.acme.rate"]]`, n.Show())
	}
	for i, first := range group {
		if first == i {
			g.groups = append(g.groups, nil)
			for k, other := range group {
				if other == i {
					g.groups[len(g.groups)-1] = append(g.groups[len(g.groups)-1], k)
				}
			}
		}
	}
}

// checkRepeated refuses a value that a key has already, or several keys that
// are stepped together: its cells would be made twice.
func (g *grid) checkRepeated(l *loader) {
	for _, group := range g.groups {
		a := &g.axes[group[0]]
		seen := map[string]bool{}
		for i := range a.values {
			step := ""
			for _, k := range group {
				if other := g.axes[k].values; i < len(other) { // zip has told of other lengths
					step += other[i].TOML() + "\n"
				}
			}
			if seen[step] {
				l.Wrong(a.values[i], tree.Element(a.path, i), "", "%s is there already", a.values[i].Show())
			}
			seen[step] = true
		}
	}
}

// zipLists returns the lists of keys in n.
func zipLists(n *tree.Node) []*tree.Node {
	switch {
	case n == nil || n.Kind != tree.List:
		return nil
	case len(n.List) > 0 && n.List[0].Kind != tree.List:
		return []*tree.Node{n}
	}
	return n.List
}

// zip enters one list of keys into the groups.
func (g *grid) zip(l *loader, n *tree.Node, path string, group []int) {
	items, ok := l.items(n, path, maxAxes)
	first := -1
	for _, item := range items {
		at := g.find(item.text)
		switch {
		case at < 0:
			l.Wrong(item.Node, item.path, tree.DidYouMean(item.text, g.keys()), "%s is not swept", tree.Quote(item.text))
		case group[at] != at || first == at:
			l.Wrong(item.Node, item.path, "", "%s is in a list already", tree.Quote(item.text))
		case first < 0:
			first = at
		case len(g.axes[at].values) != len(g.axes[first].values):
			l.Wrong(item.Node, item.path, "", "%s has %d values and %s has %d: keys that are stepped together have as many",
				tree.Quote(item.text), len(g.axes[at].values), tree.Quote(g.axes[first].key), len(g.axes[first].values))
		default:
			group[at] = first
		}
	}
	if ok && len(items) == 1 {
		l.Wrong(n, path, "", "one key alone is not stepped together with anything")
	}
}

func (g *grid) readConstraints(l *loader, n *tree.Node, path string) {
	if n == nil {
		return
	}
	items := []item{{n, path, ""}}
	if n.Kind == tree.List {
		items, _ = l.items(n, path, maxConstraints)
	} else if text, ok := n.Value.(string); ok {
		items[0].text = text
	} else {
		l.Wrong(n, path, "", "%s is not a text: write it in quotes", n.Show())
		return
	}
	for _, item := range items {
		c, err := parseConstraint(item.text, g)
		if err != nil {
			l.Wrong(item.Node, item.path, err.hint, "%s", err.why)
			continue
		}
		g.constraints = append(g.constraints, c)
	}
}

// choices are one value of each axis, by number.
type choices []int

// cells returns the combinations that the constraints want, the first key
// changing most slowly, and how many there would be without constraints.
func (g *grid) cells() (list []choices, all int) {
	all = 1
	for _, group := range g.groups {
		all *= len(g.axes[group[0]].values)
		if all > maxProduct {
			return nil, all
		}
	}
	for number := range all {
		cell := g.choose(number, all)
		wanted := !slices.ContainsFunc(g.constraints, func(c constraint) bool { return !c.holds(g.values(cell)) })
		if wanted {
			list = append(list, cell)
		}
	}
	return list, all
}

// choose returns the combination of a number, of so many.
func (g *grid) choose(number, of int) choices {
	cell := make(choices, len(g.axes))
	for _, group := range g.groups {
		of /= len(g.axes[group[0]].values)
		for _, a := range group {
			cell[a] = number / of
		}
		number %= of
	}
	return cell
}

// values returns the values of a combination.
func (g *grid) values(cell choices) []*tree.Node {
	values := make([]*tree.Node, len(cell))
	for i, c := range cell {
		values[i] = g.axes[i].values[c]
	}
	return values
}
