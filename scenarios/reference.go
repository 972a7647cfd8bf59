package scenarios

import (
	_ "embed"

	"sesim/scenarios/internal/keys"
)

// Names of the files that JSONSchema and Reference are kept in, beside the
// scenarios that refer to the schema.
const (
	SchemaName    = "scenario.schema.json"
	ReferenceName = "reference.md"
)

// introduction begins the reference.
//
//go:embed introduction.md
var introduction string

// JSONSchema returns a JSON schema of scenarios, for editors that complete and
// check TOML by one. It is made of the tables of keys by which Load reads a
// file, and accepts every scenario that Load accepts; Load alone knows ranges
// of quantities, and what keys say of one another.
func JSONSchema() ([]byte, error) {
	return keys.Schema("A scenario of sesim, version 1", unread())
}

// Reference returns the page, in Markdown, that lists every key of a scenario
// with its values, its meaning and its default. It is made of the tables of
// keys by which Load reads a file.
func Reference() string { return keys.Reference(introduction, unread()) }

// unread returns the keys of a scenario bound to a loader that has read nothing.
func unread() keys.Table {
	l := &loader{}
	l.begin()
	return l.table()
}
