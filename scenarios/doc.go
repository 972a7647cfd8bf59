// Package scenarios reads the scenario language: one TOML file, one question,
// and the sim.Config that answers it. It also holds the scenarios that ship
// with the program, those of the classroom under lessons, and can write
// overrides into a scenario's text.
//
// A file is read in three steps, each of which leaves the later ones less to
// worry about:
//
//	tree      the text becomes a tree of nodes with positions
//	override  what --set says replaces or adds values of the tree
//	keys      every value is checked and moved into the Config: one file of
//	          this package for each kind of table, one field for each key
//
// The fields also make a JSON schema, by which editors complete and check what
// people write, and the reference, on which they look keys up. Packages tree
// and keys do this work and know no table of a scenario.
//
// Defaults are set before a table is read, or completed after it if they depend
// on other keys. Checks never change a value.
//
// The reader is strict, because a scenario that does not mean what its author
// thinks is worse than none: unknown keys, keys in upper case, bare
// numbers where a unit is meant, local times, infinities, names that nothing
// defines and thresholds on metrics that do not exist are all problems. Load
// returns all of them at once, each with its position.
//
// # Vocabulary
//
// A problem is one thing that is wrong with a file. A key's path is how a
// problem and --set name it: "account.acme.quota", with entities under their
// names, and "account.acme.request[0].at" where they have none; numbers in
// brackets count from 0.
//
// Recorded traffic is the one thing that a scenario takes from another file.
// It is read as a stream, once to check it and once by each run.
//
// A study is a scenario with its replications and the cells of its sweep.
// Package study has those, and the candidates for a goal; it loads a scenario
// again and again through this package, each time with other values.
package scenarios
