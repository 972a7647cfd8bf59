package scenarios

import (
	"slices"
	"strconv"
	"strings"

	"sesim/scenarios/internal/tree"
	"sesim/sim"
)

// This file holds tables that stand for many entities: with count = 100 an
// [[account]] named acme is the accounts acme-001 to acme-100.

// group is a table with a count: so many entities from number first on.
type group struct{ first, count int }

// at returns the number of the group's i-th entity; it goes round.
func (g group) at(i int) int { return g.first + i%g.count }

// memberName returns the name of the i-th of count entities, from 0.
func memberName(name string, i, count int) string {
	number := strconv.Itoa(i + 1)
	return name + "-" + strings.Repeat("0", len(strconv.Itoa(count))-len(number)) + number
}

// most returns how many entities of a kind a scenario holds; 0: as many as
// its tables.
func (s *names) most() int {
	switch s.kind {
	case "account":
		return sim.MaxAccounts
	case "sender":
		return sim.MaxSenders
	case "audience":
		return maxAudiences
	}
	return 0
}

// countOf reads a count, which names.add has used before.
type countOf struct{ of *names }

func (c countOf) read(l *loader, n *tree.Node, path string) {
	var count int
	whole[int]{&count, 1, int64(c.of.most())}.read(l, n, path)
}

func (c countOf) shape(d *describer) shape {
	var count int
	return whole[int]{&count, 1, int64(c.of.most())}.shape(d)
}

// counted reads the count of table n, 1 where it has none or a wrong one. A
// wrong one is reported with the other keys.
func (s *names) counted(n *tree.Node) (count int, isGroup bool) {
	child := n.Table["count"]
	if child == nil || child.Reported {
		return 1, false
	}
	v, ok := child.Value.(int64)
	if !ok || v < 1 || v > int64(s.most()) {
		return 1, false
	}
	return int(v), true
}

// addGroup registers the names of all entities of a table with a count, and
// reports where there are too many or names too long. It returns how many it
// has registered, at least one.
func (s *names) addGroup(l *loader, n *tree.Node, path, name string, count int) int {
	if sum := len(s.list) + count; sum > s.most() {
		l.Wrong(n.Table["count"], tree.Join(path, "count"), "", "with these there are %d, and a scenario holds at most %d", sum, s.most())
		count = 1
	}
	if last := memberName(name, count-1, count); isName(name) && !isName(last) {
		l.Wrong(n.Table["name"], tree.Join(path, "name"), "", "with its number, %s, the name is longer than %d characters", tree.Quote(last), maxName)
	}
	if s.groups == nil {
		s.groups = map[string]group{}
	}
	s.groups[name] = group{len(s.list), count}
	for i := range count {
		s.enter(l, n, path, memberName(name, i, count))
	}
	return count
}

// expand makes of the first entity of a group all of them. Own changes what is
// the i-th one's own.
func expand[T any](list []T, count int, own func(to *T, i int)) []T {
	first := list[len(list)-1]
	list = slices.Grow(list[:len(list)-1], count)
	for i := range count {
		list = append(list, first)
		own(&list[len(list)-1], i)
	}
	return list
}

// without reports keys that do not go with a count above 1, and why.
func (l *loader) without(n *tree.Node, path string, count int, keys map[string]string) {
	for _, key := range n.Keys() {
		if why := keys[key]; count > 1 && why != "" {
			l.WrongKey(n.Table[key], tree.Join(path, key), "", "this key does not go with a count: %s", why)
		}
	}
}

// reportGroup reports the name of a group where one entity is wanted.
func (l *loader) reportGroup(n *tree.Node, path string, of *names, name string, g group) {
	l.Wrong(n, path, "", "%s stands for %d %ss, %s to %s: name one of them", tree.Quote(name), g.count, of.kind,
		memberName(name, 0, g.count), memberName(name, g.count-1, g.count))
}
