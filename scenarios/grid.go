package scenarios

import (
	"slices"
	"strconv"
	"strings"
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
	key    string // as --set names it
	node   *node  // the list or range in the file
	path   string
	values []*node
}

// The keys of [sweep] that are not the names of keys.
const (
	zipKey        = "zip"
	constraintKey = "constraint"
)

// sweepTable reads [sweep].
type sweepTable struct{}

func (sweepTable) read(l *loader, n *node, path string) {
	if n.kind != table {
		l.wrong(n, path, "", "%s is not a table: begin it with [sweep]", n.show())
		return
	}
	g := &grid{}
	for _, key := range n.keys() {
		if key == zipKey || key == constraintKey || n.table[key].spoilt {
			continue
		}
		if a, ok := l.axis(n.table[key], join(path, key), key); ok {
			g.axes = append(g.axes, a)
		}
	}
	if len(g.axes) > maxAxes {
		l.wrong(n, path, "", "it has %d keys, and at most %d are swept", len(g.axes), maxAxes)
		return
	}
	if len(g.axes) == 0 && len(l.list) == 0 {
		l.wrong(n, path, "", `nothing is swept: write a key and its values, such as "account.acme.quota" = [1_000, 5_000]`)
	}
	g.readZip(l, n.table[zipKey], join(path, zipKey))
	g.checkRepeated(l)
	g.readConstraints(l, n.table[constraintKey], join(path, constraintKey))
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
func (l *loader) axis(n *node, path, key string) (axis, bool) {
	steps, ok := parsePath(key)
	switch hint := didYouMean(key, []string{zipKey, constraintKey}); {
	case hint != "":
		l.wrongKey(n, path, hint, "unknown key")
		return axis{}, false
	case !ok:
		l.wrongKey(n, path, "", `this is not a key: write one such as "account.acme.quota"`)
		return axis{}, false
	case slices.Contains(fixedKeys, steps[0].key) || len(steps) > 1 && steps[len(steps)-1].key == "name":
		l.wrongKey(n, path, "", "this key cannot be swept")
		return axis{}, false
	}
	a := axis{key: key, node: n, path: path}
	switch n.kind {
	case list:
		a.values = n.list
	case table:
		a.values = l.span(n, path)
	default:
		l.wrong(n, path, "", "%s is not a list of values or { from, to, step }", n.show())
		return axis{}, false
	}
	if n.kind == list && len(n.list) == 0 {
		l.wrong(n, path, "", "there are no values")
	}
	if len(a.values) > maxCells {
		l.wrong(n, path, "", "there are %d values, and a sweep has at most %d cells", len(a.values), maxCells)
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
func (g *grid) readZip(l *loader, n *node, path string) {
	group := make([]int, len(g.axes)) // of each axis, the first one of its group
	for i := range group {
		group[i] = i
	}
	for i, keys := range zipLists(n) {
		g.zip(l, keys, element(path, i), group)
	}
	if n != nil && n.kind != list {
		l.wrong(n, path, "", `%s is not a list of keys: write [["account.acme.quota", "account.acme.rate"]]`, n.show())
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
					step += other[i].toml() + "\n"
				}
			}
			if seen[step] {
				l.wrong(a.values[i], element(a.path, i), "", "%s is there already", a.values[i].show())
			}
			seen[step] = true
		}
	}
}

// zipLists returns the lists of keys in n.
func zipLists(n *node) []*node {
	switch {
	case n == nil || n.kind != list:
		return nil
	case len(n.list) > 0 && n.list[0].kind != list:
		return []*node{n}
	}
	return n.list
}

// zip enters one list of keys into the groups.
func (g *grid) zip(l *loader, n *node, path string, group []int) {
	items, ok := l.items(n, path, maxAxes)
	first := -1
	for _, item := range items {
		at := g.find(item.text)
		switch {
		case at < 0:
			l.wrong(item.node, item.path, didYouMean(item.text, g.keys()), "%s is not swept", quote(item.text))
		case group[at] != at || first == at:
			l.wrong(item.node, item.path, "", "%s is in a list already", quote(item.text))
		case first < 0:
			first = at
		case len(g.axes[at].values) != len(g.axes[first].values):
			l.wrong(item.node, item.path, "", "%s has %d values and %s has %d: keys that are stepped together have as many",
				quote(item.text), len(g.axes[at].values), quote(g.axes[first].key), len(g.axes[first].values))
		default:
			group[at] = first
		}
	}
	if ok && len(items) == 1 {
		l.wrong(n, path, "", "one key alone is not stepped together with anything")
	}
}

func (g *grid) readConstraints(l *loader, n *node, path string) {
	if n == nil {
		return
	}
	items := []item{{n, path, ""}}
	if n.kind == list {
		items, _ = l.items(n, path, maxConstraints)
	} else if text, ok := n.value.(string); ok {
		items[0].text = text
	} else {
		l.wrong(n, path, "", "%s is not a text: write it in quotes", n.show())
		return
	}
	for _, item := range items {
		c, err := parseConstraint(item.text, g)
		if err != nil {
			l.wrong(item.node, item.path, err.hint, "%s", err.why)
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
func (g *grid) values(cell choices) []*node {
	values := make([]*node, len(cell))
	for i, c := range cell {
		values[i] = g.axes[i].values[c]
	}
	return values
}

// text writes a value as --set takes it and as tables show it: a text as it
// stands, where that cannot be taken for something else.
func (n *node) text() string {
	if v, ok := n.value.(string); ok && n.kind == scalar {
		if again, isText := parseValue(v).value.(string); isText && again == v && strings.TrimSpace(v) == v && v != "" {
			return v
		}
	}
	return n.toml()
}

// toml writes a value in TOML, on one line.
func (n *node) toml() string {
	var parts []string
	switch n.kind {
	case table:
		for _, key := range n.keys() {
			parts = append(parts, join("", key)+" = "+n.table[key].toml())
		}
		return "{ " + strings.Join(parts, ", ") + " }"
	case list:
		for _, child := range n.list {
			parts = append(parts, child.toml())
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	if v, ok := n.value.(string); ok {
		return strconv.Quote(v)
	}
	return n.show()
}
