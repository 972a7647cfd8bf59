package scenarios

import (
	_ "embed"

	"sesim/scenarios/internal/keys"
)

// Names of the files with the JSON schema and the reference, beside the scenarios
// that refer to the schema.
const (
	SchemaName    = "scenario.schema.json"
	ReferenceName = "reference.md"
)

// introduction begins the reference.
//
//go:embed introduction.md
var introduction string

// JSONSchema returns a JSON schema of scenarios, for editors that complete and
// check TOML. It is generated from the tables of keys that Load uses, and accepts
// every scenario that Load accepts; ranges of quantities and relations between
// keys are checked only by Load.
func JSONSchema() ([]byte, error) {
	return keys.Schema("A scenario of sesim, version 1", unread())
}

// Reference returns a page in Markdown that lists every key of a scenario with
// its values, its meaning and its default. It is generated from the tables of
// keys that Load uses.
func Reference() string { return keys.Reference(introduction, unread()) }

// unread returns the keys of a scenario bound to a loader that has read nothing.
func unread() keys.Table {
	l := &loader{}
	l.begin()
	return l.table()
}
