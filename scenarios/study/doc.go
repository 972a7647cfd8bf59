// Package study reads what is to be run of a scenario beyond one run, and holds
// a configuration for each of these runs: replications, the cells of a sweep,
// and the candidates for a goal.
//
// It knows the tables replications, [sweep] and [goal], and no other key. A
// Source, which package scenarios implements, loads the scenario anew with the
// values that a study sets in its tree. Each cell and each candidate is loaded
// as if the file had its values, at first to check it before anything is run,
// and again to run it.
//
// # Vocabulary
//
// An axis is a swept or chosen key with its values. Keys of a sweep are
// combined in all ways, but those of a zip are stepped together. A cell is a
// combination that meets all constraints.
package study
