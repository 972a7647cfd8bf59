package scenarios

import (
	"encoding/json"
	"maps"
	"strings"

	"sesim/scenarios/internal/tree"
	"sesim/sim/rules"
)

// SchemaName is the name of the file that JSONSchema is kept in, beside the
// scenarios that refer to it.
const SchemaName = "scenario.schema.json"

// JSONSchema returns a JSON schema of scenarios, for editors that complete
// and check TOML by one. It is made of the same tables of keys by which Load
// reads a file, and of the words of the reference. It accepts every scenario
// that Load accepts; Load alone knows ranges of quantities, and what keys say
// of one another.
//
// The schema keeps to what drafts 4 and 7 of JSON Schema have in common, since
// editors for TOML still read the former.
func JSONSchema() ([]byte, error) {
	d := &describer{words: referenceWords(referenceText)}
	root := d.table(ask(tree.NewTable(0), func(l *loader, n *tree.Node, _ string) {
		l.table(n, "", schema{fields: l.scenarioKeys()})
	}))
	root["$schema"] = "http://json-schema.org/draft-04/schema#"
	root["title"] = "A scenario of sesim, version 1"
	root["definitions"] = forms()
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	err := e.Encode(root)
	return []byte(b.String()), err
}

// describer turns tables of keys into shapes, with the words of the reference
// for each key.
type describer struct {
	words map[string]string // by the key's path without names: "account.quota"
	path  string            // of the table that is described
}

// ask returns the keys that a function reads from the table n.
func ask(n *tree.Node, entity func(l *loader, n *tree.Node, path string)) schema {
	var keys schema
	l := &loader{Reporter: tree.NewReporter("")}
	l.begin()
	l.root, l.asked = n, &keys
	entity(l, n, "")
	return keys
}

// tableWith returns a table of one key.
func tableWith(key, value string) *tree.Node {
	n := tree.NewTable(0)
	n.Put(key, &tree.Node{Value: value})
	return n
}

// table is the shape of a table with those keys.
func (d *describer) table(s schema) shape {
	keys, must := map[string]shape{}, []string{}
	for _, f := range s.fields {
		below := &describer{d.words, tree.Join(d.path, f.key)}
		keys[f.key] = about(f.into.shape(below), d.words[below.path])
		if f.must {
			must = append(must, f.key)
		}
	}
	return tableOf(keys, must)
}

// variant is the shape of a table with those keys where one of them says
// which sort of table it is.
func (d *describer) variant(key, word string, s schema) shape {
	t := d.table(s)
	t["properties"].(map[string]shape)[key] = oneOf(word)
	return about(t, d.words[tree.Join(d.path, word)])
}

// about adds what the reference says of a key. Readers of draft 4 pass over
// what stands beside a reference, so one goes into a list of its own.
func about(s shape, words string) shape {
	if words == "" {
		return s
	}
	if s["$ref"] != nil {
		return shape{"description": words, "allOf": []shape{s}}
	}
	s = maps.Clone(s)
	s["description"] = words
	return s
}

// The parameters of the rules stand in nested tables, one for each part of
// their names, or under their names in quotes.
func (ruleTable) shape(*describer) shape {
	root := ruleGroup()
	for _, p := range rules.Parameters() {
		parts := strings.Split(p.Name, ".")
		group := root
		for _, part := range parts[:len(parts)-1] {
			keys := group["properties"].(map[string]shape)
			if keys[part] == nil {
				keys[part] = ruleGroup()
			}
			group = keys[part]
		}
		words := p.About + "; " + p.Range + "; default " + p.Default()
		group["properties"].(map[string]shape)[parts[len(parts)-1]] = about(notationShape(p.Notations()), words)
	}
	return root
}

func ruleGroup() shape {
	return shape{
		"type": "object", "additionalProperties": false,
		"properties": map[string]shape{}, "patternProperties": shape{"[.]": shape{}},
	}
}

// notationShape is the shape of a value in any of the notations.
func notationShape(list []rules.Notation) shape {
	shapes := make([]shape, len(list))
	for i, n := range list {
		shapes[i] = oneNotation(n)
	}
	return anyOf(shapes)
}

func oneNotation(n rules.Notation) shape {
	switch n.Kind {
	case rules.Bool:
		return shape{"type": "boolean"}
	case rules.Whole:
		return integer(n.Least, n.Most)
	case rules.Number:
		return shape{"type": "number", "minimum": n.Least / 1000, "maximum": n.Most / 1000}
	case rules.Duration:
		return named(formDuration)
	case rules.Share:
		return named(formShare)
	case rules.Word:
		return oneOf(n.Words...)
	case rules.List:
		return nonEmpty(listOf(oneNotation(*n.Of), int(n.Most)))
	}
	return tableNotation(n)
}

func tableNotation(n rules.Notation) shape {
	keys, required := map[string]shape{}, []string{}
	for _, k := range n.Keys {
		keys[k.Name] = notationShape(k.Notations)
		if k.Required {
			required = append(required, k.Name)
		}
	}
	return tableOf(keys, required)
}

// tableOf is a table with those keys and no others.
func tableOf(keys map[string]shape, must []string) shape {
	t := shape{"type": "object", "additionalProperties": false, "properties": keys}
	if len(must) > 0 { // draft 4 allows no empty list
		t["required"] = must
	}
	return t
}
