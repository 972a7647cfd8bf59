package scenarios_test

import (
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
