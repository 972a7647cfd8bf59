// Package scenarios reads the scenario language: a TOML file with one question
// becomes the sim.Config that answers it. It also contains the shipped
// scenarios, those of the classroom in the folder lessons and the templates of
// sesim init in the folder templates, and can write overrides into the text of a
// scenario.
//
// A file is read in three steps:
//
//	tree      the text becomes a tree of nodes with positions
//	override  values of --set replace or extend values of the tree
//	keys      every value is checked and moved into the Config: one file of
//	          this package for each kind of table, one field for each key
//
// The JSON schema, for editors, and the reference are generated from the same
// fields. Packages tree and keys do the general work and know no table of a
// scenario.
//
// Defaults are set before a table is read, or completed after it if they depend
// on other keys. Checks never change a value.
//
// The reader is strict, because a scenario that differs from its author's intent
// is worse than none: unknown keys, keys in upper case, numbers without a unit,
// local times, infinities, undefined names and thresholds on unknown metrics are
// all problems. Load returns all of them together, each with its position.
//
// # Vocabulary
//
// A problem is a single error in a file. A key's path identifies it in problems
// and in --set: "account.acme.quota", with the names of entities, and
// "account.acme.request[0].at" for entities without a name; numbers in brackets
// count from 0.
//
// Recorded traffic is the only input that a scenario takes from another file. It
// is read as a stream, once to check it and once by each run.
//
// A study is a scenario with its replications and the cells of its sweep.
// Package study provides these, and the candidates for a goal; it loads a
// scenario repeatedly through this package, with different values.
package scenarios
