package scenarios

import (
	"math"
	"slices"
	"strings"

	"sesim/scenarios/internal/tree"
	"sesim/sim/rules"
)

// inspect reports errors that do not depend on the schema: keys in upper case,
// and numbers that are not finite. A key in upper case is then treated as the
// intended key, so that it is reported only once.
func (l *loader) inspect(n *tree.Node, path string) {
	switch n.Kind {
	case tree.Table:
		for _, key := range n.Keys() {
			l.inspect(l.lowered(n, key, tree.Join(path, key)), tree.Join(path, key))
		}
	case tree.List:
		for i, child := range n.List {
			l.inspect(child, tree.Element(path, i))
		}
	default:
		l.inspectValue(n, path)
	}
}

// lowered returns the child of n under the key, after moving it to the key
// in lower case.
func (l *loader) lowered(n *tree.Node, key, path string) *tree.Node {
	child, lower := n.Table[key], strings.ToLower(key)
	if lower == key {
		return child
	}
	l.WrongKey(child, path, tree.Meant(lower), "keys are written in lower case")
	delete(n.Table, key)
	if !n.Has(lower) {
		n.Put(lower, child)
	}
	return child
}

// mayBeInfinite reports whether the path names a rule parameter that may be
// infinite.
func mayBeInfinite(path string) bool {
	name, below := strings.CutPrefix(strings.ReplaceAll(path, `"`, ""), "rules.")
	p := rules.Find(name)
	return below && p != nil && slices.ContainsFunc(p.Notations(), func(n rules.Notation) bool { return n.Infinite })
}

func (l *loader) inspectValue(n *tree.Node, path string) {
	v, ok := n.Value.(float64)
	if ok && (math.IsNaN(v) || math.IsInf(v, -1) || math.IsInf(v, 1) && !mayBeInfinite(path)) {
		l.Wrong(n, path, "", "%s is not a number that a scenario can hold", strings.ToLower(n.Show()))
		n.Reported = true
	}
}
