// Package tree reads the text of a TOML file into a tree of nodes with positions,
// changes values of the tree or of the text, and collects the problems that
// readers of the tree find, by position.
//
// It knows no key of a scenario. A file is read in two steps:
//
//	scan    a scanner of this package finds keys, tables and the beginnings of
//	        values, and rejects input that the TOML library cannot handle: deep
//	        nesting, keys that cost too much, strings with line breaks
//	decode  the library reads the values into the nodes
//
// # Vocabulary
//
// A key's path identifies it in problems and in --set: "account.acme.quota", with
// the names of entities, and "account.acme.request[0].at" for entities without a
// name; numbers in brackets count from 0. An override replaces the value at a
// path. A node is reported if a problem with it is known and readers can skip it.
package tree
