package scenarios

import (
	"strings"

	"sesim/scenarios/internal/tree"
	"sesim/sim/rules"
)

// ruleTable reads [rules]: parameters of package rules under their names,
// with dots or as nested tables.
type ruleTable struct{ to *rules.Set }

func (r ruleTable) read(l *loader, n *tree.Node, path string) {
	if n.Kind != tree.Table {
		l.Wrong(n, path, "", "%s is not a table: begin it with [rules]", n.Show())
		return
	}
	r.assign(l, n, "")
}

// assign sets the parameters in table n, whose own name is given. A table is
// taken for a parameter where there is one of its name, and otherwise for a
// part of longer names.
func (r ruleTable) assign(l *loader, n *tree.Node, name string) {
	for _, key := range n.Keys() {
		child, full := n.Table[key], key
		if name != "" {
			full = name + "." + key
		}
		switch {
		case child.AnyReported() || l.Full():
		case rules.Find(full) != nil:
			if err := rules.Assign(r.to, full, child.Plain()); err != nil {
				l.Wrong(child, rulePath(full), "", "%v", err)
			}
		case child.Kind == tree.Table && len(beginning(full)) > 0:
			r.assign(l, child, full)
		case len(beginning(full)) > 0:
			l.WrongKey(child, rulePath(full), "", "no rule parameter has this name, but some begin with it: %s", strings.Join(beginning(full), ", "))
		default:
			l.WrongKey(child, rulePath(full), tree.DidYouMean(full, parameterNames()), "unknown rule parameter")
		}
	}
}

// rulePath is the path of a parameter: its dots are part of the path.
func rulePath(name string) string {
	path := "rules"
	for _, part := range strings.Split(name, ".") {
		path = tree.Join(path, part)
	}
	return path
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
