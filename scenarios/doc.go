// Package scenarios reads the scenario language: one TOML file, one question,
// and the sim.Config that answers it. It also holds the scenarios that ship
// with the program, those of the classroom under lessons, and can write
// overrides into a scenario's text.
//
// A file is read in four steps, each of which leaves the later ones less to
// worry about:
//
//	scan     our own scanner finds keys, tables and where values stand, and
//	         refuses what the TOML library would choke on: deep nesting, keys
//	         that cost too much, strings that break a line
//	decode   the library reads the values
//	override what --set says replaces or adds values
//	schema   every value is checked and moved into the Config: one file of this
//	         package for each kind of table, one line for each key
//
// The same lines make a JSON schema, by which editors complete and check what
// people write: the way values are written, keys that are missing or unknown.
//
// Defaults are set before a table is read, or, where they depend on other
// keys, completed after it. Checks never change a value.
//
// The reader is strict, because a scenario that says something other than its
// author thinks is worse than none: unknown keys, keys in upper case, bare
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
// A study is a scenario with its replications and the cells of its sweep. Each
// cell is loaded as if the file said its values, once to check it before
// anything is run, and once to run it.
package scenarios
