// Package keys describes the keys of scenarios: the keys of each table, with
// notation, destination and meaning of their values. A key is one field of one
// table; everything else is derived from that field:
//
//	Table.Read  checks the values of a file and moves them to their destination
//	Schema      generates the JSON schema for editors
//	Reference   generates the reference page
//
// The package contains the notations that many keys share, such as durations,
// shares and addresses. Package scenarios contains those of a single kind of
// table: it implements Value, or composes values.
//
// # Contract
//
// A table is a list of fields, each bound to a destination, such as a field of a
// sim.Account that has its defaults. Binding a table reads nothing, reports
// nothing and does not depend on earlier reads, so tables can be described
// without a file. Read moves values to the destinations; Shape and Default
// describe a table that is bound but not read.
package keys
