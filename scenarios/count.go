package scenarios

import (
	"slices"

	"sesim/scenarios/internal/tree"
)

// This file contains the common code of tables with a count.

// expand replaces the last entity of a list by count copies. Own changes the i-th
// copy.
func expand[T any](list []T, count int, own func(to *T, i int)) []T {
	first := list[len(list)-1]
	list = slices.Grow(list[:len(list)-1], count)
	for i := range count {
		list = append(list, first)
		own(&list[len(list)-1], i)
	}
	return list
}

// without reports keys that cannot be combined with a count above 1. Keys has the
// reason for each.
func (l *loader) without(n *tree.Node, path string, count int, keys map[string]string) {
	for _, key := range n.Keys() {
		if why := keys[key]; count > 1 && why != "" {
			l.WrongKey(n.Table[key], tree.Join(path, key), "", "this key does not go with a count: %s", why)
		}
	}
}
