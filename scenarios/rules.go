package scenarios

import (
	"slices"
	"strings"

	"sesim/scenarios/internal/keys"
	"sesim/scenarios/internal/tree"
	"sesim/sim"
	"sesim/sim/rules"
)

// ruleTable reads [rules]: parameters of package rules under their names,
// with dots or as nested tables.
type ruleTable struct{ to *sim.Config }

func (t ruleTable) Read(r *tree.Reporter, n *tree.Node, path string) {
	if n.Kind != tree.Table {
		r.Wrong(n, path, "", "%s is not a table: begin it with [rules]", n.Show())
		return
	}
	t.assign(r, n, "")
}

// assign sets the parameters in table n of the given name. A table is a parameter
// if there is one of its name, and otherwise a prefix of longer names.
func (t ruleTable) assign(r *tree.Reporter, n *tree.Node, name string) {
	for _, key := range n.Keys() {
		child, full := n.Table[key], key
		if name != "" {
			full = name + "." + key
		}
		switch {
		case child.AnyReported() || r.Full():
		case rules.Find(full) != nil:
			if err := rules.Assign(&t.to.Rules, full, child.Plain()); err != nil {
				r.Wrong(child, rulePath(full), "", "%v", err)
			}
			t.own(full)
		case child.Kind == tree.Table && len(beginning(full)) > 0:
			t.assign(r, child, full)
		case len(beginning(full)) > 0:
			r.WrongKey(child, rulePath(full), "", "no rule parameter has this name, but some begin with it: %s", strings.Join(beginning(full), ", "))
		default:
			r.WrongKey(child, rulePath(full), tree.DidYouMean(full, parameterNames()), "unknown rule parameter")
		}
	}
}

// own notes that the scenario sets a parameter.
func (t ruleTable) own(name string) {
	if i, found := slices.BinarySearch(t.to.OwnRules, name); !found {
		t.to.OwnRules = slices.Insert(t.to.OwnRules, i, name)
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

// beginning returns the parameters whose names begin with the given name and a
// dot.
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

// Shape has the parameters in nested tables, one for each part of
// their names, or under their names in quotes.
func (ruleTable) Shape() keys.Shape {
	root := ruleGroup()
	for _, p := range rules.Parameters() {
		parts := strings.Split(p.Name, ".")
		group := root
		for _, part := range parts[:len(parts)-1] {
			named := group["properties"].(map[string]keys.Shape)
			if named[part] == nil {
				named[part] = ruleGroup()
			}
			group = named[part]
		}
		words := p.About + "; " + p.Range + "; default " + p.Default() + " (" + standingWords(&p) + ")"
		group["properties"].(map[string]keys.Shape)[parts[len(parts)-1]] = keys.Describe(notationShape(p.Notations()), words)
	}
	return root
}

// standingWords say how good a default is, and what else may be true.
func standingWords(p *rules.Parameter) string {
	if other := p.Plausible.Narrows(); other != "" {
		return p.Standing.String() + "; plausible: " + other
	}
	return p.Standing.String()
}

func ruleGroup() keys.Shape {
	return keys.Shape{
		"type": "object", "additionalProperties": false,
		"properties": map[string]keys.Shape{}, "patternProperties": keys.Shape{"[.]": keys.Shape{}},
	}
}

// notationShape is the shape of a value in any of the notations.
func notationShape(list []rules.Notation) keys.Shape {
	shapes := make([]keys.Shape, len(list))
	for i, n := range list {
		shapes[i] = oneNotation(n)
	}
	return keys.AnyOf(shapes)
}

func oneNotation(n rules.Notation) keys.Shape {
	switch n.Kind {
	case rules.Bool:
		return keys.Shape{"type": "boolean"}
	case rules.Whole:
		return keys.Integer(n.Least, n.Most)
	case rules.Number:
		return keys.Shape{"type": "number", "minimum": n.Least / 1000, "maximum": n.Most / 1000}
	case rules.Duration:
		return keys.Duration{}.Shape()
	case rules.Share:
		return keys.Share{}.Shape()
	case rules.Word:
		return keys.OneOf(n.Words...)
	case rules.List:
		return keys.NonEmpty(keys.ListOf(oneNotation(*n.Of), int(n.Most)))
	}
	return tableNotation(n)
}

func tableNotation(n rules.Notation) keys.Shape {
	table, required := map[string]keys.Shape{}, []string{}
	for _, k := range n.Keys {
		table[k.Name] = notationShape(k.Notations)
		if k.Required {
			required = append(required, k.Name)
		}
	}
	return keys.TableOf(table, required)
}
