// Package keys describes the keys of scenarios: which keys a table has, how the
// value of each is written, where it goes, and what it means. A key is one
// field of one table, and everything that is said of it is made of that field:
//
//	Table.Read  checks the values of a file and moves them to their destination
//	Schema      makes a JSON schema, by which editors complete and check files
//	Reference   makes the page on which people look keys up
//
// The package knows the notations that many keys share, such as durations,
// shares and addresses. What is particular to a kind of table is with that
// table, in package scenarios: it implements Value, or composes values.
//
// # Contract
//
// A table is a list of fields, each bound to a destination, such as a field of
// a sim.Account that has its defaults. To bind a table reads nothing, reports
// nothing and depends on nothing that was read before, so that tables can be
// described without a file. Read moves values to the destinations; Shape and
// Default describe a table that is bound but not read.
package keys
