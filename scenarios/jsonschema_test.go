package scenarios_test

import (
	"encoding/json"
	"os"
	"testing"

	"sesim/scenarios"
)

// The schema in the file is the one that the code makes. A key that is added
// to the language makes this test fail until the file is written anew.
func TestJSONSchemaIsCurrent(t *testing.T) {
	got, err := scenarios.JSONSchema()
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(scenarios.SchemaName, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(scenarios.SchemaName)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Errorf("%s is not what the keys and the reference say now; write it anew: go test ./scenarios -run JSONSchemaIsCurrent -update", scenarios.SchemaName)
	}
}

// Editors show what the reference says of a key: it says something of each.
// Of actions and kinds of traffic it does so in one line for all their keys,
// and of parameters of the rules the catalogue does.
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
		if words, _ := shape["description"].(string); words == "" {
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
	return n
}
