package keys

import (
	"encoding/json"
	"maps"
	"strings"
)

// Schema returns a JSON schema of files, for editors that complete and check
// TOML. Root has the keys outside all tables. The schema accepts every file that
// root reads; ranges of quantities and relations between keys are checked only by
// Read.
//
// The schema uses the common subset of drafts 4 and 7 of JSON Schema, since TOML
// editors still read draft 4.
func Schema(title string, root Table) ([]byte, error) {
	s := root.Shape()
	s["$schema"] = "http://json-schema.org/draft-04/schema#"
	s["title"] = title
	s["definitions"] = notations()
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	err := e.Encode(s)
	return []byte(b.String()), err
}

// Shape accepts tables with these keys and no others.
func (t Table) Shape() Shape {
	shapes, required := map[string]Shape{}, []string{}
	for _, f := range t.Fields {
		shapes[f.Key] = Describe(f.Value.Shape(), f.words())
		if f.Required {
			required = append(required, f.Key)
		}
	}
	return TableOf(shapes, required)
}

// words returns the meaning, the range and the default of a key, on one line.
func (f Field) words() string {
	words := f.About
	if v, ok := f.Value.(Ranged); ok && v.Range() != "" {
		words += "; " + v.Range()
	}
	if d := f.standard(); d != "" {
		words += "; default " + d
	}
	return words
}

// OneOfTables is the shape of a table of one of several sorts.
func OneOfTables(sorts []Variant) Shape {
	if len(sorts) == 1 && sorts[0].Key == "" {
		return sorts[0].Table.Shape()
	}
	shapes := make([]Shape, len(sorts))
	for i, v := range sorts {
		s := v.Table.Shape()
		s["properties"].(map[string]Shape)[v.Key] = OneOf(v.Word)
		shapes[i] = Describe(s, strings.TrimSuffix(v.About+": "+v.Case, ": "))
	}
	return Shape{"oneOf": shapes}
}

// Describe returns the shape with a description. Readers of draft 4 ignore keys
// beside a reference, so a reference is wrapped in a list.
func Describe(s Shape, words string) Shape {
	if words == "" {
		return s
	}
	if s["$ref"] != nil {
		return Shape{"description": words, "allOf": []Shape{s}}
	}
	s = maps.Clone(s)
	s["description"] = words
	return s
}

// TableOf is a table with those keys and no others.
func TableOf(keys map[string]Shape, required []string) Shape {
	t := Shape{"type": "object", "additionalProperties": false, "properties": keys}
	if len(required) > 0 { // draft 4 allows no empty list
		t["required"] = required
	}
	return t
}
