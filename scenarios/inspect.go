package scenarios

import (
	"math"
	"slices"
	"strings"
	"time"

	"sesim/sim/rules"
)

// inspect reports what no key may have, whatever the schema: keys in upper case,
// numbers that are not finite, and a start without an offset. So that a key in
// upper case is one problem and not two, it then stands for the key that was
// meant.
func (l *loader) inspect(n *node, path string) {
	switch n.kind {
	case table:
		for _, key := range n.keys() {
			l.inspect(l.lowered(n, key, join(path, key)), join(path, key))
		}
	case list:
		for i, child := range n.list {
			l.inspect(child, element(path, i))
		}
	default:
		l.inspectValue(n, path)
	}
}

// lowered returns the child of n under the key, after moving it to the key
// in lower case.
func (l *loader) lowered(n *node, key, path string) *node {
	child, lower := n.table[key], strings.ToLower(key)
	if lower == key {
		return child
	}
	l.wrongKey(child, path, meant(lower), "keys are written in lower case")
	delete(n.table, key)
	if !n.has(lower) {
		n.put(lower, child)
	}
	return child
}

// mayBeInfinite reports whether the path is that of a rule parameter of which
// infinity is a value.
func mayBeInfinite(path string) bool {
	name, below := strings.CutPrefix(strings.ReplaceAll(path, `"`, ""), "rules.")
	p := rules.Find(name)
	return below && p != nil && slices.ContainsFunc(p.Forms(), func(f rules.Form) bool { return f.Infinite })
}

func (l *loader) inspectValue(n *node, path string) {
	switch v := n.value.(type) {
	case float64:
		if math.IsNaN(v) || math.IsInf(v, -1) || math.IsInf(v, 1) && !mayBeInfinite(path) {
			l.wrong(n, path, "", "%s is not a number that a scenario can hold", strings.ToLower(n.show()))
			n.spoilt = true
		}
	case time.Time:
		if path == "start" && isLocal(v) {
			l.wrong(n, path, "", "%s has no offset from UTC, so it would be another instant on every machine: write it as %s", n.show(), withOffset(v))
			n.spoilt = true
		}
	}
}
