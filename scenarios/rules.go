package scenarios

import (
	"strings"

	"sesim/sim/rules"
)

// ruleTable reads [rules]: parameters of package rules under their names,
// with dots or as nested tables.
type ruleTable struct{ to *rules.Set }

func (r ruleTable) read(l *loader, n *node, path string) {
	if n.kind != table {
		l.wrong(n, path, "", "%s is not a table: begin it with [rules]", n.show())
		return
	}
	r.assign(l, n, "")
}

// assign sets the parameters in table n, whose own name is given. A table is
// taken for a parameter where there is one of its name, and otherwise for a
// part of longer names.
func (r ruleTable) assign(l *loader, n *node, name string) {
	for _, key := range n.keys() {
		child, full := n.table[key], key
		if name != "" {
			full = name + "." + key
		}
		switch {
		case spoilt(child) || l.full():
		case rules.Find(full) != nil:
			if err := rules.Assign(r.to, full, child.plain()); err != nil {
				l.wrong(child, rulePath(full), "", "%v", err)
			}
		case child.kind == table && len(beginning(full)) > 0:
			r.assign(l, child, full)
		case len(beginning(full)) > 0:
			l.wrongKey(child, rulePath(full), "", "no rule parameter has this name, but some begin with it: %s", strings.Join(beginning(full), ", "))
		default:
			l.wrongKey(child, rulePath(full), didYouMean(full, parameterNames()), "unknown rule parameter")
		}
	}
}

// rulePath is the path of a parameter: its dots are part of the path.
func rulePath(name string) string {
	path := "rules"
	for _, part := range strings.Split(name, ".") {
		path = join(path, part)
	}
	return path
}

// spoilt reports whether a problem was reported in n or below.
func spoilt(n *node) bool {
	for _, child := range n.table {
		if spoilt(child) {
			return true
		}
	}
	for _, child := range n.list {
		if spoilt(child) {
			return true
		}
	}
	return n.spoilt
}

// beginning returns the parameters under a name that is only the first part
// of theirs.
func beginning(name string) []string {
	var list []string
	for _, p := range parameterNames() {
		if strings.HasPrefix(p, name+".") {
			list = append(list, p)
		}
	}
	return list
}

func parameterNames() []string {
	parameters := rules.Parameters()
	names := make([]string, len(parameters))
	for i := range parameters {
		names[i] = parameters[i].Name
	}
	return names
}
