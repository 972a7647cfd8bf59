package scenarios_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"sesim/scenarios"
)

// The generated files are what the keys say now. A key that is added to the
// language makes this test fail until they are written anew.
func TestGeneratedFilesAreCurrent(t *testing.T) {
	schema, err := scenarios.JSONSchema()
	if err != nil {
		t.Fatal(err)
	}
	for name, got := range map[string]string{scenarios.SchemaName: string(schema), scenarios.ReferenceName: scenarios.Reference()} {
		if *update {
			if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s is not what the keys say now; write it anew: go test ./scenarios -run Current -update", name)
		}
	}
}

// The reference has a row for every key of the schema.
func TestReferenceIsComplete(t *testing.T) {
	text, err := scenarios.JSONSchema()
	if err != nil {
		t.Fatal(err)
	}
	var root map[string]any
	if err := json.Unmarshal(text, &root); err != nil {
		t.Fatal(err)
	}
	rows := map[string]bool{}
	for line := range strings.Lines(scenarios.Reference()) {
		if cells := strings.Split(line, "|"); len(cells) > 4 {
			key, _, _ := strings.Cut(strings.Trim(cells[1], " `"), "`")
			rows[key] = true
		}
	}
	n := 0
	var look func(shape map[string]any)
	look = func(shape map[string]any) {
		properties, _ := shape["properties"].(map[string]any)
		for key, value := range properties {
			if n++; !rows[key] {
				t.Errorf("the reference does not have %q", key)
			}
			if key != "rules" && key != "choose" {
				look(value.(map[string]any))
			}
		}
		if items, ok := shape["items"].(map[string]any); ok {
			look(items)
		}
		for _, several := range []string{"oneOf", "anyOf"} {
			list, _ := shape[several].([]any)
			for _, one := range list {
				look(one.(map[string]any))
			}
		}
	}
	look(root)
	if n < 150 {
		t.Errorf("only %d keys were looked at", n)
	}
}

// Editors show a description of every key; that of a rule parameter is in the
// catalogue of rules.
func TestJSONSchemaExplains(t *testing.T) {
	text, err := scenarios.JSONSchema()
	if err != nil {
		t.Fatal(err)
	}
	var root map[string]any
	if err := json.Unmarshal(text, &root); err != nil {
		t.Fatal(err)
	}
	if n := explained(t, "", root); n < 70 {
		t.Errorf("only %d keys were looked at", n)
	}
}

// explained checks the keys of a table and of the tables in it, and returns how
// many there are.
func explained(t *testing.T, path string, of map[string]any) int {
	t.Helper()
	n := 0
	keys, _ := of["properties"].(map[string]any)
	for key, value := range keys {
		n++
		shape := value.(map[string]any)
		if words, _ := shape["description"].(string); words == "" && !isOneWord(shape) {
			t.Errorf("the schema says nothing of %s%s", path, key)
		}
		if key == "rules" {
			continue
		}
		n += explained(t, path+key+".", shape)
		if items, ok := shape["items"].(map[string]any); ok {
			n += explained(t, path+key+".", items)
		}
	}
	sorts, _ := of["oneOf"].([]any)
	for _, sort := range sorts {
		n += explained(t, path, sort.(map[string]any))
	}
	return n
}

// isOneWord reports whether a key tells sorts of tables apart: it has one
// value, which the table's own description explains.
func isOneWord(shape map[string]any) bool {
	words, _ := shape["enum"].([]any)
	return len(words) == 1
}
